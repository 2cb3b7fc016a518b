/* Obeys the commands that reach the worker.
 *
 * DESIGN.  worker_try and carry_out are the only code that checks a command, brings the run to the point that it names,
 * writes its line into the journal, applies it and replies, in this order.  The functions of a row do their part and
 * call nothing here.  While the run is on its way to a point, commands wait in `held`; so do those that need a twin which
 * catches up, and all after them, so that the order stays.  One that breaks this is obeyed first, and all that wait are
 * refused. */
#include <stdio.h>
#include <string.h>

#include "engine/worker_parts.h"

/* ---- replies ---- */

/* Sends the reply to a command.  A person's or a replay's command has exactly one; for the run's own commands the reply
 * is an event like any other. */
static void reply(struct worker *worker, const struct request *request, struct event *event, enum worker_source source)
{
    event->token = request->token;
    if (event->branch == WORKER_HERE) {
        event->branch = worker->lane.at.branch;
        event->step = worker->lane.at.step;
    }
    worker_tell(worker, event, source == WORKER_ASKED);
}

static void refuse(struct worker *worker, const struct request *request, const char *reason, enum worker_source source)
{
    struct event event = {
        .kind = EVENT_REFUSED,
        .branch = WORKER_HERE,
        .to = (double)request_number(request, ARGUMENT_NUMBER),
    };
    snprintf(event.label, sizeof event.label, "%.*s", (int)sizeof event.label - 1, reason);
    reply(worker, request, &event, source);
}

/* ---- the one way to obey ---- */

/* Checks an input and keeps it with its branch, after which it cannot fail. */
static enum status keep_input(struct worker *worker, const struct request *request, struct error *error)
{
    enum status status = lane_check(&worker->lane, request, error);
    if (status != STATUS_OK)
        return status;
    worker_snapshot(worker); /* of the state before it */
    return track_add(worker->track, worker->lane.at.branch, worker->lane.at.step, request) ? STATUS_OK
                                                                                           : error_memory(error);
}

static void apply_input(struct worker *worker, const struct request *request, struct event *answer)
{
    lane_apply(&worker->lane, request, answer);
    worker->settled &= worker->lane.finished;
    /* An evaluation sees the rows in use, with their labels. */
    worker->seen.step = worker->looked.step = worker->measured.step = WORKER_NEVER;
    /* Early stopping that was switched off holds nothing back: what is left of its stop is a pause. */
    if (worker->state == SESSION_STOPPED_EARLY && !trainer_early_stopped(worker->lane.trainer))
        worker->state = SESSION_PAUSED;
    if (!request->row->obey)
        row_note(&worker->rows, answer->label);
}

/* Obeys a command; the run is at the point that it names. */
static enum status carry_out(struct worker *worker, const struct request *request, enum worker_source source,
                             struct error *error)
{
    const struct command *row = request->row;
    const bool input = request_is_input(request);
    struct event answer = {.kind = EVENT_KINDS, .branch = WORKER_HERE};
    enum status status = channel_reserve(worker->channel) ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK && row->reserve)
        status = row->reserve(worker, request, error);
    if (status == STATUS_OK && input)
        status = keep_input(worker, request, error);
    if (status != STATUS_OK)
        return status;
    if (source != WORKER_PLANNED && request_has(request, COMMAND_RECORDED))
        worker_write(worker, request);
    if (input)
        apply_input(worker, request, &answer);
    if (row->obey)
        row->obey(worker, request, &answer);
    reply(worker, request, &answer, source);
    return STATUS_OK;
}

enum status worker_try(struct worker *worker, struct request *request, enum worker_source source, struct error *error)
{
    const struct command *row = request->row;
    worker->seek = (struct worker_seek){.wanted = false};
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        if (argument_is_text(&row->argument[i]) && (double)strlen(request_text(request)) > row->argument[i].max)
            return error_set(error, STATUS_USAGE, "%s: its text is longer than %.0f bytes", row->name,
                             row->argument[i].max);
    enum status status = row->prepare ? row->prepare(worker, request, error) : STATUS_OK;
    if (status == STATUS_OK && worker->seek.wanted)
        return worker_seek_begin(worker, request, error);
    return status == STATUS_OK ? carry_out(worker, request, source, error) : status;
}

void worker_obey_one(struct worker *worker, struct request *request, enum worker_source source)
{
    struct error error = {.message = ""};
    if (!(request->row->flags & COMMAND_LOOKS))
        worker_seek_look_away(worker);
    if (worker_try(worker, request, source, &error) != STATUS_OK)
        refuse(worker, request, error.message, source);
    request_free(request);
}

void worker_seek_on(struct worker *worker)
{
    struct request request;
    struct error error = {.message = ""};
    enum status status = worker_seek_piece(worker, &request, &error);
    if (worker->walk.under_way)
        return;
    if (status == STATUS_OK)
        status = carry_out(worker, &request, WORKER_ASKED, &error);
    if (status != STATUS_OK)
        refuse(worker, &request, error.message, WORKER_ASKED);
    request_free(&request);
    worker_script_walked(worker);
}

/* ---- their order ---- */

/* Whether a command is about a twin that catches up, or goes somewhere: it waits until the twin is there.  A look does
 * not. */
static bool needs_twin(const struct worker *worker, const struct request *request)
{
    if (!worker->rival.catching_up || (request->row->flags & COMMAND_LOOKS))
        return false;
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        if (request->row->argument[i].type == ARGUMENT_BRANCH &&
            request->value[i].number == worker->rival.lane.at.branch)
            return true;
    return request->row->flags & COMMAND_SEEKS;
}

/* Whether commands wait: the present lane stands still, or some wait for a twin already. */
static bool is_busy(const struct worker *worker)
{
    return worker_waits(worker) || (worker->rival.catching_up && worker->holding > 0);
}

bool worker_takes_commands(const struct worker *worker)
{
    return worker->settled && worker->stop.singles == 0 && !worker->leaving;
}

/* Whether a command that arrives during a seek or while a twin catches up cancels this. */
static bool breaks(const struct worker *worker, const struct request *request)
{
    const struct command *row = request->row;
    const bool seeks = worker->walk.under_way, like = seeks && worker->walk.request.row == row && worker->holding == 0;
    const unsigned breaking = seeks || worker->holding > 0 ? COMMAND_BREAKS
                              : worker->walk.scrubbing     ? 0 /* it ends the look alone */
                                                           : COMMAND_GIVES_UP;
    return (row->flags & COMMAND_ENDS) ||
           ((row->flags & breaking) && !worker->script.obeying) || /* a replay goes where it must, and pauses then */
           ((row->flags & COMMAND_REPLACES_LIKE) && like);
}

static void wait_in_line(struct worker *worker, const struct request *request)
{
    worker->held[(worker->held_first + worker->holding++) % worker->accepted] = *request;
}

/* Moves the commands that have come in into the waiting queue.  True when one of them cancels what the run is doing:
 * that one is in `breaking`, to be obeyed before those that wait. */
static bool hold(struct worker *worker, struct request *breaking)
{
    struct request request;
    while (channel_next_command(worker->channel, &request)) {
        if (breaks(worker, &request)) {
            *breaking = request;
            return true;
        }
        wait_in_line(worker, &request);
    }
    worker->commanded = false;
    return false;
}

bool worker_next_command(struct worker *worker, struct request *request)
{
    if (worker->holding == 0)
        return channel_next_command(worker->channel, request);
    *request = worker->held[worker->held_first];
    worker->held_first = (worker->held_first + 1) % worker->accepted;
    worker->holding--;
    return true;
}

/* Ends a replay when a person changes the run.  An input then begins a branch, so that the replayed one stays as it
 * was. */
static void take_over(struct worker *worker, const struct request *request)
{
    struct request fork = {.row = engine_command("fork")};
    struct error error;
    if (!worker->script.from || !request_has(request, COMMAND_TAKES_OVER))
        return;
    script_drop(&worker->script);
    if (request_is_input(request))
        worker_try(worker, &fork, WORKER_OWN, &error); /* without memory the change is made on the present branch */
}

/* Deletes a twin that is on its way. */
static void give_up_twin(struct worker *worker)
{
    struct request request = {.row = engine_command("delete"), .value = {{.number = worker->rival.lane.at.branch}}};
    struct error error;
    worker_rival_end_catch_up(worker);
    worker_script_walked(worker);
    worker_try(worker, &request, WORKER_OWN, &error); /* nothing can refuse it */
}

/* Cancels the seek or the twin that is under way, and refuses all commands that waited for its end. */
static void give_up(struct worker *worker)
{
    static const char reason[] = "given up on the way";
    struct request request;
    if (!worker->walk.under_way) {
        give_up_twin(worker);
        worker->gave_up = "twin given up";
    } else {
        const bool look = worker->walk.scrubbing;
        worker_seek_leave(worker, &request);
        struct event event = {
            .kind = EVENT_REFUSED,
            .branch = WORKER_HERE,
            .what = look ? EVENT_LOOKED_AWAY : 0,
            .to = (double)request_number(&request, ARGUMENT_NUMBER),
        };
        snprintf(event.label, sizeof event.label, "%s", reason);
        reply(worker, &request, &event, WORKER_ASKED);
        request_free(&request);
        worker->gave_up = "given up";
        worker->script.obeying = false; /* only quitting gives up a replay's */
    }
    while (worker->holding > 0 && worker_next_command(worker, &request)) {
        refuse(worker, &request, reason, WORKER_ASKED);
        request_free(&request);
    }
}

void worker_obey(struct worker *worker)
{
    struct request request;
    while (!worker->leaving) {
        if (is_busy(worker)) {
            if (!hold(worker, &request))
                return;
            give_up(worker);
        } else if (!worker_takes_commands(worker)) {
            return;
        } else if (!worker_next_command(worker, &request)) {
            worker->commanded = false;
            return;
        } else if (worker->rival.catching_up && breaks(worker, &request)) {
            give_up(worker);
        } else if (needs_twin(worker, &request)) {
            wait_in_line(worker, &request);
            continue;
        }
        take_over(worker, &request);
        worker_obey_one(worker, &request, WORKER_ASKED);
        worker->gave_up = NULL;
    }
}
