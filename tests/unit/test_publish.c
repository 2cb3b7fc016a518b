#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/cli.h"
#include "suite.h"
#include "support/sessions.h"
#include "ui/publish.h"

enum { STEPS = 6000 }; /* more than a history keeps as they came in */

static const char *in_tmp(const char *name)
{
    static char path[4][96];
    static unsigned turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "/tmp/downhill-publish-%ld-%s", (long)getpid(), name);
    return path[turn];
}

static void finish(struct session *session)
{
    while (!session_status(session)->ended)
        session_wait(session, 100);
}

static size_t lines_of(const char *path, char *last, size_t size)
{
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    size_t count = 0;
    while (fgets(last, (int)size, file))
        count++;
    fclose(file);
    unlink(path);
    return count;
}

static enum status command(struct error *error, size_t count, const char *const *words)
{
    char text[10][96] = {"downhill", "export"};
    char *argv[10] = {text[0], text[1]};
    for (size_t i = 0; i < count; i++) {
        snprintf(text[i + 2], sizeof text[i + 2], "%s", words[i]);
        argv[i + 2] = text[i + 2];
    }
    struct cli cli;
    enum status status = cli_parse(&cli, (int)count + 2, argv, error);
    if (status == STATUS_OK)
        status = export_command(&cli, error);
    cli_free(&cli);
    return status;
}
#define COMMAND(error, ...)                                                                                            \
    command(error, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[]){__VA_ARGS__})

START_TEST(a_session_is_published_by_the_ending)
{
    struct spec spec = spec_of("spiral", 50, 0);
    struct session *session = open_with(&spec, &(struct session_options){.headless = true});
    finish(session);
    const struct publish_options look = {.palette = palette_find("light"), .series = "test_loss"};
    char first[128];
    struct error error;
    ck_assert_int_eq(publish_write(session, &look, in_tmp("a.png"), &error), STATUS_OK);
    FILE *file = fopen(in_tmp("a.png"), "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(first, 1, 8, file), 8);
    ck_assert_mem_eq(first, "\x89PNG\r\n\x1a\n", 8);
    fclose(file);
    unlink(in_tmp("a.png"));
    ck_assert_int_eq(publish_write(session, &look, in_tmp("a.csv"), &error), STATUS_OK);
    file = fopen(in_tmp("a.csv"), "r");
    ck_assert_ptr_nonnull(fgets(first, sizeof first, file));
    ck_assert_str_eq(first, "step,test_loss\n");
    fclose(file);
    unlink(in_tmp("a.csv"));
    ck_assert_int_eq(publish_write(session, &look, "a.txt", &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, ".svg, .pdf and .png"));
    session_close(session, NULL);
}
END_TEST

START_TEST(a_journal_is_exported_step_by_step)
{
    const char *journal = in_tmp("run.journal");
    struct spec spec = spec_of("spiral", STEPS, 0);
    spec_add_turn(&spec, 300, KNOB_LR, 0.05);
    struct session *session = open_with(&spec, &(struct session_options){.headless = true, .journal = journal});
    finish(session);
    const double loss = history_last(session_history(session), 0, SERIES_LOSS)->last;
    session_close(session, NULL);

    char last[512], expected[64];
    struct error error;
    const char *path = in_tmp("run.csv");
    ck_assert_msg(COMMAND(&error, journal, "-o", path, "--series", "loss,test_acc") == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(lines_of(path, last, sizeof last), STEPS + 2); /* the header, and step 0 */
    snprintf(expected, sizeof expected, "%d,%.9g,", STEPS, loss);
    ck_assert_mem_eq(last, expected, strlen(expected));
    ck_assert_int_eq(COMMAND(&error, journal, "-o", in_tmp("run.svg"), "--theme", "mono", "--log"), STATUS_OK);
    ck_assert_int_eq(unlink(in_tmp("run.svg")), 0);
    unlink(journal);
}
END_TEST

START_TEST(what_the_run_reads_is_not_overwritten)
{
    const char *journal = in_tmp("table.journal"), *table = in_tmp("table.csv");
    FILE *file = fopen(table, "w");
    fprintf(file, "x,y\n");
    for (int i = 0; i < 40; i++)
        fprintf(file, "%d,%d\n", i, i % 7);
    fclose(file);
    struct spec spec = spec_of(table, 5, 0);
    struct session *session = open_with(&spec, &(struct session_options){.headless = true, .journal = journal});
    finish(session);
    const struct publish_options look = {.palette = palette_find("light")};
    struct error error;
    char last[64];
    ck_assert_int_eq(publish_write(session, &look, table, &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "it would overwrite the data"));
    session_close(session, NULL);
    ck_assert_int_eq(COMMAND(&error, journal, "-o", table), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "it would overwrite the data"));
    ck_assert_uint_eq(lines_of(table, last, sizeof last), 41);
    ck_assert_str_eq(last, "39,4\n");
    unlink(journal);
}
END_TEST

/* ---- a run with a past ---- */

static void go_to(struct session *session, uint64_t step)
{
    tell(session, (struct wish){.name = "until", .number = step});
    while (session_status(session)->step < step || session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 50);
}

/* Forward, back and on from there; the same start again; a twin beside that.  The last step, and the last loss of the
 * second branch. */
static uint64_t live_through(const char *journal, double *loss)
{
    struct spec spec = spec_of("spiral", 0, 0);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true, .journal = journal});
    go_to(session, 300);
    tell(session, (struct wish){.name = "rewind", .branch = 0, .number = 100});
    tell(session, (struct wish){.name = "name", .branch = 1, .text = "slow, careful"});
    go_to(session, 250);
    wait_for(session, SESSION_ENDED);
    *loss = history_last(session_history(session), 1, SERIES_LOSS)->last;
    tell(session, (struct wish){.name = "restart"});
    tell(session, (struct wish){.name = "pause"}); /* a new start runs at once */
    tell(session, (struct wish){.name = "twin", .branch = 2, .text = "lr=0.05"});
    tell(session, (struct wish){.name = "race", .branch = 3});
    const uint64_t end = session_status(session)->step + 60;
    go_to(session, end);
    ck_assert_int_eq(session_status(session)->rival, 3);
    session_close(session, NULL);
    return end;
}

/* Lines of the file that begin so; each has the step after that of the line before, `first` at first. */
static uint64_t steps_of(const char *path, const char *prefix, uint64_t first)
{
    char line[1024];
    uint64_t step = first;
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file)); /* the header */
    while (fgets(line, sizeof line, file))
        if (strncmp(line, prefix, strlen(prefix)) == 0)
            ck_assert_uint_eq(strtoull(line + strlen(prefix), NULL, 10), step++);
    fclose(file);
    return step - first;
}

START_TEST(a_run_with_branches_is_exported)
{
    const char *journal = in_tmp("forest.journal"), *table = in_tmp("forest.csv"), *figure = in_tmp("forest.svg");
    double loss;
    const uint64_t end = live_through(journal, &loss);
    char line[512], expected[64];
    struct error error;

    ck_assert_msg(COMMAND(&error, journal, "-o", table) == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(steps_of(table, "", 0), end + 1); /* the branch that was being written */

    ck_assert_msg(COMMAND(&error, journal, "-o", table, "--branch", "all") == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(steps_of(table, "1,", 0), 301);
    ck_assert_uint_eq(steps_of(table, "\"slow, careful\",", 101), 150);
    ck_assert_uint_eq(steps_of(table, "3,", 0), end + 1);
    ck_assert_uint_eq(steps_of(table, "lr=0.05,", 0), end + 1);
    ck_assert_uint_eq(lines_of(table, line, sizeof line), 1 + 301 + 150 + 2 * (end + 1));

    ck_assert_int_eq(COMMAND(&error, journal, "-o", table, "--branch", "Slow, careful", "--series", "loss"), STATUS_OK);
    ck_assert_uint_eq(steps_of(table, "", 0), 251);
    ck_assert_uint_eq(lines_of(table, line, sizeof line), 252);
    snprintf(expected, sizeof expected, "250,%.9g\n", loss);
    ck_assert_str_eq(line, expected);
    ck_assert_int_eq(COMMAND(&error, journal, "-o", table, "--branch", "2", "--envelope"), STATUS_OK);
    ck_assert_uint_gt(lines_of(table, line, sizeof line), 1000); /* each value of each series */

    ck_assert_int_eq(COMMAND(&error, journal, "-o", figure, "--branch", "2"), STATUS_OK);
    ck_assert_int_eq(unlink(figure), 0);
    ck_assert_int_eq(COMMAND(&error, journal, "-o", table, "--branch", "slow"), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "there is no branch 'slow'"));
    ck_assert_int_ne(access(table, F_OK), 0);
    unlink(journal);
}
END_TEST

START_TEST(what_an_export_lacks_is_said_before_the_run_is_repeated)
{
    struct error error;
    ck_assert_int_eq(COMMAND(&error, "run.journal"), STATUS_USAGE);
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o"), STATUS_USAGE);
    ck_assert_str_eq(error.message, "-o needs a value: FILE");
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o", "a.gif"), STATUS_USAGE);
    ck_assert_int_eq(COMMAND(&error, "run.journal", "other.journal"), STATUS_USAGE);
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o", "a.csv", "--serie", "loss"), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "did you mean '--series'?"));
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o", "a.csv", "--series", "los"), STATUS_USAGE);
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o", "a.svg", "--theme", "ligth"), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "did you mean 'light'?"));
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o", "a.svg", "--branch", "all"), STATUS_USAGE);
    ck_assert_int_eq(COMMAND(&error, "run.journal", "-o", "a.csv", "--envelope", "--branch", "all"), STATUS_USAGE);
    ck_assert_int_eq(COMMAND(&error, "/nowhere/run.journal", "-o", "a.csv"), STATUS_FAILED);
    ck_assert_int_ne(access("a.csv", F_OK), 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("publish");
    TCase *tests = tcase_create("publish");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_session_is_published_by_the_ending);
    tcase_add_test(tests, a_journal_is_exported_step_by_step);
    tcase_add_test(tests, what_the_run_reads_is_not_overwritten);
    tcase_add_test(tests, a_run_with_branches_is_exported);
    tcase_add_test(tests, what_an_export_lacks_is_said_before_the_run_is_repeated);
    suite_add_tcase(suite, tests);
    return suite;
}
