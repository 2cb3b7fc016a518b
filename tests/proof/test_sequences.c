/* A thousand runs in which things are done by chance: each journal's replay has the same weights. */
#include "support/sequences.h"
#include "unit/suite.h"

#define SEQUENCES 1000

START_TEST(a_replay_has_the_same_weights)
{
    check_sequence(5000 + (uint64_t)_i);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("sequences");
    TCase *cases = tcase_create("sequences");
    tcase_add_loop_test(cases, a_replay_has_the_same_weights, 0, SEQUENCES);
    suite_add_tcase(suite, cases);
    return suite;
}
