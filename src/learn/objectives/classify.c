/* Classification: finds the class of a row of numbers. */
#include "base/mem.h"
#include "learn/guess.h"
#include "learn/trainer.h"
#include "learn/work_table.h"

static bool guess(const struct dataset *dataset, enum loss_id loss, struct guess *out)
{
    (void)loss; /* with one logit or several: the same entropy */
    uint64_t *count = mem_alloc(dataset->classes, sizeof *count);
    if (!count)
        return false;
    for (size_t row = 0; row < dataset->train; row++)
        count[dataset->label[row]]++;
    *out = guess_of_counts(count, dataset->classes);
    mem_free(count);
    return true;
}

static double take_labels(const struct survey *survey, enum work_part part, void *answers)
{
    int32_t *label = answers;
    const struct work_key *key = &survey->key;
    for (size_t i = 0; i < survey->count[part]; i++)
        label[i] = dataset_label(survey->dataset, survey->row[part][i], key->label_noise, key->seed);
    return 0;
}

static struct loss_answers labels(const void *answers, size_t first)
{
    return (struct loss_answers){.label = (const int32_t *)answers + first};
}

/* How many of the rows the net gives the class that they have. */
static void count_right(const struct scored_block *block, double *sum)
{
    int32_t predicted[EVALUATION_BLOCK];
    if (block->loss->one_logit_binary)
        for (size_t i = 0; i < block->count; i++)
            predicted[i] = block->logits[i * block->stride] > 0;
    else
        loss_likeliest_rows(block->kernels, block->logits, block->stride, block->outputs, block->count, predicted);
    size_t right = 0;
    for (size_t i = 0; i < block->count; i++)
        right += predicted[i] == block->answers.label[i];
    *sum += (double)right;
}

static double share_right(double sum, double rows, double spread)
{
    (void)spread;
    return sum / rows;
}

static const struct answer_kind classes = {
    .size = sizeof(int32_t),
    .take = take_labels,
    .from = labels,
    .count = count_right,
    .score = share_right,
};

static void *create(const struct work_setup *setup)
{
    return work_table_create(setup, &classes);
}

const struct objective objective_classify = {
    .name = "classify",
    .models = {{.name = "policy", .trains = true}},
    .takes = TASK_CLASSIFY,
    .usual_loss = LOSS_CROSS_ENTROPY,
    MEASURED_BY_LOSS_AND_SCORE,
    .accuracy_label = "accuracy",
    .accuracy_is_share = true,
    .guess = guess,
    .create = create,
    WORKS_ON_TABLES,
};
