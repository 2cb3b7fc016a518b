/* Calls the functions of a model's kind: net or language model. */
#include "nn/model.h"

#include <assert.h>

#include "base/mem.h"
#include "nn/model_parts.h"

static const struct model_class *const class_table[] = {
    [MODEL_NET] = &model_class_net,
    [MODEL_LANGUAGE] = &model_class_language,
};
static_assert(sizeof class_table / sizeof class_table[0] == MODEL_KINDS, "a row for each kind");

static const struct model_class *class_of(const struct model_shape *shape)
{
    return class_table[shape->kind];
}

enum status model_create(struct model **out, const struct model_shape *shape, const struct kernels *kernels,
                         struct error *error)
{
    *out = NULL;
    struct model *model = mem_alloc(1, sizeof *model);
    if (!model)
        return error_memory(error);
    model->shape = *shape;
    enum status status = class_of(shape)->create(model, kernels, error);
    if (status != STATUS_OK) {
        mem_free(model);
        return status;
    }
    *out = model;
    return STATUS_OK;
}

void model_free(struct model *model)
{
    if (!model)
        return;
    class_of(&model->shape)->free(model);
    mem_free(model);
}

void model_init(struct model *model, uint64_t seed)
{
    class_of(&model->shape)->init(model, seed);
}

const struct model_shape *model_shape(const struct model *model)
{
    return &model->shape;
}

struct params *model_params(struct model *model)
{
    return class_of(&model->shape)->params(model);
}

const struct params *model_params_const(const struct model *model)
{
    return model_params((struct model *)model); /* asking changes nothing */
}

bool model_uses_blas(const struct model *model)
{
    return class_of(&model->shape)->uses_blas(model);
}

bool model_is_portable(const struct model *model)
{
    return class_of(&model->shape)->is_portable(model);
}

double model_step_flops(const struct model *model, size_t batch)
{
    return class_of(&model->shape)->step_flops(model, batch);
}

struct net *model_net(struct model *model)
{
    assert(model->shape.kind == MODEL_NET);
    return model->net;
}

const struct net *model_net_const(const struct model *model)
{
    assert(model->shape.kind == MODEL_NET);
    return model->net;
}

struct language *model_language(struct model *model)
{
    assert(model->shape.kind == MODEL_LANGUAGE);
    return model->language;
}

const struct language *model_language_const(const struct model *model)
{
    assert(model->shape.kind == MODEL_LANGUAGE);
    return model->language;
}

void model_freeze(struct model *model, enum language_part part, size_t blocks)
{
    const struct model_class *class = class_of(&model->shape);
    if (class->freeze)
        class->freeze(model, part, blocks);
}

double model_forward_flops(const struct model_shape *shape)
{
    return class_of(shape)->forward_flops(shape);
}

double model_weights(const struct model_shape *shape)
{
    return class_of(shape)->weights(shape);
}

double model_units(const struct model_shape *shape)
{
    return class_of(shape)->units(shape);
}

bool model_can_drop(const struct model_shape *shape)
{
    return class_of(shape)->can_drop(shape);
}

bool model_same_shape(const struct model_shape *a, const struct model_shape *b)
{
    return a->kind == b->kind && class_of(a)->same(a, b);
}

char *model_describe(const struct model_shape *shape, char *out, size_t size)
{
    class_of(shape)->describe(shape, out, size);
    return out;
}
