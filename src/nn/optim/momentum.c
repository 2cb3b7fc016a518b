/* Momentum: steps along a decaying sum of gradients (Polyak 1964). */
#include "nn/optim/update.h"

SIMD_INLINE vf momentum_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    (void)second;
    g = update_decayed(p, g, c);
    vf v = vf_fma(c->keep1, vf_load(first), g);
    vf_store(first, v);
    return vf_mul(c->rate, v);
}

static void momentum_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                            float scale, struct step_report *report)
{
    const struct update_constants constants = {
        .scale = scale,
        .rate = settings->lr,
        .decay = settings->weight_decay,
        .keep1 = settings->momentum,
    };
    update_all(momentum_rule, 1, &(struct update){params, moments, &constants, report});
}

const struct optimizer OPTIMIZER_ROW(momentum) = {
    .name = "momentum",
    .about = "a rolling ball: v = mu v + g, p -= lr v (Polyak 1964)",
    .default_lr = 0.05,
    .moments = 1,
    .update = momentum_update,
};
