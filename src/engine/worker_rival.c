/* Runs a second line of steps beside the present one: a twin (the same start with something changed) or a rival
 * (another branch that takes a step for each step of this one).  Each has a trainer and pending samples of its own;
 * there is one at a time. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"
#include "setup/twin.h"

static_assert(TWIN_TEXT_SIZE > WORKER_TEXT_MAX, "the words that a command brings fit");

void worker_rival_free(struct worker *worker)
{
    trainer_free(worker->rival.trainer);
    pending_free(worker->rival.pending);
    worker->rival = (struct worker_rival){0};
}

/* Keeps a snapshot of the second trainer, which is at the end of its branch: a later seek to there starts from it. */
void worker_rival_snapshot(struct worker *worker)
{
    const struct worker_rival *rival = &worker->rival;
    struct timeline *timeline = rival->trainer ? worker_timeline(worker, rival->branch) : NULL;
    if (!timeline || !timeline_fits(timeline))
        return;
    const struct track_point end = track_end(worker->track, rival->branch);
    timeline_keep(timeline, &end, worker->work, trainer_state(rival->trainer), false);
}

static void keep(struct worker *worker)
{
    worker_rival_snapshot(worker);
    worker_flush_step(worker, worker->rival.pending);
}

void worker_rival_rest(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    if (!rival->racing)
        return;
    rival->racing = false;
    keep(worker);
}

static bool make_pending(struct worker_rival *rival)
{
    rival->pending = pending_create(trainer_layers(rival->trainer), rival->branch);
    return rival->pending != NULL;
}

static void take_evaluation(struct worker *worker, const float *measures)
{
    const struct worker_rival *rival = &worker->rival;
    worker_take_evaluation(rival->trainer, rival->pending, rival->step, measures);
    worker_record_evaluation(worker, rival->recorder.record, rival->trainer, rival->step, measures);
}

/* False when the loss is no number any more. */
static bool step(struct worker *worker, float *measures)
{
    struct worker_rival *rival = &worker->rival;
    if (rival->step >= rival->recorder.reserved)
        worker_record_reserve(worker, &rival->recorder);
    if (trainer_step(rival->trainer, measures) != STEP_DONE)
        return false;
    rival->step++;
    record_step(rival->recorder.record, rival->step, measures);
    worker->work++;
    track_reach(worker->track, rival->branch, rival->step);
    if (pending_step(rival->pending, rival->step, measures))
        worker_flush_step(worker, rival->pending);
    return true;
}

/* ---- Races ------------------------------------------------------------------------------------- */

static void fill_race(const struct worker *worker, bool on, const char *label, struct event *event)
{
    event->kind = EVENT_RACE;
    event->what = worker->rival.branch;
    event->from = worker_running(worker);
    event->to = on;
    snprintf(event->label, sizeof event->label, "%s", label);
}

static enum status race_prepare(void *room, const struct request *request, struct error *error)
{
    struct worker *worker = room;
    const uint64_t branch = request->value[0].number;
    if (branch == worker->branch)
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
    struct worker_rival rival = {.branch = branch, .step = worker->walk.at.step};
    if (worker_rival_is(worker, branch))
        return STATUS_OK;
    enum status status = worker_model_make(worker, track_branch(worker->track, branch)->model, &rival.trainer, error);
    if (status == STATUS_OK) {
        state_copy(trainer_state(worker->walk.trainer), trainer_state(rival.trainer));
        status = trainer_restored(rival.trainer, error);
    }
    if (status == STATUS_OK && !make_pending(&rival))
        status = error_memory(error);
    if (status == STATUS_OK)
        worker->reserved.rival = rival;
    else
        trainer_free(rival.trainer);
    return status;
}

/* Puts the reserved one into the place of the one before, if there is one. */
static void replace(struct worker *worker)
{
    worker_rival_rest(worker);
    worker_rival_free(worker);
    worker->rival = worker->reserved.rival;
    worker->rival.recorder.record = track_branch(worker->track, worker->rival.branch)->record;
    worker->reserved.rival = (struct worker_rival){.trainer = NULL};
}

static void race_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    (void)request;
    if (worker->reserved.rival.trainer)
        replace(worker);
    const bool on = !worker->rival.racing;
    if (on)
        worker->rival.racing = true;
    else
        worker_rival_rest(worker);
    fill_race(worker, on, on ? "race" : "the rival rests", answer);
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

/* Finishes the rival's boundary at once, since it keeps pace with the present branch.  Returns why it cannot go on, or
 * NULL. */
static const char *settle(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    float measures[SERIES_TOTAL];
    for (;;) {
        const enum trainer_piece piece = worker_whole_piece(worker, rival->trainer, measures, NULL);
        if (piece == PIECE_EVALUATION || piece == PIECE_EARLY_STOP)
            take_evaluation(worker, measures);
        if (piece == PIECE_EARLY_STOP && trainer_stage_is_last(rival->trainer))
            return "the rival stopped early: it rests";
        if (piece == PIECE_FAILED)
            return "no memory for the rival's next stage: it rests";
        if (piece == PIECE_NONE || piece == PIECE_OF_EVALUATION) /* or told to stop */
            return NULL;
    }
}

void worker_rival_step(struct worker *worker)
{
    float measures[SERIES_TOTAL];
    const char *reason = step(worker, measures) ? settle(worker) : "the rival's loss is no longer a number: it rests";
    if (!reason)
        return;
    struct event event = {.kind = EVENT_RACE};
    worker_rival_rest(worker);
    fill_race(worker, false, reason, &event);
    worker_say(worker, &event);
}

/* ---- Twins ------------------------------------------------------------------------------------- */

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
    uint16_t *path = track_path(track, here.branch, &length);
    bool whole = path != NULL;
    for (size_t i = 0; whole && i < length; i++) {
        const size_t count = i + 1 < length ? track_branch(track, path[i + 1])->origin.inputs : here.inputs;
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
    const double rows = (double)trainer_stage(worker->trainer, start->stage)->dataset->train;
    start->knobs.value[KNOB_BATCH] = fmin(start->knobs.value[KNOB_BATCH], rows);
}

/* The start of the present branch's root, changed; or of the present stage, where it did not begin from scratch
 * itself. */
static enum status find_start(struct worker *worker, const struct twin *twin, struct trainer_start *start,
                              struct error *error)
{
    uint16_t at = worker->branch;
    while (track_branch(worker->track, at)->root == TRACK_GROWN)
        at = track_branch(worker->track, at)->origin.branch;
    const struct track_branch *root = track_branch(worker->track, at);
    const bool drawn = root->root == TRACK_SEEDED && !worker->placed;
    if (twin->scratch && drawn && root->start.stage == trainer_stage_number(worker->trainer))
        return error_set(error, STATUS_USAGE,
                         trainer_stage_is_last(worker->trainer)
                             ? "this is the run from scratch: say what its twin has otherwise"
                             : "this is the run from scratch: G goes to its next stage");
    if (!twin->scratch && root->root != TRACK_SEEDED)
        return error_set(error, STATUS_USAGE, "this run began with a checkpoint: its start is not known");
    *start = twin->scratch ? trainer_scratch(worker->trainer) : root->start;
    change_start(worker, twin, start);
    return STATUS_OK;
}

/* The present model with what the twin has otherwise; -1: out of memory. */
static int find_model(struct worker *worker, const struct twin *twin)
{
    char change[2 * TWIN_TEXT_SIZE];
    const char *present = worker->model[worker->present].change;
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
    rival->branch = (uint16_t)branch;
    if ((!twin->scratch && !copy_inputs(worker, twin, rival->branch)) || !make_pending(rival)) {
        track_take_back(worker->track);
        return error_memory(error);
    }
    return STATUS_OK;
}

/* A twin learns what the present branch does. */
static enum status check_knobs(const struct worker *worker, const struct twin *twin, struct error *error)
{
    const bool text = trainer_objective(worker->trainer)->kind == TASK_TEXT;
    for (size_t i = 0; i < KNOB_COUNT && text; i++)
        if (twin->changed[i] && knob_table[i].not_for_text)
            return error_set(error, STATUS_USAGE, "%s: %s", knob_table[i].name, knob_table[i].not_for_text);
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
    struct worker_rival rival = {
        .step = start.step, .begin = start.step, .catch_up = worker->step, .catching_up = true, .slice = 1};
    const int model = find_model(worker, &twin);
    status = model < 0 ? error_memory(error) : worker_model_make(worker, (uint16_t)model, &rival.trainer, error);
    if (status == STATUS_OK)
        status = retrace_start(rival.trainer, &start, error);
    if (status == STATUS_OK)
        status = make_branch(worker, &twin, &start, (uint16_t)model, &rival, error);
    if (status != STATUS_OK) {
        trainer_free(rival.trainer);
        return status;
    }
    rival.rows = worker_chunk(rival.trainer);
    worker->reserved.rival = rival;
    return STATUS_OK;
}

static void twin_obey(void *room, const struct request *request, struct event *answer)
{
    struct worker *worker = room;
    replace(worker);
    worker->rival.started = clock_now();
    answer->kind = EVENT_TWIN;
    answer->branch = worker->rival.branch;
    answer->what = worker->branch;
    answer->to = (double)worker->step;
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

/* Ends the catching up, wherever the twin is.  Inputs that it did not reach or could not apply leave its branch. */
static void end_catch_up(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    rival->catching_up = false;
    track_cut(worker->track, rival->branch, rival->inputs);
    keep(worker);
    worker_show_walk(worker, rival->started, -1);
    worker->commanded = true;
}

static void say_end(struct worker *worker, enum event_kind kind, const char *label)
{
    struct event event = {.kind = kind, .branch = worker->rival.branch, .step = worker->rival.step};
    snprintf(event.label, sizeof event.label, "%s", label);
    end_catch_up(worker);
    worker_tell(worker, &event, false);
    worker_script_walked(worker);
}

void worker_rival_give_up(struct worker *worker)
{
    struct request request = {.row = engine_command("delete"), .value = {{.number = worker->rival.branch}}};
    struct error error;
    end_catch_up(worker);
    worker_script_walked(worker);
    worker_try(worker, &request, WORKER_OWN, &error); /* nothing can refuse it */
}

/* From a settled boundary: applies the next input of this step, or takes a step.  False when the twin has arrived, or
 * cannot go on. */
static bool leave_boundary(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    float measures[SERIES_TOTAL];
    const struct track_point here = {.branch = rival->branch, .step = rival->step, .inputs = rival->inputs};
    const struct track_input *input = track_next(worker->track, &here);
    if (input) {
        if (!retrace_input(rival->trainer, &input->request)) {
            say_end(worker, EVENT_REFUSED, "the twin ends here: no memory for what is turned");
            return false;
        }
        rival->inputs++;
        return true;
    }
    if (rival->step >= rival->catch_up) {
        say_end(worker, EVENT_ARRIVED, "there");
        return false;
    }
    if (!step(worker, measures)) {
        say_end(worker, EVENT_DIVERGED, "twin: loss not finite");
        return false;
    }
    return true;
}

/* A piece of the way.  False when that was the last. */
static bool go_on(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    float measures[SERIES_TOTAL];
    switch (trainer_settle(rival->trainer, rival->rows, measures, NULL)) {
    case PIECE_NONE:
        return leave_boundary(worker);
    case PIECE_FAILED:
        say_end(worker, EVENT_REFUSED, "the twin ends here: no memory for its next stage");
        return false;
    case PIECE_EVALUATION:
    case PIECE_EARLY_STOP:
        take_evaluation(worker, measures);
        return true;
    default:
        return true;
    }
}

void worker_rival_catch_up(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    const uint64_t begun = clock_now();
    for (uint64_t i = 0; i < rival->slice; i++)
        if (!go_on(worker))
            return;
    rival->slice = slice_next(rival->slice, clock_now() - begun);
    const uint64_t whole = rival->catch_up - rival->begin;
    worker_show_walk(worker, rival->started, whole > 0 ? (double)(rival->step - rival->begin) / (double)whole : 1);
}
