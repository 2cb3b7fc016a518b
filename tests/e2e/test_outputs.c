/* Outputs that are lost on the way, and two programs that write one file: what is said, the exit status, and what is
 * left in the files. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/process.h"
#include "support/refused.h"
#include "unit/suite.h"

/* A run that has begun and does not end: it waits for somebody who reads its log on a pipe. */
struct held {
    char *folder, pipe[128], journal[128], said[128];
    pid_t process;
    int log;
};

static struct held hold(void)
{
    struct held held = {.folder = process_folder()};
    snprintf(held.pipe, sizeof held.pipe, "%s/pipe", held.folder);
    snprintf(held.journal, sizeof held.journal, "%s/a.journal", held.folder);
    snprintf(held.said, sizeof held.said, "%s/said", held.folder);
    ck_assert_int_eq(mkfifo(held.pipe, 0600), 0);
    held.process = fork();
    if (held.process == 0) {
        if (!freopen("/dev/null", "w", stdout) || !freopen(held.said, "w", stderr))
            _exit(126);
        execl(process_program(), "downhill", "spiral", "--headless", "--steps", "20000", "--log-every", "1", "--log",
              held.pipe, "--journal", held.journal, (char *)NULL);
        _exit(127);
    }
    char first;
    held.log = open(held.pipe, O_RDONLY);
    ck_assert_int_eq(read(held.log, &first, 1), 1); /* it has begun */
    return held;
}

/* Reads the rest of the log; the exit status of the run. */
static int let_go(struct held *held, char **said)
{
    char rest[4096];
    int status;
    while (read(held->log, rest, sizeof rest) > 0)
        continue;
    close(held->log);
    ck_assert_int_eq(waitpid(held->process, &status, 0), held->process);
    *said = process_read(held->said);
    process_folder_remove(held->folder);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

START_TEST(a_second_run_does_not_write_into_the_journal_of_the_first)
{
    static const char *const second[] = {"--journal %s", "--journal %s --log %s.csv", "--journal none --log %s",
                                         "--journal %s.new --log %s", "--journal none --save %s"};
    struct held held = hold();
    char *said, link_name[160], kept[160];
    snprintf(link_name, sizeof link_name, "%s/link", held.folder);
    ck_assert_int_eq(link(held.journal, link_name), 0);
    snprintf(kept, sizeof kept, "%s.new", held.journal);
    free(process_text(held.folder, "a.journal.new", "an earlier one"));
    for (size_t i = 0; i < sizeof second / sizeof *second; i++) {
        char arguments[600] = "spiral --headless --steps 10 ", *end = arguments + strlen(arguments);
        snprintf(end, sizeof arguments - strlen(arguments), second[i], held.journal, held.journal);
        refuse(arguments, 1, "a.journal: another run is writing this file");
    }
    char arguments[300];
    snprintf(arguments, sizeof arguments, "spiral --headless --steps 10 --journal %s", link_name);
    refuse(arguments, 1, "/link: another run is writing this file");
    char *earlier = process_read(kept);
    ck_assert_str_eq(earlier, "an earlier one");
    free(earlier);
    unlink(link_name);
    ck_assert_int_eq(let_go(&held, &said), 0);
    ck_assert_str_eq(said, "");
    free(said);
}
END_TEST

START_TEST(a_replay_of_a_journal_that_is_written_says_so)
{
    struct held held = hold();
    char arguments[300], *said;
    snprintf(arguments, sizeof arguments, "replay %s --headless --journal none", held.journal);
    struct outcome replay = process_run(arguments, NULL);
    ck_assert_msg(replay.status == 0, "%s", replay.err);
    ck_assert_msg(strstr(replay.err, "is still being written") != NULL, "%s", replay.err);
    outcome_free(&replay);
    ck_assert_int_eq(let_go(&held, &said), 0);
    free(said);
}
END_TEST

START_TEST(a_journal_that_is_removed_on_the_way_fails_the_run)
{
    struct held held = hold();
    char *said;
    ck_assert_int_eq(unlink(held.journal), 0);
    ck_assert_int_eq(let_go(&held, &said), 1);
    ck_assert_msg(strstr(said, "a.journal: the journal is lost: it was removed") != NULL, "%s", said);
    free(said);
}
END_TEST

START_TEST(a_journal_that_is_cut_on_the_way_fails_the_run)
{
    struct held held = hold();
    char *said;
    ck_assert_int_eq(truncate(held.journal, 0), 0);
    ck_assert_int_eq(let_go(&held, &said), 1);
    ck_assert_msg(strstr(said, "a.journal: the journal is lost: it was changed from outside") != NULL, "%s", said);
    free(said);
}
END_TEST

static struct outcome run_with_little_room(const char *arguments, rlim_t room)
{
    struct rlimit before, little;
    getrlimit(RLIMIT_FSIZE, &before);
    little = before;
    little.rlim_cur = room;
    setrlimit(RLIMIT_FSIZE, &little);
    struct outcome run = process_run(arguments, NULL);
    setrlimit(RLIMIT_FSIZE, &before);
    return run;
}

/* Bytes of the journal that the run writes, but for its last two lines. */
static rlim_t room_for_most(const char *folder, const char *arguments)
{
    char path[128];
    struct stat whole;
    struct outcome run = process_run(arguments, NULL);
    ck_assert_msg(run.status == 0, "%s", run.err);
    outcome_free(&run);
    snprintf(path, sizeof path, "%s/a.journal", folder);
    ck_assert_int_eq(stat(path, &whole), 0);
    return (rlim_t)whole.st_size - 60;
}

/* The journal in its usual place is a service: it is said, the run is as good. */
START_TEST(an_output_that_finds_no_room_fails_the_run_if_it_was_named)
{
    char *folder = process_folder(), arguments[400];
    snprintf(arguments, sizeof arguments, "spiral --headless --steps 3000 --journal %s/a.journal", folder);
    const rlim_t room = room_for_most(folder, arguments);
    struct outcome run = run_with_little_room(arguments, room);
    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(strstr(run.err, "a.journal: the journal is incomplete, it ends at step ") != NULL, "%s", run.err);
    ck_assert_msg(strstr(run.err, ": File too large\n") != NULL, "%s", run.err);
    outcome_free(&run);

    snprintf(arguments, sizeof arguments, "replay %s/a.journal --headless --journal none", folder);
    run = process_run(arguments, NULL);
    ck_assert_msg(run.status == 0, "%s", run.err);
    outcome_free(&run);

    setenv("XDG_STATE_HOME", folder, 1);
    run = run_with_little_room("spiral --headless --steps 3000", room);
    unsetenv("XDG_STATE_HOME");
    ck_assert_int_eq(run.status, 0);
    ck_assert_msg(strstr(run.err, ": the journal is incomplete, it ends at step ") != NULL, "%s", run.err);
    outcome_free(&run);

    snprintf(arguments, sizeof arguments, "spiral --headless --steps 3000 --journal none --log %s/l.csv", folder);
    run = run_with_little_room(arguments, 4096);
    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(strstr(run.err, "l.csv: the log is incomplete, it ends at step ") != NULL, "%s", run.err);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

/* Each of them is said, not only the first. */
START_TEST(all_losses_are_said)
{
    char *folder = process_folder(), arguments[400];
    snprintf(arguments, sizeof arguments,
             "spiral --headless --steps 1000 --log-every 1 --hidden 64,64 --journal %s/a.journal --log %s/l.csv --save "
             "%s/m.st",
             folder, folder, folder);
    struct outcome run = run_with_little_room(arguments, room_for_most(folder, arguments));
    ck_assert_int_eq(run.status, 1);
    ck_assert_msg(strstr(run.err, "a.journal: the journal is incomplete") != NULL, "%s", run.err);
    ck_assert_msg(strstr(run.err, "l.csv: the log is incomplete") != NULL, "%s", run.err);
    ck_assert_msg(strstr(run.err, "m.st: cannot be written") != NULL, "%s", run.err);
    outcome_free(&run);
    process_folder_remove(folder);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("outputs");
    TCase *tests = tcase_create("outputs");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_second_run_does_not_write_into_the_journal_of_the_first);
    tcase_add_test(tests, a_replay_of_a_journal_that_is_written_says_so);
    tcase_add_test(tests, a_journal_that_is_removed_on_the_way_fails_the_run);
    tcase_add_test(tests, a_journal_that_is_cut_on_the_way_fails_the_run);
    tcase_add_test(tests, an_output_that_finds_no_room_fails_the_run_if_it_was_named);
    tcase_add_test(tests, all_losses_are_said);
    suite_add_tcase(suite, tests);
    return suite;
}
