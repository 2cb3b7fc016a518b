/* Keeps the forest of branches: where each begins, which changes were made on it at which step, and its record. */
#include "engine/track.h"

#include "base/mem.h"

struct track {
    struct track_branch *branch;
    size_t branches, room;
};

struct track *track_create(void)
{
    return mem_alloc(1, sizeof(struct track));
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
    mem_free(track->branch);
    mem_free(track);
}

/* One at the end that begins at `step`, or NULL. */
static struct track_branch *add(struct track *track, uint64_t step)
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
    struct record *record = record_create(step);
    if (!record)
        return NULL;
    struct track_branch *branch = &track->branch[track->branches++];
    *branch = (struct track_branch){.record = record, .origin.step = step, .last = step};
    return branch;
}

int track_seed(struct track *track, const struct trainer_start *start, uint16_t model)
{
    struct track_branch *branch = add(track, start->step);
    if (!branch)
        return -1;
    branch->root = TRACK_SEEDED;
    branch->start = *start;
    branch->model = model;
    return (int)track->branches - 1;
}

int track_load(struct track *track, uint64_t step, uint16_t model)
{
    struct track_branch *branch = add(track, step);
    if (!branch)
        return -1;
    branch->root = TRACK_LOADED;
    branch->model = model;
    return (int)track->branches - 1;
}

int track_grow(struct track *track, const struct track_point *from)
{
    const struct track_point origin = *from; /* the array may move */
    struct track_branch *branch = add(track, origin.step);
    if (!branch)
        return -1;
    branch->root = TRACK_GROWN;
    branch->model = track->branch[origin.branch].model;
    branch->origin = origin;
    track->branch[origin.branch].growing++;
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
    if (branch->root == TRACK_GROWN)
        track->branch[branch->origin.branch].growing--;
    track_cut(track, number, 0);
    mem_free(branch->input);
    record_free(branch->record);
    branch->input = NULL;
    branch->record = NULL;
    branch->room = 0;
    branch->deleted = true;
}

void track_take_back(struct track *track)
{
    track_delete(track, (uint16_t)(track->branches - 1));
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
    const struct track_branch *branch = &track->branch[number];
    while (branch->root == TRACK_GROWN && step < branch->origin.step) {
        number = branch->origin.branch;
        branch = &track->branch[number];
    }
    if (step < branch->origin.step)
        return false;
    *out = (struct track_point){.branch = number, .step = step, .inputs = inputs_before(branch, step)};
    return true;
}

struct track_point track_end(const struct track *track, uint16_t number)
{
    const struct track_branch *branch = &track->branch[number];
    return (struct track_point){.branch = number, .step = branch->last, .inputs = branch->inputs};
}

struct track_point track_settle(const struct track *track, struct track_point point)
{
    const struct track_branch *branch = &track->branch[point.branch];
    while (branch->root == TRACK_GROWN && point.inputs == 0 && point.step == branch->origin.step) {
        point = branch->origin;
        branch = &track->branch[point.branch];
    }
    return point;
}

uint16_t *track_path(const struct track *track, uint16_t number, size_t *length)
{
    uint16_t at = number;
    for (*length = 1; track->branch[at].root == TRACK_GROWN; ++*length)
        at = track->branch[at].origin.branch;
    uint16_t *path = mem_alloc(*length, sizeof *path);
    for (size_t i = *length; path && i-- > 0; number = track->branch[number].origin.branch)
        path[i] = number;
    return path;
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
    uint16_t *path = track_path(track, number, &length);
    struct record *copy = path ? record_like(track->branch[number].record) : NULL;
    bool whole = copy != NULL;
    for (size_t i = 0; i < length && whole; i++) {
        const uint64_t until = i + 1 < length ? track->branch[path[i + 1]].origin.step : UINT64_MAX;
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
