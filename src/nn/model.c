#include "nn/model.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

struct model {
    struct model_shape shape;
    struct net *net;
};

/* What a kind of model can do. */
struct model_class {
    enum status (*create)(struct model *model, const struct kernels *kernels, struct error *error);
    void (*free)(struct model *model);
    void (*init)(struct model *model, uint64_t seed);
    struct params *(*params)(struct model *model);
    bool (*uses_blas)(const struct model *model);
    bool (*is_portable)(const struct model *model);
    double (*step_flops)(const struct model *model, size_t batch);
    double (*forward_flops)(const struct model_shape *shape);
    double (*weights)(const struct model_shape *shape);
    double (*units)(const struct model_shape *shape);
    bool (*can_drop)(const struct model_shape *shape);
    bool (*same)(const struct model_shape *a, const struct model_shape *b);
    void (*describe)(const struct model_shape *shape, char *out, size_t size);
};

/* ---- the perceptron ---- */

static enum status net_make(struct model *model, const struct kernels *kernels, struct error *error)
{
    return net_create(&model->net, &model->shape.net, kernels, error);
}

static void net_release(struct model *model)
{
    net_free(model->net);
}

static void net_begin(struct model *model, uint64_t seed)
{
    net_init(model->net, seed);
}

static struct params *net_block(struct model *model)
{
    return net_params(model->net);
}

static bool net_blas(const struct model *model)
{
    return net_uses_blas(model->net);
}

static bool net_portable(const struct model *model)
{
    return net_is_portable(model->net);
}

static double net_step(const struct model *model, size_t batch)
{
    return net_step_flops(model->net, batch);
}

static double net_weights(const struct model_shape *shape)
{
    const struct net_spec *net = &shape->net;
    double weights = 0;
    size_t in = net->inputs;
    for (size_t i = 0; i < net->hidden_count; i++) {
        weights += (double)in * (double)net->hidden[i];
        in = net->hidden[i];
    }
    return weights + (double)in * (double)net->outputs;
}

static double net_forward_flops(const struct model_shape *shape)
{
    return 2 * net_weights(shape);
}

#define BUFFERS_OF_A_LAYER 4 /* at the least */

static double net_units(const struct model_shape *shape)
{
    double units = (double)shape->net.inputs + (double)shape->net.outputs;
    for (size_t i = 0; i < shape->net.hidden_count; i++)
        units += (double)shape->net.hidden[i];
    return BUFFERS_OF_A_LAYER * units;
}

static bool net_can_drop(const struct model_shape *shape)
{
    return shape->net.hidden_count > 0;
}

static bool net_same(const struct model_shape *a, const struct model_shape *b)
{
    const struct net_spec *x = &a->net, *y = &b->net;
    return x->inputs == y->inputs && x->outputs == y->outputs && x->hidden_count == y->hidden_count &&
           memcmp(x->hidden, y->hidden, x->hidden_count * sizeof x->hidden[0]) == 0 && x->activation == y->activation &&
           x->layer_norm == y->layer_norm;
}

static void net_describe(const struct model_shape *shape, char *out, size_t size)
{
    const struct net_spec *net = &shape->net;
    char *at = out, *const end = out + size;
    at += snprintf(at, (size_t)(end - at), "%zu", net->inputs);
    for (size_t i = 0; i < net->hidden_count && end - at > 48; i++)
        at += snprintf(at, (size_t)(end - at), "-%zu", net->hidden[i]);
    at += snprintf(at, (size_t)(end - at), "-%zu", net->outputs);
    if (net->hidden_count > 0)
        snprintf(at, (size_t)(end - at), " %s%s", activation_name[net->activation], net->layer_norm ? " norm" : "");
}

static const struct model_class class_table[] = {
    [MODEL_NET] = {.create = net_make,
                   .free = net_release,
                   .init = net_begin,
                   .params = net_block,
                   .uses_blas = net_blas,
                   .is_portable = net_portable,
                   .step_flops = net_step,
                   .forward_flops = net_forward_flops,
                   .weights = net_weights,
                   .units = net_units,
                   .can_drop = net_can_drop,
                   .same = net_same,
                   .describe = net_describe},
};
static_assert(sizeof class_table / sizeof class_table[0] == MODEL_KINDS, "a row for each kind");

/* ---- whatever the kind ---- */

static const struct model_class *class_of(const struct model_shape *shape)
{
    return &class_table[shape->kind];
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
