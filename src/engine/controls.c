/* The controls that say when steps are taken: go, pause, one step, one epoch, up to a step, quit. */
#include <stdio.h>

#include "base/number.h"
#include "engine/worker_parts.h"

static void say(struct event *answer, enum event_kind kind, const char *label)
{
    answer->kind = kind;
    snprintf(answer->label, sizeof answer->label, "%s", label);
}

static void go(struct worker *worker)
{
    worker->interrupted = (struct worker_interrupted){0};
    worker->state = SESSION_RUNNING;
    worker->stop.pause_due = false;
    worker->stop.limit_passed |= stop_limit_is_behind(&worker->stop, worker->lane.trainer);
    stop_plan(&worker->stop);
    if (worker->script.from)
        worker->settled = false; /* what stands there for this very point was not taken while it was paused */
}

static void say_paused(const struct worker *worker, struct event *answer)
{
    char label[48];
    snprintf(label, sizeof label, "%s, paused", worker->gave_up ? worker->gave_up : "");
    say(answer, EVENT_PAUSE, worker->gave_up ? label : "paused");
}

static void pause_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker->interrupted = (struct worker_interrupted){0};
    if (worker_running(worker))
        worker_pause(worker, SESSION_PAUSED);
    say_paused(worker, answer);
}

/* Also cancels a seek that is under way; the commands that wait for its end are refused. */
const struct command control_pause = {
    .name = "pause", .about = "stops after the present step", .flags = COMMAND_BREAKS, .obey = pause_obey};

static void say_going_on(const struct worker *worker, struct event *answer)
{
    char label[48];
    snprintf(label, sizeof label, "%s, going on", worker->gave_up ? worker->gave_up : "");
    say(answer, EVENT_GO, worker->gave_up ? label : "going on");
}

static void return_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    const struct worker_interrupted interrupted = worker->interrupted;
    (void)request;
    if (interrupted.running) {
        worker->stop.epochs = interrupted.epochs;
        worker->stop.until = interrupted.until;
        go(worker);
    }
    if (worker_running(worker))
        say_going_on(worker, answer);
    else
        say_paused(worker, answer);
}

/* Cancels a seek or a twin that is under way, or ends a look at an earlier state.  A run that was paused for one of them
 * goes on. */
const struct command control_return = {.name = "return",
                                       .about = "back to the present",
                                       .flags = COMMAND_BREAKS | COMMAND_GIVES_UP | COMMAND_UNLISTED,
                                       .obey = return_obey};

static void go_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker->stop.singles = worker->stop.epochs = 0;
    worker->stop.until = WORKER_NEVER;
    go(worker);
    say(answer, EVENT_GO, "going on");
}

const struct command control_go = {.name = "go", .about = "goes on", .obey = go_obey};

static void step_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker->stop.singles = 1;
    go(worker);
    say(answer, EVENT_GO, "one step");
}

const struct command control_step = {.name = "step", .about = "one step, then pause", .obey = step_obey};

static void epoch_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker->stop.epochs++;
    go(worker);
    say(answer, EVENT_GO, "one epoch");
}

const struct command control_epoch = {
    .name = "epoch", .about = "to the end of the epoch, then pause", .obey = epoch_obey};

static enum status until_prepare(void *room, const struct request *request, struct error *error)
{
    const struct worker *worker = room;
    char step[32], now[32];
    if (request->value[0].number > worker->lane.at.step)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "until %s: it is step %s already",
                     number_count(step, sizeof step, request->value[0].number),
                     number_count(now, sizeof now, worker->lane.at.step));
}

static void until_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    char step[32];
    worker->stop.singles = worker->stop.epochs = 0;
    worker->stop.until = request->value[0].number;
    go(worker);
    answer->kind = EVENT_GO;
    answer->to = (double)worker->stop.until;
    snprintf(answer->label, sizeof answer->label, "until step %s", number_count(step, sizeof step, worker->stop.until));
}

const struct command control_until = {
    .name = "until",
    .about = "to this step, then pause",
    .example = "5000",
    .argument = {{.name = "STEP", .type = ARGUMENT_NUMBER, .max = WORKER_STEP_MAX}},
    .prepare = until_prepare,
    .obey = until_obey,
};

static void end_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker_pause(worker, SESSION_ENDED);
    worker->ending = true;
    say(answer, EVENT_END, "quit");
}

/* The run ends. */
const struct command control_end = {
    .name = "end", .about = "ends the run", .flags = COMMAND_ENDS | COMMAND_UNLISTED, .obey = end_obey};
