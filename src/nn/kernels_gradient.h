/* Gradient norms, part of one instruction level: included by nn/kernels.c only. */
#include "nn/layer_sums.h"
#include "nn/optimizer.h"

/* So many chains that an addition need not wait for the one before, on machines that begin two a cycle and take four
 * over each. */
#define SQUARE_CHAINS 8

SIMD_INLINE vf squares_of(const float *x, size_t vectors)
{
    vf sum = vf_zero();
    while (vectors > 0) {
        size_t stretch = vectors < LAYER_STRETCH ? vectors : LAYER_STRETCH, i = 0;
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
