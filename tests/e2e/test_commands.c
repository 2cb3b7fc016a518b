/* Subcommands as a user types them: the lists, the log of a replay, checkpoints that go on or begin anew, standard output
 * that takes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/process.h"
#include "unit/suite.h"

static char *folder;
static char words[900];

static void make_folder(void)
{
    folder = process_folder();
}

static void remove_folder(void)
{
    process_folder_remove(folder);
}

/* What the program says of `words` on standard output, to be freed. */
static char *said(void)
{
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == 0, "%s: status %d: %s", words, outcome.status, outcome.err);
    char *out = strdup(outcome.out);
    outcome_free(&outcome);
    return out;
}

START_TEST(each_list_has_its_own_rows)
{
    static const struct {
        const char *list, *row;
    } cases[] = {{"toys", "\nmoons  "},       {"knobs", "lr               l L  learning rate"},
                 {"keys", "pause / go"},      {"views", "1 curves"},
                 {"commands", "rewind STEP"}, {"models", "transformer "},
                 {"optimizers", "\nadamw  "}, {"schedules", "\ncosine "},
                 {"losses", "\nhuber  "},     {"activations", "\ngelu"},
                 {"themes", "mono"}};
    snprintf(words, sizeof words, "list");
    char *all = said();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(strstr(all, cases[i].list) != NULL, "no list %s", cases[i].list);
        snprintf(words, sizeof words, "list %s", cases[i].list);
        char *list = said();
        ck_assert_msg(strstr(list, cases[i].row) != NULL, "%s:\n%s", cases[i].list, list);
        free(list);
    }
    free(all);
}
END_TEST

START_TEST(a_replay_writes_the_log_that_is_asked_for)
{
    char path[300];
    snprintf(words, sizeof words, "spiral --headless --steps 120 --journal %s/j --log %s/run.csv", folder, folder);
    free(said());
    snprintf(words, sizeof words, "replay %s/j --headless --log %s/replay.csv", folder, folder);
    free(said());
    snprintf(path, sizeof path, "%s/run.csv", folder);
    char *run = process_read(path);
    snprintf(path, sizeof path, "%s/replay.csv", folder);
    char *replay = process_read(path);
    ck_assert_ptr_nonnull(replay);
    ck_assert_str_eq(replay, run);
    free(run);
    free(replay);
}
END_TEST

/* Of all files that a run read: training rows, test rows and the checkpoint that it began with. */
START_TEST(a_replay_refuses_each_file_that_has_changed)
{
    static const char table[] = "x,y,class\n1,2,a\n2,1,b\n3,3,a\n4,1,b\n5,2,a\n6,4,b\n";
    static const char *const names[] = {"train.csv", "test.csv", "c"};
    free(process_text(folder, "train.csv", table));
    free(process_text(folder, "test.csv", table));
    snprintf(words, sizeof words, "%s/train.csv --test %s/test.csv --headless --steps 5 --journal none --save %s/c",
             folder, folder, folder);
    free(said());
    snprintf(words, sizeof words, "%s/train.csv --test %s/test.csv --load %s/c --headless --steps 10 --journal %s/j",
             folder, folder, folder, folder);
    free(said());
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[300], message[320];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        FILE *file = fopen(path, "rb+");
        ck_assert_ptr_nonnull(file);
        ck_assert_int_eq(fseek(file, -2, SEEK_END), 0);
        const int last = getc(file);
        fseek(file, -2, SEEK_END);
        putc(last ^ 3, file);
        fclose(file);
        snprintf(words, sizeof words, "replay %s/j --headless", folder);
        snprintf(message, sizeof message, "%s has changed since", names[i]);
        struct outcome replay = process_run(words, NULL);
        ck_assert_msg(replay.status == 1 && strstr(replay.err, message), "%s: status %d: %s", names[i], replay.status,
                      replay.err);
        outcome_free(&replay);
        file = fopen(path, "rb+");
        fseek(file, -2, SEEK_END);
        putc(last, file);
        fclose(file);
    }
    free(said()); /* as they were, it replays */
}
END_TEST

/* The last line has shares to a tenth of a percent; an early stop is in the journal with the step of the best. */
START_TEST(a_run_that_stops_early_says_so_in_its_journal)
{
    char best[64] = "", line[80], path[300];
    snprintf(words, sizeof words, "spiral --headless --early-stop on --patience 2 --lr 3 --steps 4000 --journal %s/j",
             folder);
    struct outcome run = process_run(words, NULL);
    ck_assert_int_eq(run.status, 0);
    const char *percent = strstr(run.out, " %"), *at = strstr(run.err, " at step ");
    ck_assert_msg(percent && percent[-2] == '.', "%s", run.out);
    at = at ? strstr(at + 1, "was ") : NULL;
    at = at ? strstr(at, "at step ") : NULL;
    ck_assert_msg(at && sscanf(at, "at step %60[0-9]", best) == 1, "%s", run.err);
    snprintf(line, sizeof line, " early-stop %s\n", best);
    snprintf(path, sizeof path, "%s/j", folder);
    char *journal = process_read(path);
    ck_assert_msg(strstr(journal, line) != NULL, "no '%s' in\n%s", line, journal);
    free(journal);
    outcome_free(&run);
}
END_TEST

/* `second`: the name of its second stage; NULL: it has one. */
static void write_recipe(const char *name, const char *second)
{
    char recipe[600];
    const int used = snprintf(recipe, sizeof recipe,
                              "[model]\nkind = bigram\ncontext = 24\n[data]\ntext = text.txt\nmerges = 8\n"
                              "[stage first]\nsteps = 10\n");
    if (second)
        snprintf(recipe + used, sizeof recipe - (size_t)used, "[stage %s]\nsteps = 30\n", second);
    free(process_text(folder, name, recipe));
}

/* The same stages go on at their step; a recipe with another or a further stage begins with the weights, at step 0. */
START_TEST(a_recipe_with_another_stage_begins_anew)
{
    char text[6000] = "";
    for (int i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "the %s sat on the mat.\n", i % 3 ? "cat" : "dog");
    free(process_text(folder, "text.txt", text));
    write_recipe("a.ini", "second");
    write_recipe("b.ini", "another");
    write_recipe("one.ini", NULL);
    snprintf(words, sizeof words, "%s/a.ini --headless --steps 20 --journal none --save %s/c", folder, folder);
    free(said());
    snprintf(words, sizeof words, "%s/a.ini --load %s/c --headless --steps 20 --journal none --log %s/a.csv", folder,
             folder, folder);
    free(said());
    snprintf(words, sizeof words, "%s/b.ini --load %s/c --headless --steps 20 --journal none --log %s/b.csv", folder,
             folder, folder);
    free(said());
    snprintf(words, sizeof words, "%s/one.ini --headless --steps 8 --journal none --save %s/d", folder, folder);
    free(said());
    snprintf(words, sizeof words, "%s/a.ini --load %s/d --headless --steps 20 --journal none --log %s/c.csv", folder,
             folder, folder);
    free(said());
    char path[300];
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%c.csv", folder, "abc"[i]);
        char *log = process_read(path), *row = log ? strchr(log, '\n') : NULL;
        ck_assert_ptr_nonnull(row);
        ck_assert_msg((strncmp(row, "\n0,", 3) == 0) == (i > 0), "%s", log);
        free(log);
    }
}
END_TEST

START_TEST(an_output_that_takes_nothing_is_an_error)
{
    if (access("/dev/full", W_OK) != 0)
        return;
    snprintf(words, sizeof words, "%s list knobs >/dev/full 2>%s/said", process_program(), folder);
    const int status = system(words);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    snprintf(words, sizeof words, "%s/said", folder);
    char *message = process_read(words);
    ck_assert_str_eq(message, "downhill: standard output: could not be written\n");
    free(message);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("commands");
    TCase *tests = tcase_create("commands");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, each_list_has_its_own_rows);
    tcase_add_test(tests, a_replay_writes_the_log_that_is_asked_for);
    tcase_add_test(tests, a_replay_refuses_each_file_that_has_changed);
    tcase_add_test(tests, a_run_that_stops_early_says_so_in_its_journal);
    tcase_add_test(tests, a_recipe_with_another_stage_begins_anew);
    tcase_add_test(tests, an_output_that_takes_nothing_is_an_error);
    suite_add_tcase(suite, tests);
    return suite;
}
