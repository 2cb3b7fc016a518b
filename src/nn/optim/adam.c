/* Adam: RMSProp with momentum and bias correction; a weight decay is part of the gradient (Kingma & Ba 2015). */
#include "nn/optim/moments.h"

SIMD_INLINE vf adam_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c)
{
    return moments_step(update_decayed(p, g, c), first, second, c);
}

static void adam_update(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                        float scale, struct step_report *report)
{
    const struct update_constants constants = moments_adam(settings, settings->weight_decay, scale);
    update_all(adam_rule, 2, &(struct update){params, moments, &constants, report});
}

const struct optimizer OPTIMIZER_ROW(adam) = {
    .name = "adam",
    .about = "RMSProp with momentum and bias correction, a decay being part of the gradient (Kingma & Ba 2015)",
    .default_lr = 0.01,
    .moments = 2,
    .update = adam_update,
};
