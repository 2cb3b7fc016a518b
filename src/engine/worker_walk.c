/* Takes a second trainer to another state, for a look, a rewind, a switch or a race.
 *
 * DESIGN.  Only when the second trainer has arrived does it change places with the one that is being trained, so a seek
 * can be given up at any time.  It is done in pieces of some milliseconds, between which commands are heard. */
#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/number.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"

#define TOLD_AFTER_NS 200000000u /* walks that take longer have their progress shown */

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
        walk->lane.rows = worker_chunk(walk->lane.trainer);
    return status;
}

void worker_show_walk(struct worker *worker, uint64_t started, double share)
{
    if (clock_now() - started > TOLD_AFTER_NS)
        worker->walked = share;
    worker_flush(worker);
    worker_report(worker);
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
    if (worker_running(worker) && !seek->beside && !worker->scripted) {
        worker->interrupted =
            (struct worker_interrupted){.running = true, .epochs = worker->epochs, .until = worker->until};
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
        worker_show_walk(worker, walk->started, path_share(&walk->path, &walk->lane.at));
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

/* ---- the commands that seek ---- */

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

static enum status seek_step(void *room, const struct request *request, struct error *error)
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

static enum status scrub_prepare(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const enum status status = seek_step(worker, request, error);
    worker->seek.look = true;
    return status;
}

static void scrub_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    worker->walk.exact = true;
    answer->kind = EVENT_SHOWN;
    answer->branch = (uint16_t)request->value[0].number;
    answer->step = worker->walk.lane.at.step;
    snprintf(answer->label, sizeof answer->label, "shown");
}

/* Pauses and shows what was at a step, without going there. */
const struct command control_scrub = {
    .name = "scrub",
    .about = "looks back at this step",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .implied = IMPLIED_PRESENT},
                 {.name = "STEP", .type = ARGUMENT_NUMBER, .max = WORKER_STEP_MAX}},
    .flags = COMMAND_SEEKS | COMMAND_LOOKS | COMMAND_REPLACES_LIKE | COMMAND_UNLISTED,
    .prepare = scrub_prepare,
    .obey = scrub_obey,
};

/* Reserves all memory for going on from the state that was found: new pending samples where its model is another. */
static enum status reserve_arrival(struct worker *worker, struct error *error)
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
        worker_find_pace(worker);
    }
    worker->lane.trainer = walk->lane.trainer;
    worker->lane.model = walk->lane.model;
    worker->lane.rows = walk->lane.rows;
    walk->lane =
        (struct lane){.trainer = left.trainer, .model = left.model, .rows = left.rows, .at = worker_here(worker)};
    walk->placed = true;
}

static enum status rewind_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    (void)request;
    worker->reserved.branch = track_grow(worker->track, &worker->walk.lane.at);
    if (worker->reserved.branch < 0)
        return worker_refuse_full(error);
    const enum status status = reserve_arrival(worker, error);
    if (status != STATUS_OK)
        track_take_back(worker->track);
    return status;
}

static void rewind_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    const struct track_point here = worker->walk.lane.at;
    char step[32];
    (void)request;
    worker_seek_take(worker, worker->reserved.line);
    worker_rival_rest(worker);
    worker_move(worker, (uint16_t)worker->reserved.branch, here.step);
    worker_stand(worker);
    answer->kind = EVENT_REWIND;
    answer->what = here.branch;
    answer->to = (double)here.step;
    snprintf(answer->label, sizeof answer->label, "back to %s", number_count(step, sizeof step, here.step));
    worker_note(worker, answer->label);
}

/* Goes to a step, before the changes that were made there; a new branch, paused. */
const struct command control_rewind = {
    .name = "rewind",
    .about = "back to this step; what came after stays",
    .example = "1200",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .implied = IMPLIED_PRESENT},
                 {.name = "STEP", .type = ARGUMENT_NUMBER, .max = WORKER_STEP_MAX}},
    .flags = COMMAND_SEEKS | COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .prepare = seek_step,
    .reserve = rewind_reserve,
    .obey = rewind_obey,
};

static enum status switch_prepare(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const uint64_t branch = request->value[0].number;
    return branch == worker->lane.at.branch ? error_set(error, STATUS_USAGE, "this is that branch")
                                            : worker_seek_end(worker, branch, error);
}

static enum status switch_reserve(void *room, const struct request *request, struct error *error)
{
    (void)request;
    return reserve_arrival(room, error);
}

static void switch_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    const uint16_t branch = (uint16_t)request->value[0].number;
    const uint64_t step = worker->walk.lane.at.step;
    worker_seek_take(worker, worker->reserved.line);
    worker_rival_rest(worker);
    if (worker_rival_is(worker, branch))
        worker_rival_free(worker); /* its branch goes on without it */
    worker_move(worker, branch, step);
    worker_stand(worker);
    answer->kind = EVENT_SWITCH;
    answer->to = (double)step;
    /* The label does not number the branch: the log has a column for that, and on the screen it may have a name. */
    snprintf(answer->label, sizeof answer->label, "on from its end");
    worker_note(worker, answer->label);
}

/* Goes to the end of a branch, and goes on with it; paused. */
const struct command control_switch = {
    .name = "switch",
    .about = "on with another branch, from its end",
    .example = "2",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH}},
    .flags = COMMAND_SEEKS | COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .prepare = switch_prepare,
    .reserve = switch_reserve,
    .obey = switch_obey,
};
