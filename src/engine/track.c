/* Keeps the forest of branches: where each begins, and which changes were made on it at which step. */
#include "engine/track.h"

#include <string.h>

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
    }
    mem_free(track->branch);
    mem_free(track);
}

/* A zeroed one at the end, or NULL. */
static struct track_branch *add(struct track *track)
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
    struct track_branch *branch = &track->branch[track->branches++];
    memset(branch, 0, sizeof *branch);
    return branch;
}

int track_seed(struct track *track, const struct trainer_start *start, uint16_t model)
{
    struct track_branch *branch = add(track);
    if (!branch)
        return -1;
    branch->root = TRACK_SEEDED;
    branch->start = *start;
    branch->origin.step = branch->last = start->step;
    branch->model = model;
    return (int)track->branches - 1;
}

int track_load(struct track *track, uint64_t step, uint16_t model)
{
    struct track_branch *branch = add(track);
    if (!branch)
        return -1;
    branch->root = TRACK_LOADED;
    branch->model = model;
    branch->origin.step = branch->last = step;
    return (int)track->branches - 1;
}

int track_grow(struct track *track, const struct track_point *from)
{
    const struct track_point origin = *from; /* the array may move */
    struct track_branch *branch = add(track);
    if (!branch)
        return -1;
    branch->root = TRACK_GROWN;
    branch->model = track->branch[origin.branch].model;
    branch->origin = origin;
    branch->last = origin.step;
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
    branch->input = NULL;
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
