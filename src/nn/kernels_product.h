/* Products of matrices.  One tile serves all three products of a dense layer, since an element of the left matrix is
 * reached by two free strides:
 *
 *   forward   Y[batch][out]  = X[batch][in] W[in][out] + bias     left = X,   row stride = stride of X, depth stride 1
 *   dW        dW[in][out]    = X^T dY                             left = X,   row stride 1, depth stride = stride of X
 *   dX        dX[batch][in]  = dY W^T                             left = dY,  right = W, turned
 *
 * (Weights that lie outward, [out][in], are turned in the forward pass instead, and their gradient is dY^T X.)
 *
 * An element of the result is one chain of fused multiply-adds in ascending depth, begun with the bias or zero: how the
 * result is cut into tiles does not show in the bits.
 *
 * A panel is as many columns as a tile has.  Where the right operand is turned, or its rows lie so far apart that they
 * would push each other out of the cache, the panel is first packed: its part of PACK_DEPTH rows stays in the
 * first-level cache while all rows of the left operand pass by.  The left operand of X^T dY is packed for the same
 * reason, LEFT_ROWS rows at a time, which stay there while all panels pass by. */
#ifndef NN_KERNELS_PRODUCT_H
#define NN_KERNELS_PRODUCT_H

#include <stdalign.h>

#include "nn/kernels_table.h"
#include "nn/simd.h"

/* Rows of a tile: as many sums as the registers hold besides the right operand. */
#if defined(KERNEL_LEVEL_v4)
#define TILE_ROWS    8
#define TILE_VECTORS 2
#else
#define TILE_ROWS    4
#define TILE_VECTORS 1
#endif

#define PACK_DEPTH      192
#define PACK_COLUMNS    (TILE_VECTORS * VF_LANES)
#define PACK_STRIDE_MIN 256             /* floats between rows from which packing pays ... */
#define PACK_ROWS_MIN   (4 * TILE_ROWS) /* ... if so many rows of the result share its cost */

/* Numbers that lie a multiple of LEFT_STRIDE floats apart share few sets of the first-level cache, so that a depth of
 * PACK_DEPTH or more of them does not stay there.  Packed are as many rows as a cache line has floats: each line is
 * fetched once. */
#define LEFT_STRIDE 128
#define LEFT_ROWS   16

/* Columns of a product that fit into a tile, and a part of the depth. */
struct panel {
    size_t rows, depth;
    const float *left;
    size_t left_row, left_depth;
    const float *right;
    size_t right_stride;
    const float *start; /* NULL: zero, or what is in the result when it goes on */
    float *result;
    size_t result_stride;
    float *sums;
    bool goes_on;
    bool rectified; /* this and the gate come with the last part of the depth */
    const float *gate;
};

/* What becomes of an element's sum; `gate`: the elements at its place, if there is a gate. */
SIMD_INLINE vf product_rectify(const struct panel *p, vf sum, vf gate)
{
    return p->gate ? vf_select(vf_le(gate, vf_zero()), vf_zero(), sum) : vf_max(vf_zero(), sum);
}

/* Rows x (16 * vectors) elements of the result, from row `row` on; where `sums` is wanted, also the sum over the depth
 * of the right operand's columns. */
SIMD_INLINE void product_tile(const unsigned rows, const unsigned vectors, const bool sums, const struct panel *p,
                              size_t row)
{
    const float *left = p->left + row * p->left_row, *right = p->right;
    float *result = p->result + row * p->result_stride;
    vf sum[8][2], down[2];
#pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; v++) {
        vf first = p->start ? vf_load(p->start + v * VF_LANES) : vf_zero();
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++)
            sum[r][v] = p->goes_on ? vf_load(result + r * p->result_stride + v * VF_LANES) : first;
        down[v] = sums && p->goes_on ? vf_load(p->sums + v * VF_LANES) : vf_zero();
    }
#pragma GCC unroll 2
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
    if (p->rectified || p->gate) {
        const float *gate = p->gate ? p->gate + row * p->result_stride : result;
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++)
#pragma GCC unroll 2
            for (unsigned v = 0; v < vectors; v++)
                sum[r][v] = product_rectify(p, sum[r][v], vf_load(gate + r * p->result_stride + v * VF_LANES));
    }
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
#pragma GCC unroll 2
        for (unsigned v = 0; v < vectors; v++)
            vf_store(result + r * p->result_stride + v * VF_LANES, sum[r][v]);
#pragma GCC unroll 2
    for (unsigned v = 0; v < vectors; v++)
        if (sums)
            vf_store(p->sums + v * VF_LANES, down[v]);
}

/* The same for 8 columns. */
SIMD_INLINE void product_tile_half(const unsigned rows, const bool sums, const struct panel *p, size_t row)
{
    const float *left = p->left + row * p->left_row, *right = p->right;
    float *result = p->result + row * p->result_stride;
    vh first = p->start ? vh_load(p->start) : vh_set1(0.0f);
    vh down = sums && p->goes_on ? vh_load(p->sums) : vh_set1(0.0f);
    vh sum[8];
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
        sum[r] = p->goes_on ? vh_load(result + r * p->result_stride) : first;
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
    if (p->rectified || p->gate) {
        const float *gate = p->gate ? p->gate + row * p->result_stride : result;
#pragma GCC unroll 8
        for (unsigned r = 0; r < rows; r++) {
            const vh passes = vh_load(gate + r * p->result_stride);
            sum[r] = vf_low(product_rectify(p, vf_halves(sum[r], sum[r]), vf_halves(passes, passes)));
        }
    }
#pragma GCC unroll 8
    for (unsigned r = 0; r < rows; r++)
        vh_store(result + r * p->result_stride, sum[r]);
    if (sums)
        vh_store(p->sums, down);
}

/* `vectors` of 16 columns, or 0 for 8 columns. */
SIMD_INLINE void product_part(const unsigned rows, const unsigned vectors, const bool sums, const struct panel *p,
                              size_t row)
{
    if (vectors > 0)
        product_tile(rows, vectors, sums, p, row);
    else
        product_tile_half(rows, sums, p, row);
}

/* The part of the right operand that will be packed next: its rows are too far apart for the machine to foresee, so
 * they are called for while the tiles before it are worked on, some with each. */
struct ahead {
    const float *from;
    size_t stride, rows;
    size_t each; /* rows with each tile */
};

SIMD_INLINE void call_ahead(struct ahead *ahead)
{
    for (size_t n = ahead->each; n > 0 && ahead->rows > 0; n--, ahead->rows--) {
        for (size_t c = 0; c < PACK_COLUMNS; c += VF_LANES)
            __builtin_prefetch(ahead->from + c, 0, 2);
        ahead->from += ahead->stride;
    }
}

/* A part of the depth of both operands, from `begin` on: in place, or packed.  `right` has the columns of one panel. */
struct operands {
    const float *left;
    size_t left_depth;
    const float *right;
    size_t right_stride;
    size_t begin, depth;
};

/* All rows of the columns from `column` on.  The sums, if wanted, come with the first tile. */
SIMD_INLINE void product_panel(const unsigned vectors, const struct product *product, size_t column,
                               const struct operands *operands, struct ahead *ahead)
{
    const bool begins = operands->begin == 0, ends = operands->begin + operands->depth == product->depth;
    /* A local copy, so that the compiler knows: writes through the pointers do not change it. */
    const struct panel panel =
                           {
                               .rows = product->rows,
                               .depth = operands->depth,
                               .left = operands->left,
                               .left_row = product->left_row,
                               .left_depth = operands->left_depth,
                               .right = operands->right,
                               .right_stride = operands->right_stride,
                               .start = product->start ? product->start + column : NULL,
                               .result = product->result + column,
                               .result_stride = product->result_stride,
                               .sums = product->sums ? product->sums + column : NULL,
                               .goes_on = !begins,
                               .rectified = product->rectified && ends,
                               .gate = product->gate && ends ? product->gate + column : NULL,
                           },
                       *p = &panel;
    size_t row = 0;
    if (p->sums && p->rows >= TILE_ROWS) {
        product_part(TILE_ROWS, vectors, true, p, 0);
        row = TILE_ROWS;
    } else if (p->sums) {
        product_part(1, vectors, true, p, 0);
        row = 1;
    }
    for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS) {
        if (ahead)
            call_ahead(ahead);
        product_part(TILE_ROWS, vectors, false, p, row);
    }
    if (TILE_ROWS > 4 && row + 4 <= p->rows) {
        product_part(4, vectors, false, p, row);
        row += 4;
    }
    if (row + 2 <= p->rows) {
        product_part(2, vectors, false, p, row);
        row += 2;
    }
    if (row < p->rows)
        product_part(1, vectors, false, p, row);
}

typedef void panel_function(const struct product *product, size_t column, const struct operands *operands);
#define PANEL_FUNCTION(name, vectors)                                                                                  \
    static void name(const struct product *product, size_t column, const struct operands *operands)                    \
    {                                                                                                                  \
        product_panel(vectors, product, column, operands, NULL);                                                       \
    }
PANEL_FUNCTION(product_panel_whole, TILE_VECTORS)
#if TILE_VECTORS > 1
PANEL_FUNCTION(product_panel_16, 1)
#endif
PANEL_FUNCTION(product_panel_8, 0)
#undef PANEL_FUNCTION

/* A whole panel, packed, with a view of what comes next. */
static void product_panel_ahead(const struct product *product, size_t column, const struct operands *operands,
                                struct ahead *ahead)
{
    product_panel(TILE_VECTORS, product, column, operands, ahead);
}

/* Turns 8 columns (rows as stored) x 8 of the depth; columns from `real` on are zero. */
SIMD_INLINE void pack_turned_block(const float *right, size_t stride, size_t real, float *packed)
{
    vh block[VH_LANES];
#pragma GCC unroll 8
    for (size_t i = 0; i < VH_LANES; i++)
        block[i] = i < real ? vh_load(right + i * stride) : vh_set1(0.0f);
    vh_transpose(block);
#pragma GCC unroll 8
    for (size_t i = 0; i < VH_LANES; i++)
        vh_store(packed + i * PACK_COLUMNS, block[i]);
}

/* packed[depth][PACK_COLUMNS] = `columns` columns of the right operand from `column` on, rows from `begin` on. */
static void pack(const struct product *p, size_t column, size_t columns, size_t begin, size_t depth, float *packed)
{
    if (p->right_turned) {
        for (size_t c = 0; c < columns; c += VH_LANES)
            for (size_t k = 0; k < depth; k += VH_LANES) {
                const size_t first = column + c, real = p->right_columns > first ? p->right_columns - first : 0;
                pack_turned_block(p->right + first * p->right_stride + begin + k, p->right_stride, real,
                                  packed + k * PACK_COLUMNS + c);
            }
        return;
    }
    for (size_t k = 0; k < depth; k++)
        for (size_t c = 0; c < columns; c += VH_LANES)
            vh_store(packed + k * PACK_COLUMNS + c, vh_load(p->right + (begin + k) * p->right_stride + column + c));
}

/* What follows the part of the depth that ends at `end`: more of the same columns, or the next ones from the top. */
static struct ahead look_ahead(const struct product *p, size_t column, size_t end)
{
    size_t row = end;
    if (end == p->depth) {
        row = 0;
        column += PACK_COLUMNS;
    }
    if (p->right_turned || column + PACK_COLUMNS > p->columns)
        return (struct ahead){0};
    const size_t rows = p->depth - row < PACK_DEPTH ? p->depth - row : PACK_DEPTH, tiles = p->rows / TILE_ROWS;
    return (struct ahead){p->right + row * p->right_stride + column, p->right_stride, rows, rows / tiles + 1};
}

/* Columns [column, column + columns) by `panel`, packed part by part. */
static void product_packed(const struct product *p, size_t column, size_t columns, panel_function *panel)
{
    alignas(64) float packed[PACK_DEPTH * PACK_COLUMNS];
    for (size_t begin = 0; begin < p->depth; begin += PACK_DEPTH) {
        const size_t depth = p->depth - begin < PACK_DEPTH ? p->depth - begin : PACK_DEPTH;
        struct ahead ahead = look_ahead(p, column, begin + depth);
        const struct operands operands = {
            .left = p->left + begin * p->left_depth,
            .left_depth = p->left_depth,
            .right = packed,
            .right_stride = PACK_COLUMNS,
            .begin = begin,
            .depth = depth,
        };
        pack(p, column, columns, begin, depth, packed);
        if (ahead.rows > 0)
            product_panel_ahead(p, column, &operands, &ahead);
        else
            panel(p, column, &operands);
    }
}

/* The panel that begins at `column`, and how many columns it has. */
static panel_function *panel_at(const struct product *p, size_t column, size_t *columns)
{
    const size_t left = p->columns - column;
    *columns = left >= PACK_COLUMNS ? PACK_COLUMNS : left >= VF_LANES ? VF_LANES : VH_LANES;
#if TILE_VECTORS > 1
    if (*columns == VF_LANES)
        return product_panel_16;
#endif
    return *columns == VH_LANES ? product_panel_8 : product_panel_whole;
}

/* packed[depth][LEFT_ROWS] = `rows` rows of the left operand, whose numbers of one depth lie side by side. */
static void pack_left(const float *left, size_t left_depth, size_t rows, size_t depth, float *packed)
{
    for (size_t k = 0; k < depth; k++)
        if (rows == LEFT_ROWS)
            vf_store(packed + k * LEFT_ROWS, vf_load(left + k * left_depth));
        else
            memcpy(packed + k * LEFT_ROWS, left + k * left_depth, rows * sizeof *packed);
}

/* Row group by row group, for a right operand that is not packed. */
static void product_left_packed(const struct product *p)
{
    alignas(64) float packed[PACK_DEPTH * LEFT_ROWS];
    for (size_t begin = 0; begin < p->depth; begin += PACK_DEPTH) {
        const size_t depth = p->depth - begin < PACK_DEPTH ? p->depth - begin : PACK_DEPTH;
        for (size_t row = 0; row < p->rows; row += LEFT_ROWS) {
            struct product group = *p;
            group.rows = p->rows - row < LEFT_ROWS ? p->rows - row : LEFT_ROWS;
            group.result = p->result + row * p->result_stride;
            group.gate = p->gate ? p->gate + row * p->result_stride : NULL;
            group.sums = row == 0 ? p->sums : NULL;
            pack_left(p->left + row + begin * p->left_depth, p->left_depth, group.rows, depth, packed);
            for (size_t column = 0, columns; column < p->columns; column += columns) {
                panel_function *panel = panel_at(p, column, &columns);
                panel(&group, column,
                      &(struct operands){
                          .left = packed,
                          .left_depth = LEFT_ROWS,
                          .right = p->right + begin * p->right_stride + column,
                          .right_stride = p->right_stride,
                          .begin = begin,
                          .depth = depth,
                      });
            }
        }
    }
}

static bool packs_left(const struct product *p)
{
    return p->left_row == 1 && p->left_depth % LEFT_STRIDE == 0 && p->rows >= LEFT_ROWS && p->depth >= PACK_DEPTH;
}

static void product(const struct product *p)
{
    const bool packs = p->right_turned || (p->right_stride >= PACK_STRIDE_MIN && p->rows >= PACK_ROWS_MIN);
    if (!packs && packs_left(p)) {
        product_left_packed(p);
        return;
    }
    for (size_t column = 0, columns; column < p->columns; column += columns) {
        panel_function *panel = panel_at(p, column, &columns);
        if (packs)
            product_packed(p, column, columns, panel);
        else
            panel(p, column,
                  &(struct operands){p->left, p->left_depth, p->right + column, p->right_stride, 0, p->depth});
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
