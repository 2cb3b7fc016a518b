/* Keeps the branches of a run: how each begins, which inputs were applied on it at which step, and its record. */
#include "engine/track.h"

#include "base/mem.h"

struct track {
    struct forest *forest;
    struct track_branch *branch;
    size_t branches, room;
};

struct track *track_create(void)
{
    struct track *track = mem_alloc(1, sizeof *track);
    if (!track)
        return NULL;
    track->forest = forest_create();
    if (track->forest)
        return track;
    mem_free(track);
    return NULL;
}

void track_free(struct track *track)
{
    if (!track)
        return;
    for (size_t i = 0; i < track->branches; i++) {
        track_cut(track, (uint16_t)i, 0);
        mem_free(track->branch[i].input);
        record_free(track->branch[i].record);
    }
    forest_free(track->forest);
    mem_free(track->branch);
    mem_free(track);
}

/* Adds a branch that begins so; NULL: out of memory or of numbers. */
static struct track_branch *add(struct track *track, const struct forest_origin *origin)
{
    if (track->branches >= TRACK_BRANCHES_MAX)
        return NULL;
    if (track->branches == track->room) {
        const size_t room = track->room ? 2 * track->room : 16;
        struct track_branch *larger = mem_resize(track->branch, track->room, room, sizeof *larger);
        if (!larger)
            return NULL;
        track->branch = larger;
        track->room = room;
    }
    struct record *record = record_create(origin->step);
    if (!record || !forest_begin(track->forest, (uint16_t)track->branches, origin)) {
        record_free(record);
        return NULL;
    }
    struct track_branch *branch = &track->branch[track->branches++];
    *branch = (struct track_branch){.record = record, .last = origin->step};
    return branch;
}

int track_seed(struct track *track, const struct trainer_start *start, uint16_t model)
{
    struct track_branch *branch = add(track, &(struct forest_origin){.step = start->step});
    if (!branch)
        return -1;
    branch->seeded = true;
    branch->start = *start;
    start_weights_hold(start->weights);
    branch->model = model;
    return (int)track->branches - 1;
}

int track_load(struct track *track, uint64_t step, uint16_t model, struct start_weights *weights)
{
    struct track_branch *branch = add(track, &(struct forest_origin){.step = step});
    if (!branch)
        return -1;
    branch->start.weights = start_weights_hold(weights);
    branch->model = model;
    return (int)track->branches - 1;
}

int track_grow(struct track *track, const struct track_point *from)
{
    const struct forest_origin origin = {
        .grown = true, .parent = from->branch, .step = from->step, .inputs = from->inputs};
    struct track_branch *branch = add(track, &origin);
    if (!branch)
        return -1;
    branch->model = track->branch[origin.parent].model;
    track->branch[origin.parent].growing++;
    return (int)track->branches - 1;
}

bool track_add(struct track *track, uint16_t number, uint64_t step, const struct request *request)
{
    struct track_branch *branch = &track->branch[number];
    if (branch->inputs == branch->room) {
        const size_t room = branch->room ? 2 * branch->room : 8;
        struct track_input *larger = mem_resize(branch->input, branch->room, room, sizeof *larger);
        if (!larger)
            return false;
        branch->input = larger;
        branch->room = room;
    }
    struct track_input *input = &branch->input[branch->inputs];
    if (!request_copy(&input->request, request))
        return false;
    input->step = step;
    branch->inputs++;
    return true;
}

void track_cut(struct track *track, uint16_t number, size_t inputs)
{
    struct track_branch *branch = &track->branch[number];
    while (branch->inputs > inputs)
        request_free(&branch->input[--branch->inputs].request);
}

void track_reach(struct track *track, uint16_t branch, uint64_t step)
{
    if (step > track->branch[branch].last)
        track->branch[branch].last = step;
}

void track_delete(struct track *track, uint16_t number)
{
    struct track_branch *branch = &track->branch[number];
    const struct forest_origin *origin = forest_origin(track->forest, number);
    if (origin->grown)
        track->branch[origin->parent].growing--;
    track_cut(track, number, 0);
    mem_free(branch->input);
    record_free(branch->record);
    start_weights_drop(branch->start.weights);
    branch->start.weights = NULL;
    branch->input = NULL;
    branch->record = NULL;
    branch->room = 0;
    branch->deleted = true;
}

void track_take_back(struct track *track)
{
    const uint16_t last = (uint16_t)(track->branches - 1);
    track_delete(track, last);
    forest_forget(track->forest, last);
    track->branches--;
}

size_t track_branches(const struct track *track)
{
    return track->branches;
}

const struct track_branch *track_branch(const struct track *track, uint16_t branch)
{
    return &track->branch[branch];
}

const struct forest *track_forest(const struct track *track)
{
    return track->forest;
}

struct track_point track_origin(const struct track *track, uint16_t branch)
{
    const struct forest_origin *origin = forest_origin(track->forest, branch);
    return (struct track_point){
        .branch = origin->grown ? origin->parent : branch, .step = origin->step, .inputs = origin->inputs};
}

const struct track_branch *track_root(const struct track *track, uint16_t number)
{
    return &track->branch[forest_root(track->forest, number)];
}

/* Of the branch's inputs, those before `step`. */
static size_t inputs_before(const struct track_branch *branch, uint64_t step)
{
    size_t low = 0, high = branch->inputs;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (branch->input[middle].step < step)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool track_arrival(const struct track *track, uint16_t number, uint64_t step, struct track_point *out)
{
    if (number >= track->branches || track->branch[number].deleted || step > track->branch[number].last)
        return false;
    number = forest_at(track->forest, number, step);
    if (step < forest_origin(track->forest, number)->step)
        return false;
    *out = (struct track_point){.branch = number, .step = step, .inputs = inputs_before(&track->branch[number], step)};
    return true;
}

struct track_point track_end(const struct track *track, uint16_t number)
{
    const struct track_branch *branch = &track->branch[number];
    return (struct track_point){.branch = number, .step = branch->last, .inputs = branch->inputs};
}

struct track_point track_settle(const struct track *track, struct track_point point)
{
    struct forest_line line = forest_line(point.branch);
    while (point.inputs == 0) {
        const struct track_point origin = track_origin(track, line.branch);
        if (point.step != origin.step || !forest_up(track->forest, &line))
            break;
        point = origin;
    }
    return point;
}

const struct track_input *track_next(const struct track *track, const struct track_point *point)
{
    const struct track_branch *branch = &track->branch[point->branch];
    if (point->inputs >= branch->inputs || branch->input[point->inputs].step > point->step)
        return NULL;
    return &branch->input[point->inputs];
}

/* ---- records ---- */

struct record *track_copy_record(const struct track *track, uint16_t number)
{
    size_t length;
    uint16_t *path = forest_path(track->forest, number, &length);
    struct record *copy = path ? record_like(track->branch[number].record) : NULL;
    bool whole = copy != NULL;
    for (size_t i = 0; i < length && whole; i++) {
        const uint64_t until = i + 1 < length ? forest_origin(track->forest, path[i + 1])->step : UINT64_MAX;
        whole = record_append(copy, track->branch[path[i]].record, until);
    }
    mem_free(path);
    if (whole)
        return copy;
    record_free(copy);
    return NULL;
}

size_t track_record_bytes(const struct track *track)
{
    size_t bytes = 0;
    for (size_t i = 0; i < track->branches; i++)
        bytes += track->branch[i].record ? record_bytes(track->branch[i].record) : 0;
    return bytes;
}
