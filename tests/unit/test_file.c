#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "suite.h"

static char before[1024];

/* In a folder of its own: a file, a folder, links to both and to what is not there. */
static void make_files(void)
{
    char folder[] = "/tmp/downhill-file-XXXXXX";
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_int_eq(chdir(folder), 0);
    FILE *file = fopen("there", "w");
    ck_assert_ptr_nonnull(file);
    fclose(file);
    ck_assert_int_eq(mkdir("in", 0777), 0);
    ck_assert_int_eq(symlink("there", "to-there"), 0);
    ck_assert_int_eq(symlink("in/new", "to-new"), 0);
    ck_assert_int_eq(symlink("../to-new", "in/again"), 0);
    ck_assert_int_eq(symlink("round", "round"), 0);
}

static void remove_files(void)
{
    static const char *const names[] = {"there", "to-there", "to-new", "in/again", "round"};
    char folder[1024];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_int_eq(unlink(names[i]), 0);
    ck_assert_int_eq(rmdir("in"), 0);
    ck_assert_ptr_nonnull(getcwd(folder, sizeof folder));
    ck_assert_int_eq(chdir(before), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(one_file_has_many_names)
{
    static const struct {
        const char *path, *other;
        bool same;
    } table[] = {
        {"there", "there", true},
        {"there", "./there", true},
        {"in/../there", "to-there", true},
        {"there", "in", false},
        {"in", "in", false},
        {"in/new", "in/./new", true},
        {"to-new", "in/new", true},
        {"in/again", "to-new", true},
        {"new", "in/new", false},
        {"in/new", "in/newer", false},
        {"there", "new", false},
        {"no/new", "no/new", false},
        {"/dev/null", "/dev/null", false},
        {"-", "-", false},
        {NULL, "there", false},
        {"there", NULL, false},
        {"round", "new", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ck_assert_msg(file_same(table[i].path, table[i].other) == table[i].same, "%s and %s", table[i].path,
                      table[i].other);
        ck_assert_int_eq(file_same(table[i].other, table[i].path), table[i].same);
    }
}
END_TEST

START_TEST(a_link_is_followed_to_its_end)
{
    char goal[32];
    ck_assert_int_eq(file_goal("in/again", goal, sizeof goal), 0);
    ck_assert_str_eq(goal, "in/../in/new");
    ck_assert_int_eq(file_goal("new", goal, sizeof goal), 0);
    ck_assert_str_eq(goal, "new");
    ck_assert_int_eq(file_goal("in/again", goal, strlen("in/../in/new")), ENAMETOOLONG);
    ck_assert_int_eq(file_goal("round", goal, sizeof goal), ELOOP);
}
END_TEST

START_TEST(whether_a_file_could_be_written_is_known_without_touching_it)
{
    ck_assert_int_eq(file_may_write("there"), 0);
    ck_assert_int_eq(file_may_write("to-new"), 0);
    ck_assert_int_ne(access("in/new", F_OK), 0);
    ck_assert_int_eq(file_may_write("/dev/null"), 0);
    ck_assert_int_eq(file_may_write("in"), EISDIR);
    ck_assert_int_eq(file_may_write("no/new"), ENOENT);
    ck_assert_int_eq(file_may_write("there/new"), ENOTDIR);
    ck_assert_int_eq(file_may_write("round"), ELOOP);
    ck_assert_int_eq(chmod("in", 0555), 0);
    if (access("in", W_OK) != 0) /* the superuser writes where he likes */
        ck_assert_int_eq(file_may_write("to-new"), EACCES);
    ck_assert_int_eq(chmod("in", 0755), 0);
}
END_TEST

START_TEST(an_ending_has_any_case_and_something_before_it)
{
    ck_assert(file_ends("a.csv", ".csv") && file_ends("A.CSV", ".csv") && file_ends("b/c.Jsonl", ".jsonl"));
    ck_assert(!file_ends(".csv", ".csv") && !file_ends("a.csv.gz", ".csv") && !file_ends("csv", ".csv"));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("file");
    TCase *tests = tcase_create("file");
    tcase_add_checked_fixture(tests, make_files, remove_files);
    tcase_add_test(tests, one_file_has_many_names);
    tcase_add_test(tests, a_link_is_followed_to_its_end);
    tcase_add_test(tests, whether_a_file_could_be_written_is_known_without_touching_it);
    tcase_add_test(tests, an_ending_has_any_case_and_something_before_it);
    suite_add_tcase(suite, tests);
    return suite;
}
