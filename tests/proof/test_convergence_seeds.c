/* What the program's own defaults learn, over seeds; and that the overfitting lesson overfits. */
#include "data/toys.h"
#include "support/lab.h"
#include "support/labelled_digits.h"
#include "unit/suite.h"

#define SEEDS 5

/* Test accuracy of the defaults after so many steps. */
static double learnt(const char *task, uint64_t seed, uint64_t steps)
{
    struct lab lab;
    lab_load(&lab, task, seed);
    lab_start(&lab);
    lab_run(&lab, steps);
    ck_assert(!lab.diverged);
    lab_evaluate(&lab);
    double accuracy = (double)lab.measures[SERIES_TEST_ACC];
    lab_end(&lab);
    return accuracy;
}

START_TEST(spiral)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        double accuracy = learnt("spiral", seed, 3000);
        ck_assert_msg(accuracy >= 0.98, "seed %d: %.3f", (int)seed, accuracy);
    }
}
END_TEST

START_TEST(digits)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        double accuracy = learnt("samples/digits.csv", seed, 1000);
        ck_assert_msg(accuracy >= 0.96, "seed %d: %.3f", (int)seed, accuracy);
    }
}
END_TEST

/* 37 test flowers: one more error is 2.7 points, and logistic regression reaches 95 % in only six of ten splits.
 * So the mean over ten splits counts. */
START_TEST(iris)
{
    double sum = 0;
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        double accuracy = learnt("samples/iris.csv", seed, 500);
        ck_assert_msg(accuracy >= 0.89, "seed %d: %.3f", (int)seed, accuracy);
        sum += accuracy;
    }
    ck_assert_msg(sum / (2 * SEEDS) >= 0.95, "mean %.3f", sum / (2 * SEEDS));
}
END_TEST

/* Each toy is learnt within 20 seconds at its own speed. */
START_TEST(toys)
{
    const struct toy *toy = &toy_table[_i];
    double goal = toy->kind == TASK_REGRESS ? 0.9 : toy->classes > 2 ? 0.95 : 0.98;
    for (uint64_t seed = 1; seed <= 2 * SEEDS; seed++) {
        struct lab lab;
        lab_load(&lab, toy->name, seed);
        lab_start(&lab);
        uint64_t limit = (uint64_t)(20 * lab.spec.knobs.value[KNOB_SPEED]);
        do {
            lab_run(&lab, trainer_step_count(lab.trainer) + 5);
            lab_evaluate(&lab);
        } while ((double)lab.measures[SERIES_TEST_ACC] < goal && trainer_step_count(lab.trainer) < limit);
        ck_assert_msg((double)lab.measures[SERIES_TEST_ACC] >= goal, "%s, seed %d: %.3f after %d steps", toy->name,
                      (int)seed, (double)lab.measures[SERIES_TEST_ACC], (int)trainer_step_count(lab.trainer));
        lab_end(&lab);
    }
}
END_TEST

START_TEST(wrong_labels_are_memorised_and_cost_the_test)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct lab lab;
        load_labelled_digits(&lab, seed);
        lab_start(&lab);
        lab_run_epochs(&lab, 9);
        float best = lab.measures[SERIES_TEST_ACC];
        lab_run_epochs(&lab, 60);
        float train = lab.measures[SERIES_TRAIN_ACC], test = lab.measures[SERIES_TEST_ACC];
        ck_assert_msg(train >= 0.99f, "seed %d: train %.3f", (int)seed, (double)train);
        ck_assert_msg(test <= train - 0.15f, "seed %d: test %.3f", (int)seed, (double)test);
        ck_assert_msg(best >= test + 0.1f, "seed %d: %.3f at epoch 9, %.3f at 60", (int)seed, (double)best,
                      (double)test);
        lab_set(&lab, KNOB_LABEL_NOISE, 0); /* the right labels again: it recovers at once */
        lab_run(&lab, trainer_step_count(lab.trainer) + 100);
        lab_evaluate(&lab);
        ck_assert_msg(lab.measures[SERIES_TEST_ACC] >= 0.88f, "seed %d: %.3f with right labels", (int)seed,
                      (double)lab.measures[SERIES_TEST_ACC]);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(early_stopping_brings_back_what_overfitting_lost)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct lab lab;
        load_labelled_digits(&lab, seed);
        lab.spec.knobs.value[KNOB_EARLY_STOP] = 1;
        lab.spec.knobs.value[KNOB_PATIENCE] = 10;
        lab_start(&lab);
        lab_run(&lab, 5000);
        ck_assert(trainer_early_stopped(lab.trainer));
        ck_assert_uint_le(trainer_step_count(lab.trainer), 1300);
        float stopped = lab.measures[SERIES_TEST_ACC];
        trainer_restore_best(lab.trainer);
        lab_evaluate(&lab);
        ck_assert_msg(lab.measures[SERIES_TEST_ACC] >= stopped + 0.1f, "seed %d: %.3f, restored %.3f", (int)seed,
                      (double)stopped, (double)lab.measures[SERIES_TEST_ACC]);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(dropout_from_the_start_resists_wrong_labels)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct lab lab;
        load_labelled_digits(&lab, seed);
        lab.spec.knobs.value[KNOB_DROPOUT] = 0.5;
        lab_start(&lab);
        lab_run(&lab, 1000);
        lab_evaluate(&lab);
        ck_assert_msg(lab.measures[SERIES_TEST_ACC] >= 0.8f, "seed %d: %.3f", (int)seed,
                      (double)lab.measures[SERIES_TEST_ACC]);
        lab_end(&lab);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("convergence over seeds");
    TCase *tests = tcase_create("convergence over seeds");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, spiral);
    tcase_add_test(tests, digits);
    tcase_add_test(tests, iris);
    tcase_add_loop_test(tests, toys, 0, (int)toy_count);
    tcase_add_test(tests, wrong_labels_are_memorised_and_cost_the_test);
    tcase_add_test(tests, early_stopping_brings_back_what_overfitting_lost);
    tcase_add_test(tests, dropout_from_the_start_resists_wrong_labels);
    suite_add_tcase(suite, tests);
    return suite;
}
