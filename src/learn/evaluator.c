/* Measures the loss and accuracy of a net on a table's training and test rows, block by block. */
#include "learn/evaluator.h"

#include <math.h>

#include "base/mem.h"
#include "data/batch.h"
#include "learn/trainer.h"

/* Sums over the rows seen so far. */
struct sums {
    double loss;
    double score; /* what the kind of answers counts */
};

struct part {
    void *answers; /* of the survey's rows */
    double spread; /* of the answers */
    struct sums sums;
};

struct evaluator {
    const struct dataset *dataset;
    const struct net *net;
    const struct loss *loss;
    const struct answer_kind *kind;
    const struct kernels *kernels;
    struct workspace *workspace;
    struct survey survey;
    struct part part[WORK_PARTS];
    float *x;        /* [EVALUATION_BLOCK][x_stride] */
    float *row_loss; /* [EVALUATION_BLOCK] */
    size_t x_stride;
};

size_t evaluator_bytes(const struct evaluator *evaluator)
{
    return workspace_bytes(evaluator->workspace);
}

size_t evaluator_rows(const struct dataset *dataset, size_t train_rows)
{
    return survey_rows(dataset, EVALUATION_ROWS_MAX, train_rows);
}

static bool part_create(struct part *part, size_t rows, const struct answer_kind *kind)
{
    const size_t most = rows < EVALUATION_ROWS_MAX ? rows : EVALUATION_ROWS_MAX;
    part->answers = mem_alloc(most > 0 ? most : 1, kind->size);
    return part->answers != NULL;
}

struct evaluator *evaluator_create(const struct work_setup *setup, const struct answer_kind *kind)
{
    struct evaluator *evaluator = mem_alloc(1, sizeof *evaluator);
    if (!evaluator)
        return NULL;
    const struct dataset *dataset = setup->dataset;
    *evaluator = (struct evaluator){
        .dataset = dataset,
        .net = model_net(setup->model[0]),
        .loss = &loss_table[setup->loss],
        .kind = kind,
        .kernels = setup->kernels,
        .x_stride = kernel_pad(dataset->inputs),
    };
    evaluator->workspace = workspace_create(evaluator->net, EVALUATION_BLOCK, false);
    evaluator->x = mem_alloc(EVALUATION_BLOCK * evaluator->x_stride, sizeof(float));
    evaluator->row_loss = mem_alloc(EVALUATION_BLOCK, sizeof(float));
    if (!survey_create(&evaluator->survey, dataset, EVALUATION_ROWS_MAX) ||
        !part_create(&evaluator->part[WORK_TRAIN], dataset->train, kind) ||
        !part_create(&evaluator->part[WORK_TEST], dataset->rows - dataset->train, kind) || !evaluator->workspace ||
        !evaluator->x || !evaluator->row_loss) {
        evaluator_free(evaluator);
        return NULL;
    }
    return evaluator;
}

void evaluator_free(struct evaluator *evaluator)
{
    if (!evaluator)
        return;
    for (size_t i = 0; i < WORK_PARTS; i++)
        mem_free(evaluator->part[i].answers);
    survey_free(&evaluator->survey);
    workspace_free(evaluator->workspace);
    mem_free(evaluator->x);
    mem_free(evaluator->row_loss);
    mem_free(evaluator);
}

void evaluator_begin(struct evaluator *evaluator, const struct work_key *key)
{
    const bool anew = survey_begin(&evaluator->survey, key);
    for (enum work_part i = 0; i < WORK_PARTS; i++) {
        struct part *part = &evaluator->part[i];
        part->sums = (struct sums){.loss = 0};
        if (anew)
            part->spread = evaluator->kind->take(&evaluator->survey, i, part->answers);
    }
}

static void measure_block(void *context, const struct survey_block *block)
{
    struct evaluator *evaluator = context;
    struct part *part = &evaluator->part[block->part];
    const size_t count = block->count;
    batch_gather(evaluator->dataset, block->row, count, evaluator->x, evaluator->x_stride);
    const struct scored_block scored = {
        .logits =
            net_forward(evaluator->net, NULL, evaluator->workspace, evaluator->x, evaluator->x_stride, count, NULL),
        .stride = net_output_stride(evaluator->net),
        .outputs = net_spec(evaluator->net)->outputs,
        .count = count,
        .answers = evaluator->kind->from(part->answers, block->first),
        .loss = evaluator->loss,
        .kernels = evaluator->kernels,
    };
    evaluator->loss->compute(evaluator->kernels, scored.logits, scored.stride, scored.outputs, count, &scored.answers,
                             NULL, evaluator->row_loss);
    evaluator->kind->count(&scored, &part->sums.score);
    for (size_t i = 0; i < count; i++)
        part->sums.loss += (double)evaluator->row_loss[i];
}

bool evaluator_run(struct evaluator *evaluator, size_t rows)
{
    return survey_run(&evaluator->survey, rows, EVALUATION_BLOCK, measure_block, evaluator);
}

struct work_result evaluator_result(const struct evaluator *evaluator, enum work_part which)
{
    const struct part *part = &evaluator->part[which];
    const struct sums *sums = &part->sums;
    const double n = (double)evaluator->survey.count[which];
    if (!(n > 0))
        return (struct work_result){.loss = NAN, .accuracy = NAN};
    return (struct work_result){
        .loss = sums->loss / n,
        .accuracy = evaluator->kind->score(sums->score, n, part->spread),
    };
}
