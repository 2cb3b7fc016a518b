/* Computes a dense layer with or without a LoRA adapter, forward and backward. */
#include "nn/adapted.h"

static void scale(size_t length, float factor, float *x)
{
    for (size_t i = 0; i < length; i++)
        x[i] *= factor;
}

void adapted_forward(const struct adapted *layer, const struct kernels *kernels, const float *parameters,
                     const struct dense_input *input, bool own, const struct adapted_rooms *rooms, float *y)
{
    dense_forward(&layer->dense, kernels, parameters, input, own, false, y);
    if (layer->rank == 0)
        return;
    const struct dense_input reduced = {rooms->h, input->rows, layer->down.out_stride};
    dense_forward(&layer->down, kernels, parameters, input, own, false, rooms->h);
    scale(reduced.rows * reduced.stride, layer->scale, rooms->h);
    dense_forward(&layer->up, kernels, parameters, &reduced, own, false, rooms->product);
    kernels->add(input->rows * layer->dense.out_stride, rooms->product, y);
}

void adapted_backward(const struct adapted *layer, const struct kernels *kernels, struct params *params,
                      const struct dense_input *input, const float *d, const struct adapted_rooms *rooms, float *dx)
{
    if (!params->slice[layer->slice].frozen)
        dense_gradient(&layer->dense, kernels, params->gradient, input, d);
    if (dx)
        dense_backward(&layer->dense, kernels, params->value, input->rows, d, NULL, dx);
    const bool trains = layer->rank > 0 && !params->slice[layer->adapter].frozen;
    if (layer->rank == 0 || (!trains && !dx))
        return;
    const struct dense_input reduced = {rooms->h, input->rows, layer->down.out_stride};
    dense_backward(&layer->up, kernels, params->value, input->rows, d, NULL, rooms->d_h);
    scale(reduced.rows * reduced.stride, layer->scale, rooms->d_h);
    if (trains) {
        dense_gradient(&layer->up, kernels, params->gradient, &reduced, d);
        dense_gradient(&layer->down, kernels, params->gradient, input, rooms->d_h);
    }
    if (dx) {
        dense_backward(&layer->down, kernels, params->value, input->rows, rooms->d_h, NULL, rooms->product);
        kernels->add(input->rows * layer->dense.in_stride, rooms->product, dx);
    }
}
