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

static void begin_step(struct trainer *trainer)
{
    const double *knob = trainer->knobs.value;
    trainer->step = (struct work_step){
        .batch =
            {
                .seed = trainer->counters.seed,
                .size = (size_t)knob[KNOB_BATCH],
                .train_fraction = knob[KNOB_TRAIN_FRACTION],
                .label_noise = knob[KNOB_LABEL_NOISE],
                .input_noise = knob[KNOB_INPUT_NOISE],
            },
        .dropout = knob[KNOB_DROPOUT],
        .number = trainer->counters.step,
        .begins = true,
        .cursor = trainer->cursor,
    };
}

/* The update, with the gradient of a step whose pieces are done. */
static enum step_result apply_step(struct trainer *trainer, float *measures)
{
    const double *knob = trainer->knobs.value;
    const struct work_step *step = &trainer->step;
    struct counters *counters = &trainer->counters;
    double lr = rate_in_force(trainer);
    measures[SERIES_LOSS] = step->loss;
    measures[SERIES_LR] = (float)lr;
    measures[SERIES_GRAD_NORM] = NAN;
    if (!isfinite(step->loss) || counters->runaway)
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
    counters->epoch_ended = step->cursor.position == 0 || step->cursor.position >= step->cursor.rows;
    trainer->cursor = step->cursor;
    if (trainer->stop.stopped)
        trainer_resume_patience(trainer);
    trainer_drop_pieces(trainer);
    return STEP_DONE;
}

static enum step_result take_piece(struct trainer *trainer, float *measures)
{
    const size_t stage = trainer->counters.stage;
    if (!trainer->stepping)
        begin_step(trainer);
    const enum objective_piece piece = trainer_objective_of(trainer, stage)->step(trainer->work[stage], &trainer->step);
    trainer->step.begins = false;
    trainer->stepping = piece == OBJECTIVE_MORE;
    return trainer->stepping ? STEP_PART : apply_step(trainer, measures);
}

enum step_result trainer_step_piece(struct trainer *trainer, float *measures)
{
    const unsigned mode = denormal_flush();
    const enum step_result result = take_piece(trainer, measures);
    denormal_restore(mode);
    return result;
}

enum step_result trainer_step(struct trainer *trainer, float *measures)
{
    enum step_result result;
    do
        result = trainer_step_piece(trainer, measures);
    while (result == STEP_PART);
    return result;
}
