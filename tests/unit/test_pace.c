/* The steps that a speed allows, and the speed that is measured. */
#include "engine/slice.h"
#include "engine/tempo.h"
#include "session/meter.h"
#include "suite.h"

#define SECOND 1000000000u

START_TEST(a_speed_is_so_many_steps_a_second)
{
    struct pace pace;
    uint64_t steps = 0;
    pace_start(&pace, 200, 7 * (uint64_t)SECOND);
    ck_assert_uint_eq(pace_take(&pace, 7 * (uint64_t)SECOND), 1); /* the first at once */
    for (uint64_t tenths = 1; tenths <= 100; tenths++)
        steps += pace_take(&pace, 7 * (uint64_t)SECOND + tenths * SECOND / 20);
    ck_assert_uint_eq(steps, 1000); /* in five seconds */
    ck_assert_uint_eq(pace_take(&pace, 12 * (uint64_t)SECOND), 0);
}
END_TEST

START_TEST(a_run_that_lags_is_not_made_to_catch_up)
{
    struct pace pace;
    pace_start(&pace, 1000, 0);
    ck_assert_uint_eq(pace_take(&pace, 0), 1);
    ck_assert_uint_eq(pace_take(&pace, SECOND / 20), 50);
    ck_assert_uint_eq(pace_take(&pace, 10 * (uint64_t)SECOND), 1);
    ck_assert_uint_eq(pace_take(&pace, 10 * (uint64_t)SECOND + SECOND / 20), 50);
}
END_TEST

START_TEST(a_wait_ends_when_the_next_step_is_due)
{
    struct pace pace;
    pace_start(&pace, 10, 0);
    ck_assert_uint_eq(pace_take(&pace, 0), 1);
    const uint64_t wait = pace_wait(&pace, 20000000);
    ck_assert(wait >= 80000000 && wait <= 80000001);
    ck_assert_uint_eq(pace_take(&pace, 20000000 + wait), 1);
    ck_assert_uint_eq(pace_wait(&pace, 20000000 + wait + 99999999), PACE_SLICE);
}
END_TEST

START_TEST(without_a_speed_slices_grow_until_a_look_costs_little)
{
    struct tempo tempo = {.speed = 0};
    uint64_t now = SECOND;
    ck_assert_double_eq(tempo_look(&tempo, false, now), 0); /* nothing is measured yet */
    ck_assert_uint_eq(tempo.allowance, 1);
    for (uint64_t steps = 1; steps <= 64; steps *= 2) {
        now += 10000; /* so short, however many */
        ck_assert_double_eq_tol(tempo_look(&tempo, false, now), (double)steps * 1e5, 1e-6);
        ck_assert_uint_eq(tempo.allowance, 2 * steps);
    }
    tempo_look(&tempo, false, now += SLICE_LEAST_NS);
    ck_assert_uint_eq(tempo.allowance, 128);
    tempo_look(&tempo, false, now += SLICE_MOST_NS + 1);
    ck_assert_uint_eq(tempo.allowance, 64);
    tempo_skip(&tempo, SECOND); /* the thread did something else for a second */
    ck_assert_double_eq_tol(tempo_look(&tempo, false, now += SECOND + 10000), 64e5, 1e-6);
    ck_assert_uint_eq(tempo.allowance, 128);
    tempo_rest(&tempo);
    ck_assert_uint_eq(tempo.allowance, 0);
    ck_assert_double_eq(tempo_look(&tempo, false, now), 0);
    ck_assert_uint_eq(tempo.allowance, 1);
}
END_TEST

START_TEST(a_speed_is_told_once_and_kept_unless_all_is_wanted)
{
    struct tempo tempo = {.speed = 100};
    ck_assert_double_eq(tempo_look(&tempo, false, SECOND), 100);
    ck_assert_uint_eq(tempo.allowance, 1);
    ck_assert_double_eq(tempo_look(&tempo, false, SECOND), 0);
    ck_assert_uint_eq(tempo.allowance, 0);
    ck_assert_uint_le(tempo_wait(&tempo, SECOND), 10000001);
    ck_assert_double_eq(tempo_look(&tempo, false, SECOND + SECOND / 20), 0);
    ck_assert_uint_eq(tempo.allowance, 5);
    tempo_rest(&tempo);
    tempo_look(&tempo, true, SECOND);
    ck_assert_uint_eq(tempo.allowance, 1);
    tempo_look(&tempo, true, SECOND + 1);
    ck_assert_uint_eq(tempo.allowance, 2);
}
END_TEST

START_TEST(a_meter_measures_steps_a_second)
{
    struct meter meter;
    meter_reset(&meter);
    ck_assert(meter_rate(&meter) <= 0);
    ck_assert_uint_eq(meter_last(&meter), UINT64_MAX);
    for (uint64_t i = 0; i <= 300; i++)
        meter_add(&meter, i * SECOND / 100, 40 * i);
    ck_assert_double_eq_tol(meter_rate(&meter), 4000, 1e-6);
    ck_assert_uint_eq(meter_last(&meter), 12000);
    for (uint64_t i = 301; i <= 600; i++) /* twice as fast: after a second nothing else is known */
        meter_add(&meter, i * SECOND / 100, 12000 + 80 * (i - 300));
    ck_assert_double_eq_tol(meter_rate(&meter), 8000, 1e-6);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("pace");
    TCase *cases = tcase_create("pace");
    tcase_add_test(cases, a_speed_is_so_many_steps_a_second);
    tcase_add_test(cases, a_run_that_lags_is_not_made_to_catch_up);
    tcase_add_test(cases, a_wait_ends_when_the_next_step_is_due);
    tcase_add_test(cases, without_a_speed_slices_grow_until_a_look_costs_little);
    tcase_add_test(cases, a_speed_is_told_once_and_kept_unless_all_is_wanted);
    tcase_add_test(cases, a_meter_measures_steps_a_second);
    suite_add_tcase(suite, cases);
    return suite;
}
