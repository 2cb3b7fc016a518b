/* Creates language models and calls the functions of their kind. */
#include "nn/language.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "nn/language_parts.h"

const struct language_type language_table[] = {
    [LANGUAGE_BIGRAM] = {.name = "bigram",
                         .about = "a table of what follows each token",
                         .functions = &bigram_functions},
    [LANGUAGE_MLP] = {.name = "mlp",
                      .about = "the last few tokens' embeddings through one hidden layer (Bengio 2003)",
                      .has_width = true,
                      .has_window = true,
                      .functions = &window_functions},
    [LANGUAGE_TRANSFORMER] = {.name = "transformer",
                              .about = "blocks of attention and a hidden layer, as GPT-2 and nanoGPT have them",
                              .has_width = true,
                              .has_blocks = true,
                              .functions = &transformer_functions},
};
static_assert(sizeof language_table / sizeof language_table[0] == LANGUAGE_KINDS, "one row per kind");

static const struct language_functions *functions(const struct language_spec *spec)
{
    return language_table[spec->kind].functions;
}

enum status language_check(const struct language_spec *spec, struct error *error)
{
    if (spec->vocabulary < 1 || spec->vocabulary > LANGUAGE_VOCABULARY_MAX)
        return error_set(error, STATUS_USAGE, "a vocabulary of %zu tokens: between 1 and %d are possible",
                         spec->vocabulary, LANGUAGE_VOCABULARY_MAX);
    if (spec->context < 1 || spec->context > LANGUAGE_CONTEXT_MAX)
        return error_set(error, STATUS_USAGE, "a context of %zu tokens: between 1 and %d are possible", spec->context,
                         LANGUAGE_CONTEXT_MAX);
    if (language_table[spec->kind].has_width && (spec->width < 1 || spec->width > LANGUAGE_WIDTH_MAX))
        return error_set(error, STATUS_USAGE, "a language model %zu wide: between 1 and %d are possible", spec->width,
                         LANGUAGE_WIDTH_MAX);
    return functions(spec)->check(spec, error);
}

/* Zero for what the kind has no use for. */
static struct language_spec used_fields(const struct language_spec *spec)
{
    const struct language_type *type = &language_table[spec->kind];
    struct language_spec used = {.kind = spec->kind,
                                 .vocabulary = spec->vocabulary,
                                 .context = spec->context,
                                 .width = type->has_width ? spec->width : 0,
                                 .window = type->has_window ? spec->window : 0,
                                 .blas_threads = spec->blas_threads};
    if (type->has_blocks) {
        used.layers = spec->layers;
        used.heads = spec->heads;
        used.tie = spec->tie;
        used.lora_rank = spec->lora_rank;
    }
    return used;
}

size_t language_add(struct language *language, const struct slice_plan *plan, const char *format, ...)
{
    const size_t index = language->params.slices;
    struct param_slice *slice =
        params_add(&language->params, plan->layout, plan->out, plan->in, plan->layer, plan->decays);
    va_list list;
    va_start(list, format);
    vsnprintf(slice->name, sizeof slice->name, format, list);
    va_end(list);
    language->start[index] = plan->start;
    return index;
}

struct dense language_dense(struct language *language, size_t in, size_t out)
{
    const struct dense_tools tools = {language->kernels, language->spec.blas_threads};
    const struct dense dense = dense_shape(&tools, in, out);
    language->blas |= dense.blas;
    language->portable &= dense.portable;
    return dense;
}

size_t language_add_dense(struct language *language, struct dense *dense, const struct slice_plan *plan,
                          const char *weight_name, const char *bias_name)
{
    *dense = language_dense(language, plan->in, plan->out);
    struct slice_plan weights = *plan;
    weights.layout = dense->outward ? PARAM_OUTWARD : PARAM_INWARD;
    const size_t slice = language_add(language, &weights, "%s", weight_name);
    dense->weight = language->params.slice[slice].offset;
    if (bias_name) {
        const struct slice_plan vector = {PARAM_VECTOR, plan->out, 1, plan->layer, false, {START_ZERO, 0}};
        dense->bias = language->params.slice[language_add(language, &vector, "%s", bias_name)].offset;
    }
    return slice;
}

unsigned language_lowest(const struct language *language)
{
    unsigned lowest = language->params.layers;
    for (size_t s = 0; s < language->params.slices; s++) {
        const struct param_slice *slice = &language->params.slice[s];
        if (!slice->frozen && slice->layer < lowest)
            lowest = slice->layer;
    }
    return lowest;
}

enum status language_create(struct language **out, const struct language_spec *spec, const struct kernels *kernels,
                            struct error *error)
{
    *out = NULL;
    const enum status status = language_check(spec, error);
    if (status != STATUS_OK)
        return status;
    struct language *language = mem_alloc(1, sizeof *language);
    if (!language)
        return error_memory(error);
    language->spec = used_fields(spec);
    spec = &language->spec;
    language->kernels = kernels;
    language->portable = true;
    const size_t slices = functions(spec)->slices(spec);
    struct params *params = &language->params;
    params->slice = mem_alloc(slices, sizeof *params->slice);
    language->start = mem_alloc(slices, sizeof *language->start);
    language->block = mem_alloc(spec->layers + 1, sizeof *language->block);
    if (!params->slice || !language->start || !language->block)
        goto no_memory;
    functions(spec)->lay_out(language);
    assert(params->slices == slices);
    params->value = mem_alloc(params->size, sizeof *params->value);
    params->gradient = mem_alloc(params->size, sizeof *params->gradient);
    if (!params->value || !params->gradient)
        goto no_memory;
    *out = language;
    return STATUS_OK;
no_memory:
    language_free(language);
    return error_memory(error);
}

void language_free(struct language *language)
{
    if (!language)
        return;
    mem_free(language->params.value);
    mem_free(language->params.gradient);
    mem_free(language->params.slice);
    mem_free(language->start);
    mem_free(language->block);
    mem_free(language);
}

/* Draws are numbered in PyTorch's orientation, so that they do not depend on how a slice lies in the block. */
static void init_slice(struct params *params, const struct param_slice *slice, const struct start *start, uint32_t key)
{
    for (size_t o = 0; o < slice->out; o++)
        for (size_t i = 0; i < slice->in; i++) {
            const uint32_t index = (uint32_t)(o * slice->in + i);
            float value = start->kind == START_ONE;
            if (start->kind == START_NORMAL)
                value = (float)start->spread * random_normal(key, index);
            if (start->kind == START_UNIFORM)
                value = (float)start->spread * (2 * random_uniform(key, index) - 1);
            params_set(params, slice, o, i, value);
        }
}

void language_init(struct language *language, uint64_t seed)
{
    struct params *params = &language->params;
    memset(params->value, 0, params->size * sizeof *params->value);
    memset(params->gradient, 0, params->size * sizeof *params->gradient);
    for (size_t s = 0; s < params->slices; s++)
        init_slice(params, &params->slice[s], &language->start[s], random_key(seed, RANDOM_INIT, s));
}

void language_freeze(struct language *language, enum language_part part, size_t blocks)
{
    struct params *params = &language->params;
    const size_t last = params->layers - 1, most = last > 0 ? last - 1 : 0, trained = blocks < most ? blocks : most;
    for (size_t s = 0; s < params->slices; s++) {
        struct param_slice *slice = &params->slice[s];
        slice->frozen = (part == LANGUAGE_ADAPTERS && s < language->adapters) ||
                        (part == LANGUAGE_LAST && slice->layer + trained < last);
    }
}

const struct language_spec *language_spec(const struct language *language)
{
    return &language->spec;
}
struct params *language_params(struct language *language)
{
    return &language->params;
}
bool language_uses_blas(const struct language *language)
{
    return language->blas;
}
bool language_is_portable(const struct language *language)
{
    return language->portable;
}
size_t language_stride(const struct language *language)
{
    return kernel_pad(language->spec.vocabulary);
}

double language_forward_flops(const struct language_spec *spec, size_t length)
{
    return functions(spec)->forward_flops(spec, length);
}
double language_step_flops(const struct language *language, size_t sequences, size_t length)
{
    return (double)sequences * (functions(&language->spec)->forward_flops(&language->spec, length) +
                                functions(&language->spec)->backward_flops(language, length));
}

float *language_forward(const struct language *language, const float *parameters, struct language_workspace *workspace,
                        const struct language_batch *batch, const struct net_dropout *dropout)
{
    assert(batch->sequences <= workspace->sequences && batch->length <= workspace->length);
    return functions(&language->spec)
        ->forward(language, parameters ? parameters : language->params.value, workspace, batch, dropout);
}

void language_backward(struct language *language, struct language_workspace *workspace,
                       const struct language_batch *batch, float *d_logits)
{
    assert(workspace->training);
    functions(&language->spec)->backward(language, workspace, batch, d_logits);
}
