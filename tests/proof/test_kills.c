/* A hundred runs that are killed without a warning: their journals replay, their checkpoints are whole. */
#include "support/kills.h"
#include "unit/suite.h"

#define MOMENTS 50 /* of each kind */

START_TEST(a_killed_run_leaves_all_whole)
{
    check_killed_run(1000 + (uint64_t)_i);
}
END_TEST

START_TEST(a_killed_screen_leaves_all_whole)
{
    check_killed_screen(1000 + (uint64_t)_i);
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
