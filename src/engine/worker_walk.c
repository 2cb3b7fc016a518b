/* Going to another state: for a scrubber that looks, for a rewind, for a switch to another branch, for a race.
 *
 * DESIGN.  The walk happens on a second trainer.  Only when that one has arrived is its state copied into the trainer
 * that is being trained, so a walk can be given up at any time.  It is done in slices of some milliseconds, between
 * which commands are heard: a pause and quitting end it, a look ends another look, all others wait until it is over. */
#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/number.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"

#define TOLD_AFTER_NS 200000000u /* walks that take longer have their progress shown */

static bool make_trainer(struct worker *worker, uint16_t model, struct error *error)
{
    struct worker_walk *walk = &worker->walk;
    if (walk->trainer && walk->model == model)
        return true;
    trainer_free(walk->trainer);
    walk->trainer = NULL;
    walk->placed = false;
    walk->model = model;
    return worker_model_make(worker, model, &walk->trainer, error) == STATUS_OK;
}

/* Where a command wants to go; false with the reason. */
static bool find_target(struct worker *worker, const struct command *command, struct track_point *target,
                        struct error *error)
{
    const struct track *track = worker->track;
    char step[32];
    worker_here(worker);
    if (command->branch >= track_branches(track) || track_branch(track, command->branch)->deleted)
        error_set(error, STATUS_USAGE, "there is no such branch");
    else if (command->kind == COMMAND_SWITCH || command->kind == COMMAND_RACE) {
        *target = track_settle(track, track_end(track, command->branch));
        return true;
    } else if (track_arrival(track, command->branch, command->number, target)) {
        *target = track_settle(track, *target);
        return true;
    } else
        error_set(error, STATUS_USAGE, "step %s was not reached on this branch",
                  number_count(step, sizeof step, command->number));
    return false;
}

static void send_share(struct worker *worker, double share)
{
    struct bucket sample = bucket_of(WORKER_SAMPLE_WALK, worker->branch, worker->step, 0);
    sample.sum = share;
    ring_push(worker->samples, &sample);
}

void worker_show_walk(struct worker *worker, uint64_t started, double share)
{
    if (clock_now() - started > TOLD_AFTER_NS)
        send_share(worker, share);
}

static void leave(struct worker *worker)
{
    struct worker_walk *walk = &worker->walk;
    walk->at = walk->retrace.at;
    walk->under_way = false;
    retrace_end(&walk->retrace);
    send_share(worker, -1);
    worker->commanded = true; /* what has waited */
}

void worker_walk_give_up(struct worker *worker)
{
    leave(worker);
    const struct command *command = &worker->walk.command;
    worker_answer(worker, &(struct event){.kind = EVENT_REFUSED,
                                          .what = command->kind == COMMAND_SCRUB ? EVENT_LOOKED_AWAY : 0,
                                          .token = command->token,
                                          .to = (double)command->number,
                                          .label = "given up on the way"});
    worker->scripted = false; /* only quitting gives up a replay's */
}

void worker_walk_look_away(struct worker *worker)
{
    worker->walk.scrubbing = worker->walk.exact = false;
}

bool worker_walk_begin(struct worker *worker, const struct command *command)
{
    struct worker_walk *walk = &worker->walk;
    struct track_point target;
    struct error error = {0};
    if (!find_target(worker, command, &target, &error)) {
        worker_refuse(worker, command, &error);
        return true;
    }
    worker_walk_look_away(worker); /* no picture of a trainer that is about to go */
    if (!make_trainer(worker, track_branch(worker->track, target.branch)->model, &error)) {
        worker_refuse(worker, command, &error);
        return true;
    }
    worker_snapshot(worker);
    worker_rival_snapshot(worker);
    const bool placed = walk->placed;
    walk->placed = false;
    if (retrace_begin(&walk->retrace, walk->trainer, worker_chunk(walk->trainer), worker->track,
                      worker_timeline(worker, target.branch), placed ? &walk->at : NULL, &target,
                      &error) != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return true;
    }
    if (worker_running(worker) && command->kind != COMMAND_RACE && !worker->scripted) {
        worker->interrupted =
            (struct worker_interrupted){.running = true, .epochs = worker->epochs, .until = worker->until};
        worker_pause(worker, SESSION_PAUSED);
    }
    walk->command = *command;
    walk->under_way = walk->placed = true;
    walk->started = clock_now();
    walk->slice = 1;
    walk->scrubbing = command->kind == COMMAND_SCRUB;
    return false;
}

/* ---- Arriving ---------------------------------------------------------------------------------- */

static void show(struct worker *worker, const struct command *command)
{
    worker->walk.exact = true;
    struct event event = {
        .kind = EVENT_SHOWN,
        .branch = command->branch,
        .step = worker->walk.at.step,
        .token = command->token,
        .label = "shown",
    };
    worker_tell(worker, &event, true);
}

/* All that needs memory, so that nothing can fail any more: `line`, of samples, where the model is another; else NULL.
 * False, with the answer. */
static bool make_room(struct worker *worker, const struct command *command, struct pending **line)
{
    const struct trainer *found = worker->walk.trainer;
    struct error error = {0};
    *line = NULL;
    enum status status = STATUS_OK;
    if (worker->walk.model == worker->present)
        status = trainer_make_room(worker->trainer, trainer_stage_number(found), trainer_knobs(found), &error);
    else {
        *line = pending_create(trainer_layers(found), worker->branch);
        if (!*line)
            status = error_memory(&error);
    }
    if (status != STATUS_OK)
        worker_refuse(worker, command, &error);
    return status == STATUS_OK;
}

/* The trainer takes over what the walk has found, or gives way to the walk's. */
static void take_over(struct worker *worker, struct pending *line)
{
    if (line) {
        worker_model_enter(worker, line);
        return;
    }
    state_copy(trainer_state(worker->walk.trainer), trainer_state(worker->trainer));
    const enum status status = trainer_restored(worker->trainer, NULL);
    assert(status == STATUS_OK); /* there is room already */
    (void)status;
}

static void rewind_to(struct worker *worker, const struct command *command)
{
    const struct track_point here = worker->walk.at;
    struct pending *line;
    const int branch = track_grow(worker->track, &here);
    if (branch < 0) {
        worker_reply(worker, command, EVENT_REFUSED, "no more branches: out of memory or of numbers");
        return;
    }
    if (!make_room(worker, command, &line)) {
        track_take_back(worker->track);
        return;
    }
    char step[32];
    struct event event = {.kind = EVENT_REWIND, .what = here.branch, .token = command->token, .to = (double)here.step};
    snprintf(event.label, sizeof event.label, "back to %s", number_count(step, sizeof step, here.step));
    worker_write(worker, command);
    take_over(worker, line);
    worker_rival_rest(worker);
    if (!worker_move(worker, (uint16_t)branch, here.step))
        return;
    worker_stand(worker);
    worker_note(worker, event.label);
    worker_answer(worker, &event);
}

static void switch_to(struct worker *worker, const struct command *command)
{
    const uint64_t step = worker->walk.at.step;
    struct pending *line;
    if (!make_room(worker, command, &line))
        return;
    worker_write(worker, command);
    take_over(worker, line);
    worker_rival_rest(worker);
    if (worker_rival_is(worker, command->branch))
        worker_rival_free(worker); /* its branch goes on without it */
    if (!worker_move(worker, command->branch, step))
        return;
    worker_stand(worker);
    struct event event = {.kind = EVENT_SWITCH, .token = command->token, .to = (double)step};
    /* Of which branch says its column in the log; on the screen it may have a name. */
    snprintf(event.label, sizeof event.label, "on from its end");
    worker_note(worker, event.label);
    worker_answer(worker, &event);
}

static void arrive(struct worker *worker, const struct command *command)
{
    switch (command->kind) {
    case COMMAND_SCRUB:
        show(worker, command);
        break;
    case COMMAND_REWIND:
        rewind_to(worker, command);
        break;
    case COMMAND_SWITCH:
        switch_to(worker, command);
        break;
    default:
        worker_rival_take(worker, command);
        break;
    }
}

void worker_walk_on(struct worker *worker)
{
    struct worker_walk *walk = &worker->walk;
    const uint64_t begun = clock_now();
    const enum retrace_result result = retrace_walk(&walk->retrace, walk->slice);
    const uint64_t took = clock_now() - begun;
    if (result == RETRACE_ON_THE_WAY) {
        if (walk->scrubbing) {
            const struct track_point *at = worker_walk_at(walk);
            struct bucket sample = bucket_of(WORKER_SAMPLE_SHOWN, at->branch, at->step, 0);
            sample.count = worker->told;
            ring_push(worker->samples, &sample);
        }
        walk->slice = slice_next(walk->slice, took);
        worker_show_walk(worker, walk->started, retrace_share(&walk->retrace));
        return;
    }
    static const char *const failure[] = {
        [RETRACE_NO_MEMORY] = "out of memory on the way there",
        [RETRACE_NONFINITE] = "loss not finite on the way there: these are not the numbers of then",
    };
    const struct command command = walk->command;
    leave(worker);
    if (result == RETRACE_ARRIVED)
        arrive(worker, &command);
    else {
        walk->placed = walk->scrubbing = false;
        worker_reply(worker, &command, EVENT_REFUSED, failure[result]);
    }
    worker_script_walked(worker);
}
