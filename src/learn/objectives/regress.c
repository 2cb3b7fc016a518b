/* Regression: finds the number that belongs to a row of numbers. */
#include <math.h>

#include "learn/work_table.h"

static double train_mean(const struct dataset *dataset)
{
    double sum = 0;
    for (size_t row = 0; row < dataset->train; row++)
        sum += (double)dataset->target[row];
    return sum / (double)dataset->train;
}

static bool guess(const struct dataset *dataset, enum loss_id loss, struct guess *out)
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

static double take_targets(const struct survey *survey, enum work_part part, void *answers)
{
    float *target = answers;
    const struct work_key *key = &survey->key;
    for (size_t i = 0; i < survey->count[part]; i++)
        target[i] = dataset_target(survey->dataset, survey->row[part][i], key->label_noise, key->seed);
    return measure_spread(target, survey->count[part]);
}

static struct loss_answers targets(const void *answers, size_t first)
{
    return (struct loss_answers){.target = (const float *)answers + first};
}

static void add_squares(const struct scored_block *block, double *sum)
{
    for (size_t i = 0; i < block->count; i++) {
        const double error = (double)block->logits[i * block->stride] - (double)block->answers.target[i];
        *sum += error * error;
    }
}

/* R^2 = 1 - residual sum of squares / total sum of squares about the mean; of answers all the same there is none. */
static double r_squared(double sum, double rows, double spread)
{
    (void)rows;
    const double unexplained = spread > 0 ? sum / spread : NAN;
    return 1 - unexplained;
}

static const struct answer_kind numbers = {
    .size = sizeof(float),
    .take = take_targets,
    .from = targets,
    .count = add_squares,
    .score = r_squared,
};

static void *create(const struct work_setup *setup)
{
    return work_table_create(setup, &numbers);
}

const struct objective objective_regress = {
    .name = "regress",
    .models = {{.name = "policy", .trains = true}},
    .takes = TASK_REGRESS,
    .usual_loss = LOSS_MSE,
    MEASURED_BY_LOSS_AND_SCORE,
    .accuracy_label = "R²",
    .guess = guess,
    .create = create,
    WORKS_ON_TABLES,
};
