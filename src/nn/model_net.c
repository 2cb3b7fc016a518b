/* The perceptron as a kind of model. */
#include <stdio.h>
#include <string.h>

#include "nn/model_parts.h"

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

const struct model_class model_class_net = {
    .create = net_make,
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
    .describe = net_describe,
};
