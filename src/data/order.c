/* Computes the stratified shuffle of a data set's rows, and moves the rows into that order in place. */
#include "data/order.h"

#include <string.h>

#include "base/mem.h"
#include "base/random.h"

/* A counting sort by the place that each row belongs at; ties keep the shuffled order. */
static void sort_by_place(uint32_t *rows, const uint32_t *shuffled, size_t count, const int32_t *label, uint32_t *place,
                          uint32_t *start, uint64_t *of_class, uint64_t *seen)
{
    for (size_t i = 0; i < count; i++)
        of_class[label[rows[i]]]++;
    for (size_t i = 0; i < count; i++) {
        int32_t c = label[shuffled[i]];
        place[i] = (uint32_t)(seen[c]++ * count / of_class[c]);
        start[place[i] + 1]++;
    }
    for (size_t i = 0; i < count; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < count; i++)
        rows[start[place[i]]++] = shuffled[i];
}

bool order_interleave(uint32_t *rows, size_t count, const int32_t *label, size_t classes, uint32_t key)
{
    uint32_t *shuffled = mem_alloc(count, sizeof *shuffled);
    uint32_t *place = mem_alloc(count, sizeof *place);
    uint32_t *start = mem_alloc(count + 1, sizeof *start); /* of each place in the sorted order */
    uint64_t *of_class = mem_alloc(label ? classes : 1, sizeof *of_class);
    uint64_t *seen = mem_alloc(label ? classes : 1, sizeof *seen);
    bool enough = shuffled && place && start && of_class && seen;
    if (enough && count > 0) {
        struct permutation permutation;
        permutation_init(&permutation, key, (uint32_t)count);
        permutation_range(&permutation, 0, count, shuffled);
        for (size_t i = 0; i < count; i++)
            shuffled[i] = rows[shuffled[i]];
        if (label)
            sort_by_place(rows, shuffled, count, label, place, start, of_class, seen);
        else
            memcpy(rows, shuffled, count * sizeof *rows);
    }
    mem_free(shuffled);
    mem_free(place);
    mem_free(start);
    mem_free(of_class);
    mem_free(seen);
    return enough;
}

/* DESIGN of order_move.  An order is made of cycles; each is followed from a start, pulling elements into the hole that
 * the one before left.  Alone that is one miss of the cache after the other, so a large order is cut at LANES places,
 * and the stretches between the cuts take turns: what a lane needs is asked for one turn ahead. */
enum { LANES = 32, LANES_FROM = 4096 };

enum mark { MARK_OPEN, MARK_CUT, MARK_DONE };

struct mover {
    const uint32_t *order;
    char *base;
    size_t size;
    uint8_t *mark; /* [count]: enum mark */
    char *saved;   /* [LANES] elements: what stood at the cuts */
    struct lane {
        size_t cut, hole, next; /* next = order[hole] */
    } lane[LANES];
};

static void lane_advance(const struct mover *mover, struct lane *lane, size_t hole)
{
    lane->hole = hole;
    lane->next = mover->order[hole];
    const char *element = mover->base + lane->next * mover->size;
    __builtin_prefetch(&mover->order[lane->next]);
    __builtin_prefetch(&mover->mark[lane->next], 1);
    __builtin_prefetch(element);
    __builtin_prefetch(element + mover->size - 1);
}

/* Fills one hole; false when that was the lane's last. */
static bool lane_move(struct mover *mover, struct lane *lane, size_t lanes)
{
    char *hole = mover->base + lane->hole * mover->size;
    bool at_cut = mover->mark[lane->next] == MARK_CUT;
    const char *element = mover->base + lane->next * mover->size;
    for (size_t i = 0; at_cut && i < lanes; i++)
        if (mover->lane[i].cut == lane->next)
            element = mover->saved + i * mover->size;
    memcpy(hole, element, mover->size);
    if (at_cut)
        return false;
    mover->mark[lane->next] = MARK_DONE;
    lane_advance(mover, lane, lane->next);
    return true;
}

/* Moves all cycles that go through one of the places cut[0..lanes). */
static void move_cycles(struct mover *mover, const size_t *cut, size_t lanes)
{
    bool busy[LANES];
    for (size_t i = 0; i < lanes; i++) {
        memcpy(mover->saved + i * mover->size, mover->base + cut[i] * mover->size, mover->size);
        mover->mark[cut[i]] = MARK_CUT;
        mover->lane[i].cut = cut[i];
        lane_advance(mover, &mover->lane[i], cut[i]);
        busy[i] = true;
    }
    for (size_t left = lanes; left > 0;)
        for (size_t i = 0; i < lanes; i++)
            if (busy[i] && !lane_move(mover, &mover->lane[i], lanes)) {
                busy[i] = false;
                left--;
            }
    for (size_t i = 0; i < lanes; i++)
        mover->mark[cut[i]] = MARK_DONE;
}

bool order_move(const uint32_t *order, size_t count, void *data, size_t size)
{
    struct mover mover = {.order = order, .base = data, .size = size};
    mover.mark = mem_alloc(count, sizeof *mover.mark);
    mover.saved = mem_alloc(LANES, size);
    bool enough = mover.mark && mover.saved;
    if (enough && count >= LANES_FROM) {
        size_t cut[LANES];
        for (size_t i = 0; i < LANES; i++)
            cut[i] = i * (count / LANES);
        move_cycles(&mover, cut, LANES);
    }
    for (size_t start = 0; enough && start < count; start++)
        if (mover.mark[start] == MARK_OPEN)
            move_cycles(&mover, &start, 1);
    mem_free(mover.mark);
    mem_free(mover.saved);
    return enough;
}
