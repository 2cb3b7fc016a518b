/* Finds the way to a point of the forest: the nearest snapshot or start before it, and the branches from there on. */
#include "engine/path.h"

#include "base/mem.h"

enum status path_start(struct trainer *trainer, const struct trainer_start *start, struct error *error)
{
    enum status status = trainer_begin(trainer, start, error);
    return status == STATUS_OK ? trainer_restored(trainer, error) : status;
}

/* The last point of the way on branch[place]. */
static struct track_point limit_of(const struct path *path, size_t place)
{
    if (place + 1 == path->length)
        return path->target;
    return track_origin(path->track, path->branch[place + 1]);
}

/* The nearest snapshot on the way, looked for from its end, and its point; branches before it are left out.  NULL: there
 * is none. */
static const void *nearest(struct path *path, const struct timeline *timeline, struct track_point *found)
{
    for (size_t place = path->length; place-- > 0;) {
        const struct track_point limit = limit_of(path, place);
        const void *data = timeline_find(timeline, &limit, found);
        if (data) {
            path->place = place;
            return data;
        }
    }
    return NULL;
}

static bool on_the_way(const struct path *path, const struct track_point *at, size_t *place)
{
    for (size_t i = 0; i < path->length; i++)
        if (path->branch[i] == at->branch) {
            const struct track_point limit = limit_of(path, i);
            *place = i;
            return track_before(at, &limit);
        }
    return false;
}

static enum status place_at_root(const struct path *path, struct trainer *trainer, struct track_point *at,
                                 struct error *error)
{
    const struct track_branch *root = track_branch(path->track, path->branch[0]);
    *at = track_origin(path->track, path->branch[0]);
    if (root->seeded)
        return path_start(trainer, &root->start, error);
    return error_memory(error); /* its snapshot is pinned: only without memory it is not there */
}

enum status path_begin(struct path *path, const struct track *track, const struct timeline *timeline,
                       const struct track_point *target, struct trainer *trainer, bool placed, struct track_point *at,
                       struct error *error)
{
    *path = (struct path){.track = track, .target = *target};
    path->branch = forest_path(track_forest(track), target->branch, &path->length);
    if (!path->branch)
        return error_memory(error);
    struct track_point snapshot;
    const void *data = nearest(path, timeline, &snapshot);
    size_t place;
    enum status status = STATUS_OK;
    if (placed && on_the_way(path, at, &place) &&
        (!data || place > path->place || (place == path->place && track_before(&snapshot, at)))) {
        path->place = place;
    } else if (data) {
        *at = snapshot;
        state_copy_in(trainer_state(trainer), data);
        status = trainer_restored(trainer, error);
    } else {
        status = place_at_root(path, trainer, at, error);
    }
    path->begin = at->step;
    if (status != STATUS_OK)
        path_free(path);
    return status;
}

void path_free(struct path *path)
{
    mem_free(path->branch);
    path->branch = NULL;
    path->length = path->place = 0;
}

void path_follow(struct path *path, struct track_point *at)
{
    while (path->place + 1 < path->length) {
        const struct track_point limit = limit_of(path, path->place);
        if (at->step != limit.step || at->inputs != limit.inputs)
            return;
        *at = (struct track_point){.branch = path->branch[++path->place], .step = at->step};
    }
}

bool path_reached(const struct path *path, const struct track_point *at)
{
    return path->place + 1 >= path->length && at->step == path->target.step && at->inputs == path->target.inputs;
}

double path_share(const struct path *path, const struct track_point *at)
{
    const uint64_t whole = path->target.step - path->begin;
    return whole > 0 ? (double)(at->step - path->begin) / (double)whole : 1;
}
