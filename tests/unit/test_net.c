/* The net's gradients against central differences of a plain double-precision model of the same net, and what must hold
 * of its layout, start, padding and bits. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "nn/kernels_table.h"
#include "nn/net.h"
#include "nn/net_parts.h"

#define ROWS   9
#define WIDEST 24

static const struct net_spec small = {
    .inputs = 5, .outputs = 3, .hidden_count = 2, .hidden = {7, 18}, .activation = ACTIVATION_TANH};

static struct net *make_net(const struct net_spec *spec, const struct kernels *kernels)
{
    struct net *net;
    struct error error;
    ck_assert_msg(net_create(&net, spec, kernels, &error) == STATUS_OK, "%s", error.message);
    net_init(net, 3);
    return net;
}

/* Numbers between -1 and 1 in `width` columns, zero in the padding. */
static void fill_matrix(float *out, size_t rows, size_t width, uint32_t key)
{
    size_t stride = kernel_pad(width);
    memset(out, 0, rows * stride * sizeof *out);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < width; c++)
            out[r * stride + c] = 2 * random_uniform(key, (uint32_t)(r * width + c)) - 1;
}

/* Parameters away from their start, so that gains are not 1 and biases not 0. */
static void stir(struct params *params)
{
    for (size_t s = 0; s < params->slices; s++)
        for (size_t o = 0; o < params->slice[s].out; o++)
            for (size_t i = 0; i < params->slice[s].in; i++) {
                float old = params_get(params, &params->slice[s], o, i);
                params_set(params, &params->slice[s], o, i,
                           old + 0.6f * random_uniform((uint32_t)s, (uint32_t)(o * 1000 + i)) - 0.3f);
            }
}

static double reference_activation(enum activation kind, double x)
{
    switch (kind) {
    case ACTIVATION_TANH:
        return tanh(x);
    case ACTIVATION_RELU:
        return x > 0 ? x : 0;
    case ACTIVATION_LEAKY_RELU:
        return x > 0 ? x : 0.01 * x;
    case ACTIVATION_SIGMOID:
        return 1 / (1 + exp(-x));
    case ACTIVATION_GELU:
        return 0.5 * x * (1 + tanh(0.79788456080286536 * (x + 0.044715 * x * x * x)));
    default:
        return x;
    }
}

static void reference_norm(double *row, size_t width, const double *gain, const double *shift)
{
    double mean = 0, variance = 0;
    for (size_t i = 0; i < width; i++)
        mean += row[i] / (double)width;
    for (size_t i = 0; i < width; i++)
        variance += (row[i] - mean) * (row[i] - mean) / (double)width;
    for (size_t i = 0; i < width; i++)
        row[i] = (row[i] - mean) / sqrt(variance + 1e-5) * gain[i] + shift[i];
}

/* sum of weight[r][o] * logit[r][o], in double, with parameters laid out as the net's. */
static double reference_loss(struct net *net, const double *value, const float *x, const float *weight,
                             const struct net_dropout *dropout)
{
    const struct net_spec *spec = net_spec(net);
    const struct params *params = net_params(net);
    double loss = 0;
    for (size_t r = 0; r < ROWS; r++) {
        double in[WIDEST], out[WIDEST];
        size_t slice = 0;
        for (size_t i = 0; i < spec->inputs; i++)
            in[i] = (double)x[r * kernel_pad(spec->inputs) + i];
        for (size_t l = 0; l <= spec->hidden_count; l++) {
            const struct param_slice *w = &params->slice[slice++], *b = &params->slice[slice++];
            for (size_t o = 0; o < w->out; o++) {
                out[o] = value[b->offset + o];
                for (size_t i = 0; i < w->in; i++)
                    out[o] += in[i] * value[param_at(w, o, i)];
            }
            if (l == spec->hidden_count)
                break;
            if (spec->layer_norm) {
                const struct param_slice *gain = &params->slice[slice++], *shift = &params->slice[slice++];
                reference_norm(out, w->out, value + gain->offset, value + shift->offset);
            }
            uint32_t key = random_key(dropout->seed, RANDOM_DROPOUT, dropout->step * (NET_HIDDEN_MAX + 1) + l);
            for (size_t o = 0; o < w->out; o++) {
                in[o] = reference_activation(spec->activation, out[o]);
                if (dropout->rate > 0) {
                    bool kept = random_bits(key, (uint32_t)(r * kernel_pad(w->out) + o)) >= dropout->rate * 0x1p32;
                    in[o] = kept ? in[o] / (1 - dropout->rate) : 0;
                }
            }
        }
        for (size_t o = 0; o < spec->outputs; o++)
            loss += out[o] * (double)weight[r * net_output_stride(net) + o];
    }
    return loss;
}

/* What no element lies at is zero. */
static void check_padding(const struct params *params, const float *block)
{
    bool *used = mem_alloc(params->size, sizeof *used);
    for (size_t s = 0; s < params->slices; s++)
        for (size_t i = 0; i < params->slice[s].in; i++)
            for (size_t o = 0; o < params->slice[s].out; o++)
                used[param_at(&params->slice[s], o, i)] = true;
    for (size_t at = 0; at < params->size; at++)
        ck_assert(used[at] || block[at] == 0);
    mem_free(used);
}

static void check_gradients(const struct net_spec *spec, double rate, const struct kernels *kernels)
{
    struct net *net = make_net(spec, kernels);
    struct params *params = net_params(net);
    stir(params);
    struct workspace *workspace = workspace_create(net, ROWS, true);
    float x[ROWS * WIDEST], weight[ROWS * WIDEST];
    fill_matrix(x, ROWS, spec->inputs, 1);
    fill_matrix(weight, ROWS, spec->outputs, 2);
    const struct net_dropout dropout = {.rate = rate, .seed = 4, .step = 17};
    double *value = mem_alloc(params->size, sizeof *value);
    for (size_t i = 0; i < params->size; i++)
        value[i] = (double)params->value[i];

    const float *logits = net_forward(net, NULL, workspace, x, kernel_pad(spec->inputs), ROWS, &dropout);
    double got = 0, largest = 0;
    for (size_t i = 0; i < ROWS * net_output_stride(net); i++)
        got += (double)logits[i] * (double)weight[i];
    ck_assert_double_eq_tol(got, reference_loss(net, value, x, weight, &dropout), 2e-5);

    net_backward(net, workspace, x, kernel_pad(spec->inputs), ROWS, weight);
    for (size_t i = 0; i < params->size; i++)
        largest = fmax(largest, fabs((double)params->gradient[i]));
    for (size_t s = 0; s < params->slices; s++)
        for (size_t i = 0; i < params->slice[s].in; i++)
            for (size_t o = 0; o < params->slice[s].out; o++) {
                const size_t at = param_at(&params->slice[s], o, i);
                const double h = 1e-6;
                value[at] += h;
                double want = reference_loss(net, value, x, weight, &dropout);
                value[at] -= 2 * h;
                want = (want - reference_loss(net, value, x, weight, &dropout)) / (2 * h);
                value[at] += h;
                const double error = fabs((double)params->gradient[at] - want);
                if (error > 1e-5 * largest)
                    ck_abort_msg("%s, norm %d, dropout %g, %s: gradient of %s[%zu][%zu] is %.9g, not %.9g",
                                 activation_name[spec->activation], spec->layer_norm, rate, kernels_name(kernels),
                                 params->slice[s].name, o, i, (double)params->gradient[at], want);
            }
    check_padding(params, params->gradient);
    mem_free(value);
    workspace_free(workspace);
    net_free(net);
}

START_TEST(gradients_agree_with_central_differences)
{
    const struct kernels *levels[4];
    size_t count = kernels_all(levels, 4);
    struct net_spec spec = small;
    for (size_t l = 0; l < count; l++)
        for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++)
            for (int norm = 0; norm < 2; norm++) {
                spec.activation = kind;
                spec.layer_norm = norm;
                check_gradients(&spec, 0, levels[l]);
                check_gradients(&spec, 0.3, levels[l]);
            }
}
END_TEST

START_TEST(gradients_without_a_hidden_layer)
{
    struct net_spec spec = {.inputs = 9, .outputs = 2};
    check_gradients(&spec, 0, kernels_choose());
}
END_TEST

START_TEST(loss_starts_at_ln_of_the_classes)
{
    for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++) {
        struct net_spec spec = {.inputs = 64, .outputs = 10, .hidden_count = 1, .hidden = {64}, .activation = kind};
        struct net *net = make_net(&spec, kernels_choose());
        struct workspace *workspace = workspace_create(net, 200, false);
        float *x = mem_alloc(200 * 64, sizeof *x);
        fill_matrix(x, 200, 64, 8);
        const float *logits = net_forward(net, NULL, workspace, x, 64, 200, NULL);
        double loss = 0;
        for (size_t r = 0; r < 200; r++) {
            double sum = 0;
            for (size_t o = 0; o < 10; o++)
                sum += exp((double)logits[r * 16 + o]);
            loss += (log(sum) - (double)logits[r * 16 + r % 10]) / 200;
        }
        ck_assert_double_eq_tol(loss, log(10), 0.03);
        mem_free(x);
        workspace_free(workspace);
        net_free(net);
    }
}
END_TEST

START_TEST(start_has_the_spread_of_glorot_and_he)
{
    struct net_spec spec = {.inputs = 100, .outputs = 50, .hidden_count = 1, .hidden = {100}};
    for (int he = 0; he < 2; he++) {
        spec.activation = he ? ACTIVATION_RELU : ACTIVATION_TANH;
        struct net *net = make_net(&spec, kernels_choose());
        const struct params *params = net_params(net);
        for (size_t s = 0; s < 4; s += 2) {
            const struct param_slice *slice = &params->slice[s];
            double squares = 0, count = (double)(slice->in * slice->out);
            for (size_t o = 0; o < slice->out; o++)
                for (size_t i = 0; i < slice->in; i++)
                    squares += pow((double)params_get(params, slice, o, i), 2) / count;
            double want = he ? 2.0 / 100 : 2.0 / (double)(slice->in + slice->out);
            ck_assert_double_eq_tol(squares / (want * (s == 0 ? 1 : 0.01)), 1, 0.06);
            ck_assert_float_eq(params_get(params, &params->slice[s + 1], 3, 0), 0);
        }
        net_free(net);
    }
}
END_TEST

START_TEST(layout_has_pytorch_names_and_zero_padding)
{
    struct net_spec spec = small;
    spec.layer_norm = true;
    struct net *net = make_net(&spec, kernels_choose());
    struct params *params = net_params(net);
    ck_assert_uint_eq(params->count, 5 * 7 + 3 * 7 + 7 * 18 + 3 * 18 + 18 * 3 + 3);
    ck_assert_uint_eq(params->layers, 3);
    const struct param_slice *weight = params_find(params, "layers.1.weight");
    ck_assert_ptr_nonnull(weight);
    ck_assert_ptr_null(params_find(params, "layers.3.weight"));
    ck_assert_uint_eq(weight->in, 7);
    ck_assert_uint_eq(weight->out, 18);
    ck_assert_uint_eq(weight->layer, 1);
    ck_assert(weight->decays);
    ck_assert(!params_find(params, "layers.1.bias")->decays);
    ck_assert(!params_find(params, "norms.1.weight")->decays);
    params_set(params, weight, 17, 6, 5);
    ck_assert_float_eq(params->value[param_at(weight, 17, 6)], 5);
    ck_assert_float_eq(params_get(params, weight, 17, 6), 5);
    for (size_t s = 0; s < params->slices; s++)
        ck_assert_uint_eq(params->slice[s].offset % PARAM_ALIGNMENT, 0);
    check_padding(params, params->value);
    net_free(net);
}
END_TEST

START_TEST(a_layer_norm_starts_with_gains_of_one_and_shifts_of_zero)
{
    struct net_spec spec = small;
    spec.layer_norm = true;
    struct net *net = make_net(&spec, kernels_choose());
    const struct params *params = net_params(net);
    for (size_t l = 0; l < spec.hidden_count; l++) {
        char gain[PARAM_NAME_SIZE], shift[PARAM_NAME_SIZE];
        snprintf(gain, sizeof gain, "norms.%zu.weight", l);
        snprintf(shift, sizeof shift, "norms.%zu.bias", l);
        for (size_t o = 0; o < spec.hidden[l]; o++) {
            ck_assert_float_eq(params_get(params, params_find(params, gain), o, 0), 1);
            ck_assert_float_eq(params_get(params, params_find(params, shift), o, 0), 0);
        }
    }
    net_free(net);
}
END_TEST

START_TEST(activations_are_padded_with_zero)
{
    for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++) {
        struct net_spec spec = small;
        spec.activation = kind;
        struct net *net = make_net(&spec, kernels_choose());
        struct workspace *workspace = workspace_create(net, ROWS, true);
        float x[ROWS * 8];
        fill_matrix(x, ROWS, 5, 1);
        const float *logits = net_forward(net, NULL, workspace, x, 8, ROWS, NULL);
        for (size_t r = 0; r < ROWS; r++)
            for (size_t o = 3; o < 8; o++)
                ck_assert_float_eq(logits[r * 8 + o], 0);
        const struct trace *hidden = &workspace->trace[1];
        ck_assert_uint_eq(hidden->stride, 24);
        for (size_t r = 0; r < ROWS; r++)
            for (size_t o = 18; o < 24; o++)
                ck_assert_float_eq(hidden->output[r * 24 + o], 0);
        workspace_free(workspace);
        net_free(net);
    }
}
END_TEST

/* A row's answer must depend neither on its neighbours nor on the workspace nor on whose block the parameters are
 * in. */
START_TEST(forward_gives_the_same_bits_row_by_row)
{
    struct net_spec spec = small;
    spec.layer_norm = true;
    struct net *net = make_net(&spec, kernels_choose());
    struct params *params = net_params(net);
    stir(params);
    float *copy = mem_alloc(params->size, sizeof *copy);
    memcpy(copy, params->value, params->size * sizeof *copy);
    struct workspace *whole = workspace_create(net, ROWS, true), *single = workspace_create(net, 1, false);
    float x[ROWS * 8];
    fill_matrix(x, ROWS, 5, 1);
    const float *logits = net_forward(net, NULL, whole, x, 8, ROWS, NULL);
    memset(params->value, 0, params->size * sizeof *copy);
    for (size_t r = 0; r < ROWS; r++)
        ck_assert_mem_eq(net_forward(net, copy, single, x + r * 8, 8, 1, NULL), logits + r * 8, 8 * sizeof *x);
    mem_free(copy);
    workspace_free(whole);
    workspace_free(single);
    net_free(net);
}
END_TEST

START_TEST(training_has_the_same_bits_at_every_level)
{
    const struct kernels *levels[4];
    size_t count = kernels_all(levels, 4);
    for (enum activation kind = 0; kind < ACTIVATION_COUNT; kind++) {
        struct net *nets[4];
        for (size_t l = 0; l < count; l++) {
            struct net_spec spec = small;
            spec.activation = kind;
            spec.layer_norm = kind % 2;
            struct net *net = nets[l] = make_net(&spec, levels[l]);
            struct params *params = net_params(net);
            struct workspace *workspace = workspace_create(net, ROWS, true);
            float x[ROWS * 8];
            for (uint64_t step = 0; step < 100; step++) {
                fill_matrix(x, ROWS, 5, (uint32_t)step);
                float *logits = net_forward(net, NULL, workspace, x, 8, ROWS,
                                            &(struct net_dropout){.rate = 0.2, .seed = 1, .step = step});
                for (size_t i = 0; i < ROWS * 8; i++)
                    logits[i] = i % 8 < 3 ? (logits[i] - x[i]) / ROWS : 0; /* half a squared distance to the inputs */
                net_backward(net, workspace, x, 8, ROWS, logits);
                for (size_t i = 0; i < params->size; i++)
                    params->value[i] -= 0.1f * params->gradient[i];
            }
            workspace_free(workspace);
            ck_assert_mem_eq(params->value, net_params(nets[0])->value, params->size * sizeof *params->value);
        }
        for (size_t l = 0; l < count; l++)
            net_free(nets[l]);
    }
}
END_TEST

START_TEST(large_layers_agree_between_blas_and_own_kernels)
{
    enum { BATCH = 20 };
    struct net_spec spec = {.inputs = 150,
                            .outputs = 7,
                            .hidden_count = 1,
                            .hidden = {130},
                            .activation = ACTIVATION_GELU,
                            .blas_threads = 2};
    struct net *net = make_net(&spec, kernels_choose());
    ck_assert(net_uses_blas(net));
    struct workspace *blas = workspace_create(net, BATCH, true), *own = workspace_create(net, BATCH, false);
    workspace_avoid_blas(own);
    float *x = mem_alloc(BATCH * 152, sizeof *x);
    fill_matrix(x, BATCH, 150, 1);
    float *logits = net_forward(net, NULL, blas, x, 152, BATCH, NULL);
    const float *again = net_forward(net, NULL, own, x, 152, BATCH, NULL);
    for (size_t i = 0; i < BATCH * 8; i++)
        ck_assert_float_eq_tol(logits[i], again[i], 1e-5f);

    /* One gradient of the first layer against a difference in its loss, half the sum of squared logits. */
    net_backward(net, blas, x, 152, BATCH, logits);
    struct params *params = net_params(net);
    const struct param_slice *weight = params_find(params, "layers.0.weight");
    double loss[2], h = 0x1p-6;
    float old = params_get(params, weight, 77, 33);
    for (int side = 0; side < 2; side++) {
        params_set(params, weight, 77, 33, old + (float)(side ? h : -h));
        const float *moved = net_forward(net, NULL, own, x, 152, BATCH, NULL);
        loss[side] = 0;
        for (size_t i = 0; i < BATCH * 8; i++)
            loss[side] += 0.5 * (double)moved[i] * (double)moved[i];
    }
    double slope = (loss[1] - loss[0]) / (2 * h);
    ck_assert_double_eq_tol((double)params->gradient[param_at(weight, 77, 33)], slope, 1e-2 * fabs(slope) + 1e-6);
    mem_free(x);
    workspace_free(blas);
    workspace_free(own);
    net_free(net);
}
END_TEST

START_TEST(limit_of_own_kernels_is_a_matter_of_shape)
{
    static const struct {
        size_t in, hidden, out;
        bool portable, fast, threads;
    } cases[] = {{2, 8, 2, false, false, false},      {64, 64, 10, false, false, false},
                 {128, 128, 10, false, false, false}, {128, 129, 10, true, false, true},
                 {784, 512, 10, true, false, true},   {1024, 1024, 10, true, false, true},
                 {1025, 1024, 10, true, true, true}};
    const struct kernels *levels[4];
    size_t count = kernels_all(levels, 4);
    for (size_t l = 0; l < count; l++)
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct net_spec spec = {
                .inputs = cases[i].in, .outputs = cases[i].out, .hidden_count = 1, .hidden = {cases[i].hidden}};
            struct net *net = make_net(&spec, levels[l]);
            ck_assert_int_eq(net_uses_blas(net), l == 0 ? cases[i].portable : cases[i].fast);
            net_free(net);
            spec.blas_threads = 2;
            net = make_net(&spec, levels[l]);
            ck_assert_int_eq(net_uses_blas(net), cases[i].threads);
            net_free(net);
        }
}
END_TEST

START_TEST(step_flops_count_every_product)
{
    struct net_spec spec = {.inputs = 2, .outputs = 2, .hidden_count = 2, .hidden = {8, 8}};
    struct net *net = make_net(&spec, kernels_choose());
    /* forward 2*8 + 8*8 + 8*2, dW the same, dX 8*8 + 8*2; ten rows, two operations each */
    ck_assert_double_eq(net_step_flops(net, 10), 2 * 10 * (96 + 96 + 80));
    net_free(net);
}
END_TEST

START_TEST(impossible_shapes_are_refused)
{
    static const struct net_spec wrong[] = {{.inputs = 0, .outputs = 2},
                                            {.inputs = 2, .outputs = 0},
                                            {.inputs = 70000, .outputs = 2},
                                            {.inputs = 2, .outputs = 2, .hidden_count = 1, .hidden = {0}},
                                            {.inputs = 2, .outputs = 2, .hidden_count = NET_HIDDEN_MAX + 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct net *net;
        struct error error = {.status = STATUS_OK};
        ck_assert_int_eq(net_create(&net, &wrong[i], kernels_choose(), &error), STATUS_USAGE);
        ck_assert_ptr_null(net);
        ck_assert_uint_gt(strlen(error.message), 10);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("net");
    TCase *tests = tcase_create("net");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, gradients_agree_with_central_differences);
    tcase_add_test(tests, gradients_without_a_hidden_layer);
    tcase_add_test(tests, loss_starts_at_ln_of_the_classes);
    tcase_add_test(tests, start_has_the_spread_of_glorot_and_he);
    tcase_add_test(tests, layout_has_pytorch_names_and_zero_padding);
    tcase_add_test(tests, a_layer_norm_starts_with_gains_of_one_and_shifts_of_zero);
    tcase_add_test(tests, activations_are_padded_with_zero);
    tcase_add_test(tests, forward_gives_the_same_bits_row_by_row);
    tcase_add_test(tests, training_has_the_same_bits_at_every_level);
    tcase_add_test(tests, large_layers_agree_between_blas_and_own_kernels);
    tcase_add_test(tests, limit_of_own_kernels_is_a_matter_of_shape);
    tcase_add_test(tests, step_flops_count_every_product);
    tcase_add_test(tests, impossible_shapes_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
