/* Nesterov momentum: steps along the sum of gradients as it will be (Nesterov 1983, Sutskever 2013). */
#include "nn/optim/update.h"

SIMD_INLINE vf nesterov_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    (void)second;
    g = update_decayed(p, g, c);
    const vf v = update_velocity(g, first, c);
    return vf_mul(c->rate, vf_fma(c->keep1, v, g));
}

static void nesterov_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                            float scale, struct step_report *report)
{
    const struct update_constants constants = update_constants_of_sgd(settings, scale);
    update_all(nesterov_rule, 1, &(struct update){params, moments, &constants, report});
}

const struct optimizer OPTIMIZER_ROW(nesterov) = {
    .name = "nesterov",
    .about = "momentum that looks ahead: v = mu v + g, p -= lr (g + mu v) (Nesterov 1983, Sutskever 2013)",
    .default_lr = 0.05,
    .moments = 1,
    .update = nesterov_update,
};
