/* Does what several files of a trainer need: makes room for batches, copies blocks, clears moments, begins schedules. */
#include "learn/trainer_parts.h"

#include <math.h>
#include <string.h>

#include "learn/cost.h"

enum status trainer_room_for(struct trainer *trainer, size_t stage, size_t batch, struct error *error)
{
    if (batch <= trainer->room[stage])
        return STATUS_OK;
    enum status status = cost_check(model_shape(trainer->model), batch, error);
    if (status != STATUS_OK)
        return status;
    if (!trainer_objective_of(trainer, stage)->reserve(trainer->work[stage], batch))
        return error_memory(error);
    trainer->room[stage] = batch;
    return STATUS_OK;
}

void trainer_begin_schedule(struct trainer *trainer)
{
    trainer->counters.schedule_origin = trainer->counters.step;
    trainer->counters.next_plateau = trainer->counters.step;
    trainer->plateau = (struct schedule_plateau){.best = INFINITY};
}

void trainer_copy_blocks(const struct trainer *trainer, struct blocks *to, const struct blocks *from)
{
    size_t bytes = trainer->params->size * sizeof(float);
    memcpy(to->parameters, from->parameters, bytes);
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++)
        memcpy(to->moments[i], from->moments[i], bytes);
}

void trainer_clear_moments(struct trainer *trainer)
{
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++)
        memset(trainer->now.moments[i], 0, trainer->params->size * sizeof(float));
    trainer->counters.moments_t = 0;
}

void trainer_take_up_stage(struct trainer *trainer)
{
    const struct trainer_stage *stage = trainer_stage_now(trainer);
    model_freeze(trainer->model, stage->part, stage->blocks);
}

void trainer_drop_evaluation(struct trainer *trainer)
{
    trainer->parts = 0;
    trainer->extra = false;
}

void trainer_begin_evaluation(struct trainer *trainer, size_t stage, bool test_only)
{
    const struct work_key key = {
        .seed = trainer->counters.seed,
        .rows = test_only ? 1 : trainer->cursor.rows,
        .label_noise = trainer->knobs.value[KNOB_LABEL_NOISE],
        .test_only = test_only,
    };
    trainer_objective_of(trainer, stage)->begin(trainer->work[stage], &key);
}
