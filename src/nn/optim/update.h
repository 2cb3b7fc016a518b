/* What the files of the optimizers share: the walk over all parameters that applies an optimizer's rule to 16 of them
 * at a time and measures the update.  Each file is compiled once for each instruction level (nn/level.h) and exports
 * its row alone; nn/optimizer.c lists the rows. */
#ifndef NN_OPTIM_UPDATE_H
#define NN_OPTIM_UPDATE_H

#include "nn/layer_sums.h"
#include "nn/level.h"
#include "nn/optimizer.h"
#include "nn/simd.h"

/* The name of an optimizer's row. */
#define OPTIMIZER_ROW(name) LEVEL_OF(optimizer_##name)

/* The numbers of one update, worked out once a step. */
struct update_constants {
    float scale; /* of the gradient: clipping */
    float rate;
    float decay;        /* weight decay of slices that decay; decoupled: already times the learning rate */
    float keep1, rest1; /* first moment: m = keep1 m + rest1 g */
    float keep2, rest2; /* second moment */
    float epsilon;
};

/* The constants in vectors of their own: what is stored to parameters and moments cannot change them. */
struct update_vectors {
    vf rate, decay, keep1, rest1, keep2, rest2, epsilon;
};

/* What is to be subtracted from 16 parameters p with gradient g.  Moves their moments on; first and second are NULL
 * where the optimizer has no such moment. */
typedef vf update_rule(vf p, vf g, float *first, float *second, const struct update_vectors *c);

struct update {
    struct params *params;
    float *const *moments;
    const struct update_constants *constants;
    struct step_report *report;
};

/* Squares of the weights and the updates, lane by lane. */
struct update_sums {
    vf weight, update;
};

/* A decay that is part of the gradient. */
SIMD_INLINE vf update_decayed(vf p, vf g, const struct update_vectors *c)
{
    return vf_fma(p, c->decay, g);
}

/* The velocity of momentum, v = mu v + g, moved on. */
SIMD_INLINE vf update_velocity(vf g, float *first, const struct update_vectors *c)
{
    const vf v = vf_fma(c->keep1, vf_load(first), g);
    vf_store(first, v);
    return v;
}

/* The constants of SGD, with momentum or without. */
static inline struct update_constants update_constants_of_sgd(const struct optimizer_settings *settings, float scale)
{
    return (struct update_constants){
        .scale = scale, .rate = settings->lr, .decay = settings->weight_decay, .keep1 = settings->momentum};
}

SIMD_INLINE struct update_vectors update_vectors_for(const struct update_constants *c, bool decays)
{
    return (struct update_vectors){
        .rate = vf_set1(c->rate),
        .decay = vf_set1(decays ? c->decay : 0),
        .keep1 = vf_set1(c->keep1),
        .rest1 = vf_set1(c->rest1),
        .keep2 = vf_set1(c->keep2),
        .rest2 = vf_set1(c->rest2),
        .epsilon = vf_set1(c->epsilon),
    };
}

SIMD_INLINE void update_slice(update_rule *rule, unsigned moments, const struct update *all,
                              const struct param_slice *slice, struct update_sums *sums)
{
    const struct update_vectors vectors = update_vectors_for(all->constants, slice->decays);
    const vf scale = vf_set1(all->constants->scale);
    float *p = all->params->value + slice->offset;
    const float *g = all->params->gradient + slice->offset;
    float *first = moments > 0 ? all->moments[0] + slice->offset : NULL;
    float *second = moments > 1 ? all->moments[1] + slice->offset : NULL;
    for (size_t begin = 0; begin < slice->floats; begin += LAYER_STRETCH * VF_LANES) {
        size_t end =
            slice->floats - begin < LAYER_STRETCH * VF_LANES ? slice->floats : begin + LAYER_STRETCH * VF_LANES;
        vf weight = vf_zero(), update = vf_zero();
        for (size_t i = begin; i < end; i += VF_LANES) {
            vf value = vf_load(p + i);
            vf delta = rule(value, vf_mul(vf_load(g + i), scale), moments > 0 ? first + i : NULL,
                            moments > 1 ? second + i : NULL, &vectors);
            vf_store(p + i, vf_sub(value, delta));
            weight = vf_fma(value, value, weight);
            update = vf_fma(delta, delta, update);
        }
        sums->weight = vf_add(sums->weight, weight);
        sums->update = vf_add(sums->update, update);
    }
}

/* Weights that are all zero (a fresh layer of biases only) have moved by no share of themselves. */
SIMD_INLINE vf update_ratio_of(vf update, vf weight)
{
    vf ratio = vf_div(vf_sqrt(update), vf_sqrt(weight));
    return vf_select(vf_eq(weight, vf_zero()), vf_zero(), ratio);
}

/* Applies the rule of an optimizer with so many moments to all parameters that are not frozen, and fills the ratios and
 * the weights' norm of the report.  Rule and number are constants of the caller, into which all of this is inlined. */
SIMD_INLINE void update_all(update_rule *rule, unsigned moments, const struct update *all)
{
    float weight_total = 0, update_total = 0;
    vf weights = vf_zero(), updates = vf_zero();
    const struct param_slice *slice = all->params->slice, *end = slice + all->params->slices;
    while (slice < end) {
        unsigned layer = slice->layer;
        struct update_sums sums = {vf_zero(), vf_zero()};
        for (; slice < end && slice->layer == layer; slice++)
            if (!slice->frozen)
                update_slice(rule, moments, all, slice, &sums);
        float weight_sum = vf_sum(sums.weight), update_sum = vf_sum(sums.update);
        weight_total += weight_sum;
        update_total += update_sum;
        weights = add_to_layer(weights, layer, weight_sum);
        updates = add_to_layer(updates, layer, update_sum);
    }
    struct step_report *report = all->report;
    vf_store(report->ratio, update_ratio_of(updates, weights));
    report->weight_norm = sqrtf(weight_total);
    report->update_ratio = weight_total > 0 ? sqrtf(update_total) / report->weight_norm : 0;
}

#endif
