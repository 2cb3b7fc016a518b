/* The command that goes on from a checkpoint. */
#include <stdio.h>

#include "engine/worker_parts.h"

/* Pins a snapshot of the present state, which no seek could recompute.  Without memory there is none, and a later seek
 * to this branch is refused. */
static void pin(struct worker *worker)
{
    const struct track_point here = worker_here(worker);
    timeline_keep(worker->model[worker->lane.model].timeline, &here, worker->work, trainer_state(worker->lane.trainer),
                  true);
}

/* Reads the file into the second trainer, so that one that cannot be used leaves the run as it was. */
static enum status read_checkpoint(struct worker *worker, const struct checkpoint_file *file, struct error *error)
{
    enum status status = worker_seek_trainer(worker, worker->lane.model, error);
    struct trainer *read = worker->walk.lane.trainer;
    if (status != STATUS_OK)
        return status;
    worker->walk.placed = false;
    state_copy(trainer_state(worker->lane.trainer), trainer_state(read));
    status = trainer_restored(read, error);
    return status == STATUS_OK ? checkpoint_apply(file, read, error) : status;
}

static enum status load_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    struct checkpoint_file *file = NULL;
    enum status status = checkpoint_open(&file, request_text(request), error);
    worker_here(worker);
    worker_snapshot(worker);
    if (status == STATUS_OK)
        status = read_checkpoint(worker, file, error);
    if (status == STATUS_OK) {
        /* Weights alone are from here on those that `again` begins with. */
        const struct trainer_start read = trainer_start_of(worker->walk.lane.trainer, 0);
        struct start_weights *weights = checkpoint_has_state(file)
                                            ? track_root(worker->track, worker->lane.at.branch)->start.weights
                                            : read.weights;
        worker->reserved.branch = track_load(worker->track, checkpoint_file_step(file), worker->lane.model, weights);
        if (worker->reserved.branch < 0)
            status = worker_refuse_full(error);
    }
    checkpoint_close(file);
    return status;
}

static void load_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker_seek_take(worker, NULL);
    worker_rival_rest(worker);
    worker_move(worker, (uint16_t)worker->reserved.branch, trainer_step_count(worker->lane.trainer));
    pin(worker);
    worker_stand(worker);
    worker->settled = !trainer_evaluation_due(worker->lane.trainer);
    if (worker->settled) /* else after its evaluation */
        worker_write_outcome(worker, OUTCOME_STATE, state_hash(trainer_state(worker->lane.trainer)));
    answer->kind = EVENT_LOAD;
    answer->to = (double)worker->lane.at.step;
    snprintf(answer->label, sizeof answer->label, "loaded");
    row_note(&worker->rows, answer->label);
}

const struct command control_load = {
    .name = "load",
    .about = "goes on from a checkpoint",
    .example = "model.safetensors",
    .argument = {{.name = "FILE", .type = ARGUMENT_TEXT, .max = WORKER_TEXT_MAX}},
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .reserve = load_reserve,
    .obey = load_obey,
};
