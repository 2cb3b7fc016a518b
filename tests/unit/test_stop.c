/* Where a run pauses or ends, and when its planned changes come. */
#include "engine/stop.h"
#include "suite.h"

static struct spec_turn changes[] = {{.step = 0}, {.step = 50}, {.step = 50}, {.step = 80}};

static struct stop stop_of(const struct spec *spec)
{
    struct stop stop = {.spec = spec, .until = STOP_NEVER};
    stop_plan(&stop);
    return stop;
}

START_TEST(the_nearest_of_all_ends_comes_next)
{
    const struct spec spec = {.turn = changes, .turns = 4, .steps = 60};
    struct stop stop = stop_of(&spec);
    ck_assert_uint_eq(stop.next, 0);
    stop_pass_changes(&stop, 0);
    stop_plan(&stop);
    ck_assert_uint_eq(stop.next, 50);
    stop.until = 20;
    stop_plan(&stop);
    ck_assert_uint_eq(stop.next, 20);
    stop_clear(&stop);
    stop_pass_changes(&stop, 50);
    stop_plan(&stop);
    ck_assert_uint_eq(stop.next, 60);
    stop.limit_passed = true;
    stop_plan(&stop);
    ck_assert_uint_eq(stop.next, 80);
    stop_pass_changes(&stop, 80);
    stop_plan(&stop);
    ck_assert_uint_eq(stop.next, STOP_NEVER);
}
END_TEST

START_TEST(each_change_is_due_once)
{
    const struct spec spec = {.turn = changes, .turns = 4};
    struct stop stop = stop_of(&spec);
    ck_assert_ptr_eq(stop_take_change(&stop, 0), &changes[0]);
    ck_assert_ptr_null(stop_take_change(&stop, 49));
    ck_assert_ptr_eq(stop_take_change(&stop, 50), &changes[1]);
    ck_assert_ptr_eq(stop_take_change(&stop, 50), &changes[2]);
    ck_assert_ptr_null(stop_take_change(&stop, 50));
    stop_pass_changes(&stop, 10); /* back in time: the two come again */
    ck_assert_ptr_eq(stop_take_change(&stop, 60), &changes[1]);
}
END_TEST

START_TEST(steps_and_epochs_are_counted_down)
{
    const struct spec spec = {.steps = 0};
    struct stop stop = stop_of(&spec);
    stop_count(&stop, true);
    ck_assert(!stop.pause_due);
    stop.singles = 2;
    stop_count(&stop, false);
    ck_assert(!stop.pause_due);
    stop_count(&stop, false);
    ck_assert(stop.pause_due);
    stop_clear(&stop);
    ck_assert(!stop.pause_due);
    stop.epochs = 2;
    stop_count(&stop, true);
    stop_count(&stop, false);
    ck_assert(!stop.pause_due);
    stop_count(&stop, true);
    ck_assert(stop.pause_due);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("stop");
    TCase *tests = tcase_create("stop");
    tcase_add_test(tests, the_nearest_of_all_ends_comes_next);
    tcase_add_test(tests, each_change_is_due_once);
    tcase_add_test(tests, steps_and_epochs_are_counted_down);
    suite_add_tcase(suite, tests);
    return suite;
}
