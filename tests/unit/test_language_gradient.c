/* The gradients of language models against central differences of plain double-precision models of the same kind, with
 * parts frozen, under dropout, and with answers that do not count. */
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "nn/kernels_table.h"
#include "nn/language.h"

#define SEQUENCES  2
#define LENGTH     5
#define ROWS       (SEQUENCES * LENGTH)
#define WIDEST     96 /* floats of the widest row */
#define VOCABULARY 11

/* One model and what it is asked. */
struct rig {
    struct language *language;
    struct params *params;
    double *value; /* [params->size]: what the reference computes with */
    const struct kernels *kernels;
    int32_t token[SEQUENCES * (LENGTH + 1)], answer[ROWS];
    struct net_dropout dropout;
};

/* Parameters away from their start: gains are not 1, and B not 0. */
static void stir(struct rig *rig)
{
    for (size_t s = 0; s < rig->params->slices; s++) {
        const struct param_slice *slice = &rig->params->slice[s];
        for (size_t o = 0; o < slice->out; o++)
            for (size_t i = 0; i < slice->in; i++) {
                const float old = params_get(rig->params, slice, o, i);
                params_set(rig->params, slice, o, i,
                           old + 0.6f * random_uniform((uint32_t)s, (uint32_t)(o * 1000 + i)) - 0.3f);
            }
    }
    for (size_t i = 0; i < rig->params->size; i++)
        rig->value[i] = (double)rig->params->value[i];
}

static void rig_open(struct rig *rig, const struct language_spec *spec, double rate, const struct kernels *kernels)
{
    struct error error;
    *rig = (struct rig){.kernels = kernels, .dropout = {.rate = rate, .seed = 4, .step = 17}};
    ck_assert_msg(language_create(&rig->language, spec, kernels, &error) == STATUS_OK, "%s", error.message);
    rig->params = language_params(rig->language);
    rig->value = mem_alloc(rig->params->size, sizeof *rig->value);
    language_init(rig->language, 3);
    stir(rig);
    for (size_t i = 0; i < SEQUENCES * (LENGTH + 1); i++)
        rig->token[i] = (int32_t)(random_bits(1, (uint32_t)i) % spec->vocabulary);
    for (size_t r = 0; r < ROWS; r++)
        rig->answer[r] = r % 3 == 1 ? -1 : rig->token[r / LENGTH * (LENGTH + 1) + r % LENGTH + 1];
}

static void rig_close(struct rig *rig)
{
    mem_free(rig->value);
    language_free(rig->language);
}

/* ---- the reference ---- */

static const struct param_slice *find(const struct rig *rig, const char *format, size_t n, const char *part)
{
    char name[96];
    snprintf(name, sizeof name, format, n, part);
    const struct param_slice *slice = params_find(rig->params, name);
    ck_assert_msg(slice != NULL, "no slice %s", name);
    return slice;
}

static double at(const struct rig *rig, const struct param_slice *slice, size_t out, size_t in)
{
    return rig->value[param_at(slice, out, in)];
}

/* Element `index` of what is dropped at a place. */
static double drop(const struct rig *rig, size_t place, size_t index, double x)
{
    const struct net_dropout *dropout = &rig->dropout;
    if (dropout->rate == 0)
        return x;
    const uint64_t places = 1 + 3 * language_spec(rig->language)->layers;
    const uint32_t key = random_key(dropout->seed, RANDOM_DROPOUT, dropout->step * places + place);
    return random_bits(key, (uint32_t)index) >= dropout->rate * 0x1p32 ? x / (1 - dropout->rate) : 0;
}

static void dense_rows(const struct rig *rig, const char *format, size_t n, const char *part, bool biased,
                       double x[][WIDEST], double y[][WIDEST])
{
    char name[96];
    snprintf(name, sizeof name, "%s.weight", part);
    const struct param_slice *w = find(rig, format, n, name), *b = NULL, *down = NULL, *up = NULL;
    if (biased) {
        snprintf(name, sizeof name, "%s.bias", part);
        b = find(rig, format, n, name);
    }
    const size_t rank = language_spec(rig->language)->lora_rank;
    if (rank > 0 && biased) {
        snprintf(name, sizeof name, "%s.lora_A", part);
        down = find(rig, format, n, name);
        snprintf(name, sizeof name, "%s.lora_B", part);
        up = find(rig, format, n, name);
    }
    for (size_t r = 0; r < ROWS; r++) {
        double h[WIDEST] = {0};
        for (size_t k = 0; down && k < rank; k++)
            for (size_t i = 0; i < w->in; i++)
                h[k] += 16.0 / (double)rank * x[r][i] * at(rig, down, k, i);
        for (size_t o = 0; o < w->out; o++) {
            double sum = b ? at(rig, b, o, 0) : 0;
            for (size_t i = 0; i < w->in; i++)
                sum += x[r][i] * at(rig, w, o, i);
            for (size_t k = 0; up && k < rank; k++)
                sum += h[k] * at(rig, up, o, k);
            y[r][o] = sum;
        }
    }
}

static void norm_rows(const struct rig *rig, const char *format, size_t n, const char *part, double x[][WIDEST],
                      double y[][WIDEST])
{
    char name[96];
    snprintf(name, sizeof name, "%s.weight", part);
    const struct param_slice *gain = find(rig, format, n, name);
    snprintf(name, sizeof name, "%s.bias", part);
    const struct param_slice *shift = find(rig, format, n, name);
    const size_t width = gain->out;
    for (size_t r = 0; r < ROWS; r++) {
        double mean = 0, variance = 0;
        for (size_t i = 0; i < width; i++)
            mean += x[r][i] / (double)width;
        for (size_t i = 0; i < width; i++)
            variance += (x[r][i] - mean) * (x[r][i] - mean) / (double)width;
        for (size_t i = 0; i < width; i++)
            y[r][i] = (x[r][i] - mean) / sqrt(variance + 1e-5) * at(rig, gain, i, 0) + at(rig, shift, i, 0);
    }
}

static void attend(const struct rig *rig, size_t block, double triple[][WIDEST], double y[][WIDEST])
{
    const struct language_spec *spec = language_spec(rig->language);
    const size_t C = spec->width, width = C / spec->heads, stride = (LENGTH + 15) / 16 * 16;
    for (size_t b = 0; b < SEQUENCES; b++)
        for (size_t h = 0; h < spec->heads; h++)
            for (size_t i = 0; i < LENGTH; i++) {
                double weight[LENGTH], sum = 0;
                const size_t row = b * LENGTH + i;
                for (size_t j = 0; j <= i; j++) {
                    double score = 0;
                    for (size_t k = 0; k < width; k++)
                        score += triple[row][h * width + k] * triple[b * LENGTH + j][C + h * width + k];
                    sum += weight[j] = exp(score / sqrt((double)width));
                }
                for (size_t k = 0; k < width; k++)
                    y[row][h * width + k] = 0;
                for (size_t j = 0; j <= i; j++) {
                    const size_t index = ((b * spec->heads + h) * LENGTH + i) * stride + j;
                    const double w = drop(rig, 1 + 3 * block, index, weight[j] / sum);
                    for (size_t k = 0; k < width; k++)
                        y[row][h * width + k] += w * triple[b * LENGTH + j][2 * C + h * width + k];
                }
            }
}

static void join(const struct rig *rig, size_t place, double branch[][WIDEST], double x[][WIDEST])
{
    const size_t C = language_spec(rig->language)->width;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < C; i++)
            x[r][i] += drop(rig, place, r * kernel_pad(C) + i, branch[r][i]);
}

static void reference_transformer(const struct rig *rig, double logits[][WIDEST])
{
    static double x[ROWS][WIDEST], normal[ROWS][WIDEST], wide[ROWS][WIDEST], y[ROWS][WIDEST];
    const struct language_spec *spec = language_spec(rig->language);
    const size_t C = spec->width;
    const char *const in_block = "transformer.h.%zu.%s";
    const struct param_slice *tokens = params_find(rig->params, "transformer.wte.weight"),
                             *positions = params_find(rig->params, "transformer.wpe.weight");
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < C; i++)
            x[r][i] = drop(rig, 0, r * kernel_pad(C) + i,
                           at(rig, tokens, (size_t)rig->token[r / LENGTH * (LENGTH + 1) + r % LENGTH], i) +
                               at(rig, positions, r % LENGTH, i));
    for (size_t n = 0; n < spec->layers; n++) {
        norm_rows(rig, in_block, n, "ln_1", x, normal);
        dense_rows(rig, in_block, n, "attn.c_attn", true, normal, wide);
        attend(rig, n, wide, y);
        dense_rows(rig, in_block, n, "attn.c_proj", true, y, normal);
        join(rig, 2 + 3 * n, normal, x);
        norm_rows(rig, in_block, n, "ln_2", x, normal);
        dense_rows(rig, in_block, n, "mlp.c_fc", true, normal, wide);
        for (size_t r = 0; r < ROWS; r++)
            for (size_t i = 0; i < 4 * C; i++)
                wide[r][i] *= 0.5 * (1 + erf(wide[r][i] / sqrt(2.0)));
        dense_rows(rig, in_block, n, "mlp.c_proj", true, wide, normal);
        join(rig, 3 + 3 * n, normal, x);
    }
    norm_rows(rig, "transformer.%.0zu%s", 0, "ln_f", x, normal);
    if (!spec->tie) {
        dense_rows(rig, "%.0zu%s", 0, "lm_head", false, normal, logits);
        return;
    }
    for (size_t r = 0; r < ROWS; r++)
        for (size_t v = 0; v < spec->vocabulary; v++) {
            logits[r][v] = 0;
            for (size_t i = 0; i < C; i++)
                logits[r][v] += normal[r][i] * at(rig, tokens, v, i);
        }
}

static void reference_window(const struct rig *rig, double logits[][WIDEST])
{
    static double x[ROWS][WIDEST], hidden[ROWS][WIDEST];
    const struct language_spec *spec = language_spec(rig->language);
    const struct param_slice *tokens = params_find(rig->params, "wte.weight");
    memset(x, 0, sizeof x);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t back = 0; back < spec->window && back <= r % LENGTH; back++)
            for (size_t i = 0; i < spec->width; i++)
                x[r][back * spec->width + i] =
                    at(rig, tokens, (size_t)rig->token[r / LENGTH * (LENGTH + 1) + r % LENGTH - back], i);
    dense_rows(rig, "mlp.%zu%s", 0, "", true, x, hidden);
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < spec->width; i++)
            hidden[r][i] = tanh(hidden[r][i]);
    dense_rows(rig, "mlp.%zu%s", 2, "", true, hidden, logits);
}

static void reference_bigram(const struct rig *rig, double logits[][WIDEST])
{
    const struct param_slice *table = params_find(rig->params, "table.weight");
    for (size_t r = 0; r < ROWS; r++)
        for (size_t v = 0; v < VOCABULARY; v++)
            logits[r][v] = at(rig, table, (size_t)rig->token[r / LENGTH * (LENGTH + 1) + r % LENGTH], v);
}

/* Mean cross-entropy of the answers that count. */
static double reference_loss(const struct rig *rig)
{
    static void (*const reference[LANGUAGE_KINDS])(const struct rig *, double[][WIDEST]) = {
        [LANGUAGE_BIGRAM] = reference_bigram,
        [LANGUAGE_MLP] = reference_window,
        [LANGUAGE_TRANSFORMER] = reference_transformer,
    };
    static double logits[ROWS][WIDEST];
    double loss = 0, counted = 0;
    reference[language_spec(rig->language)->kind](rig, logits);
    for (size_t r = 0; r < ROWS; r++) {
        double sum = 0;
        if (rig->answer[r] < 0)
            continue;
        for (size_t v = 0; v < language_spec(rig->language)->vocabulary; v++)
            sum += exp(logits[r][v]);
        loss += log(sum) - logits[r][rig->answer[r]];
        counted++;
    }
    return loss / counted;
}

/* ---- the comparison ---- */

static double own_loss_and_gradient(struct rig *rig)
{
    const struct language_batch batch = {rig->token, LENGTH + 1, SEQUENCES, LENGTH};
    struct language_workspace *workspace = language_workspace_create(rig->language, SEQUENCES, true);
    const struct loss_answers answers = {.label = rig->answer};
    float *logits = language_forward(rig->language, NULL, workspace, &batch, &rig->dropout);
    /* What is not written shows. */
    for (size_t s = 0; s < rig->params->slices; s++)
        for (size_t o = 0; o < rig->params->slice[s].out; o++)
            for (size_t i = 0; i < rig->params->slice[s].in; i++)
                rig->params->gradient[param_at(&rig->params->slice[s], o, i)] = NAN;
    const float loss =
        loss_table[LOSS_CROSS_ENTROPY].compute(rig->kernels, logits, language_stride(rig->language),
                                               language_spec(rig->language)->vocabulary, ROWS, &answers, logits, NULL);
    language_backward(rig->language, workspace, &batch, logits);
    language_workspace_free(workspace);
    return (double)loss;
}

/* What no element lies at is zero. */
static void check_padding(const struct param_slice *slice, const float *block)
{
    for (size_t i = 0; i < slice->floats; i++) {
        const bool inward = slice->out_stride == 1;
        const size_t out = inward ? i % slice->in_stride : i / slice->out_stride;
        const size_t in = inward ? i / slice->in_stride : i % slice->out_stride;
        if ((out >= slice->out || in >= slice->in) && block[slice->offset + i] != 0)
            ck_abort_msg("padding of %s is %g", slice->name, (double)block[slice->offset + i]);
    }
}

static void check_element(const struct rig *rig, const struct param_slice *slice, size_t o, size_t i, double want,
                          double largest)
{
    const double got = (double)rig->params->gradient[param_at(slice, o, i)];
    if (!(fabs(got - want) <= 1e-5 * largest))
        ck_abort_msg("%s, dropout %g, %s: gradient of %s[%zu][%zu] is %.9g, not %.9g",
                     language_table[language_spec(rig->language)->kind].name, rig->dropout.rate,
                     kernels_name(rig->kernels), slice->name, o, i, got, want);
}

/* The reference is differenced once for the gradients of all rigs, which are those of one model at several levels. */
static void check_slice(struct rig *rig, size_t rigs, const struct param_slice *slice, double largest)
{
    const double h = 1e-5;
    for (size_t l = 0; l < rigs; l++)
        check_padding(slice, rig[l].params->gradient);
    for (size_t o = 0; o < slice->out; o++)
        for (size_t i = 0; i < slice->in; i++) {
            double *const value = &rig->value[param_at(slice, o, i)], before = *value;
            *value = before + h;
            double want = reference_loss(rig);
            *value = before - h;
            want = (want - reference_loss(rig)) / (2 * h);
            *value = before;
            for (size_t l = 0; l < rigs; l++)
                check_element(&rig[l], slice, o, i, want, largest);
        }
}

static void check_gradients(const struct language_spec *spec, double rate, enum language_part part, size_t blocks)
{
    struct rig rig[4];
    const struct kernels *level[4];
    const size_t levels = kernels_all(level, 4);
    for (size_t l = 0; l < levels; l++) {
        rig_open(&rig[l], spec, rate, level[l]);
        language_freeze(rig[l].language, part, blocks);
        const double loss = own_loss_and_gradient(&rig[l]);
        ck_assert_double_eq_tol(loss, reference_loss(&rig[l]), 2e-6 * loss);
    }
    const struct params *params = rig[0].params;
    double largest = 0;
    for (size_t s = 0; s < params->slices; s++)
        for (size_t i = 0; !params->slice[s].frozen && i < params->slice[s].floats; i++)
            largest = fmax(largest, fabs((double)params->gradient[params->slice[s].offset + i]));
    ck_assert(largest > 0);
    for (size_t s = 0; s < params->slices; s++)
        if (!params->slice[s].frozen)
            check_slice(rig, levels, &params->slice[s], largest);
    for (size_t l = 0; l < levels; l++)
        rig_close(&rig[l]);
}

static const struct language_spec small = {.kind = LANGUAGE_TRANSFORMER,
                                           .vocabulary = VOCABULARY,
                                           .context = LENGTH + 2,
                                           .layers = 2,
                                           .width = 12,
                                           .heads = 3};

START_TEST(transformer)
{
    check_gradients(&small, 0, LANGUAGE_ALL, 0);
}
END_TEST

START_TEST(transformer_whose_heads_need_no_padding)
{
    struct language_spec spec = small;
    spec.width = 16;
    spec.heads = 2;
    spec.layers = 1;
    check_gradients(&spec, 0, LANGUAGE_ALL, 0);
}
END_TEST

START_TEST(transformer_under_dropout)
{
    check_gradients(&small, 0.3, LANGUAGE_ALL, 0);
}
END_TEST

START_TEST(transformer_with_a_tied_head)
{
    struct language_spec spec = small;
    spec.tie = true;
    check_gradients(&spec, 0, LANGUAGE_ALL, 0);
}
END_TEST

START_TEST(transformer_with_adapters)
{
    struct language_spec spec = small;
    spec.lora_rank = 3;
    check_gradients(&spec, 0, LANGUAGE_ALL, 0);
    check_gradients(&spec, 0.2, LANGUAGE_ADAPTERS, 0);
    check_gradients(&spec, 0, LANGUAGE_LAST, 1);
}
END_TEST

START_TEST(transformer_whose_last_blocks_are_trained)
{
    struct language_spec spec = small;
    for (size_t blocks = 0; blocks <= 3; blocks++)
        check_gradients(&spec, 0, LANGUAGE_LAST, blocks);
    spec.tie = true;
    check_gradients(&spec, 0, LANGUAGE_LAST, 1);
}
END_TEST

START_TEST(perceptron_over_a_window)
{
    const struct language_spec spec = {
        .kind = LANGUAGE_MLP, .vocabulary = VOCABULARY, .context = LENGTH, .width = 13, .window = 3};
    check_gradients(&spec, 0, LANGUAGE_ALL, 0);
    check_gradients(&spec, 0, LANGUAGE_LAST, 0);
    check_gradients(&spec, 0, LANGUAGE_LAST, 1);
}
END_TEST

START_TEST(bigram_table)
{
    const struct language_spec spec = {.kind = LANGUAGE_BIGRAM, .vocabulary = VOCABULARY, .context = LENGTH};
    check_gradients(&spec, 0, LANGUAGE_ALL, 0);
    check_gradients(&spec, 0, LANGUAGE_LAST, 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("language_gradient");
    TCase *cases = tcase_create("language_gradient");
    tcase_add_test(cases, transformer);
    tcase_add_test(cases, transformer_whose_heads_need_no_padding);
    tcase_add_test(cases, transformer_under_dropout);
    tcase_add_test(cases, transformer_with_a_tied_head);
    tcase_add_test(cases, transformer_with_adapters);
    tcase_add_test(cases, transformer_whose_last_blocks_are_trained);
    tcase_add_test(cases, perceptron_over_a_window);
    tcase_add_test(cases, bigram_table);
    suite_add_tcase(suite, cases);
    return suite;
}
