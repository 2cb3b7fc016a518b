/* The table of what follows each token: PyTorch's nn.Embedding(V, V), read as logits. */
#include <string.h>

#include "nn/language_parts.h"

#define DEVIATION 0.02 /* so that the first loss is about ln V */

static enum status check(const struct language_spec *spec, struct error *error)
{
    (void)spec;
    (void)error;
    return STATUS_OK;
}

static size_t slices(const struct language_spec *spec)
{
    (void)spec;
    return 1;
}

static void lay_out(struct language *language)
{
    const size_t V = language->spec.vocabulary;
    const struct slice_plan plan = {PARAM_OUTWARD, V, V, 0, true, {START_NORMAL, DEVIATION}};
    language->tokens = language->head_slice = language_add(language, &plan, "table.weight");
    language->adapters = 1;
    language->params.layers = 1;
}

static void lay_out_workspace(const struct language *language, struct language_workspace *workspace, float *memory,
                              size_t *used)
{
    (void)language;
    (void)workspace;
    (void)memory;
    (void)used;
}

static double forward_flops(const struct language_spec *spec, size_t length)
{
    return (double)spec->vocabulary * (double)length; /* rows are copied: no products, but no nothing either */
}

static double backward_flops(const struct language *language, size_t length)
{
    return (double)language->spec.vocabulary * (double)length;
}

static float *forward(const struct language *language, const float *parameters, struct language_workspace *workspace,
                      const struct language_batch *batch, const struct net_dropout *dropout)
{
    (void)dropout;
    const size_t stride = language_stride(language);
    float *row = workspace->logits;
    for (size_t b = 0; b < batch->sequences; b++)
        for (size_t t = 0; t < batch->length; t++, row += stride)
            memcpy(row, parameters + (size_t)batch->token[b * batch->stride + t] * stride, stride * sizeof *row);
    return workspace->logits;
}

static void next(const struct language *language, const float *parameters, struct language_cache *cache, int32_t token)
{
    forward(language, parameters, cache->workspace, &(struct language_batch){&token, 1, 1, 1}, NULL);
}

static void backward(struct language *language, struct language_workspace *workspace,
                     const struct language_batch *batch, float *d_logits)
{
    (void)workspace;
    if (language->params.slice[language->tokens].frozen)
        return;
    const size_t stride = language_stride(language);
    float *gradient = language->params.gradient;
    const float *d = d_logits;
    memset(gradient, 0, language->params.size * sizeof *gradient);
    for (size_t b = 0; b < batch->sequences; b++)
        for (size_t t = 0; t < batch->length; t++, d += stride) {
            float *row = gradient + (size_t)batch->token[b * batch->stride + t] * stride;
            for (size_t i = 0; i < stride; i++)
                row[i] += d[i];
        }
}

const struct language_functions bigram_functions = {
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
