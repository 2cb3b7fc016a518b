#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/journal_place.h"
#include "suite.h"

static char folder[64];

static void setup(void)
{
    strcpy(folder, "/tmp/downhill-place-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("HOME", "/nonexistent", 1);
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

static char *place(const char *task)
{
    char *path;
    struct error error = {.message = ""};
    ck_assert_msg(journal_place(&path, NULL, task, &error) == STATUS_OK, "%s", error.message);
    return path;
}

/* The name that a task gets, behind the time. */
static void expect_name(const char *task, const char *name)
{
    char *path = place(task);
    const char *slash = strrchr(path, '/');
    ck_assert_msg(strlen(slash) > 19 && strcmp(slash + 19, name) == 0, "%s is called %s", task, slash + 1);
    ck_assert_int_eq(access(path, R_OK | W_OK), 0);
    ck_assert_int_eq(unlink(path), 0);
    mem_free(path);
}

START_TEST(names_are_safe)
{
    expect_name("spiral", "spiral-1.journal");
    expect_name("samples/iris.csv", "iris-1.journal");
    expect_name("/a/b/My \"data\" $(x).tar.csv", "My--data----x--tar-1.journal");
    expect_name("-", "run-1.journal");
    expect_name("..", "run-1.journal");
    expect_name("\xc3\xa9t\xc3\xa9.csv", "--t---1.journal");
    expect_name("a\n.csv", "a--1.journal");
}
END_TEST

START_TEST(two_runs_have_two_files)
{
    char *path[3];
    for (int i = 0; i < 3; i++)
        path[i] = place("spiral");
    ck_assert_str_ne(path[0], path[1]);
    ck_assert_str_ne(path[1], path[2]);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(access(path[i], F_OK), 0);
        mem_free(path[i]);
    }
}
END_TEST

START_TEST(only_this_user_may_look)
{
    struct stat about;
    char inside[96];
    char *path = place("spiral");
    ck_assert_int_eq(stat(path, &about), 0);
    ck_assert_int_eq(about.st_mode & 077, 0);
    snprintf(inside, sizeof inside, "%s/downhill", folder);
    ck_assert_int_eq(stat(inside, &about), 0);
    ck_assert_int_eq(about.st_mode & 0777, 0700);
    mem_free(path);
}
END_TEST

static bool exists(const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s/downhill/%s", folder, name);
    return access(path, F_OK) == 0;
}

static void touch(const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s/downhill/%s", folder, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
}

START_TEST(the_newest_are_kept_and_strangers_left_alone)
{
    static const char *const strangers[] = {"mine.journal", "2001-01-01-000000-a.txt", "2001-01-01-00000x-a-1.journal",
                                            "notes"};
    char name[64];
    mem_free(place("spiral"));
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "2001-01-01-0000%02d-spiral-1.journal", i);
        touch(name);
    }
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        touch(strangers[i]);
    char *path = place("moons");
    ck_assert_int_eq(access(path, F_OK), 0);
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "2001-01-01-0000%02d-spiral-1.journal", i);
        ck_assert_msg(exists(name) == (i >= 62 - JOURNALS_KEPT), "%s", name);
    }
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        ck_assert_msg(exists(strangers[i]), "%s", strangers[i]);
    mem_free(path);
}
END_TEST

START_TEST(the_home_where_nothing_else_is_said)
{
    setenv("HOME", folder, 1);
    setenv("XDG_STATE_HOME", "relative", 1);
    char wanted[96], *path = place("spiral");
    snprintf(wanted, sizeof wanted, "%s/.local/state/downhill/2", folder);
    ck_assert_msg(strncmp(path, wanted, strlen(wanted)) == 0, "%s", path);
    mem_free(path);
    unsetenv("XDG_STATE_HOME");
    unsetenv("HOME");
    ck_assert_ptr_null(place("spiral"));
}
END_TEST

START_TEST(a_home_that_cannot_be_written_says_so)
{
    char *path;
    struct error error = {.message = ""};
    setenv("XDG_STATE_HOME", "/proc/nonexistent", 1);
    ck_assert_int_eq(journal_place(&path, NULL, "spiral", &error), STATUS_FAILED);
    ck_assert_ptr_null(path);
    ck_assert_ptr_nonnull(strstr(error.message, "/proc/nonexistent/downhill: the journal cannot be kept there: "));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("journal place");
    TCase *tcase = tcase_create("place");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, names_are_safe);
    tcase_add_test(tcase, two_runs_have_two_files);
    tcase_add_test(tcase, only_this_user_may_look);
    tcase_add_test(tcase, the_newest_are_kept_and_strangers_left_alone);
    tcase_add_test(tcase, the_home_where_nothing_else_is_said);
    tcase_add_test(tcase, a_home_that_cannot_be_written_says_so);
    suite_add_tcase(suite, tcase);
    return suite;
}
