/* Measures the test loss on the data of the run's first stage, while a later one has others: what is forgotten. */
#include "learn/measure.h"
#include "learn/trainer_parts.h"

static size_t rows(const struct trainer *trainer)
{
    return trainer_objective_of(trainer, 0)->rows(trainer->stage[0].dataset, 0);
}

static void begin(struct trainer *trainer)
{
    trainer_begin_evaluation(trainer, 0, true);
}

static bool run(struct trainer *trainer, size_t rows)
{
    return trainer_objective_of(trainer, 0)->evaluate(trainer->work[0], rows);
}

static double value(const struct trainer *trainer)
{
    const struct objective *objective = trainer_objective_of(trainer, 0);
    double measured[SERIES_COUNT];
    objective->result(trainer->work[0], measured);
    return measured[objective->headline.test];
}

const struct measure measure_old_loss = {
    .series = SERIES_OLD_LOSS,
    .applies = trainer_looks_back,
    .rows = rows,
    .begin = begin,
    .run = run,
    .value = value,
};
