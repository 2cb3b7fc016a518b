/* Computes the three products of a dense layer, by the project's kernels or a BLAS. */
#include "nn/dense.h"

#include <string.h>

#include "nn/gemm.h"

/* Layers of at most so many weights are multiplied by the project's own kernels at every level, whatever it costs:
 * their bits are the same on every machine. */
#define OWN_ALWAYS_MAX ((size_t)128 * 128)

/* A layer that would leave a quarter of its columns to padding and has at least so many inputs lies outward. */
#define OUTWARD_MIN 16

/* By shape and by what the run asked for, never by timing. Above OWN_ALWAYS_MAX the own kernels are used where they are
 * at least as fast as a BLAS of one thread. */
static bool needs_blas(const struct dense_tools *tools, size_t weights)
{
    if (weights <= OWN_ALWAYS_MAX)
        return false;
    return tools->blas_threads > 1 || weights > tools->kernels->weights_max;
}

struct dense dense_shape(const struct dense_tools *tools, size_t in, size_t out)
{
    const size_t out_stride = kernel_pad(out);
    return (struct dense){
        .in = in,
        .out = out,
        .in_stride = kernel_pad(in),
        .out_stride = out_stride,
        .bias = DENSE_NO_BIAS,
        .outward = in >= OUTWARD_MIN && 4 * out <= 3 * out_stride,
        .blas = needs_blas(tools, in * out),
        .portable = in * out <= OWN_ALWAYS_MAX,
    };
}

void dense_clear_padding(size_t rows, size_t width, size_t stride, float *matrix)
{
    if (width == stride)
        return;
    for (size_t r = 0; r < rows; r++)
        memset(matrix + r * stride + width, 0, (stride - width) * sizeof *matrix);
}

/* How far apart the rows of the weights are, as they lie. */
static size_t weight_stride(const struct dense *dense)
{
    return dense->outward ? dense->in_stride : dense->out_stride;
}

void dense_forward(const struct dense *dense, const struct kernels *kernels, const float *parameters,
                   const struct dense_input *input, bool own, bool rectified, float *y)
{
    const float *weight = parameters + dense->weight;
    const float *bias = dense->bias == DENSE_NO_BIAS ? NULL : parameters + dense->bias;
    if (dense->blas && !own) {
        if (bias)
            kernels->fill_rows(input->rows, bias, y, dense->out_stride);
        else if (dense->outward)
            dense_clear_padding(input->rows, dense->out, dense->out_stride, y);
        gemm_multiply(&(struct gemm){.rows = input->rows,
                                     .columns = dense->outward ? dense->out : dense->out_stride,
                                     .depth = dense->in,
                                     .left = input->x,
                                     .left_stride = input->stride,
                                     .right = weight,
                                     .right_stride = weight_stride(dense),
                                     .right_turned = dense->outward,
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
                                       .right_stride = weight_stride(dense),
                                       .right_turned = dense->outward,
                                       .right_columns = dense->out,
                                       .start = bias,
                                       .rectified = rectified,
                                       .result = y,
                                       .result_stride = dense->out_stride});
}

void dense_gradient(const struct dense *dense, const struct kernels *kernels, float *gradient,
                    const struct dense_input *input, const float *d)
{
    float *weight = gradient + dense->weight, *bias = dense->bias == DENSE_NO_BIAS ? NULL : gradient + dense->bias;
    const struct dense_input slope = {d, input->rows, dense->out_stride};
    /* x^T d, or d^T x. */
    const struct dense_input *left = dense->outward ? &slope : input, *right = dense->outward ? input : &slope;
    const size_t rows = dense->outward ? dense->out : dense->in, columns = weight_stride(dense);
    const bool with_sums = bias && !dense->blas && !dense->outward;
    if (bias && !with_sums)
        kernels->column_sums(input->rows, dense->out_stride, d, dense->out_stride, bias);
    if (dense->blas) {
        gemm_multiply(&(struct gemm){.rows = rows,
                                     .columns = columns,
                                     .depth = input->rows,
                                     .left = left->x,
                                     .left_stride = left->stride,
                                     .left_turned = true,
                                     .right = right->x,
                                     .right_stride = right->stride,
                                     .result = weight,
                                     .result_stride = columns});
        return;
    }
    kernels->product(&(struct product){.rows = rows,
                                       .columns = columns,
                                       .depth = input->rows,
                                       .left = left->x,
                                       .left_row = 1,
                                       .left_depth = left->stride,
                                       .right = right->x,
                                       .right_stride = right->stride,
                                       .result = weight,
                                       .result_stride = columns,
                                       .sums = with_sums ? bias : NULL});
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
                                     .right_stride = weight_stride(dense),
                                     .right_turned = !dense->outward,
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
                                       .right_stride = weight_stride(dense),
                                       .right_turned = !dense->outward,
                                       .right_columns = dense->in,
                                       .gate = gate,
                                       .result = dx,
                                       .result_stride = dense->in_stride});
}
