/* Tables and toys: rows of numbers with an answer each, for a perceptron. */
#include <math.h>

#include "base/mem.h"
#include "learn/evaluator.h"
#include "learn/work.h"

struct table_work {
    const struct dataset *dataset;
    struct net *net;
    const struct kernels *kernels;
    const struct loss *loss;
    struct batch *batch;
    struct workspace *workspace;
    struct evaluator *evaluator;
};

static void table_free(void *work)
{
    struct table_work *table = work;
    if (!table)
        return;
    evaluator_free(table->evaluator);
    batch_free(table->batch);
    workspace_free(table->workspace);
    mem_free(table);
}

static void *table_create(const struct work_setup *setup)
{
    struct table_work *table = mem_alloc(1, sizeof *table);
    if (!table)
        return NULL;
    *table = (struct table_work){
        .dataset = setup->dataset,
        .net = model_net(setup->model),
        .kernels = setup->kernels,
        .loss = &loss_table[setup->loss],
    };
    table->evaluator = evaluator_create(setup->dataset, table->net, setup->loss, setup->kernels);
    if (!table->evaluator) {
        table_free(table);
        return NULL;
    }
    return table;
}

static bool table_make_room(void *work, size_t size)
{
    struct table_work *table = work;
    struct batch *batch = batch_create(table->dataset, size);
    struct workspace *workspace = workspace_create(table->net, size, true);
    if (!batch || !workspace) {
        batch_free(batch);
        workspace_free(workspace);
        return false;
    }
    batch_free(table->batch);
    workspace_free(table->workspace);
    table->batch = batch;
    table->workspace = workspace;
    return true;
}

static size_t table_bytes(const void *work)
{
    const struct table_work *table = work;
    return evaluator_bytes(table->evaluator) + (table->workspace ? workspace_bytes(table->workspace) : 0);
}

static float table_gradient(void *work, struct batch_cursor *cursor, const struct work_draw *draw)
{
    struct table_work *table = work;
    const size_t size = batch_next(table->batch, cursor, &draw->batch, draw->step);
    const float *x = batch_x(table->batch);
    const size_t x_stride = batch_x_stride(table->batch), stride = net_output_stride(table->net);
    const struct net_dropout dropout = {.rate = draw->dropout, .seed = draw->batch.seed, .step = draw->step};
    float *logits =
        net_forward(table->net, NULL, table->workspace, x, x_stride, size, dropout.rate > 0 ? &dropout : NULL);
    const struct loss_answers answers = {.label = batch_label(table->batch), .target = batch_target(table->batch)};
    const float loss = table->loss->compute(table->kernels, logits, stride, net_spec(table->net)->outputs, size,
                                            &answers, logits, NULL);
    if (isfinite(loss))
        net_backward(table->net, table->workspace, x, x_stride, size, logits);
    return loss;
}

static void table_begin(void *work, const struct work_key *key)
{
    evaluator_begin(((struct table_work *)work)->evaluator, key);
}

static bool table_run(void *work, size_t rows)
{
    return evaluator_run(((struct table_work *)work)->evaluator, rows);
}

static struct work_result table_result(const void *work, enum work_part part)
{
    return evaluator_result(((const struct table_work *)work)->evaluator, part);
}

const struct work_class work_on_tables = {
    .create = table_create,
    .free = table_free,
    .make_room = table_make_room,
    .bytes = table_bytes,
    .gradient = table_gradient,
    .rows = evaluator_rows,
    .begin = table_begin,
    .run = table_run,
    .result = table_result,
};
