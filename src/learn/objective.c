#include "learn/objective.h"

#include <assert.h>
#include <math.h>

#include "learn/work.h"

static double train_mean(const struct dataset *dataset)
{
    double sum = 0;
    for (size_t row = 0; row < dataset->train; row++)
        sum += (double)dataset->target[row];
    return sum / (double)dataset->train;
}

/* Every class (every token of the vocabulary) equally likely: ln K; one logit at 0: ln 2. */
static double classify_chance_loss(const struct dataset *dataset, enum loss_id loss)
{
    return log(loss_table[loss].one_logit_binary ? 2.0 : (double)dataset->classes);
}

static double classify_chance_accuracy(const struct dataset *dataset)
{
    return 1.0 / (double)dataset->classes;
}

/* Always answering the mean of the training targets: their variance, or the mean Huber loss (delta 1) around it. */
static double regress_chance_loss(const struct dataset *dataset, enum loss_id loss)
{
    double mean = train_mean(dataset), sum = 0;
    for (size_t row = 0; row < dataset->train; row++) {
        double away = fabs((double)dataset->target[row] - mean);
        if (loss == LOSS_HUBER)
            sum += away <= 1 ? 0.5 * away * away : away - 0.5;
        else
            sum += away * away;
    }
    return sum / (double)dataset->train;
}

static double regress_chance_accuracy(const struct dataset *dataset)
{
    (void)dataset;
    return 0;
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
            .chance_loss = classify_chance_loss,
            .chance_accuracy = classify_chance_accuracy,
        },
    [OBJECTIVE_REGRESS] =
        {
            .name = "regress",
            .work = &work_on_tables,
            .kind = TASK_REGRESS,
            .default_loss = LOSS_MSE,
            .accuracy_label = "R²",
            .accuracy_is_share = false,
            .chance_loss = regress_chance_loss,
            .chance_accuracy = regress_chance_accuracy,
        },
    [OBJECTIVE_NEXT_TOKEN] =
        {
            .name = "next_token",
            .work = &work_on_texts,
            .kind = TASK_TEXT,
            .default_loss = LOSS_CROSS_ENTROPY,
            .accuracy_label = "next token",
            .accuracy_is_share = true,
            .chance_loss = classify_chance_loss,
            .chance_accuracy = classify_chance_accuracy,
        },
    [OBJECTIVE_RESPOND] =
        {
            .name = "respond",
            .work = &work_on_texts,
            .kind = TASK_TEXT,
            .default_loss = LOSS_CROSS_ENTROPY,
            .accuracy_label = "next token",
            .accuracy_is_share = true,
            .chance_loss = classify_chance_loss,
            .chance_accuracy = classify_chance_accuracy,
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
