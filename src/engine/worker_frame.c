/* Publishes frames: copies of the trainer that pictures are about, and of states on the way there and on other
 * branches. */
#include "engine/worker_parts.h"

/* The parameters in a snapshot of a state like that of the trainer. */
static const float *parameters_in(struct trainer *trainer, const void *snapshot)
{
    return state_in_snapshot(trainer_state(trainer), "parameters", snapshot);
}

/* The newest snapshot on the line of the point's branch that is not beyond the point; NULL: there is none. */
static const void *find_snapshot(const struct worker *worker, const struct track_point *point,
                                 struct track_point *found)
{
    const struct forest *forest = track_forest(worker->track);
    struct forest_line line = forest_line(point->branch);
    struct track_point limit = *point;
    for (;;) {
        const void *snapshot = timeline_find(worker_timeline(worker, line.branch), &limit, found);
        limit = track_origin(worker->track, line.branch);
        if (snapshot || !forest_up(forest, &line))
            return snapshot;
    }
}

/* States that are as far from each other as snapshots and the number of points allow. */
static void add_path(const struct worker *worker, struct frame *frame, struct trainer *trainer,
                     const struct track_point *at)
{
    const uint64_t first = forest_first(track_forest(worker->track), at->branch), steps = at->step - first;
    const size_t most = frame_begin_points(frame, &frame->path, FRAME_PATH);
    struct track_point point, found, last = {.step = WORKER_NEVER};
    for (size_t i = 0; i + 1 < most; i++) {
        /* In whole numbers; the quotient first, since a step may be large. */
        const uint64_t step = first + steps / (most - 1) * i + steps % (most - 1) * i / (most - 1);
        if (!track_arrival(worker->track, at->branch, step, &point))
            continue;
        const void *snapshot = find_snapshot(worker, &point, &found);
        if (!snapshot || (found.branch == last.branch && found.step == last.step) || found.step == at->step)
            continue;
        frame_add_point(frame, &frame->path, found.branch, found.step, parameters_in(trainer, snapshot));
        last = found;
    }
    if (most > 0)
        frame_add_point(frame, &frame->path, at->branch, at->step, model_params_const(trainer_model(trainer))->value);
}

static void add_ends(const struct worker *worker, struct frame *frame, struct trainer *trainer,
                     const struct track_point *at)
{
    const uint16_t model = track_branch(worker->track, at->branch)->model;
    const size_t most = frame_begin_points(frame, &frame->ends, FRAME_ENDS);
    for (size_t i = track_branches(worker->track); i-- > 0 && frame->ends.count < most;) {
        const struct track_branch *branch = track_branch(worker->track, (uint16_t)i);
        const struct track_point end = track_end(worker->track, (uint16_t)i);
        struct track_point found;
        if (i == at->branch || branch->deleted || branch->model != model)
            continue;
        const void *snapshot = timeline_find(worker_timeline(worker, (uint16_t)i), &end, &found);
        if (snapshot)
            frame_add_point(frame, &frame->ends, found.branch, found.step, parameters_in(trainer, snapshot));
    }
}

/* False: there is no memory for its parameters, which were asked for. */
static bool fill(const struct worker *worker, struct trainer *trainer, const struct track_point *at, unsigned parts)
{
    struct frame *frame = frames_begin(worker->frames, at->step, at->branch, trainer_model(trainer));
    if ((parts & FRAME_PARAMETERS) && !frame_add_parameters(frame, trainer_model(trainer)))
        return false;
    if (parts & FRAME_STATE)
        frame_add_state(frame, trainer_state(trainer));
    if (parts & FRAME_PATH)
        add_path(worker, frame, trainer, at);
    if (parts & FRAME_ENDS)
        add_ends(worker, frame, trainer, at);
    return true;
}

void worker_publish_frame(struct worker *worker, unsigned parts)
{
    struct track_point at;
    struct trainer *shown = worker_shown(worker, &at);
    track_reach(worker->track, worker->lane.at.branch, worker->lane.at.step);
    /* Of a large twin: rather another frame than none. */
    if (fill(worker, shown, &at, parts) || fill(worker, worker->lane.trainer, &worker->lane.at, parts))
        frames_publish(worker->frames);
    bell_ring(worker->framed, BELL_FRAMED);
}
