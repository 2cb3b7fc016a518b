#include "nn/dense.h"

#include <string.h>

#include "nn/gemm.h"

/* Layers of at most so many weights are multiplied by the project's own kernels at every level, whatever it costs: their bits are the
 * same on every machine. */
#define OWN_ALWAYS_MAX ((size_t)128 * 128)

/* A layer that leaves a quarter of its columns to padding and has at least so many inputs gets its weight gradient turned. */
#define TURNED_MIN 16

/* By shape and by what the run asked for, never by timing. Above OWN_ALWAYS_MAX the own kernels are used where they are at least as fast as
 * a BLAS of one thread. */
static bool needs_blas(const struct dense_tools *tools, size_t weights)
{
    if (weights <= OWN_ALWAYS_MAX)
        return false;
    return tools->blas_threads > 1 || weights > tools->kernels->weights_max;
}

struct dense dense_shape(const struct dense_tools *tools, size_t in, size_t out)
{
    struct dense dense = {
        .in = in,
        .out = out,
        .in_stride = kernel_pad(in),
        .out_stride = kernel_pad(out),
        .bias = DENSE_NO_BIAS,
        .blas = needs_blas(tools, in * out),
        .portable = in * out <= OWN_ALWAYS_MAX,
    };
    dense.turned = !dense.blas && in >= TURNED_MIN && 4 * out <= 3 * dense.out_stride;
    return dense;
}

void dense_clear_padding(size_t rows, size_t width, size_t stride, float *matrix)
{
    if (width == stride)
        return;
    for (size_t r = 0; r < rows; r++)
        memset(matrix + r * stride + width, 0, (stride - width) * sizeof *matrix);
}

void dense_forward(const struct dense *dense, const struct kernels *kernels, const float *parameters,
                   const struct dense_input *input, bool own, bool rectified, float *y)
{
    const float *weight = parameters + dense->weight;
    const float *bias = dense->bias == DENSE_NO_BIAS ? NULL : parameters + dense->bias;
    if (dense->blas && !own) {
        if (bias)
            kernels->fill_rows(input->rows, bias, y, dense->out_stride);
        gemm_multiply(&(struct gemm){.rows = input->rows,
                                     .columns = dense->out_stride,
                                     .depth = dense->in,
                                     .left = input->x,
                                     .left_stride = input->stride,
                                     .right = weight,
                                     .right_stride = dense->out_stride,
                                     .result = y,
                                     .result_stride = dense->out_stride,
                                     .add = bias != NULL});
        return;
    }
    kernels->product(&(struct product){.rows = input->rows,
                                       .columns = dense->out_stride,
                                       .depth = dense->in,
                                       .left = input->x,
                                       .left_row = input->stride,
                                       .left_depth = 1,
                                       .right = weight,
                                       .right_stride = dense->out_stride,
                                       .start = bias,
                                       .rectified = rectified,
                                       .result = y,
                                       .result_stride = dense->out_stride});
}

void dense_gradient(const struct dense *dense, const struct kernels *kernels, float *gradient,
                    const struct dense_input *input, const float *d, float *room)
{
    float *weight = gradient + dense->weight, *bias = dense->bias == DENSE_NO_BIAS ? NULL : gradient + dense->bias;
    if (bias && (dense->blas || dense->turned))
        kernels->column_sums(input->rows, dense->out_stride, d, dense->out_stride, bias);
    if (dense->blas) {
        gemm_multiply(&(struct gemm){.rows = dense->in,
                                     .columns = dense->out_stride,
                                     .depth = input->rows,
                                     .left = input->x,
                                     .left_stride = input->stride,
                                     .left_turned = true,
                                     .right = d,
                                     .right_stride = dense->out_stride,
                                     .result = weight,
                                     .result_stride = dense->out_stride});
        return;
    }
    if (dense->turned) {
        /* Fewer vectors hold a narrow layer's gradient when it lies on its side: the same sums, turned afterwards. */
        kernels->product(&(struct product){.rows = dense->out,
                                           .columns = dense->in_stride,
                                           .depth = input->rows,
                                           .left = d,
                                           .left_row = 1,
                                           .left_depth = dense->out_stride,
                                           .right = input->x,
                                           .right_stride = input->stride,
                                           .result = room,
                                           .result_stride = dense->in_stride});
        kernels->transpose(dense->out, dense->in, room, dense->in_stride, weight, dense->out_stride);
        return;
    }
    kernels->product(&(struct product){.rows = dense->in,
                                       .columns = dense->out_stride,
                                       .depth = input->rows,
                                       .left = input->x,
                                       .left_row = 1,
                                       .left_depth = input->stride,
                                       .right = d,
                                       .right_stride = dense->out_stride,
                                       .result = weight,
                                       .result_stride = dense->out_stride,
                                       .sums = bias});
}

void dense_backward(const struct dense *dense, const struct kernels *kernels, const float *parameters, size_t rows,
                    const float *d, const float *gate, float *dx)
{
    const float *weight = parameters + dense->weight;
    if (dense->blas) {
        gemm_multiply(&(struct gemm){.rows = rows,
                                     .columns = dense->in,
                                     .depth = dense->out,
                                     .left = d,
                                     .left_stride = dense->out_stride,
                                     .right = weight,
                                     .right_stride = dense->out_stride,
                                     .right_turned = true,
                                     .result = dx,
                                     .result_stride = dense->in_stride});
        dense_clear_padding(rows, dense->in, dense->in_stride, dx);
        return;
    }
    kernels->product(&(struct product){.rows = rows,
                                       .columns = dense->in_stride,
                                       .depth = dense->out,
                                       .left = d,
                                       .left_row = dense->out_stride,
                                       .left_depth = 1,
                                       .right = weight,
                                       .right_stride = dense->out_stride,
                                       .right_turned = true,
                                       .right_columns = dense->in,
                                       .gate = gate,
                                       .result = dx,
                                       .result_stride = dense->in_stride});
}
