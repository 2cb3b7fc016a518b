/* Writes the lines of this run's journal, and ends a replay.
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

void worker_depart(struct worker *worker, const char *what)
{
    char step[32];
    struct event event = {.kind = EVENT_DEPARTED};
    snprintf(event.label, sizeof event.label, "departs from its journal at step %s: %s",
             number_count(step, sizeof step, worker->lane.at.step), what);
    script_drop(&worker->script);
    worker_pause(worker, SESSION_ENDED);
    worker_say(worker, &event);
}

void worker_arrive(struct worker *worker)
{
    char step[32];
    struct event event = {.kind = EVENT_END, .what = EVENT_END_OF_JOURNAL, .to = (double)worker->lane.at.step};
    snprintf(event.label, sizeof event.label, "replayed: step %s",
             number_count(step, sizeof step, worker->lane.at.step));
    worker_pause(worker, SESSION_ENDED);
    worker_say(worker, &event);
}

void worker_script_walked(struct worker *worker)
{
    if (!worker->script.obeying)
        return;
    worker->script.obeying = false;
    if (!worker->script.from)
        worker_arrive(worker);
}
