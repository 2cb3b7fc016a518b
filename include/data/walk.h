/* Which rows a step sees.  An epoch is a keyed permutation of the rows in use, walked from front to back; a batch never
 * crosses its end. */
#ifndef DATA_WALK_H
#define DATA_WALK_H

#include <stddef.h>
#include <stdint.h>

/* Where the walk stands: plain data, part of a run's state. */
struct batch_cursor {
    uint64_t epoch;    /* passes begun before this one */
    uint32_t position; /* next index of the permutation */
    uint32_t rows;     /* rows in use: a prefix of the training rows */
};

struct walk;

/* `most`: rows of the largest batch.  NULL: out of memory. */
struct walk *walk_create(size_t most);
void walk_free(struct walk *walk);

/* The rows of the next batch, *count of them: at most `size`, never across the end of an epoch.  Moves the cursor on:
 * behind the last batch of an epoch it stands at position 0 of the next; where it was walking another number of rows
 * than `rows`, a new epoch begins first. A pure function of cursor, seed and rows: what the object remembers only saves
 * time.  Valid until the next call. */
const uint32_t *walk_next(struct walk *walk, struct batch_cursor *cursor, uint64_t seed, uint32_t rows, size_t size,
                          size_t *count);

#endif
