/* The commands that go to another state: scrub, rewind, switch. */
#include <stdio.h>

#include "base/number.h"
#include "engine/worker_parts.h"

static enum status scrub_prepare(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const enum status status = worker_seek_step(worker, request, error);
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

static enum status rewind_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    (void)request;
    worker->reserved.branch = track_grow(worker->track, &worker->walk.lane.at);
    if (worker->reserved.branch < 0)
        return worker_refuse_full(error);
    const enum status status = worker_seek_reserve(worker, error);
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
    row_note(&worker->rows, answer->label);
}

/* Goes to a step, before the changes that were made there; a new branch, paused. */
const struct command control_rewind = {
    .name = "rewind",
    .about = "back to this step; what came after stays",
    .example = "1200",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .implied = IMPLIED_PRESENT},
                 {.name = "STEP", .type = ARGUMENT_NUMBER, .max = WORKER_STEP_MAX}},
    .flags = COMMAND_SEEKS | COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .prepare = worker_seek_step,
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
    return worker_seek_reserve(room, error);
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
    row_note(&worker->rows, answer->label);
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
