/* What must hold of language models besides their gradients: names, start, what is refused, causality, the same bits
 * everywhere, and generation with a cache. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "nn/kernels_table.h"
#include "nn/language.h"

#define SEQUENCES 3
#define CONTEXT   21

static const struct language_spec kinds[] = {
    {.kind = LANGUAGE_BIGRAM, .vocabulary = 19, .context = CONTEXT},
    {.kind = LANGUAGE_MLP, .vocabulary = 19, .context = CONTEXT, .width = 11, .window = 4},
    {.kind = LANGUAGE_TRANSFORMER, .vocabulary = 19, .context = CONTEXT, .layers = 2, .width = 24, .heads = 3},
    {.kind = LANGUAGE_TRANSFORMER,
     .vocabulary = 19,
     .context = CONTEXT,
     .layers = 2,
     .width = 12,
     .heads = 3,
     .tie = true,
     .lora_rank = 2},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static struct language *make(const struct language_spec *spec, const struct kernels *kernels)
{
    struct language *language;
    struct error error;
    ck_assert_msg(language_create(&language, spec, kernels, &error) == STATUS_OK, "%s", error.message);
    language_init(language, 3);
    return language;
}

/* Weights so large that tokens far back count. */
static void stir(struct language *language)
{
    struct params *params = language_params(language);
    for (size_t s = 0; s < params->slices; s++)
        for (size_t o = 0; o < params->slice[s].out; o++)
            for (size_t i = 0; i < params->slice[s].in; i++)
                params_set(params, &params->slice[s], o, i,
                           params_get(params, &params->slice[s], o, i) +
                               random_uniform((uint32_t)s, (uint32_t)(o * 1000 + i)) - 0.5f);
}

static void draw_tokens(int32_t *token, size_t count, size_t vocabulary, uint32_t key)
{
    for (size_t i = 0; i < count; i++)
        token[i] = (int32_t)(random_bits(key, (uint32_t)i) % vocabulary);
}

static const struct param_slice *find(struct language *language, const char *name)
{
    const struct param_slice *slice = params_find(language_params(language), name);
    ck_assert_msg(slice != NULL, "no slice %s", name);
    return slice;
}

static double deviation(struct language *language, const char *name)
{
    const struct param_slice *slice = find(language, name);
    double squares = 0;
    for (size_t o = 0; o < slice->out; o++)
        for (size_t i = 0; i < slice->in; i++)
            squares += pow((double)params_get(language_params(language), slice, o, i), 2);
    return sqrt(squares / (double)(slice->out * slice->in));
}

START_TEST(transformer_has_nanogpts_names_shapes_and_layers)
{
    const struct language_spec spec = {
        .kind = LANGUAGE_TRANSFORMER, .vocabulary = 65, .context = 64, .layers = 4, .width = 128, .heads = 4};
    struct language *language = make(&spec, kernels_choose());
    static const struct {
        const char *name;
        size_t out, in;
        unsigned layer;
        bool decays;
    } wanted[] = {
        {"transformer.wte.weight", 65, 128, 0, false},
        {"transformer.wpe.weight", 64, 128, 0, false},
        {"transformer.h.0.ln_1.weight", 128, 1, 1, false},
        {"transformer.h.0.ln_1.bias", 128, 1, 1, false},
        {"transformer.h.0.attn.c_attn.weight", 384, 128, 1, true},
        {"transformer.h.0.attn.c_attn.bias", 384, 1, 1, false},
        {"transformer.h.0.attn.c_proj.weight", 128, 128, 1, true},
        {"transformer.h.0.attn.c_proj.bias", 128, 1, 1, false},
        {"transformer.h.3.ln_2.weight", 128, 1, 4, false},
        {"transformer.h.3.ln_2.bias", 128, 1, 4, false},
        {"transformer.h.3.mlp.c_fc.weight", 512, 128, 4, true},
        {"transformer.h.3.mlp.c_fc.bias", 512, 1, 4, false},
        {"transformer.h.3.mlp.c_proj.weight", 128, 512, 4, true},
        {"transformer.h.3.mlp.c_proj.bias", 128, 1, 4, false},
        {"transformer.ln_f.weight", 128, 1, 5, false},
        {"transformer.ln_f.bias", 128, 1, 5, false},
        {"lm_head.weight", 65, 128, 5, true},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct param_slice *slice = find(language, wanted[i].name);
        ck_assert_uint_eq(slice->out, wanted[i].out);
        ck_assert_uint_eq(slice->in, wanted[i].in);
        ck_assert_uint_eq(slice->layer, wanted[i].layer);
        ck_assert_int_eq(slice->decays, wanted[i].decays);
    }
    const struct params *params = language_params(language);
    ck_assert_uint_eq(params->layers, 6);
    /* As nanoGPT counts them: 65 * 128 twice, 64 * 128, 4 blocks of 12 * 128^2 + 13 * 128, 256. */
    ck_assert_uint_eq(params->count, 2 * 65 * 128 + 64 * 128 + 4 * (12 * 128 * 128 + 13 * 128) + 256);
    language_free(language);
}
END_TEST

START_TEST(a_tied_head_has_no_slice_and_adapters_come_last)
{
    struct language *language = make(&kinds[3], kernels_choose());
    const struct params *params = language_params(language);
    ck_assert_ptr_null(params_find(params, "lm_head.weight"));
    ck_assert_uint_eq(params->layers, 4);
    const struct param_slice *a = find(language, "transformer.h.1.mlp.c_proj.lora_A"),
                             *b = find(language, "transformer.h.1.mlp.c_proj.lora_B");
    ck_assert_uint_eq(a->out, 2);
    ck_assert_uint_eq(a->in, 48);
    ck_assert_uint_eq(a->layer, 2);
    ck_assert_uint_eq(b->out, 12);
    ck_assert_uint_eq(b->in, 2);
    ck_assert_ptr_eq(b, &params->slice[params->slices - 1]);
    ck_assert(find(language, "transformer.h.0.attn.c_attn.lora_A") > find(language, "transformer.ln_f.bias"));
    language_free(language);
}
END_TEST

START_TEST(transformer_starts_as_nanogpt_does)
{
    const struct language_spec spec = {.kind = LANGUAGE_TRANSFORMER,
                                       .vocabulary = 100,
                                       .context = 64,
                                       .layers = 3,
                                       .width = 96,
                                       .heads = 4,
                                       .lora_rank = 8};
    struct language *language = make(&spec, kernels_choose());
    ck_assert_double_eq_tol(deviation(language, "transformer.wte.weight"), 0.02, 0.0006);
    ck_assert_double_eq_tol(deviation(language, "transformer.wpe.weight"), 0.02, 0.0006);
    ck_assert_double_eq_tol(deviation(language, "lm_head.weight"), 0.02, 0.0006);
    ck_assert_double_eq_tol(deviation(language, "transformer.h.1.attn.c_attn.weight"), 0.02, 0.0006);
    ck_assert_double_eq_tol(deviation(language, "transformer.h.1.mlp.c_fc.weight"), 0.02, 0.0006);
    ck_assert_double_eq_tol(deviation(language, "transformer.h.2.attn.c_proj.weight"), 0.02 / sqrt(6), 0.0003);
    ck_assert_double_eq_tol(deviation(language, "transformer.h.2.mlp.c_proj.weight"), 0.02 / sqrt(6), 0.0003);
    ck_assert_double_eq_tol(deviation(language, "transformer.h.2.mlp.c_fc.lora_A"), 1 / sqrt(96), 0.007);
    ck_assert_double_eq(deviation(language, "transformer.h.2.mlp.c_fc.lora_B"), 0);
    ck_assert_double_eq(deviation(language, "transformer.h.0.attn.c_attn.bias"), 0);
    ck_assert_double_eq(deviation(language, "transformer.ln_f.bias"), 0);
    ck_assert_double_eq(deviation(language, "transformer.h.0.ln_2.weight"), 1);
    language_free(language);
}
END_TEST

START_TEST(first_loss_is_ln_of_the_vocabulary)
{
    for (size_t k = 0; k < KINDS; k++) {
        struct language_spec spec = kinds[k];
        spec.vocabulary = 65;
        struct language *language = make(&spec, kernels_choose());
        struct language_workspace *workspace = language_workspace_create(language, 20, false);
        int32_t token[20 * (CONTEXT + 1)], label[20 * CONTEXT];
        draw_tokens(token, 20 * (CONTEXT + 1), 65, 1);
        draw_tokens(label, 20 * CONTEXT, 65, 2);
        const struct language_batch batch = {token, CONTEXT + 1, 20, CONTEXT};
        const float *logits = language_forward(language, NULL, workspace, &batch, NULL);
        const float loss =
            loss_table[LOSS_CROSS_ENTROPY].compute(kernels_choose(), logits, language_stride(language), 65,
                                                   20 * CONTEXT, &(struct loss_answers){.label = label}, NULL, NULL);
        ck_assert_float_eq_tol(loss, logf(65), 0.1f);
        language_workspace_free(workspace);
        language_free(language);
    }
}
END_TEST

static void refuse(const struct language_spec *spec, const char *message)
{
    struct language *language;
    struct error error;
    ck_assert_int_eq(language_create(&language, spec, kernels_choose(), &error), STATUS_USAGE);
    ck_assert_ptr_null(language);
    ck_assert_str_eq(error.message, message);
}

START_TEST(impossible_models_are_refused)
{
    const struct language_spec good = {
        .kind = LANGUAGE_TRANSFORMER, .vocabulary = 10, .context = 8, .layers = 1, .width = 16, .heads = 4};
    struct language_spec spec = good;
    spec.vocabulary = 0;
    refuse(&spec, "a vocabulary of 0 tokens: between 1 and 65536 are possible");
    spec.vocabulary = SIZE_MAX;
    refuse(&spec, "a vocabulary of 18446744073709551615 tokens: between 1 and 65536 are possible");
    spec = good;
    spec.context = 8193;
    refuse(&spec, "a context of 8193 tokens: between 1 and 8192 are possible");
    spec = good;
    spec.width = 0;
    refuse(&spec, "a language model 0 wide: between 1 and 8192 are possible");
    spec = good;
    spec.heads = 5;
    refuse(&spec, "a width of 16 cannot be divided among 5 heads");
    spec.heads = 0;
    refuse(&spec, "a width of 16 cannot be divided among 0 heads");
    spec = good;
    spec.layers = 97;
    refuse(&spec, "a transformer of 97 blocks: between 1 and 96 are possible");
    spec.layers = 0;
    refuse(&spec, "a transformer of 0 blocks: between 1 and 96 are possible");
    spec = good;
    spec.lora_rank = 17;
    refuse(&spec, "adapters of rank 17 where the width of 16 is the most");
    spec = good;
    spec.kind = LANGUAGE_MLP;
    refuse(&spec, "a window of 0 tokens: between 1 and the context of 8 are possible");
    spec.window = 9;
    refuse(&spec, "a window of 9 tokens: between 1 and the context of 8 are possible");
    spec.context = spec.window = 100;
    spec.width = 1000;
    refuse(&spec, "a window of 100 tokens 1000 wide: together at most 65536 are possible");
}
END_TEST

START_TEST(what_a_kind_has_no_use_for_is_not_looked_at)
{
    const struct language_spec spec = {.kind = LANGUAGE_BIGRAM,
                                       .vocabulary = 5,
                                       .context = 3,
                                       .layers = SIZE_MAX,
                                       .width = SIZE_MAX,
                                       .heads = 0,
                                       .window = SIZE_MAX,
                                       .lora_rank = SIZE_MAX};
    struct language *language = make(&spec, kernels_choose());
    ck_assert_uint_eq(language_spec(language)->layers, 0);
    ck_assert_uint_eq(language_params(language)->count, 25);
    language_free(language);
}
END_TEST

/* Logits of a batch in a workspace of its own, copied. */
static float *logits_of(const struct language *language, const struct language_batch *batch, bool training)
{
    struct language_workspace *workspace = language_workspace_create(language, batch->sequences, training);
    const size_t floats = batch->sequences * batch->length * language_stride(language);
    float *copy = mem_alloc(floats, sizeof *copy);
    memcpy(copy, language_forward(language, NULL, workspace, batch, NULL), floats * sizeof *copy);
    language_workspace_free(workspace);
    return copy;
}

START_TEST(no_row_depends_on_later_tokens)
{
    for (size_t k = 0; k < KINDS; k++) {
        struct language *language = make(&kinds[k], kernels_choose());
        stir(language);
        int32_t token[SEQUENCES * CONTEXT];
        draw_tokens(token, SEQUENCES * CONTEXT, 19, 1);
        const struct language_batch batch = {token, CONTEXT, SEQUENCES, CONTEXT};
        const size_t stride = language_stride(language);
        float *before = logits_of(language, &batch, true);
        for (size_t t = 0; t < CONTEXT; t++) {
            const int32_t kept = token[CONTEXT + t];
            token[CONTEXT + t] = (kept + 1) % 19;
            float *after = logits_of(language, &batch, true);
            ck_assert_mem_eq(after, before, (CONTEXT + t) * stride * sizeof *after);
            ck_assert_mem_ne(after + (CONTEXT + t) * stride, before + (CONTEXT + t) * stride, stride * sizeof *after);
            ck_assert_mem_eq(after + 2 * CONTEXT * stride, before + 2 * CONTEXT * stride,
                             CONTEXT * stride * sizeof *after);
            token[CONTEXT + t] = kept;
            mem_free(after);
        }
        mem_free(before);
        language_free(language);
    }
}
END_TEST

/* Neither on the other sequences, the length of the batch, the workspace, nor on whose block the parameters are in. */
START_TEST(a_sequence_has_the_same_bits_alone_and_cut_short)
{
    for (size_t k = 0; k < KINDS; k++) {
        struct language *language = make(&kinds[k], kernels_choose());
        stir(language);
        int32_t token[SEQUENCES * CONTEXT];
        draw_tokens(token, SEQUENCES * CONTEXT, 19, 1);
        const size_t stride = language_stride(language);
        float *whole = logits_of(language, &(struct language_batch){token, CONTEXT, SEQUENCES, CONTEXT}, true);
        struct params *params = language_params(language);
        float *copy = mem_alloc(params->size, sizeof *copy);
        memcpy(copy, params->value, params->size * sizeof *copy);
        memset(params->value, 0, params->size * sizeof *copy);
        struct language_workspace *single = language_workspace_create(language, 1, false);
        language_workspace_avoid_blas(single);
        for (size_t b = 0; b < SEQUENCES; b++)
            for (size_t length = 1; length <= CONTEXT; length++) {
                const struct language_batch batch = {token + b * CONTEXT, CONTEXT, 1, length};
                const float *logits = language_forward(language, copy, single, &batch, NULL);
                ck_assert_mem_eq(logits, whole + b * CONTEXT * stride, length * stride * sizeof *logits);
            }
        language_workspace_free(single);
        mem_free(copy);
        mem_free(whole);
        language_free(language);
    }
}
END_TEST

START_TEST(padding_of_logits_is_zero)
{
    for (size_t k = 0; k < KINDS; k++) {
        struct language *language = make(&kinds[k], kernels_choose());
        stir(language);
        int32_t token[CONTEXT];
        draw_tokens(token, CONTEXT, 19, 1);
        float *logits = logits_of(language, &(struct language_batch){token, CONTEXT, 1, CONTEXT}, false);
        ck_assert_uint_eq(language_stride(language), 24);
        for (size_t t = 0; t < CONTEXT; t++)
            for (size_t v = 19; v < 24; v++)
                ck_assert_float_eq(logits[t * 24 + v], 0);
        mem_free(logits);
        language_free(language);
    }
}
END_TEST

START_TEST(adapters_that_are_zero_change_no_bit)
{
    struct language_spec spec = kinds[2];
    struct language *plain = make(&spec, kernels_choose());
    spec.lora_rank = 4;
    struct language *adapted = make(&spec, kernels_choose());
    int32_t token[CONTEXT];
    draw_tokens(token, CONTEXT, 19, 1);
    const struct language_batch batch = {token, CONTEXT, 1, CONTEXT};
    float *without = logits_of(plain, &batch, true), *with = logits_of(adapted, &batch, true);
    ck_assert_mem_eq(with, without, CONTEXT * 24 * sizeof *with);
    mem_free(with);
    mem_free(without);
    language_free(plain);
    language_free(adapted);
}
END_TEST

/* A step of plain descent on the mean cross-entropy. */
static float descend(struct language *language, struct language_workspace *workspace, const struct kernels *kernels,
                     uint64_t step)
{
    int32_t token[SEQUENCES * (CONTEXT + 1)], label[SEQUENCES * CONTEXT];
    struct params *params = language_params(language);
    draw_tokens(token, SEQUENCES * (CONTEXT + 1), 19, (uint32_t)step);
    draw_tokens(label, SEQUENCES * CONTEXT, 19, (uint32_t)step + 1000);
    const struct language_batch batch = {token, CONTEXT + 1, SEQUENCES, CONTEXT};
    const struct net_dropout dropout = {.rate = 0.2, .seed = 1, .step = step};
    float *logits = language_forward(language, NULL, workspace, &batch, &dropout);
    const float loss =
        loss_table[LOSS_CROSS_ENTROPY].compute(kernels, logits, language_stride(language), 19, SEQUENCES * CONTEXT,
                                               &(struct loss_answers){.label = label}, logits, NULL);
    language_backward(language, workspace, &batch, logits);
    for (size_t i = 0; i < params->size; i++)
        params->value[i] -= 0.1f * params->gradient[i];
    return loss;
}

START_TEST(training_has_the_same_bits_at_every_level)
{
    const struct kernels *levels[4];
    const size_t count = kernels_all(levels, 4);
    for (size_t k = 0; k < KINDS; k++) {
        struct language *language[4];
        for (size_t l = 0; l < count; l++) {
            language[l] = make(&kinds[k], levels[l]);
            ck_assert(language_is_portable(language[l]) && !language_uses_blas(language[l]));
            stir(language[l]);
            struct language_workspace *workspace = language_workspace_create(language[l], SEQUENCES, true);
            for (uint64_t step = 0; step < 20; step++)
                descend(language[l], workspace, levels[l], step);
            language_workspace_free(workspace);
            ck_assert_mem_eq(language_params(language[l])->value, language_params(language[0])->value,
                             language_params(language[0])->size * sizeof(float));
        }
        for (size_t l = 0; l < count; l++)
            language_free(language[l]);
    }
}
END_TEST

START_TEST(large_layers_agree_between_blas_and_own_kernels)
{
    const struct language_spec spec = {.kind = LANGUAGE_TRANSFORMER,
                                       .vocabulary = 200,
                                       .context = 8,
                                       .layers = 1,
                                       .width = 136,
                                       .heads = 4,
                                       .tie = true,
                                       .lora_rank = 130,
                                       .blas_threads = 2};
    struct language *language = make(&spec, kernels_choose());
    ck_assert(language_uses_blas(language) && !language_is_portable(language));
    int32_t token[2 * 8];
    draw_tokens(token, 16, 200, 1);
    const struct language_batch batch = {token, 8, 2, 8};
    struct language_workspace *own = language_workspace_create(language, 2, false);
    language_workspace_avoid_blas(own);
    float *blas = logits_of(language, &batch, true);
    const float *logits = language_forward(language, NULL, own, &batch, NULL);
    for (size_t i = 0; i < 16 * 200; i++)
        ck_assert_float_eq_tol(logits[i], blas[i], 1e-5f);
    mem_free(blas);
    language_workspace_free(own);
    language_free(language);
}
END_TEST

START_TEST(frozen_parts_are_those_that_were_named)
{
    struct language_spec spec = kinds[2];
    spec.lora_rank = 2;
    struct language *language = make(&spec, kernels_choose());
    language_freeze(language, LANGUAGE_LAST, 1);
    ck_assert(find(language, "transformer.wte.weight")->frozen);
    ck_assert(find(language, "transformer.h.0.mlp.c_proj.bias")->frozen);
    ck_assert(find(language, "transformer.h.0.mlp.c_proj.lora_A")->frozen);
    ck_assert(!find(language, "transformer.h.1.ln_1.weight")->frozen);
    ck_assert(!find(language, "transformer.h.1.mlp.c_proj.lora_B")->frozen);
    ck_assert(!find(language, "transformer.ln_f.bias")->frozen);
    ck_assert(!find(language, "lm_head.weight")->frozen);
    const double last = language_step_flops(language, 1, CONTEXT);
    language_freeze(language, LANGUAGE_ADAPTERS, 0);
    ck_assert(find(language, "transformer.h.1.ln_1.weight")->frozen);
    ck_assert(find(language, "lm_head.weight")->frozen);
    ck_assert(!find(language, "transformer.h.0.attn.c_attn.lora_A")->frozen);
    const double adapters = language_step_flops(language, 1, CONTEXT);
    language_freeze(language, LANGUAGE_ALL, 0);
    for (size_t s = 0; s < language_params(language)->slices; s++)
        ck_assert(!language_params(language)->slice[s].frozen);
    const double all = language_step_flops(language, 1, CONTEXT), forward = language_forward_flops(&spec, CONTEXT);
    ck_assert_double_eq_tol(all, 3 * forward, 1e-9 * all);
    ck_assert(forward < last && last < adapters && adapters < all);
    language_free(language);
}
END_TEST

START_TEST(attention_weights_can_be_looked_at)
{
    struct language *language = make(&kinds[2], kernels_choose());
    stir(language);
    int32_t token[2 * CONTEXT];
    draw_tokens(token, 2 * CONTEXT, 19, 1);
    const struct language_batch batch = {token, CONTEXT, 2, 9};
    for (int training = 0; training < 2; training++) {
        struct language_workspace *workspace = language_workspace_create(language, 2, training);
        language_forward(language, NULL, workspace, &batch, NULL);
        for (size_t block = 0; block < 2; block++)
            for (size_t head = 0; head < 3; head++) {
                size_t stride;
                const float *weights = language_attention(language, workspace, block, head, 1, &stride);
                ck_assert_uint_ge(stride, 9);
                for (size_t i = 0; i < 9; i++) {
                    float sum = 0;
                    for (size_t j = 0; j < 9; j++) {
                        ck_assert(j <= i ? weights[i * stride + j] > 0 : weights[i * stride + j] == 0);
                        sum += weights[i * stride + j];
                    }
                    ck_assert_float_eq_tol(sum, 1, 1e-6f);
                }
                if (training)
                    ck_assert_mem_ne(weights + 8 * stride,
                                     language_attention(language, workspace, block, head, 0, &stride) + 8 * stride,
                                     9 * sizeof *weights);
            }
        language_workspace_free(workspace);
    }
    language_free(language);
}
END_TEST

/* What language_forward says of the tokens that a cache would have kept. */
static void expect_next(struct language *language, struct language_workspace *workspace, const float *parameters,
                        const int32_t *token, size_t length, const float *got)
{
    const struct language_batch batch = {token, length, 1, length};
    const float *logits = language_forward(language, parameters, workspace, &batch, NULL);
    ck_assert_mem_eq(got, logits + (length - 1) * language_stride(language), language_stride(language) * sizeof *got);
}

START_TEST(a_cache_says_what_the_whole_pass_says)
{
    const struct kernels *levels[4];
    const size_t count = kernels_all(levels, 4);
    for (size_t k = 0; k < KINDS; k++)
        for (size_t l = 0; l < count; l++) {
            struct language *language = make(&kinds[k], levels[l]);
            stir(language);
            const bool forgets = language_table[kinds[k].kind].has_blocks;
            struct language_workspace *workspace = language_workspace_create(language, 1, false);
            struct language_cache *cache = language_cache_create(language);
            int32_t token[3 * CONTEXT];
            draw_tokens(token, 3 * CONTEXT, 19, 5);
            for (int again = 0; again < 2; again++) {
                for (size_t t = 0, first = 0; t < 3 * CONTEXT; t++) {
                    if (t - first == CONTEXT)
                        first = forgets ? t - CONTEXT / 2 : first + 1;
                    const float *logits = language_next(language, NULL, cache, token[t]);
                    expect_next(language, workspace, NULL, token + first, t - first + 1, logits);
                }
                language_cache_reset(cache);
            }
            language_cache_free(cache);
            language_workspace_free(workspace);
            language_free(language);
        }
}
END_TEST

START_TEST(a_context_of_one_token_can_be_generated_from)
{
    struct language_spec spec = kinds[2];
    spec.context = 1;
    struct language *language = make(&spec, kernels_choose());
    stir(language);
    struct params *params = language_params(language);
    float *copy = mem_alloc(params->size, sizeof *copy);
    memcpy(copy, params->value, params->size * sizeof *copy);
    memset(params->value, 0, params->size * sizeof *copy);
    struct language_workspace *workspace = language_workspace_create(language, 1, false);
    struct language_cache *cache = language_cache_create(language);
    for (int32_t token = 0; token < 19; token++)
        expect_next(language, workspace, copy, &token, 1, language_next(language, copy, cache, token));
    language_cache_free(cache);
    language_workspace_free(workspace);
    mem_free(copy);
    language_free(language);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("language");
    TCase *cases = tcase_create("language");
    tcase_add_test(cases, transformer_has_nanogpts_names_shapes_and_layers);
    tcase_add_test(cases, a_tied_head_has_no_slice_and_adapters_come_last);
    tcase_add_test(cases, transformer_starts_as_nanogpt_does);
    tcase_add_test(cases, first_loss_is_ln_of_the_vocabulary);
    tcase_add_test(cases, impossible_models_are_refused);
    tcase_add_test(cases, what_a_kind_has_no_use_for_is_not_looked_at);
    tcase_add_test(cases, no_row_depends_on_later_tokens);
    tcase_add_test(cases, a_sequence_has_the_same_bits_alone_and_cut_short);
    tcase_add_test(cases, padding_of_logits_is_zero);
    tcase_add_test(cases, adapters_that_are_zero_change_no_bit);
    tcase_add_test(cases, training_has_the_same_bits_at_every_level);
    tcase_add_test(cases, large_layers_agree_between_blas_and_own_kernels);
    tcase_add_test(cases, frozen_parts_are_those_that_were_named);
    tcase_add_test(cases, attention_weights_can_be_looked_at);
    tcase_add_test(cases, a_cache_says_what_the_whole_pass_says);
    tcase_add_test(cases, a_context_of_one_token_can_be_generated_from);
    suite_add_tcase(suite, cases);
    return suite;
}
