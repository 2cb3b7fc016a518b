/* Positions, round ends, ticks and their labels. */
#include <math.h>
#include <string.h>

#include "plot/extent.h"
#include "plot/scale.h"
#include "suite.h"

/* The labels in one string, parted by blanks. */
static const char *labels(double low, double high, bool logarithmic, size_t most, enum tick_style style)
{
    static char out[512];
    struct tick tick[SCALE_TICKS_MAX];
    const struct scale scale = {.low = low, .high = high, .logarithmic = logarithmic};
    const size_t count = scale_ticks(&scale, most, style, tick);
    ck_assert_uint_le(count, most);
    out[0] = 0;
    for (size_t i = 0; i < count; i++) {
        ck_assert(i == 0 || tick[i].value > tick[i - 1].value);
        ck_assert_double_ge(scale_position(&scale, tick[i].value), -1e-6);
        ck_assert_double_le(scale_position(&scale, tick[i].value), 1 + 1e-6);
        strcat(strcat(out, i ? " " : ""), tick[i].label);
    }
    return out;
}

START_TEST(positions_and_values_are_inverse)
{
    static const struct scale scales[] = {{.high = 0.8},
                                          {.low = -3, .high = 7},
                                          {.low = 0.01, .high = 10, .logarithmic = true},
                                          {.high = 1e28, .bend = 1}};
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++)
        for (double position = -0.5; position <= 1.5; position += 0.25)
            ck_assert_double_eq_tol(scale_position(&scales[i], scale_value(&scales[i], position)), position, 1e-12);
    ck_assert_double_eq_tol(scale_position(&scales[2], 1), 2.0 / 3, 1e-12);
    ck_assert_double_eq(scale_position(&scales[2], 0), -1);
    ck_assert_double_eq(scale_position(&scales[2], -5), -1);
}
END_TEST

static void check_nice(double low, double high, bool logarithmic, double want_low, double want_high)
{
    const struct scale scale = scale_nice(low, high, logarithmic);
    ck_assert_double_eq_tol(scale.low, want_low, 1e-9 * fabs(want_low) + 1e-15);
    ck_assert_double_eq_tol(scale.high, want_high, 1e-9 * fabs(want_high));
}

START_TEST(ends_are_round)
{
    check_nice(0.02, 0.698, false, 0, 0.8);
    check_nice(0.02, 0.799, false, 0, 0.8);
    check_nice(0.02, 0.8, false, 0, 0.8);
    check_nice(0.3, 1, false, 0, 1); /* zero is near enough to be shown */
    check_nice(0.9, 23, false, 0, 25);
    check_nice(-1.3, 1.2, false, -1.5, 1.5);
    check_nice(98, 99, false, 98, 99);
    check_nice(0.013, 0.69, true, 0.01, 1);
    check_nice(1e-5, 30, true, 1e-5, 50);
    check_nice(0.5, 0.5, true, 0.05, 0.5);
}
END_TEST

START_TEST(strange_ranges_still_make_scales)
{
    static const double range[][2] = {{NAN, 1}, {0, INFINITY},  {0, 0},           {5, 5},      {1, -1},
                                      {-4, -4}, {1e300, 1e300}, {1e16, 1e16 + 2}, {0, 1e-320}, {-1e308, 1e308}};
    struct tick tick[SCALE_TICKS_MAX];
    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        for (int logarithmic = 0; logarithmic < 2; logarithmic++) {
            const struct scale scale = scale_nice(range[i][0], range[i][1], logarithmic);
            ck_assert_msg(scale.low < scale.high, "case %zu", i);
            ck_assert(!logarithmic || scale.low > 0);
            for (size_t most = 0; most <= SCALE_TICKS_MAX + 5; most++)
                for (int style = TICK_NUMBER; style <= TICK_PERCENT; style++)
                    ck_assert_uint_le(scale_ticks(&scale, most, (enum tick_style)style, tick), most);
        }
}
END_TEST

START_TEST(linear_ticks_are_nice)
{
    ck_assert_str_eq(labels(0, 0.8, false, 7, TICK_NUMBER), "0 0.2 0.4 0.6 0.8");
    ck_assert_str_eq(labels(0, 0.8, false, 3, TICK_NUMBER), "0 0.5");
    ck_assert_str_eq(labels(-1, 1, false, 5, TICK_NUMBER), "-1.0 -0.5 0 0.5 1.0");
    ck_assert_str_eq(labels(0, 30000, false, 4, TICK_NUMBER), "0 10k 20k 30k");
    ck_assert_str_eq(labels(0, 2000, false, 3, TICK_NUMBER), "0 1,000 2,000");
    ck_assert_str_eq(labels(0.4, 1, false, 4, TICK_PERCENT), "40% 60% 80% 100%");
    ck_assert_str_eq(labels(0.99, 1, false, 3, TICK_PERCENT), "99.0% 99.5% 100.0%");
    ck_assert_str_eq(labels(0, 1, false, 1, TICK_NUMBER), "0");
}
END_TEST

START_TEST(counts_are_whole)
{
    ck_assert_str_eq(labels(0, 4500, false, 6, TICK_COUNT), "0 1,000 2,000 3,000 4,000");
    ck_assert_str_eq(labels(0, 3, false, 20, TICK_COUNT), "0 1 2 3");
    ck_assert_str_eq(labels(0, 1e6, false, 3, TICK_COUNT), "0 500,000 1.0M");
    ck_assert_str_eq(labels(1e8, 1.2e8, false, 5, TICK_COUNT), "100M 105M 110M 115M 120M");
    ck_assert_str_eq(labels(1234500, 1234504, false, 3, TICK_COUNT), "1,234,500 1,234,502 1,234,504");
}
END_TEST

START_TEST(logarithmic_ticks)
{
    ck_assert_str_eq(labels(0.01, 1, true, 7, TICK_NUMBER), "0.01 0.02 0.05 0.1 0.2 0.5 1");
    ck_assert_str_eq(labels(0.01, 1, true, 4, TICK_NUMBER), "0.01 0.1 1");
    ck_assert_str_eq(labels(1e-6, 1, true, 4, TICK_NUMBER), "1e-6 1e-4 0.01 1");
    ck_assert_str_eq(labels(0.3, 0.4, true, 4, TICK_NUMBER), "0.30 0.35 0.40"); /* less than a decade: even steps */
}
END_TEST

START_TEST(a_bent_scale_keeps_its_lower_part)
{
    struct tick tick[SCALE_TICKS_MAX];
    const struct scale calm = scale_bent(0.87, 0.9);
    ck_assert(calm.bend == 0 && calm.high == 1);
    for (double high = 2; high < 1e35; high *= 30) {
        const struct scale scale = scale_bent(0.87, high);
        ck_assert_double_eq(scale.bend, 1);
        ck_assert_double_ge(scale.high, high);
        ck_assert_double_eq_tol(scale_position(&scale, 1), SCALE_BEND_AT, 1e-12);
        ck_assert_double_eq_tol(scale_position(&scale, 0.5), SCALE_BEND_AT / 2, 1e-12);
        ck_assert_double_eq_tol(scale_position(&scale, scale.high), 1, 1e-12);
        for (size_t most = 2; most <= 12; most++) {
            const size_t count = scale_ticks(&scale, most, TICK_NUMBER, tick);
            ck_assert(count >= 1 && count <= most);
            for (size_t i = 1; i < count; i++)
                ck_assert_double_gt(tick[i].value, tick[i - 1].value);
            ck_assert(most < 5 || tick[count - 1].value > 1);
        }
    }
}
END_TEST

START_TEST(strange_ranges_have_rows_too)
{
    static const double end[] = {-INFINITY, -1e300, -5,   -1e-30, 0,        5e-324, 1e-320,
                                 1e-25,     3,      1e29, 1e300,  INFINITY, NAN};
    enum { ENDS = sizeof end / sizeof end[0] };
    for (int rows = 0; rows < 40; rows += 3)
        for (int i = 0; i < 2 * ENDS * ENDS; i++) {
            const struct scale scale = scale_on_rows(end[i % ENDS], end[i / ENDS % ENDS], rows, i >= ENDS * ENDS);
            ck_assert(isfinite(scale.low) && isfinite(scale.high) && scale.high > scale.low);
        }
}
END_TEST

/* A rival that begins while the loss is high does not make it usual. */
START_TEST(a_curve_that_begins_high_leaves_the_bend)
{
    struct bucket calm[2] = {bucket_of(0, 0, 0, 0.7f), bucket_of(0, 0, 10, 0.1f)};
    struct bucket wild[2] = {bucket_of(0, 1, 8, 20.0f), bucket_of(0, 1, 10, 25.0f)};
    struct extent extent = extent_none, rival = extent_of(wild, 2);
    const struct extent own = extent_of(calm, 2);
    extent_widen(&extent, &own);
    extent_widen(&extent, &rival);
    ck_assert_double_gt(extent_loss_scale(&extent, NAN, false, 0).bend, 0);
    ck_assert_double_gt(extent_loss_scale(&extent, 0.7, false, 0).bend, 0);
}
END_TEST

START_TEST(ticks_on_rows_are_even)
{
    static const double high[] = {0.0031, 0.05, 0.69, 0.71, 1, 1.37, 9.99, 25, 1e7};
    for (int hangs = 0; hangs < 2; hangs++)
        for (int rows = 3; rows < 60; rows++)
            for (size_t i = 0; i < sizeof high / sizeof high[0]; i++) {
                const double from = hangs ? 1 - fmin(high[i], 1) : 0, to = hangs ? 1 : high[i];
                const struct scale scale = scale_on_rows(from, to, rows, hangs);
                ck_assert(scale.low <= from && scale.high >= to * (1 - 1e-9));
                ck_assert_double_lt(scale.high - scale.low, 2.6 * (to - from));
                struct tick tick[SCALE_TICKS_MAX];
                const size_t count = scale_ticks(&scale, SCALE_TICKS_MAX, TICK_NUMBER, tick);
                ck_assert_msg(count >= 2 && count <= 6, "%d rows to %g: %zu", rows, high[i], count);
                for (size_t t = 0; t < count; t++) {
                    const double row = scale_position(&scale, tick[t].value) * (rows - 1);
                    ck_assert_double_lt(fabs(row - rint(row)), 1e-6);
                }
            }
}
END_TEST

/* A gradient that has all but vanished is still on its axis. */
START_TEST(logarithmic_scales_follow_the_line)
{
    const struct bucket fallen[2] = {bucket_of(0, 0, 0, 3.0f), bucket_of(0, 0, 10, 2e-13f)};
    const struct extent extent = extent_of(fallen, 2);
    ck_assert_double_le(extent_logarithmic_scale(&extent).low, 2e-13);
}
END_TEST

/* Values of summaries that span a range: the axes hold all of them. */
START_TEST(an_extent_holds_the_least_and_the_largest)
{
    const struct bucket column[] = {{.count = 3, .min = 0.5f, .max = 0.7f, .last = 0.6f, .sum = 1.8},
                                    {.count = 0},
                                    {.count = 2, .min = 0.4f, .max = 0.6f, .last = 0.6f, .sum = 1}};
    const struct extent extent = extent_of(column, 3);
    ck_assert_double_eq_tol(extent.low, 0.4, 1e-6);
    ck_assert_double_eq_tol(extent.high, 0.7, 1e-6);
    ck_assert_double_eq_tol(extent.low_positive, 0.4, 1e-6);
    const struct scale loss = extent_loss_scale(&extent, 0.69, false, 0);
    ck_assert_double_eq(loss.low, 0); /* a loss is seen from nothing on */
    ck_assert_double_ge(loss.high, 0.7);
    const struct scale accuracy = extent_accuracy_scale(&extent, 0.5, true, 0);
    ck_assert(accuracy.low <= 0.4 && accuracy.low >= 0.2);
    ck_assert_double_eq(accuracy.high, 1);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("scale");
    TCase *tests = tcase_create("scale");
    tcase_add_test(tests, positions_and_values_are_inverse);
    tcase_add_test(tests, ends_are_round);
    tcase_add_test(tests, strange_ranges_still_make_scales);
    tcase_add_test(tests, linear_ticks_are_nice);
    tcase_add_test(tests, counts_are_whole);
    tcase_add_test(tests, logarithmic_ticks);
    tcase_add_test(tests, a_bent_scale_keeps_its_lower_part);
    tcase_add_test(tests, ticks_on_rows_are_even);
    tcase_add_test(tests, logarithmic_scales_follow_the_line);
    tcase_add_test(tests, strange_ranges_have_rows_too);
    tcase_add_test(tests, a_curve_that_begins_high_leaves_the_bend);
    tcase_add_test(tests, an_extent_holds_the_least_and_the_largest);
    suite_add_tcase(suite, tests);
    return suite;
}
