/* Runs a second line of steps beside the present one: a twin (the same start with something changed) or a rival
 * (another branch that takes a step for each step of this one).  Each has a trainer and pending samples of its own;
 * there is one at a time. */
#include <stdio.h>

#include "base/clock.h"
#include "engine/slice.h"
#include "engine/worker_parts.h"

void worker_rival_free(struct worker *worker)
{
    if (worker->rival.lane.pending)
        channel_retire(worker->channel, worker->rival.lane.pending);
    path_free(&worker->rival.path);
    lane_free(&worker->rival.lane);
    worker->rival = (struct worker_rival){.lane = {.trainer = NULL}};
}

/* Keeps a snapshot of the second trainer, which is at the end of its branch: a later seek to there starts from it. */
void worker_rival_snapshot(struct worker *worker)
{
    const struct worker_rival *rival = &worker->rival;
    struct timeline *timeline = rival->lane.trainer ? worker_timeline(worker, rival->lane.at.branch) : NULL;
    if (!timeline || !timeline_fits(timeline))
        return;
    const struct track_point end = track_end(worker->track, rival->lane.at.branch);
    timeline_keep(timeline, &end, worker->work, trainer_state(rival->lane.trainer), false);
}

static void keep(struct worker *worker)
{
    worker_rival_snapshot(worker);
    worker_flush_step(worker, worker->rival.lane.pending);
}

void worker_rival_rest(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    if (!rival->racing)
        return;
    rival->racing = false;
    keep(worker);
}

static void rival_stepped(void *owner, bool full)
{
    struct worker *worker = owner;
    const struct track_point *at = &worker->rival.lane.at;
    worker->work++;
    track_reach(worker->track, at->branch, at->step);
    if (full)
        worker_flush_step(worker, worker->rival.lane.pending);
}

/* A rival keeps pace with the present branch, so each of its evaluations is done at once: this looks at the bell. */
static bool rival_goes_on(void *owner)
{
    struct worker *worker = owner;
    if (bell_peek(&worker->bell))
        worker_listen(worker);
    return !worker->abandoned && !worker->leaving;
}

void worker_fill_race(const struct worker *worker, bool on, const char *label, struct event *event)
{
    event->kind = EVENT_RACE;
    event->what = worker->rival.lane.at.branch;
    event->from = worker_running(worker);
    event->to = on;
    snprintf(event->label, sizeof event->label, "%s", label);
}

/* One step of the rival and the boundary after it.  Returns why it cannot go on, or NULL. */
static const char *advance(struct worker *worker)
{
    struct lane *lane = &worker->rival.lane;
    const struct lane_watch watch = {.owner = worker, .go_on = rival_goes_on, .stepped = rival_stepped};
    struct path path = {.target = {.step = lane->at.step + 1}};
    for (;;)
        switch (lane_advance(lane, &path, UINT64_MAX, false, &watch, NULL)) {
        case LANE_EARLY_STOP:
            if (trainer_stage_is_last(lane->trainer))
                return "the rival stopped early: it rests";
            break;
        case LANE_DIVERGED:
            return "the rival's loss is no longer a number: it rests";
        case LANE_NO_MEMORY:
            return "no memory for the rival's next stage: it rests";
        default: /* it is there, or the worker is told to stop */
            return NULL;
        }
}

void worker_rival_step(struct worker *worker)
{
    const char *reason = advance(worker);
    if (!reason)
        return;
    struct event event = {.kind = EVENT_RACE};
    worker_rival_rest(worker);
    worker_fill_race(worker, false, reason, &event);
    worker_say(worker, &event);
}

/* Ends the catching up, wherever the twin is.  Inputs that it did not reach or could not apply leave its branch. */
void worker_rival_end_catch_up(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    rival->catching_up = false;
    track_cut(worker->track, rival->lane.at.branch, rival->lane.at.inputs);
    keep(worker);
    worker->caught_up = -1;
    worker->commanded = true;
}

static void say_end(struct worker *worker, enum event_kind kind, const char *label)
{
    struct event event = {.kind = kind, .branch = worker->rival.lane.at.branch, .step = worker->rival.lane.at.step};
    snprintf(event.label, sizeof event.label, "%s", label);
    worker_rival_end_catch_up(worker);
    worker_tell(worker, &event, false);
    worker_script_walked(worker);
}

void worker_rival_catch_up(struct worker *worker)
{
    struct worker_rival *rival = &worker->rival;
    const struct lane_watch watch = {.owner = worker, .stepped = rival_stepped};
    const uint64_t begun = clock_now();
    switch (lane_advance(&rival->lane, &rival->path, rival->slice, true, &watch, NULL)) {
    case LANE_THERE:
        say_end(worker, EVENT_ARRIVED, "there");
        break;
    case LANE_DIVERGED:
        say_end(worker, EVENT_DIVERGED, "twin: loss not finite");
        break;
    case LANE_NO_MEMORY:
        say_end(worker, EVENT_REFUSED, "the twin ends here: out of memory");
        break;
    default:
        rival->slice = slice_next(rival->slice, clock_now() - begun);
        worker_show_share(worker, &worker->caught_up, rival->started, path_share(&rival->path, &rival->lane.at));
    }
}
