/* Writes the journal of this run, and follows that of another.
 *
 * DESIGN.  A replay is a run whose commands come from a journal, each at the branch and step that stands before it.
 * Outcomes are compared where they stand.  What made the first run pause (an early stop, a limit) does not hold the
 * replay up as long as there is more to follow from that point. */
#include <stdio.h>

#include "base/number.h"
#include "engine/worker_parts.h"

#define MARK_LEAST 100 /* steps between two hashes */

void worker_write(struct worker *worker, const struct request *request)
{
    if (!worker->journal)
        return;
    const struct journal_entry entry = {
        .input = true, .branch = worker->lane.at.branch, .step = worker->lane.at.step, .request = *request};
    journal_write(worker->journal, &entry); /* which does not keep the text */
}

void worker_write_outcome(struct worker *worker, enum journal_outcome outcome, uint64_t value)
{
    if (!worker->journal)
        return;
    const struct journal_entry entry = {
        .branch = worker->lane.at.branch, .step = worker->lane.at.step, .outcome = outcome, .value = value};
    journal_write(worker->journal, &entry);
}

void worker_mark(struct worker *worker)
{
    if (!worker->journal || worker->lane.at.step < worker->next_mark)
        return;
    const uint64_t quarter = worker->lane.at.step / 4;
    worker->next_mark = worker->lane.at.step + (quarter > MARK_LEAST ? quarter : MARK_LEAST);
    worker_write_outcome(worker, OUTCOME_STATE, state_hash(trainer_state(worker->lane.trainer)));
}

/* ---- Following --------------------------------------------------------------------------------- */

static void next_entry(struct worker *worker)
{
    request_free(&worker->entry.request);
    if (!journal_next(worker->script, &worker->entry))
        worker->script = NULL;
}

void worker_script_begin(struct worker *worker)
{
    if (!worker->script)
        return;
    next_entry(worker);
    if (!worker->script) /* the first run was killed before anything happened */
        worker->until = worker->lane.at.step;
}

void worker_script_drop(struct worker *worker)
{
    request_free(&worker->entry.request);
    worker->script = NULL;
}

static bool stands_here(const struct worker *worker)
{
    return worker->script && worker->entry.branch == worker->lane.at.branch &&
           worker->entry.step == worker->lane.at.step;
}

bool worker_script_goes_on(const struct worker *worker)
{
    return worker->script != NULL;
}

static void depart(struct worker *worker, const char *what)
{
    char step[32];
    struct event event = {.kind = EVENT_DEPARTED};
    snprintf(event.label, sizeof event.label, "departs from its journal at step %s: %s",
             number_count(step, sizeof step, worker->lane.at.step), what);
    worker_script_drop(worker);
    worker_pause(worker, SESSION_ENDED);
    worker_say(worker, &event);
}

/* False when the numbers are others. */
static bool agrees(struct worker *worker, const struct journal_entry *entry)
{
    switch (entry->outcome) {
    case OUTCOME_STATE:
    case OUTCOME_END:
        return entry->value == 0 || entry->value == state_hash(trainer_state(worker->lane.trainer));
    case OUTCOME_EARLY_STOP:
        return entry->value == trainer_early_stop(worker->lane.trainer)->best_step;
    default:
        return true;
    }
}

static void arrive(struct worker *worker)
{
    char step[32];
    struct event event = {.kind = EVENT_END, .what = EVENT_END_OF_JOURNAL, .to = (double)worker->lane.at.step};
    snprintf(event.label, sizeof event.label, "replayed: step %s",
             number_count(step, sizeof step, worker->lane.at.step));
    worker_pause(worker, SESSION_ENDED);
    worker_say(worker, &event);
}

/* That the loss is no number is seen when the step is tried. */
static bool is_ahead(const struct journal_entry *entry)
{
    return !entry->input && entry->outcome == OUTCOME_DIVERGED;
}

void worker_script_take(struct worker *worker)
{
    while (worker_running(worker) && !worker->stop && worker->script) {
        struct journal_entry entry = worker->entry;
        if (entry.branch != worker->lane.at.branch || entry.step < worker->lane.at.step) {
            depart(worker, "other steps were taken");
            return;
        }
        if (!stands_here(worker) || is_ahead(&entry))
            return;
        worker->entry.request.text = NULL; /* it is the one that is obeyed */
        next_entry(worker);
        if (entry.input) {
            worker->scripted = true;
            worker_obey_one(worker, &entry.request, WORKER_ASKED);
            /* A walk is still the script's when it arrives. */
            worker->scripted = worker->walk.under_way || worker->rival.catching_up;
        } else if (!agrees(worker, &entry)) {
            depart(worker, "the weights are others");
            return;
        }
        if (!worker->script && !worker->scripted) {
            arrive(worker);
            return;
        }
        if (worker->scripted || !worker->settled)
            return;
    }
}

void worker_script_walked(struct worker *worker)
{
    if (!worker->scripted)
        return;
    worker->scripted = false;
    if (!worker->script)
        arrive(worker);
}

/* After a divergence: the journal knows of it and goes on from there. */
bool worker_script_expects_divergence(struct worker *worker)
{
    if (!stands_here(worker) || !is_ahead(&worker->entry))
        return false;
    next_entry(worker);
    return worker->script != NULL;
}
