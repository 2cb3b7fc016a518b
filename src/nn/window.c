/* The perceptron over a window of tokens (Bengio 2003), as makemore has it: embeddings side by side, the latest first,
 * zeros before the beginning → dense → tanh → dense.  Embeddings and hidden layer are `width` wide.
 *
 *   x       [R][window * width, padded]
 *   hidden  [R][width, padded]               `branch` of the workspace; its gradient is `d_branch`, that of x `d_stream` */
#include <math.h>
#include <string.h>

#include "nn/cut.h"
#include "nn/language_parts.h"

enum { LAYER_EMBEDDINGS, LAYER_HIDDEN, LAYER_HEAD };

static enum status check(const struct language_spec *spec, struct error *error)
{
    if (spec->window < 1 || spec->window > spec->context)
        return error_set(error, STATUS_USAGE, "a window of %zu tokens: between 1 and the context of %zu are possible",
                         spec->window, spec->context);
    if (spec->window * spec->width > NET_WIDTH_MAX)
        return error_set(error, STATUS_USAGE, "a window of %zu tokens %zu wide: together at most %d are possible",
                         spec->window, spec->width, NET_WIDTH_MAX);
    return STATUS_OK;
}

static size_t slices(const struct language_spec *spec)
{
    (void)spec;
    return 5;
}

/* Glorot & Bengio 2010. */
static struct start glorot(size_t in, size_t out, double scale)
{
    return (struct start){START_UNIFORM, scale * sqrt(6.0 / (double)(in + out))};
}

static void lay_out(struct language *language)
{
    const struct language_spec *spec = &language->spec;
    const size_t V = spec->vocabulary, width = spec->width, in = spec->window * width;
    const struct slice_plan tokens = {PARAM_OUTWARD, V, width, LAYER_EMBEDDINGS, false, {START_NORMAL, 1}};
    const struct slice_plan hidden = {
        .out = width, .in = in, .layer = LAYER_HIDDEN, .decays = true, .start = glorot(in, width, 1)};
    const struct slice_plan head = {
        .out = V, .in = width, .layer = LAYER_HEAD, .decays = true, .start = glorot(width, V, 0.1)};
    language->tokens = language_add(language, &tokens, "wte.weight");
    language_add_dense(language, &language->hidden, &hidden, "mlp.0.weight", "mlp.0.bias");
    language->head_slice = language_add_dense(language, &language->head, &head, "mlp.2.weight", "mlp.2.bias");
    language->adapters = language->params.slices;
    language->params.layers = LAYER_HEAD + 1;
}

static void lay_out_workspace(const struct language *language, struct language_workspace *workspace, float *memory,
                              size_t *used)
{
    const size_t rows = workspace->rows;
    workspace->stream = cut(memory, used, rows * language->hidden.in_stride);
    workspace->branch = cut(memory, used, rows * language->hidden.out_stride);
    if (!workspace->training)
        return;
    workspace->d_stream = cut(memory, used, rows * language->hidden.in_stride);
    workspace->d_branch = cut(memory, used, rows * language->hidden.out_stride);
}

static double layer_macs(const struct language_spec *spec, bool hidden)
{
    return (double)spec->width * (double)(hidden ? spec->window * spec->width : spec->vocabulary);
}

static double forward_flops(const struct language_spec *spec, size_t length)
{
    return 2 * (double)length * (layer_macs(spec, true) + layer_macs(spec, false));
}

/* Twice the forward pass, but for what is frozen. */
static double backward_flops(const struct language *language, size_t length)
{
    const struct language_spec *spec = &language->spec;
    const unsigned lowest = language_lowest(language);
    const double hidden = layer_macs(spec, true), head = layer_macs(spec, false);
    double macs = lowest <= LAYER_HEAD ? head : 0;
    if (lowest <= LAYER_HIDDEN)
        macs += head + hidden;
    if (lowest == LAYER_EMBEDDINGS)
        macs += hidden;
    return 2 * (double)length * macs;
}

/* x of a row whose latest token is *token, `seen` tokens before and with it. */
static void fill_window(const struct language *language, const float *parameters, const int32_t *token, size_t seen,
                        float *x)
{
    const size_t width = language->spec.width, stride = kernel_pad(width), window = language->spec.window;
    const float *table = parameters + language->params.slice[language->tokens].offset;
    memset(x, 0, language->hidden.in_stride * sizeof *x);
    for (size_t back = 0; back < window && back < seen; back++, token--)
        memcpy(x + back * width, table + (size_t)*token * stride, width * sizeof *x);
}

static void scatter_windows(const struct language *language, const float *d, const struct language_batch *batch,
                            float *gradient)
{
    const size_t width = language->spec.width, stride = kernel_pad(width), window = language->spec.window;
    for (size_t b = 0; b < batch->sequences; b++)
        for (size_t t = 0; t < batch->length; t++, d += language->hidden.in_stride)
            for (size_t back = 0; back < window && back <= t; back++) {
                float *row = gradient + (size_t)batch->token[b * batch->stride + t - back] * stride;
                for (size_t i = 0; i < width; i++)
                    row[i] += d[back * width + i];
            }
}

/* From x to the logits. */
static void pass(const struct language *language, const float *parameters, const struct language_workspace *workspace,
                 size_t rows)
{
    const struct kernels *kernels = language->kernels;
    const struct dense_input input = {workspace->stream, rows, language->hidden.in_stride};
    dense_forward(&language->hidden, kernels, parameters, &input, workspace->own_kernels, false, workspace->branch);
    kernels->activation_forward(ACTIVATION_TANH, rows * language->hidden.out_stride, workspace->branch,
                                workspace->branch, NULL, NULL);
    const struct dense_input hidden = {workspace->branch, rows, language->head.in_stride};
    dense_forward(&language->head, kernels, parameters, &hidden, workspace->own_kernels, false, workspace->logits);
}

static float *forward(const struct language *language, const float *parameters, struct language_workspace *workspace,
                      const struct language_batch *batch, const struct net_dropout *dropout)
{
    (void)dropout;
    float *x = workspace->stream;
    for (size_t b = 0; b < batch->sequences; b++)
        for (size_t t = 0; t < batch->length; t++, x += language->hidden.in_stride)
            fill_window(language, parameters, &batch->token[b * batch->stride + t], t + 1, x);
    pass(language, parameters, workspace, batch->sequences * batch->length);
    return workspace->logits;
}

static void next(const struct language *language, const float *parameters, struct language_cache *cache, int32_t token)
{
    const size_t window = language->spec.window;
    if (cache->count == window) {
        memmove(cache->token, cache->token + 1, (window - 1) * sizeof *cache->token);
        cache->count--;
    }
    cache->token[cache->count++] = token;
    fill_window(language, parameters, &cache->token[cache->count - 1], cache->count, cache->workspace->stream);
    pass(language, parameters, cache->workspace, 1);
}

static void backward(struct language *language, struct language_workspace *workspace,
                     const struct language_batch *batch, float *d_logits)
{
    const struct kernels *kernels = language->kernels;
    struct params *params = &language->params;
    const size_t rows = batch->sequences * batch->length;
    const unsigned lowest = language_lowest(language);
    if (lowest > LAYER_HEAD)
        return;
    const struct dense_input hidden = {workspace->branch, rows, language->head.in_stride};
    dense_gradient(&language->head, kernels, params->gradient, &hidden, d_logits);
    if (lowest > LAYER_HIDDEN)
        return;
    dense_backward(&language->head, kernels, params->value, rows, d_logits, NULL, workspace->d_branch);
    kernels->activation_backward(ACTIVATION_TANH, rows * language->hidden.out_stride, workspace->branch,
                                 workspace->d_branch, NULL);
    const struct dense_input input = {workspace->stream, rows, language->hidden.in_stride};
    dense_gradient(&language->hidden, kernels, params->gradient, &input, workspace->d_branch);
    if (lowest > LAYER_EMBEDDINGS)
        return;
    const struct param_slice *tokens = &params->slice[language->tokens];
    dense_backward(&language->hidden, kernels, params->value, rows, workspace->d_branch, NULL, workspace->d_stream);
    memset(params->gradient + tokens->offset, 0, tokens->floats * sizeof *params->gradient);
    scatter_windows(language, workspace->d_stream, batch, params->gradient + tokens->offset);
}

const struct language_functions window_functions = {
    .check = check,
    .slices = slices,
    .lay_out = lay_out,
    .lay_out_workspace = lay_out_workspace,
    .forward_flops = forward_flops,
    .backward_flops = backward_flops,
    .forward = forward,
    .backward = backward,
    .next = next,
};
