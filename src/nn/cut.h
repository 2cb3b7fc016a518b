/* A workspace is one block of memory, cut up in one order by a function that is called twice: the first time it only
 * counts. */
#ifndef NN_CUT_H
#define NN_CUT_H

#include "base/mem.h"

/* Buffers begin on cache lines, and whole vectors may be read and written up to the next. */
#define CUT_ALIGNMENT (MEM_ALIGNMENT / sizeof(float))

/* The next `floats` of the block, or NULL while `block` is NULL and only `used` counts. */
static inline float *cut(float *block, size_t *used, size_t floats)
{
    float *buffer = block ? block + *used : NULL;
    *used += (floats + CUT_ALIGNMENT - 1) / CUT_ALIGNMENT * CUT_ALIGNMENT;
    return buffer;
}

#endif
