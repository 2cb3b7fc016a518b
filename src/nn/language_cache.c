/* Generation token by token.  A token's pass is that of language_forward with one row, but for attention: its query
 * meets the keys that were kept, which lie a token a column, so that all scores of a head are one product. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "nn/language_parts.h"

static size_t head_width(const struct language_spec *spec)
{
    return spec->width / spec->heads;
}

/* Floats of one head's keys, and of its values. */
static size_t keys_floats(const struct language_spec *spec)
{
    return head_width(spec) * attention_stride(spec->context);
}
static size_t values_floats(const struct language_spec *spec)
{
    return spec->context * kernel_pad(head_width(spec));
}

static bool create_heads(struct language_cache *cache, const struct language_spec *spec)
{
    const size_t heads = spec->layers * spec->heads;
    cache->keys = mem_alloc(heads * keys_floats(spec), sizeof *cache->keys);
    cache->values = mem_alloc(heads * values_floats(spec), sizeof *cache->values);
    cache->scores = mem_alloc(attention_stride(spec->context), sizeof *cache->scores);
    cache->seen = mem_alloc(kernel_pad(head_width(spec)), sizeof *cache->seen);
    return cache->keys && cache->values && cache->scores && cache->seen;
}

struct language_cache *language_cache_create(const struct language *language)
{
    struct language_cache *cache = mem_alloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->workspace = language_workspace_for_rows(language, 1);
    cache->token = mem_alloc(language->spec.context, sizeof *cache->token);
    if (cache->workspace && cache->token &&
        (!language_table[language->spec.kind].has_blocks || create_heads(cache, &language->spec)))
        return cache;
    language_cache_free(cache);
    return NULL;
}

void language_cache_free(struct language_cache *cache)
{
    if (!cache)
        return;
    language_workspace_free(cache->workspace);
    mem_free(cache->token);
    mem_free(cache->keys);
    mem_free(cache->values);
    mem_free(cache->scores);
    mem_free(cache->seen);
    mem_free(cache);
}

void language_cache_reset(struct language_cache *cache)
{
    cache->count = 0;
}

const float *language_next(const struct language *language, const float *parameters, struct language_cache *cache,
                           int32_t token)
{
    language_table[language->spec.kind].functions->next(language, parameters ? parameters : language->params.value,
                                                        cache, token);
    return cache->workspace->logits;
}

/* Keeps the key and the value of the latest token. */
static void keep(const struct language_spec *spec, struct language_cache *cache, const float *triple, size_t head,
                 float *keys, float *values)
{
    const size_t width = head_width(spec), at = cache->count;
    const float *key = triple + spec->width + head * width, *value = key + spec->width;
    for (size_t k = 0; k < width; k++)
        keys[k * attention_stride(spec->context) + at] = key[k];
    memcpy(values + at * kernel_pad(width), value, width * sizeof *values);
}

/* Attention of the latest token in one block. */
static void attend(const struct language *language, struct language_cache *cache, size_t block)
{
    const struct language_spec *spec = &language->spec;
    const struct block_trace *trace = &cache->workspace->trace[block];
    const size_t width = head_width(spec), padded = kernel_pad(width), stride = attention_stride(spec->context);
    const struct attention_rows rows = {
        .rows = 1, .stride = stride, .position = cache->count, .scale = 1 / sqrtf((float)width)};
    for (size_t h = 0; h < spec->heads; h++) {
        float *keys = cache->keys + (block * spec->heads + h) * keys_floats(spec);
        float *values = cache->values + (block * spec->heads + h) * values_floats(spec);
        keep(spec, cache, trace->triple, h, keys, values);
        language->kernels->product(&(struct product){.rows = 1,
                                                     .columns = kernel_pad(cache->count + 1),
                                                     .depth = width,
                                                     .left = trace->triple + h * width,
                                                     .left_depth = 1,
                                                     .right = keys,
                                                     .right_stride = stride,
                                                     .result = cache->scores,
                                                     .result_stride = stride});
        language->kernels->causal_softmax(&rows, cache->scores, NULL);
        language->kernels->product(&(struct product){.rows = 1,
                                                     .columns = padded,
                                                     .depth = cache->count + 1,
                                                     .left = cache->scores,
                                                     .left_depth = 1,
                                                     .right = values,
                                                     .right_stride = padded,
                                                     .result = cache->seen,
                                                     .result_stride = padded});
        memcpy(trace->attended + h * width, cache->seen, width * sizeof *cache->seen);
    }
}

/* A token that there is room for, up to the last block. */
static void read_token(const struct transformer_pass *pass, struct language_cache *cache, int32_t token)
{
    transformer_embed(pass, &(struct language_batch){&token, 1, 1, 1}, cache->count);
    for (size_t n = 0; n < pass->language->spec.layers; n++) {
        transformer_before_attention(pass, n);
        attend(pass->language, cache, n);
        transformer_after_attention(pass, n);
    }
    cache->token[cache->count++] = token;
}

void transformer_next(const struct language *language, const float *parameters, struct language_cache *cache,
                      int32_t token)
{
    const struct transformer_pass pass = {language, parameters, cache->workspace, 1, false};
    if (cache->count == language->spec.context) {
        const size_t kept = language->spec.context / 2, forgotten = cache->count - kept;
        cache->count = 0;
        for (size_t i = 0; i < kept; i++)
            read_token(&pass, cache, cache->token[forgotten + i]);
    }
    read_token(&pass, cache, token);
    transformer_head(&pass);
}
