/* DESIGN.  Each branch has a lane: its snapshots in the order of their points, which is the order in which they were made: a branch is gone on
 * with at its end alone.  Buffers of thinned snapshots are used again, so a long run asks the system for no memory once the budget is full.
 *
 * Thinning looks at each lane from its newest snapshot to its oldest and drops those that are nearer to the last one kept than
 * a share of their age; the share is the least power of two that brings the total under three quarters of the budget.  So it happens once for every
 * quarter of the budget, and costs one look at each snapshot. */
#include "run/timeline.h"

#include <math.h>

#include "base/mem.h"

#define SHARE_LEAST 0x1p-20
#define SHARE_MOST  2.0 /* nothing but what is pinned survives this */

struct snapshot {
    uint64_t step, work;
    size_t inputs;
    void *data;
    bool pinned;
};

struct lane {
    struct snapshot *snapshot;
    size_t count, room;
};

struct timeline {
    size_t bytes; /* of a snapshot */
    size_t budget;
    size_t held;       /* snapshots, spare buffers included */
    struct lane *lane; /* by branch */
    size_t lanes;
    void **spare;
    size_t spares, spare_room;
};

struct timeline *timeline_create(size_t bytes, size_t budget)
{
    struct timeline *timeline = mem_alloc(1, sizeof *timeline);
    if (timeline) {
        timeline->bytes = bytes;
        timeline->budget = budget;
    }
    return timeline;
}

static void lane_free(struct lane *lane)
{
    for (size_t i = 0; i < lane->count; i++)
        mem_free(lane->snapshot[i].data);
    mem_free(lane->snapshot);
    *lane = (struct lane){0};
}

static void free_spares(struct timeline *timeline)
{
    while (timeline->spares > 0) {
        mem_free(timeline->spare[--timeline->spares]);
        timeline->held--;
    }
}

void timeline_free(struct timeline *timeline)
{
    if (!timeline)
        return;
    for (size_t i = 0; i < timeline->lanes; i++)
        lane_free(&timeline->lane[i]);
    free_spares(timeline);
    mem_free(timeline->lane);
    mem_free(timeline->spare);
    mem_free(timeline);
}

bool timeline_fits(const struct timeline *timeline)
{
    return timeline->bytes <= timeline->budget;
}

size_t timeline_bytes(const struct timeline *timeline)
{
    return timeline->held * timeline->bytes;
}

size_t timeline_count(const struct timeline *timeline)
{
    return timeline->held - timeline->spares;
}

/* ---- Thinning ---------------------------------------------------------------------------------- */

/* Walks a lane from the newest to the oldest; with `drop`, what does not survive goes to the spares.  How many survive. */
static size_t thin_lane(struct timeline *timeline, struct lane *lane, uint64_t now, double share, bool drop)
{
    uint64_t kept = now;
    size_t survivors = 0;
    for (size_t i = lane->count; i-- > 0;) {
        struct snapshot *snapshot = &lane->snapshot[i];
        const double age = (double)(now - snapshot->work);
        if (snapshot->pinned || (double)(kept - snapshot->work) >= share * fmax(age, 1)) {
            kept = snapshot->work;
            survivors++;
        } else if (drop) {
            timeline->spare[timeline->spares++] = snapshot->data;
            snapshot->data = NULL;
        }
    }
    if (!drop)
        return survivors;
    size_t left = 0;
    for (size_t i = 0; i < lane->count; i++)
        if (lane->snapshot[i].data)
            lane->snapshot[left++] = lane->snapshot[i];
    lane->count = left;
    return survivors;
}

static size_t thin(struct timeline *timeline, uint64_t now, double share, bool drop)
{
    size_t survivors = 0;
    for (size_t i = 0; i < timeline->lanes; i++)
        survivors += thin_lane(timeline, &timeline->lane[i], now, share, drop);
    return survivors;
}

/* Room for all buffers among the spares. */
static bool make_spare_room(struct timeline *timeline)
{
    if (timeline->held <= timeline->spare_room)
        return true;
    const size_t room = 2 * timeline->held;
    void **larger = mem_resize(timeline->spare, timeline->spare_room, room, sizeof *larger);
    if (!larger)
        return false;
    timeline->spare = larger;
    timeline->spare_room = room;
    return true;
}

/* Brings what is kept down to `most` snapshots, if thinning can. */
static void thin_to(struct timeline *timeline, uint64_t now, size_t most)
{
    if (!make_spare_room(timeline))
        return;
    double share = SHARE_LEAST;
    while (share < SHARE_MOST && thin(timeline, now, share, false) > most)
        share *= 2;
    thin(timeline, now, share, true);
}

void timeline_set_budget(struct timeline *timeline, size_t budget)
{
    timeline->budget = budget;
    uint64_t newest = 0;
    for (size_t i = 0; i < timeline->lanes; i++)
        if (timeline->lane[i].count > 0) {
            const uint64_t work = timeline->lane[i].snapshot[timeline->lane[i].count - 1].work;
            newest = work > newest ? work : newest;
        }
    if (timeline_bytes(timeline) > budget)
        thin_to(timeline, newest, budget / timeline->bytes);
    if (timeline_bytes(timeline) > budget)
        free_spares(timeline);
}

/* ---- Keeping ----------------------------------------------------------------------------------- */

static void *take_buffer(struct timeline *timeline, uint64_t work, bool pinned)
{
    const size_t most = timeline->budget / timeline->bytes;
    if (timeline->spares == 0 && timeline->held >= most && most > 0)
        thin_to(timeline, work, most - (most + 3) / 4);
    if (timeline->spares > 0)
        return timeline->spare[--timeline->spares];
    if (timeline->held >= most && !pinned)
        return NULL;
    void *data = mem_alloc(1, timeline->bytes);
    timeline->held += data != NULL;
    return data;
}

static struct lane *make_lane(struct timeline *timeline, uint16_t branch)
{
    if (branch >= timeline->lanes) {
        const size_t lanes = 2 * ((size_t)branch + 1);
        struct lane *larger = mem_resize(timeline->lane, timeline->lanes, lanes, sizeof *larger);
        if (!larger)
            return NULL;
        timeline->lane = larger;
        timeline->lanes = lanes;
    }
    struct lane *lane = &timeline->lane[branch];
    if (lane->count == lane->room) {
        const size_t room = lane->room ? 2 * lane->room : 16;
        struct snapshot *larger = mem_resize(lane->snapshot, lane->room, room, sizeof *larger);
        if (!larger)
            return NULL;
        lane->snapshot = larger;
        lane->room = room;
    }
    return lane;
}

/* How many of the lane's snapshots are at `limit` or before. */
static size_t up_to(const struct lane *lane, const struct track_point *limit)
{
    size_t low = 0, high = lane->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct snapshot *snapshot = &lane->snapshot[middle];
        const struct track_point at = {.step = snapshot->step, .inputs = snapshot->inputs};
        if (track_before(&at, limit))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool timeline_keep(struct timeline *timeline, const struct track_point *point, uint64_t work, const struct state *state,
                   bool pinned)
{
    struct lane *lane = make_lane(timeline, point->branch);
    if (!lane)
        return !pinned;
    size_t at = up_to(lane, point);
    if (at > 0 && lane->snapshot[at - 1].step == point->step && lane->snapshot[at - 1].inputs == point->inputs)
        return true;
    void *data = take_buffer(timeline, work, pinned);
    if (!data)
        return !pinned;
    at = up_to(lane, point); /* thinning may have moved it */
    for (size_t i = lane->count++; i > at; i--)
        lane->snapshot[i] = lane->snapshot[i - 1];
    state_copy_out(state, data);
    lane->snapshot[at] = (struct snapshot){
        .step = point->step,
        .work = at > 0 && lane->snapshot[at - 1].work > work ? lane->snapshot[at - 1].work : work,
        .inputs = point->inputs,
        .data = data,
        .pinned = pinned,
    };
    return true;
}

const void *timeline_find(const struct timeline *timeline, const struct track_point *limit, struct track_point *found)
{
    if (limit->branch >= timeline->lanes)
        return NULL;
    const struct lane *lane = &timeline->lane[limit->branch];
    const size_t count = up_to(lane, limit);
    if (count == 0)
        return NULL;
    const struct snapshot *snapshot = &lane->snapshot[count - 1];
    *found = (struct track_point){.branch = limit->branch, .step = snapshot->step, .inputs = snapshot->inputs};
    return snapshot->data;
}

void timeline_forget(struct timeline *timeline, uint16_t branch)
{
    if (branch >= timeline->lanes)
        return;
    timeline->held -= timeline->lane[branch].count;
    lane_free(&timeline->lane[branch]);
}

uint64_t timeline_spacing(size_t bytes, double step_flops)
{
    /* Nanoseconds, of which a fast machine needs fewer for a step than said here, and any machine fewer for a copy into cold memory. */
    const double copy = 1000 + (double)bytes / 2, step = 300 + step_flops / 100;
    const double spacing = ceil(100 * copy / step);
    return spacing < 1 ? 1 : (uint64_t)spacing;
}
