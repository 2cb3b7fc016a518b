/* AdamW: Adam with the weight decay apart from the gradient, p -= lr decay p (Loshchilov & Hutter 2019). */
#include "nn/optim/moments.h"

SIMD_INLINE vf adamw_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    return vf_fma(p, c->decay, moments_step(g, first, second, c));
}

static void adamw_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                         float scale, struct step_report *report)
{
    const struct update_constants constants = moments_adam(settings, settings->lr * settings->weight_decay, scale);
    update_all(adamw_rule, 2, &(struct update){params, moments, &constants, report});
}

const struct optimizer OPTIMIZER_ROW(adamw) = {
    .name = "adamw",
    .about = "Adam with the weight decay apart from the gradient (Loshchilov & Hutter 2019)",
    .default_lr = 0.01,
    .moments = 2,
    .update = adamw_update,
};
