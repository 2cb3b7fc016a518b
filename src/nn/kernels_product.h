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

/* Rows x (16 * vectors) elements of the result; where `sums` is wanted, also the sum over the depth of the right
 * operand's columns. */
SIMD_INLINE void product_tile(const unsigned rows, const unsigned vectors, const bool sums, const struct product *p,
                              const float *left, const float *right, const float *start, float *result, float *sums_out)
{
    vf sum[8][2], down[2] = {vf_zero(), vf_zero()};
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
#pragma GCC unroll 2
        for (unsigned v = 0; v < vectors; v++)
            if (sums)
                down[v] = vf_add(down[v], across[v]);
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
#pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; v++)
        if (sums)
            vf_store(sums_out + v * VF_LANES, down[v]);
}

/* Rows x 8 elements. */
SIMD_INLINE void product_tile_half(const unsigned rows, const bool sums, const struct product *p, const float *left,
                                   const float *right, const float *start, float *result, float *sums_out)
{
    vh down = vh_set1(0.0f);
    vh sum[8], first = start ? vh_load(start) : vh_set1(0.0f);
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
        sum[r] = first;
    for (size_t k = p->depth; k > 0; k--) {
        vh across = vh_load(right);
        if (sums)
            down = vh_add(down, across);
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++)
            sum[r] = vh_fma(vh_set1(left[r * p->left_row]), across, sum[r]);
        left += p->left_depth;
        right += p->right_stride;
    }
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
        vh_store(result + r * p->result_stride, sum[r]);
    if (sums)
        vh_store(sums_out, down);
}

/* A tile of a panel of columns: `vectors` of 16, or 0 for one of 8. */
SIMD_INLINE void product_part(const unsigned rows, const unsigned vectors, const bool sums, const struct product *p,
                              size_t row, size_t column)
{
    const float *left = p->left + row * p->left_row, *right = p->right + column;
    const float *start = p->start ? p->start + column : NULL;
    float *result = p->result + row * p->result_stride + column, *sums_out = sums ? p->sums + column : NULL;
    if (vectors > 0)
        product_tile(rows, vectors, sums, p, left, right, start, result, sums_out);
    else
        product_tile_half(rows, sums, p, left, right, start, result, sums_out);
}

/* All rows of a panel; the sums, if wanted, come with its first tile. */
SIMD_INLINE void product_panel(const unsigned vectors, const struct product *p, size_t column)
{
    size_t row = 0;
    if (p->sums && p->rows >= TILE_ROWS) {
        product_part(TILE_ROWS, vectors, true, p, 0, column);
        row = TILE_ROWS;
    } else if (p->sums) {
        product_part(1, vectors, true, p, 0, column);
        row = 1;
    }
    for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS)
        product_part(TILE_ROWS, vectors, false, p, row, column);
    if (TILE_ROWS > 4 && row + 4 <= p->rows) {
        product_part(4, vectors, false, p, row, column);
        row += 4;
    }
    if (row + 2 <= p->rows) {
        product_part(2, vectors, false, p, row, column);
        row += 2;
    }
    if (row < p->rows)
        product_part(1, vectors, false, p, row, column);
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

/* sums[columns] = sum of the rows, ascending; as many columns at a time as a few cache lines of a row hold. */
static void column_sums(size_t rows, size_t columns, const float *in, size_t stride, float *sums)
{
    size_t c = 0;
    for (; c + 4 * VF_LANES <= columns; c += 4 * VF_LANES) {
        vf sum[4] = {vf_zero(), vf_zero(), vf_zero(), vf_zero()};
        for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 4
            for (size_t v = 0; v < 4; v++)
                sum[v] = vf_add(sum[v], vf_load(in + r * stride + c + v * VF_LANES));
#pragma GCC unroll 4
        for (size_t v = 0; v < 4; v++)
            vf_store(sums + c + v * VF_LANES, sum[v]);
    }
    for (; c < columns; c += VH_LANES) {
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
