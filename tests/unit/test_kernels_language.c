/* The kernels that only language models use, against double precision, and every instruction level against the portable
 * one, bit by bit. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "nn/kernels_math.h"
#include "nn/kernels_table.h"

#define COUNT  8192
#define ROWS   37
#define STRIDE 48
#define BLOCK  (ROWS * STRIDE)

static const struct kernels *levels[4];
static size_t level_count;

static void find_levels(void)
{
    level_count = kernels_all(levels, 4);
}

static void fill_uniform(float *out, size_t count, uint32_t key, float spread)
{
    for (size_t i = 0; i < count; i++)
        out[i] = spread * (2 * random_uniform(key, (uint32_t)i) - 1);
}

/* Any bits at all among ordinary numbers. */
static void fill_wild(float *out, size_t count, uint32_t key)
{
    static const float special[] = {0, -0.0f, INFINITY, -INFINITY, NAN, 11.3f, -11.4f, 0x1p-149f, 0x1.fffffep127f};
    fill_uniform(out, count, key, 12);
    for (size_t i = 0; i < count; i += 5) {
        const uint32_t bits = random_bits(key + 1, (uint32_t)i);
        if (bits % 2)
            out[i] = special[bits / 2 % (sizeof special / sizeof special[0])];
        else
            memcpy(&out[i], &bits, sizeof bits);
    }
}

/* Equal bits; which NaN it is does not count. */
static void assert_same(const float *a, const float *b, size_t count, const char *what, size_t level)
{
    for (size_t i = 0; i < count; i++)
        if (memcmp(&a[i], &b[i], sizeof *a) != 0 && !(isnan(a[i]) && isnan(b[i])))
            ck_abort_msg("%s at level %s: element %zu is %a, portable %a", what, levels[level]->name, i, (double)a[i],
                         (double)b[i]);
}

START_TEST(normal_tail_is_as_good_as_it_says)
{
    for (int i = -1130; i <= 1130; i++) {
        const double x = i / 100.0, bound = fabs(x) <= 4 ? 6e-7 : 6e-6;
        float tail[16], density[16];
        vf d, t = vf_normal_tail(vf_set1((float)x), &d);
        vf_store(tail, t);
        vf_store(density, d);
        const double z = (double)(float)x, want = 0.5 * erfc(fabs(z) / sqrt(2.0));
        const double want_density = exp(-z * z / 2) * 0.3989422804014327;
        if (fabs((double)tail[0] - want) > bound * want ||
            fabs((double)density[0] - want_density) > bound * want_density)
            ck_abort_msg("at %g: tail %.9g, not %.9g; density %.9g, not %.9g", z, (double)tail[0], want,
                         (double)density[0], want_density);
    }
}
END_TEST

START_TEST(gelu_agrees_with_the_mathematics)
{
    static float x[COUNT], y[COUNT], slope[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        x[i] = ((float)i - COUNT / 2 + 0.25f) / 300;
    for (size_t l = 0; l < level_count; l++) {
        levels[l]->gelu_forward(COUNT, x, y, slope);
        for (size_t i = 0; i < COUNT; i++) {
            const double z = (double)x[i], below = 0.5 * erfc(-z / sqrt(2.0));
            const double want = z * below, want_slope = below + z * exp(-z * z / 2) * 0.3989422804014327;
            if (fabs((double)y[i] - want) > 2.5e-7 * fmax(fabs(z), 1e-30) ||
                (z > -4 && fabs((double)y[i] - want) > 6e-7 * fabs(want)))
                ck_abort_msg("gelu(%g) is %.9g, not %.9g", z, (double)y[i], want);
            if (fabs((double)slope[i] - want_slope) > 4e-7)
                ck_abort_msg("slope of gelu at %g is %.9g, not %.9g", z, (double)slope[i], want_slope);
        }
        levels[l]->gelu_forward(COUNT, x, x, NULL);
        ck_assert_mem_eq(x, y, sizeof x);
        for (size_t i = 0; i < COUNT; i++)
            x[i] = ((float)i - COUNT / 2 + 0.25f) / 300;
    }
}
END_TEST

START_TEST(gelu_has_its_limits_and_shows_nan)
{
    static const float x[16] = {0, -0.0f, 1e30f, -1e30f, 20, -20, INFINITY, NAN};
    float y[16], slope[16];
    for (size_t l = 0; l < level_count; l++) {
        levels[l]->gelu_forward(16, x, y, slope);
        ck_assert_float_eq(y[0], 0);
        ck_assert_float_eq(y[1], 0);
        ck_assert_float_eq(y[2], 1e30f);
        ck_assert_float_eq(y[3], 0);
        ck_assert_float_eq(y[4], 20);
        ck_assert_float_eq(y[5], 0);
        ck_assert(isinf(y[6]) && isnan(y[7]) && isnan(slope[7]));
        ck_assert_float_eq(slope[2], 1);
        ck_assert_float_eq(slope[3], 0);
    }
}
END_TEST

START_TEST(elementwise_kernels_have_the_same_bits_at_every_level)
{
    static float x[COUNT], other[COUNT], want[4][COUNT], got[4][COUNT];
    for (uint32_t round = 0; round < 4; round++) {
        fill_wild(x, COUNT, 10 * round);
        fill_wild(other, COUNT, 10 * round + 5);
        for (size_t l = 0; l < level_count; l++) {
            float(*out)[COUNT] = l == 0 ? want : got;
            memcpy(out[2], other, sizeof other);
            memcpy(out[3], other, sizeof other);
            levels[l]->gelu_forward(COUNT, x, out[0], out[1]);
            levels[l]->multiply(COUNT, x, out[2]);
            levels[l]->add(COUNT, x, out[3]);
            assert_same(out[0], want[0], COUNT, "gelu", l);
            assert_same(out[1], want[1], COUNT, "slope", l);
            assert_same(out[2], want[2], COUNT, "product", l);
            assert_same(out[3], want[3], COUNT, "sum", l);
        }
        for (size_t i = 0; i < COUNT; i++) {
            ck_assert(isnan(want[2][i]) || want[2][i] == x[i] * other[i]);
            ck_assert(isnan(want[3][i]) || want[3][i] == x[i] + other[i]);
        }
    }
}
END_TEST

/* Softmax of row i in double precision, and what becomes of the gradient of its weights. */
static void reference_row(const float *score, const float *d, size_t seen, double scale, double *weight, double *slope)
{
    double largest = -INFINITY, sum = 0, mean = 0;
    for (size_t j = 0; j < seen; j++)
        largest = fmax(largest, (double)score[j] * scale);
    for (size_t j = 0; j < seen; j++)
        sum += weight[j] = exp((double)score[j] * scale - largest);
    for (size_t j = 0; j < seen; j++) {
        weight[j] /= sum;
        mean += weight[j] * (double)d[j];
    }
    for (size_t j = 0; j < seen; j++)
        slope[j] = weight[j] * ((double)d[j] - mean) * scale;
}

static void check_softmax(const struct kernels *kernels, size_t position)
{
    static float score[BLOCK], weight[BLOCK], d[BLOCK], slope[BLOCK];
    const struct attention_rows rows = {.rows = STRIDE - position < ROWS ? STRIDE - position : ROWS,
                                        .stride = STRIDE,
                                        .position = position,
                                        .scale = 0.3f};
    fill_uniform(score, BLOCK, 1, 20);
    fill_uniform(d, BLOCK, 2, 1);
    memcpy(weight, score, sizeof weight);
    memcpy(slope, d, sizeof slope);
    for (size_t i = 0; i < rows.rows; i++)
        for (size_t j = position + i + 1; j < STRIDE; j++)
            weight[i * STRIDE + j] = slope[i * STRIDE + j] = NAN; /* must not be looked at */
    kernels->causal_softmax(&rows, weight, NULL);
    kernels->causal_softmax_backward(&rows, weight, slope, NULL);
    for (size_t i = 0; i < rows.rows; i++) {
        double want[STRIDE], want_slope[STRIDE];
        reference_row(score + i * STRIDE, d + i * STRIDE, position + i + 1, 0.3f, want, want_slope);
        for (size_t j = 0; j < STRIDE; j++) {
            const double w = (double)weight[i * STRIDE + j], s = (double)slope[i * STRIDE + j];
            if (j > position + i && (w != 0 || s != 0))
                ck_abort_msg("beyond the diagonal there is %g and %g", w, s);
            if (j <= position + i && (fabs(w - want[j]) > 1e-6 * want[j] + 1e-9 || fabs(s - want_slope[j]) > 2e-7))
                ck_abort_msg("row %zu, column %zu: weight %.9g, not %.9g; slope %.9g, not %.9g", i, j, w, want[j], s,
                             want_slope[j]);
        }
    }
}

START_TEST(causal_softmax_agrees_with_double_precision)
{
    for (size_t l = 0; l < level_count; l++)
        for (size_t position = 0; position < STRIDE; position += 11)
            check_softmax(levels[l], position);
}
END_TEST

/* Dropped weights are the weights or zero, and the gradient passes the same ones. */
START_TEST(causal_softmax_drops_both_ways_alike)
{
    static float weight[BLOCK], dropped[BLOCK], again[BLOCK], d[BLOCK], plain[BLOCK];
    const struct dropout_mask mask = {.key = 77, .threshold = 0x40000000u, .scale = 1 / 0.75f};
    const struct attention_rows rows = {.rows = ROWS, .stride = STRIDE, .scale = 1, .mask = &mask, .first = 1000};
    const struct attention_rows undropped = {.rows = ROWS, .stride = STRIDE, .scale = 1};
    for (size_t l = 0; l < level_count; l++) {
        fill_uniform(weight, BLOCK, 1, 2);
        fill_uniform(d, BLOCK, 2, 1);
        levels[l]->causal_softmax(&rows, weight, dropped);
        memcpy(plain, d, sizeof plain);
        for (size_t i = 0; i < BLOCK; i++) {
            const bool kept = random_bits(77, (uint32_t)(1000 + i)) >= mask.threshold;
            ck_assert_float_eq(dropped[i], kept ? weight[i] * mask.scale : 0);
            plain[i] = kept ? d[i] * mask.scale : 0;
        }
        levels[l]->causal_softmax_backward(&rows, weight, d, again);
        levels[l]->causal_softmax_backward(&undropped, weight, plain, NULL);
        ck_assert_mem_eq(again, dropped, sizeof again);
        ck_assert_mem_eq(d, plain, sizeof d);
    }
}
END_TEST

START_TEST(causal_softmax_has_the_same_bits_at_every_level)
{
    static float weight[2][BLOCK], d[2][BLOCK], dropped[2][BLOCK];
    const struct dropout_mask mask = {.key = 5, .threshold = 0x20000000u, .scale = 1 / 0.875f};
    for (uint32_t round = 0; round < 20; round++) {
        const struct attention_rows rows = {
            .rows = ROWS, .stride = STRIDE, .position = round % 11, .scale = 0.7f, .mask = round % 2 ? &mask : NULL};
        for (size_t l = 0; l < level_count; l++) {
            const size_t to = l > 0;
            if (round % 4 == 3)
                fill_wild(weight[to], BLOCK, round);
            else
                fill_uniform(weight[to], BLOCK, round, 30);
            fill_uniform(d[to], BLOCK, round + 100, 3);
            levels[l]->causal_softmax(&rows, weight[to], dropped[to]);
            levels[l]->causal_softmax_backward(&rows, weight[to], d[to], dropped[to]);
            assert_same(weight[to], weight[0], BLOCK, "weights", l);
            assert_same(d[to], d[0], BLOCK, "slopes", l);
            assert_same(dropped[to], dropped[0], BLOCK, "dropped weights", l);
        }
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("kernels_language");
    TCase *cases = tcase_create("kernels_language");
    tcase_add_checked_fixture(cases, find_levels, NULL);
    tcase_add_test(cases, normal_tail_is_as_good_as_it_says);
    tcase_add_test(cases, gelu_agrees_with_the_mathematics);
    tcase_add_test(cases, gelu_has_its_limits_and_shows_nan);
    tcase_add_test(cases, elementwise_kernels_have_the_same_bits_at_every_level);
    tcase_add_test(cases, causal_softmax_agrees_with_double_precision);
    tcase_add_test(cases, causal_softmax_drops_both_ways_alike);
    tcase_add_test(cases, causal_softmax_has_the_same_bits_at_every_level);
    suite_add_tcase(suite, cases);
    return suite;
}
