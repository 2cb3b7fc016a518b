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
    return trainer_stage_is_last(worker->trainer) && trainer_stage_over(worker->trainer);
}

bool worker_limit_is_behind(const struct worker *worker)
{
    const struct spec *spec = worker->spec;
    return (spec->steps > 0 && worker->step >= spec->steps) ||
           (spec->epochs > 0 && trainer_epoch(worker->trainer) >= spec->epochs) || stages_are_over(worker);
}

bool worker_limit_reached(const struct worker *worker)
{
    return !worker->limit_passed && worker_limit_is_behind(worker);
}

void worker_take_evaluation(const struct trainer *trainer, struct pending *pending, uint64_t step,
                            const float *measures)
{
    for (unsigned i = 0; i < SERIES_COUNT; i++)
        if (worker_evaluates(trainer, i))
            pending_value(pending, i, step, measures[i]);
}

enum trainer_piece worker_whole_piece(struct worker *worker, struct trainer *trainer, float *measures,
                                      struct error *error)
{
    const size_t rows = trainer_evaluation_due(trainer) ? worker_chunk(trainer) : 0;
    enum trainer_piece piece;
    while ((piece = trainer_settle(trainer, rows, measures, error)) == PIECE_OF_EVALUATION) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->abandoned || (worker->stop && trainer != worker->trainer))
            break;
    }
    return piece;
}

static void show_evaluation(struct worker *worker, const float *measures)
{
    worker_take_evaluation(worker->trainer, worker->pending, worker->step, measures);
    worker->finite = trainer_is_finite(worker->trainer, measures);
}

static void take_evaluation(struct worker *worker)
{
    show_evaluation(worker, worker->measures);
    worker_record_evaluation(worker, worker->recorder.record, worker->trainer, worker->step, worker->measures);
    worker->seen_branch = worker->branch;
    worker->seen_step = worker->step;
    worker_fill_row(worker);
    if (worker->sink && !worker->row_open)
        return;
    worker->measured_branch = worker->branch;
    worker->measured_step = worker->step;
}

bool worker_measure(struct worker *worker)
{
    if (worker->measured_branch == worker->branch && worker->measured_step == worker->step)
        return true;
    const size_t rows = worker_chunk(worker->trainer);
    while (!trainer_evaluate(worker->trainer, rows, worker->measures)) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->abandoned) {
            trainer_drop_evaluation(worker->trainer);
            return false;
        }
    }
    worker_open_row(worker, worker->step, false);
    take_evaluation(worker);
    worker_close_row(worker);
    return true;
}

bool worker_look(struct worker *worker)
{
    const bool seen = worker->seen_branch == worker->branch && worker->seen_step == worker->step,
               looked = worker->look_branch == worker->branch && worker->look_step == worker->step;
    if (worker->headless || worker->exact || seen || looked)
        return true;
    float measures[SERIES_TOTAL];
    const size_t rows = worker_chunk(worker->trainer);
    while (!trainer_evaluate(worker->trainer, rows, measures)) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->stop || worker->commanded) {
            trainer_drop_evaluation(worker->trainer);
            return false;
        }
    }
    show_evaluation(worker, measures);
    worker->look_branch = worker->branch;
    worker->look_step = worker->step;
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
    const struct early_stop *stop = trainer_early_stop(worker->trainer);
    struct event event = {.token = 0};
    worker_fill_stop(&event, EVENT_EARLY_STOP, "early stop", stop);
    worker_write_outcome(worker, OUTCOME_EARLY_STOP, stop->best_step);
    worker_note(worker, event.label);
    /* What is back is measured, so that the curves and the log end on the numbers of these parameters. */
    worker_open_row(worker, worker->step, false);
    trainer_evaluate_now(worker->trainer);
    if (worker_whole_piece(worker, worker->trainer, worker->measures, NULL) != PIECE_EVALUATION)
        return false;
    take_evaluation(worker);
    worker_close_row(worker);
    /* An earlier stage is over by it, and the next goes on from the best. */
    if (trainer_stage_is_last(worker->trainer) && !worker_script_goes_on(worker))
        worker_pause(worker, SESSION_STOPPED_EARLY);
    worker_say(worker, &event);
    return true;
}

struct worker_stage_end worker_stage_end(const struct worker *worker)
{
    const struct trainer *trainer = worker->trainer;
    return (struct worker_stage_end){
        .stop = *trainer_early_stop(trainer),
        .evaluated = worker->seen_branch == worker->branch && worker->seen_step != WORKER_NEVER ? worker->seen_step : 0,
        .waits = trainer_knobs(trainer)->value[KNOB_EARLY_STOP] > 0 && !trainer_early_stopped(trainer),
        .brings_best =
            trainer_stage(trainer, trainer_stage_number(trainer))->ends_with_best && !trainer_early_stopped(trainer),
    };
}

/* Emits the event for a stage or a run that ends after its best step: the best is brought back, or was missed. */
static void say_stage_end(struct worker *worker, const struct worker_stage_end *end)
{
    if (!(end->stop.best_step < end->evaluated) || !isfinite(end->stop.best) || !(end->waits || end->brings_best))
        return;
    struct event event = {.token = 0};
    worker_fill_stop(&event, end->brings_best ? EVENT_BEST : EVENT_CUT,
                     end->brings_best ? "ends with the best" : "early stopping waited", &end->stop);
    if (end->brings_best)
        worker_note(worker, event.label);
    worker_say(worker, &event);
}

void worker_enter_stage(struct worker *worker, const struct worker_stage_end *end, struct event *event)
{
    say_stage_end(worker, end);
    const size_t number = trainer_stage_number(worker->trainer);
    event->kind = EVENT_STAGE;
    event->what = (uint16_t)number;
    snprintf(event->label, sizeof event->label, "%.*s", (int)sizeof event->label - 1,
             trainer_stage(worker->trainer, number)->name);
    text_clean(event->label);
    worker_note(worker, event->label);
    worker_open_row(worker, worker->step, false);
    worker->settled = false;
    worker_plan(worker);
}

/* The trainer's part of the boundary, however the run is being driven: it is a matter of the state alone.  Without
 * memory for the next stage the run pauses and says so.  False when abandoned in the middle. */
static bool settle_trainer(struct worker *worker, bool *evaluated)
{
    for (;;) {
        struct error error = {0};
        const struct worker_stage_end stage = worker_stage_end(worker);
        const enum trainer_piece piece = worker_whole_piece(worker, worker->trainer, worker->measures, &error);
        if (piece == PIECE_OF_EVALUATION)
            return false;
        if (piece == PIECE_EVALUATION || piece == PIECE_EARLY_STOP) {
            take_evaluation(worker);
            *evaluated = true;
        }
        worker_close_row(worker);
        if (piece == PIECE_EARLY_STOP && !stop_early(worker))
            return false;
        if (piece == PIECE_STAGE) {
            struct event event = {.token = 0};
            worker_enter_stage(worker, &stage, &event);
            worker_say(worker, &event);
        }
        if (piece == PIECE_FAILED && worker_running(worker)) { /* said once: at rest it is tried again with each look */
            struct event event = {.kind = EVENT_REFUSED};
            snprintf(event.label, sizeof event.label, "%.*s", (int)sizeof event.label - 1, error.message);
            worker_pause(worker, SESSION_ENDED);
            worker_say(worker, &event);
        }
        if (piece == PIECE_NONE || piece == PIECE_FAILED)
            return true;
    }
}

/* The script. */

static void take_turns(struct worker *worker)
{
    const struct spec *spec = worker->spec;
    while (worker->next_turn < spec->turns && spec->turn[worker->next_turn].step <= worker->step &&
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
    const struct early_stop *stop = trainer_early_stop(worker->trainer);
    return worker->measured_branch == worker->branch && worker->measured_step == worker->step && isfinite(stop->best) &&
           !(worker->measures[SERIES_TEST_LOSS] <= (float)stop->best);
}

/* The run's last stage is at its end.  Parameters that are not finite are no reason to call it diverged where the best
 * ones come back. */
static void end_with(struct worker *worker)
{
    struct error error;
    struct request best = {.row = engine_command("best")};
    struct worker_stage_end last = worker_stage_end(worker);
    if (trainer_early_stopped(worker->trainer) || !worker_measure(worker) || !worker_is_past_best(worker))
        return;
    if (!worker->spec->end_with_best || worker_try(worker, &best, WORKER_OWN, &error) != STATUS_OK) {
        last.brings_best = false;
        say_stage_end(worker, &last);
    }
}

static void end(struct worker *worker, bool limit)
{
    struct event event = {.kind = EVENT_END, .to = (double)worker->step};
    char step[32];
    snprintf(event.label, sizeof event.label, "end: step %s", number_count(step, sizeof step, worker->step));
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
    return worker_running(worker) && worker->step < worker->next_stop && worker->step < worker->next_snapshot &&
           !worker->row_open && !worker->pause_due && !worker->script && worker->spec->epochs == 0 &&
           !trainer_boundary_due(worker->trainer);
}

/* Emits once that a record has gaps. */
static void say_loss(struct worker *worker)
{
    if (!worker->record_lost || worker->loss_said)
        return;
    worker->loss_said = true;
    worker_say(worker, &(struct event){.kind = EVENT_REFUSED,
                                       .label = "out of memory: the curves in checkpoints have gaps from here on"});
}

/* Does all that is due at the boundary after the present step.  A second call at the same step does nothing. */
void worker_settle(struct worker *worker)
{
    bool evaluated = false;
    if (boundary_is_plain(worker)) {
        worker->settled = true;
        return;
    }
    worker->settled = false;
    say_loss(worker);
    if (worker_running(worker) && worker_limit_reached(worker))
        trainer_evaluate_now(worker->trainer);
    if (!settle_trainer(worker, &evaluated))
        return;
    /* A last stage may end by what was measured.  A replay goes on where the first run did. */
    bool limit = worker_running(worker) && worker_limit_reached(worker);
    if (limit && worker_script_goes_on(worker)) {
        worker->limit_passed = true;
        limit = false;
    }
    if (worker->step >= worker->next_snapshot) {
        worker_snapshot(worker);
        worker_snapshot_plan(worker);
    }
    if (worker->step >= worker->next_stop)
        take_turns(worker);
    worker->settled = true;
    if (evaluated)
        worker_mark(worker); /* now, since a replay compares when its own script's turns are made */
    if (worker->script)
        worker_script_take(worker);
    if (!worker_running(worker) || !worker->settled || worker->walk.under_way || worker->rival.catching_up)
        return;
    if (limit || worker->step >= worker->until)
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
    worker->limit_passed =
        worker->step > 0 && (!worker->headless || worker_script_goes_on(worker)) && worker_limit_is_behind(worker);
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
    while (worker->next_turn < spec->turns && spec->turn[worker->next_turn].step <= worker->step)
        worker->next_turn++;
    renew_ends(worker);
}

void worker_begin(struct worker *worker)
{
    worker->step = trainer_step_count(worker->trainer);
    worker->next_turn = worker->step > 0 ? worker->spec->turns_done : 0;
    worker->settled = false;
    renew_ends(worker);
    if (trainer_evaluation_due(worker->trainer))
        worker_open_row(worker, worker->step, false);
}

static void diverge(struct worker *worker)
{
    struct event event = {
        .kind = EVENT_DIVERGED, .from = worker->measures[SERIES_LR], .to = worker->measures[SERIES_LOSS]};
    char step[32];
    const float failed_loss = worker->measures[SERIES_LOSS], failed_gradient = worker->measures[SERIES_GRAD_NORM];
    const bool loss = !isfinite(failed_loss);
    if (!worker_measure(worker)) /* the last state that there is */
        return;
    snprintf(event.label, sizeof event.label, "%s not finite at step %s", loss ? "loss" : "gradient",
             number_count(step, sizeof step, worker->step + 1));
    pending_value(worker->pending, SERIES_LOSS, worker->step + 1, failed_loss);
    pending_value(worker->pending, SERIES_GRAD_NORM, worker->step + 1, failed_gradient);
    /* The row of the step that did not come about. */
    worker_note(worker, event.label);
    worker_open_row(worker, worker->step + 1, true);
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
    if (worker->step >= worker->recorder.reserved)
        worker_record_reserve(worker, &worker->recorder);
    if (trainer_step(worker->trainer, worker->measures) == STEP_NONFINITE) {
        diverge(worker);
        return;
    }
    worker->step++;
    worker->work++;
    record_step(worker->recorder.record, worker->step, worker->measures);
    if (pending_step(worker->pending, worker->step, worker->measures))
        worker_flush_step(worker, worker->pending);
    if (worker_row_due(worker))
        worker_open_row(worker, worker->step, true);
    if (worker->singles > 0 && --worker->singles == 0)
        worker->pause_due = true;
    if (worker->epochs > 0 && trainer_epoch_ended(worker->trainer) && --worker->epochs == 0)
        worker->pause_due = true;
    if (worker->rival.racing)
        worker_rival_step(worker);
}
