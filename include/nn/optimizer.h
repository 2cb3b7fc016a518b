/* Optimizers: each is a file in nn/optim/ and a line of OPTIMIZER_LIST.  They see one block of parameters with named
 * slices.  Moments are blocks too, owned by the caller (they are state sections), zero when the optimizer starts.
 *
 * A step reads the gradient twice and everything else once: the first pass measures the gradient (its norm decides
 * about clipping, and a gradient that is not finite must not touch the parameters), the second updates weights and
 * moments and measures both on its way. */
#ifndef NN_OPTIMIZER_H
#define NN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/field.h"
#include "nn/kernels.h"
#include "nn/params.h"

/* Each optimizer: OPTIMIZER_NUMBER, and the name of its file and row. */
#define OPTIMIZER_LIST(ROW)                                                                                            \
    ROW(SGD, sgd)                                                                                                      \
    ROW(MOMENTUM, momentum)                                                                                            \
    ROW(NESTEROV, nesterov)                                                                                            \
    ROW(RMSPROP, rmsprop)                                                                                              \
    ROW(ADAM, adam)                                                                                                    \
    ROW(ADAMW, adamw)

#define OPTIMIZER_ENUMERATOR(number, name) OPTIMIZER_##number,
enum optimizer_id { OPTIMIZER_LIST(OPTIMIZER_ENUMERATOR) OPTIMIZER_COUNT };
#undef OPTIMIZER_ENUMERATOR

#define OPTIMIZER_MOMENTS_MAX 2

struct optimizer_settings {
    float lr;           /* rate in force: base x schedule */
    float weight_decay; /* L2 added to the gradient; AdamW: decoupled, p -= lr * decay * p; only slices that decay */
    float momentum;     /* momentum, Nesterov; beta1 of Adam and AdamW; in [0, 1) */
    float clip;         /* largest norm of the whole gradient: a longer one is scaled down to it; 0: off */
    uint64_t t;         /* 1 for the first step since the moments were zero */
};

/* What a step measured.  Layers beyond the first STEP_LAYERS count in the totals only. */
#define STEP_LAYERS 16
struct step_report {
    float
        gradient[STEP_LAYERS]; /* L2 norm of the layer's gradient, before clipping and decay; 0 above the last layer */
    /* L2 norm of the layer's update / that of its weights before it (0 for weights that are all 0) */
    float ratio[STEP_LAYERS];
    float gradient_norm; /* of all layers together; infinite or NaN where the gradient is (or from about 1e19 on) */
    float update_ratio;
    float weight_norm; /* of all layers together, before the update */
};

struct optimizer {
    const char *name;
    const char *about; /* what it does and whose it is, one line */
    double default_lr;
    const char *absent_lr; /* the rate that files from before the row stand for (learn/state.h); NULL: they have one */
    unsigned moments;      /* blocks of params->size floats that it needs: 0, 1 or 2 */
    const struct refusal *refuses; /* knobs that have no effect; NULL: none */
    /* Updates parameters and moments, and fills the ratios and the weights' norm of the report; `scale` is that of
     * the gradient. */
    void (*update)(struct params *params, float *const moments[], const struct optimizer_settings *settings,
                   float scale, struct step_report *report);
};
const struct optimizer *optimizer_row(size_t number);
const char *optimizer_name(size_t number); /* of a row */

/* One update.  False when the gradient's norm is not finite: nothing was changed, and of the report only the gradient's
 * norms hold. */
bool optimizer_step(enum optimizer_id optimizer, const struct kernels *kernels, struct params *params,
                    float *const moments[], const struct optimizer_settings *settings, struct step_report *report);

#endif
