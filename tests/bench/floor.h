/* The least that a step could cost with the library: its products, alone, one after the other. */
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include <cblas.h>
#include <stddef.h>
#include <stdint.h>

/* result[rows][columns] = left[rows][depth] right[depth][columns]; what is turned is stored transposed. */
struct floor_product {
    CBLAS_TRANSPOSE left_turned, right_turned;
    blasint rows, columns, depth;
    const float *left, *right;
    blasint left_stride, right_stride, result_stride;
    float *result;
};

struct floor {
    struct floor_product *product; /* [products], room for `most` */
    size_t products, most;
    float *block; /* all matrices */
};

/* Room for so many products on matrices of so many floats in all; NULL: out of memory. */
struct floor *floor_new(size_t most, size_t floats);
void floor_free(struct floor *floor);
/* A matrix of so many floats, filled with numbers; `next` moves on from floor->block. */
float *floor_take(float **next, size_t floats);
/* Floats that floor_take uses up. */
size_t floor_floats(size_t floats);

/* y = x W, and on the way back dW = x^T dy and, where dx is wanted (not NULL), dx = dy W^T; strides are padded
 * widths. */
struct floor_dense {
    size_t rows, in, out;
    const float *x, *weight, *dy;
    float *y, *gradient, *dx;
};
void floor_forward(struct floor *floor, const struct floor_dense *dense);
void floor_backward(struct floor *floor, const struct floor_dense *dense);
void floor_add(struct floor *floor, const struct floor_product *product);

/* All products, `steps` times. */
void floor_steps(void *floor, uint64_t steps);

#endif
