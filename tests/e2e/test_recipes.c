/* Texts, stages and recipes as a user meets them. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/log.h"
#include "support/process.h"
#include "unit/suite.h"

static char *folder, *text, *pairs, *recipe;

static void begin(void)
{
    static const char *const places[] = {"France is Paris", "Spain is Madrid", "Peru is Lima", "Chad is Ndjamena"};
    char lines[16384] = "", rows[4096] = "";
    for (size_t i = 0; i < 300; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines), "The capital of %s.\n", places[i * i % 7 % 4]);
    for (size_t i = 0; i < 40; i++)
        snprintf(rows + strlen(rows), sizeof rows - strlen(rows), "What is %zu and one?\t%zu.\n", i % 8, i % 8 + 1);
    folder = process_folder();
    text = process_text(folder, "text.txt", lines);
    pairs = process_text(folder, "pairs.tsv", rows);
    recipe = process_text(folder, "two.ini",
                          "[model]\nlayers = 1\nwidth = 16\nheads = 2\ncontext = 32\n"
                          "[data]\ntext = text.txt\nmerges = 20\n"
                          "[knobs]\nbatch = 8\n"
                          "[stage pre-train]\nsteps = 12\nlr = 0.01\n"
                          "[stage answer]\ndata = pairs.tsv\nlr = 0.003\nsteps = 8\n");
}

static void end(void)
{
    process_folder_remove(folder);
    free(text);
    free(pairs);
    free(recipe);
}

static struct outcome run(const char *task, const char *options)
{
    char words[1024];
    snprintf(words, sizeof words, "%s --headless %s", task, options);
    return process_run(words, NULL);
}

/* Rows of the log in this stage, with this rate at their last. */
static int count_rows(const char *log, const char *stage, const char *rate)
{
    char cell[64];
    int rows = 0;
    bool at_rate = false;
    snprintf(cell, sizeof cell, ",0,%s,", stage);
    for (const char *at = strstr(log, cell); at; at = strstr(at + 1, cell)) {
        const char *line_end = strchr(at, '\n');
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)(line_end - at), at);
        at_rate = strstr(line, rate) != NULL;
        rows++;
    }
    ck_assert_msg(rows == 0 || at_rate, "%s does not end with rate %s:\n%s", stage, rate, log);
    return rows;
}

START_TEST(a_recipe_goes_through_its_stages)
{
    struct outcome outcome = run(recipe, "--log - --log-every 1");
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    ck_assert_int_gt(log_whole_rows(outcome.out), 20);
    ck_assert_int_eq(count_rows(outcome.out, "pre-train", ",0.01,8,"), 13);
    ck_assert_int_eq(count_rows(outcome.out, "answer", ",0.003,8,"), 9);
    ck_assert_ptr_nonnull(strstr(outcome.out, "\n12,"));
    ck_assert_ptr_nonnull(strstr(outcome.out, "\n20,"));
    ck_assert_ptr_null(strstr(outcome.out, "\n21,"));
    outcome_free(&outcome);
}
END_TEST

START_TEST(options_have_their_way_wherever_they_stand)
{
    char words[512];
    snprintf(words, sizeof words, "--lr 0.02 %s --headless --log - --log-every 1 --stage 'answer steps=3'", recipe);
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    ck_assert_int_eq(count_rows(outcome.out, "pre-train", ",0.02,8,"), 13);
    ck_assert_int_eq(count_rows(outcome.out, "answer", ",0.003,8,"), 4);
    outcome_free(&outcome);
}
END_TEST

START_TEST(a_run_of_one_stage_calls_it_train)
{
    struct outcome outcome = run(text, "--steps 3 --layers 1 --width 16 --heads 1 --context 16 --log - --log-every 1");
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    ck_assert_int_eq(count_rows(outcome.out, "train", ",0.003,16,"), 4);
    outcome_free(&outcome);
}
END_TEST

START_TEST(the_simpler_models_learn_a_text_too)
{
    struct outcome outcome = run(text, "--model bigram --steps 60");
    ck_assert_msg(outcome.status == 0 && strstr(outcome.out, "step 60"), "%s", outcome.err);
    outcome_free(&outcome);
    outcome = run(text, "--model mlp --window 3 --width 16 --context 16 --steps 30");
    ck_assert_msg(outcome.status == 0 && strstr(outcome.out, "step 30"), "%s", outcome.err);
    outcome_free(&outcome);
}
END_TEST

START_TEST(a_replay_refuses_data_that_a_stage_no_longer_has)
{
    char options[256], words[256];
    snprintf(options, sizeof options, "--journal %s/j", folder);
    struct outcome outcome = run(recipe, options);
    ck_assert_int_eq(outcome.status, 0);
    outcome_free(&outcome);
    snprintf(words, sizeof words, "replay %s/j --headless", folder);
    outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    outcome_free(&outcome);
    free(process_text(folder, "pairs.tsv", "a\tb\nc\td\n"));
    outcome = process_run(words, NULL);
    ck_assert_int_eq(outcome.status, 1);
    ck_assert_msg(strstr(outcome.err, "pairs.tsv has changed since"), "%s", outcome.err);
    outcome_free(&outcome);
}
END_TEST

static void refuse(const char *task, const char *options, int status, const char *said)
{
    struct outcome outcome = run(task, options);
    ck_assert_msg(outcome.status == status, "%s %s: %d, %s", task, options, outcome.status, outcome.err);
    ck_assert_msg(strstr(outcome.err, said), "'%s' is not in '%s'", said, outcome.err);
    ck_assert_str_eq(outcome.out, "");
    outcome_free(&outcome);
}

START_TEST(bad_texts_and_recipes_are_refused)
{
    char *empty = process_text(folder, "empty.txt", ""), *tiny = process_text(folder, "tiny.txt", "ab\n");
    char *wrong = process_text(folder, "wrong.ini", "[data]\ntext = text.txt\n[model]\nlayrs = 2\n");
    char *both = process_text(folder, "both.ini", "[data]\ntable = pairs.csv\nclassify = yes\nregress = yes\n");
    char *tested = process_text(folder, "tested.ini", "[data]\ntable = pairs.csv\ntest = pairs.csv\n");
    char *table = process_text(folder, "pairs.csv", "a,b\n1,p\n2,q\n3,p\n4,q\n");
    char options[256];
    refuse(both, "--steps 1", 1,
           "both.ini:4: classify and regress contradict each other: the target is either a class or a number");
    refuse(tested, "--steps 1 --test-fraction 0.5", 2,
           "--test-fraction would change nothing: the test rows come from ");
    refuse(empty, "--steps 1", 1, "empty.txt: is empty");
    refuse(tiny, "--steps 1 --context 8", 1, "too few for a training and a test window of 8");
    refuse(folder, "--steps 1 --model bigram", 1, "is a directory");
    refuse(wrong, "--steps 1", 1, "wrong.ini:4: unknown key 'layrs': did you mean 'layers'?");
    refuse("nowhere.ini", "--steps 1", 1, "nowhere.ini: No such file");
    refuse(text, "--steps 1 --hidden 8", 2, "--hidden is for tables and toys");
    refuse("spiral", "--steps 1 --layers 2", 2, "--layers is for texts: spiral is a toy");
    refuse(text, "--steps 1 --label-noise 10%", 2, "label-noise: a text has no labels");
    refuse(text, "--stage 'a steps=5' --stage b", 2, "give each stage steps or epochs");
    snprintf(options, sizeof options, "--log %s", pairs);
    refuse(recipe, options, 2, "it would overwrite the data");
    free(empty);
    free(tiny);
    free(wrong);
    free(both);
    free(tested);
    free(table);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("recipes");
    TCase *tcase = tcase_create("recipes");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, a_recipe_goes_through_its_stages);
    tcase_add_test(tcase, options_have_their_way_wherever_they_stand);
    tcase_add_test(tcase, a_run_of_one_stage_calls_it_train);
    tcase_add_test(tcase, the_simpler_models_learn_a_text_too);
    tcase_add_test(tcase, a_replay_refuses_data_that_a_stage_no_longer_has);
    tcase_add_test(tcase, bad_texts_and_recipes_are_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
