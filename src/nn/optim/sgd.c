/* SGD: steps against the gradient. */
#include "nn/optim/update.h"

SIMD_INLINE vf sgd_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    (void)first, (void)second;
    return vf_mul(c->rate, update_decayed(p, g, c));
}

static void sgd_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                       float scale, struct step_report *report)
{
    const struct update_constants constants = update_constants_of_sgd(settings, scale);
    update_all(sgd_rule, 0, &(struct update){params, moments, &constants, report});
}

static const struct refusal sgd_refuses[] = {
    {"momentum", "sgd has none, o chooses another optimizer"},
    {NULL, NULL},
};

const struct optimizer OPTIMIZER_ROW(sgd) = {
    .name = "sgd",
    .about = "against the gradient: p -= lr g",
    .default_lr = 0.2,
    .refuses = sgd_refuses,
    .update = sgd_update,
};
