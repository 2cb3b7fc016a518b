/* Begins the next stage of a run, on the same model. */
#include <math.h>
#include <string.h>

#include "learn/trainer_parts.h"

/* What a model has no use for stays as it is: a twin of another kind goes through the same stages. */
static bool applies(const struct trainer *trainer, enum knob_id knob)
{
    return knob != KNOB_DROPOUT || model_can_drop(model_shape(trainer_model(trainer)));
}

/* The knobs of a stage that begins.  Another optimiser brings its rate along, unless the stage has one. */
static void turn_knobs(struct trainer *trainer, const struct trainer_stage *stage)
{
    char label[96];
    if (stage->turns[KNOB_OPTIMIZER])
        knobs_turn(&trainer->knobs, trainer->rates, KNOB_OPTIMIZER, stage->value[KNOB_OPTIMIZER], label, sizeof label);
    for (enum knob_id i = 0; i < KNOB_COUNT; i++)
        if (stage->turns[i] && i != KNOB_OPTIMIZER && applies(trainer, i))
            knobs_turn(&trainer->knobs, trainer->rates, i, stage->value[i], label, sizeof label);
    trainer->knobs.value[KNOB_BATCH] = trainer_clamp_batch(trainer, trainer->knobs.value[KNOB_BATCH]);
}

enum status trainer_prepare_stage(struct trainer *trainer, struct error *error)
{
    const size_t next = trainer->counters.stage + 1;
    if (next >= trainer->stages)
        return error_set(error, STATUS_USAGE,
                         trainer->stages == 1 ? "this run has only one stage" : "this is the last stage");
    const struct trainer_stage *stage = &trainer->stage[next];
    const double batch = stage->turns[KNOB_BATCH] ? stage->value[KNOB_BATCH] : trainer->knobs.value[KNOB_BATCH];
    return trainer_room_for(trainer, next, (size_t)fmin(batch, (double)stage->dataset->train), error);
}

enum status trainer_next_stage(struct trainer *trainer, struct error *error)
{
    struct counters *counters = &trainer->counters;
    enum status status = trainer_prepare_stage(trainer, error);
    if (status != STATUS_OK)
        return status;
    const size_t next = counters->stage + 1;
    const struct trainer_stage *stage = &trainer->stage[next];
    if (trainer_stage_now(trainer)->ends_with_best)
        trainer_restore_best(trainer);
    if (counters->stage == counters->start_stage) {
        trainer->first_knobs = trainer->knobs;
        memcpy(trainer->first_rates, trainer->rates, sizeof trainer->rates);
    }
    counters->stage = next;
    counters->stage_origin = counters->step;
    trainer_take_up_stage(trainer);
    turn_knobs(trainer, stage);
    trainer_clear_moments(trainer);
    owned_model_keep_best(trainer->trained);
    trainer->cursor = (struct batch_cursor){
        .epoch = trainer->cursor.epoch + (trainer->cursor.position > 0),
        .rows = trainer_rows_in_use(trainer),
    };
    counters->stage_epoch = trainer->cursor.epoch;
    counters->best_optimizer = trainer_knob_size(trainer, KNOB_OPTIMIZER);
    counters->best_moments_t = 0;
    counters->next_evaluation = counters->step;
    counters->last_evaluation = COUNTERS_NEVER;
    early_stop_reset(&trainer->stop);
    trainer_begin_schedule(trainer);
    trainer_drop_pieces(trainer);
    return STATUS_OK;
}

struct trainer_start trainer_scratch(const struct trainer *trainer)
{
    struct trainer_start start = {
        .seed = trainer->counters.seed,
        .knobs = trainer->knobs,
        .stage = trainer->counters.stage,
        .step = trainer->counters.stage_origin,
    };
    memcpy(start.rates, trainer->rates, sizeof start.rates);
    return start;
}
