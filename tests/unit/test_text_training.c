/* Language models through the trainer: texts and pairs are learnt, measured the same however an evaluation is cut, and
 * trained in part where a stage says so. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/corpus.h"
#include "learn/trainer.h"
#include "suite.h"
#include "support/lab.h"

enum { CONTEXT = 16 };

static char folder[] = "/tmp/downhill-test-XXXXXX";
static char path[64];

static void write_text(const char *name, const char *format, int lines)
{
    static const char *const word[] = {"red", "blue", "green", "black", "white", "brown", "grey"};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < lines; i++)
        fprintf(file, format, word[i % 7], word[i % 7]);
    fclose(file);
}

/* A text in which the second colour is always the first, and questions about it. */
struct school {
    struct dataset *text, *pairs;
    struct trainer_stage stage[2];
    struct lab lab;
};

static void school_load(struct school *school)
{
    *school = (struct school){.text = NULL};
    ck_assert_ptr_nonnull(mkdtemp(memcpy(folder, "/tmp/downhill-test-XXXXXX", sizeof folder)));
    struct corpus *corpus;
    struct error error = {.message = ""};
    struct corpus_options options = {.context = CONTEXT, .merges = 40, .seed = 1};
    write_text("text.txt", "the %s hat is %s\n", 700);
    ck_assert_msg(corpus_load_text(&corpus, path, &options, &error) == STATUS_OK, "%s", error.message);
    ck_assert_int_eq(dataset_from_corpus(&school->text, corpus, &error), STATUS_OK);
    options.tokenizer = corpus_tokenizer(corpus);
    unlink(path);
    write_text("pairs.tsv", "which %s hat?\t%s!\n", 60);
    ck_assert_msg(corpus_load_pairs(&corpus, path, &options, &error) == STATUS_OK, "%s", error.message);
    ck_assert_int_eq(dataset_from_corpus(&school->pairs, corpus, &error), STATUS_OK);
    unlink(path);
    rmdir(folder);
    school->stage[0] = (struct trainer_stage){
        .name = "pre-train", .objective = OBJECTIVE_NEXT_TOKEN, .dataset = school->text, .loss = LOSS_CROSS_ENTROPY};
    school->stage[1] = (struct trainer_stage){
        .name = "fine-tune", .objective = OBJECTIVE_RESPOND, .dataset = school->pairs, .loss = LOSS_CROSS_ENTROPY};
}

static void school_start(struct school *school, const struct language_spec *model, const struct kernels *kernels)
{
    struct trainer_spec spec = {
        .dataset = school->text,
        .shape = {.kind = MODEL_LANGUAGE, .language = *model},
        .loss = LOSS_CROSS_ENTROPY,
        .stage = school->stage,
        .stages = 2,
        .seed = 1,
    };
    spec.shape.language.vocabulary = school->text->classes;
    spec.shape.language.context = CONTEXT;
    knobs_default(&spec.knobs);
    spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAMW;
    spec.knobs.value[KNOB_LR] = 0.005;
    spec.knobs.value[KNOB_BATCH] = 8;
    spec.knobs.value[KNOB_CLIP] = 1;
    struct error error = {.message = ""};
    ck_assert_msg(trainer_create(&school->lab.trainer, &spec, kernels, &error) == STATUS_OK, "%s", error.message);
}

static void school_end(struct school *school)
{
    trainer_free(school->lab.trainer);
    dataset_free(school->pairs);
    dataset_free(school->text); /* last: the tokenizer is its corpus's */
}

static const struct language_spec models[] = {
    {.kind = LANGUAGE_BIGRAM},
    {.kind = LANGUAGE_MLP, .width = 24, .window = 6},
    {.kind = LANGUAGE_TRANSFORMER, .width = 24, .layers = 2, .heads = 2},
};
static const struct language_spec *const transformer = &models[2];

/* A table of neighbours cannot know which colour stood before; what looks further back can. */
START_TEST(context_is_what_makes_the_difference)
{
    float loss[3];
    for (size_t i = 0; i < 3; i++) {
        struct school school;
        school_load(&school);
        school_start(&school, &models[i], kernels_choose());
        lab_run(&school.lab, 0);
        ck_assert_float_eq_tol(school.lab.measures[SERIES_TEST_LOSS], logf((float)school.text->classes), 0.2f);
        lab_run(&school.lab, 400);
        lab_evaluate(&school.lab);
        loss[i] = school.lab.measures[SERIES_TEST_LOSS];
        ck_assert(i == 0 || school.lab.measures[SERIES_TEST_ACC] > 0.75f);
        school_end(&school);
    }
    ck_assert_float_lt(loss[2], loss[0] * 0.8f);
    ck_assert_float_lt(loss[1], loss[0] * 0.8f);
}
END_TEST

/* The number of chunks. */
static size_t evaluate_by(struct school *school, size_t rows)
{
    size_t chunks = 1;
    trainer_evaluate_now(school->lab.trainer);
    while (!trainer_evaluate(school->lab.trainer, rows, school->lab.measures))
        chunks++;
    return chunks;
}

START_TEST(an_evaluation_is_the_same_in_any_chunks)
{
    struct school whole, cut;
    school_load(&whole);
    school_start(&whole, transformer, kernels_choose());
    school_load(&cut);
    school_start(&cut, transformer, kernels_choose());
    lab_run(&whole.lab, 30);
    lab_run(&cut.lab, 30);
    ck_assert_int_eq(trainer_step(whole.lab.trainer, whole.lab.measures), STEP_DONE);
    ck_assert_int_eq(trainer_step(cut.lab.trainer, cut.lab.measures), STEP_DONE);
    ck_assert_uint_eq(evaluate_by(&whole, SIZE_MAX), 1);
    ck_assert_uint_gt(evaluate_by(&cut, 1), 3);
    for (unsigned i = SERIES_TRAIN_LOSS; i <= SERIES_TEST_ACC; i++)
        ck_assert_float_eq(whole.lab.measures[i], cut.lab.measures[i]);
    school_end(&whole);
    school_end(&cut);
}
END_TEST

/* Takes a step piece by piece; returns how many there were before the last one. */
static size_t step_by_pieces(struct school *school)
{
    size_t pieces = 0;
    enum step_result result;
    while ((result = trainer_step_piece(school->lab.trainer, school->lab.measures)) == STEP_PART)
        pieces++;
    ck_assert_int_eq(result, STEP_DONE);
    return pieces;
}

START_TEST(a_step_is_the_same_in_pieces_and_begun_anew)
{
    struct school whole, cut;
    school_load(&whole);
    school_start(&whole, transformer, kernels_choose());
    school_load(&cut);
    school_start(&cut, transformer, kernels_choose());
    lab_set(&whole.lab, KNOB_DROPOUT, 0.2);
    lab_set(&cut.lab, KNOB_DROPOUT, 0.2);
    for (size_t i = 0; i < 40; i++) {
        ck_assert_int_eq(trainer_step(whole.lab.trainer, whole.lab.measures), STEP_DONE);
        if (i % 3 == 1) { /* left in the middle */
            const uint64_t before = state_hash(trainer_state(cut.lab.trainer));
            ck_assert_int_eq(trainer_step_piece(cut.lab.trainer, cut.lab.measures), STEP_PART);
            ck_assert_uint_eq(state_hash(trainer_state(cut.lab.trainer)), before);
            trainer_drop_pieces(cut.lab.trainer);
        }
        ck_assert_uint_eq(step_by_pieces(&cut), 1);
        ck_assert_uint_eq(state_hash(trainer_state(whole.lab.trainer)), state_hash(trainer_state(cut.lab.trainer)));
    }
    /* A knob between two pieces is in force for the step. */
    ck_assert_int_eq(trainer_step_piece(cut.lab.trainer, cut.lab.measures), STEP_PART);
    lab_set(&cut.lab, KNOB_BATCH, 20);
    lab_set(&whole.lab, KNOB_BATCH, 20);
    ck_assert_int_eq(trainer_step(whole.lab.trainer, whole.lab.measures), STEP_DONE);
    ck_assert_uint_eq(step_by_pieces(&cut), 1);
    ck_assert_uint_eq(state_hash(trainer_state(whole.lab.trainer)), state_hash(trainer_state(cut.lab.trainer)));
    school_end(&whole);
    school_end(&cut);
}
END_TEST

/* A small transformer is below the limit of the shapes that have the same bits everywhere. */
START_TEST(the_same_bits_at_every_level)
{
    const struct kernels *level[4];
    const size_t levels = kernels_all(level, 4);
    uint64_t hash[4];
    for (size_t i = 0; i < levels; i++) {
        struct school school;
        school_load(&school);
        school_start(&school, transformer, level[i]);
        ck_assert(model_is_portable(trainer_model(school.lab.trainer)));
        lab_set(&school.lab, KNOB_DROPOUT, 0.1);
        lab_run(&school.lab, 25);
        trainer_next_stage(school.lab.trainer, NULL);
        lab_run(&school.lab, 40);
        hash[i] = state_hash(trainer_state(school.lab.trainer));
        ck_assert_uint_eq(hash[i], hash[0]);
        school_end(&school);
    }
}
END_TEST

START_TEST(pre_training_then_answers)
{
    struct school school;
    school_load(&school);
    school_start(&school, transformer, kernels_choose());
    struct trainer *trainer = school.lab.trainer;
    lab_run(&school.lab, 300);
    ck_assert_int_eq(trainer_next_stage(trainer, NULL), STATUS_OK);
    lab_run(&school.lab, 300);
    const float before = school.lab.measures[SERIES_TEST_LOSS], old = school.lab.measures[SERIES_OLD_LOSS];
    lab_run(&school.lab, 500);
    lab_evaluate(&school.lab);
    ck_assert_float_lt(school.lab.measures[SERIES_TEST_LOSS], before / 3);
    ck_assert_float_gt(school.lab.measures[SERIES_OLD_LOSS], old + 0.1f); /* it forgets */
    school_end(&school);
}
END_TEST

/* What a stage does not train keeps its bits; what it trains does not. */
static void check_part(enum language_part part, size_t rank, const char *moves, const char *stays)
{
    struct school school;
    school_load(&school);
    school.stage[1].part = part;
    school.stage[1].blocks = 1;
    struct language_spec model = *transformer;
    model.lora_rank = rank;
    school_start(&school, &model, kernels_choose());
    struct trainer *trainer = school.lab.trainer;
    const struct params *params = model_params_const(trainer_model(trainer));
    const struct param_slice *moving = params_find(params, moves), *staying = params_find(params, stays);
    ck_assert_ptr_nonnull(moving);
    ck_assert_ptr_nonnull(staying);
    lab_run(&school.lab, 10);
    float *before = mem_alloc(params->size, sizeof *before);
    memcpy(before, params->value, params->size * sizeof *before);
    trainer_next_stage(trainer, NULL);
    lab_run(&school.lab, 20);
    ck_assert_int_eq(memcmp(before + staying->offset, params->value + staying->offset, staying->floats * sizeof(float)),
                     0);
    ck_assert_int_ne(memcmp(before + moving->offset, params->value + moving->offset, moving->floats * sizeof(float)),
                     0);
    /* Back in the first stage all is trained again. */
    trainer_restart(trainer, 1);
    memcpy(before, params->value, params->size * sizeof *before);
    lab_run(&school.lab, 3);
    ck_assert_int_ne(memcmp(before + staying->offset, params->value + staying->offset, staying->floats * sizeof(float)),
                     0);
    mem_free(before);
    school_end(&school);
}

START_TEST(a_stage_trains_the_last_block)
{
    check_part(LANGUAGE_LAST, 0, "transformer.h.1.mlp.c_fc.weight", "transformer.h.0.mlp.c_fc.weight");
}
END_TEST

START_TEST(a_stage_trains_adapters)
{
    check_part(LANGUAGE_ADAPTERS, 2, "transformer.h.0.attn.c_attn.lora_B", "transformer.h.0.attn.c_attn.weight");
}
END_TEST

START_TEST(noise_is_refused_with_the_reason)
{
    struct school school;
    school_load(&school);
    school_start(&school, transformer, kernels_choose());
    struct error error;
    char label[96];
    ck_assert_int_eq(trainer_set_knob(school.lab.trainer, KNOB_LABEL_NOISE, 0.2, label, sizeof label, &error),
                     STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "no labels"));
    ck_assert_double_eq(trainer_knobs(school.lab.trainer)->value[KNOB_LABEL_NOISE], 0);
    school_end(&school);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("text_training");
    TCase *tests = tcase_create("text_training");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, context_is_what_makes_the_difference);
    tcase_add_test(tests, an_evaluation_is_the_same_in_any_chunks);
    tcase_add_test(tests, a_step_is_the_same_in_pieces_and_begun_anew);
    tcase_add_test(tests, the_same_bits_at_every_level);
    tcase_add_test(tests, pre_training_then_answers);
    tcase_add_test(tests, a_stage_trains_the_last_block);
    tcase_add_test(tests, a_stage_trains_adapters);
    tcase_add_test(tests, noise_is_refused_with_the_reason);
    suite_add_tcase(suite, tests);
    return suite;
}
