/* Causal softmax of one head, row by row, and its gradient: with weights w and their gradient g the scores' is
 * w (g - sum(w g)).  A row is walked in whole vectors up to its own place, and is zero from there on. */
#ifndef NN_KERNELS_ATTENTION_H
#define NN_KERNELS_ATTENTION_H

#include "nn/kernels_activation.h"
#include "nn/kernels_math.h"
#include "nn/kernels_table.h"

/* Lanes of columns up to `last`. */
SIMD_INLINE vm attention_inside(size_t column, size_t last)
{
    return vi_ge(vi_set1((uint32_t)last), vi_add(vi_iota(), vi_set1((uint32_t)column)));
}

SIMD_INLINE void attention_clear(const struct attention_rows *rows, float *row, size_t from)
{
    for (size_t c = from; c < rows->stride; c += VF_LANES)
        vf_store(row + c, vf_zero());
}

SIMD_INLINE void attention_drop(const struct attention_rows *rows, size_t at, vf weight, float *dropped)
{
    vm keeps = dropout_keeps(rows->mask, rows->first + at);
    vf_store(dropped + at, vf_select(keeps, vf_mul(weight, vf_set1(rows->mask->scale)), vf_zero()));
}

static void causal_softmax(const struct attention_rows *rows, float *weights, float *dropped)
{
    const vf scale = vf_set1(rows->scale), lowest = vf_set1(-INFINITY);
    for (size_t i = 0; i < rows->rows; i++) {
        float *row = weights + i * rows->stride;
        const size_t last = rows->position + i;
        size_t c;
        vf largest = lowest, sum = vf_zero();
        for (c = 0; c <= last; c += VF_LANES)
            largest = vf_max(largest, vf_select(attention_inside(c, last), vf_load(row + c), lowest));
        largest = vf_set1(vf_largest(largest));
        for (c = 0; c <= last; c += VF_LANES) {
            vf e = vf_exp_falling(vf_mul(vf_sub(vf_load(row + c), largest), scale));
            e = vf_select(attention_inside(c, last), e, vf_zero());
            sum = vf_add(sum, e);
            vf_store(row + c, e);
        }
        const vf share = vf_set1(1.0f / vf_sum(sum));
        for (c = 0; c <= last; c += VF_LANES) {
            vf weight = vf_mul(vf_load(row + c), share);
            vf_store(row + c, weight);
            if (rows->mask)
                attention_drop(rows, i * rows->stride + c, weight, dropped);
        }
        attention_clear(rows, row, c);
        if (rows->mask)
            attention_clear(rows, dropped + i * rows->stride, c);
    }
}

/* The gradient of 16 weights of row i, past dropout and the diagonal. */
SIMD_INLINE vf attention_gradient(const struct attention_rows *rows, size_t i, size_t c, const float *d)
{
    const size_t last = rows->position + i;
    vf g = vf_select(attention_inside(c, last), vf_load(d + i * rows->stride + c), vf_zero());
    if (!rows->mask)
        return g;
    vm keeps = dropout_keeps(rows->mask, rows->first + i * rows->stride + c);
    return vf_select(keeps, vf_mul(g, vf_set1(rows->mask->scale)), vf_zero());
}

static void causal_softmax_backward(const struct attention_rows *rows, const float *weights, float *d, float *dropped)
{
    const vf scale = vf_set1(rows->scale);
    for (size_t i = 0; i < rows->rows; i++) {
        const float *row = weights + i * rows->stride;
        const size_t last = rows->position + i;
        float *out = d + i * rows->stride;
        size_t c;
        vf sum = vf_zero();
        for (c = 0; c <= last; c += VF_LANES) {
            vf weight = vf_load(row + c);
            sum = vf_fma(weight, attention_gradient(rows, i, c, d), sum);
            if (rows->mask)
                attention_drop(rows, i * rows->stride + c, weight, dropped);
        }
        const vf mean = vf_set1(vf_sum(sum));
        for (c = 0; c <= last; c += VF_LANES) {
            vf centred = vf_sub(attention_gradient(rows, i, c, d), mean);
            vf_store(out + c, vf_mul(vf_mul(vf_load(row + c), centred), scale));
        }
        attention_clear(rows, out, c);
        if (rows->mask)
            attention_clear(rows, dropped + i * rows->stride, c);
    }
}

#endif
