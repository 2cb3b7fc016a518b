/* A transformer's shape: its slices, its buffers, what it costs. */
#include <math.h>
#include <stdio.h>

#include "nn/cut.h"
#include "nn/language_parts.h"

#define DEVIATION 0.02 /* of nanoGPT's initial weights */

/* The dense layers of a block: widths in and out as multiples of the model's. */
static const struct {
    const char *name;
    size_t in, out;
    /* its outputs are added to the residual stream, 2 * layers times in all: it begins smaller by the root of that */
    bool into_stream;
} dense_table[BLOCK_DENSES] = {
    [DENSE_TRIPLE] = {"attn.c_attn", 1, 3, false},
    [DENSE_PROJECTION] = {"attn.c_proj", 1, 1, true},
    [DENSE_WIDEN] = {"mlp.c_fc", 1, 4, false},
    [DENSE_NARROW] = {"mlp.c_proj", 4, 1, true},
};

static enum status check(const struct language_spec *spec, struct error *error)
{
    if (spec->layers < 1 || spec->layers > LANGUAGE_LAYERS_MAX)
        return error_set(error, STATUS_USAGE, "a transformer of %zu blocks: between 1 and %d are possible",
                         spec->layers, LANGUAGE_LAYERS_MAX);
    if (spec->heads < 1 || spec->width % spec->heads != 0)
        return error_set(error, STATUS_USAGE, "a width of %zu cannot be divided among %zu heads", spec->width,
                         spec->heads);
    if (spec->lora_rank > spec->width)
        return error_set(error, STATUS_USAGE, "adapters of rank %zu where the width of %zu is the most",
                         spec->lora_rank, spec->width);
    return STATUS_OK;
}

static size_t slices(const struct language_spec *spec)
{
    const size_t in_block = 2 * BLOCK_NORMS + 2 * BLOCK_DENSES,
                 in_adapters = spec->lora_rank > 0 ? 2 * BLOCK_DENSES : 0;
    return 2 + spec->layers * (in_block + in_adapters) + 2 + !spec->tie;
}

static size_t add_embeddings(struct language *language, const char *name, size_t rows)
{
    /* nanoGPT has them decay; here embeddings never do, whose rare rows would only shrink. */
    const struct slice_plan plan = {PARAM_OUTWARD, rows, language->spec.width, 0, false, {START_NORMAL, DEVIATION}};
    return language_add(language, &plan, "transformer.%s.weight", name);
}

static void add_norm(struct language *language, struct norm *norm, unsigned layer, const char *name)
{
    struct slice_plan plan = {PARAM_VECTOR, language->spec.width, 1, layer, false, {START_ONE, 0}};
    norm->gain = language->params.slice[language_add(language, &plan, "transformer.%s.weight", name)].offset;
    plan.start.kind = START_ZERO;
    norm->shift = language->params.slice[language_add(language, &plan, "transformer.%s.bias", name)].offset;
}

static void add_dense(struct language *language, size_t n, enum block_dense which)
{
    const size_t width = language->spec.width;
    const double shrink = dense_table[which].into_stream ? sqrt(2.0 * (double)language->spec.layers) : 1;
    const struct slice_plan plan = {.out = dense_table[which].out * width,
                                    .in = dense_table[which].in * width,
                                    .layer = (unsigned)n + 1,
                                    .decays = true,
                                    .start = {START_NORMAL, DEVIATION / shrink}};
    struct adapted *layer = &language->block[n].dense[which];
    char weight[PARAM_NAME_SIZE], bias[PARAM_NAME_SIZE];
    snprintf(weight, sizeof weight, "transformer.h.%zu.%s.weight", n, dense_table[which].name);
    snprintf(bias, sizeof bias, "transformer.h.%zu.%s.bias", n, dense_table[which].name);
    layer->slice = language_add_dense(language, &layer->dense, &plan, weight, bias);
}

static void add_block(struct language *language, size_t n)
{
    static const char *const norm_name[BLOCK_NORMS] = {[NORM_ATTENTION] = "ln_1", [NORM_MLP] = "ln_2"};
    static const enum block_dense after[BLOCK_NORMS][2] = {
        [NORM_ATTENTION] = {DENSE_TRIPLE, DENSE_PROJECTION}, [NORM_MLP] = {DENSE_WIDEN, DENSE_NARROW}};
    for (size_t i = 0; i < BLOCK_NORMS; i++) {
        char name[PARAM_NAME_SIZE];
        snprintf(name, sizeof name, "h.%zu.%s", n, norm_name[i]);
        add_norm(language, &language->block[n].norm[i], (unsigned)n + 1, name);
        add_dense(language, n, after[i][0]);
        add_dense(language, n, after[i][1]);
    }
}

/* Named as LoRA's own code names them. */
static void add_adapter(struct language *language, size_t n, enum block_dense which)
{
    struct adapted *layer = &language->block[n].dense[which];
    const size_t rank = language->spec.lora_rank, in = layer->dense.in, out = layer->dense.out;
    const struct slice_plan down = {
        .out = rank, .in = in, .layer = (unsigned)n + 1, .decays = true, .start = {START_NORMAL, 1 / sqrt((double)in)}};
    const struct slice_plan up = {.out = out, .in = rank, .layer = (unsigned)n + 1, .decays = true};
    char a[PARAM_NAME_SIZE], b[PARAM_NAME_SIZE];
    snprintf(a, sizeof a, "transformer.h.%zu.%s.lora_A", n, dense_table[which].name);
    snprintf(b, sizeof b, "transformer.h.%zu.%s.lora_B", n, dense_table[which].name);
    layer->rank = rank;
    layer->scale = (float)LANGUAGE_LORA_ALPHA / (float)rank;
    layer->adapter = language_add_dense(language, &layer->down, &down, a, NULL);
    language_add_dense(language, &layer->up, &up, b, NULL);
}

static void add_head(struct language *language, unsigned layer)
{
    const struct language_spec *spec = &language->spec;
    if (spec->tie) {
        language->head = language_dense(language, spec->width, spec->vocabulary);
        language->head.outward = true;
        language->head.weight = language->params.slice[language->tokens].offset;
        language->head_slice = language->tokens;
        return;
    }
    const struct slice_plan plan = {
        .out = spec->vocabulary, .in = spec->width, .layer = layer, .decays = true, .start = {START_NORMAL, DEVIATION}};
    language->head_slice = language_add_dense(language, &language->head, &plan, "lm_head.weight", NULL);
}

static void lay_out(struct language *language)
{
    const struct language_spec *spec = &language->spec;
    const unsigned last = (unsigned)spec->layers + 1;
    language->tokens = add_embeddings(language, "wte", spec->vocabulary);
    language->positions = add_embeddings(language, "wpe", spec->context);
    for (size_t n = 0; n < spec->layers; n++)
        add_block(language, n);
    add_norm(language, &language->norm, last, "ln_f");
    add_head(language, last);
    language->params.layers = last + 1;
    language->adapters = language->params.slices;
    for (size_t n = 0; n < spec->layers && spec->lora_rank > 0; n++)
        for (enum block_dense which = 0; which < BLOCK_DENSES; which++)
            add_adapter(language, n, which);
}

static void lay_out_trace(const struct language *language, const struct language_workspace *workspace,
                          struct block_trace *trace, float *memory, size_t *used)
{
    const struct block *block = &language->block[0];
    const size_t rows = workspace->rows, stride = kernel_pad(language->spec.width);
    for (size_t i = 0; i < BLOCK_NORMS; i++) {
        trace->normal[i] = cut(memory, used, rows * stride);
        trace->inverse_sd[i] = cut(memory, used, rows);
        trace->input[i] = cut(memory, used, rows * stride);
    }
    trace->triple = cut(memory, used, rows * block->dense[DENSE_TRIPLE].dense.out_stride);
    trace->attended = cut(memory, used, rows * stride);
    trace->hidden = cut(memory, used, rows * block->dense[DENSE_WIDEN].dense.out_stride);
    if (workspace->training)
        trace->slope = cut(memory, used, rows * block->dense[DENSE_WIDEN].dense.out_stride);
    for (size_t i = 0; i < BLOCK_DENSES && language->spec.lora_rank > 0; i++)
        trace->h[i] = cut(memory, used, rows * kernel_pad(language->spec.lora_rank));
}

static void lay_out_workspace(const struct language *language, struct language_workspace *workspace, float *memory,
                              size_t *used)
{
    const struct language_spec *spec = &language->spec;
    const size_t rows = workspace->rows, length = workspace->length, stride = kernel_pad(spec->width);
    const size_t wide = rows * language->block[0].dense[DENSE_WIDEN].dense.out_stride;
    const size_t one_weights = spec->heads * length * attention_stride(length);
    const struct attention attention = {
        .length = length, .heads = spec->heads, .head_width = spec->width / spec->heads};
    for (size_t n = 0; n < spec->layers; n++) {
        struct block_trace *trace = &workspace->trace[n];
        if (n == 0 || workspace->training)
            lay_out_trace(language, workspace, trace, memory, used);
        else
            *trace = workspace->trace[0];
        trace->weights = cut(memory, used, (workspace->training ? workspace->sequences : 1) * one_weights);
    }
    workspace->stream = cut(memory, used, rows * stride);
    workspace->branch = cut(memory, used, rows * stride);
    workspace->normal = cut(memory, used, rows * stride);
    workspace->inverse_sd = cut(memory, used, rows);
    workspace->output = cut(memory, used, rows * stride);
    workspace->attention = cut(memory, used, attention_room(&attention));
    if (spec->lora_rank > 0)
        workspace->product = cut(memory, used, wide);
    if (!workspace->training)
        return;
    workspace->d_stream = cut(memory, used, rows * stride);
    workspace->d_branch = cut(memory, used, rows * stride);
    workspace->d_dropped = cut(memory, used, rows * stride);
    workspace->d_wide = cut(memory, used, wide);
    if (spec->lora_rank > 0)
        workspace->d_h = cut(memory, used, rows * kernel_pad(spec->lora_rank));
}

/* Multiply-adds of one token: of a block's dense layers, and of the attention to half of `length` tokens on average. */
static double dense_macs(const struct language_spec *spec)
{
    double macs = 0;
    for (size_t i = 0; i < BLOCK_DENSES; i++) {
        const size_t in = dense_table[i].in * spec->width, out = dense_table[i].out * spec->width;
        macs += (double)in * (double)out + (double)spec->lora_rank * (double)(in + out);
    }
    return macs;
}
static double attention_macs(const struct language_spec *spec, size_t length)
{
    return (double)spec->width * (double)(length + 1);
}
static double head_macs(const struct language_spec *spec)
{
    return (double)spec->width * (double)spec->vocabulary;
}

static double forward_flops(const struct language_spec *spec, size_t length)
{
    const double block = dense_macs(spec) + attention_macs(spec, length);
    return 2 * (double)length * ((double)spec->layers * block + head_macs(spec));
}

/* Each product of the forward pass comes back twice, for what it read and for its weights; of what is frozen only the
 * first, and none below the lowest that is trained. */
static double backward_flops(const struct language *language, size_t length)
{
    const struct language_spec *spec = &language->spec;
    const unsigned lowest = language_lowest(language);
    double macs = head_macs(spec) * (1 + !language->params.slice[language->head_slice].frozen);
    for (size_t n = 0; n < spec->layers; n++) {
        if (n + 1 < lowest)
            continue;
        macs += dense_macs(spec) + 2 * attention_macs(spec, length);
        for (size_t i = 0; i < BLOCK_DENSES; i++) {
            const struct adapted *layer = &language->block[n].dense[i];
            const double in = (double)layer->dense.in, out = (double)layer->dense.out;
            macs += language->params.slice[layer->slice].frozen ? 0 : in * out;
            if (layer->rank > 0 && !language->params.slice[layer->adapter].frozen)
                macs += (double)layer->rank * (in + out);
        }
    }
    return lowest < language->params.layers ? 2 * (double)length * macs : 0;
}

const struct language_functions transformer_functions = {
    .check = check,
    .slices = slices,
    .lay_out = lay_out,
    .lay_out_workspace = lay_out_workspace,
    .forward_flops = forward_flops,
    .backward_flops = backward_flops,
    .forward = transformer_forward,
    .backward = transformer_backward,
    .next = transformer_next,
};
