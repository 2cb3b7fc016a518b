/* The short form of the proofs: one seed each, that what should be learnt is learnt. */
#include "suite.h"
#include "support/lab.h"
#include "support/labelled_digits.h"

static const struct {
    const char *task;
    uint64_t seed, steps;
    float accuracy;
} learnt[] = {
    {"spiral", 1, 2500, 0.98f},
    {"moons", 1, 1500, 0.98f},
    {"circles", 1, 1200, 0.98f},
    {"xor", 1, 1200, 0.96f},
    {"gauss", 1, 200, 0.95f},
    {"sine", 1, 800, 0.9f},
    {"plane", 1, 200, 0.95f},
    {"line", 1, 150, 0.9f},
    {"samples/iris.csv", 8, 300, 0.95f},
    {"samples/digits.csv", 1, 800, 0.96f},
    {"samples/wine.csv", 1, 300, 0.95f},
    {"samples/breast_cancer.csv", 2, 300, 0.95f},
};

START_TEST(the_defaults_learn)
{
    struct lab lab;
    lab_load(&lab, learnt[_i].task, learnt[_i].seed);
    lab_start(&lab);
    lab_run(&lab, learnt[_i].steps);
    ck_assert(!lab.diverged);
    lab_evaluate(&lab);
    ck_assert_msg(lab.measures[SERIES_TEST_ACC] >= learnt[_i].accuracy, "%s: %.3f", learnt[_i].task,
                  (double)lab.measures[SERIES_TEST_ACC]);
    lab_end(&lab);
}
END_TEST

START_TEST(wrong_labels_are_memorised_and_cost_the_test)
{
    struct lab lab;
    load_labelled_digits(&lab, 1);
    lab_start(&lab);
    lab_run_epochs(&lab, 60);
    ck_assert(lab.measures[SERIES_TRAIN_ACC] >= 0.99f);
    ck_assert(lab.measures[SERIES_TEST_ACC] <= lab.measures[SERIES_TRAIN_ACC] - 0.15f);
    lab_end(&lab);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("convergence");
    TCase *tests = tcase_create("convergence");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, the_defaults_learn, 0, (int)(sizeof learnt / sizeof learnt[0]));
    tcase_add_test(tests, wrong_labels_are_memorised_and_cost_the_test);
    suite_add_tcase(suite, tests);
    return suite;
}
