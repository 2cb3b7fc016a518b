/* Killed without a warning at some moments; tests/proof has many more. */
#include "support/kills.h"
#include "unit/suite.h"

#define MOMENTS 6

START_TEST(a_killed_run_leaves_all_whole)
{
    check_killed_run((uint64_t)_i);
}
END_TEST

START_TEST(a_killed_screen_leaves_all_whole)
{
    check_killed_screen((uint64_t)_i);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("kills");
    TCase *tests = tcase_create("kills");
    tcase_add_loop_test(tests, a_killed_run_leaves_all_whole, 0, MOMENTS);
    tcase_add_loop_test(tests, a_killed_screen_leaves_all_whole, 0, MOMENTS);
    suite_add_tcase(suite, tests);
    return suite;
}
