/* Takes one step: batch, gradient, update. */
#include <math.h>
#include <string.h>

#include "learn/trainer_parts.h"
#include "nn/denormal.h"

/* Weights beyond this have run away: a few more steps (each can multiply them by at most 1 + lr x decay, about a
 * thousand) could write an infinity into the parameters, from which there is no way back.  They are looked through
 * after each update that was large beside them, and where all of them together are that long: none can be longer. */
#define WEIGHT_MAX   1e15f
#define LARGE_UPDATE 0.5f

static double rate_in_force(const struct trainer *trainer)
{
    const double *knob = trainer->knobs.value;
    size_t schedule = (size_t)knob[KNOB_SCHEDULE];
    struct schedule_point at = {
        .step = trainer->counters.step - trainer->counters.schedule_origin,
        .horizon = (uint64_t)knob[KNOB_HORIZON],
        .warmup = (uint64_t)knob[KNOB_WARMUP],
        .plateau = &trainer->plateau,
    };
    return knob[KNOB_LR] * schedule_table[schedule].factor(&at);
}

static bool weights_ran_away(const struct params *params)
{
    const float *value = params->value;
    size_t beyond = 0;
    for (size_t i = 0; i < params->size; i++)
        beyond += !(fabsf(value[i]) <= WEIGHT_MAX);
    return beyond > 0;
}

static void measure_step(const struct trainer *trainer, const struct step_report *report, float *measures)
{
    measures[SERIES_UPDATE_RATIO] = report->update_ratio;
    size_t bytes = trainer_layers(trainer) * sizeof(float);
    memcpy(measures + series_layer_grad(0), report->gradient, bytes);
    memcpy(measures + series_layer_ratio(0), report->ratio, bytes);
}

/* Draws the batch that `cursor` points at, moves it on, and leaves the gradient in params->gradient.  Its loss. */
static float find_gradient(struct trainer *trainer, struct batch_cursor *cursor)
{
    const double *knob = trainer->knobs.value;
    const size_t stage = trainer->counters.stage;
    const struct work_draw draw = {
        .batch =
            {
                .seed = trainer->counters.seed,
                .size = (size_t)knob[KNOB_BATCH],
                .train_fraction = knob[KNOB_TRAIN_FRACTION],
                .label_noise = knob[KNOB_LABEL_NOISE],
                .input_noise = knob[KNOB_INPUT_NOISE],
            },
        .dropout = knob[KNOB_DROPOUT],
        .step = trainer->counters.step,
    };
    return trainer_objective_of(trainer, stage)->gradient(trainer->work[stage], cursor, &draw);
}

static enum step_result take_step(struct trainer *trainer, float *measures)
{
    const double *knob = trainer->knobs.value;
    struct counters *counters = &trainer->counters;
    struct batch_cursor cursor = trainer->cursor; /* taken over when the step is */
    double lr = rate_in_force(trainer);
    float loss = find_gradient(trainer, &cursor);
    measures[SERIES_LOSS] = loss;
    measures[SERIES_LR] = (float)lr;
    measures[SERIES_GRAD_NORM] = NAN;
    if (!isfinite(loss) || counters->runaway)
        return STEP_NONFINITE;

    struct optimizer_settings settings = {
        .lr = (float)lr,
        .weight_decay = (float)knob[KNOB_WEIGHT_DECAY],
        .momentum = (float)knob[KNOB_MOMENTUM],
        .clip = (float)knob[KNOB_CLIP],
        .t = counters->moments_t + 1,
    };
    struct owned_model *trained = trainer->trained;
    struct step_report report;
    bool updated = optimizer_step((enum optimizer_id)(int)knob[KNOB_OPTIMIZER], trainer->kernels, trained->params,
                                  trained->now.moments, &settings, &report);
    measures[SERIES_GRAD_NORM] = report.gradient_norm;
    if (!updated)
        return STEP_NONFINITE;
    measure_step(trainer, &report, measures);

    counters->step++;
    counters->moments_t++;
    if (!(report.update_ratio < LARGE_UPDATE) || !(report.weight_norm <= WEIGHT_MAX))
        counters->runaway = weights_ran_away(trained->params);
    counters->epoch_ended = cursor.position == 0 || cursor.position >= cursor.rows;
    trainer->cursor = cursor;
    if (trainer->stop.stopped)
        trainer_resume_patience(trainer);
    trainer_drop_evaluation(trainer);
    return STEP_DONE;
}

enum step_result trainer_step(struct trainer *trainer, float *measures)
{
    const unsigned mode = denormal_flush();
    const enum step_result result = take_step(trainer, measures);
    denormal_restore(mode);
    return result;
}
