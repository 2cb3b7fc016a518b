/* Going to another state: for a scrubber that looks, for a rewind, for a switch to another branch, for a race.
 *
 * DESIGN.  The walk happens on a second trainer.  Only when that one has arrived is its state copied into the trainer that is being
 * trained, so a walk can be given up at any time.  It is done in slices of some milliseconds, between which commands are heard: a pause, another
 * look and quitting end it, all others wait until it is over. */
#include <assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/number.h"
#include "run/worker_parts.h"

#define SLICE_LEAST_NS 2000000u
#define SLICE_MOST_NS  8000000u
#define TOLD_AFTER_NS  200000000u /* walks that take longer have their progress shown */

static bool make_trainer(struct worker *worker, struct error *error)
{
    if (worker->walk.trainer)
        return true;
    if (!worker->factory.make) {
        error_set(error, STATUS_FAILED, "there is no second trainer to walk with");
        return false;
    }
    return worker->factory.make(worker->factory.owner, "", &worker->walk.trainer, error) == STATUS_OK;
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
    else if (track_branch(track, command->branch)->other_model)
        error_set(error, STATUS_USAGE, "that twin has another model: its curve can be looked at, its states not");
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

bool worker_walk_begin(struct worker *worker, const struct command *command)
{
    struct worker_walk *walk = &worker->walk;
    struct track_point target;
    struct error error = {0};
    if (!find_target(worker, command, &target, &error) || !make_trainer(worker, &error)) {
        worker_refuse(worker, command, &error);
        return true;
    }
    if (worker_running(worker) && command->kind != COMMAND_RACE)
        worker_pause(worker, SESSION_PAUSED);
    worker_snapshot(worker);
    const bool placed = walk->placed;
    walk->placed = false;
    if (retrace_begin(&walk->retrace, walk->trainer, worker->track, worker->timeline, placed ? &walk->at : NULL,
                      &target, &error) != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return true;
    }
    walk->command = *command;
    walk->under_way = walk->placed = true;
    walk->at = walk->retrace.at;
    walk->started = clock_now();
    walk->slice = 16;
    walk->scrubbing = command->kind == COMMAND_SCRUB;
    walk->exact = false;
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

void worker_walk_end(struct worker *worker)
{
    struct worker_walk *walk = &worker->walk;
    if (walk->under_way) {
        leave(worker);
        if (worker->scripted)
            worker_script_drop(worker);
        worker_reply(worker, &walk->command, EVENT_REFUSED, "given up on the way");
        worker->scripted = false;
    }
    walk->scrubbing = walk->exact = false;
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

/* The trainer takes over what the walk has found.  False when there is no memory for its batch. */
static bool take_over(struct worker *worker, const struct command *command)
{
    struct error error = {0};
    struct trainer *trainer = worker->trainer;
    /* The memory first: then nothing can fail any more. */
    if (trainer_make_room(trainer, trainer_knobs(worker->walk.trainer), &error) != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return false;
    }
    state_copy(trainer_state(worker->walk.trainer), trainer_state(trainer));
    const enum status status = trainer_restored(trainer, &error);
    assert(status == STATUS_OK); /* there is room already */
    (void)status;
    return true;
}

/* Turns of the script at this step or before are of the past. */
static void stand_at(struct worker *worker)
{
    const struct spec *spec = worker->spec;
    worker->state = worker->scripted ? SESSION_RUNNING : SESSION_PAUSED;
    worker->next_turn = 0;
    while (worker->next_turn < spec->turns && spec->turn[worker->next_turn].step <= worker->step)
        worker->next_turn++;
    worker_continue(worker);
}

static void rewind_to(struct worker *worker, const struct command *command)
{
    const struct track_point here = worker->walk.at;
    const int branch = track_grow(worker->track, &here);
    if (branch < 0) {
        worker_reply(worker, command, EVENT_REFUSED, "no more branches: out of memory or of numbers");
        return;
    }
    if (!take_over(worker, command)) {
        track_delete(worker->track, (uint16_t)branch);
        return;
    }
    char step[32];
    struct event event = {.kind = EVENT_REWIND, .what = here.branch, .token = command->token, .to = (double)here.step};
    snprintf(event.label, sizeof event.label, "back to %s", number_count(step, sizeof step, here.step));
    worker_write(worker, command);
    worker_rival_rest(worker);
    if (!worker_move(worker, (uint16_t)branch, here.step))
        return;
    stand_at(worker);
    worker_note(worker, event.label);
    worker_answer(worker, &event);
}

static void switch_to(struct worker *worker, const struct command *command)
{
    if (!take_over(worker, command))
        return;
    worker_write(worker, command);
    worker_rival_rest(worker);
    const uint64_t step = worker->walk.at.step;
    if (!worker_move(worker, command->branch, step))
        return;
    stand_at(worker);
    struct event event = {.kind = EVENT_SWITCH, .token = command->token, .to = (double)step};
    /* Of which branch says its column in the log; on the screen it may have a name. */
    snprintf(event.label, sizeof event.label, "on from its end");
    worker_note(worker, event.label);
    worker_answer(worker, &event);
}

void worker_walk_on(struct worker *worker)
{
    struct worker_walk *walk = &worker->walk;
    const uint64_t begun = clock_now();
    const enum retrace_result result = retrace_walk(&walk->retrace, walk->slice);
    const uint64_t took = clock_now() - begun;
    if (result == RETRACE_ON_THE_WAY) {
        if (walk->scrubbing && walk->at.step == walk->retrace.begin) {
            struct bucket sample = bucket_of(WORKER_SAMPLE_SHOWN, walk->at.branch, walk->at.step, 0);
            sample.count = worker->told;
            ring_push(worker->samples, &sample);
        }
        if (took < SLICE_LEAST_NS)
            walk->slice *= 2;
        else if (took > SLICE_MOST_NS && walk->slice > 1)
            walk->slice /= 2;
        worker_show_walk(worker, walk->started, retrace_share(&walk->retrace));
        return;
    }
    const struct command command = walk->command;
    leave(worker);
    if (result == RETRACE_LOST) {
        walk->placed = walk->scrubbing = false;
        worker_reply(worker, &command, EVENT_REFUSED, "the way there could not be walked again");
        return;
    }
    switch (command.kind) {
    case COMMAND_SCRUB:
        show(worker, &command);
        break;
    case COMMAND_REWIND:
        rewind_to(worker, &command);
        break;
    case COMMAND_SWITCH:
        switch_to(worker, &command);
        break;
    default:
        worker_rival_take(worker, &command);
        break;
    }
    worker_script_walked(worker);
}
