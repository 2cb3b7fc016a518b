/* The kernels against plain loops in double precision, and every instruction level of this machine against the portable
 * one, bit by bit. */
#include "suite.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "nn/kernels_math.h"
#include "nn/kernels_table.h"

#define SIZE_MAX_TRIED 33
#define PADDED_MAX     40
#define BLOCK          (SIZE_MAX_TRIED * PADDED_MAX)
#define RESULT_MAX     (40 * 272) /* floats of the largest result */
#define GUARD          1234.5f

static const struct kernels *levels[4];
static size_t level_count;

static void find_levels(void)
{
    level_count = kernels_all(levels, 4);
}

static void fill_uniform(float *out, size_t count, uint32_t key)
{
    for (size_t i = 0; i < count; i++)
        out[i] = 2 * random_uniform(key, (uint32_t)i) - 1;
}

/* Any bits at all: huge, denormal, infinite and NaN among them; `tame` makes most of them ordinary. */
static void fill_wild(float *out, size_t count, uint32_t key, bool tame)
{
    static const float special[] = {0,          -0.0f,           INFINITY,  -INFINITY, NAN,     1, -1,     0x1p-149f,
                                    -0x1p-130f, 0x1.fffffep127f, -0x1p127f, 88.7f,     -103.9f, 9, 1e-20f, -1e20f};
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = random_bits(key, (uint32_t)i);
        if (tame && bits % 64 >= 4)
            out[i] = 8 * random_uniform(key + 1, (uint32_t)i) - 4;
        else if (bits % 4 == 0)
            out[i] = special[bits / 4 % 16];
        else
            memcpy(&out[i], &bits, sizeof bits);
    }
}

/* For inner loops: ck_assert writes a message each time. */
static void expect(bool right, const char *what, double got, double want)
{
    if (!right)
        ck_abort_msg("%s: %.9g where %.9g is expected", what, got, want);
}

/* Equal bits; which NaN it is does not count. */
static void assert_same(const float *a, const float *b, size_t count, const char *what, const char *level)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(&a[i], &b[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i])))
            ck_abort_msg("%s at level %s: element %zu is %a, portable %a", what, level, i, (double)a[i], (double)b[i]);
}

/* ReLU and its derivative on the way out are those of the plain result, to the bit. */
static void check_rectified(const struct kernels *kernels, const struct product *plain)
{
    static float rectified[RESULT_MAX], gated[RESULT_MAX], gate[RESULT_MAX];
    fill_uniform(gate, RESULT_MAX, 77);
    for (size_t i = 0; i < RESULT_MAX; i += 3)
        gate[i] = 0;
    struct product product = *plain;
    product.result = rectified;
    product.rectified = true;
    kernels->product(&product);
    product.result = gated;
    product.rectified = false;
    product.gate = gate;
    kernels->product(&product);
    for (size_t r = 0; r < plain->rows; r++)
        for (size_t c = 0; c < plain->columns; c++) {
            const size_t i = r * plain->result_stride + c;
            const float sum = plain->result[i];
            expect(rectified[i] == (sum > 0 ? sum : 0), "rectified", (double)rectified[i], (double)sum);
            expect(gated[i] == (gate[i] > 0 ? sum : 0), "gated", (double)gated[i], (double)sum);
        }
}

static void check_product(const struct kernels *kernels, size_t rows, size_t columns, size_t depth, bool turned,
                          bool starts)
{
    static float left[BLOCK], right[BLOCK], start[PADDED_MAX], result[BLOCK + 1], sums[PADDED_MAX + 1];
    uint32_t key = (uint32_t)(rows * 10007 + columns * 101 + depth);
    fill_uniform(left, BLOCK, key);
    fill_uniform(right, BLOCK, key + 1);
    fill_uniform(start, PADDED_MAX, key + 2);
    for (size_t i = 0; i <= BLOCK; i++)
        result[i] = GUARD;
    for (size_t i = 0; i <= PADDED_MAX; i++)
        sums[i] = GUARD;
    /* A result whose rows are wider than what is written shows writes beyond the columns. */
    struct product product = {.rows = rows,
                              .columns = columns,
                              .depth = depth,
                              .left = left,
                              .left_row = turned ? 1 : PADDED_MAX,
                              .left_depth = turned ? PADDED_MAX : 1,
                              .right = right,
                              .right_stride = columns,
                              .start = starts ? start : NULL,
                              .result = result,
                              .result_stride = PADDED_MAX,
                              .sums = sums};
    kernels->product(&product);
    for (size_t c = 0; c < PADDED_MAX; c++) {
        for (size_t r = 0; r < SIZE_MAX_TRIED; r++) {
            float got = result[r * PADDED_MAX + c];
            if (r >= rows || c >= columns) {
                expect(got == GUARD, "written outside of the product", (double)got, (double)GUARD);
                continue;
            }
            double want = starts ? (double)start[c] : 0, magnitude = fabs(want);
            for (size_t k = 0; k < depth; k++) {
                double term =
                    (double)left[r * product.left_row + k * product.left_depth] * (double)right[k * columns + c];
                want += term;
                magnitude += fabs(term);
            }
            expect(fabs((double)got - want) <= magnitude * (double)depth * 0x1p-24, "product", (double)got, want);
        }
        float sum = c < columns ? 0 : GUARD;
        for (size_t k = 0; c < columns && k < depth; k++)
            sum += right[k * columns + c];
        expect(sums[c] == sum, "sum", (double)sums[c], (double)sum);
    }
    ck_assert_float_eq(result[BLOCK], GUARD);
    check_rectified(kernels, &product);
}

START_TEST(product_agrees_with_plain_loops)
{
    static const size_t depths[] = {1, 2, 7, 16, SIZE_MAX_TRIED};
    for (size_t l = 0; l < level_count; l++)
        for (size_t rows = 1; rows <= SIZE_MAX_TRIED; rows++)
            for (size_t columns = 8; columns <= PADDED_MAX; columns += 8)
                for (size_t d = 0; d < sizeof depths / sizeof *depths; d++) {
                    check_product(levels[l], rows, columns, depths[d], false, d % 2 == 0);
                    check_product(levels[l], rows, columns, depths[d], true, d % 2 == 1);
                }
}
END_TEST

START_TEST(product_has_the_same_bits_at_every_level)
{
    static float left[BLOCK], right[BLOCK], got[BLOCK], want[BLOCK], sums[2][PADDED_MAX];
    for (uint32_t round = 0; round < 60; round++) {
        fill_wild(left, BLOCK, 3 * round, round % 2);
        fill_wild(right, BLOCK, 3 * round + 1, round % 2);
        struct product product = {.rows = 1 + round % SIZE_MAX_TRIED,
                                  .columns = 8 + round / 3 % 5 * 8,
                                  .depth = 1 + round % 11,
                                  .left = left,
                                  .left_row = PADDED_MAX,
                                  .left_depth = 1,
                                  .right = right,
                                  .right_stride = PADDED_MAX,
                                  .result = want,
                                  .result_stride = PADDED_MAX,
                                  .sums = sums[0]};
        memset(want, 0, sizeof want);
        levels[0]->product(&product);
        for (size_t l = 1; l < level_count; l++) {
            memset(got, 0, sizeof got);
            product.result = got;
            product.sums = sums[1];
            levels[l]->product(&product);
            assert_same(got, want, BLOCK, "product", levels[l]->name);
            assert_same(sums[1], sums[0], product.columns, "sums", levels[l]->name);
        }
    }
}
END_TEST

/* Operands that are packed: the bits must be those of the one chain that the header promises. */
static void check_packed(const struct kernels *kernels, size_t rows, size_t columns, size_t depth, bool turned)
{
    enum { STRIDE = 272, LONGEST = 400 };
    static float left[40 * LONGEST], right[LONGEST * LONGEST], start[STRIDE], result[40 * STRIDE], sums[STRIDE];
    const size_t real = turned ? columns - 3 : columns, right_stride = turned ? LONGEST : STRIDE;
    fill_uniform(left, rows * depth, (uint32_t)depth);
    fill_uniform(right, LONGEST * LONGEST, (uint32_t)depth + 1);
    fill_uniform(start, STRIDE, (uint32_t)depth + 2);
    const struct product product = {.rows = rows,
                                    .columns = columns,
                                    .depth = depth,
                                    .left = left,
                                    .left_row = depth,
                                    .left_depth = 1,
                                    .right = right,
                                    .right_stride = right_stride,
                                    .right_turned = turned,
                                    .right_columns = real,
                                    .start = start,
                                    .result = result,
                                    .result_stride = STRIDE,
                                    .sums = sums};
    kernels->product(&product);
    for (size_t c = 0; c < columns; c++) {
        float sum = 0;
        for (size_t k = 0; k < depth; k++)
            sum += c >= real ? 0 : turned ? right[c * right_stride + k] : right[k * right_stride + c];
        expect(sums[c] == sum, "sum", (double)sums[c], (double)sum);
        for (size_t r = 0; r < rows; r++) {
            float want = start[c];
            for (size_t k = 0; k < depth && c < real; k++)
                want =
                    fmaf(left[r * depth + k], turned ? right[c * right_stride + k] : right[k * right_stride + c], want);
            expect(result[r * STRIDE + c] == want, "packed product", (double)result[r * STRIDE + c], (double)want);
        }
    }
    check_rectified(kernels, &product);
}

START_TEST(packed_operands_keep_the_chain)
{
    static const size_t depths[] = {5, 192, 193, 400};
    for (size_t l = 0; l < level_count; l++)
        for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
            for (size_t columns = 8; columns <= 264; columns += 64) {
                check_packed(levels[l], 37, columns, depths[d], false);
                check_packed(levels[l], 37, columns, depths[d], true);
                check_packed(levels[l], 3, columns, depths[d], true);
            }
}
END_TEST

/* X^T dY with the rows of X `stride` floats apart: the same chain, sums and gate, and nothing beyond the columns. */
static void check_left_packed(const struct kernels *kernels, size_t rows, size_t columns, size_t depth, size_t stride)
{
    enum { WIDE = 80, HIGH = 40, DEEP = 500 };
    static float left[DEEP * 256], right[DEEP * WIDE], result[HIGH * WIDE], gate[HIGH * WIDE], sums[WIDE];
    fill_uniform(left, depth * stride, (uint32_t)depth);
    fill_uniform(right, depth * WIDE, (uint32_t)depth + 1);
    fill_uniform(gate, HIGH * WIDE, (uint32_t)depth + 2);
    for (size_t i = 0; i < HIGH * WIDE; i++)
        result[i] = GUARD;
    kernels->product(&(struct product){.rows = rows,
                                       .columns = columns,
                                       .depth = depth,
                                       .left = left,
                                       .left_row = 1,
                                       .left_depth = stride,
                                       .right = right,
                                       .right_stride = WIDE,
                                       .result = result,
                                       .result_stride = WIDE,
                                       .gate = gate,
                                       .sums = sums});
    for (size_t c = 0; c < WIDE; c++) {
        float sum = 0;
        for (size_t k = 0; k < depth && c < columns; k++)
            sum += right[k * WIDE + c];
        expect(c >= columns || sums[c] == sum, "sum", (double)sums[c], (double)sum);
        for (size_t r = 0; r < HIGH; r++) {
            const size_t i = r * WIDE + c;
            float want = 0;
            for (size_t k = 0; k < depth; k++)
                want = fmaf(left[k * stride + r], right[k * WIDE + c], want);
            if (r >= rows || c >= columns)
                want = GUARD;
            else if (!(gate[i] > 0))
                want = 0;
            expect(result[i] == want, "product with a packed left operand", (double)result[i], (double)want);
        }
    }
}

START_TEST(a_packed_left_operand_keeps_the_chain)
{
    static const size_t depths[] = {191, 192, 385, 500};
    for (size_t l = 0; l < level_count; l++)
        for (size_t d = 0; d < sizeof depths / sizeof *depths; d++)
            for (size_t columns = 8; columns <= 72; columns += 16)
                for (size_t rows = 15; rows <= 40; rows += 5) {
                    check_left_packed(levels[l], rows, columns, depths[d], 128);
                    check_left_packed(levels[l], rows, columns, depths[d], 256);
                }
}
END_TEST

START_TEST(column_sums_and_fill_rows_agree_with_plain_loops)
{
    enum { WIDE = 136 };
    static float in[20 * WIDE], sums[WIDE + 1], rows[20 * WIDE];
    for (size_t l = 0; l < level_count; l++)
        for (size_t columns = 8; columns <= WIDE; columns += 8) {
            fill_uniform(in, 20 * WIDE, (uint32_t)columns);
            sums[columns] = GUARD;
            levels[l]->column_sums(20, columns, in, WIDE, sums);
            ck_assert_float_eq(sums[columns], GUARD);
            levels[l]->fill_rows(20, in, rows, columns);
            for (size_t c = 0; c < columns; c++) {
                float sum = 0;
                for (size_t r = 0; r < 20; r++)
                    sum += in[r * WIDE + c];
                ck_assert_float_eq(sums[c], sum);
                ck_assert_float_eq(rows[19 * columns + c], in[c]);
            }
        }
}
END_TEST

static double gelu(double x)
{
    return 0.5 * x * (1 + tanh(sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
}

static double reference(enum activation kind, double x)
{
    switch (kind) {
    case ACTIVATION_TANH:
        return tanh(x);
    case ACTIVATION_RELU:
        return x > 0 ? x : 0;
    case ACTIVATION_LEAKY_RELU:
        return x > 0 ? x : 0.01 * x;
    case ACTIVATION_SIGMOID:
        return 1 / (1 + exp(-x));
    case ACTIVATION_GELU:
        return gelu(x);
    default:
        return x;
    }
}

START_TEST(activations_agree_with_the_mathematics)
{
    enum { COUNT = 4096 };
    static float x[COUNT], y[COUNT], d[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        x[i] = ((float)i - COUNT / 2 + 0.25f) / 128;
    for (size_t l = 0; l < level_count; l++)
        for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++) {
            levels[l]->activation_forward(kind, COUNT, x, y, NULL, NULL);
            for (size_t i = 0; i < COUNT; i++)
                d[i] = 2;
            levels[l]->activation_backward(kind, COUNT, kind == ACTIVATION_GELU ? x : y, d, NULL);
            for (size_t i = 0; i < COUNT; i++) {
                double want = reference(kind, (double)x[i]), h = 1e-5;
                double slope = (reference(kind, (double)x[i] + h) - reference(kind, (double)x[i] - h)) / (2 * h);
                expect(fabs((double)y[i] - want) <= 4e-7 * fmax(1, fabs((double)x[i])), activation_name[kind],
                       (double)y[i], want);
                expect(fabs((double)d[i] - 2 * slope) <= 4e-6 * fmax(1, fabs((double)x[i])), "slope", (double)d[i],
                       2 * slope);
            }
        }
}
END_TEST

START_TEST(activations_stay_in_their_range_and_show_nan)
{
    enum { COUNT = 1 << 16 };
    static float x[COUNT], y[COUNT];
    fill_wild(x, COUNT, 7, false);
    for (size_t l = 0; l < level_count; l++)
        for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++) {
            levels[l]->activation_forward(kind, COUNT, x, y, NULL, NULL);
            for (size_t i = 0; i < COUNT; i++) {
                bool right = true;
                if (isnan(x[i]))
                    right = isnan(y[i]);
                else if (kind == ACTIVATION_TANH)
                    right = fabsf(y[i]) <= 1;
                else if (kind == ACTIVATION_SIGMOID)
                    right = y[i] >= 0 && y[i] <= 1;
                else if (kind == ACTIVATION_LEAKY_RELU || kind == ACTIVATION_RELU)
                    right = x[i] > 0 ? y[i] == x[i] : y[i] <= 0;
                expect(right, activation_name[kind], (double)y[i], (double)x[i]);
            }
        }
}
END_TEST

START_TEST(dropout_keeps_what_the_hash_says_both_ways)
{
    enum { COUNT = 1000, ROUNDED = 1008 };
    static float x[ROUNDED], y[ROUNDED], dropped[ROUNDED], d[ROUNDED];
    const struct dropout_mask mask = {.key = 99, .threshold = 0x50000000u, .scale = 1.5f};
    for (size_t l = 0; l < level_count; l++) {
        size_t kept = 0;
        for (size_t i = 0; i < ROUNDED; i++) {
            x[i] = 1 + (float)i;
            d[i] = 3;
        }
        levels[l]->activation_forward(ACTIVATION_LINEAR, COUNT, x, y, dropped, &mask);
        levels[l]->activation_backward(ACTIVATION_LINEAR, COUNT, y, d, &mask);
        for (size_t i = 0; i < COUNT; i++) {
            bool keeps = random_bits(mask.key, (uint32_t)i) >= mask.threshold;
            kept += keeps;
            float want = keeps ? 1.5f * x[i] : 0, gradient = keeps ? 4.5f : 0;
            expect(y[i] == x[i], "output", (double)y[i], (double)x[i]);
            expect(dropped[i] == want, "dropped", (double)dropped[i], (double)want);
            expect(d[i] == gradient, "gradient", (double)d[i], (double)gradient);
        }
        ck_assert_uint_gt(kept, 640); /* 1 - 5/16 of 1000 are 687, with a standard deviation of 15 */
        ck_assert_uint_lt(kept, 735);
    }
}
END_TEST

START_TEST(activations_have_the_same_bits_at_every_level)
{
    enum { COUNT = 1 << 14 };
    static float x[COUNT], d[COUNT], want[3][COUNT], got[3][COUNT];
    const struct dropout_mask mask = {.key = 5, .threshold = 0x80000000u, .scale = 2};
    for (unsigned round = 0; round < 4; round++)
        for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++) {
            fill_wild(x, COUNT, round, round % 2);
            fill_wild(d, COUNT, round + 100, round % 2);
            for (size_t l = 0; l < level_count; l++) {
                float(*out)[COUNT] = l == 0 ? want : got;
                levels[l]->activation_forward(kind, COUNT, x, out[0], out[1], round > 1 ? &mask : NULL);
                memcpy(out[2], d, sizeof d);
                levels[l]->activation_backward(kind, COUNT, kind == ACTIVATION_GELU ? x : out[0], out[2],
                                               round > 1 ? &mask : NULL);
                for (size_t i = 0; l > 0 && i < (round > 1 ? 3 : 1); i++)
                    assert_same(got[i], want[i], COUNT, activation_name[kind], levels[l]->name);
                if (l > 0)
                    assert_same(got[2], want[2], COUNT, activation_name[kind], levels[l]->name);
            }
        }
}
END_TEST

START_TEST(norm_agrees_with_plain_loops_and_between_levels)
{
    enum { ROWS = 5 };
    static float x[BLOCK], gain[PADDED_MAX], shift[PADDED_MAX], normal[BLOCK], y[BLOCK], d[BLOCK], dx[BLOCK];
    static float first[3][BLOCK], d_gain[PADDED_MAX], d_shift[PADDED_MAX], inverse_sd[ROWS];
    for (size_t width = 1; width <= SIZE_MAX_TRIED; width++) {
        struct norm_shape shape = {ROWS, width, kernel_pad(width)};
        fill_uniform(x, BLOCK, (uint32_t)width);
        fill_uniform(d, BLOCK, (uint32_t)width + 100);
        fill_uniform(gain, PADDED_MAX, 1);
        fill_uniform(shift, PADDED_MAX, 2);
        for (size_t l = 0; l < level_count; l++) {
            levels[l]->norm_forward(&shape, x, gain, shift, normal, y, inverse_sd);
            for (size_t r = 0; r < ROWS; r++) {
                double mean = 0, variance = 0;
                const float *row = x + r * shape.stride;
                for (size_t c = 0; c < width; c++)
                    mean += (double)row[c] / (double)width;
                for (size_t c = 0; c < width; c++)
                    variance += ((double)row[c] - mean) * ((double)row[c] - mean) / (double)width;
                for (size_t c = 0; c < shape.stride; c++) {
                    double want =
                        c < width ? ((double)row[c] - mean) / sqrt(variance + 1e-5) * (double)gain[c] + (double)shift[c]
                                  : 0;
                    double got = (double)y[r * shape.stride + c];
                    expect(fabs(got - want) <= (c < width ? 3e-5 : 0), "norm", got, want);
                }
            }
            memcpy(dx, d, sizeof d);
            levels[l]->norm_backward(&shape, gain, normal, inverse_sd, dx, d_gain, d_shift);
            const size_t block = ROWS * shape.stride;
            for (size_t i = 0; i < block; i++)
                if (i % shape.stride >= width)
                    expect(dx[i] == 0 && normal[i] == 0, "padding", (double)dx[i], 0);
            if (l == 0) {
                memcpy(first[0], y, block * sizeof *y);
                memcpy(first[1], dx, block * sizeof *y);
                memcpy(first[2], d_gain, sizeof d_gain);
                continue;
            }
            assert_same(y, first[0], block, "norm", levels[l]->name);
            assert_same(dx, first[1], block, "norm backward", levels[l]->name);
            assert_same(d_gain, first[2], shape.stride, "norm gain", levels[l]->name);
        }
    }
}
END_TEST

/* This file is compiled for the portable level: vf_fma is the emulation here, unless the machine's C has the
 * instruction. */
static float portable_fma(float a, float b, float c)
{
    float result[VF_LANES];
    vf_store(result, vf_fma(vf_set1(a), vf_set1(b), vf_set1(c)));
    return result[VF_LANES - 1];
}

START_TEST(emulated_fma_rounds_once)
{
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t bits[3] = {random_bits(1, i), random_bits(2, i), random_bits(3, i)};
        float v[3];
        if (i % 2) /* neighbouring exponents, where sums cancel and halfway cases occur */
            for (int k = 0; k < 3; k++)
                bits[k] = (bits[k] & 0x81ffff00u) | 0x3e000000u;
        if (i % 8 == 1)
            bits[2] -= 23u << 23;
        memcpy(v, bits, sizeof v);
        float got = portable_fma(v[0], v[1], v[2]), want = fmaf(v[0], v[1], v[2]);
        if (memcmp(&got, &want, sizeof got) != 0 && !(isnan(got) && isnan(want)))
            ck_abort_msg("fma(%a, %a, %a) = %a, not %a", (double)v[0], (double)v[1], (double)v[2], (double)got,
                         (double)want);
    }
    ck_assert_float_eq(portable_fma(0x1p-75f, 0x1p-75f, 0x1p-149f), 0x1p-148f); /* a tie, to even */
    ck_assert_float_eq(portable_fma(0x1p-75f, 0x1.8p-75f, 0), 0x1p-149f);
    /* The product lies halfway between two floats; a third that double precision cannot hold beside it decides. */
    const float odd = 1 + 0x1p-12f, below = 1 + 0x1p-11f, above = below + 0x1p-23f;
    for (float sign = -1; sign <= 1; sign += 2) {
        ck_assert_float_eq(portable_fma(sign * odd, odd, 0x1p-100f), sign < 0 ? -below : above);
        ck_assert_float_eq(portable_fma(sign * odd, odd, -0x1p-100f), sign < 0 ? -above : below);
    }
    ck_assert(isinf(portable_fma(0x1p127f, 2, 0)));
    ck_assert(isnan(portable_fma(INFINITY, 0, 1)));
}
END_TEST

START_TEST(exp_and_log_agree_with_the_mathematics)
{
    float x[VF_LANES], e[VF_LANES], l[VF_LANES];
    for (uint32_t i = 0; i < 20000; i++) {
        for (uint32_t k = 0; k < VF_LANES; k++)
            x[k] = 208 * random_uniform(11, VF_LANES * i + k) - 104;
        vf_store(e, vf_exp(vf_load(x)));
        vf_store(l, vf_log(vf_load(e)));
        for (uint32_t k = 0; k < VF_LANES; k++) {
            double exact = exp((double)x[k]);
            if (exact > (double)0x1.fffffep127f)
                expect(isinf(e[k]), "exp", (double)e[k], exact);
            else
                expect(fabs((double)e[k] - exact) <= exact * 0x1p-23 + 0x1p-149, "exp", (double)e[k], exact);
            exact = log((double)e[k]);
            if (e[k] > 0 && !isinf(e[k]))
                expect(fabs((double)l[k] - exact) <= fabs(exact) * 0x1p-23, "log", (double)l[k], exact);
        }
    }
    const float edge[VF_LANES] = {0, -0.0f, INFINITY, -INFINITY, NAN, 1, -1, 1000, -1000};
    vf_store(e, vf_exp(vf_load(edge)));
    vf_store(l, vf_log(vf_load(edge)));
    ck_assert_float_eq(e[0], 1);
    ck_assert_float_eq(e[1], 1);
    ck_assert(isinf(e[2]) && e[3] == 0 && isnan(e[4]) && isinf(e[7]) && e[8] == 0);
    ck_assert(l[0] < 0 && isinf(l[0]) && l[1] < 0 && isinf(l[1]) && l[2] > 0 && isinf(l[2]));
    ck_assert(isnan(l[3]) && isnan(l[4]) && l[5] == 0 && isnan(l[6]));
}
END_TEST

START_TEST(environment_forces_a_level)
{
    for (size_t l = 0; l < level_count; l++) {
        ck_assert_int_eq(setenv("DOWNHILL_KERNELS", levels[l]->name, 1), 0);
        ck_assert_ptr_eq(kernels_choose(), levels[l]);
        ck_assert_str_eq(kernels_name(kernels_choose()), levels[l]->name);
    }
    setenv("DOWNHILL_KERNELS", "abacus", 1);
    ck_assert_ptr_eq(kernels_choose(), levels[level_count - 1]);
    unsetenv("DOWNHILL_KERNELS");
    ck_assert_ptr_eq(kernels_choose(), levels[level_count - 1]);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("kernels");
    tcase_set_timeout(tests, 120);
    tcase_add_unchecked_fixture(tests, find_levels, NULL);
    tcase_add_test(tests, product_agrees_with_plain_loops);
    tcase_add_test(tests, product_has_the_same_bits_at_every_level);
    tcase_add_test(tests, packed_operands_keep_the_chain);
    tcase_add_test(tests, a_packed_left_operand_keeps_the_chain);
    tcase_add_test(tests, column_sums_and_fill_rows_agree_with_plain_loops);
    tcase_add_test(tests, activations_agree_with_the_mathematics);
    tcase_add_test(tests, activations_stay_in_their_range_and_show_nan);
    tcase_add_test(tests, dropout_keeps_what_the_hash_says_both_ways);
    tcase_add_test(tests, activations_have_the_same_bits_at_every_level);
    tcase_add_test(tests, norm_agrees_with_plain_loops_and_between_levels);
    tcase_add_test(tests, emulated_fma_rounds_once);
    tcase_add_test(tests, exp_and_log_agree_with_the_mathematics);
    tcase_add_test(tests, environment_forces_a_level);
    suite_add_tcase(suite, tests);
    return suite;
}
