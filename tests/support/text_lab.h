/* A small laboratory for tests of texts: a text and pairs in a folder of their own, a trainer of two stages on them,
 * and the loop that a run makes of it, without threads or clock. */
#ifndef TESTS_SUPPORT_TEXT_LAB_H
#define TESTS_SUPPORT_TEXT_LAB_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/corpus.h"
#include "learn/trainer.h"

struct text_lab {
    struct dataset *dataset[2];
    struct trainer_stage stage[2];
    struct trainer *trainer;
    float measures[SERIES_TOTAL];
};

/* What a laboratory is built with; zeros are small and usual. */
struct text_lab_plan {
    struct model_shape shape; /* vocabulary and context are found */
    int merges;
    uint64_t seed;
    enum language_part part; /* that the second stage trains */
    const struct tokenizer *tokenizer;
};

#define TEXT_LAB_CONTEXT 8

static inline void text_lab_write(const char *name, bool pairs)
{
    static const char *const who[] = {"owl", "fox", "hen", "cat", "dog"};
    static const char *const what[] = {"sees", "meets", "hears", "follows"};
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 200; i++)
        if (pairs)
            fprintf(file, "%d\t%s\n", i, who[i * i % 5]);
        else
            fprintf(file, "the %s %s the %s.\n", who[i % 5], what[i / 3 % 4], who[i * i % 5]);
    ck_assert(fclose(file) == 0);
}

static inline void text_lab_load(struct text_lab *lab, const struct text_lab_plan *plan)
{
    char name[] = "/tmp/downhill-text-XXXXXX";
    struct error error = {.message = ""};
    struct corpus_options options = {
        .context = TEXT_LAB_CONTEXT, .merges = plan->merges, .seed = 1, .tokenizer = plan->tokenizer};
    const int made = mkstemp(name);
    ck_assert_int_ge(made, 0);
    close(made);
    for (int i = 0; i < 2; i++) {
        struct corpus *corpus = NULL;
        text_lab_write(name, i == 1);
        const enum status status = (i == 1 ? corpus_load_pairs : corpus_load_text)(&corpus, name, &options, &error);
        ck_assert_msg(status == STATUS_OK, "%s", error.message);
        ck_assert(dataset_from_corpus(&lab->dataset[i], corpus, &error) == STATUS_OK);
        options.tokenizer = corpus_tokenizer(lab->dataset[0]->corpus);
    }
    unlink(name);
}

static inline void text_lab_start(struct text_lab *lab, const struct text_lab_plan *plan)
{
    memset(lab, 0, sizeof *lab);
    text_lab_load(lab, plan);
    lab->stage[0] = (struct trainer_stage){.name = "pre-train", .objective = OBJECTIVE_NEXT_TOKEN};
    lab->stage[1] = (struct trainer_stage){.name = "fine-tune",
                                           .objective = OBJECTIVE_RESPOND,
                                           .part = plan->part,
                                           .turns = {[KNOB_LR] = true, [KNOB_BATCH] = true},
                                           .value = {[KNOB_LR] = 0.002, [KNOB_BATCH] = 6}};
    for (int i = 0; i < 2; i++) {
        lab->stage[i].dataset = lab->dataset[i];
        lab->stage[i].loss = LOSS_CROSS_ENTROPY;
    }
    struct trainer_spec spec = {
        .dataset = lab->dataset[0],
        .shape = plan->shape,
        .loss = LOSS_CROSS_ENTROPY,
        .stage = lab->stage,
        .stages = 2,
        .seed = plan->seed > 0 ? plan->seed : 3,
    };
    spec.shape.kind = MODEL_LANGUAGE;
    spec.shape.language.vocabulary = lab->dataset[0]->classes;
    spec.shape.language.context = TEXT_LAB_CONTEXT;
    knobs_default(&spec.knobs);
    spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    spec.knobs.value[KNOB_LR] = 0.01;
    spec.knobs.value[KNOB_BATCH] = 5;
    struct error error = {.message = ""};
    ck_assert_msg(trainer_create(&lab->trainer, &spec, kernels_choose(), &error) == STATUS_OK, "%s", error.message);
}

static inline void text_lab_end(struct text_lab *lab)
{
    trainer_free(lab->trainer);
    dataset_free(lab->dataset[0]);
    dataset_free(lab->dataset[1]);
}

/* To step `until`; the second stage begins at step `turn`. */
static inline void text_lab_run(struct text_lab *lab, uint64_t turn, uint64_t until)
{
    struct error error = {.message = ""};
    for (;;) {
        while (trainer_evaluation_due(lab->trainer))
            trainer_evaluate(lab->trainer, SIZE_MAX, lab->measures);
        if (trainer_step_count(lab->trainer) >= until)
            return;
        if (trainer_step_count(lab->trainer) == turn && trainer_stage_number(lab->trainer) == 0)
            ck_assert_msg(trainer_next_stage(lab->trainer, &error) == STATUS_OK, "%s", error.message);
        else
            ck_assert(trainer_step(lab->trainer, lab->measures) == STEP_DONE);
    }
}

#endif
