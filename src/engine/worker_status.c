/* Composes the status and the progress of the run, and emits its events. */
#include "engine/worker_parts.h"

static uint64_t hash_of(const struct worker *worker)
{
    const struct state *state = trainer_state(worker->lane.trainer);
    if (worker_running(worker) || (!worker->ending && state_bytes(state) > WORKER_HASH_MAX))
        return 0;
    return state_hash(state);
}

struct worker_shape worker_shape_of(const struct trainer *trainer)
{
    const struct model *model = trainer_model(trainer);
    return (struct worker_shape){
        .model = *model_shape(model),
        .layers = trainer_layers(trainer),
        .parameters = model_params_const(model)->count,
        .cadence = trainer_cadence(trainer),
        .uses_blas = model_uses_blas(model),
    };
}

static struct memory memory_of(const struct worker *worker)
{
    struct memory memory = {.budget = (size_t)worker->budget << 20};
    memory_add_trainer(&memory, worker->lane.trainer, false);
    if (worker->walk.lane.trainer)
        memory_add_trainer(&memory, worker->walk.lane.trainer, true);
    if (worker->rival.lane.trainer)
        memory_add_trainer(&memory, worker->rival.lane.trainer, true);
    for (size_t i = 0; i < worker->models; i++)
        if (worker->model[i].timeline)
            memory.bytes[MEMORY_SNAPSHOTS] += timeline_bytes(worker->model[i].timeline);
    memory.bytes[MEMORY_RECORDS] = track_record_bytes(worker->track);
    memory.bytes[MEMORY_FRAMES] = worker->frames ? frames_bytes(worker->frames) : 0;
    return memory;
}

static struct run_best best_of(const struct trainer *trainer)
{
    const struct early_stop *stop = trainer_early_stop(trainer);
    return (struct run_best){.loss = stop->best, .step = stop->best_step, .misses = stop->misses};
}

/* The trainer's knobs, and those that are the worker's own. */
static struct knobs knobs_of(const struct worker *worker, const struct trainer *trainer)
{
    struct knobs knobs = *trainer_knobs(trainer);
    knobs.value[KNOB_SPEED] = worker->tempo.speed;
    knobs.value[KNOB_TIMELINE] = worker->budget;
    return knobs;
}

struct trainer *worker_shown(struct worker *worker, struct track_point *at)
{
    const struct worker_walk *walk = &worker->walk;
    if (walk->scrubbing && walk->placed) {
        *at = walk->lane.at;
        return walk->lane.trainer;
    }
    *at = worker->lane.at;
    return worker->lane.trainer;
}

static void add_shown(struct worker *worker, struct run_status *status)
{
    struct track_point at;
    status->scrubbing = worker->walk.scrubbing && worker->walk.exact;
    if (!status->scrubbing)
        return;
    status->shown_knobs = knobs_of(worker, worker_shown(worker, &at));
    status->shown_branch = at.branch;
    status->shown_step = at.step;
}

static struct run_status status_of(struct worker *worker)
{
    struct trainer *trainer = worker->lane.trainer;
    struct run_status status = {
        .state = worker->state,
        .branch = worker->lane.at.branch,
        .step = worker->lane.at.step,
        .epoch = trainer_epoch(trainer),
        .seed = trainer_seed(trainer),
        .stage = trainer_stage_number(trainer),
        .knobs = knobs_of(worker, trainer),
        .best = best_of(trainer),
        .rival = worker->rival.racing ? worker->rival.lane.at.branch : -1,
        .walking = worker->walk.under_way,
        .catching_up = worker->rival.catching_up,
        .model = worker_shape_of(trainer),
        .memory = memory_of(worker),
        .state_hash = hash_of(worker),
        .replaying = script_goes_on(&worker->script),
        .ended = worker->ending,
    };
    add_shown(worker, &status);
    return status;
}

void worker_report(struct worker *worker)
{
    const struct worker_walk *walk = &worker->walk;
    struct run_progress progress = {
        .step = worker->lane.at.step,
        .epoch = trainer_epoch(worker->lane.trainer),
        .best = best_of(worker->lane.trainer),
        .walked = worker->walked,
        .caught_up = worker->caught_up,
        .looking = walk->scrubbing && walk->under_way,
        .shown_branch = walk->lane.at.branch,
        .shown_step = walk->lane.at.step,
    };
    channel_report(worker->channel, &progress);
}

void worker_tell(struct worker *worker, const struct event *event, bool answer)
{
    struct run_event sent = {
        .event = *event,
        .answer = answer && !worker->script.obeying,
        .kept = worker_record_event(worker, event),
        .origin = *forest_origin(track_forest(worker->track), event->branch),
        .left = worker->left,
        .left_step = worker->left_step,
        .left_empty = worker->left_empty,
        .status = status_of(worker),
    };
    sent.origin.before = event->kind == EVENT_REWIND;
    sent.line_knobs = sent.status.knobs;
    if (worker_rival_is(worker, event->branch))
        sent.line_knobs = *trainer_knobs(worker->rival.lane.trainer);
    worker->left = -1;
    channel_send(worker->channel, worker->lane.pending);
    channel_emit(worker->channel, &sent);
    worker->leaving |= worker->ending;
}

void worker_say(struct worker *worker, struct event *event)
{
    event->branch = worker->lane.at.branch;
    event->step = worker->lane.at.step;
    worker_tell(worker, event, false);
}
