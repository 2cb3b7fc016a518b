/* A second line of steps beside the present one: a twin (the same start with something changed) or a rival (another branch that takes a step
 * for each step of this one).  Each has a trainer and pending samples of its own; there is one at a time. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "run/twin.h"
#include "run/worker_parts.h"

#define SLICE_NS 4000000u

void worker_rival_free(struct worker *worker)
{
    trainer_free(worker->rival.trainer);
    pending_free(worker->rival.pending);
    worker->rival = (struct worker_rival){0};
}

/* Its end is the branch's end, whenever somebody comes back to it. */
static void keep(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    track_reach(worker->track, rival->branch, rival->step);
    const struct track_point end = track_end(worker->track, rival->branch);
    if (!rival->other_model && timeline_fits(worker->timeline))
        timeline_keep(worker->timeline, &end, worker->work, trainer_state(rival->trainer), false);
    worker_flush_step(worker, rival->pending);
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

/* What was measured at the boundary after a step; true when it has stopped early. */
static bool settle(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    float measures[SERIES_TOTAL];
    if (!trainer_evaluation_due(rival->trainer))
        return false;
    while (!trainer_evaluate(rival->trainer, EVALUATION_ROWS_MAX, measures)) {
    }
    for (unsigned i = 0; i < SERIES_COUNT; i++)
        if (!series_table[i].every_step)
            pending_value(rival->pending, i, rival->step, measures[i]);
    const bool stopped = trainer_early_stopped(rival->trainer);
    if (stopped)
        trainer_restore_best(rival->trainer);
    return stopped;
}

/* False when the loss is no number any more. */
static bool step(struct worker *worker, float *measures)
{
    struct worker_rival *rival = &worker->rival;
    if (trainer_step(rival->trainer, measures) != STEP_DONE)
        return false;
    rival->step++;
    worker->work++;
    if (pending_step(rival->pending, rival->step, measures))
        worker_flush_step(worker, rival->pending);
    return true;
}

/* ---- Races ------------------------------------------------------------------------------------- */

static void say_race(struct worker *worker, const struct command *command, bool on, const char *label)
{
    struct event event = {
        .kind = EVENT_RACE,
        .what = worker->rival.branch,
        .token = command ? command->token : 0,
        .to = on,
    };
    snprintf(event.label, sizeof event.label, "%s", label);
    if (command)
        worker_answer(worker, &event);
    else
        worker_say(worker, &event);
}

static void start_race(struct worker *worker, const struct command *command)
{
    worker_write(worker, command);
    worker->rival.racing = true;
    say_race(worker, command, true, "race");
}

bool worker_race(struct worker *worker, const struct command *command)
{
    struct worker_rival *rival = &worker->rival;
    if (command->branch == worker->branch) {
        worker_reply(worker, command, EVENT_REFUSED, "it cannot race against itself: choose another branch");
        return true;
    }
    if (rival->racing && rival->branch == command->branch) {
        worker_write(worker, command);
        worker_rival_rest(worker);
        say_race(worker, command, false, "the rival rests");
        return true;
    }
    worker_rival_rest(worker);
    if (!rival->trainer || rival->branch != command->branch)
        return worker_walk_begin(worker, command);
    start_race(worker, command);
    return true;
}

void worker_rival_take(struct worker *worker, const struct command *command)
{
    struct worker_rival *rival = &worker->rival;
    struct error error = {0};
    worker_rival_free(worker);
    rival->branch = command->branch;
    if (worker->factory.make(worker->factory.owner, "", &rival->trainer, &error) != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return;
    }
    state_copy(trainer_state(worker->walk.trainer), trainer_state(rival->trainer));
    rival->step = worker->walk.at.step;
    if (trainer_restored(rival->trainer, &error) != STATUS_OK || !make_pending(rival)) {
        worker_rival_free(worker);
        error_memory(&error);
        worker_refuse(worker, command, &error);
        return;
    }
    start_race(worker, command);
}

void worker_rival_step(struct worker *worker)
{
    float measures[SERIES_TOTAL];
    const char *reason = NULL;
    if (!step(worker, measures))
        reason = "the rival's loss is no longer a number: it rests";
    else if (settle(worker))
        reason = "the rival stopped early: it rests";
    if (!reason)
        return;
    worker_rival_rest(worker);
    say_race(worker, NULL, false, reason);
}

/* ---- Twins ------------------------------------------------------------------------------------- */

/* What was turned on the way to the present, but for what the twin has otherwise. */
static bool copy_turns(struct worker *worker, const struct twin *twin, uint16_t number)
{
    const struct track *track = worker->track;
    const struct track_point here = worker_here(worker);
    size_t length = 1;
    uint16_t at = here.branch;
    for (; track_branch(track, at)->root == TRACK_GROWN; length++)
        at = track_branch(track, at)->origin.branch;
    uint16_t *path = mem_alloc(length, sizeof *path);
    bool whole = path != NULL;
    at = here.branch;
    for (size_t i = length; whole && i-- > 0; at = track_branch(track, at)->origin.branch)
        path[i] = at;
    for (size_t i = 0; whole && i < length; i++) {
        const size_t count = i + 1 < length ? track_branch(track, path[i + 1])->origin.inputs : here.inputs;
        for (size_t k = 0; whole && k < count; k++) {
            const struct track_input input = track_branch(track, path[i])->input[k];
            if (!twin->changed[input.knob])
                whole = track_turn(worker->track, number, &input);
        }
    }
    mem_free(path);
    return whole;
}

/* The start of the present branch's root, changed.  False where it has none. */
static bool find_start(struct worker *worker, const struct twin *twin, struct track_start *start)
{
    uint16_t at = worker->branch;
    while (track_branch(worker->track, at)->root == TRACK_GROWN)
        at = track_branch(worker->track, at)->origin.branch;
    if (track_branch(worker->track, at)->root != TRACK_SEEDED)
        return false;
    *start = track_branch(worker->track, at)->start;
    twin_apply(twin, start);
    return true;
}

static void name_twin(struct worker *worker, const struct command *command, uint16_t branch)
{
    struct event event = {
        .kind = EVENT_TWIN,
        .branch = branch,
        .what = worker->branch,
        .token = command->token,
        .to = (double)worker->step,
    };
    snprintf(event.label, sizeof event.label, "%.*s", (int)sizeof event.label - 1, command->text);
    worker_tell(worker, &event, true);
}

bool worker_twin(struct worker *worker, const struct command *command)
{
    struct worker_rival *rival = &worker->rival;
    struct track_start start;
    struct twin twin;
    struct error error = {0};
    if (twin_parse(&twin, command->text, &error) != STATUS_OK) {
        worker_refuse(worker, command, &error);
        return true;
    }
    if (!find_start(worker, &twin, &start)) {
        worker_reply(worker, command, EVENT_REFUSED, "this run began with a checkpoint: its start is not known");
        return true;
    }
    worker_snapshot(worker);
    worker_rival_rest(worker);
    worker_rival_free(worker);
    if (worker->factory.make(worker->factory.owner, twin.model, &rival->trainer, &error) != STATUS_OK ||
        retrace_start(rival->trainer, &start, &error) != STATUS_OK) {
        worker_rival_free(worker);
        worker_refuse(worker, command, &error);
        return true;
    }
    const int branch = track_seed(worker->track, &start);
    rival->branch = (uint16_t)branch;
    if (branch < 0 || !make_pending(rival) || !copy_turns(worker, &twin, rival->branch)) {
        if (branch >= 0)
            track_delete(worker->track, (uint16_t)branch);
        worker_rival_free(worker);
        worker_refuse(worker, command, (error_memory(&error), &error));
        return true;
    }
    rival->other_model = twin.model[0] != '\0';
    if (rival->other_model)
        track_other_model(worker->track, rival->branch);
    worker_write(worker, command);
    trainer_restart(rival->trainer, start.seed); /* its first evaluation is to be seen */
    settle(worker);
    rival->catch_up = worker->step;
    rival->catching_up = true;
    rival->started = clock_now();
    name_twin(worker, command, rival->branch);
    return false;
}

/* Turns of the present step.  False when one could not be made. */
static bool take_turns(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    const struct track_branch *branch = track_branch(worker->track, rival->branch);
    for (; rival->inputs < branch->inputs && branch->input[rival->inputs].step <= rival->step; rival->inputs++) {
        const struct track_input *input = &branch->input[rival->inputs];
        char label[EVENT_LABEL_SIZE];
        if (trainer_set_knob(rival->trainer, input->knob, input->value, label, sizeof label, NULL) != STATUS_OK)
            return false;
    }
    return true;
}

/* What it could not turn was turned on the other model only. */
static void end_catch_up(struct worker *worker, const char *problem)
{
    struct worker_rival *rival = &worker->rival;
    rival->catching_up = false;
    track_reach(worker->track, rival->branch, rival->step);
    keep(worker);
    worker_show_walk(worker, rival->started, -1);
    worker->commanded = true;
    if (problem) {
        struct event event = {.kind = EVENT_DIVERGED, .branch = rival->branch, .step = rival->step};
        snprintf(event.label, sizeof event.label, "%s", problem);
        worker_tell(worker, &event, false);
    }
    worker_script_walked(worker);
}

void worker_rival_give_up(struct worker *worker)
{
    const uint16_t branch = worker->rival.branch;
    end_catch_up(worker, NULL);
    worker_delete(worker, &(struct command){.kind = COMMAND_DELETE, .branch = branch});
}

void worker_rival_catch_up(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    float measures[SERIES_TOTAL];
    const uint64_t begun = clock_now();
    do {
        for (unsigned i = 0; i < 16; i++) {
            if (!take_turns(worker)) {
                end_catch_up(worker, "twin: a knob does not suit its model");
                return;
            }
            if (rival->step >= rival->catch_up) {
                end_catch_up(worker, NULL);
                return;
            }
            if (!step(worker, measures)) {
                end_catch_up(worker, "twin: loss not finite");
                return;
            }
            settle(worker);
        }
    } while (clock_now() - begun < SLICE_NS);
    worker_show_walk(worker, rival->started, (double)rival->step / (double)rival->catch_up);
}
