/* Sums over the layers of a parameter block, for gradient norms and updates.
 *
 * A slice is walked in whole vectors: slices begin at multiples of 16 floats, and the zeros that pad them stay zero,
 * since every update of a zero with a zero gradient is zero.  Sums of squares run in lanes over stretches of at most
 * LAYER_STRETCH vectors, so that a long layer loses no digits, and are folded by layer: layer l has lane l. */
#ifndef NN_LAYER_SUMS_H
#define NN_LAYER_SUMS_H

#include <assert.h>

#include "nn/optimizer.h"
#include "nn/simd.h"

#define LAYER_STRETCH 256
static_assert(STEP_LAYERS == VF_LANES, "a report's layers are one vector");

/* Adds a layer's folded sum to its lane; layers beyond the lanes have none. */
SIMD_INLINE vf add_to_layer(vf sums, unsigned layer, float sum)
{
    return vf_select(vi_eq(vi_iota(), vi_set1(layer)), vf_add(sums, vf_set1(sum)), sums);
}

#endif
