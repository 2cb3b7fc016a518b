/* Does what several files of a trainer need: makes room for batches, finds models, clears moments, begins schedules. */
#include "learn/trainer_parts.h"

#include <math.h>
#include <string.h>

#include "learn/cost.h"

enum status trainer_room_for(struct trainer *trainer, size_t stage, size_t batch, struct error *error)
{
    if (batch <= trainer->room[stage])
        return STATUS_OK;
    enum status status = cost_check(model_shape(trainer_model(trainer)), batch, error);
    if (status != STATUS_OK)
        return status;
    if (!trainer_objective_of(trainer, stage)->reserve(trainer->work[stage], batch))
        return error_memory(error);
    trainer->room[stage] = batch;
    trainer->stepping = false; /* its batch was in the room before */
    return STATUS_OK;
}

void trainer_begin_schedule(struct trainer *trainer)
{
    trainer->counters.schedule_origin = trainer->counters.step;
    trainer->counters.next_plateau = trainer->counters.step;
    trainer->plateau = (struct schedule_plateau){.best = INFINITY};
}

void trainer_clear_moments(struct trainer *trainer)
{
    owned_model_clear_moments(trainer->trained);
    trainer->counters.moments_t = 0;
}

struct owned_model *trainer_find_model(struct trainer *trainer, const char *name)
{
    size_t i = 0;
    while (i < trainer->models && strcmp(trainer->model[i].name, name) != 0)
        i++;
    return &trainer->model[i];
}

void trainer_take_up_stage(struct trainer *trainer)
{
    const struct trainer_stage *stage = trainer_stage_now(trainer);
    const struct used_model *used = trainer_objective(trainer)->models;
    while (!used->trains)
        used++;
    trainer->trained = trainer_find_model(trainer, used->name);
    model_freeze(trainer->trained->model, stage->part, stage->blocks);
}

void trainer_drop_pieces(struct trainer *trainer)
{
    trainer->parts = 0;
    trainer->extra = trainer->stepping = false;
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
