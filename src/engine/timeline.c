/* Keeps snapshots of the state under a budget of bytes and finds the nearest one before a step.
 *
 * DESIGN.  Each branch has a lane: its snapshots in the order of their points, which is the order in which they were
 * made: a branch is gone on with at its end alone.  Their buffers are cut from slabs, since the first touch of memory
 * costs many times the copy into it, and least in large pages.  Buffers of thinned snapshots are used again, so a long
 * run asks the system for no memory once the budget is full.
 *
 * Thinning looks at each lane from its newest snapshot to its oldest and drops those that are nearer to the last one
 * kept than a share of their age; the share is the least power of two that brings the total under three quarters of the
 * budget.  So it happens once for every quarter of the budget, and costs one look at each snapshot.  Where there are so
 * many branches that not even the newest of each has room, the oldest of all go. */
#include "engine/timeline.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

#define SHARE_LEAST 0x1p-20
#define SLAB_LEAST  ((size_t)2 << 20)
#define SLAB_MOST   ((size_t)32 << 20)
#define SLABS       16 /* in the budget, about */

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
    size_t held;       /* buffers: snapshots and spares */
    size_t touched;    /* of them, used before: those that are taken first */
    struct lane *lane; /* by branch */
    size_t lanes;
    void **slab;
    size_t slabs, slab_room;
    void **spare; /* room for all that are held */
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

static void free_slabs(struct timeline *timeline, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mem_free(timeline->slab[i]);
}

void timeline_free(struct timeline *timeline)
{
    if (!timeline)
        return;
    for (size_t i = 0; i < timeline->lanes; i++)
        mem_free(timeline->lane[i].snapshot);
    free_slabs(timeline, timeline->slabs);
    mem_free(timeline->lane);
    mem_free(timeline->slab);
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

/* ---- Buffers ----------------------------------------------------------------------------------- */

static bool make_list_room(void ***list, size_t *room, size_t wanted)
{
    if (wanted <= *room)
        return true;
    void **larger = mem_resize(*list, *room, 2 * wanted, sizeof *larger);
    if (!larger)
        return false;
    *list = larger;
    *room = 2 * wanted;
    return true;
}

/* So many spare buffers more. */
static bool add_slab(struct timeline *timeline, size_t buffers)
{
    if (!make_list_room(&timeline->slab, &timeline->slab_room, timeline->slabs + 1) ||
        !make_list_room(&timeline->spare, &timeline->spare_room, timeline->held + buffers))
        return false;
    unsigned char *slab = mem_alloc_large(buffers, timeline->bytes);
    if (!slab)
        return false;
    timeline->slab[timeline->slabs++] = slab;
    timeline->held += buffers;
    for (size_t i = buffers; i-- > 0;)
        timeline->spare[timeline->spares++] = slab + i * timeline->bytes;
    return true;
}

/* Into one slab of just that size.  Without memory for it all stays where it is. */
static void repack(struct timeline *timeline)
{
    const size_t old_slabs = timeline->slabs, old_held = timeline->held, live = timeline_count(timeline);
    if (live > 0 && !add_slab(timeline, live))
        return;
    for (size_t i = 0; i < timeline->lanes; i++)
        for (size_t k = 0; k < timeline->lane[i].count; k++) {
            void *data = timeline->spare[--timeline->spares];
            memcpy(data, timeline->lane[i].snapshot[k].data, timeline->bytes);
            timeline->lane[i].snapshot[k].data = data;
        }
    free_slabs(timeline, old_slabs);
    timeline->slabs -= old_slabs;
    timeline->held -= old_held;
    timeline->spares = 0;
    timeline->touched = live;
    if (timeline->slabs > 0)
        timeline->slab[0] = timeline->slab[old_slabs];
}

/* ---- Thinning ---------------------------------------------------------------------------------- */

/* What survives: a snapshot as far from the next as this share of its age, and not from before `cut`. */
struct rule {
    uint64_t now, cut;
    double share;
};

/* Walks a lane from the newest to the oldest; with `drop`, what does not survive goes to the spares.  How many
 * survive. */
static size_t thin_lane(struct timeline *timeline, struct lane *lane, const struct rule *rule, bool drop)
{
    double kept = INFINITY; /* the newest is far from any other */
    size_t survivors = 0;
    for (size_t i = lane->count; i-- > 0;) {
        struct snapshot *snapshot = &lane->snapshot[i];
        const double work = (double)snapshot->work, age = (double)rule->now - work;
        if (snapshot->pinned || (snapshot->work >= rule->cut && kept - work >= rule->share * fmax(age, 1))) {
            kept = work;
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

static size_t thin(struct timeline *timeline, const struct rule *rule, bool drop)
{
    size_t survivors = 0;
    for (size_t i = 0; i < timeline->lanes; i++)
        survivors += thin_lane(timeline, &timeline->lane[i], rule, drop);
    return survivors;
}

/* Brings what is kept, but for what is pinned, down to `most` snapshots. */
static void thin_to(struct timeline *timeline, uint64_t now, size_t most)
{
    struct rule rule = {.now = now, .share = SHARE_LEAST};
    while (rule.share < 1 && thin(timeline, &rule, false) > most)
        rule.share *= 2;
    uint64_t low = 0, high = thin(timeline, &rule, false) > most ? now + 1 : 0;
    while (high > low + 1) {
        rule.cut = low + (high - low) / 2;
        if (thin(timeline, &rule, false) > most)
            low = rule.cut;
        else
            high = rule.cut;
    }
    rule.cut = high;
    thin(timeline, &rule, true);
}

void timeline_set_budget(struct timeline *timeline, size_t budget)
{
    timeline->budget = budget;
    if (timeline_bytes(timeline) <= budget)
        return;
    uint64_t newest = 0;
    for (size_t i = 0; i < timeline->lanes; i++)
        if (timeline->lane[i].count > 0) {
            const uint64_t work = timeline->lane[i].snapshot[timeline->lane[i].count - 1].work;
            newest = work > newest ? work : newest;
        }
    const size_t most = budget / timeline->bytes;
    if (timeline_count(timeline) > most)
        thin_to(timeline, newest, most);
    repack(timeline);
}

/* ---- Keeping ----------------------------------------------------------------------------------- */

/* Buffers of the next slab: as many as there is room for. */
static size_t slab_buffers(const struct timeline *timeline, size_t room)
{
    const size_t share = timeline->budget / SLABS;
    const size_t wanted = share < SLAB_LEAST ? SLAB_LEAST : share > SLAB_MOST ? SLAB_MOST : share;
    const size_t buffers = wanted / timeline->bytes;
    return buffers == 0 ? 1 : buffers < room ? buffers : room;
}

static void *take_buffer(struct timeline *timeline, uint64_t work, bool pinned)
{
    const size_t most = timeline->budget / timeline->bytes;
    if (timeline->spares == 0 && timeline->held >= most && most > 0)
        thin_to(timeline, work, most - (most + 3) / 4);
    if (timeline->spares == 0) {
        if (timeline->held < most)
            add_slab(timeline, slab_buffers(timeline, most - timeline->held));
        else if (pinned)
            add_slab(timeline, 1);
    }
    if (timeline->spares == 0)
        return NULL;
    void *data = timeline->spare[--timeline->spares];
    if (timeline_count(timeline) > timeline->touched)
        timeline->touched = timeline_count(timeline);
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
    if (at > 0 && lane->snapshot[at - 1].step == point->step && lane->snapshot[at - 1].inputs == point->inputs) {
        lane->snapshot[at - 1].pinned |= pinned;
        return true;
    }
    void *data = take_buffer(timeline, work, pinned);
    if (!data)
        return !pinned;
    at = up_to(lane, point); /* thinning may have moved it */
    for (size_t i = lane->count++; i > at; i--)
        lane->snapshot[i] = lane->snapshot[i - 1];
    state_copy_out(state, data);
    lane->snapshot[at] = (struct snapshot){
        .step = point->step,
        .work = work,
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
    struct lane *lane = &timeline->lane[branch];
    for (size_t i = 0; i < lane->count; i++)
        timeline->spare[timeline->spares++] = lane->snapshot[i].data;
    mem_free(lane->snapshot);
    *lane = (struct lane){0};
}

/* Nanoseconds.  A fast machine needs fewer for a step than said here, and any machine fewer for a copy; the first touch
 * of memory was seen to cost this much on a virtual machine, whose host has to find it too. */
static double copy_cost(const struct timeline *timeline)
{
    const bool fresh =
        timeline_count(timeline) == timeline->touched && timeline->touched < timeline->budget / timeline->bytes;
    return 1000 + (double)timeline->bytes * (fresh ? 2.5 : 0.5);
}

uint64_t timeline_spacing(const struct timeline *timeline, double step_flops)
{
    const double spacing = ceil(100 * copy_cost(timeline) / (300 + step_flops / 100));
    return spacing < 1 ? 1 : (uint64_t)spacing;
}
