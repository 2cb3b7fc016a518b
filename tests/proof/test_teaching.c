/* The default run as a teacher shows it: each moment over five seeds.  The goals are those of 30-seed medians with
 * room for five seeds; the figures measured over 30 seeds with this program stand beside them. */
#include <stdio.h>
#include <stdlib.h>

#include "support/lab.h"
#include "unit/suite.h"

#define SEEDS 5

#define MEASURED(lab, series) ((double)(lab).measures[series])

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(const double *value)
{
    double sorted[SEEDS];
    memcpy(sorted, value, sizeof sorted);
    qsort(sorted, SEEDS, sizeof sorted[0], ascending);
    return sorted[SEEDS / 2];
}

static void assert_between(const char *what, double value, double low, double high)
{
    ck_assert_msg(value >= low && value <= high, "%s: %.4f is not from %g to %g", what, value, low, high);
}

static void start_default(struct lab *lab, int seed)
{
    lab_load(lab, "spiral", (uint64_t)seed);
    lab_start(lab);
}

/* n n n r: twenty points, from the same start. */
static void start_with_twenty_points(struct lab *lab, int seed)
{
    start_default(lab, seed);
    lab_press(lab, KNOB_TRAIN_FRACTION, -3);
    trainer_restart(lab->trainer, (uint64_t)seed);
    ck_assert_double_eq_tol(trainer_knobs(lab->trainer)->value[KNOB_TRAIN_FRACTION], 0.1, 1e-12);
}

/* 0.682 to 0.705 = ln 2; medians 0.49 after two seconds, 0.22 after five. */
START_TEST(the_loss_falls_from_ln_2)
{
    double at_400[SEEDS], at_1000[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
        struct lab lab;
        start_default(&lab, i + 1);
        lab_run(&lab, 0);
        assert_between("loss at step 0", MEASURED(lab, SERIES_TRAIN_LOSS), 0.68, 0.71);
        lab_run(&lab, 400);
        lab_evaluate(&lab);
        at_400[i] = MEASURED(lab, SERIES_TRAIN_LOSS);
        lab_run(&lab, 1000);
        lab_evaluate(&lab);
        at_1000[i] = MEASURED(lab, SERIES_TRAIN_LOSS);
        lab_end(&lab);
    }
    assert_between("loss after 2 seconds", median(at_400), 0.36, 0.56);
    assert_between("loss after 5 seconds", median(at_1000), 0.07, 0.33);
}
END_TEST

/* Median 1,280 steps, latest 2,540. */
START_TEST(the_spiral_is_learnt_in_twelve_seconds)
{
    double learnt[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
        struct lab lab;
        start_default(&lab, i + 1);
        do {
            lab_run(&lab, trainer_step_count(lab.trainer) + 10);
            lab_evaluate(&lab);
        } while (MEASURED(lab, SERIES_TEST_ACC) < 0.98 && trainer_step_count(lab.trainer) < 4000);
        learnt[i] = (double)trainer_step_count(lab.trainer);
        assert_between("steps to 98 %", learnt[i], 500, 2600);
        lab_end(&lab);
    }
    assert_between("median steps to 98 %", median(learnt), 1000, 1800);
}
END_TEST

/* LLLL at 1,500: the batch loss passes 0.9 within a fifth of a second in 30 of 30 (its peak is 13 or more).
 * After a second of it the old rate does not relearn: median 59 % at 4,000, none at 98 %. */
START_TEST(a_rate_of_five_destroys_what_was_learnt)
{
    double back[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
        struct lab lab;
        start_default(&lab, i + 1);
        lab_run(&lab, 1500);
        lab_press(&lab, KNOB_LR, 4);
        ck_assert_double_eq_tol(trainer_knobs(lab.trainer)->value[KNOB_LR], 5, 1e-12);
        double peak = 0;
        while (trainer_step_count(lab.trainer) < 1540) {
            lab_run(&lab, trainer_step_count(lab.trainer) + 1);
            ck_assert(!lab.diverged);
            peak = MEASURED(lab, SERIES_LOSS) > peak ? MEASURED(lab, SERIES_LOSS) : peak;
        }
        ck_assert_msg(peak > 0.9, "seed %d: the loss stays below %.3f", i + 1, peak);
        lab_run(&lab, 1700);
        lab_press(&lab, KNOB_LR, -4);
        lab_run(&lab, 4000);
        lab_evaluate(&lab);
        back[i] = MEASURED(lab, SERIES_TEST_ACC);
        ck_assert_msg(back[i] < 0.98, "seed %d relearns", i + 1);
        lab_end(&lab);
    }
    assert_between("median test accuracy with the old rate back", median(back), 0.45, 0.7);
}
END_TEST

/* 29 of 30 know all their points, the gap is 15 points or more in 24 of 30, test loss 1.2. */
START_TEST(twenty_points_are_memorised)
{
    int known = 0, gaps = 0;
    double test_loss[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
        struct lab lab;
        start_with_twenty_points(&lab, i + 1);
        lab_run(&lab, 1000);
        lab_evaluate(&lab);
        known += MEASURED(lab, SERIES_TRAIN_ACC) >= 0.99;
        gaps += MEASURED(lab, SERIES_TRAIN_ACC) - MEASURED(lab, SERIES_TEST_ACC) >= 0.15;
        test_loss[i] = MEASURED(lab, SERIES_TEST_LOSS);
        lab_end(&lab);
    }
    ck_assert_int_ge(known, 4);
    ck_assert_int_ge(gaps, 3);
    assert_between("median test loss", median(test_loss), 0.6, 2.2);
}
END_TEST

/* N N N: test loss 1.2 to 0.09, 78 to 98 %, within two seconds; A to 0.3 instead: to 0.50. */
START_TEST(more_data_or_noise_on_it_brings_the_test_loss_down)
{
    double few[SEEDS], all[SEEDS], accuracy[SEEDS], noisy[SEEDS];
    for (int i = 0; i < SEEDS; i++) {
        struct lab lab;
        start_with_twenty_points(&lab, i + 1);
        lab_run(&lab, 1000);
        lab_evaluate(&lab);
        few[i] = MEASURED(lab, SERIES_TEST_LOSS);
        void *snapshot = malloc(state_bytes(trainer_state(lab.trainer)));
        ck_assert_ptr_nonnull(snapshot);
        state_copy_out(trainer_state(lab.trainer), snapshot);
        lab_press(&lab, KNOB_TRAIN_FRACTION, 3);
        lab_run(&lab, 1400);
        lab_evaluate(&lab);
        all[i] = MEASURED(lab, SERIES_TEST_LOSS);
        accuracy[i] = MEASURED(lab, SERIES_TEST_ACC);

        state_copy_in(trainer_state(lab.trainer), snapshot);
        ck_assert_int_eq(trainer_restored(lab.trainer, NULL), STATUS_OK);
        free(snapshot);
        while (trainer_knobs(lab.trainer)->value[KNOB_INPUT_NOISE] < 0.3)
            lab_press(&lab, KNOB_INPUT_NOISE, 1);
        lab_run(&lab, 1400);
        lab_evaluate(&lab);
        noisy[i] = MEASURED(lab, SERIES_TEST_LOSS);
        lab_end(&lab);
    }
    assert_between("median test loss with all data", median(all), 0, 0.15);
    assert_between("median test accuracy with all data", median(accuracy), 0.95, 1);
    assert_between("median test loss with input noise, of before", median(noisy) / median(few), 0, 0.7);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("teaching");
    TCase *tests = tcase_create("teaching");
    tcase_set_timeout(tests, 600);
    tcase_add_test(tests, the_loss_falls_from_ln_2);
    tcase_add_test(tests, the_spiral_is_learnt_in_twelve_seconds);
    tcase_add_test(tests, a_rate_of_five_destroys_what_was_learnt);
    tcase_add_test(tests, twenty_points_are_memorised);
    tcase_add_test(tests, more_data_or_noise_on_it_brings_the_test_loss_down);
    suite_add_tcase(suite, tests);
    return suite;
}
