/* Advances a trainer along a path: boundaries, recorded inputs and steps, piece by piece. */
#include "engine/lane.h"

struct stage_end stage_end_of(const struct trainer *trainer)
{
    const bool stopped = trainer_early_stopped(trainer);
    return (struct stage_end){
        .stop = *trainer_early_stop(trainer),
        .waits = trainer_knobs(trainer)->value[KNOB_EARLY_STOP] > 0 && !stopped,
        .brings_best = trainer_stage(trainer, trainer_stage_number(trainer))->ends_with_best && !stopped,
    };
}

void lane_place(struct lane *lane, struct track_point at)
{
    lane->at = at;
    lane->finished = false;
}

void lane_record(struct lane *lane, const struct track *track)
{
    lane->record = track_branch(track, lane->at.branch)->record;
    lane->reserved = 0;
}

void lane_free(struct lane *lane)
{
    trainer_free(lane->trainer);
    pending_free(lane->pending);
    *lane = (struct lane){.trainer = NULL};
}

/* ---- measuring ---- */

size_t lane_rows(const struct trainer *trainer)
{
    const double rows = 6e7 / model_step_flops(trainer_model(trainer), 1);
    return rows < 1 ? 1 : rows > 8192 ? 8192 : (size_t)rows;
}

void lane_show(struct lane *lane, const float *measures)
{
    for (unsigned i = 0; i < SERIES_COUNT; i++)
        if (trainer_measures(lane->trainer, i))
            pending_value(lane->pending, i, lane->at.step, measures[i]);
}

void lane_take_evaluation(struct lane *lane)
{
    if (!lane->pending)
        return;
    lane_show(lane, lane->measures);
    for (unsigned i = 0; i < SERIES_COUNT; i++)
        if (trainer_measures(lane->trainer, i))
            lane->gaps |= !record_value(lane->record, i, lane->at.step, lane->measures[i]);
}

/* ---- inputs ---- */

enum status lane_check(struct lane *lane, const struct request *request, struct error *error)
{
    return request->row->check(lane->trainer, request, error);
}

void lane_apply(struct lane *lane, const struct request *request, struct event *event)
{
    request->row->apply(lane->trainer, request, event);
    lane->at.inputs++;
    lane->finished = !trainer_boundary_due(lane->trainer);
}

/* Applies a recorded input.  One that this trainer has no use for (a twin's may have none) is skipped, here as on each
 * later way. */
static enum lane_end take_input(struct lane *lane, const struct request *request, struct error *error)
{
    struct event event = {.kind = EVENT_KINDS};
    const enum status status = lane_check(lane, request, error);
    if (status == STATUS_OK)
        lane_apply(lane, request, &event);
    else if (status == STATUS_USAGE)
        lane->at.inputs++;
    else
        return LANE_NO_MEMORY;
    return LANE_MORE;
}

/* ---- pieces ---- */

static bool goes_on(const struct lane_watch *watch)
{
    return !watch->go_on || watch->go_on(watch->owner);
}

static enum lane_end take_step(struct lane *lane, const struct lane_watch *watch)
{
    bool full = false;
    if (lane->record && lane->at.step >= lane->reserved)
        lane->gaps |= !record_reserve(lane->record, &lane->reserved);
    enum step_result result;
    while ((result = trainer_step_piece(lane->trainer, lane->measures)) == STEP_PART)
        if (!goes_on(watch))
            return LANE_CUT;
    if (result != STEP_DONE)
        return LANE_DIVERGED;
    lane->at.step++;
    lane->finished = !trainer_boundary_due(lane->trainer);
    if (lane->pending) {
        record_step(lane->record, lane->at.step, lane->measures);
        full = pending_step(lane->pending, lane->at.step, lane->measures);
    }
    if (watch->stepped)
        watch->stepped(watch->owner, full);
    return LANE_MORE;
}

/* At a finished boundary: follows the path, applies the next input, or takes a step. */
static enum lane_end leave_boundary(struct lane *lane, struct path *path, const struct lane_watch *watch,
                                    struct error *error)
{
    path_follow(path, &lane->at);
    if (path_reached(path, &lane->at))
        return LANE_THERE;
    const struct track_input *input = path->track ? track_next(path->track, &lane->at) : NULL;
    if (input)
        return take_input(lane, &input->request, error);
    return lane->at.step >= path->target.step ? LANE_THERE : take_step(lane, watch);
}

static void take_evaluation(struct lane *lane, const struct lane_watch *watch)
{
    lane_take_evaluation(lane);
    if (watch->measured)
        watch->measured(watch->owner);
}

static enum lane_end finish_boundary(struct lane *lane, bool past_early_stop, const struct lane_watch *watch,
                                     struct error *error)
{
    const struct stage_end before = stage_end_of(lane->trainer);
    switch (trainer_settle(lane->trainer, lane->rows, lane->measures, error)) {
    case PIECE_OF_EVALUATION:
        return goes_on(watch) ? LANE_MORE : LANE_CUT;
    case PIECE_EVALUATION:
        take_evaluation(lane, watch);
        return LANE_MORE;
    case PIECE_EARLY_STOP:
        take_evaluation(lane, watch);
        return past_early_stop ? LANE_MORE : LANE_EARLY_STOP;
    case PIECE_STAGE:
        if (watch->staged)
            watch->staged(watch->owner, &before);
        return LANE_MORE;
    case PIECE_FAILED:
        return LANE_NO_MEMORY;
    default:
        lane->finished = true;
        return LANE_MORE;
    }
}

enum lane_end lane_advance(struct lane *lane, struct path *path, uint64_t pieces, bool past_early_stop,
                           const struct lane_watch *watch, struct error *error)
{
    enum lane_end end = LANE_MORE;
    for (; end == LANE_MORE && pieces > 0; pieces--)
        end = lane->finished ? leave_boundary(lane, path, watch, error)
                             : finish_boundary(lane, past_early_stop, watch, error);
    return end;
}
