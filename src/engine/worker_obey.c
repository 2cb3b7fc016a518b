/* Carries out the commands that reach the worker: one table row and one function for each kind. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "engine/worker_parts.h"

double worker_knob(const struct worker *worker, enum knob_id knob)
{
    switch (knob) {
    case KNOB_SPEED:
        return worker->speed;
    case KNOB_TIMELINE:
        return worker->budget;
    default:
        return trainer_knobs(worker->trainer)->value[knob];
    }
}

/* Speed and timeline are the worker's: the trainer never hears of them. */
static void set_own(struct worker *worker, struct event *event, double value)
{
    const enum knob_id knob = (enum knob_id)event->what;
    char from[32], to[32];
    snprintf(event->label, sizeof event->label, "%s %s → %s", knob_table[knob].marker,
             knob_format(knob, worker_knob(worker, knob), from, sizeof from), knob_format(knob, value, to, sizeof to));
    if (knob == KNOB_TIMELINE) {
        worker->budget = value;
        worker_share_budget(worker);
    } else {
        worker->speed = value;
        worker->pacing = false;
        worker->allowance = 0;
    }
    event->to = value;
}

/* The turn as its branch and the journal remember it, made once nothing can refuse it any more. */
static enum status turn(struct worker *worker, struct event *event, double value, const struct command *command,
                        struct error *error)
{
    const enum knob_id knob = (enum knob_id)event->what;
    const struct track_input input = {.step = worker->step, .knob = knob, .value = value};
    worker_snapshot(worker);
    if (!track_turn(worker->track, worker->branch, &input))
        return error_memory(error);
    if (command)
        worker_write(worker, command);
    enum status status = trainer_set_knob(worker->trainer, knob, value, event->label, sizeof event->label, error);
    assert(status == STATUS_OK); /* it is prepared */
    event->to = worker_knob(worker, knob);
    return status;
}

enum status worker_set_knob(struct worker *worker, struct event *event, double value, const struct command *command,
                            struct error *error)
{
    const enum knob_id knob = (enum knob_id)event->what;
    const bool own = !knob_table[knob].affects_state;
    double to = value;
    if (!own) {
        enum status status = trainer_prepare_knob(worker->trainer, knob, &to, error);
        if (status != STATUS_OK)
            return status;
    }
    if (to == event->from) {
        char now[32];
        return error_set(error, STATUS_USAGE, "%s is %s already", knob_table[knob].label,
                         knob_format(knob, to, now, sizeof now));
    }
    if (!own)
        return turn(worker, event, value, command, error);
    set_own(worker, event, value);
    return STATUS_OK;
}

/* Each of these answers its command with exactly one echo, and says whether the next command may be taken at this
 * boundary: not when something has to happen first (a step, the evaluation of a new start). */

void worker_reply(struct worker *worker, const struct command *command, enum event_kind kind, const char *label)
{
    struct event event = {.kind = kind, .token = command->token, .to = (double)command->number};
    snprintf(event.label, sizeof event.label, "%.*s", (int)sizeof event.label - 1, label);
    worker_answer(worker, &event);
}

static void go(struct worker *worker)
{
    worker->interrupted = (struct worker_interrupted){0};
    worker->state = SESSION_RUNNING;
    worker->pause_due = false;
    worker->limit_passed |= worker_limit_is_behind(worker);
    worker_plan(worker);
    if (worker->script)
        worker->settled = false; /* what stands there for this very point was not taken while it was paused */
}

void worker_refuse(struct worker *worker, const struct command *command, const struct error *error)
{
    worker_reply(worker, command, EVENT_REFUSED, error->message);
}

static bool obey_knob(struct worker *worker, const struct command *command)
{
    worker_turn(worker, command->knob, command->value, command);
    return true;
}

static bool say_paused(struct worker *worker, const struct command *command)
{
    worker_reply(worker, command, EVENT_PAUSE, worker->gave_up ? "given up, paused" : "paused");
    return true;
}

static bool obey_pause(struct worker *worker, const struct command *command)
{
    worker->interrupted = (struct worker_interrupted){0};
    if (worker_running(worker))
        worker_pause(worker, SESSION_PAUSED);
    return say_paused(worker, command);
}

static bool obey_return(struct worker *worker, const struct command *command)
{
    const struct worker_interrupted interrupted = worker->interrupted;
    if (interrupted.running) {
        worker->epochs = interrupted.epochs;
        worker->until = interrupted.until;
        go(worker);
    }
    if (!worker_running(worker))
        return say_paused(worker, command);
    worker_reply(worker, command, EVENT_GO, worker->gave_up ? "given up, going on" : "going on");
    return worker->settled;
}

static bool obey_go(struct worker *worker, const struct command *command)
{
    worker->singles = worker->epochs = 0;
    worker->until = WORKER_NEVER;
    go(worker);
    worker_reply(worker, command, EVENT_GO, "going on");
    return worker->settled;
}

static bool obey_step(struct worker *worker, const struct command *command)
{
    worker->singles = 1;
    go(worker);
    worker_reply(worker, command, EVENT_GO, "one step");
    return false;
}

static bool obey_epoch(struct worker *worker, const struct command *command)
{
    worker->epochs++;
    go(worker);
    worker_reply(worker, command, EVENT_GO, "one epoch");
    return worker->settled;
}

static bool obey_until(struct worker *worker, const struct command *command)
{
    char label[EVENT_LABEL_SIZE], step[32], now[32];
    number_count(step, sizeof step, command->number);
    if (command->number <= worker->step) {
        snprintf(label, sizeof label, "until %s: it is step %s already", step,
                 number_count(now, sizeof now, worker->step));
        worker_reply(worker, command, EVENT_REFUSED, label);
        return true;
    }
    worker->singles = worker->epochs = 0;
    worker->until = command->number;
    go(worker);
    snprintf(label, sizeof label, "until step %s", step);
    worker_reply(worker, command, EVENT_GO, label);
    return worker->settled;
}

static bool obey_restart(struct worker *worker, const struct command *command)
{
    return worker_restart_branch(worker, command, EVENT_RESTART, trainer_seed(worker->trainer), "again");
}

static bool obey_seed(struct worker *worker, const struct command *command)
{
    char label[EVENT_LABEL_SIZE];
    if (command->number > SEED_MAX) {
        snprintf(label, sizeof label, "a seed is at most %llu", (unsigned long long)SEED_MAX);
        worker_reply(worker, command, EVENT_REFUSED, label);
        return true;
    }
    snprintf(label, sizeof label, "seed %llu", (unsigned long long)command->number);
    return worker_restart_branch(worker, command, EVENT_SEED, command->number, label);
}

static bool obey_switch(struct worker *worker, const struct command *command)
{
    if (command->branch == worker->branch) {
        worker_reply(worker, command, EVENT_REFUSED, "this is that branch");
        return true;
    }
    return worker_walk_begin(worker, command);
}

static bool obey_stage(struct worker *worker, const struct command *command)
{
    const struct track_input input = {.step = worker->step, .kind = TRACK_STAGE};
    struct error error = {0};
    worker_snapshot(worker);
    enum status status = trainer_prepare_stage(worker->trainer, &error);
    if (status == STATUS_OK && !track_turn(worker->track, worker->branch, &input))
        status = error_memory(&error);
    if (status != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return true;
    }
    worker_write(worker, command);
    const struct worker_stage_end end = worker_stage_end(worker);
    status = trainer_next_stage(worker->trainer, &error);
    assert(status == STATUS_OK); /* it is prepared */
    (void)status;
    worker_say_stage(worker, &end, command);
    return false;
}

static bool obey_best(struct worker *worker, const struct command *command)
{
    struct error error;
    if (worker_bring_best(worker, command, &error) != STATUS_OK)
        worker_refuse(worker, command, &error);
    return true;
}

static bool obey_save(struct worker *worker, const struct command *command)
{
    worker_keep_on_command(worker, command);
    return true;
}

static bool obey_quit(struct worker *worker, const struct command *command)
{
    worker_pause(worker, SESSION_ENDED);
    worker->ending = true;
    worker_reply(worker, command, EVENT_END, "quit");
    return false;
}

/* What can be done with a command. */
struct duty {
    bool (*obey)(struct worker *, const struct command *);
    bool looks;      /* a scrubber stays open */
    bool takes_over; /* from a person, it ends a replay */
};

static const struct duty duties[] = {
    [COMMAND_KNOB] = {.obey = obey_knob, .takes_over = true},
    [COMMAND_PAUSE] = {.obey = obey_pause},
    [COMMAND_RETURN] = {.obey = obey_return},
    [COMMAND_GO] = {.obey = obey_go},
    [COMMAND_STEP] = {.obey = obey_step},
    [COMMAND_EPOCH] = {.obey = obey_epoch},
    [COMMAND_UNTIL] = {.obey = obey_until},
    [COMMAND_RESTART] = {.obey = obey_restart, .takes_over = true},
    [COMMAND_SEED] = {.obey = obey_seed, .takes_over = true},
    [COMMAND_SCRUB] = {.obey = worker_walk_begin, .looks = true},
    [COMMAND_REWIND] = {.obey = worker_walk_begin, .takes_over = true},
    [COMMAND_FORK] = {.obey = worker_fork, .takes_over = true},
    [COMMAND_SWITCH] = {.obey = obey_switch, .takes_over = true},
    [COMMAND_TWIN] = {.obey = worker_twin, .takes_over = true},
    [COMMAND_RACE] = {.obey = worker_race, .takes_over = true},
    [COMMAND_NAME] = {.obey = worker_name, .looks = true},
    [COMMAND_DELETE] = {.obey = worker_delete, .takes_over = true},
    [COMMAND_STAGE] = {.obey = obey_stage, .takes_over = true},
    [COMMAND_BEST] = {.obey = obey_best, .takes_over = true},
    [COMMAND_SAVE] = {.obey = obey_save, .looks = true},
    [COMMAND_LOAD] = {.obey = worker_load, .takes_over = true},
    [COMMAND_QUIT] = {.obey = obey_quit},
};
static_assert(sizeof duties / sizeof duties[0] == COMMAND_KINDS, "a duty for each command");

bool worker_obey_one(struct worker *worker, const struct command *command)
{
    if (!duties[command->kind].looks)
        worker_walk_look_away(worker);
    return duties[command->kind].obey(worker, command);
}

static bool is_busy(const struct worker *worker)
{
    return worker->walk.under_way || worker->rival.catching_up;
}

/* Of what comes in during a walk: a pause or a return gives up the walk and all that waits for its end, quitting
 * likewise; a look follows upon another. */
static bool breaks(const struct worker *worker, const struct command *command)
{
    switch (command->kind) {
    case COMMAND_PAUSE:
    case COMMAND_RETURN:
        return !worker->scripted; /* a replay goes back as it must, and pauses then */
    case COMMAND_SCRUB:
        return worker->walk.scrubbing && worker->holding == 0;
    default:
        return command->kind == COMMAND_QUIT;
    }
}

/* Takes what has come in to where it waits; true when something among it ends the walk, which is then the first to be
 * obeyed. */
static bool hold(struct worker *worker, struct command *breaking)
{
    struct command command;
    while (ring_pop(worker->commands, &command)) {
        if (breaks(worker, &command)) {
            *breaking = command;
            return true;
        }
        worker->held[(worker->held_first + worker->holding++) % worker->accepted] = command;
    }
    worker->commanded = false;
    return false;
}

bool worker_next_command(struct worker *worker, struct command *command)
{
    if (worker->holding == 0)
        return ring_pop(worker->commands, command);
    *command = worker->held[worker->held_first];
    worker->held_first = (worker->held_first + 1) % worker->accepted;
    worker->holding--;
    return true;
}

/* A person who turns something in the middle of a replay goes another way from there. */
static void take_over(struct worker *worker, const struct command *command)
{
    if (!worker->script || !duties[command->kind].takes_over)
        return;
    if (command->kind == COMMAND_KNOB && !knob_table[command->knob].affects_state)
        return;
    worker_script_drop(worker);
    if (command->kind == COMMAND_KNOB) {
        worker->scripted = true; /* nobody waits for the answer */
        worker_fork(worker, &(struct command){.kind = COMMAND_FORK});
        worker->scripted = false;
    }
}

/* Ends what is under way.  What has waited was meant for its end, which does not come. */
static void give_up(struct worker *worker)
{
    struct command command;
    if (worker->rival.catching_up)
        worker_rival_give_up(worker);
    else
        worker_walk_give_up(worker);
    while (worker->holding > 0 && worker_next_command(worker, &command))
        worker_reply(worker, &command, EVENT_REFUSED, "given up on the way");
}

void worker_obey(struct worker *worker)
{
    struct command command;
    while (!worker->stop) {
        if (is_busy(worker)) {
            if (!hold(worker, &command))
                return;
            give_up(worker);
            worker->gave_up = true;
        } else if (!worker_next_command(worker, &command)) {
            worker->commanded = false;
            return;
        }
        take_over(worker, &command);
        const bool more = worker_obey_one(worker, &command);
        worker->gave_up = false;
        if (!more)
            return;
    }
}
