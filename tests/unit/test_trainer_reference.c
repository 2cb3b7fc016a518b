/* Every optimiser and every schedule as the trainer uses them, against PyTorch: the losses and rates of 50 steps from
 * given weights, which tests/reference/trainer.py made in double precision.  Runs from the repository root. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "learn/trainer.h"
#include "nn/schedule.h"
#include "suite.h"
#include "support/reference.h"

#define FIGURES   "tests/reference/trainer.csv"
#define ROWS      32
#define TEST_ROWS 4
#define INPUTS    6
#define HIDDEN    12
#define CLASSES   3
#define TOLERANCE 2e-5 /* relative, from a value of 1 on; below it absolute */

struct plan {
    const char *name; /* column of the figures */
    enum optimizer_id optimizer;
    enum schedule_id schedule;
    double lr, momentum, decay, clip;
};

#define OPTIMISER(name, id, lr, momentum)                                                                              \
    {name, id, SCHEDULE_CONSTANT, lr, momentum, 0.03, 0},                                                              \
    {                                                                                                                  \
        name "_clip", id, SCHEDULE_CONSTANT, lr, momentum, 0.03, 0.1                                                   \
    }
static const struct plan optimiser_plan[] = {
    OPTIMISER("sgd", OPTIMIZER_SGD, 0.4, 0),
    OPTIMISER("momentum", OPTIMIZER_MOMENTUM, 0.05, 0.9),
    OPTIMISER("nesterov", OPTIMIZER_NESTEROV, 0.05, 0.8),
    OPTIMISER("rmsprop", OPTIMIZER_RMSPROP, 0.005, 0),
    OPTIMISER("adam", OPTIMIZER_ADAM, 0.02, 0.9),
    OPTIMISER("adamw", OPTIMIZER_ADAMW, 0.02, 0.85),
};
#undef OPTIMISER
#define OPTIMISER_PLANS (sizeof optimiser_plan / sizeof optimiser_plan[0])
static_assert(OPTIMISER_PLANS == 2 * OPTIMIZER_COUNT, "each optimiser without and with clipping");

static const struct plan schedule_plan[] = {
    {"constant", OPTIMIZER_SGD, SCHEDULE_CONSTANT, 0.5, 0, 0, 0},
    {"step", OPTIMIZER_SGD, SCHEDULE_STEP, 0.5, 0, 0, 0},
    {"exponential", OPTIMIZER_SGD, SCHEDULE_EXPONENTIAL, 0.5, 0, 0, 0},
    {"cosine", OPTIMIZER_SGD, SCHEDULE_COSINE, 0.5, 0, 0, 0},
    {"warmup-cosine", OPTIMIZER_SGD, SCHEDULE_WARMUP_COSINE, 0.5, 0, 0, 0},
    {"one-cycle", OPTIMIZER_SGD, SCHEDULE_ONE_CYCLE, 0.5, 0, 0, 0},
    {"plateau", OPTIMIZER_SGD, SCHEDULE_PLATEAU, 1e-5, 0, 0, 0},
};
#define SCHEDULE_PLANS (sizeof schedule_plan / sizeof schedule_plan[0])
static_assert(SCHEDULE_PLANS == SCHEDULE_COUNT, "each schedule");

struct rig {
    float x[(ROWS + TEST_ROWS) * INPUTS];
    int32_t label[ROWS + TEST_ROWS];
    double start[HIDDEN * INPUTS + HIDDEN + CLASSES * HIDDEN + CLASSES];
    struct dataset dataset;
    struct trainer *trainer;
};

static char *class_names[] = {"a", "b", "c"};
static char *input_names[] = {"u", "v", "w", "x", "y", "z"};
static double means[INPUTS], sds[] = {1, 1, 1, 1, 1, 1};

/* Weights and biases of both layers, in PyTorch's orientation. */
static void fill_start(double *start)
{
    static const size_t width[] = {INPUTS, HIDDEN, CLASSES};
    for (unsigned layer = 0; layer < 2; layer++) {
        const size_t in = width[layer], out = width[layer + 1];
        for (size_t i = 0; i < out * in; i++)
            *start++ = (double)(reference_uniform(REFERENCE_WEIGHT, layer, i) * reference_scale(in));
        for (size_t i = 0; i < out; i++)
            *start++ = (double)(reference_uniform(REFERENCE_BIAS, layer, i) / 8);
    }
}

/* The test rows are the first training rows once more with other classes: the better training goes, the worse is the
 * test. */
static void rig_open(struct rig *rig, const struct plan *plan)
{
    for (size_t row = 0; row < ROWS + TEST_ROWS; row++) {
        for (size_t k = 0; k < INPUTS; k++)
            rig->x[row * INPUTS + k] = 2 * reference_uniform(REFERENCE_INPUT, 0, row % ROWS * INPUTS + k);
        rig->label[row] = (reference_choice(REFERENCE_LABEL, 0, row % ROWS, CLASSES) + (row >= ROWS)) % CLASSES;
    }
    fill_start(rig->start);
    rig->dataset = (struct dataset){.name = "reference",
                                    .kind = TASK_CLASSIFY,
                                    .rows = ROWS + TEST_ROWS,
                                    .train = ROWS,
                                    .inputs = INPUTS,
                                    .classes = CLASSES,
                                    .x = rig->x,
                                    .label = rig->label,
                                    .input_mean = means,
                                    .input_sd = sds,
                                    .input_name = input_names,
                                    .class_name = class_names};
    struct trainer_spec spec = {
        .dataset = &rig->dataset,
        .shape.net = {.hidden_count = 1, .hidden = {HIDDEN}, .activation = ACTIVATION_TANH},
        .loss = LOSS_CROSS_ENTROPY,
        .seed = 1,
        .start = rig->start,
        .start_count = sizeof rig->start / sizeof rig->start[0],
    };
    knobs_default(&spec.knobs);
    spec.knobs.value[KNOB_BATCH] = ROWS;
    spec.knobs.value[KNOB_OPTIMIZER] = plan->optimizer;
    spec.knobs.value[KNOB_SCHEDULE] = plan->schedule;
    spec.knobs.value[KNOB_LR] = plan->lr;
    spec.knobs.value[KNOB_MOMENTUM] = plan->momentum;
    spec.knobs.value[KNOB_WEIGHT_DECAY] = plan->decay;
    spec.knobs.value[KNOB_CLIP] = plan->clip;
    spec.knobs.value[KNOB_HORIZON] = 40;
    spec.knobs.value[KNOB_WARMUP] = plan->schedule == SCHEDULE_WARMUP_COSINE ? 8 : 0;
    struct error error = {.message = ""};
    ck_assert_msg(trainer_create(&rig->trainer, &spec, kernels_choose(), &error) == STATUS_OK, "%s", error.message);
}

static void compare(const char *name, const char *what, size_t step, double got, double wanted)
{
    ck_assert_msg(fabs(got - wanted) <= TOLERANCE * fmax(1, fabs(wanted)), "%s: %s %.9g at step %zu, not %.9g", name,
                  what, got, step, wanted);
}

/* Takes the steps with their evaluations, as a run does; rates are compared where `rate` is given. */
static void follow(const struct plan *plan, const double *loss, const double *rate)
{
    struct rig rig;
    float measures[SERIES_TOTAL];
    rig_open(&rig, plan);
    ck_assert_uint_eq(trainer_cadence(rig.trainer), 3); /* steps between checks in trainer.py */
    for (size_t step = 0; step < REFERENCE_STEPS; step++) {
        while (trainer_evaluation_due(rig.trainer))
            trainer_evaluate(rig.trainer, SIZE_MAX, measures);
        ck_assert_int_eq(trainer_step(rig.trainer, measures), STEP_DONE);
        compare(plan->name, "loss", step, (double)measures[SERIES_LOSS], loss[step]);
        if (rate)
            compare(plan->name, "rate", step, (double)measures[SERIES_LR] / plan->lr, rate[step] / plan->lr);
    }
    trainer_free(rig.trainer);
}

START_TEST(each_optimiser_takes_pytorchs_steps)
{
    double loss[REFERENCE_STEPS];
    reference_figures(FIGURES, optimiser_plan[_i].name, loss);
    follow(&optimiser_plan[_i], loss, NULL);
}
END_TEST

START_TEST(each_schedule_has_pytorchs_rates)
{
    const struct plan *plan = &schedule_plan[_i];
    double loss[REFERENCE_STEPS], rate[REFERENCE_STEPS];
    char column[64];
    snprintf(column, sizeof column, "%s_lr", plan->name);
    reference_figures(FIGURES, plan->name, loss);
    reference_figures(FIGURES, column, rate);
    follow(plan, loss, rate);
}
END_TEST

/* The plateau schedule looks at the training loss: while that falls the rate is that of a constant schedule, however the
 * test goes. */
START_TEST(a_plateau_is_one_of_the_training_loss)
{
    static const struct plan plan = {"constant", OPTIMIZER_SGD, SCHEDULE_PLATEAU, 0.5, 0, 0, 0};
    double loss[REFERENCE_STEPS], rate[REFERENCE_STEPS];
    reference_figures(FIGURES, "constant", loss);
    reference_figures(FIGURES, "constant_lr", rate);
    follow(&plan, loss, rate);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("trainer_reference");
    TCase *cases = tcase_create("trainer_reference");
    tcase_add_loop_test(cases, each_optimiser_takes_pytorchs_steps, 0, OPTIMISER_PLANS);
    tcase_add_loop_test(cases, each_schedule_has_pytorchs_rates, 0, SCHEDULE_PLANS);
    tcase_add_test(cases, a_plateau_is_one_of_the_training_loss);
    suite_add_tcase(suite, cases);
    return suite;
}
