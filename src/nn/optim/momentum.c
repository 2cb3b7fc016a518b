/* Momentum: steps along a decaying sum of gradients (Polyak 1964). */
#include "nn/optim/update.h"

SIMD_INLINE vf momentum_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    (void)second;
    return vf_mul(c->rate, update_velocity(update_decayed(p, g, c), first, c));
}

static void momentum_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                            float scale, struct step_report *report)
{
    const struct update_constants constants = update_constants_of_sgd(settings, scale);
    update_all(momentum_rule, 1, &(struct update){params, moments, &constants, report});
}

const struct optimizer OPTIMIZER_ROW(momentum) = {
    .name = "momentum",
    .about = "a rolling ball: v = mu v + g, p -= lr v (Polyak 1964)",
    .default_lr = 0.05,
    .moments = 1,
    .update = momentum_update,
};
