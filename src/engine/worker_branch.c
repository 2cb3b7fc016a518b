/* Begins, names and deletes branches: first, restart, seed, fork, load. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/worker_parts.h"

/* The first branch is number 0. */
bool worker_make_first(struct worker *worker, struct record *record)
{
    struct trainer *trainer = worker->lane.trainer;
    if (worker_model_find(worker, "") != 0 || !worker_model_prepare(worker, 0, trainer))
        return false;
    const struct trainer_start start = trainer_start_of(trainer, trainer_seed(trainer));
    const bool placed = start.weights && start.weights->learnt; /* by the file, which says nothing else */
    if (worker->loaded && !placed) {
        worker->lane.at.step = trainer_step_count(trainer);
        const struct track_point here = {.step = worker->lane.at.step};
        if (track_load(worker->track, worker->lane.at.step, 0, start.weights) != 0 ||
            !timeline_keep(worker_timeline(worker, 0), &here, 0, trainer_state(trainer), true))
            return false;
    } else if (track_seed(worker->track, &start, 0) != 0) {
        return false;
    }
    lane_record(&worker->lane, worker->track);
    return !record || record_append(worker->lane.record, record, UINT64_MAX);
}

void worker_first_branch(struct worker *worker)
{
    struct event event = {.kind = EVENT_START, .to = (double)trainer_seed(worker->lane.trainer), .label = "start"};
    worker_begin(worker);
    worker->next_snapshot = worker->lane.at.step;
    if (worker->loaded) {
        event.kind = EVENT_LOAD;
        snprintf(event.label, sizeof event.label, "from %sa checkpoint",
                 worker->spec->load_weights ? "the weights of " : "");
    }
    worker_say(worker, &event);
    if (!timeline_fits(worker_timeline(worker, 0)) && worker->budget > 0) {
        struct event large = {.kind = EVENT_REFUSED};
        snprintf(large.label, sizeof large.label,
                 "a snapshot of this model takes %zu MiB: going back starts over; save keeps a file",
                 state_bytes(trainer_state(worker->lane.trainer)) >> 20);
        worker_say(worker, &large);
    }
}

struct track_point worker_here(struct worker *worker)
{
    track_reach(worker->track, worker->lane.at.branch, worker->lane.at.step);
    return track_end(worker->track, worker->lane.at.branch);
}

void worker_snapshot(struct worker *worker)
{
    struct timeline *timeline = worker->model[worker->lane.model].timeline;
    if (!timeline_fits(timeline))
        return;
    const struct track_point here = worker_here(worker);
    timeline_keep(timeline, &here, worker->work, trainer_state(worker->lane.trainer), false);
}

void worker_snapshot_plan(struct worker *worker)
{
    const size_t batch = (size_t)trainer_knobs(worker->lane.trainer)->value[KNOB_BATCH];
    worker->next_snapshot =
        worker->lane.at.step + timeline_spacing(worker->model[worker->lane.model].timeline,
                                                model_step_flops(trainer_model(worker->lane.trainer), batch));
}

/* Whether a grown branch has no step, no input and no branch of its own. */
static bool is_empty(const struct track *track, uint16_t number)
{
    const struct track_branch *branch = track_branch(track, number);
    const struct forest_origin *origin = forest_origin(track_forest(track), number);
    return origin->grown && branch->growing == 0 && branch->inputs == 0 && branch->last == origin->step;
}

static void forget(struct worker *worker, uint16_t branch)
{
    track_delete(worker->track, branch);
    timeline_forget(worker_timeline(worker, branch), branch);
    worker->walk.placed = worker->walk.placed && worker->walk.lane.at.branch != branch;
}

void worker_move(struct worker *worker, uint16_t branch, uint64_t step)
{
    channel_retire(worker->channel, worker->lane.pending);
    pending_branch(worker->lane.pending, branch);
    const struct track_point left = worker->lane.at;
    lane_place(
        &worker->lane,
        (struct track_point){.branch = branch, .step = step, .inputs = track_branch(worker->track, branch)->inputs});
    lane_record(&worker->lane, worker->track);
    worker->finite = true; /* until it is measured */
    worker_snapshot_plan(worker);
    worker->next_mark = step;
    worker->left = left.branch != branch ? left.branch : -1;
    worker->left_step = left.step;
    worker->left_empty = left.branch != branch && is_empty(worker->track, left.branch);
    if (worker->left_empty)
        forget(worker, left.branch);
}

enum status worker_check_branch(const struct worker *worker, uint64_t branch, struct error *error)
{
    return branch < track_branches(worker->track) && !track_branch(worker->track, (uint16_t)branch)->deleted
               ? STATUS_OK
               : error_set(error, STATUS_USAGE, "there is no such branch");
}

enum status worker_refuse_full(struct error *error)
{
    return error_set(error, STATUS_FAILED, "no more branches: out of memory or of numbers");
}

/* Pins a snapshot of the present state, which no seek could recompute.  Without memory there is none, and a later seek
 * to this branch is refused. */
static void pin(struct worker *worker)
{
    const struct track_point here = worker_here(worker);
    timeline_keep(worker->model[worker->lane.model].timeline, &here, worker->work, trainer_state(worker->lane.trainer),
                  true);
}

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
    worker_note(worker, answer->label);
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
    worker_note(worker, answer->label);
}

const struct command control_fork = {
    .name = "fork",
    .about = "another branch from here",
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .reserve = fork_reserve,
    .obey = fork_obey,
};

/* ---- load ---- */

/* Reads the file into the second trainer, so that one that cannot be used leaves the run as it was. */
static enum status read_checkpoint(struct worker *worker, const struct checkpoint_file *file, struct error *error)
{
    enum status status = worker_seek_trainer(worker, worker->lane.model, error);
    struct trainer *read = worker->walk.lane.trainer;
    if (status != STATUS_OK)
        return status;
    worker->walk.placed = false;
    state_copy(trainer_state(worker->lane.trainer), trainer_state(read));
    status = trainer_restored(read, error);
    return status == STATUS_OK ? checkpoint_apply(file, read, error) : status;
}

static enum status load_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    struct checkpoint_file *file = NULL;
    enum status status = checkpoint_open(&file, request_text(request), error);
    worker_here(worker);
    worker_snapshot(worker);
    if (status == STATUS_OK)
        status = read_checkpoint(worker, file, error);
    if (status == STATUS_OK) {
        /* Weights alone are from here on those that `again` begins with. */
        const struct trainer_start read = trainer_start_of(worker->walk.lane.trainer, 0);
        struct start_weights *weights = checkpoint_has_state(file)
                                            ? track_root(worker->track, worker->lane.at.branch)->start.weights
                                            : read.weights;
        worker->reserved.branch = track_load(worker->track, checkpoint_file_step(file), worker->lane.model, weights);
        if (worker->reserved.branch < 0)
            status = worker_refuse_full(error);
    }
    checkpoint_close(file);
    return status;
}

static void load_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    worker_seek_take(worker, NULL);
    worker_rival_rest(worker);
    worker_move(worker, (uint16_t)worker->reserved.branch, trainer_step_count(worker->lane.trainer));
    pin(worker);
    worker_stand(worker);
    worker->settled = !trainer_evaluation_due(worker->lane.trainer);
    if (worker->settled) /* else after its evaluation */
        worker_write_outcome(worker, OUTCOME_STATE, state_hash(trainer_state(worker->lane.trainer)));
    answer->kind = EVENT_LOAD;
    answer->to = (double)worker->lane.at.step;
    snprintf(answer->label, sizeof answer->label, "loaded");
    worker_note(worker, answer->label);
}

const struct command control_load = {
    .name = "load",
    .about = "goes on from a checkpoint",
    .example = "model.safetensors",
    .argument = {{.name = "FILE", .type = ARGUMENT_TEXT, .max = WORKER_TEXT_MAX}},
    .flags = COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .reserve = load_reserve,
    .obey = load_obey,
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
    forget(worker, branch);
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
