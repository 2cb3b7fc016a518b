/* Recomputes an earlier state: repeats steps and recorded changes from the nearest snapshot or start before it. */
#include "engine/retrace.h"

#include "base/mem.h"
#include "metrics/event.h"

bool retrace_input(struct trainer *trainer, const struct request *request)
{
    struct event event = {.kind = EVENT_KINDS};
    const enum status status = request->row->check(trainer, request, NULL);
    if (status == STATUS_OK)
        request->row->apply(trainer, request, &event);
    return status == STATUS_OK || status == STATUS_USAGE;
}

enum status retrace_start(struct trainer *trainer, const struct trainer_start *start, struct error *error)
{
    enum status status = trainer_begin(trainer, start, error);
    return status == STATUS_OK ? trainer_restored(trainer, error) : status;
}

/* ---- The way ----------------------------------------------------------------------------------- */

/* The last point of the way on the branch of path[place]. */
static struct track_point limit_of(const struct retrace *retrace, size_t place)
{
    if (place + 1 == retrace->path_length)
        return retrace->target;
    return track_branch(retrace->track, retrace->path[place + 1])->origin;
}

/* The nearest snapshot on the way, looked for from its end; path places before it are left out.  NULL: there is
 * none. */
static const void *nearest(struct retrace *retrace, const struct timeline *timeline)
{
    for (size_t place = retrace->path_length; place-- > 0;) {
        const struct track_point limit = limit_of(retrace, place);
        const void *data = timeline_find(timeline, &limit, &retrace->at);
        if (data) {
            retrace->place = place;
            return data;
        }
    }
    return NULL;
}

static bool on_the_way(const struct retrace *retrace, const struct track_point *here, size_t *place)
{
    for (size_t i = 0; i < retrace->path_length; i++)
        if (retrace->path[i] == here->branch) {
            const struct track_point limit = limit_of(retrace, i);
            *place = i;
            return track_before(here, &limit);
        }
    return false;
}

enum status retrace_begin(struct retrace *retrace, struct trainer *trainer, size_t rows, const struct track *track,
                          const struct timeline *timeline, const struct track_point *here,
                          const struct track_point *target, struct error *error)
{
    *retrace = (struct retrace){.trainer = trainer, .rows = rows, .track = track, .target = *target};
    retrace->path = track_path(track, target->branch, &retrace->path_length);
    if (!retrace->path)
        return error_memory(error);
    const void *data = nearest(retrace, timeline);
    size_t place;
    enum status status = STATUS_OK;
    if (here && on_the_way(retrace, here, &place) &&
        (!data || place > retrace->place || (place == retrace->place && track_before(&retrace->at, here)))) {
        retrace->at = *here;
        retrace->place = place;
    } else if (data) {
        state_copy_in(trainer_state(trainer), data);
        status = trainer_restored(trainer, error);
    } else {
        const struct track_branch *root = track_branch(track, retrace->path[0]);
        retrace->at = (struct track_point){.branch = retrace->path[0], .step = root->origin.step};
        if (root->root == TRACK_SEEDED)
            status = retrace_start(trainer, &root->start, error);
        else /* its snapshot is pinned: only without memory it is not there */
            status = error_memory(error);
    }
    retrace->begin = retrace->at.step;
    if (status != STATUS_OK)
        retrace_end(retrace);
    return status;
}

static bool arrived(const struct retrace *retrace)
{
    return retrace->place + 1 == retrace->path_length && retrace->at.step == retrace->target.step &&
           retrace->at.inputs == retrace->target.inputs;
}

/* On to the next branch of the path where this one is left. */
static void change_branches(struct retrace *retrace)
{
    while (retrace->place + 1 < retrace->path_length) {
        const struct track_point limit = limit_of(retrace, retrace->place);
        if (retrace->at.step != limit.step || retrace->at.inputs != limit.inputs)
            return;
        retrace->at.branch = retrace->path[++retrace->place];
        retrace->at.inputs = 0;
    }
}

/* From a settled boundary: applies the next input of this step, or takes a step. */
static enum retrace_result leave_boundary(struct retrace *retrace)
{
    float measures[SERIES_TOTAL];
    change_branches(retrace);
    if (arrived(retrace))
        return RETRACE_ARRIVED;
    const struct track_input *input = track_next(retrace->track, &retrace->at);
    if (input) {
        retrace->at.inputs++;
        return retrace_input(retrace->trainer, &input->request) ? RETRACE_ON_THE_WAY : RETRACE_NO_MEMORY;
    }
    if (trainer_step(retrace->trainer, measures) != STEP_DONE)
        return RETRACE_NONFINITE;
    retrace->at.step++;
    return RETRACE_ON_THE_WAY;
}

static enum retrace_result go_on(struct retrace *retrace)
{
    float measures[SERIES_TOTAL];
    switch (trainer_settle(retrace->trainer, retrace->rows, measures, NULL)) {
    case PIECE_NONE:
        return leave_boundary(retrace);
    case PIECE_FAILED:
        return RETRACE_NO_MEMORY;
    default:
        return RETRACE_ON_THE_WAY;
    }
}

enum retrace_result retrace_walk(struct retrace *retrace, uint64_t pieces)
{
    enum retrace_result result;
    do
        result = go_on(retrace);
    while (result == RETRACE_ON_THE_WAY && --pieces > 0);
    return result;
}

double retrace_share(const struct retrace *retrace)
{
    const uint64_t whole = retrace->target.step - retrace->begin;
    return whole > 0 ? (double)(retrace->at.step - retrace->begin) / (double)whole : 1;
}

void retrace_end(struct retrace *retrace)
{
    mem_free(retrace->path);
    retrace->path = NULL;
}
