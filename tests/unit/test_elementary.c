#include <math.h>

#include "base/elementary.h"
#include "suite.h"

START_TEST(exp_and_log_agree_with_libm)
{
    for (int i = -7000; i <= 7000; i++) {
        double x = i / 10.0;
        ck_assert_double_eq_tol(elementary_exp(x) / exp(x), 1, 1e-14);
    }
    for (double x = 1e-300; x < 1e300; x *= 1.37) {
        double expected = log(x);
        ck_assert_double_eq_tol(elementary_log(x), expected, 1e-14 * fmax(1, fabs(expected)));
    }
}
END_TEST

START_TEST(exp_beyond_the_range_of_doubles)
{
    ck_assert_double_eq(elementary_exp(-1e4), 0);
    ck_assert_double_eq(elementary_exp(1e4), INFINITY);
    ck_assert(isnan(elementary_exp(NAN)));
}
END_TEST

START_TEST(sin_and_cos_agree_with_libm)
{
    for (int i = -2000; i <= 2000; i++) {
        double angle = i / 100.0;
        ck_assert_double_eq_tol(elementary_sin(angle), sin(angle), 4e-15);
        ck_assert_double_eq_tol(elementary_cos(angle), cos(angle), 4e-15);
    }
}
END_TEST

/* A schedule ends where it says, not beside it. */
START_TEST(cos_of_a_half_turn_is_exact)
{
    ck_assert_double_eq(elementary_cos(ELEMENTARY_PI), -1);
    ck_assert_double_eq(elementary_cos(0), 1);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("elementary functions");
    TCase *cases = tcase_create("elementary functions");
    tcase_add_test(cases, exp_and_log_agree_with_libm);
    tcase_add_test(cases, exp_beyond_the_range_of_doubles);
    tcase_add_test(cases, sin_and_cos_agree_with_libm);
    tcase_add_test(cases, cos_of_a_half_turn_is_exact);
    suite_add_tcase(suite, cases);
    return suite;
}
