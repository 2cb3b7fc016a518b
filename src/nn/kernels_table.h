/* What one instruction level offers, for nn/ only.
 *
 * Shapes: matrices are row-major, strides in floats.  Vectors of a block are read and written whole, so that
 * "length" is always a multiple of 8 (a padded width, or rows x stride). */
#ifndef NN_KERNELS_TABLE_H
#define NN_KERNELS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels.h"

struct kernels {
    const char *name; /* "generic", "v3", "v4" */
};

extern const struct kernels kernels_generic;
#if defined(__x86_64__)
extern const struct kernels kernels_v3;
extern const struct kernels kernels_v4;
#endif

#endif
