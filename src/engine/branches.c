/* The commands that begin, name and delete branches: restart, seed, fork, name, delete. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/worker_parts.h"

/* ---- starts ---- */

/* With the weights with which the present branch began, if they were not drawn. */
static struct trainer_start find_start(const struct worker *worker, uint64_t seed)
{
    struct trainer_start start = trainer_start_of(worker->lane.trainer, seed);
    start.weights = track_root(worker->track, worker->lane.at.branch)->start.weights;
    return start;
}

static enum status reserve_start(struct worker *worker, uint64_t seed, struct error *error)
{
    const struct trainer_start start = find_start(worker, seed);
    enum status status = trainer_make_room(worker->lane.trainer, start.stage, &start.knobs, error);
    if (status != STATUS_OK)
        return status;
    worker_here(worker);
    worker->reserved.branch = track_seed(worker->track, &start, worker->lane.model);
    if (worker->reserved.branch < 0)
        return worker_refuse_full(error);
    worker_snapshot(worker);
    return STATUS_OK;
}

/* Begins the reserved branch.  The caller has filled the answer's label. */
static void start_again(struct worker *worker, uint64_t seed, enum event_kind kind, struct event *answer)
{
    const struct trainer_start start = find_start(worker, seed);
    worker_rival_rest(worker);
    worker_move(worker, (uint16_t)worker->reserved.branch, start.step);
    const enum status status = trainer_begin(worker->lane.trainer, &start, NULL);
    assert(status == STATUS_OK); /* there is room, and the weights are this model's */
    (void)status;
    worker->next_snapshot = start.step;
    row_note(&worker->rows, answer->label);
    worker_begin(worker);
    /* What ended the old branch does not hold the new one back; a person's pause does. */
    if (worker->state != SESSION_PAUSED)
        worker->state = SESSION_RUNNING;
    answer->kind = kind;
    answer->to = (double)seed;
}

static enum status restart_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    (void)request;
    return reserve_start(worker, trainer_seed(worker->lane.trainer), error);
}

static void restart_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    snprintf(answer->label, sizeof answer->label, "again");
    start_again(worker, trainer_seed(worker->lane.trainer), EVENT_RESTART, answer);
}

const struct command control_restart = {
    .name = "restart",
    .about = "same start again, knobs kept",
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .reserve = restart_reserve,
    .obey = restart_obey,
};

static enum status seed_prepare(void *room, const struct request *request, struct error *error)
{
    (void)room;
    return request->value[0].number <= SEED_MAX
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "a seed is at most %llu", (unsigned long long)SEED_MAX);
}

static enum status seed_reserve(void *room, const struct request *request, struct error *error)
{
    return reserve_start(room, request->value[0].number, error);
}

static void seed_obey(void *room, const struct request *request, struct event *answer)
{
    const uint64_t seed = request->value[0].number;
    snprintf(answer->label, sizeof answer->label, "seed %llu", (unsigned long long)seed);
    start_again(room, seed, EVENT_SEED, answer);
}

const struct command control_seed = {
    .name = "seed",
    .about = "again from another start",
    .example = "7",
    .argument = {{.name = "N", .type = ARGUMENT_NUMBER, .max = SEED_MAX}},
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .prepare = seed_prepare,
    .reserve = seed_reserve,
    .obey = seed_obey,
};

/* ---- fork ---- */

static enum status fork_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const struct track_point here = worker_here(worker);
    (void)request;
    worker->reserved.branch = track_grow(worker->track, &here);
    if (worker->reserved.branch < 0)
        return worker_refuse_full(error);
    worker_snapshot(worker);
    return STATUS_OK;
}

static void fork_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    const uint64_t snapshot = worker->next_snapshot, mark = worker->next_mark;
    const uint16_t from = worker->lane.at.branch;
    (void)request;
    worker_move(worker, (uint16_t)worker->reserved.branch, worker->lane.at.step);
    worker->next_snapshot = snapshot;
    worker->next_mark = mark;
    answer->kind = EVENT_FORK;
    answer->what = from;
    snprintf(answer->label, sizeof answer->label, "fork");
    row_note(&worker->rows, answer->label);
}

const struct command control_fork = {
    .name = "fork",
    .about = "another branch from here",
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .reserve = fork_reserve,
    .obey = fork_obey,
};

/* ---- names, deletion ---- */

static void tell_about(const struct worker *worker, uint16_t branch, enum event_kind kind, const char *label,
                       struct event *answer)
{
    answer->kind = kind;
    answer->branch = branch;
    answer->step = track_branch(worker->track, branch)->last;
    snprintf(answer->label, sizeof answer->label, "%.*s", SESSION_NAME_SIZE - 1, label);
    text_clean(answer->label);
}

static enum status name_prepare(void *room, const struct request *request, struct error *error)
{
    return worker_check_branch(room, request->value[0].number, error);
}

static void name_obey(void *room, const struct request *request, struct event *answer)
{
    tell_about(room, (uint16_t)request->value[0].number, EVENT_NAMED, request_text(request), answer);
}

const struct command control_name = {
    .name = "name",
    .about = "calls the branch so",
    .example = "careful",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .implied = IMPLIED_CHOSEN},
                 {.name = "TEXT", .type = ARGUMENT_TEXT, .max = WORKER_TEXT_MAX}},
    .flags = COMMAND_RECORDED | COMMAND_LOOKS,
    .prepare = name_prepare,
    .obey = name_obey,
};

static enum status delete_prepare(void *room, const struct request *request, struct error *error)
{
    const struct worker *worker = room;
    const uint64_t branch = request->value[0].number;
    enum status status = worker_check_branch(worker, branch, error);
    if (status != STATUS_OK)
        return status;
    const bool racing = worker->rival.racing && worker->rival.lane.at.branch == branch;
    const char *reason = branch == worker->lane.at.branch ? "this is the branch that is running: switch first"
                         : track_branch(worker->track, (uint16_t)branch)->growing > 0
                             ? "other branches grow out of it: delete those first"
                         : racing ? "it is racing"
                                  : NULL;
    return reason ? error_set(error, STATUS_USAGE, "%s", reason) : STATUS_OK;
}

static void delete_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    const uint16_t branch = (uint16_t)request->value[0].number;
    if (worker_rival_is(worker, branch))
        worker_rival_free(worker);
    worker_forget(worker, branch);
    tell_about(worker, branch, EVENT_DELETED, "deleted", answer);
}

const struct command control_delete = {
    .name = "delete",
    .about = "forgets the branch",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .optional = true, .implied = IMPLIED_CHOSEN}},
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .prepare = delete_prepare,
    .obey = delete_obey,
};
