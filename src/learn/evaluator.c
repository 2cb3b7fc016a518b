/* Measures the loss and accuracy of a net on a table's training and test rows, block by block. */
#include "learn/evaluator.h"

#include <math.h>

#include "base/mem.h"
#include "data/batch.h"
#include "learn/survey.h"
#include "learn/trainer.h"

/* Sums over the rows seen so far. */
struct sums {
    double loss;
    size_t right;
    double squared_error; /* regression */
};

/* Answers are those of the survey's rows. */
struct part {
    int32_t *label; /* [room], or NULL */
    float *target;  /* [room], or NULL */
    double spread;  /* of the targets: sum of squared distances from their mean */
    struct sums sums;
};

struct evaluator {
    const struct dataset *dataset;
    const struct net *net;
    const struct loss *loss;
    const struct kernels *kernels;
    struct workspace *workspace;
    struct survey survey;
    struct part part[WORK_PARTS];
    float *x;           /* [EVALUATION_BLOCK][x_stride] */
    float *row_loss;    /* [EVALUATION_BLOCK] */
    int32_t *predicted; /* [EVALUATION_BLOCK] */
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

static bool part_create(struct part *part, size_t rows, bool classifies)
{
    const size_t most = rows < EVALUATION_ROWS_MAX ? rows : EVALUATION_ROWS_MAX, room = most > 0 ? most : 1;
    if (classifies)
        part->label = mem_alloc(room, sizeof *part->label);
    else
        part->target = mem_alloc(room, sizeof *part->target);
    return part->label || part->target;
}

struct evaluator *evaluator_create(const struct dataset *dataset, const struct net *net, enum loss_id loss,
                                   const struct kernels *kernels)
{
    struct evaluator *evaluator = mem_alloc(1, sizeof *evaluator);
    if (!evaluator)
        return NULL;
    bool classifies = dataset->kind == TASK_CLASSIFY;
    *evaluator = (struct evaluator){
        .dataset = dataset,
        .net = net,
        .loss = &loss_table[loss],
        .kernels = kernels,
        .x_stride = kernel_pad(dataset->inputs),
    };
    evaluator->workspace = workspace_create(net, EVALUATION_BLOCK, false);
    evaluator->x = mem_alloc(EVALUATION_BLOCK * evaluator->x_stride, sizeof(float));
    evaluator->row_loss = mem_alloc(EVALUATION_BLOCK, sizeof(float));
    evaluator->predicted = mem_alloc(EVALUATION_BLOCK, sizeof(int32_t));
    if (!survey_create(&evaluator->survey, dataset, EVALUATION_ROWS_MAX) ||
        !part_create(&evaluator->part[WORK_TRAIN], dataset->train, classifies) ||
        !part_create(&evaluator->part[WORK_TEST], dataset->rows - dataset->train, classifies) ||
        !evaluator->workspace || !evaluator->x || !evaluator->row_loss || !evaluator->predicted) {
        evaluator_free(evaluator);
        return NULL;
    }
    return evaluator;
}

void evaluator_free(struct evaluator *evaluator)
{
    if (!evaluator)
        return;
    for (size_t i = 0; i < WORK_PARTS; i++) {
        mem_free(evaluator->part[i].label);
        mem_free(evaluator->part[i].target);
    }
    survey_free(&evaluator->survey);
    workspace_free(evaluator->workspace);
    mem_free(evaluator->x);
    mem_free(evaluator->row_loss);
    mem_free(evaluator->predicted);
    mem_free(evaluator);
}

/* In two passes: the difference of two large sums would lose what answers that hardly differ have. */
static double measure_spread(const float *target, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)target[i];
    for (size_t i = 0; i < count; i++) {
        const double distance = (double)target[i] - sum / (double)count;
        squares += distance * distance;
    }
    return squares;
}

static void take_answers(struct evaluator *evaluator, enum work_part which)
{
    const struct survey *survey = &evaluator->survey;
    const struct work_key *key = &survey->key;
    struct part *part = &evaluator->part[which];
    for (size_t i = 0; i < survey->count[which]; i++) {
        const size_t row = survey->row[which][i];
        if (part->label)
            part->label[i] = dataset_label(evaluator->dataset, row, key->label_noise, key->seed);
        else
            part->target[i] = dataset_target(evaluator->dataset, row, key->label_noise, key->seed);
    }
    if (part->target)
        part->spread = measure_spread(part->target, survey->count[which]);
}

void evaluator_begin(struct evaluator *evaluator, const struct work_key *key)
{
    const bool anew = survey_begin(&evaluator->survey, key);
    for (enum work_part i = 0; i < WORK_PARTS; i++) {
        evaluator->part[i].sums = (struct sums){.right = 0};
        if (anew)
            take_answers(evaluator, i);
    }
}

/* How many of `count` rows the net gives the class that they have. */
static size_t count_right(const struct evaluator *evaluator, const float *logits, size_t count, const int32_t *label)
{
    const size_t stride = net_output_stride(evaluator->net), outputs = net_spec(evaluator->net)->outputs;
    int32_t *predicted = evaluator->predicted;
    if (evaluator->loss->one_logit_binary)
        for (size_t i = 0; i < count; i++)
            predicted[i] = logits[i * stride] > 0;
    else
        loss_likeliest_rows(evaluator->kernels, logits, stride, outputs, count, predicted);
    size_t right = 0;
    for (size_t i = 0; i < count; i++)
        right += predicted[i] == label[i];
    return right;
}

static void measure_block(void *context, const struct survey_block *block)
{
    struct evaluator *evaluator = context;
    struct part *part = &evaluator->part[block->part];
    const size_t stride = net_output_stride(evaluator->net), count = block->count;
    batch_gather(evaluator->dataset, block->row, count, evaluator->x, evaluator->x_stride);
    const float *logits =
        net_forward(evaluator->net, NULL, evaluator->workspace, evaluator->x, evaluator->x_stride, count, NULL);
    struct loss_answers answers = {
        .label = part->label ? part->label + block->first : NULL,
        .target = part->target ? part->target + block->first : NULL,
    };
    size_t outputs = net_spec(evaluator->net)->outputs;
    evaluator->loss->compute(evaluator->kernels, logits, stride, outputs, count, &answers, NULL, evaluator->row_loss);

    struct sums *sums = &part->sums;
    if (answers.label)
        sums->right += count_right(evaluator, logits, count, answers.label);
    for (size_t i = 0; i < count; i++) {
        sums->loss += (double)evaluator->row_loss[i];
        if (answers.target) {
            const double error = (double)logits[i * stride] - (double)answers.target[i];
            sums->squared_error += error * error;
        }
    }
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
    if (part->label)
        return (struct work_result){.loss = sums->loss / n, .accuracy = (double)sums->right / n};
    /* R^2 = 1 - residual sum of squares / total sum of squares about the mean; of answers all the same there is
     * none. */
    const double unexplained = part->spread > 0 ? sums->squared_error / part->spread : NAN;
    return (struct work_result){.loss = sums->loss / n, .accuracy = 1 - unexplained};
}
