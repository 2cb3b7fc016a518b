#include "learn/evaluator.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "learn/trainer.h"

/* Sums over the rows seen so far. */
struct sums {
    double loss;
    size_t right;
    double squared_error; /* regression */
    double answer, squared_answer;
};

struct part {
    size_t count;   /* rows that are looked at */
    uint32_t *row;  /* [room]: their numbers in the data set */
    int32_t *label; /* [room], or NULL */
    float *target;  /* [room], or NULL */
    struct sums sums;
};

struct evaluator {
    const struct dataset *dataset;
    const struct net *net;
    const struct loss *loss;
    const struct kernels *kernels;
    struct workspace *workspace;
    struct part part[WORK_PARTS];
    struct work_key key; /* that the parts' rows and answers belong to; rows 0: none yet */
    float *x;            /* [EVALUATION_BLOCK][x_stride] */
    float *row_loss;     /* [EVALUATION_BLOCK] */
    size_t x_stride;
    enum work_part at_part;
    size_t at_row; /* next row of that part */
};

static size_t capped(size_t rows)
{
    return rows < EVALUATION_ROWS_MAX ? rows : EVALUATION_ROWS_MAX;
}

size_t evaluator_bytes(const struct evaluator *evaluator)
{
    return workspace_bytes(evaluator->workspace);
}

size_t evaluator_rows(const struct dataset *dataset, size_t train_rows)
{
    return capped(train_rows) + capped(dataset->rows - dataset->train);
}

static bool part_create(struct part *part, size_t room, bool classifies)
{
    part->row = mem_alloc(room, sizeof *part->row);
    if (classifies)
        part->label = mem_alloc(room, sizeof *part->label);
    else
        part->target = mem_alloc(room, sizeof *part->target);
    return part->row && (part->label || part->target);
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
    size_t test = capped(dataset->rows - dataset->train);
    if (!part_create(&evaluator->part[WORK_TRAIN], capped(dataset->train), classifies) ||
        !part_create(&evaluator->part[WORK_TEST], test > 0 ? test : 1, classifies) || !evaluator->workspace ||
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
    for (size_t i = 0; i < WORK_PARTS; i++) {
        mem_free(evaluator->part[i].row);
        mem_free(evaluator->part[i].label);
        mem_free(evaluator->part[i].target);
    }
    workspace_free(evaluator->workspace);
    mem_free(evaluator->x);
    mem_free(evaluator->row_loss);
    mem_free(evaluator);
}

/* Chooses rows [first, first + total) or a drawn subset of them, with their answers. */
static void part_choose(struct part *part, const struct dataset *dataset, const struct work_key *key,
                        enum work_part which, size_t first, size_t total)
{
    part->count = capped(total);
    struct permutation order;
    if (part->count < total)
        permutation_init(&order, random_key(key->seed, RANDOM_EVALUATION, (uint64_t)which), (uint32_t)total);
    for (size_t i = 0; i < part->count; i++) {
        size_t row = first + (part->count < total ? permutation_at(&order, (uint32_t)i) : i);
        part->row[i] = (uint32_t)row;
        if (part->label)
            part->label[i] = dataset_label(dataset, row, key->label_noise, key->seed);
        else
            part->target[i] = dataset_target(dataset, row, key->label_noise, key->seed);
    }
}

static bool same_key(const struct work_key *a, const struct work_key *b)
{
    return a->seed == b->seed && a->rows == b->rows && !(a->label_noise < b->label_noise) &&
           !(a->label_noise > b->label_noise);
}

void evaluator_begin(struct evaluator *evaluator, const struct work_key *key)
{
    if (!same_key(key, &evaluator->key)) {
        const struct dataset *dataset = evaluator->dataset;
        evaluator->key = *key;
        part_choose(&evaluator->part[WORK_TRAIN], dataset, key, WORK_TRAIN, 0, key->rows);
        part_choose(&evaluator->part[WORK_TEST], dataset, key, WORK_TEST, dataset->train,
                    dataset->rows - dataset->train);
    }
    for (size_t i = 0; i < WORK_PARTS; i++)
        evaluator->part[i].sums = (struct sums){.right = 0};
    evaluator->at_part = key->test_only ? WORK_TEST : WORK_TRAIN;
    evaluator->at_row = 0;
}

static size_t predicted_class(const struct loss *loss, const float *logits, size_t outputs)
{
    if (loss->one_logit_binary)
        return logits[0] > 0;
    size_t best = 0;
    for (size_t k = 1; k < outputs; k++)
        if (logits[k] > logits[best])
            best = k;
    return best;
}

/* Rows [first, first + count) of the part; count <= EVALUATION_BLOCK. */
static void measure_block(struct evaluator *evaluator, struct part *part, size_t first, size_t count)
{
    const struct dataset *dataset = evaluator->dataset;
    size_t inputs = dataset->inputs, stride = net_output_stride(evaluator->net);
    for (size_t i = 0; i < count; i++)
        memcpy(evaluator->x + i * evaluator->x_stride, dataset->x + part->row[first + i] * inputs,
               inputs * sizeof(float));
    const float *logits =
        net_forward(evaluator->net, NULL, evaluator->workspace, evaluator->x, evaluator->x_stride, count, NULL);
    struct loss_answers answers = {
        .label = part->label ? part->label + first : NULL,
        .target = part->target ? part->target + first : NULL,
    };
    size_t outputs = net_spec(evaluator->net)->outputs;
    evaluator->loss->compute(evaluator->kernels, logits, stride, outputs, count, &answers, NULL, evaluator->row_loss);

    struct sums *sums = &part->sums;
    for (size_t i = 0; i < count; i++) {
        sums->loss += (double)evaluator->row_loss[i];
        if (answers.label) {
            sums->right += predicted_class(evaluator->loss, logits + i * stride, outputs) == (size_t)answers.label[i];
        } else {
            double target = (double)answers.target[i], error = (double)logits[i * stride] - target;
            sums->squared_error += error * error;
            sums->answer += target;
            sums->squared_answer += target * target;
        }
    }
}

bool evaluator_run(struct evaluator *evaluator, size_t rows)
{
    size_t done = 0;
    while (evaluator->at_part < WORK_PARTS) {
        struct part *part = &evaluator->part[evaluator->at_part];
        size_t left = part->count - evaluator->at_row;
        if (left == 0) {
            evaluator->at_part++;
            evaluator->at_row = 0;
            continue;
        }
        if (done > 0 && done >= rows)
            return false;
        size_t count = left < EVALUATION_BLOCK ? left : EVALUATION_BLOCK;
        measure_block(evaluator, part, evaluator->at_row, count);
        evaluator->at_row += count;
        done += count;
    }
    return true;
}

struct work_result evaluator_result(const struct evaluator *evaluator, enum work_part which)
{
    const struct part *part = &evaluator->part[which];
    const struct sums *sums = &part->sums;
    double n = (double)part->count;
    if (part->count == 0)
        return (struct work_result){.loss = NAN, .accuracy = NAN};
    if (part->label)
        return (struct work_result){.loss = sums->loss / n, .accuracy = (double)sums->right / n};
    /* R^2 = 1 - residual sum of squares / total sum of squares about the mean. */
    double spread = sums->squared_answer - sums->answer * sums->answer / n;
    double unexplained = spread > 0 ? sums->squared_error / spread : (sums->squared_error > 0 ? INFINITY : 0);
    return (struct work_result){.loss = sums->loss / n, .accuracy = 1 - unexplained};
}
