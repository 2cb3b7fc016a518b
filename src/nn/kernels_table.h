/* What one instruction level offers, for nn/ only.
 *
 * Shapes: matrices are row-major, strides in floats.  Vectors of a block are read and written whole, so that
 * "columns" is always a multiple of 8 (a padded width). */
#ifndef NN_KERNELS_TABLE_H
#define NN_KERNELS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels.h"
#include "nn/loss.h"
#include "nn/net.h"
#include "nn/optimizer.h"

enum kernel_level { LEVEL_generic, LEVEL_v3, LEVEL_v4, KERNEL_LEVELS };

/* result[rows][columns] = start (a row, or NULL for zero) + left * right; strides in floats, columns a multiple of 8.
 * left[r][k] is at left[r * left_row + k * left_depth]. */
struct product {
    size_t rows, columns, depth;
    const float *left;
    size_t left_row, left_depth;
    const float *right; /* [depth][right_stride]; turned: [right_columns][right_stride], the depth along a row */
    size_t right_stride;
    bool right_turned;
    size_t right_columns; /* turned: rows that it has; columns beyond are zero */
    const float *start;   /* [columns] */
    float *result;        /* [rows][result_stride] */
    size_t result_stride;
    bool rectified; /* elements below zero become zero: ReLU, while they are still in registers */
    /* [rows][result_stride]: where it is not above zero the result is zero, as ReLU's derivative asks for; or NULL */
    const float *gate;
    float *sums; /* [columns]: the sum of the rows of `right`, ascending; NULL: not wanted.  Needs a row or more. */
};

/* Dropout of one layer in one step: element i is kept where random_bits(key, i) >= threshold, and scaled then. */
struct dropout_mask {
    uint32_t key;
    uint32_t threshold; /* rate x 2^32 */
    float scale;        /* 1 / (1 - rate) */
};

struct norm_shape {
    size_t rows, width, stride;
};

/* A head's attention weights in one sequence: [rows][stride], the stride being a multiple of 16.  Row i is that of
 * token position + i, which sees the tokens up to itself. */
struct attention_rows {
    size_t rows, stride;
    size_t position;
    float scale;                     /* of the scores */
    const struct dropout_mask *mask; /* NULL: none */
    size_t first;                    /* index in the mask of the first weight */
};

struct kernels {
    const char *name; /* "generic", "v3", "v4" */
    enum kernel_level level;
    /* weights of the largest layer that is multiplied at least as fast as one thread of a BLAS would */
    size_t weights_max;

    void (*product)(const struct product *product);
    void (*column_sums)(size_t rows, size_t columns, const float *in, size_t stride, float *sums);
    /* Every row of out[rows][stride] becomes row[stride]. */
    void (*fill_rows)(size_t rows, const float *row, float *out, size_t stride);

    /* Whole blocks, their length rounded up to 16.  y = f(x), may be in place; with a mask also dropped = y under
     * dropout. */
    void (*activation_forward)(enum activation kind, size_t length, const float *x, float *y, float *dropped,
                               const struct dropout_mask *mask);
    /* d *= f'; y: what the forward pass wrote, for GELU what it read. */
    void (*activation_backward)(enum activation kind, size_t length, const float *y, float *d,
                                const struct dropout_mask *mask);

    /* y = gain * normal + shift, normal = (x - mean) * inverse_sd; y may be x. */
    void (*norm_forward)(const struct norm_shape *shape, const float *x, const float *gain, const float *shift,
                         float *normal, float *y, float *inverse_sd);
    /* d: from dy to dx in place; d_gain and d_shift are overwritten. */
    void (*norm_backward)(const struct norm_shape *shape, const float *gain, const float *normal,
                          const float *inverse_sd, float *d, float *d_gain, float *d_shift);

    /* Whole blocks.  Exact GELU; y may be x; slope, its derivative, may be NULL.  x *= factor.  sum += x. */
    void (*gelu_forward)(size_t length, const float *x, float *y, float *slope);
    void (*multiply)(size_t length, const float *factor, float *x);
    void (*add)(size_t length, const float *x, float *sum);

    /* Each row from scores to weights, in place: softmax over the columns that it sees, and zero beyond, whatever was
     * there.  With a mask also `dropped`: the weights under dropout. */
    void (*causal_softmax)(const struct attention_rows *rows, float *weights, float *dropped);
    /* d: from what the loss makes of the (dropped) weights to what it makes of the scores before their scale, and zero
     * beyond.  `dropped` as above, made again. */
    void (*causal_softmax_backward)(const struct attention_rows *rows, const float *weights, float *d, float *dropped);

    /* Arguments and result as in struct loss. */
    float (*loss[LOSS_COUNT])(const float *logits, size_t stride, size_t outputs, size_t batch,
                              const struct loss_answers *answers, float *d_logits, float *per_row);
    /* out[rows]: as loss_likeliest_rows.  For a stride of at most 16. */
    void (*likeliest)(const float *logits, size_t stride, size_t classes, size_t rows, int32_t *out);
    /* Gradient norms of the report: by layer and in all. */
    void (*gradient_norms)(const struct params *params, struct step_report *report);
};

extern const struct kernels kernels_generic;
#if defined(__x86_64__)
extern const struct kernels kernels_v3;
extern const struct kernels kernels_v4;
#endif

#endif
