/* Forward and backward through all layers; B is the batch, strides are padded widths.
 *
 *   sum    = x W + b                  [B][out]
 *   normal = layer norm of sum        (optional)
 *   output = f(normal)
 *   next   = output under dropout     what the next layer reads */
#include <string.h>

#include "base/random.h"
#include "nn/gemm.h"
#include "nn/net_parts.h"

/* A NaN or sigmoid(0) may have come into the columns that must stay zero. */
static void clear_padding(size_t rows, size_t width, size_t stride, float *matrix)
{
    if (width == stride)
        return;
    for (size_t r = 0; r < rows; r++)
        memset(matrix + r * stride + width, 0, (stride - width) * sizeof *matrix);
}

static bool uses_blas(const struct workspace *workspace, const struct layer *layer)
{
    return layer->blas && !workspace->own_kernels;
}

/* `rectified`: the sums come out as ReLU leaves them; not with a BLAS. */
static void dense_forward(const struct net *net, const struct workspace *workspace, const struct layer *layer,
                          const float *parameters, const float *x, size_t x_stride, size_t batch, bool rectified,
                          float *sum)
{
    const float *weight = parameters + layer->weight, *bias = parameters + layer->bias;
    if (uses_blas(workspace, layer)) {
        net->kernels->fill_rows(batch, bias, sum, layer->out_stride);
        gemm_multiply(&(struct gemm){.rows = batch,
                                     .columns = layer->out_stride,
                                     .depth = layer->in,
                                     .left = x,
                                     .left_stride = x_stride,
                                     .right = weight,
                                     .right_stride = layer->out_stride,
                                     .result = sum,
                                     .result_stride = layer->out_stride,
                                     .add = true});
        return;
    }
    net->kernels->product(&(struct product){.rows = batch,
                                            .columns = layer->out_stride,
                                            .depth = layer->in,
                                            .left = x,
                                            .left_row = x_stride,
                                            .left_depth = 1,
                                            .right = weight,
                                            .right_stride = layer->out_stride,
                                            .start = bias,
                                            .rectified = rectified,
                                            .result = sum,
                                            .result_stride = layer->out_stride});
}

static struct dropout_mask draw_mask(const struct net_dropout *dropout, size_t layer)
{
    return (struct dropout_mask){
        .key = random_key(dropout->seed, RANDOM_DROPOUT, dropout->step * (NET_HIDDEN_MAX + 1) + layer),
        .threshold = (uint32_t)(dropout->rate * 0x1p32),
        .scale = (float)(1 / (1 - dropout->rate)),
    };
}

float *net_forward(const struct net *net, const float *parameters, struct workspace *workspace, const float *x,
                   size_t x_stride, size_t batch, const struct net_dropout *dropout)
{
    const struct kernels *kernels = net->kernels;
    const enum activation activation = net->spec.activation;
    const bool drops = dropout && dropout->rate > 0 && workspace->training;
    if (!parameters)
        parameters = net->params.value;
    for (size_t l = 0;; l++) {
        const struct layer *layer = &net->layer[l];
        struct trace *trace = &workspace->trace[l];
        const bool rectified = layer->hidden && activation == ACTIVATION_RELU && !net->spec.layer_norm && !drops &&
                               !uses_blas(workspace, layer);
        dense_forward(net, workspace, layer, parameters, x, x_stride, batch, rectified, trace->sum);
        if (!layer->hidden)
            return trace->sum;
        if (net->spec.layer_norm) {
            struct norm_shape shape = {batch, layer->out, layer->out_stride};
            kernels->norm_forward(&shape, trace->sum, parameters + layer->gain, parameters + layer->shift,
                                  trace->normal, trace->sum, trace->inverse_sd);
        }
        if (drops)
            trace->mask = draw_mask(dropout, l);
        trace->next = drops ? trace->dropped : trace->output;
        if (!rectified)
            kernels->activation_forward(activation, batch * layer->out_stride, trace->sum, trace->output,
                                        trace->dropped, drops ? &trace->mask : NULL);
        if (activation == ACTIVATION_SIGMOID) {
            clear_padding(batch, layer->out, layer->out_stride, trace->output);
            if (drops)
                clear_padding(batch, layer->out, layer->out_stride, trace->dropped);
        }
        x = trace->next;
        x_stride = layer->out_stride;
    }
}

/* dW = x^T d, db = column sums of d. */
static void dense_gradient(struct net *net, const struct workspace *workspace, const struct layer *layer,
                           const float *x, size_t x_stride, size_t batch, const float *d)
{
    float *weight = net->params.gradient + layer->weight, *bias = net->params.gradient + layer->bias;
    if (layer->blas) {
        net->kernels->column_sums(batch, layer->out_stride, d, layer->out_stride, bias);
        gemm_multiply(&(struct gemm){.rows = layer->in,
                                     .columns = layer->out_stride,
                                     .depth = batch,
                                     .left = x,
                                     .left_stride = x_stride,
                                     .left_turned = true,
                                     .right = d,
                                     .right_stride = layer->out_stride,
                                     .result = weight,
                                     .result_stride = layer->out_stride});
        return;
    }
    if (layer->turned) {
        /* Fewer vectors hold a narrow layer's gradient when it lies on its side: the same sums, turned afterwards. */
        net->kernels->column_sums(batch, layer->out_stride, d, layer->out_stride, bias);
        net->kernels->product(&(struct product){.rows = layer->out,
                                                .columns = layer->in_stride,
                                                .depth = batch,
                                                .left = d,
                                                .left_row = 1,
                                                .left_depth = layer->out_stride,
                                                .right = x,
                                                .right_stride = x_stride,
                                                .result = workspace->turned,
                                                .result_stride = layer->in_stride});
        net->kernels->transpose(layer->out, layer->in, workspace->turned, layer->in_stride, weight, layer->out_stride);
        return;
    }
    net->kernels->product(&(struct product){.rows = layer->in,
                                            .columns = layer->out_stride,
                                            .depth = batch,
                                            .left = x,
                                            .left_row = 1,
                                            .left_depth = x_stride,
                                            .right = d,
                                            .right_stride = layer->out_stride,
                                            .result = weight,
                                            .result_stride = layer->out_stride,
                                            .sums = bias});
}

/* dx = d W^T, [B][in_stride]; zero where `gate`, if there is one, is not above zero: not with a BLAS. */
static void dense_backward(const struct net *net, const struct layer *layer, size_t batch, const float *d,
                           const float *gate, float *dx)
{
    const float *weight = net->params.value + layer->weight;
    if (layer->blas) {
        gemm_multiply(&(struct gemm){.rows = batch,
                                     .columns = layer->in,
                                     .depth = layer->out,
                                     .left = d,
                                     .left_stride = layer->out_stride,
                                     .right = weight,
                                     .right_stride = layer->out_stride,
                                     .right_turned = true,
                                     .result = dx,
                                     .result_stride = layer->in_stride});
        clear_padding(batch, layer->in, layer->in_stride, dx);
        return;
    }
    net->kernels->product(&(struct product){.rows = batch,
                                            .columns = layer->in_stride,
                                            .depth = layer->out,
                                            .left = d,
                                            .left_row = layer->out_stride,
                                            .left_depth = 1,
                                            .right = weight,
                                            .right_stride = layer->out_stride,
                                            .right_turned = true,
                                            .right_columns = layer->in,
                                            .gate = gate,
                                            .result = dx,
                                            .result_stride = layer->in_stride});
}

void net_backward(struct net *net, struct workspace *workspace, const float *x, size_t x_stride, size_t batch,
                  float *d_logits)
{
    const struct kernels *kernels = net->kernels;
    const float *d = d_logits;
    for (size_t l = net->layers - 1; l > 0; l--) {
        const struct layer *layer = &net->layer[l], *below = &net->layer[l - 1];
        const struct trace *trace = &workspace->trace[l - 1];
        float *dx = workspace->d[l % 2];
        dense_gradient(net, workspace, layer, trace->next, layer->in_stride, batch, d);
        const bool dropped = trace->next == trace->dropped;
        const bool gated = net->spec.activation == ACTIVATION_RELU && !dropped && !layer->blas;
        dense_backward(net, layer, batch, d, gated ? trace->output : NULL, dx);
        if (!gated)
            kernels->activation_backward(net->spec.activation, batch * below->out_stride,
                                         net->spec.activation == ACTIVATION_GELU ? trace->sum : trace->output, dx,
                                         dropped ? &trace->mask : NULL);
        if (net->spec.layer_norm) {
            struct norm_shape shape = {batch, below->out, below->out_stride};
            kernels->norm_backward(&shape, net->params.value + below->gain, trace->normal, trace->inverse_sd, dx,
                                   net->params.gradient + below->gain, net->params.gradient + below->shift);
        }
        d = dx;
    }
    dense_gradient(net, workspace, &net->layer[0], x, x_stride, batch, d);
}
