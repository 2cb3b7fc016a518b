/* Schedules at the points where their value is known exactly. */
#include <math.h>

#include "nn/schedule.h"
#include "suite.h"

static double factor(enum schedule_id id, uint64_t step, uint64_t horizon, uint64_t warmup)
{
    struct schedule_point at = {.step = step, .horizon = horizon, .warmup = warmup};
    return schedule_table[id].factor(&at);
}

START_TEST(constant_stays)
{
    ck_assert_double_eq(factor(SCHEDULE_CONSTANT, 0, 1, 0), 1);
    ck_assert_double_eq(factor(SCHEDULE_CONSTANT, 3, 10, 100), 0.04); /* it warms up as the others do */
    ck_assert_double_eq(factor(SCHEDULE_CONSTANT, 100, 10, 100), 1);
    ck_assert_double_eq(factor(SCHEDULE_CONSTANT, 1000000000000u, 10, 0), 1);
}
END_TEST

START_TEST(step_halves_at_each_tenth)
{
    for (unsigned tenth = 0; tenth < 10; tenth++) {
        ck_assert_double_eq(factor(SCHEDULE_STEP, tenth * 100, 1000, 0), ldexp(1, -(int)tenth));
        ck_assert_double_eq(factor(SCHEDULE_STEP, tenth * 100 + 99, 1000, 0), ldexp(1, -(int)tenth));
    }
    ck_assert_double_eq(factor(SCHEDULE_STEP, 1000, 1000, 0), ldexp(1, -10));
    ck_assert_double_eq(factor(SCHEDULE_STEP, 5000, 1000, 0), ldexp(1, -10));
}
END_TEST

START_TEST(exponential_falls_to_a_hundredth)
{
    ck_assert_double_eq(factor(SCHEDULE_EXPONENTIAL, 0, 1000, 0), 1);
    ck_assert_double_eq_tol(factor(SCHEDULE_EXPONENTIAL, 500, 1000, 0), 0.1, 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_EXPONENTIAL, 1000, 1000, 0), 0.01, 1e-16);
    ck_assert_double_eq_tol(factor(SCHEDULE_EXPONENTIAL, 9999, 1000, 0), 0.01, 1e-16);
}
END_TEST

START_TEST(cosine_at_its_quarters)
{
    ck_assert_double_eq(factor(SCHEDULE_COSINE, 0, 1200, 0), 1);
    ck_assert_double_eq_tol(factor(SCHEDULE_COSINE, 300, 1200, 0), 0.5 + sqrt(0.125), 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_COSINE, 400, 1200, 0), 0.75, 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_COSINE, 600, 1200, 0), 0.5, 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_COSINE, 800, 1200, 0), 0.25, 1e-15);
    ck_assert_double_eq(factor(SCHEDULE_COSINE, 1200, 1200, 0), 0);
    ck_assert_double_eq(factor(SCHEDULE_COSINE, 1201, 1200, 0), 0);
}
END_TEST

START_TEST(warmup_rises_then_cosine)
{
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 0, 1100, 100), 0.01);
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 49, 1100, 100), 0.5);
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 99, 1100, 100), 1);
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 100, 1100, 100), 1);
    ck_assert_double_eq_tol(factor(SCHEDULE_WARMUP_COSINE, 600, 1100, 100), 0.5, 1e-15);
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 1100, 1100, 100), 0);
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 0, 1000, 0), 1.0 / 50); /* 5 % of the horizon */
    ck_assert_double_eq(factor(SCHEDULE_WARMUP_COSINE, 50, 1000, 0), 1);
}
END_TEST

START_TEST(one_cycle_starts_peaks_ends)
{
    ck_assert_double_eq_tol(factor(SCHEDULE_ONE_CYCLE, 0, 1000, 0), 1.0 / 25, 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_ONE_CYCLE, 150, 1000, 0), 0.52, 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_ONE_CYCLE, 300, 1000, 0), 1, 1e-15);
    ck_assert_double_eq_tol(factor(SCHEDULE_ONE_CYCLE, 650, 1000, 0), 0.500002, 1e-12);
    ck_assert_double_eq_tol(factor(SCHEDULE_ONE_CYCLE, 1000, 1000, 0), 1.0 / 250000, 1e-18);
    ck_assert_double_eq_tol(factor(SCHEDULE_ONE_CYCLE, 7000, 1000, 0), 1.0 / 250000, 1e-18);
}
END_TEST

START_TEST(warmup_multiplies_the_others)
{
    const enum schedule_id warmed[] = {SCHEDULE_STEP, SCHEDULE_EXPONENTIAL, SCHEDULE_COSINE, SCHEDULE_ONE_CYCLE,
                                       SCHEDULE_PLATEAU};
    for (size_t i = 0; i < sizeof warmed / sizeof warmed[0]; i++) {
        double cold = factor(warmed[i], 4, 1000, 0);
        ck_assert_double_eq_tol(factor(warmed[i], 4, 1000, 20), cold * 0.25, 1e-15);
        ck_assert_double_eq(factor(warmed[i], 20, 1000, 20), factor(warmed[i], 20, 1000, 0));
    }
}
END_TEST

START_TEST(plateau_halves_after_ten_misses)
{
    struct schedule_plateau plateau = {.best = INFINITY};
    struct schedule_point at = {.step = 5, .horizon = 100, .plateau = &plateau};
    schedule_plateau_update(&plateau, 1.0);
    ck_assert_double_eq(plateau.best, 1.0);
    for (int i = 0; i < 9; i++)
        schedule_plateau_update(&plateau, 0.99995); /* lower, but by less than counts */
    ck_assert_double_eq(schedule_table[SCHEDULE_PLATEAU].factor(&at), 1);
    schedule_plateau_update(&plateau, 1.5);
    ck_assert_double_eq(schedule_table[SCHEDULE_PLATEAU].factor(&at), 0.5);
    for (int i = 0; i < 9; i++)
        schedule_plateau_update(&plateau, 1.5);
    schedule_plateau_update(&plateau, 0.9); /* better: patience starts anew */
    schedule_plateau_update(&plateau, NAN);
    ck_assert_uint_eq(plateau.misses, 1);
    ck_assert_uint_eq(plateau.cuts, 1);
    plateau.cuts = UINT32_MAX; /* stays a number above 0 */
    ck_assert_double_gt(schedule_table[SCHEDULE_PLATEAU].factor(&at), 0);
}
END_TEST

START_TEST(every_row_is_named_and_bounded)
{
    for (int id = 0; id < SCHEDULE_COUNT; id++) {
        ck_assert_ptr_nonnull(schedule_table[id].name);
        ck_assert_ptr_nonnull(schedule_table[id].about);
        for (uint64_t horizon = 1; horizon < 200; horizon += 7)
            for (uint64_t step = 0; step < 250; step++) {
                double f = factor((enum schedule_id)id, step, horizon, step % 13);
                ck_assert_msg(f >= 0 && f <= 1, "%s at %u of %u: %g", schedule_table[id].name, (unsigned)step,
                              (unsigned)horizon, f);
            }
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("schedule");
    TCase *cases = tcase_create("schedule");
    tcase_add_test(cases, constant_stays);
    tcase_add_test(cases, step_halves_at_each_tenth);
    tcase_add_test(cases, exponential_falls_to_a_hundredth);
    tcase_add_test(cases, cosine_at_its_quarters);
    tcase_add_test(cases, warmup_rises_then_cosine);
    tcase_add_test(cases, one_cycle_starts_peaks_ends);
    tcase_add_test(cases, warmup_multiplies_the_others);
    tcase_add_test(cases, plateau_halves_after_ten_misses);
    tcase_add_test(cases, every_row_is_named_and_bounded);
    suite_add_tcase(suite, cases);
    return suite;
}
