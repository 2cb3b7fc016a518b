/* Files that grow while the program runs: their lock, and what happens to them from outside. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/growing.h"
#include "suite.h"
#include "support/own_folder.h"

static struct growing *open_file(void)
{
    struct growing *file = NULL;
    struct error error = {.message = ""};
    ck_assert_msg(growing_open(&file, path, "log", &error) == STATUS_OK, "%s", error.message);
    return file;
}

static void refused(const char *name, const char *why)
{
    struct growing *file = NULL;
    struct error error = {.message = ""};
    ck_assert_int_eq(growing_open(&file, name, "log", &error), STATUS_FAILED);
    ck_assert_msg(strstr(error.message, why) != NULL, "%s", error.message);
    ck_assert_msg(strncmp(error.message, name, strlen(name)) == 0, "%s", error.message);
    ck_assert_ptr_null(file);
}

static off_t size_now(void)
{
    struct stat about;
    ck_assert_int_eq(stat(path, &about), 0);
    return about.st_size;
}

START_TEST(growing_writes_and_empties)
{
    for (int i = 0; i < 2; i++) {
        struct growing *file = open_file();
        ck_assert_int_eq(size_now(), 0);
        ck_assert(growing_write(file, "one\n", 4));
        ck_assert(growing_write(file, "two\n", 4));
        ck_assert_int_eq(size_now(), 8);
        ck_assert_uint_eq(growing_size(file), 8);
        growing_close(file);
        ck_assert_ptr_null(growing_fault(file));
        ck_assert(!growing_moved(file));
        growing_free(file);
    }
}
END_TEST

/* By any name; and it is not emptied. */
START_TEST(growing_refuses_a_file_that_is_written)
{
    char link_name[80], soft[80];
    struct growing *file = open_file();
    ck_assert(growing_write(file, "one\n", 4));
    snprintf(link_name, sizeof link_name, "%s/hard", folder);
    snprintf(soft, sizeof soft, "%s/soft", folder);
    ck_assert_int_eq(link(path, link_name), 0);
    ck_assert_int_eq(symlink(path, soft), 0);
    refused(path, "another run is writing this file");
    refused(link_name, "another run is writing this file");
    refused(soft, "another run is writing this file");
    ck_assert(growing_is_taken(soft));
    ck_assert_int_eq(growing_check(link_name, "log", NULL), STATUS_FAILED);
    ck_assert_int_eq(size_now(), 4);
    unlink(link_name);
    unlink(soft);
    ck_assert(growing_write(file, "two\n", 4));
    growing_free(file);
    ck_assert(!growing_is_taken(path));
    growing_free(open_file());
}
END_TEST

START_TEST(growing_refuses_what_cannot_be_written)
{
    refused("/nowhere/at/all", "No such file");
    refused("/tmp", "directory");
    ck_assert(!growing_is_taken("/nowhere/at/all"));
    ck_assert(!growing_is_taken("-"));
}
END_TEST

/* A program that this one starts, and that outlives it, must not keep the file from others. */
START_TEST(growing_leaves_no_lock_to_a_child)
{
    struct growing *file = open_file();
    const pid_t child = fork();
    if (child == 0) {
        execlp("sleep", "sleep", "1000", (char *)NULL);
        _exit(127);
    }
    /* Between fork and exec the child has the lock, too. */
    growing_free(file);
    while (growing_is_taken(path))
        usleep(1000);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

static void limit_files(rlim_t size)
{
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = size, .rlim_max = RLIM_INFINITY});
}

/* Of a line that does not fit a part is written; nothing follows it. */
START_TEST(growing_stops_at_a_full_disk)
{
    struct growing *file = open_file();
    ck_assert(growing_write(file, "one\n", 4));
    limit_files(6);
    const bool written = growing_write(file, "two\n", 4);
    limit_files(RLIM_INFINITY);
    ck_assert(!written);
    ck_assert_uint_eq(growing_size(file), 6);
    ck_assert(!growing_write(file, "three\n", 6));
    ck_assert_int_eq(size_now(), 6);
    ck_assert_str_eq(growing_fault(file), "File too large");
    ck_assert(growing_keeps_begin(file));
    growing_free(file);
}
END_TEST

START_TEST(growing_says_that_a_device_is_full)
{
    struct growing *file;
    if (growing_open(&file, "/dev/full", "log", NULL) != STATUS_OK)
        return; /* a system without such a device */
    ck_assert(!growing_write(file, "one\n", 4));
    ck_assert_str_eq(growing_fault(file), "No space left on device");
    growing_free(file);
}
END_TEST

static void lost(struct growing *file, const char *why)
{
    ck_assert(!growing_write(file, "two\n", 4));
    ck_assert_str_eq(growing_fault(file), why);
    ck_assert(!growing_keeps_begin(file));
    growing_close(file);
    ck_assert_str_eq(growing_fault(file), why);
    growing_free(file);
}

START_TEST(growing_notices_what_happens_from_outside)
{
    char other[80];
    snprintf(other, sizeof other, "%s/other", folder);
    struct growing *file = open_file();
    ck_assert_int_eq(unlink(path), 0);
    lost(file, "it was removed");

    file = open_file();
    ck_assert(growing_write(file, "one\n", 4));
    ck_assert_int_eq(truncate(path, 1), 0);
    lost(file, "it was changed from outside");

    file = open_file();
    FILE *writer = fopen(path, "a");
    ck_assert_ptr_nonnull(writer);
    fputs("mine\n", writer);
    fclose(writer);
    lost(file, "it was changed from outside");

    file = open_file();
    writer = fopen(other, "w");
    ck_assert_ptr_nonnull(writer);
    fclose(writer);
    ck_assert_int_eq(rename(other, path), 0);
    lost(file, "another file was put in its place");

    file = open_file();
    ck_assert_int_eq(rename(path, other), 0);
    ck_assert(growing_write(file, "one\n", 4));
    ck_assert(growing_moved(file));
    ck_assert_int_eq(rename(other, path), 0);
    growing_close(file);
    ck_assert(!growing_moved(file));
    growing_free(file);
}
END_TEST

/* A pipe has no lock of a run; looking for one would wait for the pipe's other end. */
START_TEST(growing_takes_no_pipe_for_a_file_that_is_written)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    const int end = open(path, O_RDWR);
    ck_assert_int_ge(end, 0);
    ck_assert_int_eq(flock(end, LOCK_EX), 0);
    ck_assert(!growing_is_taken(path));
    close(end);
}
END_TEST

/* Unless the run is to end, a write waits for its reader longer than it would then. */
START_TEST(growing_waits_for_a_slow_reader)
{
    static char text[200000], part[4096];
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    const int end = open(path, O_RDONLY | O_NONBLOCK);
    ck_assert_int_ge(end, 0);
    struct growing *file = open_file();
    const pid_t reader = fork();
    ck_assert_int_ge(reader, 0);
    if (reader == 0) {
        size_t left = sizeof text;
        growing_free(file);
        fcntl(end, F_SETFL, 0);
        usleep(2500000);
        for (ssize_t got; left > 0 && (got = read(end, part, sizeof part)) > 0;)
            left -= (size_t)got;
        _exit(left > 0);
    }
    const bool written = growing_write(file, text, sizeof text);
    growing_close(file);
    growing_free(file);
    int status;
    ck_assert_int_eq(waitpid(reader, &status, 0), reader);
    ck_assert_int_eq(status, 0);
    ck_assert(written);
    close(end);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("growing");
    TCase *tests = tcase_create("growing");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, growing_writes_and_empties);
    tcase_add_test(tests, growing_refuses_a_file_that_is_written);
    tcase_add_test(tests, growing_refuses_what_cannot_be_written);
    tcase_add_test(tests, growing_leaves_no_lock_to_a_child);
    tcase_add_test(tests, growing_stops_at_a_full_disk);
    tcase_add_test(tests, growing_says_that_a_device_is_full);
    tcase_add_test(tests, growing_takes_no_pipe_for_a_file_that_is_written);
    tcase_add_test(tests, growing_waits_for_a_slow_reader);
    tcase_add_test(tests, growing_notices_what_happens_from_outside);
    suite_add_tcase(suite, tests);
    return suite;
}
