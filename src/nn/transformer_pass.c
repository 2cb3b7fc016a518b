/* Forward and backward through a transformer, side by side.  Shapes are in language_parts.h.
 *
 * `stream` is what the blocks add to.  It is never kept: norms keep their normalised rows, which is all that the way
 * back needs. */
#include <string.h>

#include "nn/dropout.h"
#include "nn/language_parts.h"

/* Places of dropout: the embeddings, then three a block. */
enum place { PLACE_WEIGHTS, PLACE_ATTENTION, PLACE_MLP, BLOCK_PLACES };

static struct dropout_mask draw(const struct language *language, const struct net_dropout *dropout, size_t place)
{
    return dropout_draw(dropout, 1 + BLOCK_PLACES * language->spec.layers, place);
}

static struct dropout_mask block_mask(const struct language *language, const struct net_dropout *dropout, size_t block,
                                      enum place place)
{
    return draw(language, dropout, 1 + BLOCK_PLACES * block + place);
}

static size_t stream_floats(const struct language *language, size_t rows)
{
    return rows * kernel_pad(language->spec.width);
}

static struct adapted_rooms rooms_for(const struct language_workspace *workspace, size_t block, enum block_dense which)
{
    return (struct adapted_rooms){workspace->trace[block].h[which], workspace->d_h, workspace->product};
}

static struct attention attention_for(const struct language *language, const struct language_workspace *workspace,
                                      const struct language_batch *batch, const struct dropout_mask *mask)
{
    const struct language_spec *spec = &language->spec;
    return (struct attention){
        .sequences = batch->sequences,
        .length = batch->length,
        .heads = spec->heads,
        .head_width = spec->width / spec->heads,
        .stride = kernel_pad(spec->width),
        .triple_stride = kernel_pad(3 * spec->width),
        .weights_sequence = workspace->training ? spec->heads * batch->length * attention_stride(batch->length) : 0,
        .mask = workspace->dropout.rate > 0 ? mask : NULL,
    };
}

/* stream[b*T+t] = tokens[token] + positions[position + t], under dropout. */
void transformer_embed(const struct transformer_pass *pass, const struct language_batch *batch, size_t position)
{
    const struct language *language = pass->language;
    const size_t width = language->spec.width, stride = kernel_pad(width);
    const float *tokens = pass->parameters + language->params.slice[language->tokens].offset;
    const float *positions = pass->parameters + language->params.slice[language->positions].offset;
    float *stream = pass->workspace->stream;
    for (size_t b = 0; b < batch->sequences; b++)
        for (size_t t = 0; t < batch->length; t++) {
            const float *token = tokens + (size_t)batch->token[b * batch->stride + t] * stride;
            const float *place = positions + (position + t) * stride;
            float *row = stream + (b * batch->length + t) * stride;
            for (size_t i = 0; i < stride; i++)
                row[i] = token[i] + place[i];
        }
    if (pass->drops) {
        const struct dropout_mask mask = draw(language, &pass->workspace->dropout, 0);
        language->kernels->activation_forward(ACTIVATION_LINEAR, pass->rows * stride, stream, stream, stream, &mask);
    }
}

/* Gradients of both embeddings from d_stream: rows are added in their order.  A tied head has left its own in the
 * tokens' already. */
static void embed_backward(struct language *language, const struct language_workspace *workspace,
                           const struct language_batch *batch)
{
    const size_t stride = kernel_pad(language->spec.width);
    const struct param_slice *tokens = &language->params.slice[language->tokens],
                             *positions = &language->params.slice[language->positions];
    float *d_tokens = language->params.gradient + tokens->offset,
          *d_positions = language->params.gradient + positions->offset;
    if (workspace->dropout.rate > 0) {
        const struct dropout_mask mask = draw(language, &workspace->dropout, 0);
        language->kernels->activation_backward(ACTIVATION_LINEAR, batch->sequences * batch->length * stride,
                                               workspace->d_stream, workspace->d_stream, &mask);
    }
    if (!language->spec.tie)
        memset(d_tokens, 0, tokens->floats * sizeof *d_tokens);
    memset(d_positions, 0, positions->floats * sizeof *d_positions);
    for (size_t b = 0; b < batch->sequences; b++)
        for (size_t t = 0; t < batch->length; t++) {
            const float *d = workspace->d_stream + (b * batch->length + t) * stride;
            float *token = d_tokens + (size_t)batch->token[b * batch->stride + t] * stride;
            float *place = d_positions + t * stride;
            for (size_t i = 0; i < stride; i++) {
                token[i] += d[i];
                place[i] += d[i];
            }
        }
}

static struct norm_shape norm_shape(const struct language *language, size_t rows)
{
    return (struct norm_shape){rows, language->spec.width, kernel_pad(language->spec.width)};
}

static void norm(const struct transformer_pass *pass, const struct norm *norm, float *normal, float *inverse_sd,
                 float *output)
{
    const struct norm_shape shape = norm_shape(pass->language, pass->rows);
    pass->language->kernels->norm_forward(&shape, pass->workspace->stream, pass->parameters + norm->gain,
                                          pass->parameters + norm->shift, normal, output, inverse_sd);
}

/* d: from the norm's output to its input. */
static void norm_backward(struct language *language, size_t rows, const struct norm *norm, const float *normal,
                          const float *inverse_sd, float *d)
{
    const struct norm_shape shape = norm_shape(language, rows);
    language->kernels->norm_backward(&shape, language->params.value + norm->gain, normal, inverse_sd, d,
                                     language->params.gradient + norm->gain, language->params.gradient + norm->shift);
}

static void dense(const struct transformer_pass *pass, size_t block, enum block_dense which, const float *x, float *y)
{
    const struct adapted *layer = &pass->language->block[block].dense[which];
    const struct adapted_rooms rooms = rooms_for(pass->workspace, block, which);
    const struct dense_input input = {x, pass->rows, layer->dense.in_stride};
    adapted_forward(layer, pass->language->kernels, pass->parameters, &input, pass->workspace->own_kernels, &rooms, y);
}

static void dense_layer_backward(struct language *language, const struct language_workspace *workspace, size_t block,
                                 enum block_dense which, size_t rows, const float *x, const float *d, float *dx)
{
    const struct adapted *layer = &language->block[block].dense[which];
    const struct adapted_rooms rooms = rooms_for(workspace, block, which);
    const struct dense_input input = {x, rows, layer->dense.in_stride};
    adapted_backward(layer, language->kernels, &language->params, &input, d, &rooms, dx);
}

/* stream += branch under dropout. */
static void join(const struct transformer_pass *pass, size_t block, enum place place)
{
    const struct kernels *kernels = pass->language->kernels;
    struct language_workspace *workspace = pass->workspace;
    const size_t floats = stream_floats(pass->language, pass->rows);
    if (pass->drops) {
        const struct dropout_mask mask = block_mask(pass->language, &workspace->dropout, block, place);
        kernels->activation_forward(ACTIVATION_LINEAR, floats, workspace->branch, workspace->branch, workspace->branch,
                                    &mask);
    }
    kernels->add(floats, workspace->branch, workspace->stream);
}

/* What d_stream is to the branch that joined there. */
static const float *leave(const struct language *language, struct language_workspace *workspace, size_t rows,
                          size_t block, enum place place)
{
    if (workspace->dropout.rate == 0)
        return workspace->d_stream;
    const size_t floats = stream_floats(language, rows);
    const struct dropout_mask mask = block_mask(language, &workspace->dropout, block, place);
    memcpy(workspace->d_dropped, workspace->d_stream, floats * sizeof *workspace->d_dropped);
    language->kernels->activation_backward(ACTIVATION_LINEAR, floats, workspace->d_dropped, workspace->d_dropped,
                                           &mask);
    return workspace->d_dropped;
}

void transformer_before_attention(const struct transformer_pass *pass, size_t block)
{
    const struct block_trace *trace = &pass->workspace->trace[block];
    norm(pass, &pass->language->block[block].norm[NORM_ATTENTION], trace->normal[NORM_ATTENTION],
         trace->inverse_sd[NORM_ATTENTION], trace->input[NORM_ATTENTION]);
    dense(pass, block, DENSE_TRIPLE, trace->input[NORM_ATTENTION], trace->triple);
}

void transformer_after_attention(const struct transformer_pass *pass, size_t block)
{
    const struct language *language = pass->language;
    const struct block_trace *trace = &pass->workspace->trace[block];
    dense(pass, block, DENSE_PROJECTION, trace->attended, pass->workspace->branch);
    join(pass, block, PLACE_ATTENTION);
    norm(pass, &language->block[block].norm[NORM_MLP], trace->normal[NORM_MLP], trace->inverse_sd[NORM_MLP],
         trace->input[NORM_MLP]);
    dense(pass, block, DENSE_WIDEN, trace->input[NORM_MLP], trace->hidden);
    language->kernels->gelu_forward(pass->rows * language->block[block].dense[DENSE_WIDEN].dense.out_stride,
                                    trace->hidden, trace->hidden, trace->slope);
    dense(pass, block, DENSE_NARROW, trace->hidden, pass->workspace->branch);
    join(pass, block, PLACE_MLP);
}

/* d_stream: from after the block to before it. */
static void block_backward(struct language *language, struct language_workspace *workspace,
                           const struct language_batch *batch, size_t n)
{
    const struct block *block = &language->block[n];
    const struct block_trace *trace = &workspace->trace[n];
    const struct kernels *kernels = language->kernels;
    const size_t rows = batch->sequences * batch->length, floats = stream_floats(language, rows);
    float *d_branch = workspace->d_branch, *d_wide = workspace->d_wide;

    const float *d = leave(language, workspace, rows, n, PLACE_MLP);
    dense_layer_backward(language, workspace, n, DENSE_NARROW, rows, trace->hidden, d, d_wide);
    kernels->multiply(rows * block->dense[DENSE_WIDEN].dense.out_stride, trace->slope, d_wide);
    dense_layer_backward(language, workspace, n, DENSE_WIDEN, rows, trace->input[NORM_MLP], d_wide, d_branch);
    norm_backward(language, rows, &block->norm[NORM_MLP], trace->normal[NORM_MLP], trace->inverse_sd[NORM_MLP],
                  d_branch);
    kernels->add(floats, d_branch, workspace->d_stream);

    d = leave(language, workspace, rows, n, PLACE_ATTENTION);
    dense_layer_backward(language, workspace, n, DENSE_PROJECTION, rows, trace->attended, d, d_branch);
    const struct dropout_mask mask = block_mask(language, &workspace->dropout, n, PLACE_WEIGHTS);
    const struct attention attention = attention_for(language, workspace, batch, &mask);
    attention_backward(&attention, kernels, trace->triple, trace->weights, d_branch, d_wide, workspace->attention);
    dense_layer_backward(language, workspace, n, DENSE_TRIPLE, rows, trace->input[NORM_ATTENTION], d_wide, d_branch);
    norm_backward(language, rows, &block->norm[NORM_ATTENTION], trace->normal[NORM_ATTENTION],
                  trace->inverse_sd[NORM_ATTENTION], d_branch);
    kernels->add(floats, d_branch, workspace->d_stream);
}

void transformer_head(const struct transformer_pass *pass)
{
    struct language_workspace *workspace = pass->workspace;
    norm(pass, &pass->language->norm, workspace->normal, workspace->inverse_sd, workspace->output);
    const struct dense_input input = {workspace->output, pass->rows, pass->language->head.in_stride};
    dense_forward(&pass->language->head, pass->language->kernels, pass->parameters, &input, workspace->own_kernels,
                  false, workspace->logits);
}

static void head_backward(struct language *language, struct language_workspace *workspace, size_t rows,
                          const float *d_logits)
{
    const struct dense_input input = {workspace->output, rows, language->head.in_stride};
    if (!language->params.slice[language->head_slice].frozen)
        dense_gradient(&language->head, language->kernels, language->params.gradient, &input, d_logits);
    dense_backward(&language->head, language->kernels, language->params.value, rows, d_logits, NULL,
                   workspace->d_stream);
    norm_backward(language, rows, &language->norm, workspace->normal, workspace->inverse_sd, workspace->d_stream);
}

float *transformer_forward(const struct language *language, const float *parameters,
                           struct language_workspace *workspace, const struct language_batch *batch,
                           const struct net_dropout *dropout)
{
    const bool drops = dropout && dropout->rate > 0 && workspace->training;
    workspace->dropout = drops ? *dropout : (struct net_dropout){0};
    workspace->attended_length = batch->length;
    const struct transformer_pass pass = {language, parameters, workspace, batch->sequences * batch->length, drops};
    transformer_embed(&pass, batch, 0);
    for (size_t n = 0; n < language->spec.layers; n++) {
        const struct block_trace *trace = &workspace->trace[n];
        const struct dropout_mask mask = block_mask(language, &workspace->dropout, n, PLACE_WEIGHTS);
        const struct attention attention = attention_for(language, workspace, batch, &mask);
        transformer_before_attention(&pass, n);
        attention_forward(&attention, language->kernels, trace->triple, trace->weights, trace->attended,
                          workspace->attention);
        transformer_after_attention(&pass, n);
    }
    transformer_head(&pass);
    return workspace->logits;
}

void transformer_backward(struct language *language, struct language_workspace *workspace,
                          const struct language_batch *batch, float *d_logits)
{
    const unsigned lowest = language_lowest(language);
    if (lowest >= language->params.layers)
        return;
    head_backward(language, workspace, batch->sequences * batch->length, d_logits);
    for (size_t n = language->spec.layers; n > 0 && n >= lowest; n--)
        block_backward(language, workspace, batch, n - 1);
    if (lowest == 0)
        embed_backward(language, workspace, batch);
}
