#include "bench/language.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/random.h"
#include "bench/bench.h"
#include "bench/floor.h"
#include "bench/peer.h"
#include "bench/rows.h"
#include "nn/loss.h"
#include "nn/optimizer.h"

#define TEXT_TOKENS 100000

const struct language_spec language_case = {
    .kind = LANGUAGE_TRANSFORMER, .vocabulary = 65, .context = 64, .layers = 4, .width = 128, .heads = 4};

struct language_training {
    const struct kernels *kernels;
    struct language *language;
    struct language_workspace *workspace;
    float *moments[OPTIMIZER_MOMENTS_MAX];
    int32_t *text; /* [TEXT_TOKENS] */
    uint64_t step;
};

/* Each token has eight that follow it. */
static void write_text(int32_t *text)
{
    const uint32_t key = random_key(1, RANDOM_TOY, 0), follows = random_key(1, RANDOM_TOY, 1);
    for (uint32_t i = 1; i < TEXT_TOKENS; i++)
        text[i] = (int32_t)(random_bits(follows, (uint32_t)text[i - 1] * 8 + random_bits(key, i) % 8) %
                            language_case.vocabulary);
}

struct language_training *language_training_create(void)
{
    struct language_training *training = mem_alloc(1, sizeof *training);
    if (!training)
        return NULL;
    training->kernels = kernels_choose();
    if (language_create(&training->language, &language_case, training->kernels, NULL) != STATUS_OK)
        goto failed;
    language_init(training->language, 1);
    training->workspace = language_workspace_create(training->language, LANGUAGE_SEQUENCES, true);
    training->text = mem_alloc(TEXT_TOKENS, sizeof *training->text);
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++) {
        training->moments[m] = mem_alloc(language_params(training->language)->size, sizeof(float));
        if (!training->moments[m])
            goto failed;
    }
    if (!training->workspace || !training->text)
        goto failed;
    write_text(training->text);
    return training;
failed:
    language_training_free(training);
    return NULL;
}

void language_training_free(struct language_training *training)
{
    if (!training)
        return;
    for (size_t m = 0; m < OPTIMIZER_MOMENTS_MAX; m++)
        mem_free(training->moments[m]);
    mem_free(training->text);
    language_workspace_free(training->workspace);
    language_free(training->language);
    mem_free(training);
}

static void step(struct language_training *training)
{
    enum { T = 64, ROWS = LANGUAGE_SEQUENCES * T };
    int32_t token[ROWS], answer[ROWS];
    const uint32_t key = random_key(1, RANDOM_ORDER, training->step++);
    for (uint32_t b = 0; b < LANGUAGE_SEQUENCES; b++) {
        const int32_t *window = training->text + random_bits(key, b) % (TEXT_TOKENS - T);
        for (size_t t = 0; t < T; t++) {
            token[b * T + t] = window[t];
            answer[b * T + t] = window[t + 1];
        }
    }
    const struct language_batch batch = {token, T, LANGUAGE_SEQUENCES, T};
    float *logits = language_forward(training->language, NULL, training->workspace, &batch, NULL);
    loss_table[LOSS_CROSS_ENTROPY].compute(training->kernels, logits, language_stride(training->language),
                                           language_case.vocabulary, ROWS, &(struct loss_answers){.label = answer},
                                           logits, NULL);
    language_backward(training->language, training->workspace, &batch, logits);
    const struct optimizer_settings settings = {
        .lr = 0.001f, .weight_decay = 0.1f, .momentum = 0.9f, .clip = 1, .t = training->step};
    struct step_report report;
    optimizer_step(OPTIMIZER_ADAMW, training->kernels, language_params(training->language), training->moments,
                   &settings, &report);
}

void language_training_steps(void *context, uint64_t steps)
{
    for (; steps > 0; steps--)
        step(context);
}

void rows_language(void)
{
    static const char what[] = "language model 4x128, 4 heads, 12x64, AdamW";
    struct language_training *training = language_training_create();
    struct floor *floor = language_floor();
    if (training && floor) {
        struct bench_work ours = {language_training_steps, training, 0, false}, bare = {floor_steps, floor, 0, false};
        bench_against_floor(what, &ours, &bare, 0.8);
        peer_row("  language model against PyTorch", "language", &ours, 1.5);
    } else {
        bench_note(what, "out of memory");
    }
    floor_free(floor);
    language_training_free(training);
}
