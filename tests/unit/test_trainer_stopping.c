/* Early stopping of a trainer: when patience ends, and what comes back. */
#include <math.h>
#include <stdlib.h>

#include "data/batch.h"
#include "suite.h"
#include "support/lab_state.h"

/* Few points with wrong labels: overfits within a few hundred steps. */
static void start_overfitting(struct lab *lab)
{
    lab_load(lab, "moons", 2);
    lab->spec.shape.net.hidden_count = 1;
    lab->spec.shape.net.hidden[0] = 32;
    lab->spec.knobs.value[KNOB_LABEL_NOISE] = 0.4;
    lab->spec.knobs.value[KNOB_TRAIN_FRACTION] = 0.2;
    lab->spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    lab->spec.knobs.value[KNOB_LR] = 0.02;
    lab->spec.knobs.value[KNOB_EARLY_STOP] = 1;
    lab->spec.knobs.value[KNOB_PATIENCE] = 4;
    lab_start(lab);
}

START_TEST(it_stops_when_patience_ends_and_brings_the_best_back)
{
    struct lab lab;
    start_overfitting(&lab);
    const struct early_stop *stop = trainer_early_stop(lab.trainer);
    float *best = NULL, *moments = NULL;
    double least = INFINITY;
    while (!trainer_early_stopped(lab.trainer)) {
        ck_assert_uint_lt(trainer_step_count(lab.trainer), 20000);
        if (trainer_evaluation_due(lab.trainer)) {
            trainer_evaluate(lab.trainer, SIZE_MAX, lab.measures);
            if (stop->best_step == trainer_step_count(lab.trainer)) {
                free(best);
                free(moments);
                best = copy_of(&lab, "parameters");
                moments = copy_of(&lab, "moments.1");
                least = (double)lab.measures[SERIES_TEST_LOSS];
            }
        } else {
            trainer_step(lab.trainer, lab.measures);
        }
    }
    uint64_t stopped = trainer_step_count(lab.trainer), cadence = trainer_cadence(lab.trainer);
    ck_assert_uint_ge(stopped, stop->best_step + 4 * cadence);
    ck_assert_uint_lt(stopped, stop->best_step + 5 * cadence);
    ck_assert_uint_eq((uint64_t)lab.measures[SERIES_MISSES], 4);
    ck_assert(lab.measures[SERIES_TEST_LOSS] > (float)least);

    trainer_restore_best(lab.trainer);
    assert_section_is(&lab, "parameters", best);
    assert_section_is(&lab, "moments.1", moments);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), stopped);
    lab_evaluate(&lab);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_TEST_LOSS], least, 1e-6);
    ck_assert(trainer_early_stopped(lab.trainer)); /* until it goes on */

    trainer_step(lab.trainer, lab.measures);
    ck_assert(!trainer_early_stopped(lab.trainer));
    lab_run(&lab, stopped + 4 * cadence - 1);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), stopped + 4 * cadence - 1);
    lab_run(&lab, stopped + 100 * cadence);
    ck_assert(trainer_early_stopped(lab.trainer)); /* its patience has an end again */
    free(best);
    free(moments);
    lab_end(&lab);
}
END_TEST

/* Adam's first steps depend much on their number: a step after the best of step 3 is the fourth, however long the
 * detour was.  With all rows in a batch it equals the fourth step of a run without detour, up to rounding. */
START_TEST(the_best_comes_back_with_its_step_count)
{
    float *fourth = NULL;
    for (int detour = 0; detour < 2; detour++) {
        struct lab lab;
        lab_load(&lab, "circles", 1);
        lab.spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
        lab.spec.knobs.value[KNOB_LR] = 0.01;
        lab.spec.knobs.value[KNOB_BATCH] = (double)lab.dataset->train;
        lab_start(&lab);
        lab_run(&lab, 3);
        ck_assert_uint_eq(trainer_early_stop(lab.trainer)->best_step, 3);
        if (detour) {
            lab_set(&lab, KNOB_LR, 50);
            lab_run(&lab, 20);
            ck_assert_uint_eq(trainer_early_stop(lab.trainer)->best_step, 3);
            lab_set(&lab, KNOB_LR, 0.01);
            trainer_restore_best(lab.trainer);
        }
        ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_DONE);
        if (!detour)
            fourth = copy_of(&lab, "parameters");
        else
            for (size_t i = 0; i < params_of(&lab)->size; i++)
                ck_assert_double_eq_tol((double)params_of(&lab)->value[i], (double)fourth[i], 1e-5);
        lab_end(&lab);
    }
    free(fourth);
}
END_TEST

START_TEST(switched_off_it_only_counts_and_patience_begins_when_it_is_on)
{
    struct lab lab;
    start_overfitting(&lab);
    lab_set(&lab, KNOB_EARLY_STOP, 0);
    lab_run(&lab, 3000);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 3000);
    ck_assert(!trainer_early_stopped(lab.trainer));
    ck_assert(lab.measures[SERIES_MISSES] > 4);
    const struct early_stop before = *trainer_early_stop(lab.trainer);
    lab_set(&lab, KNOB_EARLY_STOP, 1); /* what it missed while it was off does not count */
    ck_assert_uint_eq(trainer_early_stop(lab.trainer)->misses, 0);
    const uint64_t cadence = trainer_cadence(lab.trainer);
    lab_run(&lab, 3000 + 4 * cadence - 1);
    ck_assert(!trainer_early_stopped(lab.trainer));
    lab_run(&lab, 3000 + 5 * cadence);
    ck_assert(trainer_early_stopped(lab.trainer));
    ck_assert_uint_eq(trainer_early_stop(lab.trainer)->best_step, before.best_step); /* the best stays */
    ck_assert_double_eq(trainer_early_stop(lab.trainer)->best, before.best);
    lab_end(&lab);
}
END_TEST

START_TEST(turned_on_again_while_on_it_forgives_nothing)
{
    struct lab lab;
    start_overfitting(&lab);
    while (trainer_early_stop(lab.trainer)->misses < 2)
        lab_run(&lab, trainer_step_count(lab.trainer) + 1);
    lab_set(&lab, KNOB_EARLY_STOP, 1);
    ck_assert_uint_eq(trainer_early_stop(lab.trainer)->misses, 2);
    lab_end(&lab);
}
END_TEST

START_TEST(turned_off_it_has_not_stopped_any_more)
{
    struct lab lab;
    start_overfitting(&lab);
    lab_run(&lab, 20000);
    ck_assert(trainer_early_stopped(lab.trainer));
    trainer_restore_best(lab.trainer);
    lab_set(&lab, KNOB_PATIENCE, 9);
    ck_assert(trainer_early_stopped(lab.trainer)); /* other knobs change nothing in that */
    lab_set(&lab, KNOB_EARLY_STOP, 0);
    ck_assert(!trainer_early_stopped(lab.trainer));
    lab_end(&lab);
}
END_TEST

START_TEST(best_moments_of_another_optimiser_are_not_brought_back)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab.spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    lab.spec.knobs.value[KNOB_LR] = 0.01;
    lab_start(&lab);
    lab_run(&lab, 100);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_MOMENTUM);
    trainer_restore_best(lab.trainer);
    ck_assert(all_zero(&lab, "moments.0") && all_zero(&lab, "moments.1"));
    lab_end(&lab);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("trainer_stopping");
    TCase *tests = tcase_create("trainer_stopping");
    tcase_add_test(tests, it_stops_when_patience_ends_and_brings_the_best_back);
    tcase_add_test(tests, the_best_comes_back_with_its_step_count);
    tcase_add_test(tests, switched_off_it_only_counts_and_patience_begins_when_it_is_on);
    tcase_add_test(tests, turned_on_again_while_on_it_forgives_nothing);
    tcase_add_test(tests, turned_off_it_has_not_stopped_any_more);
    tcase_add_test(tests, best_moments_of_another_optimiser_are_not_brought_back);
    suite_add_tcase(suite, tests);
    return suite;
}
