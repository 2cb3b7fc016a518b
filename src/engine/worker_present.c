/* Advances the present lane, measures it, and tells what happens to it: early stops, stages, a loss that is not
 * finite. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/worker_parts.h"

static void note_evaluation(struct worker *worker, const float *measures)
{
    worker->finite = trainer_is_finite(worker->lane.trainer, measures);
}

/* The lane has an evaluation of the present state in its samples and its record. */
static void take_evaluation(struct worker *worker)
{
    note_evaluation(worker, worker->lane.measures);
    worker->seen = worker->lane.at;
    row_fill(&worker->rows, &worker->lane);
    if (worker->rows.sink && !worker->rows.open)
        return;
    worker->measured = worker->lane.at;
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

/* Step of the newest evaluation of the present branch. */
static uint64_t evaluated_step(const struct worker *worker)
{
    return worker->seen.branch == worker->lane.at.branch && worker->seen.step != WORKER_NEVER ? worker->seen.step : 0;
}

/* Emits the event for a stage or a run that ends after its best step: the best is brought back, or was missed. */
void worker_say_stage_end(struct worker *worker, const struct stage_end *end)
{
    if (!(end->stop.best_step < evaluated_step(worker)) || !isfinite(end->stop.best) ||
        !(end->waits || end->brings_best))
        return;
    struct event event = {.token = 0};
    worker_fill_stop(&event, end->brings_best ? EVENT_BEST : EVENT_CUT,
                     end->brings_best ? "ends with the best" : "early stopping waited", &end->stop);
    if (end->brings_best)
        row_note(&worker->rows, event.label);
    worker_say(worker, &event);
}

void worker_enter_stage(struct worker *worker, const struct stage_end *end, struct event *event)
{
    worker_say_stage_end(worker, end);
    const size_t number = trainer_stage_number(worker->lane.trainer);
    event->kind = EVENT_STAGE;
    event->what = (uint16_t)number;
    snprintf(event->label, sizeof event->label, "%.*s", (int)sizeof event->label - 1,
             trainer_stage(worker->lane.trainer, number)->name);
    text_clean(event->label);
    row_note(&worker->rows, event->label);
    row_open(&worker->rows, &worker->lane, worker->lane.at.step, false);
    worker->settled = false;
    stop_plan(&worker->stop);
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
    row_close(&worker->rows);
    worker->mark_due = true;
}

static void present_staged(void *owner, const struct stage_end *before)
{
    struct worker *worker = owner;
    struct event event = {.token = 0};
    row_close(&worker->rows);
    worker_enter_stage(worker, before, &event);
    worker_say(worker, &event);
}

static void present_stepped(void *owner, bool full)
{
    struct worker *worker = owner;
    worker->work++;
    if (full)
        worker_flush_step(worker, worker->lane.pending);
    if (worker->rows.sink &&
        row_is_due(&worker->rows, &worker->lane, stop_limit_is_reached(&worker->stop, worker->lane.trainer)))
        row_open(&worker->rows, &worker->lane, worker->lane.at.step, true);
    stop_count(&worker->stop, worker->stop.epochs > 0 && trainer_epoch_ended(worker->lane.trainer));
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
    if (worker_is_at(worker, &worker->measured))
        return true;
    const size_t rows = worker->lane.rows;
    while (!trainer_evaluate(worker->lane.trainer, rows, worker->lane.measures)) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->abandoned) {
            trainer_drop_pieces(worker->lane.trainer);
            return false;
        }
    }
    row_open(&worker->rows, &worker->lane, worker->lane.at.step, false);
    lane_take_evaluation(&worker->lane);
    take_evaluation(worker);
    row_close(&worker->rows);
    return true;
}

bool worker_look(struct worker *worker)
{
    const bool known = worker_is_at(worker, &worker->seen) || worker_is_at(worker, &worker->looked);
    if (worker->headless || worker->exact || known)
        return true;
    float measures[SERIES_TOTAL];
    const size_t rows = worker->lane.rows;
    while (!trainer_evaluate(worker->lane.trainer, rows, measures)) {
        if (bell_peek(&worker->bell))
            worker_listen(worker);
        if (worker->leaving || worker->commanded) {
            trainer_drop_pieces(worker->lane.trainer);
            return false;
        }
    }
    lane_show(&worker->lane, measures);
    note_evaluation(worker, measures);
    worker->looked = worker->lane.at;
    return true;
}

bool worker_is_past_best(const struct worker *worker)
{
    return worker_is_at(worker, &worker->measured) && trainer_is_past_best(worker->lane.trainer, worker->lane.measures);
}

/* The best parameters are back.  False when abandoned in the middle. */
static bool stop_early(struct worker *worker)
{
    const struct early_stop *stop = trainer_early_stop(worker->lane.trainer);
    struct event event = {.token = 0};
    worker_fill_stop(&event, EVENT_EARLY_STOP, "early stop", stop);
    worker_write_outcome(worker, OUTCOME_EARLY_STOP, stop->best_step);
    row_note(&worker->rows, event.label);
    /* What is back is measured, so that the curves and the log end on the numbers of these parameters. */
    row_open(&worker->rows, &worker->lane, worker->lane.at.step, false);
    trainer_evaluate_now(worker->lane.trainer);
    while (trainer_evaluation_due(worker->lane.trainer))
        if (advance(worker, worker->lane.at.step, 1, NULL) == LANE_CUT)
            return false;
    /* An earlier stage is over by it, and the next goes on from the best. */
    if (trainer_stage_is_last(worker->lane.trainer) && !script_goes_on(&worker->script))
        worker_pause(worker, SESSION_STOPPED_EARLY);
    worker_say(worker, &event);
    return true;
}

/* Finishes the lane's part of the boundary, however the run is being driven: it depends on the state alone.  Without
 * memory for the next stage the run pauses and says so.  False when abandoned in the middle. */
bool worker_finish_boundary(struct worker *worker)
{
    struct error error = {0};
    enum lane_end end;
    worker->lane.finished = false;
    while ((end = advance(worker, worker->lane.at.step, UINT64_MAX, &error)) == LANE_EARLY_STOP)
        if (!stop_early(worker))
            return false;
    if (end == LANE_CUT)
        return false;
    row_close(&worker->rows);
    if (end == LANE_NO_MEMORY && worker_running(worker)) { /* said once: at rest it is tried again with each look */
        struct event event = {.kind = EVENT_REFUSED};
        snprintf(event.label, sizeof event.label, "%.*s", (int)sizeof event.label - 1, error.message);
        worker_pause(worker, SESSION_ENDED);
        worker_say(worker, &event);
    }
    return true;
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
    row_note(&worker->rows, event.label);
    row_open(&worker->rows, &worker->lane, worker->lane.at.step + 1, true);
    row_close(&worker->rows);
    worker->settled = true; /* nothing was updated */
    worker_write_outcome(worker, OUTCOME_DIVERGED, 0);
    if (!script_expects_divergence(&worker->script, &worker->lane.at))
        worker_pause(worker, SESSION_DIVERGED);
    worker_say(worker, &event);
}

bool worker_take_step(struct worker *worker)
{
    worker->settled = false;
    if (advance(worker, worker->lane.at.step + 1, 1, NULL) != LANE_DIVERGED)
        return true;
    diverge(worker);
    return false;
}
