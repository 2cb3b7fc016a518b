/* Lays out a multi-layer perceptron's parameters, initialises them and counts its arithmetic. */
#include "nn/net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "nn/net_parts.h"

const char *const activation_name[ACTIVATION_COUNT] = {
    [ACTIVATION_TANH] = "tanh",       [ACTIVATION_RELU] = "relu", [ACTIVATION_LEAKY_RELU] = "leaky_relu",
    [ACTIVATION_SIGMOID] = "sigmoid", [ACTIVATION_GELU] = "gelu", [ACTIVATION_LINEAR] = "linear",
};

static const bool activation_rectifies[ACTIVATION_COUNT] = {
    [ACTIVATION_RELU] = true,
    [ACTIVATION_LEAKY_RELU] = true,
    [ACTIVATION_GELU] = true,
};

/* The weights, or with in = 1 a vector, of a layer. */
static const struct param_slice *add_slice(struct params *params, const char *part, size_t index, const char *kind,
                                           enum param_layout layout, size_t out, size_t in)
{
    struct param_slice *slice = params_add(params, layout, out, in, (unsigned)index, layout != PARAM_VECTOR);
    snprintf(slice->name, sizeof slice->name, "%s.%zu.%s", part, index, kind);
    return slice;
}

static void lay_out(struct net *net)
{
    const struct net_spec *spec = &net->spec;
    const struct dense_tools tools = {net->kernels, spec->blas_threads};
    for (size_t l = 0; l < net->layers; l++) {
        struct layer *layer = &net->layer[l];
        layer->hidden = l < spec->hidden_count;
        layer->dense = dense_shape(&tools, l == 0 ? spec->inputs : spec->hidden[l - 1],
                                   layer->hidden ? spec->hidden[l] : spec->outputs);
        const size_t out = layer->dense.out;
        net->blas = net->blas || layer->dense.blas;
        layer->weight = add_slice(&net->params, "layers", l, "weight",
                                  layer->dense.outward ? PARAM_OUTWARD : PARAM_INWARD, out, layer->dense.in);
        layer->dense.weight = layer->weight->offset;
        layer->dense.bias = add_slice(&net->params, "layers", l, "bias", PARAM_VECTOR, out, 1)->offset;
        if (spec->layer_norm && layer->hidden) {
            layer->gain = add_slice(&net->params, "norms", l, "weight", PARAM_VECTOR, out, 1)->offset;
            layer->shift = add_slice(&net->params, "norms", l, "bias", PARAM_VECTOR, out, 1)->offset;
        }
    }
    net->params.layers = (unsigned)net->layers;
}

static enum status check_spec(const struct net_spec *spec, struct error *error)
{
    if (spec->hidden_count > NET_HIDDEN_MAX)
        return error_set(error, STATUS_USAGE, "%zu hidden layers where at most %d are possible", spec->hidden_count,
                         NET_HIDDEN_MAX);
    for (size_t l = 0; l < spec->hidden_count; l++)
        if (spec->hidden[l] < 1 || spec->hidden[l] > NET_WIDTH_MAX)
            return error_set(error, STATUS_USAGE, "a hidden layer of %zu units: between 1 and %d are possible",
                             spec->hidden[l], NET_WIDTH_MAX);
    if (spec->inputs < 1 || spec->inputs > NET_WIDTH_MAX)
        return error_set(error, STATUS_USAGE, "a net of %zu inputs: between 1 and %d are possible", spec->inputs,
                         NET_WIDTH_MAX);
    if (spec->outputs < 1 || spec->outputs > NET_WIDTH_MAX)
        return error_set(error, STATUS_USAGE, "a net of %zu outputs: between 1 and %d are possible", spec->outputs,
                         NET_WIDTH_MAX);
    return STATUS_OK;
}

enum status net_create(struct net **out, const struct net_spec *spec, const struct kernels *kernels,
                       struct error *error)
{
    *out = NULL;
    enum status status = check_spec(spec, error);
    if (status != STATUS_OK)
        return status;
    struct net *net = mem_alloc(1, sizeof *net);
    if (!net)
        return error_memory(error);
    net->spec = *spec;
    net->kernels = kernels;
    net->layers = spec->hidden_count + 1;
    net->params.slice = mem_alloc(4 * net->layers, sizeof *net->params.slice);
    if (!net->params.slice)
        goto no_memory;
    lay_out(net);
    net->params.value = mem_alloc(net->params.size, sizeof *net->params.value);
    net->params.gradient = mem_alloc(net->params.size, sizeof *net->params.gradient);
    if (!net->params.value || !net->params.gradient)
        goto no_memory;
    *out = net;
    return STATUS_OK;
no_memory:
    net_free(net);
    return error_memory(error);
}

void net_free(struct net *net)
{
    if (!net)
        return;
    mem_free(net->params.value);
    mem_free(net->params.gradient);
    mem_free(net->params.slice);
    mem_free(net);
}

static void init_weights(struct net *net, size_t l, uint64_t seed)
{
    const struct layer *layer = &net->layer[l];
    const struct dense *dense = &layer->dense;
    const uint32_t key = random_key(seed, RANDOM_INIT, l);
    const bool he = activation_rectifies[net->spec.activation];
    /* Glorot & Bengio 2010: uniform, variance 2 / (in + out).  He et al. 2015: normal, variance 2 / in. */
    double spread = he ? sqrt(2.0 / (double)dense->in) : sqrt(6.0 / (double)(dense->in + dense->out));
    if (!layer->hidden)
        spread *= 0.1;
    for (size_t i = 0; i < dense->in; i++)
        for (size_t o = 0; o < dense->out; o++) {
            uint32_t index = (uint32_t)(i * dense->out + o);
            float draw = he ? random_normal(key, index) : 2 * random_uniform(key, index) - 1;
            params_set(&net->params, layer->weight, o, i, (float)spread * draw);
        }
}

void net_init(struct net *net, uint64_t seed)
{
    memset(net->params.value, 0, net->params.size * sizeof *net->params.value);
    memset(net->params.gradient, 0, net->params.size * sizeof *net->params.gradient);
    for (size_t l = 0; l < net->layers; l++) {
        init_weights(net, l, seed);
        if (net->spec.layer_norm && net->layer[l].hidden)
            for (size_t o = 0; o < net->layer[l].dense.out; o++)
                net->params.value[net->layer[l].gain + o] = 1;
    }
}

const struct net_spec *net_spec(const struct net *net)
{
    return &net->spec;
}
struct params *net_params(struct net *net)
{
    return &net->params;
}
bool net_uses_blas(const struct net *net)
{
    return net->blas;
}
bool net_is_portable(const struct net *net)
{
    bool portable = true;
    for (size_t l = 0; l < net->layers; l++)
        portable &= net->layer[l].dense.portable;
    return portable;
}
size_t net_output_stride(const struct net *net)
{
    return net->layer[net->layers - 1].dense.out_stride;
}

double net_step_flops(const struct net *net, size_t batch)
{
    /* Forward, dW and dX cost in x out each for a row; the first layer has no dX. */
    double products = 0;
    for (size_t l = 0; l < net->layers; l++)
        products += (double)net->layer[l].dense.in * (double)net->layer[l].dense.out * (l == 0 ? 2 : 3);
    return 2 * products * (double)batch;
}
