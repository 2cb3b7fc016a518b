#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "run/worker_parts.h"

double worker_knob(const struct worker *worker, enum knob_id knob)
{
    return knob == KNOB_SPEED ? worker->speed : trainer_knobs(worker->trainer)->value[knob];
}

/* Speed is the worker's: the trainer never hears of it. */
static void set_speed(struct worker *worker, struct event *event, double value)
{
    char from[32], to[32];
    snprintf(event->label, sizeof event->label, "%s %s → %s", knob_table[KNOB_SPEED].marker,
             knob_format(KNOB_SPEED, worker->speed, from, sizeof from), knob_format(KNOB_SPEED, value, to, sizeof to));
    worker->speed = value;
    worker->pacing = false;
    worker->allowance = 0;
    event->to = value;
}

enum status worker_set_knob(struct worker *worker, struct event *event, double value, struct error *error)
{
    const enum knob_id knob = (enum knob_id)event->what;
    if (knob == KNOB_SPEED)
        set_speed(worker, event, value);
    else {
        enum status status = trainer_set_knob(worker->trainer, knob, value, event->label, sizeof event->label, error);
        if (status != STATUS_OK)
            return status;
        event->to = worker_knob(worker, knob);
    }
    if (event->to == event->from) {
        char now[32];
        return error_set(error, STATUS_USAGE, "%s is %s already", knob_table[knob].label,
                         knob_format(knob, event->to, now, sizeof now));
    }
    return STATUS_OK;
}

/* Each of these answers its command with exactly one echo, and says whether the next command may be taken at this
 * boundary: not when something has to happen first (a step, the evaluation of a new start). */

static void answer(struct worker *worker, const struct command *command, enum event_kind kind, const char *label)
{
    struct event event = {.kind = kind, .token = command->token, .to = (double)command->number};
    snprintf(event.label, sizeof event.label, "%s", label);
    worker_answer(worker, &event);
}

static void go(struct worker *worker)
{
    worker->state = SESSION_RUNNING;
    worker->pause_due = false;
    const uint64_t limit = worker->spec->steps;
    const double epochs = worker->spec->epochs;
    worker->limit_passed |=
        (limit > 0 && worker->step >= limit) || (epochs > 0 && trainer_epoch(worker->trainer) >= epochs);
    worker_plan(worker);
}

static bool obey_knob(struct worker *worker, const struct command *command)
{
    worker_turn(worker, command->knob, command->value, command);
    return true;
}

static bool obey_pause(struct worker *worker, const struct command *command)
{
    if (worker_running(worker))
        worker_pause(worker, SESSION_PAUSED);
    answer(worker, command, EVENT_PAUSE, "paused");
    return true;
}

static bool obey_go(struct worker *worker, const struct command *command)
{
    worker->singles = worker->epochs = 0;
    worker->until = WORKER_NEVER;
    go(worker);
    answer(worker, command, EVENT_GO, "going on");
    return true;
}

static bool obey_step(struct worker *worker, const struct command *command)
{
    worker->singles = 1;
    go(worker);
    answer(worker, command, EVENT_GO, "one step");
    return false;
}

static bool obey_epoch(struct worker *worker, const struct command *command)
{
    worker->epochs++;
    go(worker);
    answer(worker, command, EVENT_GO, "one epoch");
    return true;
}

static bool obey_until(struct worker *worker, const struct command *command)
{
    char label[EVENT_LABEL_SIZE], step[32], now[32];
    number_count(step, sizeof step, command->number);
    if (command->number <= worker->step) {
        snprintf(label, sizeof label, "until %s: it is step %s already", step,
                 number_count(now, sizeof now, worker->step));
        answer(worker, command, EVENT_REFUSED, label);
        return true;
    }
    worker->singles = worker->epochs = 0;
    worker->until = command->number;
    go(worker);
    snprintf(label, sizeof label, "until step %s", step);
    answer(worker, command, EVENT_GO, label);
    return true;
}

static bool start_again(struct worker *worker, const struct command *command, enum event_kind kind, uint64_t seed,
                        const char *label)
{
    if (worker->branch == UINT16_MAX) {
        answer(worker, command, EVENT_REFUSED, "no more branches: start the program again");
        return true;
    }
    worker_flush_whole(worker);
    if (!pending_branch(worker->pending, (uint16_t)(worker->branch + 1)))
        return true; /* dismissed while it waited for room */
    worker->branch++;
    trainer_restart(worker->trainer, seed);
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

static bool obey_restart(struct worker *worker, const struct command *command)
{
    return start_again(worker, command, EVENT_RESTART, trainer_seed(worker->trainer), "again");
}

static bool obey_seed(struct worker *worker, const struct command *command)
{
    char label[EVENT_LABEL_SIZE];
    snprintf(label, sizeof label, "seed %llu", (unsigned long long)command->number);
    return start_again(worker, command, EVENT_SEED, command->number, label);
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
    answer(worker, command, EVENT_END, "quit");
    return false;
}

static bool (*const obey[])(struct worker *, const struct command *) = {
    [COMMAND_KNOB] = obey_knob,       [COMMAND_PAUSE] = obey_pause, [COMMAND_GO] = obey_go,
    [COMMAND_STEP] = obey_step,       [COMMAND_EPOCH] = obey_epoch, [COMMAND_UNTIL] = obey_until,
    [COMMAND_RESTART] = obey_restart, [COMMAND_SEED] = obey_seed,   [COMMAND_SAVE] = obey_save,
    [COMMAND_QUIT] = obey_quit,
};
static_assert(sizeof obey / sizeof obey[0] == COMMAND_QUIT + 1, "a function for each command");

void worker_obey(struct worker *worker)
{
    struct command command;
    while (!worker->stop) {
        if (!ring_pop(worker->commands, &command)) {
            worker->commanded = false;
            return;
        }
        if (!obey[command.kind](worker, &command))
            return;
    }
}
