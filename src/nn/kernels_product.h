/* Products of matrices.  One tile serves all three products of a dense layer, since an element of the left matrix is
 * reached by two free strides:
 *
 *   forward   Y[batch][out]  = X[batch][in] W[in][out] + bias     left = X,   row stride = stride of X, depth stride 1
 *   dW        dW[in][out]    = X^T dY                             left = X,   row stride 1, depth stride = stride of X
 *   dX        dX[batch][in]  = dY W^T                             left = dY,  right = W transposed beforehand
 *
 * An element of the result is one chain of fused multiply-adds in ascending depth, begun with the bias or zero: how the
 * result is cut into tiles does not show in the bits. */
#ifndef NN_KERNELS_PRODUCT_H
#define NN_KERNELS_PRODUCT_H

#include "nn/kernels_table.h"
#include "nn/simd.h"

/* Rows of a tile: as many sums as the registers hold besides the right operand. */
#if defined(KERNEL_LEVEL_v4)
#define TILE_ROWS 8
#define TILE_VECTORS 2
#else
#define TILE_ROWS 4
#define TILE_VECTORS 1
#endif

/* Rows x (16 * vectors) elements of the result. */
SIMD_INLINE void product_tile(const unsigned rows, const unsigned vectors, const struct product *p, const float *left,
                              const float *right, const float *start, float *result)
{
    vf sum[8][2];
#pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; v++) {
        vf first = start ? vf_load(start + v * VF_LANES) : vf_zero();
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++)
            sum[r][v] = first;
    }
    for (size_t k = p->depth; k > 0; k--) {
        vf across[2];
#pragma GCC unroll 2
        for (unsigned v = 0; v < vectors; v++)
            across[v] = vf_load(right + v * VF_LANES);
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++) {
            vf x = vf_set1(left[r * p->left_row]);
#pragma GCC unroll 2
            for (unsigned v = 0; v < vectors; v++)
                sum[r][v] = vf_fma(x, across[v], sum[r][v]);
        }
        left += p->left_depth;
        right += p->right_stride;
    }
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (unsigned v = 0; v < vectors; v++)
            vf_store(result + r * p->result_stride + v * VF_LANES, sum[r][v]);
}

/* Rows x 8 elements. */
SIMD_INLINE void product_tile_half(const unsigned rows, const struct product *p, const float *left,
                                   const float *right, const float *start, float *result)
{
    vh sum[8], first = start ? vh_load(start) : vh_set1(0.0f);
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
        sum[r] = first;
    for (size_t k = p->depth; k > 0; k--) {
        vh across = vh_load(right);
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++)
            sum[r] = vh_fma(vh_set1(left[r * p->left_row]), across, sum[r]);
        left += p->left_depth;
        right += p->right_stride;
    }
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
        vh_store(result + r * p->result_stride, sum[r]);
}

/* All rows of a panel of columns: `vectors` of 16, or 0 for one of 8. */
SIMD_INLINE void product_panel(const unsigned vectors, const struct product *p, size_t column)
{
    const float *left = p->left, *right = p->right + column, *start = p->start ? p->start + column : NULL;
    float *result = p->result + column;
    size_t rows = p->rows;
#define PRODUCT_ROWS(n)                                                                                                \
    do {                                                                                                               \
        if (vectors > 0)                                                                                               \
            product_tile(n, vectors, p, left, right, start, result);                                                   \
        else                                                                                                           \
            product_tile_half(n, p, left, right, start, result);                                                       \
        left += n * p->left_row;                                                                                       \
        result += n * p->result_stride;                                                                                \
        rows -= n;                                                                                                     \
    } while (0)
    while (rows >= TILE_ROWS)
        PRODUCT_ROWS(TILE_ROWS);
    if (TILE_ROWS > 4 && rows >= 4)
        PRODUCT_ROWS(4);
    if (rows >= 2)
        PRODUCT_ROWS(2);
    if (rows >= 1)
        PRODUCT_ROWS(1);
#undef PRODUCT_ROWS
}

static void product(const struct product *p)
{
    size_t column = 0;
    for (; column + TILE_VECTORS * VF_LANES <= p->columns; column += TILE_VECTORS * VF_LANES)
        product_panel(TILE_VECTORS, p, column);
    if (TILE_VECTORS > 1 && column + VF_LANES <= p->columns) {
        product_panel(1, p, column);
        column += VF_LANES;
    }
    if (column < p->columns)
        product_panel(0, p, column);
}

/* out[columns][rows padded to 8] = in[rows][columns]^T: padding beyond `rows` is written as zero. */
static void transpose(size_t rows, size_t columns, const float *in, size_t in_stride, float *out, size_t out_stride)
{
    for (size_t r = 0; r < rows; r += VH_LANES)
        for (size_t c = 0; c < columns; c += VH_LANES) {
            vh block[VH_LANES];
#pragma GCC unroll 8
            for (size_t i = 0; i < VH_LANES; i++)
                block[i] = r + i < rows ? vh_load(in + (r + i) * in_stride + c) : vh_set1(0.0f);
            vh_transpose(block);
#pragma GCC unroll 8
            for (size_t i = 0; i < VH_LANES; i++)
                if (c + i < columns)
                    vh_store(out + (c + i) * out_stride + r, block[i]);
        }
}

/* sums[columns] = sum of the rows, ascending. */
static void column_sums(size_t rows, size_t columns, const float *in, size_t stride, float *sums)
{
    for (size_t c = 0; c < columns; c += VH_LANES) {
        vh sum = vh_set1(0.0f);
        for (size_t r = 0; r < rows; r++)
            sum = vh_add(sum, vh_load(in + r * stride + c));
        vh_store(sums + c, sum);
    }
}

/* Each row of out[rows][stride] = row[stride]. */
static void fill_rows(size_t rows, const float *row, float *out, size_t stride)
{
    for (size_t r = 0; r < rows; r++)
        memcpy(out + r * stride, row, stride * sizeof *row);
}

#endif
