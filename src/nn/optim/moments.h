/* What optimizers with running means of the gradient share: of its squares (RMSProp), and of itself with the bias
 * correction of both (Adam, AdamW; Kingma & Ba 2015). */
#ifndef NN_OPTIM_MOMENTS_H
#define NN_OPTIM_MOMENTS_H

#include <math.h>

#include "nn/optim/update.h"

#define MOMENTS_EPSILON 1e-8
#define MOMENTS_BETA2   0.999 /* of Adam and AdamW */

/* 1 - beta^t.  Squaring and multiplying alone: the same bits on every machine. */
static inline double moments_correction(double beta, uint64_t t)
{
    if ((1 - beta) * (double)t > 40) /* beta^t < e^-40, which 1 swallows */
        return 1;
    double power = 1;
    for (double square = beta; t > 0; t >>= 1, square *= square)
        if (t & 1)
            power *= square;
    return 1 - power;
}

/* Adam's step is lr/c1 m / (sqrt(v/c2) + eps), with the corrections c = 1 - beta^t; it is computed as
 * (lr sqrt(c2)/c1) m / (sqrt(v) + eps sqrt(c2)), so that a vector costs one root and one division. */
static inline struct update_constants moments_adam(const struct optimizer_settings *settings, float decay, float scale)
{
    const double beta1 = (double)settings->momentum, root = sqrt(moments_correction(MOMENTS_BETA2, settings->t));
    return (struct update_constants){
        .scale = scale,
        .rate = (float)((double)settings->lr * (root / moments_correction(beta1, settings->t))),
        .decay = decay,
        .keep1 = settings->momentum,
        .rest1 = 1 - settings->momentum,
        .keep2 = (float)MOMENTS_BETA2,
        .rest2 = (float)(1 - MOMENTS_BETA2),
        .epsilon = (float)(MOMENTS_EPSILON * root),
    };
}

/* Moves the running mean of squares on, and divides `along` by its root: the step. */
SIMD_INLINE vf moments_scaled(vf along, vf g, float *squares, const struct update_vectors *c)
{
    /* The square is made inside the addition: by itself that of a small gradient is a denormal, over which machines
     * take their time. */
    vf v = vf_fma(vf_mul(c->rest2, g), g, vf_mul(c->keep2, vf_load(squares)));
    vf_store(squares, v);
    return vf_div(vf_mul(c->rate, along), vf_add(vf_sqrt(v), c->epsilon));
}

/* Moves both running means on: Adam's step. */
SIMD_INLINE vf moments_step(vf g, float *first, float *second, const struct update_vectors *c)
{
    vf along = vf_fma(c->keep1, vf_load(first), vf_mul(c->rest1, g));
    vf_store(first, along);
    return moments_scaled(along, g, second, c);
}

#endif
