/* Does all that is due between two steps, in one order: the lane's part, a snapshot, planned changes, what a replayed
 * journal has, ends. */
#include <stdio.h>

#include "base/number.h"
#include "engine/worker_parts.h"

/* ---- what is planned ---- */

static void take_changes(struct worker *worker)
{
    const struct spec_turn *change;
    while (!worker->abandoned && (change = stop_take_change(&worker->stop, worker->lane.at.step))) {
        struct request request = engine_set(change->knob, change->value);
        worker_obey_one(worker, &request, WORKER_PLANNED);
    }
    stop_plan(&worker->stop);
}

/* Obeys and compares what the journal has for this point. */
static void follow_script(struct worker *worker)
{
    struct script *script = &worker->script;
    while (worker_running(worker) && !worker->leaving && script_goes_on(script)) {
        const enum script_place place = script_place(script, &worker->lane.at);
        if (place == SCRIPT_MISSED)
            worker_depart(worker, "other steps were taken");
        if (place != SCRIPT_HERE)
            return;
        struct journal_entry entry = script_take(script);
        if (entry.input) {
            script->obeying = true;
            worker_obey_one(worker, &entry.request, WORKER_ASKED);
            /* A seek or a twin is still the script's when it arrives. */
            script->obeying = worker->walk.under_way || worker->rival.catching_up;
        } else if (!script_agrees(&entry, worker->lane.trainer)) {
            worker_depart(worker, "the weights are others");
            return;
        }
        if (!script_goes_on(script) && !script->obeying) {
            worker_arrive(worker);
            return;
        }
        if (script->obeying || !worker->settled)
            return;
    }
}

/* ---- ends ---- */

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
        worker_say_stage_end(worker, &last);
    }
}

static void end(struct worker *worker, bool limit)
{
    struct event event = {.kind = EVENT_END, .to = (double)worker->lane.at.step};
    char step[32];
    snprintf(event.label, sizeof event.label, "end: step %s", number_count(step, sizeof step, worker->lane.at.step));
    if (limit && stop_stages_are_over(worker->lane.trainer))
        event.what = EVENT_END_OF_STAGES;
    worker->stop.limit_passed |= limit;
    worker_pause(worker, SESSION_ENDED);
    worker_say(worker, &event);
    if (limit)
        end_with(worker); /* last: a screen shows the newest sentence */
}

/* Whether the next step can follow at once: no pause, scripted change, limit, snapshot, log row or replay is due, and
 * the trainer has no evaluation or end of a stage to handle.  True after most steps, so the test must be cheap. */
static bool boundary_is_plain(const struct worker *worker)
{
    return worker_running(worker) && worker->lane.at.step < worker->stop.next &&
           worker->lane.at.step < worker->next_snapshot && !worker->rows.open && !worker->stop.pause_due &&
           !worker->script.from && worker->spec->epochs == 0 && !trainer_boundary_due(worker->lane.trainer);
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
    if (worker_running(worker) && stop_limit_is_reached(&worker->stop, worker->lane.trainer))
        trainer_evaluate_now(worker->lane.trainer);
    if (!worker_finish_boundary(worker))
        return;
    /* A last stage may end by what was measured.  A replay goes on where the first run did. */
    bool limit = worker_running(worker) && stop_limit_is_reached(&worker->stop, worker->lane.trainer);
    if (limit && script_goes_on(&worker->script)) {
        worker->stop.limit_passed = true;
        limit = false;
    }
    if (worker->lane.at.step >= worker->next_snapshot) {
        worker_snapshot(worker);
        worker_snapshot_plan(worker);
    }
    if (worker->lane.at.step >= worker->stop.next)
        take_changes(worker);
    worker->settled = true;
    if (worker->mark_due)
        worker_mark(worker); /* now, since a replay compares after its own planned changes */
    if (worker->script.from)
        follow_script(worker);
    if (!worker_running(worker) || !worker->settled || worker_waits(worker))
        return;
    if (limit || worker->lane.at.step >= worker->stop.until)
        end(worker, limit);
    else if (worker->stop.pause_due) {
        worker_pause(worker, SESSION_PAUSED);
        worker_say(worker, &(struct event){.kind = EVENT_PAUSE, .label = "paused"});
    }
}
