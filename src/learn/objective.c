/* The table of objectives, and what guessing is worth in each. */
#include "learn/objective.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"
#include "data/corpus.h"
#include "learn/work.h"

static double train_mean(const struct dataset *dataset)
{
    double sum = 0;
    for (size_t row = 0; row < dataset->train; row++)
        sum += (double)dataset->target[row];
    return sum / (double)dataset->train;
}

/* The guess when the rows of each class, or token, have been counted. */
static struct guess guess_of_counts(const uint64_t *count, size_t classes)
{
    uint64_t total = 0, largest = 0;
    for (size_t k = 0; k < classes; k++) {
        total += count[k];
        largest = count[k] > largest ? count[k] : largest;
    }
    struct guess guess = {.loss = 0, .accuracy = (double)largest / (double)total};
    for (size_t k = 0; k < classes; k++) {
        const double share = (double)count[k] / (double)total;
        guess.loss -= share > 0 ? share * log(share) : 0;
    }
    return guess;
}

static void count_labels(const struct dataset *dataset, uint64_t *count)
{
    for (size_t row = 0; row < dataset->train; row++)
        count[dataset->label[row]]++;
}

/* Counts the tokens that the model has to predict in the training rows. */
static void count_tokens(const struct dataset *dataset, uint64_t *count)
{
    for (size_t row = 0; row < dataset->train; row++) {
        const struct corpus_passage passage = corpus_passage(dataset->corpus, row, 0, CORPUS_STILL);
        for (size_t i = passage.asked; i < passage.count; i++)
            count[passage.token[i]]++;
    }
}

static bool guess_class(const struct dataset *dataset, enum loss_id loss, struct guess *out)
{
    (void)loss; /* with one logit or several: the same entropy */
    uint64_t *count = mem_alloc(dataset->classes, sizeof *count);
    if (!count)
        return false;
    if (dataset->kind == TASK_TEXT)
        count_tokens(dataset, count);
    else
        count_labels(dataset, count);
    *out = guess_of_counts(count, dataset->classes);
    mem_free(count);
    return true;
}

static bool guess_mean(const struct dataset *dataset, enum loss_id loss, struct guess *out)
{
    const double mean = train_mean(dataset);
    double sum = 0;
    for (size_t row = 0; row < dataset->train; row++) {
        const double away = fabs((double)dataset->target[row] - mean);
        if (loss == LOSS_HUBER)
            sum += away <= 1 ? 0.5 * away * away : away - 0.5;
        else
            sum += away * away;
    }
    *out = (struct guess){.loss = sum / (double)dataset->train, .accuracy = 0};
    return true;
}

const struct objective objective_table[] = {
    [OBJECTIVE_CLASSIFY] =
        {
            .name = "classify",
            .work = &work_on_tables,
            .kind = TASK_CLASSIFY,
            .default_loss = LOSS_CROSS_ENTROPY,
            .accuracy_label = "accuracy",
            .accuracy_is_share = true,
            .guess = guess_class,
        },
    [OBJECTIVE_REGRESS] =
        {
            .name = "regress",
            .work = &work_on_tables,
            .kind = TASK_REGRESS,
            .default_loss = LOSS_MSE,
            .accuracy_label = "R²",
            .accuracy_is_share = false,
            .guess = guess_mean,
        },
    [OBJECTIVE_NEXT_TOKEN] =
        {
            .name = "next_token",
            .work = &work_on_texts,
            .kind = TASK_TEXT,
            .default_loss = LOSS_CROSS_ENTROPY,
            .accuracy_label = "next token",
            .accuracy_is_share = true,
            .guess = guess_class,
        },
    [OBJECTIVE_RESPOND] =
        {
            .name = "respond",
            .work = &work_on_texts,
            .kind = TASK_TEXT,
            .default_loss = LOSS_CROSS_ENTROPY,
            .accuracy_label = "next token",
            .accuracy_is_share = true,
            .guess = guess_class,
        },
};
static_assert(sizeof objective_table / sizeof objective_table[0] == OBJECTIVE_COUNT, "a row for each objective");

const struct objective *objective_for(enum task_kind kind)
{
    for (size_t i = 0; i < OBJECTIVE_COUNT; i++)
        if (objective_table[i].kind == kind)
            return &objective_table[i];
    return NULL;
}
