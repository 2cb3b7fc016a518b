/* Holds the table of optimisers, and computes the constants of one update and applies it. */
#include "nn/optimizer.h"

#include <assert.h>
#include <math.h>

#include "nn/kernels_table.h"
#include "nn/optimizer_constants.h"

#define SQUARES_KEEP_RMSPROP 0.99  /* alpha */
#define SQUARES_KEEP_ADAM    0.999 /* beta2 */
#define EPSILON              1e-8

const struct optimizer optimizer_table[] = {
    [OPTIMIZER_SGD] = {.name = "sgd", .about = "against the gradient: p -= lr g", .default_lr = 0.2},
    [OPTIMIZER_MOMENTUM] = {.name = "momentum",
                            .about = "a rolling ball: v = mu v + g, p -= lr v (Polyak 1964)",
                            .default_lr = 0.05,
                            .moments = 1,
                            .uses_momentum = true},
    [OPTIMIZER_NESTEROV] =
        {.name = "nesterov",
         .about = "momentum that looks ahead: v = mu v + g, p -= lr (g + mu v) (Nesterov 1983, Sutskever 2013)",
         .default_lr = 0.05,
         .moments = 1,
         .uses_momentum = true},
    [OPTIMIZER_RMSPROP] = {.name = "rmsprop",
                           .about = "each parameter's step over the root of its mean squared gradient (Hinton 2012)",
                           .default_lr = 0.005,
                           .moments = 1},
    [OPTIMIZER_ADAM] =
        {.name = "adam",
         .about = "RMSProp with momentum and bias correction, a decay being part of the gradient (Kingma & Ba 2015)",
         .default_lr = 0.01,
         .moments = 2,
         .uses_momentum = true},
    [OPTIMIZER_ADAMW] = {.name = "adamw",
                         .about = "Adam with the weight decay apart from the gradient (Loshchilov & Hutter 2019)",
                         .default_lr = 0.01,
                         .moments = 2,
                         .uses_momentum = true},
};
static_assert(sizeof optimizer_table / sizeof optimizer_table[0] == OPTIMIZER_COUNT, "one row per optimiser");

const char *optimizer_name(size_t number)
{
    return optimizer_table[number].name;
}

/* 1 - beta^t.  Squaring and multiplying alone: the same bits on every machine. */
static double bias_correction(double beta, uint64_t t)
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
 * (lr sqrt(c2)/c1) m / (sqrt(v) + eps sqrt(c2)). */
static struct update_constants constants_for(enum optimizer_id optimizer, const struct optimizer_settings *settings)
{
    double rate = (double)settings->lr, beta1 = (double)settings->momentum, epsilon = EPSILON;
    double beta2 = optimizer == OPTIMIZER_RMSPROP ? SQUARES_KEEP_RMSPROP : SQUARES_KEEP_ADAM;
    if (optimizer == OPTIMIZER_ADAM || optimizer == OPTIMIZER_ADAMW) {
        double root = sqrt(bias_correction(beta2, settings->t));
        rate *= root / bias_correction(beta1, settings->t);
        epsilon *= root;
    }
    return (struct update_constants){
        .scale = 1,
        .rate = (float)rate,
        .decay = optimizer == OPTIMIZER_ADAMW ? settings->lr * settings->weight_decay : settings->weight_decay,
        .keep1 = settings->momentum,
        .rest1 = 1 - settings->momentum,
        .keep2 = (float)beta2,
        .rest2 = (float)(1 - beta2),
        .epsilon = (float)epsilon,
    };
}

bool optimizer_step(enum optimizer_id optimizer, const struct kernels *kernels, struct params *params,
                    float *const moments[], const struct optimizer_settings *settings, struct step_report *report)
{
    kernels->gradient_norms(params, report);
    if (!isfinite(report->gradient_norm))
        return false;
    struct update_constants constants = constants_for(optimizer, settings);
    if (settings->clip > 0 && report->gradient_norm > settings->clip)
        constants.scale = settings->clip / report->gradient_norm;
    kernels->update[optimizer](params, moments, &constants, report);
    return true;
}
