/* Optimiser updates and norms, part of one instruction level: included by nn/kernels.c only.
 *
 * A slice is walked in whole vectors: slices begin at multiples of 16 floats, and the zeros that pad them stay zero,
 * since every update of a zero with a zero gradient is zero.  Sums of squares run in lanes over stretches of at most
 * UPDATE_STRETCH vectors, so that a long layer loses no digits, and are folded by layer. */
#include <assert.h>

#include "nn/optimizer.h"
#include "nn/optimizer_constants.h"
#include "nn/simd.h"

#define UPDATE_STRETCH 256

/* Squares of the weights and the updates, lane by lane. */
struct update_sums {
    vf weight, update;
};

/* Adds a layer's folded sum to its lane; layers beyond the lanes have none. */
SIMD_INLINE vf add_to_layer(vf sums, unsigned layer, float sum)
{
    return vf_select(vi_eq(vi_iota(), vi_set1(layer)), vf_add(sums, vf_set1(sum)), sums);
}

/* So many chains that an addition need not wait for the one before, on machines that begin two a cycle and take four
 * over each. */
#define SQUARE_CHAINS 8

SIMD_INLINE vf squares_of(const float *x, size_t vectors)
{
    vf sum = vf_zero();
    while (vectors > 0) {
        size_t stretch = vectors < UPDATE_STRETCH ? vectors : UPDATE_STRETCH, i = 0;
        vf chain[SQUARE_CHAINS];
#pragma GCC unroll 8
        for (size_t k = 0; k < SQUARE_CHAINS; k++)
            chain[k] = vf_zero();
        for (; i + SQUARE_CHAINS <= stretch; i += SQUARE_CHAINS) {
#pragma GCC unroll 8
            for (size_t k = 0; k < SQUARE_CHAINS; k++) {
                vf a = vf_load(x + (i + k) * VF_LANES);
                chain[k] = vf_fma(a, a, chain[k]);
            }
        }
        for (; i < stretch; i++) {
            vf a = vf_load(x + i * VF_LANES);
            chain[0] = vf_fma(a, a, chain[0]);
        }
#pragma GCC unroll 3
        for (size_t half = SQUARE_CHAINS / 2; half > 0; half /= 2)
#pragma GCC unroll 4
            for (size_t k = 0; k < half; k++)
                chain[k] = vf_add(chain[k], chain[k + half]);
        sum = vf_add(sum, chain[0]);
        x += stretch * VF_LANES;
        vectors -= stretch;
    }
    return sum;
}

static void kernel_gradient_norms(const struct params *params, struct step_report *report)
{
    float total = 0;
    vf squares = vf_zero();
    const struct param_slice *slice = params->slice, *end = slice + params->slices;
    while (slice < end) {
        unsigned layer = slice->layer;
        vf sum = vf_zero();
        for (; slice < end && slice->layer == layer; slice++)
            if (!slice->frozen)
                sum = vf_add(sum, squares_of(params->gradient + slice->offset, slice->floats / VF_LANES));
        float folded = vf_sum(sum);
        total += folded;
        squares = add_to_layer(squares, layer, folded);
    }
    vf_store(report->gradient, vf_sqrt(squares));
    report->gradient_norm = sqrtf(total);
}

/* The constants in vectors of their own: what is stored to parameters and moments cannot change them. */
struct update_vectors {
    vf scale, rate, decay, keep1, rest1, keep2, rest2, epsilon;
};

SIMD_INLINE struct update_vectors update_vectors_for(const struct update_constants *c, bool decays)
{
    return (struct update_vectors){
        .scale = vf_set1(c->scale),
        .rate = vf_set1(c->rate),
        .decay = vf_set1(decays ? c->decay : 0),
        .keep1 = vf_set1(c->keep1),
        .rest1 = vf_set1(c->rest1),
        .keep2 = vf_set1(c->keep2),
        .rest2 = vf_set1(c->rest2),
        .epsilon = vf_set1(c->epsilon),
    };
}

/* The update of 16 parameters p with gradient g, which moves their moments on: what is to be subtracted from p. */
SIMD_INLINE vf update_of(enum optimizer_id kind, vf p, vf g, float *first, float *second,
                         const struct update_vectors *c)
{
    g = vf_mul(g, c->scale);
    if (kind != OPTIMIZER_ADAMW)
        g = vf_fma(p, c->decay, g);
    if (kind == OPTIMIZER_SGD)
        return vf_mul(c->rate, g);

    vf m = vf_load(first);
    if (kind == OPTIMIZER_MOMENTUM || kind == OPTIMIZER_NESTEROV) {
        m = vf_fma(c->keep1, m, g);
        vf_store(first, m);
        return vf_mul(c->rate, kind == OPTIMIZER_MOMENTUM ? m : vf_fma(c->keep1, m, g));
    }

    vf along = g, v = m;
    float *square = first;
    if (kind != OPTIMIZER_RMSPROP) {
        along = vf_fma(c->keep1, m, vf_mul(c->rest1, g));
        vf_store(first, along);
        square = second;
        v = vf_load(second);
    }
    /* The square is made inside the addition: by itself that of a small gradient is a denormal, over which machines
     * take their time. */
    v = vf_fma(vf_mul(c->rest2, g), g, vf_mul(c->keep2, v));
    vf_store(square, v);
    vf step = vf_div(vf_mul(c->rate, along), vf_add(vf_sqrt(v), c->epsilon));
    return kind == OPTIMIZER_ADAMW ? vf_fma(p, c->decay, step) : step;
}

SIMD_INLINE void update_slice(enum optimizer_id kind, struct params *params, const struct param_slice *slice,
                              float *const moments[], const struct update_constants *constants,
                              struct update_sums *sums)
{
    const bool has_first = kind != OPTIMIZER_SGD, has_second = kind == OPTIMIZER_ADAM || kind == OPTIMIZER_ADAMW;
    const struct update_vectors vectors = update_vectors_for(constants, slice->decays);
    float *p = params->value + slice->offset;
    const float *g = params->gradient + slice->offset;
    float *first = has_first ? moments[0] + slice->offset : NULL;
    float *second = has_second ? moments[1] + slice->offset : NULL;
    for (size_t begin = 0; begin < slice->floats; begin += UPDATE_STRETCH * VF_LANES) {
        size_t end =
            slice->floats - begin < UPDATE_STRETCH * VF_LANES ? slice->floats : begin + UPDATE_STRETCH * VF_LANES;
        vf weight = vf_zero(), update = vf_zero();
        for (size_t i = begin; i < end; i += VF_LANES) {
            vf value = vf_load(p + i);
            vf delta = update_of(kind, value, vf_load(g + i), has_first ? first + i : NULL,
                                 has_second ? second + i : NULL, &vectors);
            vf_store(p + i, vf_sub(value, delta));
            weight = vf_fma(value, value, weight);
            update = vf_fma(delta, delta, update);
        }
        sums->weight = vf_add(sums->weight, weight);
        sums->update = vf_add(sums->update, update);
    }
}

/* Weights that are all zero (a fresh layer of biases only) have moved by no share of themselves. */
SIMD_INLINE vf ratio_of(vf update, vf weight)
{
    vf ratio = vf_div(vf_sqrt(update), vf_sqrt(weight));
    return vf_select(vf_eq(weight, vf_zero()), vf_zero(), ratio);
}

SIMD_INLINE void update_all(enum optimizer_id kind, struct params *params, float *const moments[],
                            const struct update_constants *constants, struct step_report *report)
{
    float weight_total = 0, update_total = 0;
    vf weights = vf_zero(), updates = vf_zero();
    const struct param_slice *slice = params->slice, *end = slice + params->slices;
    while (slice < end) {
        unsigned layer = slice->layer;
        struct update_sums sums = {vf_zero(), vf_zero()};
        for (; slice < end && slice->layer == layer; slice++)
            if (!slice->frozen)
                update_slice(kind, params, slice, moments, constants, &sums);
        float weight_sum = vf_sum(sums.weight), update_sum = vf_sum(sums.update);
        weight_total += weight_sum;
        update_total += update_sum;
        weights = add_to_layer(weights, layer, weight_sum);
        updates = add_to_layer(updates, layer, update_sum);
    }
    vf_store(report->ratio, ratio_of(updates, weights));
    report->weight_norm = sqrtf(weight_total);
    report->update_ratio = weight_total > 0 ? sqrtf(update_total) / report->weight_norm : 0;
}
static_assert(STEP_LAYERS == VF_LANES, "a report's layers are one vector");

#define UPDATE_KERNEL(name, kind)                                                                                      \
    static void name(struct params *params, float *const moments[], const struct update_constants *constants,          \
                     struct step_report *report)                                                                       \
    {                                                                                                                  \
        update_all(kind, params, moments, constants, report);                                                          \
    }
UPDATE_KERNEL(kernel_update_sgd, OPTIMIZER_SGD)
UPDATE_KERNEL(kernel_update_momentum, OPTIMIZER_MOMENTUM)
UPDATE_KERNEL(kernel_update_nesterov, OPTIMIZER_NESTEROV)
UPDATE_KERNEL(kernel_update_rmsprop, OPTIMIZER_RMSPROP)
UPDATE_KERNEL(kernel_update_adam, OPTIMIZER_ADAM)
UPDATE_KERNEL(kernel_update_adamw, OPTIMIZER_ADAMW)
#undef UPDATE_KERNEL
