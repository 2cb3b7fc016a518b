/* Every optimiser against a slow double-precision copy of its formula, against steps worked out by hand, on a parabola
 * whose course is known, and level against level. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "nn/denormal.h"
#include "nn/optimizer.h"
#include "suite.h"

#define LEVELS_MOST 4
#define STEPS       25

/* Two layers: a 5 x 11 weight with 5 zero columns of padding, its bias, and a 600 x 16 weight, long enough for several
 * stretches. */
struct fixture {
    struct params params;
    struct param_slice slice[3];
    float *moments[OPTIMIZER_MOMENTS_MAX];
};

static float wave(size_t i, unsigned salt)
{
    return (float)sin(0.7 * (double)i + salt) * 0.3f;
}

static void fixture_open(struct fixture *f)
{
    *f = (struct fixture){.params = {.layers = 2}};
    f->params.slice = f->slice;
    params_add(&f->params, PARAM_INWARD, 11, 5, 0, true);
    params_add(&f->params, PARAM_VECTOR, 11, 1, 0, false);
    params_add(&f->params, PARAM_INWARD, 16, 600, 1, true);
    f->params.value = mem_alloc(f->params.size, sizeof(float));
    f->params.gradient = mem_alloc(f->params.size, sizeof(float));
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        f->moments[m] = mem_alloc(f->params.size, sizeof(float));
    for (size_t s = 0; s < f->params.slices; s++)
        for (size_t in = 0; in < f->slice[s].in; in++)
            for (size_t out = 0; out < f->slice[s].out; out++)
                f->params.value[param_at(&f->slice[s], out, in)] = wave(in * 31 + out, (unsigned)s);
}

static void fixture_close(struct fixture *f)
{
    mem_free(f->params.value);
    mem_free(f->params.gradient);
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        mem_free(f->moments[m]);
}

/* A gradient that changes from step to step; padding stays zero. */
static void fixture_gradient(struct fixture *f, unsigned step)
{
    for (size_t s = 0; s < f->params.slices; s++)
        for (size_t in = 0; in < f->slice[s].in; in++)
            for (size_t out = 0; out < f->slice[s].out; out++)
                f->params.gradient[param_at(&f->slice[s], out, in)] =
                    wave(in * 17 + 3 * out, 5 + step) * (s == 1 ? 4 : 1);
}

static bool decays_at(const struct fixture *f, size_t i)
{
    return i >= f->slice[2].offset || i < f->slice[1].offset;
}

/* The formulas as PyTorch's documentation has them, one parameter at a time. */
struct scalar {
    double p, m, v;
};

static void scalar_step(struct scalar *s, enum optimizer_id id, double g, const struct optimizer_settings *set,
                        bool decays)
{
    double lr = (double)set->lr, mu = (double)set->momentum, wd = decays ? (double)set->weight_decay : 0;
    if (id == OPTIMIZER_ADAMW)
        s->p *= 1 - lr * wd;
    else
        g += wd * s->p;
    switch (id) {
    case OPTIMIZER_SGD:
        s->p -= lr * g;
        break;
    case OPTIMIZER_MOMENTUM:
        s->m = mu * s->m + g;
        s->p -= lr * s->m;
        break;
    case OPTIMIZER_NESTEROV:
        s->m = mu * s->m + g;
        s->p -= lr * (g + mu * s->m);
        break;
    case OPTIMIZER_RMSPROP:
        s->v = 0.99 * s->v + 0.01 * g * g;
        s->p -= lr * g / (sqrt(s->v) + 1e-8);
        break;
    default:
        s->m = mu * s->m + (1 - mu) * g;
        s->v = 0.999 * s->v + 0.001 * g * g;
        s->p -= lr * s->m / (1 - pow(mu, (double)set->t)) / (sqrt(s->v / (1 - pow(0.999, (double)set->t))) + 1e-8);
    }
}

START_TEST(follows_the_formula)
{
    enum optimizer_id id = (enum optimizer_id)_i;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    for (size_t l = 0; l < levels; l++) {
        struct fixture f;
        fixture_open(&f);
        struct scalar *scalar = mem_alloc(f.params.size, sizeof *scalar);
        for (size_t i = 0; i < f.params.size; i++)
            scalar[i].p = (double)f.params.value[i];
        for (unsigned t = 1; t <= STEPS; t++) {
            struct optimizer_settings settings = {.lr = 0.03f, .weight_decay = 0.02f, .momentum = 0.8f, .t = t};
            struct step_report report;
            fixture_gradient(&f, t);
            double weight[2] = {0}, update[2] = {0}, gradient[2] = {0};
            for (size_t i = 0; i < f.params.size; i++) {
                unsigned layer = i >= f.slice[2].offset;
                double before = scalar[i].p, g = (double)f.params.gradient[i];
                scalar_step(&scalar[i], id, g, &settings, decays_at(&f, i));
                weight[layer] += before * before;
                gradient[layer] += g * g;
                update[layer] += (scalar[i].p - before) * (scalar[i].p - before);
            }
            ck_assert(optimizer_step(id, level[l], &f.params, f.moments, &settings, &report));
            for (unsigned layer = 0; layer < 2; layer++) {
                ck_assert_double_eq_tol((double)report.gradient[layer], sqrt(gradient[layer]),
                                        1e-5 * sqrt(gradient[layer]));
                double ratio = sqrt(update[layer] / weight[layer]);
                ck_assert_double_eq_tol((double)report.ratio[layer], ratio, 2e-5 * ratio);
            }
            ck_assert_float_eq(report.gradient[2], 0);
            ck_assert_float_eq(report.ratio[2], 0);
            double norm = sqrt(gradient[0] + gradient[1]), weights = sqrt(weight[0] + weight[1]),
                   ratio = sqrt(update[0] + update[1]) / weights;
            ck_assert_double_eq_tol((double)report.gradient_norm, norm, 1e-5 * norm);
            ck_assert_double_eq_tol((double)report.update_ratio, ratio, 2e-5 * ratio);
            ck_assert_double_eq_tol((double)report.weight_norm, weights, 1e-5 * weights);
        }
        for (size_t i = 0; i < f.params.size; i++)
            ck_assert_msg(fabs((double)f.params.value[i] - scalar[i].p) < 2e-6, "%s: parameter %zu is %.9g, not %.9g",
                          optimizer_row(id)->name, i, (double)f.params.value[i], scalar[i].p);
        for (size_t in = 0; in < 5; in++) /* padding is untouched */
            ck_assert_float_eq(f.params.value[in * 16 + 11], 0);
        mem_free(scalar);
        fixture_close(&f);
    }
}
END_TEST

START_TEST(levels_agree_in_every_bit)
{
    enum optimizer_id id = (enum optimizer_id)_i;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    struct fixture first = {0};
    struct step_report first_report[STEPS];
    for (size_t l = 0; l < levels; l++) {
        struct fixture f;
        struct step_report report[STEPS];
        fixture_open(&f);
        for (unsigned t = 1; t <= STEPS; t++) {
            struct optimizer_settings settings = {
                .lr = 0.03f, .weight_decay = 0.02f, .momentum = 0.8f, .clip = 9, .t = t};
            fixture_gradient(&f, t);
            ck_assert(optimizer_step(id, level[l], &f.params, f.moments, &settings, &report[t - 1]));
        }
        if (l == 0) {
            first = f;
            memcpy(first_report, report, sizeof report);
            continue;
        }
        size_t bytes = f.params.size * sizeof(float);
        ck_assert_mem_eq(f.params.value, first.params.value, bytes);
        for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
            ck_assert_mem_eq(f.moments[m], first.moments[m], bytes);
        ck_assert_mem_eq(report, first_report, sizeof report);
        fixture_close(&f);
    }
    fixture_close(&first);
}
END_TEST

/* Gradients that fade from 1e-12 to nothing, as those of a net that has learnt all its data do: the moments pass through
 * the denormal numbers.  Flushed, no denormal number is kept, and the levels agree in every bit on the way. */
START_TEST(fading_moments_are_flushed_alike_at_every_level)
{
    enum optimizer_id id = (enum optimizer_id)_i;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    struct fixture first = {0};
    for (size_t l = 0; l < levels; l++) {
        struct fixture f;
        fixture_open(&f);
        for (unsigned t = 1; t <= 1500; t++) {
            const struct optimizer_settings settings = {.lr = 0.03f, .momentum = 0.9f, .t = t};
            struct step_report report;
            fixture_gradient(&f, t);
            for (size_t i = 0; i < f.params.size; i++)
                f.params.gradient[i] *= 1e-12f * powf(0.8f, (float)t);
            const unsigned mode = denormal_flush();
            ck_assert(optimizer_step(id, level[l], &f.params, f.moments, &settings, &report));
            denormal_restore(mode);
        }
        for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
            for (size_t i = 0; i < f.params.size; i++)
                ck_assert_int_ne(fpclassify(f.moments[m][i]), FP_SUBNORMAL);
        if (l == 0) {
            first = f;
            continue;
        }
        ck_assert_mem_eq(f.params.value, first.params.value, f.params.size * sizeof(float));
        for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
            ck_assert_mem_eq(f.moments[m], first.moments[m], f.params.size * sizeof(float));
        fixture_close(&f);
    }
    fixture_close(&first);
}
END_TEST

/* One parameter of value p and gradient g. */
struct single {
    struct params params;
    struct param_slice slice;
    _Alignas(64) float value[16], gradient[16], first[16], second[16];
};

static void single_open(struct single *one, float p, float g)
{
    *one = (struct single){.params = {.layers = 1}};
    one->params.slice = &one->slice;
    params_add(&one->params, PARAM_VECTOR, 1, 1, 0, true);
    one->params.value = one->value;
    one->params.gradient = one->gradient;
    one->value[0] = p;
    one->gradient[0] = g;
}

static bool single_step(struct single *one, enum optimizer_id id, const struct optimizer_settings *settings,
                        struct step_report *report)
{
    float *const moments[] = {one->first, one->second};
    return optimizer_step(id, kernels_choose(), &one->params, moments, settings, report);
}

START_TEST(first_steps_by_hand)
{
    /* p = 1, g = 0.5, lr 0.1, mu 0.9, no decay; twice the same gradient. */
    const double expected[OPTIMIZER_COUNT][2] = {
        [OPTIMIZER_SGD] = {0.95, 0.90},
        [OPTIMIZER_MOMENTUM] = {0.95, 0.855},      /* v = .5, .95 */
        [OPTIMIZER_NESTEROV] = {0.905, 0.7695},    /* g + mu v = .95, 1.355 */
        [OPTIMIZER_RMSPROP] = {0.0, -0.708881205}, /* 1/sqrt(.01), 1/sqrt(.0199) */
        [OPTIMIZER_ADAM] = {0.9, 0.8},             /* both corrected moments are those of the gradient itself */
        [OPTIMIZER_ADAMW] = {0.9, 0.8},
    };
    for (int id = 0; id < OPTIMIZER_COUNT; id++) {
        struct single one;
        struct step_report report;
        single_open(&one, 1, 0.5f);
        for (unsigned t = 1; t <= 2; t++) {
            struct optimizer_settings settings = {.lr = 0.1f, .momentum = 0.9f, .t = t};
            ck_assert(single_step(&one, (enum optimizer_id)id, &settings, &report));
            ck_assert_msg(fabs((double)one.value[0] - expected[id][t - 1]) < 1e-6, "%s step %u: %.9g",
                          optimizer_row((size_t)id)->name, t, (double)one.value[0]);
        }
    }
}
END_TEST

/* On p^2/2 SGD shrinks p by the factor 1 - lr; beyond lr = 2 it grows. */
START_TEST(sgd_on_a_parabola)
{
    struct single one;
    struct step_report report;
    struct optimizer_settings settings = {.lr = 0.25f};
    single_open(&one, 3, 0);
    for (settings.t = 1; settings.t <= 40; settings.t++) {
        one.gradient[0] = one.value[0];
        ck_assert(single_step(&one, OPTIMIZER_SGD, &settings, &report));
        ck_assert_float_eq_tol(report.ratio[0], 0.25f, 1e-6f);
    }
    ck_assert_double_eq_tol((double)one.value[0], 3 * pow(0.75, 40), 1e-9);
    settings.lr = 2.5f;
    for (int i = 0; i < 10; i++) {
        one.gradient[0] = one.value[0];
        single_step(&one, OPTIMIZER_SGD, &settings, &report);
    }
    ck_assert_double_eq_tol((double)one.value[0], 3 * pow(0.75, 40) * pow(1.5, 10), 1e-7);
}
END_TEST

START_TEST(decay_spares_what_does_not_decay)
{
    for (int id = 0; id < OPTIMIZER_COUNT; id++) {
        struct single one;
        struct step_report report;
        struct optimizer_settings settings = {.lr = 0.1f, .weight_decay = 0.5f, .momentum = 0.9f, .t = 1};
        single_open(&one, 2, 0);
        one.slice.decays = false;
        ck_assert(single_step(&one, (enum optimizer_id)id, &settings, &report));
        ck_assert_float_eq(one.value[0], 2);
        one.slice.decays = true;
        ck_assert(single_step(&one, (enum optimizer_id)id, &settings, &report));
        ck_assert_float_lt(one.value[0], 2);
    }
}
END_TEST

START_TEST(adamw_decays_apart_from_the_gradient)
{
    struct single one;
    struct step_report report;
    struct optimizer_settings settings = {.lr = 0.1f, .weight_decay = 0.5f, .momentum = 0.9f, .t = 1};
    single_open(&one, 2, 0);
    ck_assert(single_step(&one, OPTIMIZER_ADAMW, &settings, &report));
    ck_assert_float_eq_tol(one.value[0], 1.9f, 1e-6f); /* 2 (1 - .1 x .5) */
    ck_assert_float_eq(one.first[0], 0);
    single_open(&one, 2, 0);
    ck_assert(single_step(&one, OPTIMIZER_ADAM, &settings, &report));
    ck_assert_float_eq_tol(one.value[0], 1.9f, 1e-6f); /* its own first step is lr, whatever the decay */
    ck_assert_float_eq_tol(one.first[0], 0.1f, 1e-6f);
}
END_TEST

START_TEST(clipping_keeps_the_direction)
{
    struct single one;
    struct step_report report;
    struct optimizer_settings settings = {.lr = 1, .clip = 2.5f, .t = 1};
    single_open(&one, 0, 3);
    one.slice.out = 2;
    one.gradient[1] = -4;
    ck_assert(single_step(&one, OPTIMIZER_SGD, &settings, &report));
    ck_assert_float_eq_tol(report.gradient_norm, 5, 1e-6f); /* as it was before */
    ck_assert_float_eq_tol(one.value[0], -1.5f, 1e-6f);
    ck_assert_float_eq_tol(one.value[1], 2, 1e-6f);
    settings.clip = 5.5f; /* long enough: nothing is clipped */
    ck_assert(single_step(&one, OPTIMIZER_SGD, &settings, &report));
    ck_assert_float_eq_tol(one.value[0], -4.5f, 1e-6f);
    ck_assert_float_eq(report.update_ratio, 2);
}
END_TEST

START_TEST(a_gradient_that_is_no_number_changes_nothing)
{
    const float bad[] = {NAN, INFINITY, -INFINITY, 3e30f};
    for (int id = 0; id < OPTIMIZER_COUNT; id++)
        for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++) {
            struct single one;
            struct step_report report;
            struct optimizer_settings settings = {
                .lr = 0.1f, .weight_decay = 0.1f, .momentum = 0.9f, .clip = 1, .t = 1};
            single_open(&one, 1, bad[b]);
            ck_assert(!single_step(&one, (enum optimizer_id)id, &settings, &report));
            ck_assert_float_eq(one.value[0], 1);
            ck_assert_float_eq(one.first[0], 0);
            ck_assert_float_eq(one.second[0], 0);
            ck_assert(!isfinite(report.gradient_norm) && !isfinite(report.gradient[0]));
        }
}
END_TEST

START_TEST(weights_that_are_zero_have_no_ratio)
{
    struct single one;
    struct step_report report;
    struct optimizer_settings settings = {.lr = 0.1f, .t = 1};
    single_open(&one, 0, 1);
    ck_assert(single_step(&one, OPTIMIZER_SGD, &settings, &report));
    ck_assert_float_eq(report.ratio[0], 0);
    ck_assert_float_eq(report.update_ratio, 0);
}
END_TEST

/* Adam's bias corrections late in a run are 1 and stay finite. */
START_TEST(a_hundred_million_steps)
{
    struct single one;
    struct step_report report;
    struct optimizer_settings settings = {.lr = 0.1f, .momentum = 0.9f, .t = 100000000};
    single_open(&one, 1, 0.5f);
    one.first[0] = 0.5f;
    one.second[0] = 0.25f;
    ck_assert(single_step(&one, OPTIMIZER_ADAM, &settings, &report));
    ck_assert_float_eq_tol(one.value[0], 0.9f, 1e-6f);
}
END_TEST

START_TEST(a_frozen_slice_is_neither_updated_nor_measured)
{
    struct fixture f, other;
    fixture_open(&f);
    fixture_open(&other);
    struct optimizer_settings settings = {.lr = 0.1f, .weight_decay = 0.5f, .momentum = 0.9f, .t = 1};
    struct step_report report, all;
    fixture_gradient(&f, 1);
    fixture_gradient(&other, 1);
    f.slice[0].frozen = true;
    ck_assert(optimizer_step(OPTIMIZER_ADAM, kernels_choose(), &f.params, f.moments, &settings, &report));
    ck_assert(optimizer_step(OPTIMIZER_ADAM, kernels_choose(), &other.params, other.moments, &settings, &all));
    for (size_t at = 0; at < f.slice[0].floats; at++)
        ck_assert_float_eq(f.moments[0][at], 0);
    ck_assert_float_eq(f.params.value[param_at(&f.slice[0], 3, 2)], wave(2 * 31 + 3, 0));
    const size_t moved = param_at(&f.slice[2], 5, 7);
    ck_assert_float_eq(f.params.value[moved], other.params.value[moved]);
    ck_assert(report.gradient[0] > 0 && report.gradient[0] < all.gradient[0]);
    ck_assert_float_eq(report.gradient[1], all.gradient[1]);
    fixture_close(&f);
    fixture_close(&other);
}
END_TEST

START_TEST(layers_beyond_the_report_count_in_the_totals)
{
    enum { LAYERS = STEP_LAYERS + 3 };
    struct param_slice slice[LAYERS] = {0};
    _Alignas(64) float value[LAYERS * 16] = {0}, gradient[LAYERS * 16] = {0};
    struct params params = {.value = value, .gradient = gradient, .slice = slice, .layers = LAYERS};
    for (unsigned i = 0; i < LAYERS; i++) {
        params_add(&params, PARAM_VECTOR, 1, 1, i, false);
        value[i * 16] = 1;
        gradient[i * 16] = 2;
    }
    struct optimizer_settings settings = {.lr = 0.5f, .t = 1};
    struct step_report report;
    ck_assert(optimizer_step(OPTIMIZER_SGD, kernels_choose(), &params, NULL, &settings, &report));
    ck_assert_float_eq_tol(report.gradient_norm, 2 * sqrtf(LAYERS), 1e-5f);
    ck_assert_float_eq(report.update_ratio, 1);
    ck_assert_float_eq(report.gradient[STEP_LAYERS - 1], 2);
    ck_assert_float_eq(value[(LAYERS - 1) * 16], 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("optimizer");
    TCase *cases = tcase_create("optimizer");
    tcase_add_loop_test(cases, follows_the_formula, 0, OPTIMIZER_COUNT);
    tcase_add_loop_test(cases, levels_agree_in_every_bit, 0, OPTIMIZER_COUNT);
    tcase_add_loop_test(cases, fading_moments_are_flushed_alike_at_every_level, 0, OPTIMIZER_COUNT);
    tcase_add_test(cases, first_steps_by_hand);
    tcase_add_test(cases, sgd_on_a_parabola);
    tcase_add_test(cases, decay_spares_what_does_not_decay);
    tcase_add_test(cases, adamw_decays_apart_from_the_gradient);
    tcase_add_test(cases, clipping_keeps_the_direction);
    tcase_add_test(cases, a_gradient_that_is_no_number_changes_nothing);
    tcase_add_test(cases, weights_that_are_zero_have_no_ratio);
    tcase_add_test(cases, a_hundred_million_steps);
    tcase_add_test(cases, a_frozen_slice_is_neither_updated_nor_measured);
    tcase_add_test(cases, layers_beyond_the_report_count_in_the_totals);
    suite_add_tcase(suite, cases);
    return suite;
}
