/* Fifty steps of small language models against the figures that tests/reference/language.py made with PyTorch in double
 * precision. Weights and tokens come from the same integer hash as there; run from the repository root. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "nn/language.h"
#include "nn/loss.h"
#include "nn/optimizer.h"
#include "suite.h"
#include "support/reference.h"

#define FIGURES    "tests/reference/language.csv"
#define VOCABULARY 65
#define PERIOD     97
#define TOKENS_MAX 128  /* of a batch */
#define TOLERANCE  2e-5 /* relative */

struct reference {
    const char *name; /* column of the figures */
    struct language_spec language;
    enum language_part part;
    size_t sequences;
    enum optimizer_id optimizer;
    struct optimizer_settings settings;
};

#define TRANSFORMER .kind = LANGUAGE_TRANSFORMER, .vocabulary = VOCABULARY

static const struct reference reference_table[] = {
    {"transformer_adamw",
     {TRANSFORMER, .context = 16, .layers = 2, .width = 32, .heads = 4},
     LANGUAGE_ALL,
     4,
     OPTIMIZER_ADAMW,
     {.lr = 0.003f, .weight_decay = 0.1f, .momentum = 0.9f, .clip = 1}},
    {"transformer_sgd",
     {TRANSFORMER, .context = 20, .layers = 2, .width = 36, .heads = 3},
     LANGUAGE_ALL,
     3,
     OPTIMIZER_SGD,
     {.lr = 0.1f, .weight_decay = 0.01f}},
    {"transformer_tied",
     {TRANSFORMER, .context = 16, .layers = 2, .width = 32, .heads = 2, .tie = true},
     LANGUAGE_ALL,
     4,
     OPTIMIZER_ADAMW,
     {.lr = 0.003f, .weight_decay = 0.1f, .momentum = 0.9f, .clip = 1}},
    {"transformer_wide",
     {TRANSFORMER, .context = 40, .layers = 1, .width = 136, .heads = 2},
     LANGUAGE_ALL,
     2,
     OPTIMIZER_ADAMW,
     {.lr = 0.001f, .weight_decay = 0.1f, .momentum = 0.9f, .clip = 1}},
    {"adapters_adamw",
     {TRANSFORMER, .context = 16, .layers = 2, .width = 32, .heads = 4, .lora_rank = 4},
     LANGUAGE_ADAPTERS,
     4,
     OPTIMIZER_ADAMW,
     {.lr = 0.0005f, .weight_decay = 0.1f, .momentum = 0.9f, .clip = 1}},
    {"all_and_adapters",
     {TRANSFORMER, .context = 16, .layers = 2, .width = 32, .heads = 4, .tie = true, .lora_rank = 3},
     LANGUAGE_ALL,
     4,
     OPTIMIZER_SGD,
     {.lr = 0.03f, .clip = 1}},
    {"last_block_adamw",
     {TRANSFORMER, .context = 16, .layers = 2, .width = 32, .heads = 4},
     LANGUAGE_LAST,
     4,
     OPTIMIZER_ADAMW,
     {.lr = 0.003f, .weight_decay = 0.1f, .momentum = 0.9f}},
    {"window_adamw",
     {.kind = LANGUAGE_MLP, .vocabulary = VOCABULARY, .context = 16, .width = 24, .window = 5},
     LANGUAGE_ALL,
     4,
     OPTIMIZER_ADAMW,
     {.lr = 0.01f, .weight_decay = 0.1f, .momentum = 0.9f}},
    {"bigram_sgd",
     {.kind = LANGUAGE_BIGRAM, .vocabulary = VOCABULARY, .context = 16},
     LANGUAGE_ALL,
     4,
     OPTIMIZER_SGD,
     {.lr = 2}},
};
#define REFERENCES (sizeof reference_table / sizeof reference_table[0])

static enum reference_kind kind_of(const struct param_slice *slice)
{
    const bool norm = strstr(slice->name, ".ln_") != NULL, bias = strstr(slice->name, ".bias") != NULL;
    if (norm)
        return bias ? REFERENCE_SHIFT : REFERENCE_GAIN;
    return bias ? REFERENCE_BIAS : REFERENCE_WEIGHT;
}

static void fill_weights(struct params *params)
{
    for (unsigned s = 0; s < params->slices; s++) {
        const struct param_slice *slice = &params->slice[s];
        const enum reference_kind kind = kind_of(slice);
        for (size_t out = 0; out < slice->out; out++)
            for (size_t in = 0; in < slice->in; in++) {
                const float u = reference_uniform(kind, s, out * slice->in + in);
                const float value[] = {[REFERENCE_WEIGHT] = u * reference_scale(slice->in),
                                       [REFERENCE_BIAS] = u / 8,
                                       [REFERENCE_GAIN] = 1 + u / 4,
                                       [REFERENCE_SHIFT] = u / 4};
                params_set(params, slice, out, in, value[kind]);
            }
    }
}

/* One model and the batch that it sees: windows of a text, each with the token after it; every fifth answer does not
 * count. */
struct rig {
    const struct reference *reference;
    struct language *language;
    struct language_workspace *workspace;
    float *moments[OPTIMIZER_MOMENTS_MAX];
    int32_t token[TOKENS_MAX], answer[TOKENS_MAX];
};

static void rig_open(struct rig *rig, const struct reference *reference, const struct kernels *kernels)
{
    *rig = (struct rig){.reference = reference};
    ck_assert_int_eq(language_create(&rig->language, &reference->language, kernels, NULL), STATUS_OK);
    rig->workspace = language_workspace_create(rig->language, reference->sequences, true);
    ck_assert_ptr_nonnull(rig->workspace);
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        rig->moments[m] = mem_alloc(language_params(rig->language)->size, sizeof(float));
    fill_weights(language_params(rig->language));
    language_freeze(rig->language, reference->part, 1);
}

static void rig_close(struct rig *rig)
{
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        mem_free(rig->moments[m]);
    language_workspace_free(rig->workspace);
    language_free(rig->language);
}

static void rig_draw(struct rig *rig, size_t step)
{
    const struct reference *reference = rig->reference;
    const size_t T = reference->language.context;
    for (size_t b = 0; b < reference->sequences; b++) {
        const size_t first = (step * reference->sequences + b) * 7;
        for (size_t t = 0; t <= T; t++) {
            rig->token[b * (T + 1) + t] = reference_choice(REFERENCE_INPUT, 0, (first + t) % PERIOD, VOCABULARY);
            if (t > 0)
                rig->answer[b * T + t - 1] = (b * T + t - 1) % 5 == 0 ? -1 : rig->token[b * (T + 1) + t];
        }
    }
}

static float rig_step(struct rig *rig, size_t step, const struct kernels *kernels)
{
    const struct reference *reference = rig->reference;
    const size_t T = reference->language.context;
    rig_draw(rig, step);
    const struct language_batch batch = {rig->token, T + 1, reference->sequences, T};
    const struct loss_answers answers = {.label = rig->answer};
    float *logits = language_forward(rig->language, NULL, rig->workspace, &batch, NULL);
    const float loss = loss_table[LOSS_CROSS_ENTROPY].compute(
        kernels, logits, language_stride(rig->language), VOCABULARY, reference->sequences * T, &answers, logits, NULL);
    language_backward(rig->language, rig->workspace, &batch, logits);
    struct optimizer_settings settings = reference->settings;
    struct step_report report;
    settings.t = step + 1;
    ck_assert(optimizer_step(reference->optimizer, kernels, language_params(rig->language), rig->moments, &settings,
                             &report));
    return loss;
}

START_TEST(losses_are_those_of_pytorch)
{
    const struct reference *reference = &reference_table[_i];
    const struct kernels *level[4];
    const size_t levels = kernels_all(level, 4);
    double figure[REFERENCE_STEPS];
    reference_figures(FIGURES, reference->name, figure);
    for (size_t l = 0; l < levels; l++) {
        struct rig rig;
        rig_open(&rig, reference, level[l]);
        for (size_t step = 0; step < REFERENCE_STEPS; step++) {
            const double loss = (double)rig_step(&rig, step, level[l]);
            ck_assert_msg(fabs(loss - figure[step]) <= TOLERANCE * figure[step],
                          "%s on %s: loss %.9g at step %zu, not %.9g", reference->name, kernels_name(level[l]), loss,
                          step, figure[step]);
        }
        rig_close(&rig);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("language_reference");
    TCase *cases = tcase_create("language_reference");
    tcase_add_loop_test(cases, losses_are_those_of_pytorch, 0, REFERENCES);
    suite_add_tcase(suite, cases);
    return suite;
}
