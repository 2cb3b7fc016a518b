/* A dense layer's three products, however its weights lie and whoever multiplies: against plain loops, and bit by bit
 * against each other where the project's own kernels do. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "nn/dense.h"
#include "nn/params.h"

#define ROWS    21
#define IN_MOST 40
#define IN_PAD  40
#define OUT_PAD 24
#define GUARD   7.0f

/* The parameters of a layer and what its products leave. */
struct layer_run {
    struct dense dense;
    struct param_slice slice[2];
    struct params params;
    float value[IN_PAD * OUT_PAD * 3], gradient[IN_PAD * OUT_PAD * 3];
    float y[ROWS * OUT_PAD], dx[ROWS * IN_PAD];
};

/* Numbers between -1 and 1 in `width` columns, zero in the padding. */
static void fill_matrix(float *out, size_t rows, size_t width, uint32_t key)
{
    const size_t stride = kernel_pad(width);
    memset(out, 0, rows * stride * sizeof *out);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < width; c++)
            out[r * stride + c] = 2 * random_uniform(key, (uint32_t)(r * width + c)) - 1;
}

static void set_up(struct layer_run *run, const struct dense *dense, bool bias)
{
    *run = (struct layer_run){.dense = *dense};
    run->params = (struct params){.value = run->value, .gradient = run->gradient, .slice = run->slice};
    const struct param_slice *weight =
        params_add(&run->params, dense->outward ? PARAM_OUTWARD : PARAM_INWARD, dense->out, dense->in, 0, true);
    run->dense.weight = weight->offset;
    for (size_t o = 0; o < dense->out; o++)
        for (size_t i = 0; i < dense->in; i++)
            params_set(&run->params, weight, o, i, 2 * random_uniform(1, (uint32_t)(o * IN_MOST + i)) - 1);
    if (bias) {
        const struct param_slice *slice = params_add(&run->params, PARAM_VECTOR, dense->out, 1, 0, false);
        run->dense.bias = slice->offset;
        for (size_t o = 0; o < dense->out; o++)
            params_set(&run->params, slice, o, 0, random_uniform(2, (uint32_t)o));
    }
    ck_assert_uint_le(run->params.size, sizeof run->value / sizeof *run->value);
    for (size_t i = 0; i < ROWS * OUT_PAD; i++)
        run->y[i] = GUARD;
    for (size_t i = 0; i < ROWS * IN_PAD; i++)
        run->dx[i] = GUARD;
    for (size_t i = 0; i < run->params.size; i++)
        run->gradient[i] = GUARD;
}

static void go(struct layer_run *run, const struct kernels *kernels, const float *x, const float *d)
{
    const struct dense_input input = {x, ROWS, run->dense.in_stride};
    dense_forward(&run->dense, kernels, run->value, &input, false, false, run->y);
    dense_gradient(&run->dense, kernels, run->gradient, &input, d);
    dense_backward(&run->dense, kernels, run->value, ROWS, d, NULL, run->dx);
}

static float gradient_at(const struct layer_run *run, size_t slice, size_t out, size_t in)
{
    return run->gradient[param_at(&run->slice[slice], out, in)];
}

static void expect(double got, double want)
{
    ck_assert_double_eq_tol(got, want, 1e-5);
}

/* Against sums in double precision; padding is zero. */
static void check_sums(const struct layer_run *run, const float *x, const float *d)
{
    const struct dense *dense = &run->dense;
    const bool bias = dense->bias != DENSE_NO_BIAS;
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t o = 0; o < dense->out_stride; o++) {
            double sum = bias && o < dense->out ? (double)run->value[dense->bias + o] : 0;
            for (size_t i = 0; o < dense->out && i < dense->in; i++)
                sum += (double)x[r * dense->in_stride + i] * (double)params_get(&run->params, run->slice, o, i);
            expect((double)run->y[r * dense->out_stride + o], sum);
        }
        for (size_t i = 0; i < dense->in_stride; i++) {
            double sum = 0;
            for (size_t o = 0; i < dense->in && o < dense->out; o++)
                sum += (double)d[r * dense->out_stride + o] * (double)params_get(&run->params, run->slice, o, i);
            expect((double)run->dx[r * dense->in_stride + i], sum);
        }
    }
    for (size_t o = 0; o < dense->out; o++) {
        double column = 0;
        for (size_t r = 0; r < ROWS; r++)
            column += (double)d[r * dense->out_stride + o];
        if (bias)
            expect((double)gradient_at(run, 1, o, 0), column);
        for (size_t i = 0; i < dense->in; i++) {
            double sum = 0;
            for (size_t r = 0; r < ROWS; r++)
                sum += (double)x[r * dense->in_stride + i] * (double)d[r * dense->out_stride + o];
            expect((double)gradient_at(run, 0, o, i), sum);
        }
    }
}

static void check_same_bits(const struct layer_run *a, const struct layer_run *b)
{
    ck_assert_mem_eq(a->y, b->y, sizeof a->y);
    ck_assert_mem_eq(a->dx, b->dx, sizeof a->dx);
    for (size_t s = 0; s < a->params.slices; s++)
        for (size_t o = 0; o < a->slice[s].out; o++)
            for (size_t i = 0; i < a->slice[s].in; i++)
                ck_assert_float_eq(gradient_at(a, s, o, i), gradient_at(b, s, o, i));
}

static void check_layer(const struct kernels *kernels, size_t in, size_t out, bool bias)
{
    static struct layer_run run[2];
    static float x[ROWS * IN_PAD], d[ROWS * OUT_PAD];
    const struct dense_tools tools = {kernels, 1};
    struct dense dense = dense_shape(&tools, in, out);
    fill_matrix(x, ROWS, in, 3);
    fill_matrix(d, ROWS, out, 4);
    for (int blas = 0; blas < 2; blas++) {
        dense.blas = blas;
        for (int outward = 0; outward < 2; outward++) {
            dense.outward = outward;
            set_up(&run[outward], &dense, bias);
            go(&run[outward], kernels, x, d);
            check_sums(&run[outward], x, d);
        }
        if (!blas)
            check_same_bits(&run[0], &run[1]);
    }
}

START_TEST(products_are_the_same_however_the_weights_lie)
{
    static const size_t widths[][2] = {{1, 1}, {5, 3}, {17, 10}, {16, 8}, {40, 19}, {3, 24}, {33, 1}};
    const struct kernels *levels[4];
    const size_t count = kernels_all(levels, 4);
    for (size_t l = 0; l < count; l++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            for (int bias = 0; bias < 2; bias++)
                check_layer(levels[l], widths[w][0], widths[w][1], bias);
}
END_TEST

/* A snapshot or a hash of the block must not depend on what a machine multiplies with. */
START_TEST(widths_alone_say_how_the_weights_lie)
{
    const struct kernels *levels[4];
    const size_t count = kernels_all(levels, 4);
    for (size_t l = 0; l < count; l++)
        for (unsigned threads = 1; threads < 3; threads++) {
            const struct dense_tools tools = {levels[l], threads};
            ck_assert(dense_shape(&tools, 64, 10).outward);
            ck_assert(dense_shape(&tools, 4096, 12).outward);
            ck_assert(dense_shape(&tools, 100000, 1).outward);
            ck_assert(!dense_shape(&tools, 64, 64).outward);
            ck_assert(!dense_shape(&tools, 8, 2).outward);
        }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("dense");
    TCase *tests = tcase_create("dense");
    tcase_add_test(tests, products_are_the_same_however_the_weights_lie);
    tcase_add_test(tests, widths_alone_say_how_the_weights_lie);
    suite_add_tcase(suite, tests);
    return suite;
}
