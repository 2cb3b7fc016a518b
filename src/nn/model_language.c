/* Language models as a kind of model: a row is a whole context of tokens. */
#include <stdio.h>

#include "nn/model_parts.h"

static enum status language_make(struct model *model, const struct kernels *kernels, struct error *error)
{
    return language_create(&model->language, &model->shape.language, kernels, error);
}

static void language_release(struct model *model)
{
    language_free(model->language);
}

static void language_begin(struct model *model, uint64_t seed)
{
    language_init(model->language, seed);
}

static struct params *language_block(struct model *model)
{
    return language_params(model->language);
}

static bool language_blas(const struct model *model)
{
    return language_uses_blas(model->language);
}

static bool language_portable(const struct model *model)
{
    return language_is_portable(model->language);
}

static double language_step(const struct model *model, size_t batch)
{
    return language_step_flops(model->language, batch, model->shape.language.context);
}

static double language_row(const struct model_shape *shape)
{
    return language_forward_flops(&shape->language, shape->language.context);
}

static double language_weights(const struct model_shape *shape)
{
    const struct language_spec *spec = &shape->language;
    const double V = (double)spec->vocabulary, C = (double)spec->width;
    switch (spec->kind) {
    case LANGUAGE_BIGRAM:
        return V * V;
    case LANGUAGE_MLP:
        return V * C + (double)spec->window * C * C + C * V;
    default:
        return (spec->tie ? 1 : 2) * V * C + (double)spec->context * C + (double)spec->layers * 12 * C * C;
    }
}

#define BUFFERS_OF_A_BLOCK 16 /* of a token: norms, queries, keys, values, the wide layer twice, projections */

static double language_units(const struct model_shape *shape)
{
    const struct language_spec *spec = &shape->language;
    const double T = (double)spec->context, C = (double)spec->width;
    double units = T * (double)spec->vocabulary;
    if (spec->kind == LANGUAGE_TRANSFORMER)
        units += (double)spec->layers * (BUFFERS_OF_A_BLOCK * T * C + 2 * (double)spec->heads * T * T);
    return units + T * C * (double)(spec->kind == LANGUAGE_MLP ? spec->window + 2 : 2);
}

static bool language_can_drop(const struct model_shape *shape)
{
    return shape->language.kind == LANGUAGE_TRANSFORMER;
}

static bool language_same(const struct model_shape *a, const struct model_shape *b)
{
    const struct language_spec *x = &a->language, *y = &b->language;
    return x->kind == y->kind && x->vocabulary == y->vocabulary && x->context == y->context && x->width == y->width &&
           x->window == y->window && x->layers == y->layers && x->heads == y->heads && x->tie == y->tie &&
           x->lora_rank == y->lora_rank;
}

static void language_describe(const struct model_shape *shape, char *out, size_t size)
{
    const struct language_spec *spec = &shape->language;
    const char *name = language_table[spec->kind].name;
    switch (spec->kind) {
    case LANGUAGE_BIGRAM:
        snprintf(out, size, "%s, %zu tokens", name, spec->vocabulary);
        return;
    case LANGUAGE_MLP:
        snprintf(out, size, "%s of %zu tokens, width %zu", name, spec->window, spec->width);
        return;
    default:
        snprintf(out, size, "%s %zu×%zu, %zu heads, context %zu", name, spec->layers, spec->width, spec->heads,
                 spec->context);
    }
}

static void language_choose(struct model *model, enum language_part part, size_t blocks)
{
    language_freeze(model->language, part, blocks);
}

const struct model_class model_class_language = {
    .create = language_make,
    .free = language_release,
    .init = language_begin,
    .params = language_block,
    .uses_blas = language_blas,
    .is_portable = language_portable,
    .step_flops = language_step,
    .forward_flops = language_row,
    .weights = language_weights,
    .units = language_units,
    .can_drop = language_can_drop,
    .same = language_same,
    .describe = language_describe,
    .freeze = language_choose,
};
