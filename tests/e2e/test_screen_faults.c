/* What may go wrong around a screen: signals, terminals that stop or vanish, disks that fill up, files that are
 * removed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/signals.h"
#include "base/thread.h"
#include "support/log.h"
#include "support/on_screen.h"
#include "unit/suite.h"

/* A sanitizer's own report of a fault is not safe when the signal was sent in the midst of something. */
#define NO_REPORTS "ASAN_OPTIONS=handle_segv=0", "UBSAN_OPTIONS=handle_segv=0", "TSAN_OPTIONS=handle_segv=0"

START_TEST(signals_restore_the_terminal)
{
    static const char *const environment[] = {
        "TERM=xterm-256color", "LC_ALL=C.UTF-8", "COLORTERM", "NO_COLOR", "LINES", "COLUMNS", NO_REPORTS, NULL};
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGABRT};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct terminal *terminal = start_in(environment, COLUMNS, ROWS, "--speed max");
        expect(terminal, "learning rate");
        terminal_signal(terminal, signals[i]);
        ck_assert_int_ge(terminal_wait(terminal), 0);
        ck_assert_msg(terminal_restored(terminal), "signal %d left the terminal broken", signals[i]);
        terminal_close(terminal);
    }
}
END_TEST

static void *fault(void *page)
{
    *(volatile char *)page = 1;
    return NULL;
}

/* In a child: what the handlers write goes into the pipe.  The page may not be touched: a fault that no sanitizer takes
 * for one of the language. */
static void fault_beside(int terminal)
{
    void *page = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct termios modes = {0};
    pthread_t thread;
    signals_prepare_screen(terminal, &modes);
    signals_add_sequence("as it was");
    signals_open_screen();
    if (thread_start(&thread, fault, page, NULL) == STATUS_OK)
        pthread_join(thread, NULL);
    _exit(0);
}

START_TEST(a_fault_beside_the_screen_restores_the_terminal)
{
    int ends[2], status;
    char said[64] = "";
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        fault_beside(ends[1]);
    close(ends[1]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
    ck_assert_int_ge(read(ends[0], said, sizeof said - 1), 0);
    ck_assert_str_eq(said, "\x18"
                           "as it was");
    close(ends[0]);
}
END_TEST

/* What an earlier run has left is not written over by one that does not come about. */
START_TEST(a_terminal_that_nobody_knows_costs_no_files)
{
    static const char *const environment[] = {"TERM=nobody-knows", "LC_ALL=C.UTF-8", NULL};
    char *folder = process_folder();
    char *model = process_text(folder, "m.safetensors", "an earlier model"),
         *log = process_text(folder, "m.csv", "an earlier log");
    char arguments[256];
    snprintf(arguments, sizeof arguments, "spiral --save %s --log %s", model, log);
    struct terminal *terminal = start_in(environment, COLUMNS, ROWS, arguments);
    expect(terminal, "unknown terminal type TERM='nobody-knows'");
    ck_assert_int_eq(terminal_wait(terminal), 1);
    terminal_close(terminal);
    char *model_after = process_read(model), *log_after = process_read(log);
    ck_assert_str_eq(model_after, "an earlier model");
    ck_assert_str_eq(log_after, "an earlier log");
    free(model_after);
    free(log_after);
    free(model);
    free(log);
    process_folder_remove(folder);
}
END_TEST

/* A file that is written on command is none that the run has. */
START_TEST(commands_spare_the_files_of_the_run)
{
    static const char *const commands[][2] = {
        {":save %s/t.csv\n", "it would overwrite the data"},   {":save %s/./n.txt\n", "it would overwrite the log"},
        {":export %s/t.csv\n", "it would overwrite the data"}, {":shot %s/j\n", "it would overwrite the journal"},
        {":handout %s/n\n", "it would overwrite the log"},
    };
    char *folder = process_folder(), *iris = process_read("samples/iris.csv"), arguments[256], line[128];
    char *table = process_text(folder, "t.csv", iris);
    snprintf(arguments, sizeof arguments, "%s --paused --log %s/n.txt --journal %s/j", table, folder, folder);
    struct terminal *terminal = start(arguments);
    expect(terminal, "learning rate");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        snprintf(line, sizeof line, commands[i][0], folder);
        terminal_type(terminal, line);
        expect(terminal, commands[i][1]);
        terminal_type(terminal, "\033");
        expect_gone(terminal, commands[i][1]);
    }
    snprintf(line, sizeof line, ":save %s/m\n", folder);
    terminal_type(terminal, line);
    expect(terminal, "Kept as");
    quit(terminal);
    char *after = process_read(table);
    ck_assert_str_eq(after, iris);
    free(after);
    free(table);
    free(iris);
    process_folder_remove(folder);
}
END_TEST

START_TEST(stop_and_continue)
{
    struct terminal *terminal = start("--speed 100");
    expect(terminal, "learning rate");
    terminal_signal(terminal, SIGSTOP);
    terminal_pump(terminal, 200);
    terminal_signal(terminal, SIGCONT);
    terminal_type(terminal, "L");
    expect(terminal, "lr 0.2 → 0.5");
    quit(terminal);
}
END_TEST

/* Ctrl-Z under a shell that knows jobs: the shell has its terminal back while the program is stopped. */
START_TEST(control_z_gives_the_terminal_to_the_shell)
{
    const char *const argv[] = {"/bin/sh", "-c",
                                "set -m; \"$0\" --speed 100; echo is stopped; read line; fg; echo ended with $?",
                                process_program(), NULL};
    struct terminal *terminal = terminal_open(argv, plain_environment, COLUMNS, ROWS);
    ck_assert_ptr_nonnull(terminal);
    expect(terminal, "learning rate");
    terminal_type(terminal, "\x1a");
    expect(terminal, "is stopped");
    ck_assert(terminal_restored(terminal));
    terminal_type(terminal, "\n");
    expect(terminal, "learning rate");
    terminal_type(terminal, "L");
    expect(terminal, "lr 0.2 → 0.5");
    terminal_type(terminal, "qq");
    expect(terminal, "ended with 0");
    ck_assert(terminal_restored(terminal));
    terminal_close(terminal);
}
END_TEST

/* The last row is written on, and the title bar reaches the right edge. */
static bool fills(struct terminal *terminal, int columns, int rows)
{
    return terminal_row(terminal, rows - 1)[0] &&
           terminal_cell(terminal, columns - 1, 0).ground == terminal_cell(terminal, 0, 0).ground;
}

static void expect_layout(struct terminal *terminal, int columns, int rows)
{
    if (columns < 40) {
        expect(terminal, "a little more room");
        return;
    }
    bool full = false;
    for (int i = 0; i < 2000 && !full; i++)
        full = !terminal_pump(terminal, 10) || fills(terminal, columns, rows);
    if (!fills(terminal, columns, rows))
        terminal_print(terminal);
    ck_assert_msg(full, "the layout is not that of %d columns and %d rows", columns, rows);
}

static const struct {
    int columns, rows;
} other_sizes[] = {{30, 8}, {80, 24}, {160, 50}};
enum { OTHER_SIZES = sizeof other_sizes / sizeof *other_sizes };

/* No SIGWINCH reaches a stopped job whose terminal the shell has. */
START_TEST(a_size_changed_under_control_z_is_taken_when_it_continues)
{
    const char *const argv[] = {"/bin/sh", "-c",
                                "set -m; \"$0\" --paused; echo is stopped; read line; fg; echo ended with $?",
                                process_program(), NULL};
    struct terminal *terminal = terminal_open(argv, plain_environment, COLUMNS, ROWS);
    ck_assert_ptr_nonnull(terminal);
    expect(terminal, "learning rate");
    terminal_type(terminal, "\x1a");
    expect(terminal, "is stopped");
    terminal_resize(terminal, other_sizes[_i].columns, other_sizes[_i].rows);
    terminal_type(terminal, "\n");
    expect_layout(terminal, other_sizes[_i].columns, other_sizes[_i].rows);
    terminal_type(terminal, "qq");
    expect(terminal, "ended with 0");
    terminal_close(terminal);
}
END_TEST

START_TEST(a_size_changed_while_it_is_stopped_from_outside_is_taken)
{
    struct terminal *terminal = start("--paused");
    expect(terminal, "learning rate");
    terminal_signal(terminal, SIGSTOP);
    terminal_resize(terminal, other_sizes[_i].columns, other_sizes[_i].rows);
    terminal_signal(terminal, SIGCONT);
    expect_layout(terminal, other_sizes[_i].columns, other_sizes[_i].rows);
    terminal_resize(terminal, COLUMNS, ROWS);
    expect(terminal, "learning rate");
    quit(terminal);
}
END_TEST

/* The program ends by itself when its window is closed, whether or not it hears the signal, and its log is whole. */
START_TEST(a_closed_terminal_ends_it)
{
    char *folder = process_folder();
    char path[128], script[512];
    for (int deaf = 0; deaf < 2; deaf++) {
        snprintf(path, sizeof path, "%s/%d.csv", folder, deaf);
        snprintf(script, sizeof script, "%s exec \"$0\" --speed 1000 --log %s --log-every 1",
                 deaf ? "trap '' HUP;" : "", path);
        const char *const argv[] = {"/bin/sh", "-c", script, process_program(), NULL};
        struct terminal *terminal = terminal_open(argv, plain_environment, COLUMNS, ROWS);
        ck_assert_ptr_nonnull(terminal);
        expect(terminal, "learning rate");
        terminal_pump(terminal, 300);
        terminal_hang_up(terminal);
        ck_assert_msg(terminal_wait(terminal) >= 0, "it runs on without a terminal");
        terminal_close(terminal);
        char *log = process_read(path);
        ck_assert_ptr_nonnull(log);
        ck_assert_int_gt(log_whole_rows(log), 2);
        free(log);
    }
    process_folder_remove(folder);
}
END_TEST

#ifdef __SANITIZE_THREAD__
#define LONG_RUN   "300000"
#define LONG_SHOWN "300,000"
#else
#define LONG_RUN   "3000000"
#define LONG_SHOWN "3,000,000"
#endif

/* A terminal that stops reading must not stop the training: while nothing is read the log goes on to its end. When it
 * reads again the screen is up to date. */
START_TEST(a_terminal_that_does_not_read_does_not_hold_training_up)
{
    char *folder = process_folder();
    char arguments[256], path[128];
    snprintf(path, sizeof path, "%s/run.csv", folder);
    snprintf(arguments, sizeof arguments, "--speed max --steps " LONG_RUN " --log %s --log-every 100000", path);
    struct terminal *terminal = start(arguments);
    bool complete = false;
    for (int i = 0; i < 1200 && !complete; i++) {
        usleep(50000);
        char *log = process_read(path);
        complete = log && strstr(log, "\n" LONG_RUN ",");
        free(log);
    }
    ck_assert_msg(complete, "training waited for the terminal");
    expect(terminal, "step " LONG_SHOWN);
    terminal_type(terminal, "L");
    expect(terminal, "lr 0.2 → 0.5");
    quit(terminal);
    process_folder_remove(folder);
}
END_TEST

/* Without its log the run goes on, and says so at once and at the end. */
static void lose_log(struct terminal *terminal, const char *reason, const char *loss)
{
    expect(terminal, reason);
    terminal_type(terminal, "L");
    expect(terminal, "lr 0.2 → 0.5");
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 1);
    ck_assert(terminal_restored(terminal));
    ck_assert(terminal_shows(terminal, loss));
    terminal_close(terminal);
}

START_TEST(a_full_disk_is_said_and_training_goes_on)
{
    lose_log(start("--speed 1000 --log /dev/full --log-every 1"), "No space left",
             "the log is incomplete, it holds no row");
}
END_TEST

START_TEST(a_log_that_is_removed_is_said_and_training_goes_on)
{
    char *folder = process_folder();
    char arguments[256];
    snprintf(arguments, sizeof arguments, "--speed 1000 --log %s/run.csv --log-every 1", folder);
    struct terminal *terminal = start(arguments);
    expect(terminal, "learning rate");
    process_folder_remove(folder);
    lose_log(terminal, "it was removed", "the log is lost");
}
END_TEST

/* A notice stays in the title whatever else is said, and no command is given that would repeat the run. */
START_TEST(a_journal_that_is_removed_is_said_until_the_end)
{
    char *folder = process_folder(), arguments[256];
    snprintf(arguments, sizeof arguments, "--paused --journal %s/a.journal", folder);
    struct terminal *terminal = start(arguments);
    expect(terminal, "learning rate");
    process_folder_remove(folder);
    terminal_type(terminal, "l");
    expect(terminal, "The run goes on without its journal: it was removed: ");
    terminal_type(terminal, ".");
    expect_gone(terminal, "it was removed");
    expect(terminal, "not written: journal");
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 1);
    expect(terminal, "a.journal: the journal is lost: it was removed");
    for (int row = 0; row < ROWS; row++)
        ck_assert_ptr_null(strstr(terminal_row(terminal, row), "Replay"));
    terminal_close(terminal);
}
END_TEST

START_TEST(a_table_that_is_removed_is_not_needed_any_more)
{
    char *folder = process_folder(), *iris = process_read("samples/iris.csv");
    ck_assert_ptr_nonnull(iris);
    char *path = process_text(folder, "iris.csv", iris);
    struct terminal *terminal = start(path);
    expect(terminal, "learning rate");
    process_folder_remove(folder);
    terminal_type(terminal, "R");
    expect(terminal, "seed 2");
    terminal_type(terminal, "4");
    expect(terminal, "recall");
    quit(terminal);
    free(path);
    free(iris);
}
END_TEST

/* The command that repeats the run is printed without what its words could do to the terminal, and still means the
 * same. */
START_TEST(a_hostile_file_name_is_not_printed_raw)
{
    char *folder = process_folder(), *iris = process_read("samples/iris.csv");
    ck_assert_ptr_nonnull(iris);
    char *path = process_text(folder, "a \033[2J'b\\.csv", iris);
    const char *const argv[] = {process_program(), "--paused", "--", path, NULL};
    struct terminal *terminal = terminal_open(argv, plain_environment, 300, ROWS);
    ck_assert_ptr_nonnull(terminal);
    expect(terminal, "learning rate");
    terminal_type(terminal, "qq");
    ck_assert_int_eq(terminal_wait(terminal), 0);
    char again[1024] = "", command[2048], said[256] = "";
    for (int row = 0; row < ROWS; row++) {
        const char *at = strstr(terminal_row(terminal, row), " -- ");
        if (at)
            snprintf(again, sizeof again, "%s", at + 4);
    }
    ck_assert_ptr_nonnull(strstr(again, "\\0033[2J"));
    snprintf(command, sizeof command, "printf %%s %s", again);
    FILE *shell = popen(command, "r");
    ck_assert_ptr_nonnull(shell);
    ck_assert_ptr_nonnull(fgets(said, sizeof said, shell));
    ck_assert_int_eq(pclose(shell), 0);
    ck_assert_str_eq(said, path);
    terminal_close(terminal);
    free(path);
    free(iris);
    process_folder_remove(folder);
}
END_TEST

START_TEST(a_schedule_that_is_over_is_said_on_the_screen)
{
    struct terminal *terminal = start("--schedule cosine --horizon 20 --speed max");
    expect(terminal, "learning rate is 0: the schedule cosine is over");
    terminal_close(terminal);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("screen and faults");
    TCase *tests = tcase_create("screen and faults");
    tcase_add_test(tests, a_schedule_that_is_over_is_said_on_the_screen);
    tcase_add_test(tests, signals_restore_the_terminal);
    tcase_add_test(tests, a_fault_beside_the_screen_restores_the_terminal);
    tcase_add_test(tests, a_terminal_that_nobody_knows_costs_no_files);
    tcase_add_test(tests, commands_spare_the_files_of_the_run);
    tcase_add_test(tests, stop_and_continue);
    tcase_add_test(tests, control_z_gives_the_terminal_to_the_shell);
    tcase_add_loop_test(tests, a_size_changed_under_control_z_is_taken_when_it_continues, 0, OTHER_SIZES);
    tcase_add_loop_test(tests, a_size_changed_while_it_is_stopped_from_outside_is_taken, 0, OTHER_SIZES);
    tcase_add_test(tests, a_closed_terminal_ends_it);
    tcase_add_test(tests, a_terminal_that_does_not_read_does_not_hold_training_up);
    tcase_add_test(tests, a_full_disk_is_said_and_training_goes_on);
    tcase_add_test(tests, a_log_that_is_removed_is_said_and_training_goes_on);
    tcase_add_test(tests, a_journal_that_is_removed_is_said_until_the_end);
    tcase_add_test(tests, a_table_that_is_removed_is_not_needed_any_more);
    tcase_add_test(tests, a_hostile_file_name_is_not_printed_raw);
    suite_add_tcase(suite, tests);
    return suite;
}
