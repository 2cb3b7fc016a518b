/* Draws batches of tables and toys and computes their gradients, and passes evaluations on to the evaluator. */
#include "learn/work_table.h"

#include <math.h>

#include "base/mem.h"

struct table_work {
    const struct dataset *dataset;
    struct net *net;
    const struct kernels *kernels;
    const struct loss *loss;
    struct batch *batch;
    struct workspace *workspace;
    struct evaluator *evaluator;
};

void work_table_free(void *work)
{
    struct table_work *table = work;
    if (!table)
        return;
    evaluator_free(table->evaluator);
    batch_free(table->batch);
    workspace_free(table->workspace);
    mem_free(table);
}

void *work_table_create(const struct work_setup *setup, const struct answer_kind *kind)
{
    struct table_work *table = mem_alloc(1, sizeof *table);
    if (!table)
        return NULL;
    *table = (struct table_work){
        .dataset = setup->dataset,
        .net = model_net(setup->model[0]),
        .kernels = setup->kernels,
        .loss = &loss_table[setup->loss],
    };
    table->evaluator = evaluator_create(setup, kind);
    if (!table->evaluator) {
        work_table_free(table);
        return NULL;
    }
    return table;
}

bool work_table_reserve(void *work, size_t size)
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

size_t work_table_bytes(const void *work)
{
    const struct table_work *table = work;
    return evaluator_bytes(table->evaluator) + (table->workspace ? workspace_bytes(table->workspace) : 0);
}

/* In one piece. */
enum objective_piece work_table_step(void *work, struct work_step *step)
{
    struct table_work *table = work;
    const size_t size = batch_next(table->batch, &step->cursor, &step->batch, step->number);
    const float *x = batch_x(table->batch);
    const size_t x_stride = batch_x_stride(table->batch), stride = net_output_stride(table->net);
    const struct net_dropout dropout = {.rate = step->dropout, .seed = step->batch.seed, .step = step->number};
    float *logits =
        net_forward(table->net, NULL, table->workspace, x, x_stride, size, dropout.rate > 0 ? &dropout : NULL);
    const struct loss_answers answers = {.label = batch_label(table->batch), .target = batch_target(table->batch)};
    step->loss = table->loss->compute(table->kernels, logits, stride, net_spec(table->net)->outputs, size, &answers,
                                      logits, NULL);
    if (isfinite(step->loss))
        net_backward(table->net, table->workspace, x, x_stride, size, logits);
    return OBJECTIVE_GRADIENT;
}

void work_table_begin(void *work, const struct work_key *key)
{
    evaluator_begin(((struct table_work *)work)->evaluator, key);
}

bool work_table_evaluate(void *work, size_t rows)
{
    return evaluator_run(((struct table_work *)work)->evaluator, rows);
}

void work_table_result(const void *work, double *value)
{
    const struct evaluator *evaluator = ((const struct table_work *)work)->evaluator;
    work_fill(value, evaluator_result(evaluator, WORK_TRAIN), evaluator_result(evaluator, WORK_TEST));
}
