/* RMSProp: divides each parameter's step by the root of its mean squared gradient (Hinton 2012). */
#include "nn/optim/moments.h"

#define ALPHA 0.99 /* part of the mean that stays */

SIMD_INLINE vf rmsprop_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    (void)second;
    g = update_decayed(p, g, c);
    return moments_scaled(g, g, first, c);
}

static void rmsprop_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                           float scale, struct step_report *report)
{
    const struct update_constants constants = {
        .scale = scale,
        .rate = settings->lr,
        .decay = settings->weight_decay,
        .keep2 = (float)ALPHA,
        .rest2 = (float)(1 - ALPHA),
        .epsilon = (float)MOMENTS_EPSILON,
    };
    update_all(rmsprop_rule, 1, &(struct update){params, moments, &constants, report});
}

static const struct refusal rmsprop_refuses[] = {
    {"momentum", "rmsprop has none, o chooses another optimizer"},
    {NULL, NULL},
};

const struct optimizer OPTIMIZER_ROW(rmsprop) = {
    .name = "rmsprop",
    .about = "each parameter's step over the root of its mean squared gradient (Hinton 2012)",
    .default_lr = 0.005,
    .moments = 1,
    .refuses = rmsprop_refuses,
    .update = rmsprop_update,
};
