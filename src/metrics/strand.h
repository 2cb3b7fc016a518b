/* What came in of one (branch, series), in memory that grows with the logarithm of its length.
 *
 * DESIGN.  Level 0 stores buckets as they came, level l+1 stores the merged pairs of level l: a bucket of level l
 * stands for 2^l that came in.
 *
 *  - The highest level is always complete.  When it is full, the next one is made from its pairs and takes its
 *    place, half full.  So the whole run is there at any time in at least STRAND_COMPLETE/2 buckets.
 *  - Every level below it is a ring of its newest buckets: HISTORY_RECENT of level 0, fewer of the others.  So the
 *    nearer to the present, the finer.  A level that would reach no further back than level 0 is not stored.
 *  - The bucket of a level that still waits for its partner is kept in `odd`.  A whole picture is the stored
 *    buckets of one level, followed by the odd ones of the levels below it, from the coarsest to the finest. */
#ifndef METRICS_STRAND_H
#define METRICS_STRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/bucket.h"

#define STRAND_COMPLETE   4096 /* buckets of the highest level */
#define STRAND_LEVELS_MAX 64

struct strand;

struct strand *strand_create(void); /* NULL: out of memory */
void strand_free(struct strand *strand);

/* Buckets come in the order of their steps.  False when out of memory: the bucket is lost, the strand stays whole. */
bool strand_push(struct strand *strand, const struct bucket *bucket);

/* Gives up the finest level, or half of the resolution when only one is left.  `running`: the recent window stays.
 * False when the strand cannot be thinner. */
bool strand_thin(struct strand *strand, bool running);

size_t strand_bytes(const struct strand *strand); /* memory held */

/* As they came in: the newest bucket, and the first with the least minimum.  NULL: none yet. */
const struct bucket *strand_last(const struct strand *strand);
const struct bucket *strand_best(const struct strand *strand);

/* What an empty strand knows of its series from before it began: it counts as its newest and its best. */
void strand_inherit(struct strand *strand, const struct bucket *last, const struct bucket *best);

/* Some buckets in the order of their steps, from the coarsest level to the finest.  Valid until the strand changes. */
struct strand_part {
    size_t count;
    unsigned runs;
    struct strand_run {
        const struct bucket *slot;
        uint32_t capacity, start, count; /* of a ring, from slot[start] on */
    } run[STRAND_LEVELS_MAX];
};

#define STRAND_ALL UINT64_MAX /* as `until`: no end */

/* What ends in [from, until], at the finest level that has not lost any of it.  Of a bucket that reaches beyond
 * `until` nothing is taken. */
void strand_since(const struct strand *strand, double from, uint64_t until, struct strand_part *out);
/* The same at the highest level. */
void strand_coarse(const struct strand *strand, double from, uint64_t until, struct strand_part *out);
/* All of the finest level that has anything up to `until`; true when nothing of the strand is missing. */
bool strand_finest(const struct strand *strand, uint64_t until, struct strand_part *out);

/* All of it at the finest level that has it, from coarse to fine: no step is in two of the buckets, and none is
 * missing. */
void strand_all(const struct strand *strand, double from, uint64_t until, struct strand_part *out);

/* The newest and the best that end up to `until`, as finely as they are still known.  False: none. */
bool strand_last_until(const struct strand *strand, uint64_t until, struct bucket *out);
bool strand_best_until(const struct strand *strand, uint64_t until, struct bucket *out);

static inline const struct bucket *strand_part_at(const struct strand_part *part, size_t index)
{
    const struct strand_run *run = part->run;
    for (; index >= run->count; run++)
        index -= run->count;
    const size_t slot = run->start + index;
    return &run->slot[slot < run->capacity ? slot : slot - run->capacity];
}

#endif
