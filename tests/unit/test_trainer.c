/* The trainer: what a step does and refuses, when evaluations come, what knobs change. */
#include <math.h>
#include <stdlib.h>

#include "data/batch.h"
#include "suite.h"
#include "support/lab_state.h"

/* ---- The gradient, from the batch to the update -------------------------------------------------- */

/* With plain SGD at rate 1 and all rows in one batch, what a step takes away is the gradient of the mean training loss:
 * compared with central differences of what evaluation measures. */
static void compare_with_differences(const char *task, enum loss_id loss, double weight_decay, double tolerance)
{
    struct lab lab;
    lab_load(&lab, task, 5);
    lab.spec.loss = (int)loss;
    lab.spec.shape.net.hidden_count = 2;
    lab.spec.shape.net.hidden[0] = 5;
    lab.spec.shape.net.hidden[1] = 3;
    lab.spec.shape.net.activation = ACTIVATION_TANH;
    lab.spec.knobs.value[KNOB_BATCH] = (double)lab.dataset->train;
    lab.spec.knobs.value[KNOB_LR] = 0.1;
    lab_start(&lab);
    for (int i = 0; i < 5; i++) /* not evaluated: so one is due, and measures whatever is put in */
        trainer_step(lab.trainer, lab.measures);
    lab_set(&lab, KNOB_LR, 1);
    lab_set(&lab, KNOB_WEIGHT_DECAY, weight_decay);
    const struct params *params = params_of(&lab);
    struct params *writable = model_params((struct model *)trainer_model(lab.trainer));
    float *before = copy_of(&lab, "parameters");
    size_t snapshot_size = state_bytes(trainer_state(lab.trainer));
    void *snapshot = malloc(snapshot_size);
    ck_assert_ptr_nonnull(snapshot);
    state_copy_out(trainer_state(lab.trainer), snapshot);
    ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_DONE);
    float *after = copy_of(&lab, "parameters");
    double norm = 0;
    for (size_t s = 0; s < params->slices; s++) {
        const struct param_slice *slice = &params->slice[s];
        for (size_t in = 0; in < slice->in; in++)
            for (size_t out = 0; out < slice->out; out++) {
                size_t at = param_at(slice, out, in);
                const float h = 1e-2f;
                float loss_at[2];
                for (int side = 0; side < 2; side++) {
                    state_copy_in(trainer_state(lab.trainer), snapshot);
                    writable->value[at] = before[at] + (side ? h : -h);
                    lab_evaluate(&lab);
                    loss_at[side] = lab.measures[SERIES_TRAIN_LOSS];
                }
                double gradient = ((double)loss_at[1] - (double)loss_at[0]) / (2 * (double)h);
                norm += gradient * gradient;
                double wanted = gradient + (slice->decays ? weight_decay * (double)before[at] : 0);
                double taken = (double)before[at] - (double)after[at];
                ck_assert_msg(fabs(taken - wanted) < tolerance, "%s %s[%zu][%zu]: step %g, differences %g", task,
                              slice->name, out, in, taken, wanted);
            }
    }
    ck_assert_double_eq_tol((double)lab.measures[SERIES_GRAD_NORM], sqrt(norm), 10 * tolerance);
    free(before);
    free(after);
    free(snapshot);
    lab_end(&lab);
}

START_TEST(an_update_is_the_gradient_of_what_is_measured)
{
    compare_with_differences("spiral", LOSS_CROSS_ENTROPY, 0, 2e-4);
    compare_with_differences("gauss", LOSS_CROSS_ENTROPY, 0.1, 2e-4);
    compare_with_differences("moons", LOSS_BCE, 0, 2e-4);
    compare_with_differences("sine", LOSS_MSE, 0, 4e-4);
    compare_with_differences("plane", LOSS_HUBER, 0.05, 4e-4);
}
END_TEST

START_TEST(the_norms_of_the_layers_add_up)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_run(&lab, 7);
    ck_assert_uint_eq(trainer_layers(lab.trainer), 3);
    double sum = 0;
    for (unsigned i = 0; i < 3; i++) {
        double norm = (double)lab.measures[series_layer_grad(i)];
        ck_assert(norm > 0);
        ck_assert(lab.measures[series_layer_ratio(i)] > 0 && lab.measures[series_layer_ratio(i)] < 1);
        sum += norm * norm;
    }
    ck_assert_double_eq_tol(sqrt(sum), (double)lab.measures[SERIES_GRAD_NORM], 1e-5);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 0.2, 1e-7);
    lab_end(&lab);
}
END_TEST

START_TEST(clipping_shortens_the_step_and_not_the_measured_norm)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_run(&lab, 300);
    lab_set(&lab, KNOB_CLIP, 0.01);
    float *before = copy_of(&lab, "parameters");
    lab_run(&lab, 301);
    double moved = 0;
    for (size_t i = 0; i < params_of(&lab)->size; i++) {
        double d = (double)before[i] - (double)params_of(&lab)->value[i];
        moved += d * d;
    }
    ck_assert(lab.measures[SERIES_GRAD_NORM] > 0.02f);
    ck_assert_double_eq_tol(sqrt(moved), 0.2 * 0.01, 1e-5);
    free(before);
    lab_end(&lab);
}
END_TEST

/* A moment of 1e-40 whose gradient is zero, as in the padding of a slice: flushed, not carried along. */
START_TEST(a_step_keeps_no_denormal_moment)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab.spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    lab_start(&lab);
    trainer_step(lab.trainer, lab.measures);
    const struct state_section *moments = state_find(trainer_state(lab.trainer), "moments.0");
    float *moment = moments->data;
    const size_t count = moments->size / sizeof *moment;
    for (size_t i = 0; i < count; i++)
        moment[i] = 1e-40f;
    trainer_step(lab.trainer, lab.measures);
    size_t zeros = 0;
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_ne(fpclassify(moment[i]), FP_SUBNORMAL);
        zeros += fpclassify(moment[i]) == FP_ZERO;
    }
    ck_assert_uint_gt(zeros, 0);
    lab_end(&lab);
}
END_TEST

/* ---- Cadence and epochs ----------------------------------------------------------------------- */

START_TEST(evaluations_come_often_at_first_and_then_each_cadence)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    uint64_t cadence = trainer_cadence(lab.trainer), last = 0;
    /* 400 rows forward (96 multiply-adds each) against ten rows both ways (272 each), a fifth. */
    ck_assert_uint_eq(cadence, 71);
    ck_assert(trainer_evaluation_due(lab.trainer));
    while (trainer_step_count(lab.trainer) < 3000) {
        uint64_t step = trainer_step_count(lab.trainer);
        if (trainer_evaluation_due(lab.trainer)) {
            uint64_t wait = last / 20 < 1 ? 1 : last / 20 > cadence ? cadence : last / 20;
            ck_assert(step == 0 || step - last == wait);
            last = step;
            while (!trainer_evaluate(lab.trainer, 300, lab.measures))
                ck_assert(trainer_evaluation_due(lab.trainer));
            ck_assert(!trainer_evaluation_due(lab.trainer));
        }
        trainer_step(lab.trainer, lab.measures);
    }
    lab_set(&lab, KNOB_BATCH, 200);
    ck_assert_uint_eq(trainer_cadence(lab.trainer), 4);
    uint64_t from = trainer_step_count(lab.trainer);
    while (!trainer_evaluation_due(lab.trainer))
        trainer_step(lab.trainer, lab.measures);
    ck_assert_uint_le(trainer_step_count(lab.trainer), from + 4);
    lab_end(&lab);
}
END_TEST

/* Evaluations of the first `steps` steps without that of step 0, and how much of the steps' arithmetic they cost. */
struct early {
    unsigned evaluations;
    double flops, step_flops;
};

static struct early evaluate_early(size_t hidden, size_t width, double batch, uint64_t steps)
{
    struct lab lab;
    lab_load(&lab, "samples/digits.csv", 1);
    lab.spec.shape.net.hidden_count = hidden;
    for (size_t i = 0; i < hidden; i++)
        lab.spec.shape.net.hidden[i] = width;
    lab.spec.knobs.value[KNOB_BATCH] = batch;
    lab_start(&lab);
    lab_evaluate(&lab);
    struct early early = {.step_flops = model_step_flops(trainer_model(lab.trainer), (size_t)batch)};
    while (trainer_step_count(lab.trainer) < steps) {
        trainer_step(lab.trainer, lab.measures);
        early.evaluations += trainer_evaluation_due(lab.trainer);
        while (trainer_evaluation_due(lab.trainer))
            trainer_evaluate(lab.trainer, SIZE_MAX, lab.measures);
    }
    const double row = model_forward_flops(model_shape(trainer_model(lab.trainer)));
    early.flops = early.evaluations * row * (double)lab.dataset->rows;
    lab_end(&lab);
    return early;
}

/* The bound: a fifth of the steps' arithmetic and 5e8 operations. */
START_TEST(early_evaluations_of_a_large_net_cost_at_most_a_fifth_and_an_allowance)
{
    const struct early small = evaluate_early(1, 64, 32, 60), large = evaluate_early(2, 512, 128, 60);
    ck_assert_double_le(small.flops, 60 * small.step_flops / 5 + 5e8);
    ck_assert_uint_ge(small.evaluations, 8); /* the allowance is used */
    ck_assert_double_le(large.flops, 60 * large.step_flops / 5 + 5e8);
    ck_assert_uint_ge(large.evaluations, 2);
}
END_TEST

START_TEST(an_epoch_is_a_pass_over_the_rows_in_use)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    for (int i = 1; i <= 40; i++) {
        trainer_step(lab.trainer, lab.measures);
        ck_assert_int_eq(trainer_epoch_ended(lab.trainer), i % 20 == 0);
        ck_assert_double_eq_tol(trainer_epoch(lab.trainer), i / 20.0, 1e-12);
    }
    lab_run(&lab, 45);
    lab_set(&lab, KNOB_BATCH, 20); /* goes on walking */
    ck_assert_double_eq_tol(trainer_epoch(lab.trainer), 2.25, 1e-12);
    lab_set(&lab, KNOB_TRAIN_FRACTION, 0.1); /* twenty rows: a new epoch */
    ck_assert_double_eq_tol(trainer_epoch(lab.trainer), 3, 1e-12);
    trainer_step(lab.trainer, lab.measures);
    ck_assert(trainer_epoch_ended(lab.trainer));
    lab_set(&lab, KNOB_TRAIN_FRACTION, 1); /* the last one is over: none is begun twice */
    ck_assert_double_eq_tol(trainer_epoch(lab.trainer), 4, 1e-12);
    lab_end(&lab);
}
END_TEST

/* ---- What is no number ------------------------------------------------------------------------- */

START_TEST(a_loss_that_is_no_number_changes_nothing)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_run(&lab, 25);
    model_params((struct model *)trainer_model(lab.trainer))->value[0] = NAN;
    uint64_t hash = hash_of(&lab);
    ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_NONFINITE);
    ck_assert(isnan(lab.measures[SERIES_LOSS]));
    ck_assert(isnan(lab.measures[SERIES_GRAD_NORM]));
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 25);
    ck_assert(hash_of(&lab) == hash);
    lab_end(&lab);
}
END_TEST

/* Whatever explodes, the parameters that are left are numbers, and the same step is refused again and again. */
static const struct {
    const char *task;
    double lr, weight_decay, momentum;
    int optimizer;
} explosions[] = {
    {"spiral", 1e30, 0, 0.9, OPTIMIZER_SGD},  {"line", 100, 0, 0.9, OPTIMIZER_SGD},
    {"spiral", 100, 10, 0.9, OPTIMIZER_SGD},  {"sine", 100, 10, 0.99, OPTIMIZER_NESTEROV},
    {"plane", 100, 10, 0.9, OPTIMIZER_ADAMW}, {"sine", 100, 0, 0.99, OPTIMIZER_MOMENTUM},
    {"circles", 1, 10, 0.9, OPTIMIZER_SGD},
};

START_TEST(explosions_end_on_numbers)
{
    struct lab lab;
    lab_load(&lab, explosions[_i].task, 1);
    lab.spec.knobs.value[KNOB_LR] = explosions[_i].lr;
    lab.spec.knobs.value[KNOB_WEIGHT_DECAY] = explosions[_i].weight_decay;
    lab.spec.knobs.value[KNOB_MOMENTUM] = explosions[_i].momentum;
    lab.spec.knobs.value[KNOB_OPTIMIZER] = explosions[_i].optimizer;
    lab_start(&lab);
    lab_run(&lab, 4000);
    ck_assert(lab.diverged);
    ck_assert(finite_parameters(&lab));
    uint64_t hash = hash_of(&lab);
    ck_assert_int_eq(trainer_step(lab.trainer, lab.measures), STEP_NONFINITE);
    ck_assert(hash_of(&lab) == hash);
    trainer_restore_best(lab.trainer);
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_SGD);
    lab_set(&lab, KNOB_LR, 0.01);
    lab_set(&lab, KNOB_WEIGHT_DECAY, 0);
    lab_run(&lab, trainer_step_count(lab.trainer) + 20);
    ck_assert(!lab.diverged);
    lab_end(&lab);
}
END_TEST

/* The last state of a run is told from one that was lost: by its weights, and by each loss that was measured. */
START_TEST(a_state_is_finite_with_all_its_figures)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_evaluate(&lab);
    ck_assert(trainer_is_finite(lab.trainer, lab.measures));
    const unsigned losses[] = {SERIES_TRAIN_LOSS, SERIES_TEST_LOSS};
    for (size_t i = 0; i < 2; i++) {
        const float loss = lab.measures[losses[i]];
        lab.measures[losses[i]] = INFINITY;
        ck_assert(!trainer_is_finite(lab.trainer, lab.measures));
        lab.measures[losses[i]] = loss;
    }
    float *weight = state_find(trainer_state(lab.trainer), "parameters")->data;
    weight[0] = NAN;
    ck_assert(!trainer_is_finite(lab.trainer, lab.measures));
    lab_end(&lab);
}
END_TEST

/* ---- Knobs ------------------------------------------------------------------------------------ */

START_TEST(a_batch_larger_than_the_data_is_clamped)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab.spec.knobs.value[KNOB_BATCH] = 5000;
    lab_start(&lab);
    ck_assert_double_eq_tol(trainer_knobs(lab.trainer)->value[KNOB_BATCH], 200, 1e-12);
    lab_set(&lab, KNOB_BATCH, 3);
    char label[96];
    ck_assert_int_eq(trainer_set_knob(lab.trainer, KNOB_BATCH, 1000, label, sizeof label, NULL), STATUS_OK);
    ck_assert_str_eq(label, "batch 3 → 200");
    trainer_step(lab.trainer, lab.measures);
    ck_assert(trainer_epoch_ended(lab.trainer));
    lab_end(&lab);
}
END_TEST

START_TEST(another_optimiser_starts_with_zero_moments_and_its_own_rate)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    char label[96];
    trainer_set_knob(lab.trainer, KNOB_OPTIMIZER, OPTIMIZER_ADAM, label, sizeof label, NULL);
    ck_assert_str_eq(label, "sgd 0.2 → adam 0.01");
    lab_run(&lab, 10);
    ck_assert(!all_zero(&lab, "moments.0") && !all_zero(&lab, "moments.1"));
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_ADAM); /* the same one: nothing is forgotten */
    ck_assert(!all_zero(&lab, "moments.0"));
    lab_set(&lab, KNOB_OPTIMIZER, OPTIMIZER_MOMENTUM);
    ck_assert(all_zero(&lab, "moments.0") && all_zero(&lab, "moments.1"));
    lab_end(&lab);
}
END_TEST

START_TEST(a_schedule_begins_where_it_was_chosen)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab.spec.knobs.value[KNOB_HORIZON] = 100;
    lab_start(&lab);
    lab_run(&lab, 50);
    lab_set(&lab, KNOB_SCHEDULE, SCHEDULE_COSINE);
    lab_run(&lab, 51);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 0.2, 1e-6);
    lab_run(&lab, 101);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 0.1, 1e-6);
    lab_set(&lab, KNOB_LR, 0.4); /* the knob is the base: the schedule goes on */
    lab_run(&lab, 102);
    ck_assert(lab.measures[SERIES_LR] < 0.2f && lab.measures[SERIES_LR] > 0.19f);
    lab_set(&lab, KNOB_HORIZON, 100); /* as it is: nothing begins anew */
    lab_set(&lab, KNOB_SCHEDULE, SCHEDULE_COSINE);
    lab_run(&lab, 103);
    ck_assert_float_lt(lab.measures[SERIES_LR], 0.2f);
    lab_run(&lab, 160);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 0, 1e-6);
    lab_set(&lab, KNOB_HORIZON, 1000); /* begins anew */
    lab_run(&lab, 161);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 0.4, 1e-6);
    lab_end(&lab);
}
END_TEST

/* With a rate too small to learn anything ten looks without a better loss halve it; looks count a cadence apart. */
START_TEST(the_plateau_schedule_looks_once_a_cadence)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab.spec.knobs.value[KNOB_SCHEDULE] = SCHEDULE_PLATEAU;
    lab.spec.knobs.value[KNOB_LR] = 1e-6;
    lab_start(&lab);
    uint64_t cadence = trainer_cadence(lab.trainer);
    lab_run(&lab, 9 * cadence);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 1e-6, 1e-12);
    lab_run(&lab, 14 * cadence);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_LR], 0.5e-6, 1e-12);
    lab_end(&lab);
}
END_TEST

START_TEST(dropout_needs_a_hidden_layer)
{
    struct lab lab;
    lab_load(&lab, "line", 1);
    lab_start(&lab);
    struct error error;
    uint64_t hash = hash_of(&lab);
    char label[96] = "";
    ck_assert_int_eq(trainer_set_knob(lab.trainer, KNOB_DROPOUT, 0.5, label, sizeof label, &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, "dropout: this model has no hidden layer to drop units from");
    ck_assert(hash_of(&lab) == hash);
    struct trainer_spec spec = {
        .dataset = lab.dataset, .shape = lab.spec.shape, .loss = LOSS_MSE, .knobs = lab.spec.knobs};
    struct trainer *none = NULL;
    spec.knobs.value[KNOB_DROPOUT] = 0.5; /* nor from the start */
    ck_assert_int_eq(trainer_create(&none, &spec, kernels_choose(), &error), STATUS_USAGE);
    ck_assert_ptr_null(none);
    lab_end(&lab);
}
END_TEST

/* ---- What is measured --------------------------------------------------------------------------- */

/* Accuracy on training rows is against the labels that training sees: all wrong labels of two classes turn it over,
 * and leave the test rows alone. */
START_TEST(wrong_labels_are_seen_by_training_and_its_evaluation_alone)
{
    struct lab lab;
    lab_load(&lab, "circles", 1);
    lab_start(&lab);
    lab_run(&lab, 800);
    lab_evaluate(&lab);
    float train = lab.measures[SERIES_TRAIN_ACC], test = lab.measures[SERIES_TEST_ACC];
    ck_assert(train > 0.97f && test > 0.97f);
    lab_set(&lab, KNOB_LABEL_NOISE, 1);
    lab_evaluate(&lab);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_TRAIN_ACC], 1 - (double)train, 1e-6);
    ck_assert_double_eq_tol((double)lab.measures[SERIES_TEST_ACC], (double)test, 1e-12);
    lab_run(&lab, 3000);
    lab_evaluate(&lab);
    ck_assert(lab.measures[SERIES_TEST_ACC] < 0.1f); /* it has learnt the opposite */
    lab_end(&lab);
}
END_TEST

/* Against sums made here, from the net's own answers. */
START_TEST(evaluation_is_the_mean_over_the_rows_in_use)
{
    struct lab lab;
    lab_load(&lab, "sine", 1);
    lab.spec.knobs.value[KNOB_TRAIN_FRACTION] = 0.5;
    lab_start(&lab);
    lab_run(&lab, 200);
    lab_evaluate(&lab);
    const struct dataset *data = lab.dataset;
    const struct net *net = model_net_const(trainer_model(lab.trainer));
    struct workspace *workspace = workspace_create(net, 8, false);
    float *x = mem_alloc(64, sizeof *x);
    ck_assert(workspace && x);
    size_t first[2] = {0, data->train}, end[2] = {data->train / 2, data->rows};
    for (int part = 0; part < 2; part++) {
        double sum = 0, squares = 0, mean = 0, spread = 0, n = (double)(end[part] - first[part]);
        for (size_t row = first[part]; row < end[part]; row++)
            mean += (double)data->target[row] / n;
        for (size_t row = first[part]; row < end[part]; row++) {
            x[0] = data->x[row];
            double answer = (double)net_forward(net, NULL, workspace, x, 8, 1, NULL)[0];
            double target = (double)data->target[row];
            sum += (answer - target) * (answer - target);
            squares += (target - mean) * (target - mean);
        }
        spread = 1 - sum / squares;
        enum series_id loss = part ? SERIES_TEST_LOSS : SERIES_TRAIN_LOSS,
                       acc = part ? SERIES_TEST_ACC : SERIES_TRAIN_ACC;
        ck_assert_double_eq_tol((double)lab.measures[loss], sum / n, 1e-5);
        ck_assert_double_eq_tol((double)lab.measures[acc], spread, 1e-5);
    }
    mem_free(x);
    workspace_free(workspace);
    lab_end(&lab);
}
END_TEST

START_TEST(the_first_loss_is_that_of_even_odds)
{
    static const char *const tasks[] = {"spiral", "moons", "circles", "xor", "gauss"};
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        struct lab lab;
        lab_load(&lab, tasks[i], 1);
        lab_start(&lab);
        lab_run(&lab, 0);
        ck_assert_double_eq_tol((double)lab.measures[SERIES_TRAIN_LOSS], log((double)lab.dataset->classes), 0.02);
        lab_end(&lab);
    }
}
END_TEST

START_TEST(restart_keeps_the_knobs)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab_press(&lab, KNOB_TRAIN_FRACTION, -3);
    lab_press(&lab, KNOB_LR, 1);
    lab_run(&lab, 100);
    float *first = copy_of(&lab, "parameters");
    trainer_restart(lab.trainer, 1);
    ck_assert_uint_eq(trainer_step_count(lab.trainer), 0);
    ck_assert(trainer_evaluation_due(lab.trainer));
    ck_assert_double_eq_tol(trainer_knobs(lab.trainer)->value[KNOB_TRAIN_FRACTION], 0.1, 1e-12);
    ck_assert_double_eq_tol(trainer_knobs(lab.trainer)->value[KNOB_LR], 0.5, 1e-12);
    lab_run(&lab, 100);
    assert_section_is(&lab, "parameters", first);
    free(first);
    lab_end(&lab);
}
END_TEST

/* Terabytes: no machine must be made to try. */
START_TEST(a_model_that_no_memory_holds_is_refused)
{
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    lab.spec.shape.net.hidden_count = NET_HIDDEN_MAX;
    for (size_t i = 0; i < NET_HIDDEN_MAX; i++)
        lab.spec.shape.net.hidden[i] = NET_WIDTH_MAX;
    struct trainer_spec spec = {
        .dataset = lab.dataset, .shape = lab.spec.shape, .loss = LOSS_CROSS_ENTROPY, .knobs = lab.spec.knobs};
    struct error error = {.message = ""};
    ck_assert_int_eq(trainer_create(&lab.trainer, &spec, kernels_choose(), &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "GB of memory"));
    ck_assert_ptr_null(lab.trainer);
    lab_end(&lab);
}
END_TEST

START_TEST(a_start_can_be_given)
{
    struct lab lab;
    lab_load(&lab, "line", 1);
    static const double start[] = {-2, 3};
    struct trainer_spec spec = {
        .dataset = lab.dataset,
        .shape = lab.spec.shape,
        .loss = LOSS_MSE,
        .seed = 1,
        .knobs = lab.spec.knobs,
        .start = start,
        .start_count = 2,
    };
    ck_assert_int_eq(trainer_create(&lab.trainer, &spec, kernels_choose(), NULL), STATUS_OK);
    lab_run(&lab, 3);
    trainer_restart(lab.trainer, 2);
    const struct params *params = params_of(&lab);
    ck_assert_double_eq_tol((double)params_get(params, params_find(params, "layers.0.weight"), 0, 0), -2, 1e-12);
    ck_assert_double_eq_tol((double)params_get(params, params_find(params, "layers.0.bias"), 0, 0), 3, 1e-12);
    struct trainer *none = NULL;
    struct error error;
    spec.start_count = 3;
    ck_assert_int_eq(trainer_create(&none, &spec, kernels_choose(), &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, "3 start values for a model of 2 parameters");
    ck_assert_ptr_null(none);
    lab_end(&lab);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("trainer");
    TCase *tests = tcase_create("trainer");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, an_update_is_the_gradient_of_what_is_measured);
    tcase_add_test(tests, the_norms_of_the_layers_add_up);
    tcase_add_test(tests, clipping_shortens_the_step_and_not_the_measured_norm);
    tcase_add_test(tests, a_step_keeps_no_denormal_moment);
    tcase_add_test(tests, evaluations_come_often_at_first_and_then_each_cadence);
    tcase_add_test(tests, early_evaluations_of_a_large_net_cost_at_most_a_fifth_and_an_allowance);
    tcase_add_test(tests, an_epoch_is_a_pass_over_the_rows_in_use);
    tcase_add_test(tests, a_loss_that_is_no_number_changes_nothing);
    tcase_add_test(tests, a_state_is_finite_with_all_its_figures);
    tcase_add_loop_test(tests, explosions_end_on_numbers, 0, (int)(sizeof explosions / sizeof explosions[0]));
    tcase_add_test(tests, a_batch_larger_than_the_data_is_clamped);
    tcase_add_test(tests, another_optimiser_starts_with_zero_moments_and_its_own_rate);
    tcase_add_test(tests, a_schedule_begins_where_it_was_chosen);
    tcase_add_test(tests, the_plateau_schedule_looks_once_a_cadence);
    tcase_add_test(tests, dropout_needs_a_hidden_layer);
    tcase_add_test(tests, wrong_labels_are_seen_by_training_and_its_evaluation_alone);
    tcase_add_test(tests, evaluation_is_the_mean_over_the_rows_in_use);
    tcase_add_test(tests, the_first_loss_is_that_of_even_odds);
    tcase_add_test(tests, restart_keeps_the_knobs);
    tcase_add_test(tests, a_start_can_be_given);
    tcase_add_test(tests, a_model_that_no_memory_holds_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
