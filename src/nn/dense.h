/* Dense layers: y = x W + b.  One set of three products for every kind of model, by the project's own kernels or a
 * BLAS, as the layer's shape says.  Rows of a matrix are examples (of a text: its tokens); strides are padded widths.
 *
 * Weights and their gradient lie inward, [in][out_stride], or outward, [out][in_stride]: a narrow layer does, since its
 * columns would be padding for a good part, and so does a head that shares its weights with an embedding.  The sums are
 * the same, bit by bit, where the project's own kernels make them. */
#ifndef NN_DENSE_H
#define NN_DENSE_H

#include <stdbool.h>
#include <stddef.h>

#include "nn/kernels_table.h"

#define DENSE_NO_BIAS SIZE_MAX

/* How a model multiplies. */
struct dense_tools {
    const struct kernels *kernels;
    unsigned blas_threads; /* more than one: what is above the limit for every level goes to the BLAS */
};

/* Offsets are into a block of parameters, and of gradients. */
struct dense {
    size_t in, out;   /* real widths */
    size_t in_stride; /* padded to 8 */
    size_t out_stride;
    size_t weight; /* [in][out_stride], or outward [out][in_stride] */
    size_t bias;   /* [out_stride], or DENSE_NO_BIAS */
    bool outward;  /* PARAM_OUTWARD, else PARAM_INWARD */
    bool blas;     /* above the limit of the project's own kernels */
    bool portable; /* of a shape that has the same bits on every machine */
};

/* Everything but the offsets.  How the weights lie follows from the widths alone, and a caller may have it
 * otherwise. */
struct dense dense_shape(const struct dense_tools *tools, size_t in, size_t out);

/* Rows of examples that a layer reads. */
struct dense_input {
    const float *x; /* [rows][stride] */
    size_t rows, stride;
};

/* y[rows][out_stride].  `own`: never by the BLAS.  `rectified`: the sums come out as ReLU leaves them; not with a
 * BLAS. */
void dense_forward(const struct dense *dense, const struct kernels *kernels, const float *parameters,
                   const struct dense_input *input, bool own, bool rectified, float *y);

/* dW = x^T d, db = column sums of d; both are overwritten.  d[rows][out_stride]. */
void dense_gradient(const struct dense *dense, const struct kernels *kernels, float *gradient,
                    const struct dense_input *input, const float *d);

/* dx[rows][in_stride] = d W^T; zero where `gate` (as dx, or NULL) is not above zero: not with a BLAS. */
void dense_backward(const struct dense *dense, const struct kernels *kernels, const float *parameters, size_t rows,
                    const float *d, const float *gate, float *dx);

/* Columns between width and stride become zero: a NaN or sigmoid(0) may have come into them. */
void dense_clear_padding(size_t rows, size_t width, size_t stride, float *matrix);

#endif
