/* How many pieces of work to do between two looks at the clock and the bell: found by doubling and halving, from one
 * on, since nobody knows beforehand how long a piece takes. */
#ifndef ENGINE_SLICE_H
#define ENGINE_SLICE_H

#include <stdint.h>

#define SLICE_LEAST_NS   2000000u /* a slice takes about so long */
#define SLICE_MOST_NS    6000000u
#define SLICE_PIECES_MAX 65536

/* The next slice, after one of so many pieces that took so long. */
static inline uint64_t slice_next(uint64_t pieces, uint64_t nanoseconds)
{
    if (nanoseconds < SLICE_LEAST_NS && pieces < SLICE_PIECES_MAX)
        return pieces * 2;
    if (nanoseconds > SLICE_MOST_NS && pieces > 1)
        return pieces / 2;
    return pieces;
}

#endif
