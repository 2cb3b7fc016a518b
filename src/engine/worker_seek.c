/* Takes a second trainer to another state, for a look, a rewind, a switch or a race.
 *
 * DESIGN.  Only when the second trainer has arrived does it change places with the one that is being trained, so a seek
 * can be given up at any time.  It is done in pieces of some milliseconds, between which commands are heard. */

#include "base/clock.h"
#include "base/number.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"

enum status worker_seek_trainer(struct worker *worker, uint16_t model, struct error *error)
{
    struct worker_walk *walk = &worker->walk;
    if (walk->lane.trainer && walk->lane.model == model)
        return STATUS_OK;
    trainer_free(walk->lane.trainer);
    walk->lane.trainer = NULL;
    walk->placed = false;
    walk->lane.model = model;
    enum status status = worker_model_make(worker, model, &walk->lane.trainer, error);
    if (status == STATUS_OK)
        walk->lane.rows = lane_rows(walk->lane.trainer);
    return status;
}

void worker_seek_leave(struct worker *worker, struct request *request)
{
    struct worker_walk *walk = &worker->walk;
    *request = walk->request;
    walk->request.text = NULL;
    walk->under_way = false;
    path_free(&walk->path);
    worker->walked = -1;
    worker->commanded = true; /* what has waited */
}

void worker_seek_look_away(struct worker *worker)
{
    worker->walk.scrubbing = worker->walk.exact = false;
}

enum status worker_seek_begin(struct worker *worker, struct request *request, struct error *error)
{
    struct worker_walk *walk = &worker->walk;
    const struct worker_seek *seek = &worker->seek;
    worker_seek_look_away(worker); /* no picture of a trainer that is about to go */
    enum status status = worker_seek_trainer(worker, track_branch(worker->track, seek->target.branch)->model, error);
    if (status != STATUS_OK)
        return status;
    worker_snapshot(worker);
    worker_rival_snapshot(worker);
    const bool placed = walk->placed;
    walk->placed = false;
    status = path_begin(&walk->path, worker->track, worker_timeline(worker, seek->target.branch), &seek->target,
                        walk->lane.trainer, placed, &walk->lane.at, error);
    if (status != STATUS_OK)
        return status;
    if (worker_running(worker) && !seek->beside && !worker->script.obeying) {
        worker->interrupted =
            (struct worker_interrupted){.running = true, .epochs = worker->stop.epochs, .until = worker->stop.until};
        worker_pause(worker, SESSION_PAUSED);
    }
    walk->request = *request;
    request->text = NULL;
    walk->under_way = walk->placed = true;
    walk->lane.finished = false;
    walk->started = clock_now();
    walk->slice = 1;
    walk->scrubbing = seek->look;
    return STATUS_OK;
}

enum status worker_seek_piece(struct worker *worker, struct request *request, struct error *error)
{
    struct worker_walk *walk = &worker->walk;
    const uint64_t begun = clock_now();
    const struct lane_watch nobody = {.owner = NULL};
    const enum lane_end end = lane_advance(&walk->lane, &walk->path, walk->slice, true, &nobody, NULL);
    const uint64_t took = clock_now() - begun;
    if (end == LANE_MORE) {
        walk->slice = slice_next(walk->slice, took);
        worker_show_share(worker, &worker->walked, walk->started, path_share(&walk->path, &walk->lane.at));
        return STATUS_OK;
    }
    worker_seek_leave(worker, request);
    if (end == LANE_THERE)
        return STATUS_OK;
    walk->placed = walk->scrubbing = false;
    /* At a step that was finite the first time: the arithmetic is another. */
    return error_set(error, STATUS_FAILED, "%s",
                     end == LANE_DIVERGED ? "loss not finite on the way there: these are not the numbers of then"
                                          : "out of memory on the way there");
}

/* ---- where to ---- */

static void seek(struct worker *worker, const struct track_point *target)
{
    worker->seek = (struct worker_seek){.wanted = true, .target = track_settle(worker->track, *target)};
}

enum status worker_seek_end(struct worker *worker, uint64_t branch, struct error *error)
{
    worker_here(worker);
    const enum status status = worker_check_branch(worker, branch, error);
    if (status != STATUS_OK)
        return status;
    const struct track_point end = track_end(worker->track, (uint16_t)branch);
    seek(worker, &end);
    return STATUS_OK;
}

enum status worker_seek_step(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const uint64_t branch = request->value[0].number, number = request->value[1].number;
    struct track_point point;
    char step[32];
    worker_here(worker);
    const enum status status = worker_check_branch(worker, branch, error);
    if (status != STATUS_OK)
        return status;
    if (!track_arrival(worker->track, (uint16_t)branch, number, &point))
        return error_set(error, STATUS_USAGE, "step %s was not reached on this branch",
                         number_count(step, sizeof step, number));
    seek(worker, &point);
    return STATUS_OK;
}

/* Reserves all memory for going on from the state that was found: new pending samples where its model is another. */
enum status worker_seek_reserve(struct worker *worker, struct error *error)
{
    const struct trainer *found = worker->walk.lane.trainer;
    worker->reserved.line = NULL;
    if (worker->walk.lane.model == worker->lane.model)
        return STATUS_OK;
    worker->reserved.line = pending_create(trainer_layers(found), worker->lane.at.branch);
    return worker->reserved.line ? STATUS_OK : error_memory(error);
}

void worker_seek_take(struct worker *worker, struct pending *line)
{
    struct worker_walk *walk = &worker->walk;
    const struct lane left = worker->lane;
    if (line) {
        channel_retire(worker->channel, worker->lane.pending);
        pending_free(worker->lane.pending);
        worker->lane.pending = line;
        tempo_rest(&worker->tempo);
    }
    worker->lane.trainer = walk->lane.trainer;
    worker->lane.model = walk->lane.model;
    worker->lane.rows = walk->lane.rows;
    walk->lane =
        (struct lane){.trainer = left.trainer, .model = left.model, .rows = left.rows, .at = worker_here(worker)};
    walk->placed = true;
}
