/* Forward and backward through all layers; B is the batch, strides are padded widths.
 *
 *   sum    = x W + b                  [B][out]
 *   normal = layer norm of sum        (optional)
 *   output = f(normal)
 *   next   = output under dropout     what the next layer reads */
#include "nn/dropout.h"
#include "nn/net_parts.h"

static bool uses_blas(const struct workspace *workspace, const struct layer *layer)
{
    return layer->dense.blas && !workspace->own_kernels;
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
        const struct dense_input input = {x, batch, x_stride};
        dense_forward(&layer->dense, kernels, parameters, &input, workspace->own_kernels, rectified, trace->sum);
        if (!layer->hidden)
            return trace->sum;
        if (net->spec.layer_norm) {
            struct norm_shape shape = {batch, layer->dense.out, layer->dense.out_stride};
            kernels->norm_forward(&shape, trace->sum, parameters + layer->gain, parameters + layer->shift,
                                  trace->normal, trace->sum, trace->inverse_sd);
        }
        if (drops)
            trace->mask = dropout_draw(dropout, NET_HIDDEN_MAX + 1, l);
        trace->next = drops ? trace->dropped : trace->output;
        if (!rectified)
            kernels->activation_forward(activation, batch * layer->dense.out_stride, trace->sum, trace->output,
                                        trace->dropped, drops ? &trace->mask : NULL);
        if (activation == ACTIVATION_SIGMOID) {
            dense_clear_padding(batch, layer->dense.out, layer->dense.out_stride, trace->output);
            if (drops)
                dense_clear_padding(batch, layer->dense.out, layer->dense.out_stride, trace->dropped);
        }
        x = trace->next;
        x_stride = layer->dense.out_stride;
    }
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
        const struct dense_input input = {trace->next, batch, layer->dense.in_stride};
        dense_gradient(&layer->dense, kernels, net->params.gradient, &input, d);
        const bool dropped = trace->next == trace->dropped;
        const bool gated = net->spec.activation == ACTIVATION_RELU && !dropped && !layer->dense.blas;
        dense_backward(&layer->dense, kernels, net->params.value, batch, d, gated ? trace->output : NULL, dx);
        if (!gated)
            kernels->activation_backward(net->spec.activation, batch * below->dense.out_stride,
                                         net->spec.activation == ACTIVATION_GELU ? trace->sum : trace->output, dx,
                                         dropped ? &trace->mask : NULL);
        if (net->spec.layer_norm) {
            struct norm_shape shape = {batch, below->dense.out, below->dense.out_stride};
            kernels->norm_backward(&shape, net->params.value + below->gain, trace->normal, trace->inverse_sd, dx,
                                   net->params.gradient + below->gain, net->params.gradient + below->shift);
        }
        d = dx;
    }
    const struct dense_input input = {x, batch, x_stride};
    dense_gradient(&net->layer[0].dense, kernels, net->params.gradient, &input, d);
}
