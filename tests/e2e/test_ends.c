/* However a run ends, its log, the log of its replay, the lines that both print and the export end in the same
 * figures. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/on_screen.h"
#include "support/process.h"
#include "unit/suite.h"

enum { FIGURES = 5, FIGURE = 32 };

/* Step, losses and accuracies of an evaluation, as a file has them. */
struct figures {
    char text[FIGURES][FIGURE];
};

static char *read_in(const char *folder, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *text = process_read(path);
    ck_assert_msg(text != NULL, "%s is missing", path);
    return text;
}

/* The cells of a CSV line at these places, counted from 0.  False where the second one is empty. */
static bool cut_cells(const char *line, const int *place, struct figures *out)
{
    memset(out, 0, sizeof *out);
    int cell = 0, figure = 0;
    size_t length = 0;
    for (; *line && *line != '\n' && figure < FIGURES; line++) {
        const bool wanted = cell == place[figure];
        if (*line == ',') {
            cell++;
            figure += wanted;
            length = 0;
        } else if (wanted && length + 1 < FIGURE) {
            out->text[figure][length++] = *line;
        }
    }
    return out->text[1][0] != '\0';
}

/* Of the last line that has a train loss. */
static struct figures last_figures(const char *text, const int *place)
{
    struct figures figures = {.text = {""}}, found;
    while ((text = strchr(text, '\n')) && *++text)
        if (cut_cells(text, place, &found))
            figures = found;
    return figures;
}

static void same_figures(const struct figures *a, const struct figures *b)
{
    for (int i = 0; i < FIGURES; i++)
        ck_assert_str_eq(a->text[i], b->text[i]);
}

static struct outcome run_with(const char *folder, const char *format, const char *more)
{
    char arguments[1200];
    snprintf(arguments, sizeof arguments, format, folder, folder, more);
    return process_run(arguments, NULL);
}

/* The folder holds the log and the journal of a run that has ended. */
static struct figures check_files(const char *folder, const char *printed, int status)
{
    static const int in_log[] = {0, 5, 6, 7, 8}, in_export[] = {0, 1, 2, 3, 4};
    static const char series[] = "--series train_loss,test_loss,train_acc,test_acc";
    struct outcome replay = run_with(folder, "replay %s/run.journal --headless --log %s/replay.csv %s", "");
    ck_assert_msg(replay.status == status, "replay: %d %s", replay.status, replay.err);
    if (printed)
        ck_assert_str_eq(replay.out, printed);
    ck_assert_ptr_null(strstr(replay.out, "nan"));
    struct outcome table = run_with(folder, "export %s/run.journal -o %s/export.csv %s", series);
    ck_assert_msg(table.status == 0, "%s", table.err);
    struct outcome lines = run_with(folder, "export %s/run.journal -o %s/export.jsonl %s", series);
    ck_assert_msg(lines.status == 0, "%s", lines.err);

    char *log = read_in(folder, "run.csv"), *again = read_in(folder, "replay.csv");
    char *exported = read_in(folder, "export.csv"), *json = read_in(folder, "export.jsonl");
    ck_assert_msg(strcmp(log, again) == 0, "the log of the replay is another one");
    const struct figures end = last_figures(log, in_log), end_of_export = last_figures(exported, in_export);
    ck_assert_str_ne(end.text[1], "");
    same_figures(&end, &end_of_export);
    char object[200];
    const char *quote = strpbrk(end.text[1], "in") ? "\"" : "";
    snprintf(object, sizeof object, "{\"step\":%s,\"train_loss\":%s%s%s,", end.text[0], quote, end.text[1], quote);
    ck_assert_msg(strstr(json, object) != NULL, "no %s in the JSON lines", object);
    free(log);
    free(again);
    free(exported);
    free(json);
    outcome_free(&replay);
    outcome_free(&table);
    outcome_free(&lines);
    return end;
}

static const char *const ends[] = {
    "spiral --steps 333",
    "spiral --epochs 7.3",
    "spiral --steps 1000 --early-stop on --patience 2",
    "spiral --steps 333 --at 333:label-noise=0.3 --at 332:lr=0.1",
    "samples/iris.csv --steps 211 --seed 3",
    "samples/iris.csv --steps 211 --test-fraction 0.5",
    "sine --steps 250 --lr 0.01",
    "samples/atlas.txt --model bigram --steps 123",
    "spiral --stage 'first steps=37' --stage 'second steps=64 lr=0.05'",
};

START_TEST(runs_that_end_by_themselves)
{
    char *folder = process_folder();
    struct outcome run = run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s", ends[_i]);
    ck_assert_msg(run.status == 0, "%s: %s", ends[_i], run.err);
    check_files(folder, run.out, 0);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_log_of_few_rows_ends_with_the_last_state)
{
    char *folder = process_folder();
    const char *every = "--log-every 50";
    struct outcome run =
        run_with(folder, "samples/iris.csv --headless --steps 211 --log %s/run.csv --journal %s/j %s", every);
    ck_assert_int_eq(run.status, 0);
    struct outcome replay = run_with(folder, "replay %s/j --headless --log %s/replay.csv %s", every);
    char *log = read_in(folder, "run.csv"), *again = read_in(folder, "replay.csv");
    ck_assert_str_eq(replay.out, run.out);
    ck_assert_str_eq(log, again);
    ck_assert_ptr_nonnull(strstr(log, "\n211,"));
    free(log);
    free(again);
    outcome_free(&run);
    outcome_free(&replay);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_run_that_diverges_has_measured_its_last_state)
{
    char *folder = process_folder();
    struct outcome run =
        run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s", "sine --lr 60 --steps 5000");
    ck_assert_int_eq(run.status, 3);
    ck_assert_str_eq(run.out, "");
    const struct figures end = check_files(folder, run.out, 3);
    char *log = read_in(folder, "run.csv"), row[64];
    snprintf(row, sizeof row, "\n%llu,", strtoull(end.text[0], NULL, 10) + 1); /* of the step that failed */
    ck_assert_ptr_nonnull(strstr(log, row));
    free(log);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

/* A regression whose answers reach far enough for a huge rate to carry the losses to infinity within two steps. */
static char *write_table(const char *folder)
{
    char table[4096];
    int length = snprintf(table, sizeof table, "a,b,y\n");
    for (int i = 0; i < 60; i++)
        length += snprintf(table + length, sizeof table - (size_t)length, "%d,%d,%d\n", i, i * 7 % 60, i * i % 59);
    return process_text(folder, "table.csv", table);
}

START_TEST(a_last_state_that_is_not_finite)
{
    char *folder = process_folder(), more[600], checkpoint[300];
    char *table = write_table(folder), *out = NULL;
    snprintf(checkpoint, sizeof checkpoint, "%s/m.st", folder);
    snprintf(more, sizeof more,
             "%s --regress --optimizer sgd --activation relu --hidden 64,64,64 --lr 100 --steps 2 --save %s", table,
             checkpoint);
    for (int i = 0; i < 4; i++) {
        struct outcome run = run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s", more);
        ck_assert_msg(run.status == 3, "%d %s", run.status, run.err);
        ck_assert_ptr_nonnull(strstr(run.out, "step 2  train loss inf  test loss inf  train R² -inf"));
        ck_assert_ptr_nonnull(strstr(run.err, "the last state, at step 2, is not finite (train loss inf, test loss inf)"
                                              ": no checkpoint is written to "));
        ck_assert_ptr_eq(strchr(run.err, '\n'), run.err + strlen(run.err) - 1); /* one sentence */
        ck_assert_int_ne(access(checkpoint, F_OK), 0);
        if (out)
            ck_assert_str_eq(run.out, out);
        free(out);
        out = strdup(run.out);
        outcome_free(&run);
    }
    const struct figures end = check_files(folder, out, 3);
    ck_assert_str_eq(end.text[1], "inf");
    ck_assert_str_eq(end.text[3], "-inf");
    free(out);
    free(table);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_run_that_is_told_to_end)
{
    char *folder = process_folder(), command[1600];
    snprintf(command, sizeof command,
             "%s spiral --headless --steps 1G --log %s/run.csv --journal %s/run.journal >%s/out 2>%s/err & run=$!; "
             "until [ $(wc -l <%s/run.csv || echo 0) -gt 30 ]; do sleep 0.02; done 2>/dev/null; "
             "kill -TERM $run; wait $run",
             process_program(), folder, folder, folder, folder, folder);
    ck_assert_int_ne(system(command), 0);
    char *err = read_in(folder, "err"), *out = read_in(folder, "out");
    ck_assert_ptr_nonnull(strstr(err, "interrupted at step "));
    check_files(folder, out, 0);
    free(err);
    free(out);
    process_folder_remove(folder);
}
END_TEST

/* Only the journal's last line is missing of a run that was killed. */
START_TEST(a_replay_that_ends_after_a_fork)
{
    char *folder = process_folder();
    struct outcome run =
        run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s", "spiral --steps 139");
    ck_assert_int_eq(run.status, 0);
    char *journal = read_in(folder, "run.journal");
    char *last = strstr(journal, "< 0 139 end ");
    ck_assert_ptr_nonnull(last);
    strcpy(last, "> 0 139 fork\n");
    free(process_text(folder, "run.journal", journal));
    struct outcome replay = run_with(folder, "replay %s/run.journal --headless --log %s/replay.csv %s", "");
    ck_assert_int_eq(replay.status, 0);
    ck_assert_str_eq(replay.out, run.out);
    struct outcome table = run_with(folder, "export %s/run.journal -o %s/fork.csv %s", "--series test_loss");
    ck_assert_int_eq(table.status, 0);
    char *exported = read_in(folder, "fork.csv");
    ck_assert_ptr_nonnull(strstr(exported, "\n139,0."));
    ck_assert_ptr_null(strstr(strstr(exported, "\n139,") + 1, "\n139,")); /* one row for the step */
    free(exported);
    free(journal);
    outcome_free(&run);
    outcome_free(&replay);
    outcome_free(&table);
    process_folder_remove(folder);
}
END_TEST

static void on_screen(const char *more, const char *keys, const char *shown)
{
    char *folder = process_folder(), arguments[250];
    snprintf(arguments, sizeof arguments, "spiral --log %s/run.csv --journal %s/run.journal %s", folder, folder, more);
    struct terminal *terminal = start(arguments);
    expect(terminal, "spiral");
    terminal_type(terminal, keys);
    expect(terminal, shown);
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    terminal_close(terminal);
    check_files(folder, NULL, 0);
    process_folder_remove(folder);
}

START_TEST(a_run_that_is_left_on_the_screen)
{
    on_screen("--paused --speed 2000", ":until 137\r", "Paused at step 137");
    on_screen("--steps 137 --speed 2000", "", "Paused at step 137");
    on_screen("--paused --speed 2000 --steps 50", ":until 137\r", "Paused at step 50");
    on_screen("--speed 200", " ", "Paused at step ");
    on_screen("--points 20 --hidden 32,32 --early-stop on --patience 1000 --speed 0 --steps 1500", "",
              "Ended before early stopping: the best was 0.217 at step 656.");
}
END_TEST

/* Few points and a wide net: the test loss has its least value long before the end. */
#define OVERFITS "spiral --points 20 --hidden 32,32 --early-stop on --patience 1000 "

START_TEST(an_end_while_early_stopping_waits_is_said)
{
    char *folder = process_folder();
    struct outcome run =
        run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s", OVERFITS "--steps 1500");
    ck_assert_int_eq(run.status, 0);
    ck_assert_ptr_nonnull(strstr(run.err, "the end came at step 1,500 while early stopping waited: the best test loss "
                                          "was 0.217 at step 656, --end-with best ends with those weights"));
    check_files(folder, run.out, 0);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

static char *predictions(const char *folder, const char *words)
{
    char arguments[600];
    snprintf(arguments, sizeof arguments, "predict %s/%s samples/iris.csv", folder, words);
    struct outcome outcome = process_run(arguments, NULL);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    char *text = strdup(outcome.out);
    outcome_free(&outcome);
    return text;
}

START_TEST(a_run_ends_with_its_best_and_a_checkpoint_keeps_both)
{
    static const char common[] = "samples/iris.csv --hidden 32,32 --optimizer sgd --lr 0.1 --steps 2000 ";
    char *folder = process_folder(), more[600];
    snprintf(more, sizeof more, "%s --save %s/last.st", common, folder);
    struct outcome last = run_with(folder, "--headless --log %s/last.csv --journal %s/last.journal %s", more);
    ck_assert_str_eq(last.err, ""); /* early stopping is off: nothing waits */
    snprintf(more, sizeof more, "%s --end-with best --save %s/best.st", common, folder);
    struct outcome best = run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s", more);
    ck_assert_int_eq(best.status, 0);
    ck_assert_ptr_nonnull(strstr(best.err, "ended at step 2,000: the best test loss was "));
    check_files(folder, best.out, 0);
    char *log = read_in(folder, "run.csv"), *journal = read_in(folder, "run.journal");
    ck_assert_ptr_nonnull(strstr(log, "ends with the best: best "));
    ck_assert_ptr_nonnull(strstr(journal, "\nend-with best\n"));
    ck_assert_ptr_nonnull(strstr(journal, "\n> 0 2000 best\n< 0 2000 end "));

    char *of_last = predictions(folder, "last.st"), *of_its_best = predictions(folder, "last.st --best");
    char *of_best = predictions(folder, "best.st"), *same = predictions(folder, "best.st --best");
    ck_assert_str_ne(of_last, of_best);
    ck_assert_str_eq(of_its_best, of_best);
    ck_assert_str_eq(same, of_best);
    free(of_last);
    free(of_its_best);
    free(of_best);
    free(same);

    char *other = process_folder(); /* for a log of its own */
    snprintf(more, sizeof more, "--load %s/last.st --best --steps 2001", folder);
    struct outcome on = run_with(other, "--headless --log %s/run.csv --journal %s/run.journal %s", more);
    ck_assert_msg(on.status == 0, "%s", on.err);
    check_files(other, on.out, 0);
    free(log);
    free(journal);
    outcome_free(&last);
    outcome_free(&best);
    outcome_free(&on);
    process_folder_remove(other);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_stage_hands_its_best_on)
{
    char *folder = process_folder();
    struct outcome run = run_with(folder, "--headless --log %s/run.csv --journal %s/run.journal %s",
                                  OVERFITS "--stage 'one steps=1500 end-with=best' --stage 'two steps=90 lr=0.01'");
    ck_assert_msg(run.status == 0, "%s", run.err);
    ck_assert_ptr_nonnull(strstr(run.err, "ended at step 1,500: the best test loss was 0.217 at step 656, "));
    char *log = read_in(folder, "run.csv");
    const char *row = strstr(log, "\n1500,750,0,two,,");
    ck_assert_ptr_nonnull(row);
    ck_assert_ptr_nonnull(strstr(row, ",0.217035472,"));
    ck_assert_ptr_nonnull(strstr(row, "ends with the best: best 0.217 at 656; two\n"));
    check_files(folder, run.out, 0);
    free(log);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

/* Beyond the end with the best, back to there and to the end of the first branch: each way re-applies it. */
START_TEST(ways_back_bring_the_best_back_too)
{
    char *folder = process_folder(), arguments[250];
    snprintf(arguments, sizeof arguments,
             "spiral --points 20 --hidden 32,32 --steps 1500 --end-with best --speed 0 --timeline 0 --log %s/run.csv "
             "--journal %s/run.journal",
             folder, folder);
    struct terminal *terminal = start(arguments);
    expect(terminal, "Ended at step 1,500 with the best: test loss 0.217 at step 656.");
    terminal_type(terminal, ":until 1600\r");
    expect(terminal, "Paused at step 1,600");
    terminal_type(terminal, ":rewind 1550\r");
    expect(terminal, "Back at step 1,550");
    terminal_type(terminal, ":switch 1\r");
    expect(terminal, "from its end at step 1,600");
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    terminal_close(terminal);
    char *journal = read_in(folder, "run.journal");
    ck_assert_ptr_nonnull(strstr(journal, "\n> 0 1500 best\n"));
    free(journal);
    check_files(folder, NULL, 0);
    process_folder_remove(folder);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("ends");
    TCase *tests = tcase_create("ends");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, runs_that_end_by_themselves, 0, sizeof ends / sizeof ends[0]);
    tcase_add_test(tests, a_log_of_few_rows_ends_with_the_last_state);
    tcase_add_test(tests, a_run_that_diverges_has_measured_its_last_state);
    tcase_add_test(tests, a_last_state_that_is_not_finite);
    tcase_add_test(tests, a_run_that_is_told_to_end);
    tcase_add_test(tests, a_replay_that_ends_after_a_fork);
    tcase_add_test(tests, a_run_that_is_left_on_the_screen);
    tcase_add_test(tests, an_end_while_early_stopping_waits_is_said);
    tcase_add_test(tests, a_run_ends_with_its_best_and_a_checkpoint_keeps_both);
    tcase_add_test(tests, a_stage_hands_its_best_on);
    tcase_add_test(tests, ways_back_bring_the_best_back_too);
    suite_add_tcase(suite, tests);
    return suite;
}
