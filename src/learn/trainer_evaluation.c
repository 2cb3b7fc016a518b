/* Says when a trainer evaluates, and what an evaluation changes in the state. */
#include <math.h>

#include "base/elementary.h"
#include "learn/measure.h"
#include "learn/trainer_parts.h"
#include "nn/denormal.h"

/* Evaluations that come before the steady cadence are paid from this allowance of floating-point operations: about
 * 50 ms of a slow machine's work.  It is counted in operations so that the same run evaluates at the same steps
 * everywhere. */
#define EARLY_FLOPS 5e8
/* Where the allowance reaches that far, the next early evaluation comes after this part of the steps so far. */
#define EARLY_PART 20

/* Floating-point operations of one evaluation: forward passes over the rows that it looks at. */
static double evaluation_flops(const struct trainer *trainer)
{
    const size_t stage = trainer->counters.stage;
    const double row = model_forward_flops(model_shape(trainer_model(trainer)));
    double rows =
        (double)trainer_objective_of(trainer, stage)->rows(trainer_stage_now(trainer)->dataset, trainer->cursor.rows);
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        if (measure_table[i]->rows && measure_applies(measure_table[i], trainer))
            rows += (double)measure_table[i]->rows(trainer);
    return row * rows;
}

uint64_t trainer_cadence(const struct trainer *trainer)
{
    const size_t rows = trainer->cursor.rows, batch = trainer_knob_size(trainer, KNOB_BATCH);
    const double step = model_step_flops(trainer->trained->model, batch < rows ? batch : rows);
    const double cadence = ceil(5 * evaluation_flops(trainer) / step);
    return cadence > 1 ? (uint64_t)cadence : 1;
}

/* Steps from `step` to the next early evaluation; the cadence K bounds it from above, 1 from below.  Waits are a share u
 * of the steps so far.  With n = ln K / ln(1 + u) evaluations the waits grow from 1 to K, and the 1 / u evaluations
 * before them are paid by the K / u steps that all of this takes: the allowance has to pay n. */
static double early_wait(double evaluations, uint64_t cadence, uint64_t step)
{
    const double share = elementary_exp(elementary_log((double)cadence) / evaluations) - 1;
    return share <= 1.0 / EARLY_PART ? (double)(step / EARLY_PART) : ceil(share * (double)(step + 1));
}

uint64_t trainer_next_evaluation(const struct trainer *trainer)
{
    const uint64_t step = trainer->counters.step, longest = trainer_cadence(trainer);
    const double wait = early_wait(EARLY_FLOPS / evaluation_flops(trainer), longest, step);
    if (!(wait < (double)longest))
        return step + longest;
    return step + (wait > 1 ? (uint64_t)wait : 1);
}

/* It has not stopped any more, and what was missed before does not count. */
void trainer_resume_patience(struct trainer *trainer)
{
    trainer->stop.stopped = 0;
    early_stop_forgive(&trainer->stop, trainer->counters.step, trainer_cadence(trainer));
}

/* A stage that hands on its best parameters measures its last ones too: they may be the best. */
static bool stage_end_due(const struct trainer *trainer)
{
    return trainer_stage_now(trainer)->ends_with_best && !trainer_stage_is_last(trainer) &&
           trainer->counters.last_evaluation != trainer->counters.step && !trainer_early_stopped(trainer) &&
           trainer_stage_over(trainer);
}

/* Whether an evaluation at this step changes the state (best loss, early stopping, plateau). */
static bool cadence_due(const struct trainer *trainer)
{
    return trainer->counters.step >= trainer->counters.next_evaluation || stage_end_due(trainer);
}

bool trainer_evaluation_due(const struct trainer *trainer)
{
    return trainer->extra || cadence_due(trainer);
}

void trainer_evaluate_now(struct trainer *trainer)
{
    if (trainer->counters.last_evaluation != trainer->counters.step)
        trainer->extra = true;
}

/* What an evaluation on the cadence changes in the state.  value[SERIES_COUNT]: what it measured. */
static void take_in(struct trainer *trainer, const double *value)
{
    const struct headline *headline = &trainer_objective(trainer)->headline;
    struct counters *counters = &trainer->counters;
    uint64_t step = counters->step, cadence = trainer_cadence(trainer);
    counters->last_evaluation = step;
    counters->next_evaluation = trainer_next_evaluation(trainer);
    if (early_stop_improves(&trainer->stop, step, cadence, series_cost(headline->test, value[headline->test]))) {
        owned_model_keep_best(trainer->trained);
        counters->best_optimizer = trainer_knob_size(trainer, KNOB_OPTIMIZER);
        counters->best_moments_t = counters->moments_t;
    }
    bool over = early_stop_check(&trainer->stop, step, cadence, (uint32_t)trainer->knobs.value[KNOB_PATIENCE]);
    trainer->stop.stopped = over && trainer->knobs.value[KNOB_EARLY_STOP] > 0;
    if (trainer_knob_size(trainer, KNOB_SCHEDULE) == SCHEDULE_PLATEAU && step >= counters->next_plateau) {
        schedule_plateau_update(&trainer->plateau, series_cost(headline->train, value[headline->train]));
        counters->next_plateau = early_stop_after(counters->next_plateau, step, cadence);
    }
}

/* Works on a part of an evaluation: the objective's, or a measure's.  True when it is done. */
static bool run_part(struct trainer *trainer, size_t part, size_t rows)
{
    const size_t stage = trainer->counters.stage;
    const bool begins = trainer->parts == part;
    trainer->parts = part + 1;
    if (part == 0) {
        if (begins)
            trainer_begin_evaluation(trainer, stage, false);
        return trainer_objective(trainer)->evaluate(trainer->work[stage], rows);
    }
    const struct measure *measure = measure_table[part - 1];
    if (!measure->run || !measure_applies(measure, trainer))
        return true;
    if (begins)
        measure->begin(trainer);
    return measure->run(trainer, rows);
}

static bool run_parts(struct trainer *trainer, size_t rows)
{
    for (size_t part = trainer->parts > 0 ? trainer->parts - 1 : 0; part <= MEASURE_COUNT; part++)
        if (!run_part(trainer, part, rows))
            return false;
    return true;
}

static bool evaluate(struct trainer *trainer, size_t rows, float *measures)
{
    const struct objective *objective = trainer_objective(trainer);
    double value[SERIES_COUNT];
    if (!run_parts(trainer, rows))
        return false;
    trainer_drop_pieces(trainer);
    objective->result(trainer->work[trainer->counters.stage], value);
    if (cadence_due(trainer))
        take_in(trainer, value);
    for (size_t i = 0; i < objective->series_count; i++)
        measures[objective->series[i]] = (float)value[objective->series[i]];
    for (size_t i = 0; i < MEASURE_COUNT; i++) {
        const struct measure *measure = measure_table[i];
        measures[measure->series] = measure_applies(measure, trainer) ? (float)measure->value(trainer) : NAN;
    }
    return true;
}

bool trainer_measures(const struct trainer *trainer, unsigned series)
{
    const struct objective *objective = trainer_objective(trainer);
    bool found = false;
    for (size_t i = 0; i < objective->series_count; i++)
        found |= objective->series[i] == series;
    for (size_t i = 0; i < MEASURE_COUNT; i++)
        found |= measure_table[i]->series == series && measure_applies(measure_table[i], trainer);
    return found;
}

bool trainer_is_finite(const struct trainer *trainer, const float *measures)
{
    const struct params *params = trainer->trained->params;
    const struct dataset *dataset = trainer_dataset(trainer);
    const struct headline *headline = &trainer_objective(trainer)->headline;
    size_t beyond = 0;
    for (size_t i = 0; i < params->size; i++)
        beyond += isfinite(params->value[i]) ? 0 : 1;
    const bool tested = dataset->rows > dataset->train;
    return beyond == 0 && isfinite(measures[headline->train]) && (!tested || isfinite(measures[headline->test]));
}

bool trainer_evaluate(struct trainer *trainer, size_t rows, float *measures)
{
    const unsigned mode = denormal_flush();
    const bool complete = evaluate(trainer, rows, measures);
    denormal_restore(mode);
    return complete;
}

void trainer_restore_best(struct trainer *trainer)
{
    struct counters *counters = &trainer->counters;
    owned_model_restore_best(trainer->trained);
    counters->moments_t = counters->best_moments_t;
    counters->runaway = 0; /* a best loss was measured with them */
    /* Moments of another optimiser mean nothing to this one. */
    if (counters->best_optimizer != trainer_knob_size(trainer, KNOB_OPTIMIZER))
        trainer_clear_moments(trainer);
    counters->last_evaluation = COUNTERS_NEVER;
    early_stop_forgive(&trainer->stop, counters->step, trainer_cadence(trainer));
    trainer_drop_pieces(trainer);
}
