/* Optimisers: one table row each.  They see one block of parameters with named slices.  Moments are blocks too, owned by
 * the caller (they are state sections).  A step also measures, in the same pass over the block: per-layer squared norms of weights and update. */
#ifndef NN_OPTIMIZER_H
#define NN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels.h"
#include "nn/params.h"

enum optimizer_id {
    OPTIMIZER_SGD,
    OPTIMIZER_MOMENTUM,
    OPTIMIZER_NESTEROV,
    OPTIMIZER_RMSPROP,
    OPTIMIZER_ADAM,
    OPTIMIZER_ADAMW,
    OPTIMIZER_COUNT,
};

struct optimizer_settings {
    float lr;            /* rate in force: base × schedule */
    float weight_decay;  /* L2 added to the gradient; AdamW: decoupled; only slices that decay */
    float momentum;      /* momentum, Nesterov; beta1 of Adam and AdamW */
    float gradient_scale; /* 1, or the clipping factor */
    uint64_t t;          /* 1 for the first step since the moments were zero */
};

/* Squared L2 norms by layer, of what the step saw and did. */
struct step_norms {
    double gradient[32]; /* before clipping and decay; filled by optimizer_gradient_norms */
    double weight[32];
    double update[32];
    double gradient_total, weight_total, update_total;
};

struct optimizer {
    const char *name;
    const char *about;   /* formula's source */
    double default_lr;
    unsigned moments;    /* blocks of params->size floats that it needs: 0, 1 or 2 */
    void (*step)(const struct kernels *kernels, struct params *params, float *const moments[],
                 const struct optimizer_settings *settings, struct step_norms *norms);
};
extern const struct optimizer optimizer_table[OPTIMIZER_COUNT];

/* First pass: squared norms of the gradient, by layer and in all. */
void optimizer_gradient_norms(const struct kernels *kernels, const struct params *params, struct step_norms *norms);

#endif
