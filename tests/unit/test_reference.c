/* Fifty steps of small nets against the figures that tests/reference/mlp.py made with PyTorch in double precision.
 * Weights, inputs and answers come from the same integer hash as there; run from the repository root. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "nn/loss.h"
#include "nn/net.h"
#include "nn/optimizer.h"
#include "suite.h"
#include "support/reference.h"

#define FIGURES   "tests/reference/mlp.csv"
#define ROWS      64
#define TOLERANCE 2e-5 /* relative, from a loss of 1 on; below it absolute */

struct reference {
    const char *name; /* column of the figures */
    struct net_spec net;
    size_t batch;
    enum loss_id loss;
    enum optimizer_id optimizer;
    struct optimizer_settings settings;
};

static const struct reference reference_table[] = {
    {"tanh_ce_sgd", {2, 2, 2, {8, 8}, ACTIVATION_TANH, false}, 10, LOSS_CROSS_ENTROPY, OPTIMIZER_SGD, {.lr = 0.5f}},
    {"tanh_ce_sgd_decay",
     {5, 3, 1, {9}, ACTIVATION_TANH, false},
     16,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_SGD,
     {.lr = 0.3f, .weight_decay = 0.05f}},
    {"relu_norm_ce_adam",
     {6, 4, 2, {20, 17}, ACTIVATION_RELU, true},
     16,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_ADAM,
     {.lr = 0.01f, .momentum = 0.9f}},
    {"leaky_ce_adam_decay",
     {64, 10, 1, {64}, ACTIVATION_LEAKY_RELU, false},
     32,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_ADAM,
     {.lr = 0.002f, .weight_decay = 0.01f, .momentum = 0.8f}},
    {"gelu_ce_adamw",
     {7, 5, 2, {24, 24}, ACTIVATION_GELU, false},
     21,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_ADAMW,
     {.lr = 0.01f, .weight_decay = 0.1f, .momentum = 0.9f}},
    {"tanh_mse_momentum",
     {3, 1, 1, {16}, ACTIVATION_TANH, false},
     8,
     LOSS_MSE,
     OPTIMIZER_MOMENTUM,
     {.lr = 0.02f, .momentum = 0.9f}},
    {"leaky_huber_nesterov",
     {4, 1, 3, {12, 12, 12}, ACTIVATION_LEAKY_RELU, false},
     12,
     LOSS_HUBER,
     OPTIMIZER_NESTEROV,
     {.lr = 0.02f, .weight_decay = 0.001f, .momentum = 0.9f}},
    {"sigmoid_bce_rmsprop", {5, 1, 1, {10}, ACTIVATION_SIGMOID, false}, 9, LOSS_BCE, OPTIMIZER_RMSPROP, {.lr = 0.005f}},
    {"relu_ce_sgd_clip",
     {6, 3, 1, {18}, ACTIVATION_RELU, false},
     13,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_SGD,
     {.lr = 0.5f, .clip = 0.1f}},
    {"tanh_norm_ce_adamw_clip",
     {8, 4, 2, {16, 16}, ACTIVATION_TANH, true},
     16,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_ADAMW,
     {.lr = 0.01f, .weight_decay = 0.01f, .momentum = 0.9f, .clip = 0.3f}},
    {"wide_relu_ce_adam",
     {100, 10, 2, {300, 200}, ACTIVATION_RELU, false},
     64,
     LOSS_CROSS_ENTROPY,
     OPTIMIZER_ADAM,
     {.lr = 0.001f, .momentum = 0.9f}},
};
#define REFERENCES (sizeof reference_table / sizeof reference_table[0])

static void fill_weights(struct params *params)
{
    for (size_t i = 0; i < params->slices; i++) {
        const struct param_slice *slice = &params->slice[i];
        bool norm = strncmp(slice->name, "norms.", 6) == 0, bias = strstr(slice->name, ".bias") != NULL;
        enum reference_kind kind = norm   ? bias ? REFERENCE_SHIFT : REFERENCE_GAIN
                                   : bias ? REFERENCE_BIAS
                                          : REFERENCE_WEIGHT;
        for (size_t out = 0; out < slice->out; out++)
            for (size_t in = 0; in < slice->in; in++) {
                float u = reference_uniform(kind, slice->layer, out * slice->in + in);
                const float value[] = {[REFERENCE_WEIGHT] = u * reference_scale(slice->in),
                                       [REFERENCE_BIAS] = u / 8,
                                       [REFERENCE_GAIN] = 1 + u / 4,
                                       [REFERENCE_SHIFT] = u / 4};
                params_set(params, slice, out, in, value[kind]);
            }
    }
}

/* One net and the batch that it sees. */
struct rig {
    const struct reference *reference;
    struct net *net;
    struct workspace *workspace;
    float *moments[OPTIMIZER_MOMENTS_MAX];
    float *x;
    int32_t label[ROWS];
    float target[ROWS];
};

static void rig_open(struct rig *rig, const struct reference *reference, const struct kernels *kernels)
{
    *rig = (struct rig){.reference = reference};
    ck_assert_int_eq(net_create(&rig->net, &reference->net, kernels, NULL), STATUS_OK);
    rig->workspace = workspace_create(rig->net, reference->batch, true);
    rig->x = mem_alloc(reference->batch * kernel_pad(reference->net.inputs), sizeof *rig->x);
    ck_assert(rig->workspace && rig->x);
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        rig->moments[m] = mem_alloc(net_params(rig->net)->size, sizeof(float));
    fill_weights(net_params(rig->net));
}

static void rig_close(struct rig *rig)
{
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        mem_free(rig->moments[m]);
    mem_free(rig->x);
    workspace_free(rig->workspace);
    net_free(rig->net);
}

static void rig_draw(struct rig *rig, size_t step)
{
    const struct reference *reference = rig->reference;
    size_t inputs = reference->net.inputs, outputs = reference->net.outputs;
    for (size_t i = 0; i < reference->batch; i++) {
        size_t row = (step * reference->batch + i) % ROWS;
        for (size_t k = 0; k < inputs; k++)
            rig->x[i * kernel_pad(inputs) + k] = 2 * reference_uniform(REFERENCE_INPUT, 0, row * inputs + k);
        rig->label[i] = reference_choice(REFERENCE_LABEL, 0, row, outputs > 2 ? outputs : 2);
        rig->target[i] = 2 * reference_uniform(REFERENCE_TARGET, 0, row);
    }
}

static float rig_step(struct rig *rig, size_t step, const struct kernels *kernels)
{
    const struct reference *reference = rig->reference;
    size_t batch = reference->batch, x_stride = kernel_pad(reference->net.inputs), stride = net_output_stride(rig->net);
    rig_draw(rig, step);
    float *logits = net_forward(rig->net, NULL, rig->workspace, rig->x, x_stride, batch, NULL);
    struct loss_answers answers = {.label = rig->label, .target = rig->target};
    float loss = loss_table[reference->loss].compute(kernels, logits, stride, reference->net.outputs, batch, &answers,
                                                     logits, NULL);
    net_backward(rig->net, rig->workspace, rig->x, x_stride, batch, logits);
    struct optimizer_settings settings = reference->settings;
    struct step_report report;
    settings.t = step + 1;
    ck_assert(optimizer_step(reference->optimizer, kernels, net_params(rig->net), rig->moments, &settings, &report));
    return loss;
}

START_TEST(losses_are_those_of_pytorch)
{
    const struct reference *reference = &reference_table[_i];
    const struct kernels *level[4];
    size_t levels = kernels_all(level, 4);
    double figure[REFERENCE_STEPS];
    reference_figures(FIGURES, reference->name, figure);
    for (size_t l = 0; l < levels; l++) {
        struct rig rig;
        rig_open(&rig, reference, level[l]);
        for (size_t step = 0; step < REFERENCE_STEPS; step++) {
            double loss = (double)rig_step(&rig, step, level[l]);
            ck_assert_msg(fabs(loss - figure[step]) <= TOLERANCE * fmax(1, figure[step]),
                          "%s on %s: loss %.9g at step %zu, not %.9g", reference->name, kernels_name(level[l]), loss,
                          step, figure[step]);
        }
        rig_close(&rig);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("reference");
    TCase *cases = tcase_create("reference");
    tcase_add_loop_test(cases, losses_are_those_of_pytorch, 0, REFERENCES);
    suite_add_tcase(suite, cases);
    return suite;
}
