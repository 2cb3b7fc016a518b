/* Losses against double-precision formulas and central differences, far out at logits of ±1e4, and level against
 * level. */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "nn/loss.h"
#include "suite.h"

#define LEVELS_MOST 4
#define ROWS_MOST   41
#define STRIDE_MOST 48

/* A batch: one call of a loss. */
struct batch {
    enum loss_id loss;
    size_t outputs, stride, rows;
    float logits[ROWS_MOST * STRIDE_MOST], d_logits[ROWS_MOST * STRIDE_MOST], per_row[ROWS_MOST];
    int32_t label[ROWS_MOST];
    float target[ROWS_MOST];
};

static float *logit(struct batch *b, size_t row, size_t output)
{
    return &b->logits[row * b->stride + output];
}

static void batch_fill(struct batch *b, enum loss_id loss, size_t outputs, size_t rows, float spread)
{
    memset(b, 0, sizeof *b);
    b->loss = loss;
    b->outputs = outputs;
    b->stride = kernel_pad(outputs);
    b->rows = rows;
    for (size_t row = 0; row < rows; row++) {
        for (size_t k = 0; k < outputs; k++)
            *logit(b, row, k) = (float)sin(1.3 * (double)(row * outputs + k) + (double)outputs) * spread;
        b->label[row] = (int32_t)((row * 7 + row / 3) % (outputs > 1 ? outputs : 2));
        b->target[row] = (float)cos(2.1 * (double)row) * spread;
    }
    memset(b->d_logits, 0x55, sizeof b->d_logits); /* padding must be overwritten with zeros */
}

static float batch_compute(struct batch *b, const struct kernels *kernels)
{
    struct loss_answers answers = {.label = b->label, .target = b->target};
    return loss_table[b->loss].compute(kernels, b->logits, b->stride, b->outputs, b->rows, &answers, b->d_logits,
                                       b->per_row);
}

/* The loss of a row by its definition, in double precision. */
static double row_loss(const struct batch *b, size_t row, const double *z)
{
    double e = z[0] - (double)b->target[row], largest = z[0], sum = 0;
    switch (b->loss) {
    case LOSS_MSE:
        return e * e;
    case LOSS_HUBER:
        return fabs(e) < 1 ? e * e / 2 : fabs(e) - 0.5;
    case LOSS_BCE:
        e = b->label[row] ? -z[0] : z[0];
        return e > 0 ? e + log1p(exp(-e)) : log1p(exp(e));
    default:
        for (size_t k = 1; k < b->outputs; k++)
            largest = fmax(largest, z[k]);
        for (size_t k = 0; k < b->outputs; k++)
            sum += exp(z[k] - largest);
        return log(sum) + largest - z[b->label[row]];
    }
}

static void row_logits(struct batch *b, size_t row, double *z)
{
    for (size_t k = 0; k < b->outputs; k++)
        z[k] = (double)*logit(b, row, k);
}

static void assert_right(struct batch *b, const struct kernels *kernels)
{
    double mean = 0, z[STRIDE_MOST];
    float got = batch_compute(b, kernels);
    const char *name = loss_table[b->loss].name;
    for (size_t row = 0; row < b->rows; row++) {
        row_logits(b, row, z);
        double loss = row_loss(b, row, z);
        mean += loss / (double)b->rows;
        ck_assert_msg(fabs((double)b->per_row[row] - loss) <= 2e-6 * fmax(loss, 1e-3),
                      "%s %s, %zu outputs, row %zu of %zu: %.9g is not %.9g", kernels_name(kernels), name, b->outputs,
                      row, b->rows, (double)b->per_row[row], loss);
        for (size_t k = 0; k < b->stride; k++) {
            double slope = 0, d = (double)b->d_logits[row * b->stride + k];
            if (k < b->outputs) {
                double h = 1e-5, here = z[k];
                z[k] = here + h;
                slope = row_loss(b, row, z);
                z[k] = here - h;
                slope = (slope - row_loss(b, row, z)) / (2 * h) / (double)b->rows;
                z[k] = here;
            }
            ck_assert_msg(fabs(d - slope) <= 1e-6 + 1e-5 * fabs(slope),
                          "%s %s, %zu outputs: slope %zu of row %zu is %.9g, not %.9g", kernels_name(kernels), name,
                          b->outputs, k, row, d, slope);
        }
    }
    ck_assert_double_eq_tol((double)got, mean, 2e-6 * fmax(mean, 1e-3));
}

START_TEST(values_and_slopes)
{
    static struct batch b;
    enum loss_id loss = (enum loss_id)_i;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    const size_t classes[] = {2, 3, 8, 9, 10, 15, 16, 17, 24, 25, 40}, rows[] = {1, 2, 10, 15, 16, 17, 32, 41};
    size_t shapes = loss_outputs(loss, 2) == 2 ? sizeof classes / sizeof classes[0] : 1;
    for (size_t l = 0; l < levels; l++)
        for (size_t s = 0; s < shapes; s++)
            for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
                batch_fill(&b, loss, shapes == 1 ? 1 : classes[s], rows[r], 3);
                assert_right(&b, level[l]);
            }
}
END_TEST

START_TEST(levels_agree_in_every_bit)
{
    static struct batch b, first;
    enum loss_id loss = (enum loss_id)_i;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    const size_t classes[] = {2, 3, 10, 20, 40};
    for (size_t s = 0; s < sizeof classes / sizeof classes[0]; s++)
        for (size_t rows = 1; rows <= ROWS_MOST; rows += 5)
            for (size_t l = 0; l < levels; l++) {
                batch_fill(&b, loss, loss_outputs(loss, classes[s]), rows, 20);
                float mean = batch_compute(&b, level[l]);
                b.target[ROWS_MOST - 1] = mean;
                if (l == 0)
                    first = b;
                ck_assert_mem_eq(&b, &first, sizeof b);
            }
}
END_TEST

START_TEST(far_out_it_stays_a_number)
{
    static struct batch b;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    for (size_t l = 0; l < levels; l++)
        for (size_t classes = 2; classes <= 20; classes += 9) {
            batch_fill(&b, LOSS_CROSS_ENTROPY, classes, 3, 0);
            *logit(&b, 0, 0) = 1e4f; /* right, and sure */
            *logit(&b, 0, 1) = -1e4f;
            b.label[0] = 0;
            *logit(&b, 1, 0) = -1e4f; /* as wrong as can be */
            *logit(&b, 1, 1) = 1e4f;
            b.label[1] = 0;
            for (size_t k = 0; k < classes; k++)
                *logit(&b, 2, k) = -1e4f; /* undecided: ln K */
            batch_compute(&b, level[l]);
            ck_assert_float_eq(b.per_row[0], 0);
            ck_assert_float_eq(b.per_row[1], 2e4f);
            ck_assert_float_eq_tol(b.per_row[2], logf((float)classes), 1e-6f);
            ck_assert_float_eq(b.d_logits[0], 0);
            ck_assert_float_eq_tol(b.d_logits[b.stride], -1.0f / 3, 1e-7f);
            ck_assert_float_eq_tol(b.d_logits[b.stride + 1], 1.0f / 3, 1e-7f);
        }
    batch_fill(&b, LOSS_BCE, 1, 2, 0);
    b.logits[0] = 1e4f;
    b.label[0] = 0;
    b.logits[8] = 1e4f;
    b.label[1] = 1;
    ck_assert_float_eq(batch_compute(&b, kernels_choose()), 5e3f);
    ck_assert_float_eq(b.d_logits[0], 0.5f);
    ck_assert_float_eq(b.d_logits[8], 0);
}
END_TEST

/* A good model's loss is tiny; it must not become 0 by rounding (the curves are drawn on a log axis). */
START_TEST(a_tiny_loss_is_kept)
{
    static struct batch b;
    for (size_t classes = 2; classes <= 10; classes += 8) {
        batch_fill(&b, LOSS_CROSS_ENTROPY, classes, 1, 0);
        *logit(&b, 0, 1) = 30;
        b.label[0] = 1;
        float expected = (float)((double)(classes - 1) * exp(-30));
        ck_assert_float_eq_tol(batch_compute(&b, kernels_choose()), expected, expected * 1e-5f);
    }
}
END_TEST

/* Machines are slow over denormals: what is next to nothing is nothing, the gradient and its products with weights
 * alike. */
START_TEST(a_slope_is_none_or_a_fair_number)
{
    static struct batch b;
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    for (size_t l = 0; l < levels; l++)
        for (size_t classes = 2; classes <= 20; classes += 9)
            for (float spread = 1; spread < 200; spread += 1) {
                batch_fill(&b, LOSS_CROSS_ENTROPY, classes, 32, spread);
                batch_compute(&b, level[l]);
                for (size_t i = 0; i < b.rows * b.stride; i++)
                    ck_assert_msg(!(fabsf(b.d_logits[i]) < 1e-30f) || b.d_logits[i] == 0, "%g", (double)b.d_logits[i]);
            }
}
END_TEST

START_TEST(no_number_is_seen)
{
    static struct batch b;
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int loss = 0; loss < LOSS_COUNT; loss++)
        for (size_t classes = 2; classes <= 10; classes += 8)
            for (size_t i = 0; i < 3; i++)
                for (size_t at = 0; at < loss_outputs((enum loss_id)loss, classes); at++) {
                    batch_fill(&b, (enum loss_id)loss, loss_outputs((enum loss_id)loss, classes), 20, 1);
                    *logit(&b, 18, at) = bad[i];
                    b.label[18] = loss == LOSS_BCE ? bad[i] < 0 : (int32_t)(bad[i] < 0 ? at : (at + 1) % classes);
                    ck_assert_msg(!isfinite(batch_compute(&b, kernels_choose())), "%s of %g", loss_table[loss].name,
                                  (double)bad[i]);
                }
}
END_TEST

START_TEST(gradient_may_take_the_place_of_the_logits)
{
    static struct batch apart, within;
    for (int loss = 0; loss < LOSS_COUNT; loss++)
        for (size_t classes = 2; classes <= 20; classes += 6) {
            batch_fill(&apart, (enum loss_id)loss, loss_outputs((enum loss_id)loss, classes), 19, 2);
            within = apart;
            struct loss_answers answers = {.label = within.label, .target = within.target};
            float expected = batch_compute(&apart, kernels_choose());
            float alone = loss_table[loss].compute(kernels_choose(), within.logits, within.stride, within.outputs, 19,
                                                   &answers, NULL, NULL);
            float mean = loss_table[loss].compute(kernels_choose(), within.logits, within.stride, within.outputs, 19,
                                                  &answers, within.logits, NULL);
            ck_assert_float_eq(mean, expected);
            ck_assert_float_eq(alone, expected);
            ck_assert_mem_eq(within.logits, apart.d_logits, 19 * within.stride * sizeof(float));
        }
}
END_TEST

START_TEST(probabilities_add_up)
{
    float p[4];
    loss_probabilities(LOSS_CROSS_ENTROPY, (const float[]){1, 2, 3, 4}, 4, p);
    ck_assert_float_eq_tol(p[0] + p[1] + p[2] + p[3], 1, 1e-6f);
    ck_assert_float_eq_tol(p[3] / p[2], (float)exp(1), 1e-5f);
    loss_probabilities(LOSS_CROSS_ENTROPY, (const float[]){1e4f, -1e4f}, 2, p);
    ck_assert_float_eq(p[0], 1);
    ck_assert_float_eq(p[1], 0);
    loss_probabilities(LOSS_BCE, (const float[]){logf(3)}, 2, p);
    ck_assert_float_eq_tol(p[1], 0.75f, 1e-6f);
    ck_assert_float_eq_tol(p[0], 0.25f, 1e-6f);
    loss_probabilities(LOSS_BCE, (const float[]){-1e4f}, 2, p);
    ck_assert_float_eq(p[0], 1);
    ck_assert_float_eq(p[1], 0);
}
END_TEST

START_TEST(outputs_for_classes)
{
    ck_assert_uint_eq(loss_outputs(LOSS_CROSS_ENTROPY, 7), 7);
    ck_assert_uint_eq(loss_outputs(LOSS_BCE, 2), 1);
    ck_assert_uint_eq(loss_outputs(LOSS_MSE, 0), 1);
    ck_assert_uint_eq(loss_outputs(LOSS_HUBER, 0), 1);
}
END_TEST

/* Rows without an answer leave the others as they would be alone. */
static void check_unanswered(enum loss_id loss, size_t outputs, size_t rows, const struct kernels *kernels)
{
    static struct batch all, counted;
    batch_fill(&all, loss, outputs, rows, 3);
    batch_fill(&counted, loss, outputs, rows, 3);
    size_t count = 0;
    for (size_t row = 0; row < rows; row++) {
        if (row % 3 == 1) {
            all.label[row] = -1;
            continue;
        }
        memcpy(logit(&counted, count, 0), logit(&all, row, 0), all.stride * sizeof(float));
        counted.label[count++] = all.label[row];
    }
    counted.rows = count;
    const float got = batch_compute(&all, kernels), want = batch_compute(&counted, kernels);
    ck_assert_float_eq_tol(got, want, 1e-6f * want);
    static const float nothing[STRIDE_MOST];
    for (size_t row = 0, at = 0; row < rows; row++) {
        const bool counts = row % 3 != 1;
        const float *d = counts ? &counted.d_logits[at * all.stride] : nothing;
        for (size_t k = 0; k < all.stride; k++)
            ck_assert_float_eq(all.d_logits[row * all.stride + k], d[k]);
        ck_assert_float_eq(all.per_row[row], counts ? counted.per_row[at] : 0);
        at += counts;
    }
}

START_TEST(rows_without_an_answer_do_not_count)
{
    static const size_t outputs[] = {2, 5, 16, 17, 40}, rows[] = {3, 17, 41};
    const struct kernels *level[LEVELS_MOST];
    size_t levels = kernels_all(level, LEVELS_MOST);
    for (size_t l = 0; l < levels; l++)
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
            check_unanswered(LOSS_BCE, 1, rows[r], level[l]);
            for (size_t o = 0; o < sizeof outputs / sizeof outputs[0]; o++)
                check_unanswered(LOSS_CROSS_ENTROPY, outputs[o], rows[r], level[l]);
        }
}
END_TEST

START_TEST(without_any_answer_the_loss_is_zero)
{
    static struct batch b;
    static const size_t outputs[] = {2, 5, 40};
    for (size_t o = 0; o < sizeof outputs / sizeof outputs[0]; o++) {
        batch_fill(&b, LOSS_CROSS_ENTROPY, outputs[o], 19, 3);
        for (size_t row = 0; row < b.rows; row++)
            b.label[row] = -1;
        ck_assert_float_eq(batch_compute(&b, kernels_choose()), 0);
        for (size_t i = 0; i < b.rows * b.stride; i++)
            ck_assert_float_eq(b.d_logits[i], 0);
    }
}
END_TEST

/* By the definition: the first that no other is above, where NaN is below every number. */
static size_t likeliest_by_definition(const float *row, size_t classes)
{
    size_t best = 0;
    for (size_t i = 1; i < classes; i++)
        if (row[i] > row[best] || (isnan(row[best]) && !isnan(row[i])))
            best = i;
    return best;
}

START_TEST(the_likeliest_of_long_rows_follows_the_definition)
{
    static const float few[] = {NAN, -INFINITY, -2, -1, 0, 1, 2, INFINITY};
    const uint32_t key = random_key(5, RANDOM_TOY, 0);
    float row[40];
    for (uint32_t draw = 0; draw < 4000; draw++) {
        const size_t classes = 1 + draw % 40, values = 1 + random_bits(key, draw) % 8;
        for (uint32_t i = 0; i < classes; i++)
            row[i] = few[random_bits(key, 10000 + 40 * draw + i) % values];
        ck_assert_uint_eq(loss_likeliest(row, classes), likeliest_by_definition(row, classes));
    }
}
END_TEST

START_TEST(the_likeliest_of_many_rows_follows_the_definition_at_every_level)
{
    enum { ROWS = 37, WIDEST = 24 };
    static const float few[] = {NAN, -INFINITY, -2, -1, 0, 1, 2, INFINITY};
    static float logits[ROWS * WIDEST];
    const struct kernels *level[4];
    const size_t levels = kernels_all(level, 4);
    for (uint32_t draw = 0; draw < 400; draw++) {
        const uint32_t key = random_key(6, RANDOM_TOY, draw);
        const size_t classes = 2 + draw % (WIDEST - 1), stride = kernel_pad(classes), rows = 1 + draw % ROWS;
        const size_t values = 1 + draw % 8;
        int32_t found[ROWS + 1];
        for (uint32_t i = 0; i < rows * stride; i++)
            logits[i] = i % stride < classes ? few[random_bits(key, i) % values] : 0;
        for (size_t i = 0; i < levels; i++) {
            found[rows] = -7;
            loss_likeliest_rows(level[i], logits, stride, classes, rows, found);
            for (size_t row = 0; row < rows; row++)
                ck_assert_int_eq(found[row], (int)likeliest_by_definition(logits + row * stride, classes));
            ck_assert_int_eq(found[rows], -7);
        }
    }
}
END_TEST

START_TEST(the_likeliest_is_the_first_of_the_largest_and_a_number)
{
    static const float rows[][4] = {
        {1, 3, 3, 2}, {NAN, -5, NAN, -4}, {-1, NAN, -1, -2}, {NAN, NAN, NAN, NAN}, {0, INFINITY, 9, 1}};
    static const size_t expected[] = {1, 3, 0, 0, 1};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_uint_eq(loss_likeliest(rows[i], 4), expected[i]);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("loss");
    TCase *cases = tcase_create("loss");
    tcase_add_loop_test(cases, values_and_slopes, 0, LOSS_COUNT);
    tcase_add_loop_test(cases, levels_agree_in_every_bit, 0, LOSS_COUNT);
    tcase_add_test(cases, far_out_it_stays_a_number);
    tcase_add_test(cases, a_tiny_loss_is_kept);
    tcase_add_test(cases, a_slope_is_none_or_a_fair_number);
    tcase_add_test(cases, no_number_is_seen);
    tcase_add_test(cases, gradient_may_take_the_place_of_the_logits);
    tcase_add_test(cases, probabilities_add_up);
    tcase_add_test(cases, outputs_for_classes);
    tcase_add_test(cases, rows_without_an_answer_do_not_count);
    tcase_add_test(cases, without_any_answer_the_loss_is_zero);
    tcase_add_test(cases, the_likeliest_of_long_rows_follows_the_definition);
    tcase_add_test(cases, the_likeliest_of_many_rows_follows_the_definition_at_every_level);
    tcase_add_test(cases, the_likeliest_is_the_first_of_the_largest_and_a_number);
    suite_add_tcase(suite, cases);
    return suite;
}
