/* Signals that end a run, on the screen and without one: what was to be saved is saved, however often they come and
 * whether or not the terminal takes what is written to it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signals.h"
#include "support/kills.h"
#include "unit/suite.h"

#define GRACE_MS 2000

static const int ends[] = {SIGHUP, SIGTERM, SIGINT};
enum { ENDS = sizeof ends / sizeof *ends };

static void check_saved(const struct kill_place *place)
{
    ck_assert_msg(access(place->checkpoint, F_OK) == 0, "no checkpoint was saved");
    check_whole(place);
}

/* A model whose checkpoint takes a moment to write. */
static void words_of(const struct kill_place *place, const char *more, char *out, size_t size)
{
    snprintf(out, size, "spiral --hidden 600,600 --save %s --journal %s %s", place->checkpoint, place->journal, more);
}

/* The same signal again and again, as a shell and timeout(1) send it; true when that took well under the time in which
 * further ones are ignored. */
static bool send_often(pid_t process, int number)
{
    const uint64_t start = clock_now();
    for (int i = 0; i < 8; i++) {
        kill(process, number);
        usleep(5000);
    }
    return clock_now() - start < GRACE_MS / 2 * 1000000u;
}

START_TEST(signals_that_come_twice_leave_a_checkpoint_of_a_screen)
{
    for (bool prompt = false; !prompt;) {
        struct kill_place place = kill_place_make();
        char words[256];
        words_of(&place, "", words, sizeof words);
        struct terminal *terminal = start(words);
        expect(terminal, "learning rate");
        prompt = send_often(terminal_pid(terminal), ends[_i]);
        const int status = terminal_wait(terminal);
        if (prompt) {
            ck_assert_int_eq(status, 0);
            ck_assert(terminal_restored(terminal));
            check_saved(&place);
        }
        terminal_close(terminal);
        process_folder_remove(place.folder);
    }
}
END_TEST

/* Its log goes to `output`; -1: nowhere. */
static pid_t start_headless(const struct kill_place *place, int output)
{
    const pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        for (int i = 0; i < ENDS; i++)
            signal(ends[i], SIG_DFL);
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        if (output >= 0)
            dup2(output, STDOUT_FILENO);
        execl(process_program(), "downhill", "spiral", "--hidden", output >= 0 ? "8" : "600,600", "--headless",
              "--steps", "100000000", "--save", place->checkpoint, "--journal", place->journal, "--log-every", "1",
              "--log", output >= 0 ? "-" : "/dev/null", (char *)NULL);
        _exit(127);
    }
    setpgid(child, child);
    await_journal(place);
    usleep(300000); /* a run that was ended while it was opened has nothing to save */
    return child;
}

START_TEST(signals_that_come_twice_leave_a_checkpoint_without_a_screen)
{
    for (bool prompt = false; !prompt;) {
        struct kill_place place = kill_place_make();
        const pid_t child = start_headless(&place, -1);
        int status;
        prompt = send_often(child, ends[_i]);
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        if (prompt) {
            ck_assert_msg(WIFEXITED(status), "signal %d ended it at once", WTERMSIG(status));
            ck_assert_int_eq(WEXITSTATUS(status), 1);
            check_saved(&place);
        }
        process_folder_remove(place.folder);
    }
}
END_TEST

/* timeout(1): the process, its group, and lest it is stopped, a continuation. */
START_TEST(a_signal_to_process_and_group_leaves_a_checkpoint)
{
    struct kill_place place = kill_place_make();
    const pid_t child = start_headless(&place, -1);
    int status;
    kill(child, SIGTERM);
    kill(-child, SIGTERM);
    kill(child, SIGCONT);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    check_saved(&place);
    process_folder_remove(place.folder);
}
END_TEST

/* A log whose reader has stopped: what it does not take is lost, and only that. */
START_TEST(a_log_that_is_not_read_does_not_cost_the_checkpoint)
{
    struct kill_place place = kill_place_make();
    int ways[2], status = -1;
    ck_assert_int_eq(pipe(ways), 0);
    const pid_t child = start_headless(&place, ways[1]);
    usleep(1000000); /* until the pipe and the rows behind it are full */
    kill(child, ends[_i]);
    pid_t gone = 0;
    for (int i = 0; i < 600 && gone == 0; i++) {
        usleep(50000);
        gone = waitpid(child, &status, WNOHANG);
    }
    if (gone == 0)
        kill(child, SIGKILL);
    ck_assert_msg(gone == child, "it waits for the reader of its log for ever");
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 1);
    check_saved(&place);
    close(ways[0]);
    close(ways[1]);
    process_folder_remove(place.folder);
}
END_TEST

static bool appears(const char *path)
{
    for (int i = 0; i < 2000 && access(path, F_OK) != 0; i++)
        usleep(10000);
    return access(path, F_OK) == 0;
}

/* A shell passes SIGHUP on to its jobs, which the terminal has sent them already. */
START_TEST(a_closed_window_leaves_a_checkpoint)
{
    const char *const argv[] = {"/bin/bash", "--norc", "--noprofile", "-i", NULL};
    if (access(argv[0], X_OK) != 0)
        return;
    struct kill_place place = kill_place_make();
    char words[256], line[400];
    words_of(&place, "", words, sizeof words);
    snprintf(line, sizeof line, "%s %s\n", process_program(), words);
    struct terminal *terminal = terminal_open(argv, plain_environment, COLUMNS, ROWS);
    ck_assert_ptr_nonnull(terminal);
    terminal_type(terminal, line);
    expect(terminal, "learning rate");
    terminal_hang_up(terminal);
    ck_assert_int_ge(terminal_wait(terminal), 0);
    ck_assert_msg(appears(place.checkpoint), "no checkpoint was saved");
    check_saved(&place);
    terminal_close(terminal);
    process_folder_remove(place.folder);
}
END_TEST

/* ---- a terminal that takes nothing ---- */

/* ThreadSanitizer holds a signal back until a call that waits is over. */
#ifndef __SANITIZE_THREAD__
static void check_ends_unread(struct terminal *terminal, int number, const struct kill_place *place)
{
    terminal_signal(terminal, number);
    bool gone = false;
    for (int i = 0; i < 600 && !gone; i++) {
        usleep(50000);
        gone = terminal_gone(terminal);
    }
    ck_assert_msg(gone, "it waits for the terminal for ever");
    check_saved(place);
}

/* Nobody reads the other end: one signal is enough, and all is saved. */
START_TEST(a_screen_that_is_not_read_ends_and_saves)
{
    struct kill_place place = kill_place_make();
    char words[256];
    snprintf(words, sizeof words, "spiral --speed max --save %s --journal %s", place.checkpoint, place.journal);
    struct terminal *terminal = start(words);
    await_journal(&place);
    usleep(1500000); /* until what the terminal holds is full */
    check_ends_unread(terminal, ends[_i], &place);
    terminal_close(terminal);
    process_folder_remove(place.folder);
}
END_TEST

/* Ctrl-S, where progress and messages go to the terminal, or the log and messages. */
START_TEST(a_stopped_terminal_does_not_keep_a_run_without_a_screen)
{
    struct kill_place place = kill_place_make();
    char words[256];
    words_of(&place, _i % 2 ? "--headless --steps 100000000 --log - --log-every 1" : "--headless --steps 100000000",
             words, sizeof words);
    struct terminal *terminal = start(words);
    expect(terminal, _i % 2 ? "train," : "train loss");
    terminal_type(terminal, "\x13");
    usleep(1000000);
    check_ends_unread(terminal, ends[_i / 2], &place);
    terminal_close(terminal);
    process_folder_remove(place.folder);
}
END_TEST
#endif

/* ---- the rule by itself ---- */

/* In a child: ends by the last signal, or with the number of the first thing that is not so. */
static void send_by_the_rule(void)
{
    signals_catch();
    raise(SIGTERM);
    raise(SIGHUP);
    raise(SIGTERM);
    if (!signals_ending() || signals_next() != SIGNAL_END || signals_next() != SIGNAL_NONE)
        _exit(1);
    for (const uint64_t start = clock_now(); clock_now() - start < (GRACE_MS + 100) * 1000000ull;)
        usleep(50000);
    signals_protect();
    signals_protect();
    signals_unprotect();
    raise(SIGINT);
    signals_unprotect();
    const ssize_t written = write(STDOUT_FILENO, "still here", 10);
    (void)written;
    raise(SIGINT);
    _exit(2);
}

START_TEST(a_further_signal_counts_after_two_seconds_unless_something_is_saved)
{
    int ways[2], status;
    char said[32] = "";
    ck_assert_int_eq(pipe(ways), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        for (int i = 0; i < ENDS; i++)
            signal(ends[i], SIG_DFL);
        dup2(ways[1], STDOUT_FILENO);
        send_by_the_rule();
    }
    close(ways[1]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_ge(read(ways[0], said, sizeof said - 1), 0);
    close(ways[0]);
    ck_assert_str_eq(said, "still here");
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGINT);
}
END_TEST

/* nohup stays in force. */
START_TEST(an_ignored_signal_stays_ignored)
{
    const pid_t child = fork();
    int status;
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        signal(SIGHUP, SIG_IGN);
        signals_catch();
        raise(SIGHUP);
        _exit(signals_ending() ? 1 : 0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

/* Runs in a process of its own, which must end with status 0. */
static void check_apart(int (*part)(void))
{
    int status;
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(part());
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), 0);
}

/* Standard output is a full pipe when the run is to end, and for some seconds more. */
static int keep_a_full_pipe(void)
{
    int ends_of_pipe[2];
    struct stat about;
    if (pipe(ends_of_pipe) != 0 || dup2(ends_of_pipe[1], STDOUT_FILENO) < 0)
        return 2;
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    while (write(STDOUT_FILENO, "x", 1) == 1) {
    }
    signals_catch();
    raise(SIGINT);
    for (const uint64_t start = clock_now(); clock_now() - start < 3000000000u;)
        usleep(100000);
    return fstat(STDOUT_FILENO, &about) == 0 && S_ISFIFO(about.st_mode) ? 0 : 1;
}

/* Only a terminal that takes nothing is given up: what reads a pipe gets all of it, however late. */
START_TEST(a_slow_reader_of_results_gets_all_of_them)
{
    check_apart(keep_a_full_pipe);
}
END_TEST

static int stop_and_continue(void)
{
    signals_catch();
    signals_open_screen();
    raise(SIGTSTP);
    raise(SIGCONT);
    return signals_next() == SIGNAL_CONTINUE && signals_next() == SIGNAL_NONE ? 0 : 1;
}

/* Both may have come before they are looked at: then the stop is over. */
START_TEST(a_stop_that_is_over_does_not_stop)
{
    check_apart(stop_and_continue);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("signals");
    TCase *tests = tcase_create("signals");
    tcase_add_loop_test(tests, signals_that_come_twice_leave_a_checkpoint_of_a_screen, 0, ENDS);
    tcase_add_loop_test(tests, signals_that_come_twice_leave_a_checkpoint_without_a_screen, 0, ENDS);
    tcase_add_test(tests, a_signal_to_process_and_group_leaves_a_checkpoint);
    tcase_add_loop_test(tests, a_log_that_is_not_read_does_not_cost_the_checkpoint, 0, ENDS);
    tcase_add_test(tests, a_closed_window_leaves_a_checkpoint);
#ifndef __SANITIZE_THREAD__
    tcase_add_loop_test(tests, a_screen_that_is_not_read_ends_and_saves, 0, ENDS);
    tcase_add_loop_test(tests, a_stopped_terminal_does_not_keep_a_run_without_a_screen, 0, 2 * ENDS);
#endif
    tcase_add_test(tests, a_further_signal_counts_after_two_seconds_unless_something_is_saved);
    tcase_add_test(tests, an_ignored_signal_stays_ignored);
    tcase_add_test(tests, a_slow_reader_of_results_gets_all_of_them);
    tcase_add_test(tests, a_stop_that_is_over_does_not_stop);
    suite_add_tcase(suite, tests);
    return suite;
}
