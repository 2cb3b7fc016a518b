/* What single knobs of the trainer do to a step and to what is measured, each seen alone. */
#include <math.h>
#include <stdlib.h>

#include "learn/counters.h"
#include "suite.h"
#include "support/lab_state.h"
#include "support/text_lab.h"

/* The loss of the first step is that of the batch: with dropout it is another than without, the measured one is not. */
START_TEST(dropout_changes_the_loss_of_steps_and_not_the_measured_one)
{
    float loss[2], measured[2];
    for (int drops = 0; drops < 2; drops++) {
        struct lab lab;
        lab_load(&lab, "spiral", 3);
        lab.spec.knobs.value[KNOB_BATCH] = (double)lab.dataset->train;
        lab_start(&lab);
        lab_run(&lab, 40);
        lab_set(&lab, KNOB_DROPOUT, drops ? 0.5 : 0);
        lab_evaluate(&lab);
        measured[drops] = lab.measures[SERIES_TRAIN_LOSS];
        ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_DONE);
        loss[drops] = lab.measures[SERIES_LOSS];
        lab_end(&lab);
    }
    ck_assert_float_eq(measured[0], measured[1]);
    ck_assert_float_eq_tol(loss[0], measured[0], 1e-5f); /* all rows are in the batch */
    ck_assert_float_gt(fabsf(loss[1] - loss[0]), 1e-4f);
}
END_TEST

/* With one logit for two classes a positive one means the second class. */
START_TEST(accuracy_of_one_logit_is_that_of_two)
{
    for (int one = 0; one < 2; one++) {
        struct lab lab;
        lab_load(&lab, "moons", 2);
        lab.spec.loss = one ? LOSS_BCE : LOSS_CROSS_ENTROPY;
        lab_start(&lab);
        lab_run(&lab, 800);
        lab_evaluate(&lab);
        ck_assert_float_gt(lab.measures[SERIES_TRAIN_ACC], 0.85f);
        ck_assert_float_gt(lab.measures[SERIES_TEST_ACC], 0.85f);
        lab_end(&lab);
    }
}
END_TEST

/* Adam's first step after another optimiser moves each weight by its whole rate, as at the start of a run. */
START_TEST(another_optimiser_counts_its_steps_anew)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_ADAMW);
    lab_run(&lab, 60);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_ADAM);
    lab_set(&lab, KNOB_LR, 0.01);
    float *before = copy_of(&lab, "parameters");
    ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_DONE);
    double most = 0;
    for (size_t i = 0; i < params_of(&lab)->size; i++)
        most = fmax(most, fabs((double)params_of(&lab)->value[i] - (double)before[i]));
    ck_assert_double_eq_tol(most, 0.01, 1e-4);
    free(before);
    lab_end(&lab);
}
END_TEST

/* Each optimiser has a rate of its own, which comes back with it. */
START_TEST(a_rate_comes_back_with_its_optimiser)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_set(&lab, KNOB_LR, 0.37);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_ADAM);
    ck_assert_double_eq(trainer_knobs(lab.trainer)->value[KNOB_LR], optimizer_row(OPTIMIZER_ADAM)->default_lr);
    lab_set(&lab, KNOB_LR, 0.004);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_SGD);
    ck_assert_double_eq(trainer_knobs(lab.trainer)->value[KNOB_LR], 0.37);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_ADAM);
    ck_assert_double_eq(trainer_knobs(lab.trainer)->value[KNOB_LR], 0.004);
    lab_end(&lab);
}
END_TEST

/* Of pairs the response alone is asked for: before anything is learnt its tokens cost as much as those of a text. */
START_TEST(the_loss_of_pairs_is_a_mean_over_what_is_asked)
{
    struct text_lab lab;
    text_lab_start(
        &lab, &(struct text_lab_plan){.merges = 20, .shape.language = {.kind = LANGUAGE_MLP, .width = 8, .window = 3}});
    struct error error = {.message = ""};
    const float even = logf((float)lab.dataset[0]->classes);
    while (!trainer_evaluate(lab.trainer, SIZE_MAX, lab.measures))
        continue;
    ck_assert_float_eq_tol(lab.measures[SERIES_TRAIN_LOSS], even, 0.05f * even);
    ck_assert_msg(trainer_next_stage(lab.trainer, &error) == STATUS_OK, "%s", error.message);
    while (!trainer_evaluate(lab.trainer, SIZE_MAX, lab.measures))
        continue;
    ck_assert_float_eq_tol(lab.measures[SERIES_TRAIN_LOSS], even, 0.05f * even);
    ck_assert_float_eq_tol(lab.measures[SERIES_TEST_LOSS], even, 0.05f * even);
    text_lab_end(&lab);
}
END_TEST

/* A state from a file whose counters contradict each other is refused, whichever it is. */
START_TEST(counters_that_cannot_be_are_refused)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_run(&lab, 50);
    ck_assert_int_eq(trainer_restored(lab.trainer, NULL), STATUS_OK);
    size_t size;
    struct counters *counters = (struct counters *)section(&lab, "counters", &size);
    ck_assert_uint_eq(size, sizeof *counters);
    uint64_t *const beyond[] = {&counters->moments_t,    &counters->best_moments_t, &counters->schedule_origin,
                                &counters->stage_origin, &counters->start_step,     &counters->last_evaluation,
                                &counters->epoch_ended,  &counters->runaway,        &counters->best_optimizer,
                                &counters->stage,        &counters->start_stage,    &counters->stage_epoch};
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        const uint64_t before = *beyond[i];
        *beyond[i] = 51; /* one step more than there were */
        ck_assert_msg(trainer_restored(lab.trainer, NULL) == STATUS_FAILED, "counter %zu", i);
        *beyond[i] = before;
    }
    ck_assert_int_eq(trainer_restored(lab.trainer, NULL), STATUS_OK);
    lab_end(&lab);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("trainer_effects");
    TCase *cases = tcase_create("trainer_effects");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, dropout_changes_the_loss_of_steps_and_not_the_measured_one);
    tcase_add_test(cases, accuracy_of_one_logit_is_that_of_two);
    tcase_add_test(cases, another_optimiser_counts_its_steps_anew);
    tcase_add_test(cases, a_rate_comes_back_with_its_optimiser);
    tcase_add_test(cases, the_loss_of_pairs_is_a_mean_over_what_is_asked);
    tcase_add_test(cases, counters_that_cannot_be_are_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
