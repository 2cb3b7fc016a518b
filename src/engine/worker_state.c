/* Moves the present lane from state to state, and pauses it: where it is in the forest, and what that leaves behind. */
#include <stdio.h>

#include "engine/worker_parts.h"

struct track_point worker_here(struct worker *worker)
{
    track_reach(worker->track, worker->lane.at.branch, worker->lane.at.step);
    return track_end(worker->track, worker->lane.at.branch);
}

void worker_snapshot(struct worker *worker)
{
    struct timeline *timeline = worker->model[worker->lane.model].timeline;
    if (!timeline_fits(timeline))
        return;
    const struct track_point here = worker_here(worker);
    timeline_keep(timeline, &here, worker->work, trainer_state(worker->lane.trainer), false);
}

void worker_snapshot_plan(struct worker *worker)
{
    const size_t batch = (size_t)trainer_knobs(worker->lane.trainer)->value[KNOB_BATCH];
    worker->next_snapshot =
        worker->lane.at.step + timeline_spacing(worker->model[worker->lane.model].timeline,
                                                model_step_flops(trainer_model(worker->lane.trainer), batch));
}

/* Whether a grown branch has no step, no input and no branch of its own. */
static bool is_empty(const struct track *track, uint16_t number)
{
    const struct track_branch *branch = track_branch(track, number);
    const struct forest_origin *origin = forest_origin(track_forest(track), number);
    return origin->grown && branch->growing == 0 && branch->inputs == 0 && branch->last == origin->step;
}

void worker_forget(struct worker *worker, uint16_t branch)
{
    track_delete(worker->track, branch);
    timeline_forget(worker_timeline(worker, branch), branch);
    worker->walk.placed = worker->walk.placed && worker->walk.lane.at.branch != branch;
}

enum status worker_check_branch(const struct worker *worker, uint64_t branch, struct error *error)
{
    return branch < track_branches(worker->track) && !track_branch(worker->track, (uint16_t)branch)->deleted
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "there is no such branch");
}

enum status worker_refuse_full(struct error *error)
{
    return error_set(error, STATUS_FAILED, "no more branches: out of memory or of numbers");
}

void worker_pause(struct worker *worker, enum session_state state)
{
    worker->state = state;
    stop_clear(&worker->stop);
    tempo_rest(&worker->tempo);
    worker->ending |= worker->headless && state != SESSION_PAUSED;
}

/* Ends for a state on another branch.  Those that a person has set outlast what a replay does by itself. */
static void renew_ends(struct worker *worker)
{
    worker->interrupted = (struct worker_interrupted){0};
    worker->stop.limit_passed = worker->lane.at.step > 0 && (!worker->headless || script_goes_on(&worker->script)) &&
                                stop_limit_is_behind(&worker->stop, worker->lane.trainer);
    if (worker->script.obeying)
        stop_plan(&worker->stop);
    else
        stop_clear(&worker->stop);
    worker_keep_plan(worker);
}

/* Prepares the run to go on from a state that it has moved to: skips scripted changes at or before its step. */
void worker_stand(struct worker *worker)
{
    if (!worker->script.obeying)
        worker->state = SESSION_PAUSED;
    stop_pass_changes(&worker->stop, worker->lane.at.step);
    renew_ends(worker);
}

void worker_begin(struct worker *worker)
{
    worker->lane.at.step = trainer_step_count(worker->lane.trainer);
    worker->stop.next_change = worker->lane.at.step > 0 ? worker->spec->turns_done : 0;
    worker->settled = false;
    renew_ends(worker);
    if (trainer_evaluation_due(worker->lane.trainer))
        row_open(&worker->rows, &worker->lane, worker->lane.at.step, false);
}

void worker_move(struct worker *worker, uint16_t branch, uint64_t step)
{
    channel_retire(worker->channel, worker->lane.pending);
    pending_branch(worker->lane.pending, branch);
    const struct track_point left = worker->lane.at;
    lane_place(
        &worker->lane,
        (struct track_point){.branch = branch, .step = step, .inputs = track_branch(worker->track, branch)->inputs});
    lane_record(&worker->lane, worker->track);
    worker->finite = true; /* until it is measured */
    worker_snapshot_plan(worker);
    worker->next_mark = step;
    worker->left = left.branch != branch ? left.branch : -1;
    worker->left_step = left.step;
    worker->left_empty = left.branch != branch && is_empty(worker->track, left.branch);
    if (worker->left_empty)
        worker_forget(worker, left.branch);
}

/* The first branch is number 0. */
bool worker_make_first(struct worker *worker, struct record *record)
{
    struct trainer *trainer = worker->lane.trainer;
    if (worker_model_find(worker, "") != 0 || !worker_model_prepare(worker, 0, trainer))
        return false;
    const struct trainer_start start = trainer_start_of(trainer, trainer_seed(trainer));
    const bool placed = start.weights && start.weights->learnt; /* by the file, which says nothing else */
    if (worker->loaded && !placed) {
        worker->lane.at.step = trainer_step_count(trainer);
        const struct track_point here = {.step = worker->lane.at.step};
        if (track_load(worker->track, worker->lane.at.step, 0, start.weights) != 0 ||
            !timeline_keep(worker_timeline(worker, 0), &here, 0, trainer_state(trainer), true))
            return false;
    } else if (track_seed(worker->track, &start, 0) != 0) {
        return false;
    }
    lane_record(&worker->lane, worker->track);
    return !record || record_append(worker->lane.record, record, UINT64_MAX);
}

void worker_first_branch(struct worker *worker)
{
    struct event event = {.kind = EVENT_START, .to = (double)trainer_seed(worker->lane.trainer), .label = "start"};
    worker_begin(worker);
    worker->next_snapshot = worker->lane.at.step;
    if (worker->loaded) {
        event.kind = EVENT_LOAD;
        snprintf(event.label, sizeof event.label, "from %sa checkpoint",
                 worker->spec->load_weights ? "the weights of " : "");
    }
    worker_say(worker, &event);
    if (!timeline_fits(worker_timeline(worker, 0)) && worker->budget > 0) {
        struct event large = {.kind = EVENT_REFUSED};
        snprintf(large.label, sizeof large.label,
                 "a snapshot of this model takes %zu MiB: going back starts over; save keeps a file",
                 state_bytes(trainer_state(worker->lane.trainer)) >> 20);
        worker_say(worker, &large);
    }
}
