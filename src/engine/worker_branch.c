/* Where branches begin and end. */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/worker_parts.h"

/* The first branch is number 0. */
bool worker_make_first(struct worker *worker)
{
    struct trainer *trainer = worker->trainer;
    if (worker_model_find(worker, "") != 0 || !worker_model_prepare(worker, 0, trainer))
        return false;
    if (worker->loaded) {
        worker->step = trainer_step_count(trainer);
        const struct track_point here = {.step = worker->step};
        return track_load(worker->track, worker->step, 0) == 0 &&
               timeline_keep(worker_timeline(worker, 0), &here, 0, trainer_state(trainer), true);
    }
    const struct trainer_start start = trainer_start_of(trainer, trainer_seed(trainer));
    return track_seed(worker->track, &start, 0) == 0;
}

void worker_first_branch(struct worker *worker)
{
    struct event event = {.kind = EVENT_START, .to = (double)trainer_seed(worker->trainer), .label = "start"};
    worker_begin(worker);
    worker->next_snapshot = worker->step;
    if (worker->loaded) {
        event.kind = EVENT_LOAD;
        snprintf(event.label, sizeof event.label, "from %sa checkpoint",
                 worker->spec->load_weights ? "the weights of " : "");
    }
    worker_say(worker, &event);
    if (!timeline_fits(worker_timeline(worker, 0)) && worker->budget > 0) {
        struct event large = {.kind = EVENT_REFUSED};
        snprintf(large.label, sizeof large.label,
                 "a snapshot of this model takes %zu MiB: going back starts over; k keeps a file",
                 state_bytes(trainer_state(worker->trainer)) >> 20);
        worker_say(worker, &large);
    }
}

struct track_point worker_here(struct worker *worker)
{
    track_reach(worker->track, worker->branch, worker->step);
    return track_end(worker->track, worker->branch);
}

void worker_snapshot(struct worker *worker)
{
    struct timeline *timeline = worker->model[worker->present].timeline;
    if (!timeline_fits(timeline))
        return;
    const struct track_point here = worker_here(worker);
    timeline_keep(timeline, &here, worker->work, trainer_state(worker->trainer), false);
}

void worker_snapshot_plan(struct worker *worker)
{
    const size_t batch = (size_t)trainer_knobs(worker->trainer)->value[KNOB_BATCH];
    worker->next_snapshot = worker->step + timeline_spacing(worker->model[worker->present].timeline,
                                                            model_step_flops(trainer_model(worker->trainer), batch));
}

/* Nothing has happened on it. */
static bool is_empty(const struct track_branch *branch)
{
    return branch->root == TRACK_GROWN && branch->growing == 0 && branch->inputs == 0 &&
           branch->last == branch->origin.step;
}

static void forget(struct worker *worker, uint16_t branch)
{
    track_delete(worker->track, branch);
    timeline_forget(worker_timeline(worker, branch), branch);
}

bool worker_move(struct worker *worker, uint16_t branch, uint64_t step)
{
    worker_flush_whole(worker);
    if (!pending_branch(worker->pending, branch))
        return false;
    const uint16_t left = worker->branch;
    worker->branch = branch;
    worker->step = step;
    worker->finite = true; /* until it is measured */
    worker_snapshot_plan(worker);
    worker->next_mark = step;
    if (left != branch && is_empty(track_branch(worker->track, left))) {
        forget(worker, left);
        worker->dropped = left;
    }
    return true;
}

static bool refuse_full(struct worker *worker, const struct command *command)
{
    worker_reply(worker, command, EVENT_REFUSED, "no more branches: out of memory or of numbers");
    return true;
}

/* What no walk can make again.  Without memory the branch cannot be gone back on, which is said when somebody tries. */
static void pin(struct worker *worker)
{
    const struct track_point here = worker_here(worker);
    timeline_keep(worker->model[worker->present].timeline, &here, worker->work, trainer_state(worker->trainer), true);
}

bool worker_restart_branch(struct worker *worker, const struct command *command, enum event_kind kind, uint64_t seed,
                           const char *label)
{
    const struct trainer_start start = trainer_start_of(worker->trainer, seed);
    struct error error = {0};
    if (trainer_make_room(worker->trainer, start.stage, &start.knobs, &error) != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return true;
    }
    worker_here(worker);
    const int branch = worker->placed ? track_load(worker->track, start.step, worker->present)
                                      : track_seed(worker->track, &start, worker->present);
    if (branch < 0)
        return refuse_full(worker, command);
    worker_snapshot(worker);
    worker_write(worker, command);
    worker_rival_rest(worker);
    if (!worker_move(worker, (uint16_t)branch, start.step))
        return true; /* dismissed while it waited for room */
    trainer_restart(worker->trainer, seed);
    if (worker->placed)
        pin(worker);
    worker->next_snapshot = start.step;
    worker_note(worker, label);
    worker_begin(worker);
    /* What ended the old branch does not hold the new one back; a person's pause does. */
    if (worker->state != SESSION_PAUSED)
        worker->state = SESSION_RUNNING;
    struct event event = {.kind = kind, .token = command->token, .to = (double)seed};
    snprintf(event.label, sizeof event.label, "%s", label);
    worker_answer(worker, &event);
    return false;
}

bool worker_fork(struct worker *worker, const struct command *command)
{
    const struct track_point here = worker_here(worker);
    const int branch = track_grow(worker->track, &here);
    if (branch < 0)
        return refuse_full(worker, command);
    worker_snapshot(worker);
    worker_write(worker, command);
    const uint64_t snapshot = worker->next_snapshot, mark = worker->next_mark;
    if (!worker_move(worker, (uint16_t)branch, worker->step))
        return true;
    worker->next_snapshot = snapshot;
    worker->next_mark = mark;
    struct event event = {.kind = EVENT_FORK, .what = here.branch, .token = command->token, .label = "fork"};
    worker_note(worker, event.label);
    worker_answer(worker, &event);
    return true;
}

bool worker_load(struct worker *worker, const struct command *command)
{
    struct checkpoint_file *file = NULL;
    struct error error = {0};
    int branch = -1;
    worker_here(worker);
    worker_snapshot(worker);
    if (checkpoint_open(&file, command->text, &error) != STATUS_OK)
        worker_refuse(worker, command, &error);
    else if ((branch = track_load(worker->track, checkpoint_file_step(file), worker->present)) < 0)
        refuse_full(worker, command);
    else if (checkpoint_apply(file, worker->trainer, &error) != STATUS_OK) {
        track_take_back(worker->track);
        worker_refuse(worker, command, &error);
    } else {
        worker_write(worker, command);
        worker_rival_rest(worker);
        if (worker_move(worker, (uint16_t)branch, trainer_step_count(worker->trainer))) {
            pin(worker);
            worker_stand(worker);
            worker->settled = !trainer_evaluation_due(worker->trainer);
            worker->placed |= !checkpoint_has_state(file);
            if (worker->settled) /* else after its evaluation */
                worker_write_outcome(worker, OUTCOME_STATE, state_hash(trainer_state(worker->trainer)));
            struct event event = {
                .kind = EVENT_LOAD, .token = command->token, .to = (double)worker->step, .label = "loaded"};
            worker_note(worker, event.label);
            worker_answer(worker, &event);
        }
    }
    checkpoint_close(file);
    return worker->settled;
}

/* The branch that a command is about; false, with the answer, when there is none of that number. */
static bool is_there(struct worker *worker, const struct command *command)
{
    if (command->branch < track_branches(worker->track) && !track_branch(worker->track, command->branch)->deleted)
        return true;
    worker_reply(worker, command, EVENT_REFUSED, "there is no such branch");
    return false;
}

static void tell_about(struct worker *worker, const struct command *command, enum event_kind kind, const char *label,
                       bool answer)
{
    struct event event = {
        .kind = kind,
        .branch = command->branch,
        .token = command->token,
        .step = track_branch(worker->track, command->branch)->last,
    };
    snprintf(event.label, sizeof event.label, "%.*s", SESSION_NAME_SIZE - 1, label);
    text_clean(event.label);
    worker_tell(worker, &event, answer);
}

bool worker_name(struct worker *worker, const struct command *command)
{
    if (!is_there(worker, command))
        return true;
    worker_write(worker, command);
    tell_about(worker, command, EVENT_NAMED, command->text, true);
    return true;
}

static void erase(struct worker *worker, const struct command *command, bool answer)
{
    worker_write(worker, command);
    if (worker_rival_is(worker, command->branch))
        worker_rival_free(worker);
    forget(worker, command->branch);
    worker->walk.placed = false; /* it may have stood there */
    tell_about(worker, command, EVENT_DELETED, "deleted", answer);
}

void worker_abandon(struct worker *worker, uint16_t branch)
{
    erase(worker, &(struct command){.kind = COMMAND_DELETE, .branch = branch}, false);
}

bool worker_delete(struct worker *worker, const struct command *command)
{
    if (!is_there(worker, command))
        return true;
    const bool racing = worker->rival.racing && worker->rival.branch == command->branch;
    const char *reason = command->branch == worker->branch ? "this is the branch that is running: switch first"
                         : track_branch(worker->track, command->branch)->growing > 0
                             ? "other branches grow out of it: delete those first"
                         : racing ? "it is racing"
                                  : NULL;
    if (reason) {
        worker_reply(worker, command, EVENT_REFUSED, reason);
        return true;
    }
    erase(worker, command, true);
    return true;
}
