/* Does what the worker owes between two steps: evaluations, early stopping, stages, snapshots, the script, ends. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/worker_parts.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void worker_plan(struct worker *worker)
{
    const struct spec *spec = worker->spec;
    uint64_t stop = worker->until;
    if (worker->next_turn < spec->turns)
        stop = least(stop, spec->turn[worker->next_turn].step);
    if (spec->steps > 0 && !worker->limit_passed)
        stop = least(stop, spec->steps);
    worker->next_stop = stop;
}

/* The last stage's end is the run's. */
static bool stages_are_over(const struct worker *worker)
{
    return trainer_stage_is_last(worker->lane.trainer) && trainer_stage_over(worker->lane.trainer);
}

bool worker_limit_is_behind(const struct worker *worker)
{
    const struct spec *spec = worker->spec;
    return (spec->steps > 0 && worker->lane.at.step >= spec->steps) ||
           (spec->epochs > 0 && trainer_epoch(worker->lane.trainer) >= spec->epochs) || stages_are_over(worker);
}

bool worker_limit_reached(const struct worker *worker)
{
    return !worker->limit_passed && worker_limit_is_behind(worker);
}

/* ---- what the present lane tells ---- */

static void note_evaluation(struct worker *worker, const float *measures)
{
    worker->finite = trainer_is_finite(worker->lane.trainer, measures);
}

/* The lane has an evaluation of the present state in its samples and its record. */
static void take_evaluation(struct worker *worker)
{
    note_evaluation(worker, worker->lane.measures);
    worker->seen_branch = worker->lane.at.branch;
    worker->seen_step = worker->lane.at.step;
    worker_fill_row(worker);
    if (worker->sink && !worker->row_open)
        return;
    worker->measured_branch = worker->lane.at.branch;
    worker->measured_step = worker->lane.at.step;
}

static bool present_goes_on(void *owner)
{
    struct worker *worker = owner;
    if (bell_peek(&worker->bell))
        worker_listen(worker);
    return !worker->abandoned;
}

static void present_measured(void *owner)
{
    struct worker *worker = owner;
    take_evaluation(worker);
    worker_close_row(worker);
    worker->mark_due = true;
}

static void present_staged(void *owner, const struct stage_end *before)
{
    struct worker *worker = owner;
    struct event event = {.token = 0};
    worker_close_row(worker);
    worker_enter_stage(worker, before, &event);
    worker_say(worker, &event);
}

static void present_stepped(void *owner, bool full)
{
    struct worker *worker = owner;
    worker->work++;
    if (full)
        worker_flush_step(worker, worker->lane.pending);
    if (worker_row_due(worker))
        worker_open_row(worker, worker->lane.at.step, true);
    if (worker->singles > 0 && --worker->singles == 0)
        worker->pause_due = true;
    if (worker->epochs > 0 && trainer_epoch_ended(worker->lane.trainer) && --worker->epochs == 0)
        worker->pause_due = true;
}

/* Advances the present lane up to that step. */
static enum lane_end advance(struct worker *worker, uint64_t step, uint64_t pieces, struct error *error)
{
    const struct lane_watch watch = {.owner = worker,
                                     .go_on = present_goes_on,
                                     .stepped = present_stepped,
                                     .measured = present_measured,
                                     .staged = present_staged};
    struct path path = {.target = {.step = step}};
    return lane_advance(&worker->lane, &path, pieces, false, &watch, error);
}

bool worker_measure(struct worker *worker)
{
    if (worker->measured_branch == worker->lane.at.branch && worker->measured_step == worker->lane.at.step)
        return true;
    const size_t rows = worker_chunk(worker->lane.trainer);
    while (!trainer_evaluate(worker->lane.trainer, rows, worker->lane.measures)) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->abandoned) {
            trainer_drop_evaluation(worker->lane.trainer);
            return false;
        }
    }
    worker_open_row(worker, worker->lane.at.step, false);
    lane_take_evaluation(&worker->lane);
    take_evaluation(worker);
    worker_close_row(worker);
    return true;
}

bool worker_look(struct worker *worker)
{
    const bool seen = worker->seen_branch == worker->lane.at.branch && worker->seen_step == worker->lane.at.step,
               looked = worker->look_branch == worker->lane.at.branch && worker->look_step == worker->lane.at.step;
    if (worker->headless || worker->exact || seen || looked)
        return true;
    float measures[SERIES_TOTAL];
    const size_t rows = worker_chunk(worker->lane.trainer);
    while (!trainer_evaluate(worker->lane.trainer, rows, measures)) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->stop || worker->commanded) {
            trainer_drop_evaluation(worker->lane.trainer);
            return false;
        }
    }
    lane_show(&worker->lane, measures);
    note_evaluation(worker, measures);
    worker->look_branch = worker->lane.at.branch;
    worker->look_step = worker->lane.at.step;
    return true;
}

void worker_fill_stop(struct event *event, enum event_kind kind, const char *what, const struct early_stop *stop)
{
    char best[32], step[32];
    event->kind = kind;
    event->from = (double)stop->best_step;
    event->to = stop->best;
    snprintf(event->label, sizeof event->label, "%s: best %s at %s", what, number_short(best, sizeof best, stop->best),
             number_count(step, sizeof step, stop->best_step));
}

/* The best parameters are back.  False when abandoned in the middle. */
static bool stop_early(struct worker *worker)
{
    const struct early_stop *stop = trainer_early_stop(worker->lane.trainer);
    struct event event = {.token = 0};
    worker_fill_stop(&event, EVENT_EARLY_STOP, "early stop", stop);
    worker_write_outcome(worker, OUTCOME_EARLY_STOP, stop->best_step);
    worker_note(worker, event.label);
    /* What is back is measured, so that the curves and the log end on the numbers of these parameters. */
    worker_open_row(worker, worker->lane.at.step, false);
    trainer_evaluate_now(worker->lane.trainer);
    while (trainer_evaluation_due(worker->lane.trainer))
        if (advance(worker, worker->lane.at.step, 1, NULL) == LANE_CUT)
            return false;
    /* An earlier stage is over by it, and the next goes on from the best. */
    if (trainer_stage_is_last(worker->lane.trainer) && !worker_script_goes_on(worker))
        worker_pause(worker, SESSION_STOPPED_EARLY);
    worker_say(worker, &event);
    return true;
}

/* Step of the newest evaluation of the present branch. */
static uint64_t evaluated_step(const struct worker *worker)
{
    return worker->seen_branch == worker->lane.at.branch && worker->seen_step != WORKER_NEVER ? worker->seen_step : 0;
}

/* Emits the event for a stage or a run that ends after its best step: the best is brought back, or was missed. */
static void say_stage_end(struct worker *worker, const struct stage_end *end)
{
    if (!(end->stop.best_step < evaluated_step(worker)) || !isfinite(end->stop.best) ||
        !(end->waits || end->brings_best))
        return;
    struct event event = {.token = 0};
    worker_fill_stop(&event, end->brings_best ? EVENT_BEST : EVENT_CUT,
                     end->brings_best ? "ends with the best" : "early stopping waited", &end->stop);
    if (end->brings_best)
        worker_note(worker, event.label);
    worker_say(worker, &event);
}

void worker_enter_stage(struct worker *worker, const struct stage_end *end, struct event *event)
{
    say_stage_end(worker, end);
    const size_t number = trainer_stage_number(worker->lane.trainer);
    event->kind = EVENT_STAGE;
    event->what = (uint16_t)number;
    snprintf(event->label, sizeof event->label, "%.*s", (int)sizeof event->label - 1,
             trainer_stage(worker->lane.trainer, number)->name);
    text_clean(event->label);
    worker_note(worker, event->label);
    worker_open_row(worker, worker->lane.at.step, false);
    worker->settled = false;
    worker_plan(worker);
}

/* Finishes the lane's part of the boundary, however the run is being driven: it depends on the state alone.  Without
 * memory for the next stage the run pauses and says so.  False when abandoned in the middle. */
static bool finish_boundary(struct worker *worker)
{
    struct error error = {0};
    enum lane_end end;
    worker->lane.finished = false;
    while ((end = advance(worker, worker->lane.at.step, UINT64_MAX, &error)) == LANE_EARLY_STOP)
        if (!stop_early(worker))
            return false;
    if (end == LANE_CUT)
        return false;
    worker_close_row(worker);
    if (end == LANE_NO_MEMORY && worker_running(worker)) { /* said once: at rest it is tried again with each look */
        struct event event = {.kind = EVENT_REFUSED};
        snprintf(event.label, sizeof event.label, "%.*s", (int)sizeof event.label - 1, error.message);
        worker_pause(worker, SESSION_ENDED);
        worker_say(worker, &event);
    }
    return true;
}

/* The script. */

static void take_turns(struct worker *worker)
{
    const struct spec *spec = worker->spec;
    while (worker->next_turn < spec->turns && spec->turn[worker->next_turn].step <= worker->lane.at.step &&
           !worker->abandoned) {
        const struct spec_turn *turn = &spec->turn[worker->next_turn++];
        struct request request = engine_set(turn->knob, turn->value);
        worker_obey_one(worker, &request, WORKER_PLANNED);
    }
    worker_plan(worker);
}

/* Ends. */

void worker_pause(struct worker *worker, enum session_state state)
{
    worker->state = state;
    worker->singles = worker->epochs = 0;
    worker->until = WORKER_NEVER;
    worker->pause_due = false;
    worker->pacing = false;
    worker->allowance = 0;
    worker->ending |= worker->headless && state != SESSION_PAUSED;
    worker_plan(worker);
}

bool worker_is_past_best(const struct worker *worker)
{
    const struct early_stop *stop = trainer_early_stop(worker->lane.trainer);
    return worker->measured_branch == worker->lane.at.branch && worker->measured_step == worker->lane.at.step &&
           isfinite(stop->best) && !(worker->lane.measures[SERIES_TEST_LOSS] <= (float)stop->best);
}

/* The run's last stage is at its end.  Parameters that are not finite are no reason to call it diverged where the best
 * ones come back. */
static void end_with(struct worker *worker)
{
    struct error error;
    struct request best = {.row = engine_command("best")};
    struct stage_end last = stage_end_of(worker->lane.trainer);
    if (trainer_early_stopped(worker->lane.trainer) || !worker_measure(worker) || !worker_is_past_best(worker))
        return;
    if (!worker->spec->end_with_best || worker_try(worker, &best, WORKER_OWN, &error) != STATUS_OK) {
        last.brings_best = false;
        say_stage_end(worker, &last);
    }
}

static void end(struct worker *worker, bool limit)
{
    struct event event = {.kind = EVENT_END, .to = (double)worker->lane.at.step};
    char step[32];
    snprintf(event.label, sizeof event.label, "end: step %s", number_count(step, sizeof step, worker->lane.at.step));
    if (limit && stages_are_over(worker))
        event.what = EVENT_END_OF_STAGES;
    worker->limit_passed |= limit;
    worker_pause(worker, SESSION_ENDED);
    worker_say(worker, &event);
    if (limit)
        end_with(worker); /* last: a screen shows the newest sentence */
}

/* Whether the next step can follow at once: no pause, scripted change, limit, snapshot, log row or replay is due, and
 * the trainer has no evaluation or end of a stage to handle.  True after most steps, so the test must be cheap. */
static bool boundary_is_plain(const struct worker *worker)
{
    return worker_running(worker) && worker->lane.at.step < worker->next_stop &&
           worker->lane.at.step < worker->next_snapshot && !worker->row_open && !worker->pause_due && !worker->script &&
           worker->spec->epochs == 0 && !trainer_boundary_due(worker->lane.trainer);
}

/* Emits once that a record has gaps. */
static void say_loss(struct worker *worker)
{
    if (worker->loss_said || !(worker->record_lost || worker->lane.gaps || worker->rival.lane.gaps))
        return;
    worker->loss_said = true;
    worker_say(worker, &(struct event){.kind = EVENT_REFUSED,
                                       .label = "out of memory: the curves in checkpoints have gaps from here on"});
}

/* Does all that is due at the boundary after the present step.  A second call at the same step does nothing. */
void worker_settle(struct worker *worker)
{
    if (boundary_is_plain(worker)) {
        worker->settled = worker->lane.finished = true;
        return;
    }
    worker->settled = worker->mark_due = false;
    say_loss(worker);
    if (worker_running(worker) && worker_limit_reached(worker))
        trainer_evaluate_now(worker->lane.trainer);
    if (!finish_boundary(worker))
        return;
    /* A last stage may end by what was measured.  A replay goes on where the first run did. */
    bool limit = worker_running(worker) && worker_limit_reached(worker);
    if (limit && worker_script_goes_on(worker)) {
        worker->limit_passed = true;
        limit = false;
    }
    if (worker->lane.at.step >= worker->next_snapshot) {
        worker_snapshot(worker);
        worker_snapshot_plan(worker);
    }
    if (worker->lane.at.step >= worker->next_stop)
        take_turns(worker);
    worker->settled = true;
    if (worker->mark_due)
        worker_mark(worker); /* now, since a replay compares when its own script's turns are made */
    if (worker->script)
        worker_script_take(worker);
    if (!worker_running(worker) || !worker->settled || worker->walk.under_way || worker->rival.catching_up)
        return;
    if (limit || worker->lane.at.step >= worker->until)
        end(worker, limit);
    else if (worker->pause_due) {
        worker_pause(worker, SESSION_PAUSED);
        worker_say(worker, &(struct event){.kind = EVENT_PAUSE, .label = "paused"});
    }
}

/* Ends for a state on another branch.  Those that a person has set outlast what a replay does by itself. */
static void renew_ends(struct worker *worker)
{
    worker->interrupted = (struct worker_interrupted){0};
    worker->limit_passed = worker->lane.at.step > 0 && (!worker->headless || worker_script_goes_on(worker)) &&
                           worker_limit_is_behind(worker);
    if (!worker->scripted) {
        worker->until = WORKER_NEVER;
        worker->singles = worker->epochs = 0;
        worker->pause_due = false;
    }
    worker_plan(worker);
    worker_keep_plan(worker);
}

/* Prepares the run to go on from a state that it has moved to: skips scripted changes at or before its step. */
void worker_stand(struct worker *worker)
{
    const struct spec *spec = worker->spec;
    if (!worker->scripted)
        worker->state = SESSION_PAUSED;
    worker->next_turn = 0;
    while (worker->next_turn < spec->turns && spec->turn[worker->next_turn].step <= worker->lane.at.step)
        worker->next_turn++;
    renew_ends(worker);
}

void worker_begin(struct worker *worker)
{
    worker->lane.at.step = trainer_step_count(worker->lane.trainer);
    worker->next_turn = worker->lane.at.step > 0 ? worker->spec->turns_done : 0;
    worker->settled = false;
    renew_ends(worker);
    if (trainer_evaluation_due(worker->lane.trainer))
        worker_open_row(worker, worker->lane.at.step, false);
}

static void diverge(struct worker *worker)
{
    struct event event = {
        .kind = EVENT_DIVERGED, .from = worker->lane.measures[SERIES_LR], .to = worker->lane.measures[SERIES_LOSS]};
    char step[32];
    const float failed_loss = worker->lane.measures[SERIES_LOSS],
                failed_gradient = worker->lane.measures[SERIES_GRAD_NORM];
    const bool loss = !isfinite(failed_loss);
    if (!worker_measure(worker)) /* the last state that there is */
        return;
    snprintf(event.label, sizeof event.label, "%s not finite at step %s", loss ? "loss" : "gradient",
             number_count(step, sizeof step, worker->lane.at.step + 1));
    pending_value(worker->lane.pending, SERIES_LOSS, worker->lane.at.step + 1, failed_loss);
    pending_value(worker->lane.pending, SERIES_GRAD_NORM, worker->lane.at.step + 1, failed_gradient);
    /* The row of the step that did not come about. */
    worker_note(worker, event.label);
    worker_open_row(worker, worker->lane.at.step + 1, true);
    worker_close_row(worker);
    worker->settled = true; /* nothing was updated */
    worker_write_outcome(worker, OUTCOME_DIVERGED, 0);
    if (!worker_script_expects_divergence(worker))
        worker_pause(worker, SESSION_DIVERGED);
    worker_say(worker, &event);
}

void worker_step(struct worker *worker)
{
    worker->settled = false;
    if (advance(worker, worker->lane.at.step + 1, 1, NULL) == LANE_DIVERGED)
        diverge(worker);
    else if (worker->rival.racing)
        worker_rival_step(worker);
}
