#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/corpus.h"
#include "setup/material.h"
#include "setup/spec_field.h"
#include "suite.h"

static char folder[] = "/tmp/downhill-test-XXXXXX";
static char text_path[64], other_path[64], pairs_path[64];
static struct spec spec;

static void write_text(const char *path, size_t lines)
{
    static const char *const places[] = {"France is Paris", "Spain is Madrid", "Peru is Lima", "Chad is Ndjamena"};
    FILE *file = fopen(path, "w");
    for (size_t i = 0; i < lines; i++)
        fprintf(file, "%zu: The capital of %s.\n", i, places[i * i % 7 % 4]);
    fclose(file);
}

static void begin(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(text_path, sizeof text_path, "%s/text.txt", folder);
    snprintf(other_path, sizeof other_path, "%s/other.md", folder);
    snprintf(pairs_path, sizeof pairs_path, "%s/pairs.tsv", folder);
    write_text(text_path, 400);
    write_text(other_path, 90);
    FILE *file = fopen(pairs_path, "w");
    for (int i = 0; i < 20; i++)
        fprintf(file, "What is %d and one?\t%d.\n", i, i + 1);
    fclose(file);
    spec_init(&spec);
}

static void end(void)
{
    unlink(text_path);
    unlink(other_path);
    unlink(pairs_path);
    ck_assert_int_eq(rmdir(folder), 0);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    spec_free(&spec);
}

static void say(const char *name, const char *value)
{
    struct error error = {.message = ""};
    ck_assert_msg(spec_set(&spec, name, value, &error) == STATUS_OK, "%s", error.message);
}

static void say_stage(const char *start, const char *path, const char *rest)
{
    char line[256];
    snprintf(line, sizeof line, "%s data=%s %s", start, path, rest);
    say("stage", line);
}

static struct material *load(const struct tokenizer *given)
{
    struct material *material;
    struct error error = {.message = ""};
    ck_assert_msg(material_load(&material, &spec, given, &error) == STATUS_OK, "%s", error.message);
    return material;
}

static void refuse(enum status status, const char *said)
{
    struct material *material;
    struct error error = {.message = ""};
    ck_assert_int_eq(material_load(&material, &spec, NULL, &error), status);
    ck_assert_ptr_null(material);
    ck_assert_msg(strstr(error.message, said), "'%s' is not in '%s'", said, error.message);
    spec_free(&spec);
    spec_init(&spec);
}

START_TEST(a_toy_is_one_stage)
{
    struct material *material = load(NULL);
    const struct trainer_stage *stage = material_stage(material, 0);
    ck_assert_uint_eq(material_stages(material), 1);
    ck_assert_str_eq(stage->name, "train");
    ck_assert_str_eq(stage->dataset->name, "spiral");
    ck_assert_int_eq(stage->objective, OBJECTIVE_CLASSIFY);
    ck_assert_int_eq(stage->loss, LOSS_CROSS_ENTROPY);
    ck_assert_ptr_null(material_tokenizer(material));
    material_free(material);
}
END_TEST

START_TEST(stages_of_a_toy_share_its_data)
{
    say("stage", "fast lr=0.5 steps=100");
    say("stage", "slow lr=0.05 epochs=2");
    struct material *material = load(NULL);
    const struct trainer_stage *fast = material_stage(material, 0), *slow = material_stage(material, 1);
    ck_assert_uint_eq(material_stages(material), 2);
    ck_assert_ptr_eq(fast->dataset, slow->dataset);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], 0.5);
    ck_assert_double_eq(spec.knobs.value[KNOB_HORIZON], 100);
    ck_assert(slow->turns[KNOB_LR]);
    ck_assert_double_eq(slow->value[KNOB_HORIZON], 40); /* two epochs of 200 rows in batches of 10 */
    material_free(material);
}
END_TEST

START_TEST(a_stage_begins_with_the_knobs_of_the_one_before)
{
    say("stage", "wide batch=64 epochs=1");
    say("stage", "narrow batch=4 steps=10");
    say("stage", "on train-fraction=50% epochs=2");
    struct material *material = load(NULL);
    ck_assert_double_eq(spec.knobs.value[KNOB_BATCH], 64);
    ck_assert_double_eq(spec.knobs.value[KNOB_HORIZON], 4); /* 200 rows in batches of 64 */
    ck_assert(!material_stage(material, 2)->turns[KNOB_BATCH]);
    ck_assert_double_eq(material_stage(material, 2)->value[KNOB_HORIZON], 50); /* twice 100 rows in batches of 4 */
    material_free(material);
    spec_free(&spec);
    spec_init(&spec);
    say("batch", "20");
    say("stage", "first batch=64");
    say("stage", "second epochs=1");
    material = load(NULL);
    ck_assert_double_eq(material_stage(material, 1)->value[KNOB_HORIZON], 10); /* what was said counts */
    material_free(material);
}
END_TEST

START_TEST(a_batch_that_a_small_text_has_cut_stays_so)
{
    say("task", text_path);
    say("context", "24");
    say_stage("wide", text_path, "batch=60");
    say_stage("few", pairs_path, "");
    say_stage("on", text_path, "epochs=1");
    struct material *material = load(NULL);
    const struct trainer_stage *stage = material_stage(material, 0);
    ck_assert_uint_lt(stage[1].dataset->train, 60);
    ck_assert_uint_gt(stage[2].dataset->train, 60);
    ck_assert_double_eq(stage[2].value[KNOB_HORIZON],
                        ceil((double)stage[2].dataset->train / (double)stage[1].dataset->train));
    material_free(material);
}
END_TEST

START_TEST(two_names_of_one_file_are_one_text)
{
    char around[96];
    snprintf(around, sizeof around, "%s/./text.txt", folder);
    say("task", text_path);
    say_stage("read", around, "");
    struct material *material = load(NULL);
    say_stage("again", text_path, "");
    struct material *both = load(NULL);
    ck_assert_uint_eq(material_bytes(both), material_bytes(material));
    ck_assert_ptr_eq(material_stage(both, 0)->dataset, material_stage(both, 1)->dataset);
    material_free(material);
    material_free(both);
}
END_TEST

START_TEST(a_text_fills_in_the_model)
{
    say("task", text_path);
    struct material *material = load(NULL);
    const struct trainer_stage *stage = material_stage(material, 0);
    const struct language_spec *model = &spec.shape.language;
    ck_assert_int_eq(spec.shape.kind, MODEL_LANGUAGE);
    ck_assert_int_eq(model->kind, LANGUAGE_TRANSFORMER);
    ck_assert_uint_eq(model->vocabulary, tokenizer_vocabulary(material_tokenizer(material)));
    ck_assert_uint_eq(model->context, stage->dataset->inputs);
    ck_assert(model->layers > 0 && model->heads > 0 && model->width % model->heads == 0);
    ck_assert_int_eq(language_check(model, NULL), STATUS_OK);
    ck_assert_int_eq(stage->objective, OBJECTIVE_NEXT_TOKEN);
    ck_assert_int_eq(stage->dataset->kind, TASK_TEXT);
    ck_assert_double_eq(spec.knobs.value[KNOB_OPTIMIZER], OPTIMIZER_ADAMW);
    ck_assert_double_eq(spec.knobs.value[KNOB_SPEED], 0);
    ck_assert_double_le(spec.knobs.value[KNOB_BATCH], (double)stage->dataset->train);
    ck_assert_double_eq(spec.csv.test_fraction, CORPUS_TEST_FRACTION);
    for (int k = 0; k < KNOB_COUNT; k++)
        ck_assert_int_eq(knob_check((enum knob_id)k, spec.knobs.value[k], NULL), STATUS_OK);
    material_free(material);
}
END_TEST

START_TEST(what_was_said_of_a_model_is_kept)
{
    say("task", text_path);
    say("model", "mlp");
    say("width", "24");
    say("context", "12");
    say("merges", "0");
    say("test-fraction", "0.3");
    say("lr", "0.7");
    struct material *material = load(NULL);
    const struct dataset *dataset = material_stage(material, 0)->dataset;
    ck_assert_int_eq(spec.shape.language.kind, LANGUAGE_MLP);
    ck_assert_uint_eq(spec.shape.language.width, 24);
    ck_assert_uint_eq(spec.shape.language.window, 8);
    ck_assert_uint_eq(spec.shape.language.layers, 0);
    ck_assert_uint_eq(dataset->inputs, 12);
    ck_assert_uint_eq(dataset->classes, 256);
    ck_assert_double_eq_tol((double)dataset->train / (double)dataset->rows, 0.7, 0.05);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], 0.7);
    material_free(material);
}
END_TEST

START_TEST(a_model_makes_any_file_a_text)
{
    say("task", pairs_path);
    say("model", "bigram");
    say("stage", "a objective=next_token");
    refuse(STATUS_USAGE, "next_token needs a text");
    char path[64];
    snprintf(path, sizeof path, "%s/plain", folder);
    ck_assert_int_eq(rename(other_path, path), 0);
    say("task", path);
    say("model", "bigram");
    material_free(load(NULL));
    ck_assert_int_eq(rename(path, other_path), 0);
}
END_TEST

START_TEST(a_small_text_gets_a_small_context)
{
    write_text(other_path, 12);
    say("task", other_path);
    struct material *material = load(NULL);
    ck_assert_uint_le(spec.shape.language.context, 32);
    ck_assert_uint_gt(spec.shape.language.context, 4);
    material_free(material);
}
END_TEST

START_TEST(each_file_is_loaded_once_in_the_tokens_of_the_first_text)
{
    say("task", text_path);
    say_stage("wide", text_path, "steps=5");
    say_stage("narrow", other_path, "batch=10000");
    say_stage("answers", pairs_path, "train=lora:2 steps=30");
    say_stage("again", other_path, "");
    struct material *material = load(NULL);
    const struct trainer_stage *stage = material_stage(material, 0);
    ck_assert_uint_eq(material_stages(material), 4);
    ck_assert_str_eq(stage[0].dataset->name, "text.txt");
    ck_assert_ptr_eq(stage[1].dataset, stage[3].dataset);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_ptr_eq(corpus_tokenizer(stage[i].dataset->corpus), material_tokenizer(material));
        ck_assert_uint_eq(stage[i].dataset->inputs, stage[0].dataset->inputs);
        ck_assert_uint_eq(stage[i].dataset->classes, stage[0].dataset->classes);
    }
    ck_assert_double_eq(stage[1].value[KNOB_BATCH], (double)stage[1].dataset->train);
    ck_assert_int_eq(stage[2].objective, OBJECTIVE_RESPOND);
    ck_assert_int_eq(stage[2].part, LANGUAGE_ADAPTERS);
    ck_assert_uint_eq(spec.shape.language.lora_rank, 2);
    ck_assert(stage[2].turns[KNOB_HORIZON] && !stage[3].turns[KNOB_HORIZON]);
    ck_assert_double_eq(stage[2].value[KNOB_HORIZON], 30);
    material_free(material);
}
END_TEST

START_TEST(a_given_tokenizer_serves_all)
{
    struct tokenizer *bytes;
    ck_assert_int_eq(tokenizer_train(&bytes, NULL, 0, 0, NULL), STATUS_OK);
    say("task", pairs_path);
    say("model", "transformer");
    struct material *material = load(bytes);
    ck_assert_ptr_eq(material_tokenizer(material), bytes);
    ck_assert_uint_eq(spec.shape.language.vocabulary, 256);
    ck_assert_int_eq(material_stage(material, 0)->objective, OBJECTIVE_RESPOND);
    material_free(material);
    tokenizer_free(bytes);
}
END_TEST

START_TEST(the_first_stage_yields_to_what_was_said)
{
    say("stage", "fast lr=0.5 batch=20 steps=100");
    say("lr", "0.1");
    struct material *material = load(NULL);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], 0.1);
    ck_assert_double_eq(spec.knobs.value[KNOB_BATCH], 20);
    material_free(material);
}
END_TEST

START_TEST(what_does_not_go_together_is_refused)
{
    static const struct {
        const char *name, *value, *said;
    } of_text[] = {
        {"hidden", "8", "--hidden is for tables and toys"},
        {"activation", "relu", "--activation is for tables and toys"},
        {"layer-norm", NULL, "--layer-norm is for"},
        {"loss", "mse", "--loss is for"},
        {"target", "x", "--target is for"},
        {"test", "x.txt", "--test is for"},
        {"points", "50", "--points is for"},
        {"window", "4", "--window: a model of kind transformer has none"},
        {"label-noise", "0.1", "label-noise: a text has no labels"},
        {"at", "5:input-noise=0.1", "input-noise: tokens are no numbers"},
        {"heads", "3", "head"},
    };
    for (size_t i = 0; i < sizeof of_text / sizeof *of_text; i++) {
        say("task", text_path);
        say(of_text[i].name, of_text[i].value);
        refuse(STATUS_USAGE, of_text[i].said);
    }
    say("layers", "2");
    refuse(STATUS_USAGE, "--layers is for texts: spiral is a toy");
    say("task", "samples/iris.csv");
    say("prompt", "The");
    refuse(STATUS_USAGE, "--prompt is for texts: samples/iris.csv is a table");
    say("model", "bigram");
    refuse(STATUS_USAGE, "--model is for texts: spiral is a toy");
    say("task", "-");
    say("model", "bigram");
    refuse(STATUS_USAGE, "standard input");
    say("task", pairs_path);
    say("model", "transformer");
    refuse(STATUS_USAGE, "is a table, by its name: a language model learns its rows as prompts and responses");
}
END_TEST

START_TEST(bad_files_are_named)
{
    say("task", "/nowhere/a.txt");
    refuse(STATUS_FAILED, "/nowhere/a.txt");
    say("task", text_path);
    say_stage("a", "/nowhere/b.tsv", "");
    refuse(STATUS_FAILED, "/nowhere/b.tsv");
    say("task", text_path);
    say("context", "8000");
    refuse(STATUS_FAILED, "too few for a training and a test window of 8000");
    say("task", text_path);
    say_stage("a", pairs_path, "");
    spec.log_path = mem_string(pairs_path);
    refuse(STATUS_USAGE, "it would overwrite the data");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("material");
    TCase *tcase = tcase_create("material");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_toy_is_one_stage);
    tcase_add_test(tcase, stages_of_a_toy_share_its_data);
    tcase_add_test(tcase, a_stage_begins_with_the_knobs_of_the_one_before);
    tcase_add_test(tcase, a_batch_that_a_small_text_has_cut_stays_so);
    tcase_add_test(tcase, two_names_of_one_file_are_one_text);
    tcase_add_test(tcase, a_text_fills_in_the_model);
    tcase_add_test(tcase, what_was_said_of_a_model_is_kept);
    tcase_add_test(tcase, a_model_makes_any_file_a_text);
    tcase_add_test(tcase, a_small_text_gets_a_small_context);
    tcase_add_test(tcase, each_file_is_loaded_once_in_the_tokens_of_the_first_text);
    tcase_add_test(tcase, a_given_tokenizer_serves_all);
    tcase_add_test(tcase, the_first_stage_yields_to_what_was_said);
    tcase_add_test(tcase, what_does_not_go_together_is_refused);
    tcase_add_test(tcase, bad_files_are_named);
    suite_add_tcase(suite, tcase);
    return suite;
}
