/* Early stopping: what counts as better, and the exact check at which patience ends. */
#include <math.h>

#include "learn/early_stop.h"
#include "suite.h"

static struct early_stop fresh(void)
{
    struct early_stop stop;
    early_stop_reset(&stop);
    return stop;
}

START_TEST(the_first_loss_is_the_best_so_far)
{
    struct early_stop stop = fresh();
    ck_assert(early_stop_improves(&stop, 0, 10, 2.5));
    ck_assert(stop.best > 2.4 && stop.best < 2.6);
    ck_assert_uint_eq(stop.best_step, 0);
    ck_assert_uint_eq(stop.next_check, 10);
}
END_TEST

START_TEST(a_hair_better_is_not_better)
{
    struct early_stop stop = fresh();
    early_stop_improves(&stop, 0, 10, 1.0);
    ck_assert(!early_stop_improves(&stop, 5, 10, 1.0 - 0.5e-4));
    ck_assert(early_stop_improves(&stop, 6, 10, 1.0 - 2e-4));
    ck_assert_uint_eq(stop.best_step, 6);
    ck_assert(!early_stop_improves(&stop, 7, 10, NAN));
    ck_assert(!early_stop_improves(&stop, 8, 10, INFINITY));
}
END_TEST

START_TEST(no_number_is_never_the_best)
{
    struct early_stop stop = fresh();
    ck_assert(!early_stop_improves(&stop, 0, 10, NAN));
    ck_assert(!early_stop_improves(&stop, 0, 10, INFINITY));
    ck_assert(early_stop_improves(&stop, 1, 10, 3.0));
}
END_TEST

/* Evaluations come at each step, checks each 10 steps: patience 3 ends 30 steps after the best. */
START_TEST(patience_counts_in_checks_not_in_evaluations)
{
    struct early_stop stop = fresh();
    uint64_t step = 0;
    early_stop_improves(&stop, step, 10, 1.0);
    ck_assert(!early_stop_check(&stop, step, 10, 3));
    bool over = false;
    while (!over && step < 100) {
        step++;
        ck_assert(!early_stop_improves(&stop, step, 10, 1.1));
        over = early_stop_check(&stop, step, 10, 3);
        ck_assert_uint_eq(stop.misses, step / 10);
    }
    ck_assert_uint_eq(step, 30);
}
END_TEST

/* Evaluations 7 steps apart, checks 10 apart: eight of them take 80 steps and the wait for an evaluation, not eight
 * waits. */
START_TEST(a_late_check_does_not_put_off_the_next)
{
    struct early_stop stop = fresh();
    uint64_t step = 0;
    early_stop_improves(&stop, step, 10, 1.0);
    do
        step += 7;
    while (!early_stop_check(&stop, step, 10, 8) && step < 1000);
    ck_assert_uint_eq(step, 84);
    ck_assert_uint_eq(early_stop_after(20, 20, 10), 30);
    ck_assert_uint_eq(early_stop_after(20, 29, 10), 30);
    ck_assert_uint_eq(early_stop_after(20, 47, 10), 50);
}
END_TEST

START_TEST(a_better_loss_begins_the_count_again)
{
    struct early_stop stop = fresh();
    early_stop_improves(&stop, 0, 10, 1.0);
    early_stop_check(&stop, 10, 10, 3);
    early_stop_check(&stop, 20, 10, 3);
    ck_assert_uint_eq(stop.misses, 2);
    ck_assert(early_stop_improves(&stop, 25, 10, 0.5));
    ck_assert_uint_eq(stop.misses, 0);
    ck_assert(!early_stop_check(&stop, 30, 10, 3));
    ck_assert_uint_eq(stop.misses, 0);
    ck_assert(!early_stop_check(&stop, 35, 10, 3));
    ck_assert_uint_eq(stop.misses, 1);
}
END_TEST

START_TEST(forgiven_it_has_its_whole_patience_again)
{
    struct early_stop stop = fresh();
    early_stop_improves(&stop, 0, 10, 1.0);
    ck_assert(early_stop_check(&stop, 10, 10, 1));
    early_stop_forgive(&stop, 12, 10);
    ck_assert_uint_eq(stop.misses, 0);
    ck_assert_uint_eq(stop.best_step, 0);
    ck_assert(!early_stop_check(&stop, 21, 10, 1));
    ck_assert(early_stop_check(&stop, 22, 10, 1));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("early stop");
    TCase *tests = tcase_create("early stop");
    tcase_add_test(tests, the_first_loss_is_the_best_so_far);
    tcase_add_test(tests, a_hair_better_is_not_better);
    tcase_add_test(tests, no_number_is_never_the_best);
    tcase_add_test(tests, patience_counts_in_checks_not_in_evaluations);
    tcase_add_test(tests, a_late_check_does_not_put_off_the_next);
    tcase_add_test(tests, a_better_loss_begins_the_count_again);
    tcase_add_test(tests, forgiven_it_has_its_whole_patience_again);
    suite_add_tcase(suite, tests);
    return suite;
}
