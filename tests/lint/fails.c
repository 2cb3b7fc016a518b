/* A suite with one test that fails: the run must notice. */
#include "unit/suite.h"

START_TEST(this_test_fails)
{
    ck_assert_int_eq(1, 2);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("fails");
    TCase *tests = tcase_create("fails");
    tcase_add_test(tests, this_test_fails);
    suite_add_tcase(suite, tests);
    return suite;
}
