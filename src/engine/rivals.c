/* The commands for a second line of steps beside the present one: a race with another branch, and a twin, which is the
 * same start with something changed. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/worker_parts.h"
#include "setup/twin.h"

static_assert(TWIN_TEXT_SIZE > WORKER_TEXT_MAX, "the words that a command brings fit");

static bool make_pending(struct worker_rival *rival)
{
    rival->lane.pending = pending_create(trainer_layers(rival->lane.trainer), rival->lane.at.branch);
    return rival->lane.pending != NULL;
}

/* ---- race ---- */

static enum status race_prepare(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const uint64_t branch = request->value[0].number;
    if (branch == worker->lane.at.branch)
        return error_set(error, STATUS_USAGE, "it cannot race against itself: choose another branch");
    if (worker_rival_is(worker, (uint16_t)branch))
        return STATUS_OK;
    const enum status status = worker_seek_end(worker, branch, error);
    worker->seek.beside = true;
    return status;
}

/* A trainer that stands at the end of the branch, unless there is one. */
static enum status race_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const uint16_t branch = (uint16_t)request->value[0].number;
    struct worker_rival rival = {.lane = {.at = worker->walk.lane.at, .rows = worker->walk.lane.rows}};
    if (worker_rival_is(worker, branch))
        return STATUS_OK;
    enum status status =
        worker_model_make(worker, track_branch(worker->track, branch)->model, &rival.lane.trainer, error);
    if (status == STATUS_OK) {
        state_copy(trainer_state(worker->walk.lane.trainer), trainer_state(rival.lane.trainer));
        status = trainer_restored(rival.lane.trainer, error);
    }
    if (status == STATUS_OK && !make_pending(&rival))
        status = error_memory(error);
    if (status == STATUS_OK)
        worker->reserved.rival = rival;
    else
        trainer_free(rival.lane.trainer);
    return status;
}

/* Puts the reserved one into the place of the one before, if there is one. */
static void replace(struct worker *worker)
{
    worker_rival_rest(worker);
    worker_rival_free(worker);
    worker->rival = worker->reserved.rival;
    lane_record(&worker->rival.lane, worker->track);
    worker->reserved.rival = (struct worker_rival){.lane = {.trainer = NULL}};
}

static void race_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    if (worker->reserved.rival.lane.trainer)
        replace(worker);
    const bool on = !worker->rival.racing;
    if (on)
        worker->rival.racing = true;
    else
        worker_rival_rest(worker);
    worker_fill_race(worker, on, on ? "race" : "the rival rests", answer);
}

/* The branch runs on beside this one, step by step; given again, it rests. */
const struct command control_race = {
    .name = "race",
    .about = "it runs beside; again: it rests",
    .argument = {{.name = "BRANCH", .type = ARGUMENT_BRANCH, .optional = true, .implied = IMPLIED_RIVAL}},
    .flags = COMMAND_SEEKS | COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .prepare = race_prepare,
    .reserve = race_reserve,
    .obey = race_obey,
};

/* ---- twin ---- */

/* Whether the input sets a knob that the twin has otherwise. */
static bool is_changed(const struct twin *twin, const struct request *request)
{
    for (size_t i = 0; i < COMMAND_ARGUMENTS; i++)
        if (request->row->argument[i].type == ARGUMENT_KNOB && twin->changed[request->value[i].number])
            return true;
    return false;
}

/* The inputs on the way to the present, but for those that set what the twin has otherwise. */
static bool copy_inputs(struct worker *worker, const struct twin *twin, uint16_t number)
{
    const struct track *track = worker->track;
    const struct track_point here = worker_here(worker);
    size_t length;
    uint16_t *path = forest_path(track_forest(track), here.branch, &length);
    bool whole = path != NULL;
    for (size_t i = 0; whole && i < length; i++) {
        const size_t count = i + 1 < length ? track_origin(track, path[i + 1]).inputs : here.inputs;
        for (size_t k = 0; whole && k < count; k++) {
            const struct track_input *input = &track_branch(track, path[i])->input[k];
            if (!is_changed(twin, &input->request))
                whole = track_add(worker->track, number, input->step, &input->request);
        }
    }
    mem_free(path);
    return whole;
}

/* A batch is at most all rows of the stage that it begins with, as any run's. */
static void change_start(struct worker *worker, const struct twin *twin, struct trainer_start *start)
{
    twin_apply(twin, start);
    const double rows = (double)trainer_stage(worker->lane.trainer, start->stage)->dataset->train;
    start->knobs.value[KNOB_BATCH] = fmin(start->knobs.value[KNOB_BATCH], rows);
}

/* The start of the present branch's root, changed; or of the present stage, where it did not begin from scratch
 * itself. */
static enum status find_start(struct worker *worker, const struct twin *twin, struct trainer_start *start,
                              struct error *error)
{
    const struct track_branch *root = track_root(worker->track, worker->lane.at.branch);
    const struct start_weights *weights = root->start.weights;
    const bool drawn = root->seeded && !(weights && weights->learnt);
    if (twin->scratch && drawn && root->start.stage == trainer_stage_number(worker->lane.trainer))
        return error_set(error, STATUS_USAGE,
                         trainer_stage_is_last(worker->lane.trainer)
                             ? "this is the run from scratch: say what its twin has otherwise"
                             : "this is the run from scratch: the command stage begins its next one");
    if (!twin->scratch && !root->seeded)
        return error_set(error, STATUS_USAGE, "this run began with a checkpoint: its start is not known");
    *start = twin->scratch ? trainer_scratch(worker->lane.trainer) : root->start;
    change_start(worker, twin, start);
    return STATUS_OK;
}

/* The present model with what the twin has otherwise; -1: out of memory. */
static int find_model(struct worker *worker, const struct twin *twin)
{
    char change[2 * TWIN_TEXT_SIZE];
    const char *present = worker->model[worker->lane.model].change;
    snprintf(change, sizeof change, "%s%s%s", present, present[0] && twin->model[0] ? " " : "", twin->model);
    return worker_model_find(worker, change);
}

/* Makes the branch of a twin that begins with `start`; its inputs are still to be applied. */
static enum status make_branch(struct worker *worker, const struct twin *twin, const struct trainer_start *start,
                               uint16_t model, struct worker_rival *rival, struct error *error)
{
    const int branch = track_seed(worker->track, start, model);
    if (branch < 0)
        return worker_refuse_full(error);
    rival->lane.at.branch = (uint16_t)branch;
    if ((!twin->scratch && !copy_inputs(worker, twin, rival->lane.at.branch)) || !make_pending(rival)) {
        track_take_back(worker->track);
        return error_memory(error);
    }
    return STATUS_OK;
}

/* A twin learns what the present branch does. */
static enum status check_knobs(const struct worker *worker, const struct twin *twin, struct error *error)
{
    const struct refusal *refuses = trainer_objective(worker->lane.trainer)->refuses;
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const char *reason = refusal_find(refuses, knob_table[i].name);
        if (twin->changed[i] && reason)
            return error_set(error, STATUS_USAGE, "%s: %s", knob_table[i].name, reason);
    }
    return STATUS_OK;
}

static enum status twin_reserve(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    struct trainer_start start;
    struct twin twin;
    enum status status = twin_parse(&twin, request_text(request), error);
    if (status == STATUS_OK)
        status = check_knobs(worker, &twin, error);
    if (status == STATUS_OK)
        status = find_start(worker, &twin, &start, error);
    if (status != STATUS_OK)
        return status;
    worker_snapshot(worker);
    struct worker_rival rival = {.lane = {.at = {.step = start.step}}, .catching_up = true, .slice = 1};
    const int model = find_model(worker, &twin);
    status = model < 0 ? error_memory(error) : worker_model_make(worker, (uint16_t)model, &rival.lane.trainer, error);
    if (status == STATUS_OK)
        status = path_start(rival.lane.trainer, &start, error);
    if (status == STATUS_OK)
        status = make_branch(worker, &twin, &start, (uint16_t)model, &rival, error);
    if (status != STATUS_OK) {
        trainer_free(rival.lane.trainer);
        return status;
    }
    rival.lane.rows = lane_rows(rival.lane.trainer);
    rival.path =
        (struct path){.track = worker->track,
                      .target = {.branch = rival.lane.at.branch, .step = worker->lane.at.step, .inputs = SIZE_MAX},
                      .begin = start.step};
    worker->reserved.rival = rival;
    return STATUS_OK;
}

static void twin_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    replace(worker);
    worker->rival.started = clock_now();
    answer->kind = EVENT_TWIN;
    answer->branch = worker->rival.lane.at.branch;
    answer->what = worker->lane.at.branch;
    answer->to = (double)worker->lane.at.step;
    snprintf(answer->label, sizeof answer->label, "%.*s", (int)sizeof answer->label - 1, request_text(request));
}

/* The same start with something changed, run to the same step beside this branch. */
const struct command control_twin = {
    .name = "twin",
    .about = "the same start with lr=0.3 hidden=16,16",
    .example = "lr=0.3",
    .argument = {{.name = "CHANGES", .type = ARGUMENT_TEXT, .max = WORKER_TEXT_MAX}},
    .flags = COMMAND_SEEKS | COMMAND_RECORDED | COMMAND_TAKES_OVER,
    .reserve = twin_reserve,
    .obey = twin_obey,
};
