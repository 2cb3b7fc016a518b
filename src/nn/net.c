#include "nn/net.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "nn/net_parts.h"

/* Layers of at most so many weights are multiplied by the project's own kernels at every level, whatever it costs: their bits are the
 * same on every machine. */
#define OWN_ALWAYS_MAX ((size_t)128 * 128)

/* A layer that leaves a quarter of its columns to padding and has at least so many inputs gets its weight gradient turned. */
#define TURNED_MIN 16

#define SLICE_ALIGNMENT 16

const char *const activation_name[ACTIVATION_COUNT] = {
    [ACTIVATION_TANH] = "tanh",       [ACTIVATION_RELU] = "relu", [ACTIVATION_LEAKY_RELU] = "leaky_relu",
    [ACTIVATION_SIGMOID] = "sigmoid", [ACTIVATION_GELU] = "gelu", [ACTIVATION_LINEAR] = "linear",
};

static const bool activation_rectifies[ACTIVATION_COUNT] = {
    [ACTIVATION_RELU] = true,
    [ACTIVATION_LEAKY_RELU] = true,
    [ACTIVATION_GELU] = true,
};

/* Appends a slice of in x out to the block; its offset. */
static size_t add_slice(struct params *params, const char *part, size_t index, const char *kind, size_t in, size_t out)
{
    struct param_slice *slice = &params->slice[params->slices++];
    snprintf(slice->name, sizeof slice->name, "%s.%zu.%s", part, index, kind);
    slice->offset = params->size;
    slice->in = in;
    slice->out = out;
    slice->stride = kernel_pad(out);
    slice->layer = (unsigned)index;
    slice->decays = in > 1 || strcmp(part, "layers") == 0;
    size_t floats = in * slice->stride;
    params->size += (floats + SLICE_ALIGNMENT - 1) / SLICE_ALIGNMENT * SLICE_ALIGNMENT;
    params->count += in * out;
    return slice->offset;
}

/* By shape and by what the run asked for, never by timing. Above OWN_ALWAYS_MAX the own kernels are used where they are at least as fast as
 * a BLAS of one thread. */
static bool needs_blas(const struct net *net, const struct layer *layer)
{
    const size_t weights = layer->in * layer->out;
    if (weights <= OWN_ALWAYS_MAX)
        return false;
    return net->spec.blas_threads > 1 || weights > net->kernels->weights_max;
}

static void lay_out(struct net *net)
{
    const struct net_spec *spec = &net->spec;
    for (size_t l = 0; l < net->layers; l++) {
        struct layer *layer = &net->layer[l];
        layer->hidden = l < spec->hidden_count;
        layer->in = l == 0 ? spec->inputs : spec->hidden[l - 1];
        layer->out = layer->hidden ? spec->hidden[l] : spec->outputs;
        layer->in_stride = kernel_pad(layer->in);
        layer->out_stride = kernel_pad(layer->out);
        layer->blas = needs_blas(net, layer);
        net->blas = net->blas || layer->blas;
        layer->turned = !layer->blas && layer->in >= TURNED_MIN && 4 * layer->out <= 3 * layer->out_stride;
        layer->weight = add_slice(&net->params, "layers", l, "weight", layer->in, layer->out);
        layer->bias = add_slice(&net->params, "layers", l, "bias", 1, layer->out);
        net->params.slice[net->params.slices - 1].decays = false;
        if (spec->layer_norm && layer->hidden) {
            layer->gain = add_slice(&net->params, "norms", l, "weight", 1, layer->out);
            layer->shift = add_slice(&net->params, "norms", l, "bias", 1, layer->out);
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
    const uint32_t key = random_key(seed, RANDOM_INIT, l);
    const bool he = activation_rectifies[net->spec.activation];
    /* Glorot & Bengio 2010: uniform, variance 2 / (in + out).  He et al. 2015: normal, variance 2 / in. */
    double spread = he ? sqrt(2.0 / (double)layer->in) : sqrt(6.0 / (double)(layer->in + layer->out));
    if (!layer->hidden)
        spread *= 0.1;
    for (size_t i = 0; i < layer->in; i++)
        for (size_t o = 0; o < layer->out; o++) {
            uint32_t index = (uint32_t)(i * layer->out + o);
            float draw = he ? random_normal(key, index) : 2 * random_uniform(key, index) - 1;
            net->params.value[layer->weight + i * layer->out_stride + o] = (float)spread * draw;
        }
}

void net_init(struct net *net, uint64_t seed)
{
    memset(net->params.value, 0, net->params.size * sizeof *net->params.value);
    memset(net->params.gradient, 0, net->params.size * sizeof *net->params.gradient);
    for (size_t l = 0; l < net->layers; l++) {
        init_weights(net, l, seed);
        if (net->spec.layer_norm && net->layer[l].hidden)
            for (size_t o = 0; o < net->layer[l].out; o++)
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
const struct params *net_params_const(const struct net *net)
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
        portable &= net->layer[l].in * net->layer[l].out <= OWN_ALWAYS_MAX;
    return portable;
}
size_t net_output_stride(const struct net *net)
{
    return net->layer[net->layers - 1].out_stride;
}

double net_step_flops(const struct net *net, size_t batch)
{
    /* Forward, dW and dX cost in x out each for a row; the first layer has no dX. */
    double products = 0;
    for (size_t l = 0; l < net->layers; l++)
        products += (double)net->layer[l].in * (double)net->layer[l].out * (l == 0 ? 2 : 3);
    return 2 * products * (double)batch;
}
