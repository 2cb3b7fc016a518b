/* What came in of one (branch, series), in memory that grows with the logarithm of its length.
 *
 * DESIGN.  Level 0 stores buckets as they came, level l+1 stores the merged pairs of level l: a bucket of level l stands
 * for 2^l that came in.
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

/* Some buckets in the order of their steps: stored ones of a level, then odd ones.  Valid until the strand changes. */
struct strand_part {
    const struct bucket *slot;
    uint32_t capacity, start, count; /* a ring; the part begins at slot[start] */
    uint32_t odds;
    const struct bucket *odd[STRAND_LEVELS_MAX];
};

/* What ends at `from` or later, at the finest level that has not lost any of it. */
struct strand_part strand_since(const struct strand *strand, double from);
/* All that is left of the finest level that is stored. */
struct strand_part strand_finest(const struct strand *strand);

static inline size_t strand_part_count(const struct strand_part *part)
{
    return (size_t)part->count + part->odds;
}

static inline const struct bucket *strand_part_at(const struct strand_part *part, size_t index)
{
    if (index >= part->count)
        return part->odd[index - part->count];
    const size_t slot = part->start + index;
    return &part->slot[slot < part->capacity ? slot : slot - part->capacity];
}

#endif
