#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/outfile.h"
#include "suite.h"

static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/downhill-outfile-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static const char *in_folder(const char *name)
{
    static char path[2][128];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static int files(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void remove_folder(void)
{
    static const char *const names[] = {"a", "b", "link"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
    ck_assert_int_eq(rmdir(folder), 0);
}

static void write_text(const char *path, const char *text, bool keep)
{
    struct outfile *file;
    struct error error;
    ck_assert_int_eq(outfile_open(&file, path, &error), STATUS_OK);
    fputs(text, outfile_stream(file));
    ck_assert_int_eq(outfile_close(file, keep, &error), STATUS_OK);
}

static const char *read_text(const char *path)
{
    static char text[64];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

START_TEST(the_old_file_stays_until_the_new_one_is_whole)
{
    make_folder();
    const char *path = in_folder("a");
    write_text(path, "old", true);
    ck_assert_int_eq(chmod(path, 0640), 0);
    struct outfile *file;
    ck_assert_int_eq(outfile_open(&file, path, NULL), STATUS_OK);
    fputs("new", outfile_stream(file));
    fflush(outfile_stream(file));
    ck_assert_str_eq(read_text(path), "old");
    ck_assert_int_eq(outfile_close(file, true, NULL), STATUS_OK);
    ck_assert_str_eq(read_text(path), "new");
    struct stat about;
    stat(path, &about);
    ck_assert_int_eq(about.st_mode & 0777, 0640);
    write_text(path, "thrown away", false);
    ck_assert_str_eq(read_text(path), "new");
    ck_assert_int_eq(files(), 1);
    ck_assert_int_eq(symlink("a", in_folder("link")), 0);
    write_text(in_folder("link"), "through", true);
    ck_assert_str_eq(read_text(in_folder("a")), "through");
    ck_assert_int_eq(files(), 2);
    remove_folder();
}
END_TEST

/* The disk had no room for a while: what was lost then is missing in the file, whatever went well afterwards. */
START_TEST(a_write_that_failed_for_a_while_fails_the_file)
{
    struct outfile *file;
    struct error error = {.message = ""};
    make_folder();
    const char *path = in_folder("b");
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(outfile_open(&file, path, &error), STATUS_OK);
    setvbuf(outfile_stream(file), NULL, _IONBF, 0);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 4, .rlim_max = RLIM_INFINITY}), 0);
    fputs("more than four bytes", outfile_stream(file));
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}), 0);
    fputs(" and the rest", outfile_stream(file));
    ck_assert_int_eq(outfile_close(file, true, &error), STATUS_FAILED);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(files(), 0);
    remove_folder();
}
END_TEST

START_TEST(a_link_to_nothing_yet_is_followed_to_where_it_leads)
{
    make_folder();
    ck_assert_int_eq(symlink("b", in_folder("link")), 0);
    ck_assert_int_eq(symlink(in_folder("a"), in_folder("b")), 0);
    write_text(in_folder("link"), "through two", true);
    ck_assert_str_eq(read_text(in_folder("a")), "through two");
    struct stat about;
    ck_assert_int_eq(lstat(in_folder("link"), &about), 0);
    ck_assert(S_ISLNK(about.st_mode));
    ck_assert_int_eq(files(), 3);
    ck_assert_int_eq(unlink(in_folder("b")), 0);
    ck_assert_int_eq(symlink("link", in_folder("b")), 0);
    struct outfile *file;
    struct error error;
    ck_assert_int_eq(outfile_open(&file, in_folder("link"), &error), STATUS_FAILED);
    remove_folder();
}
END_TEST

START_TEST(where_it_cannot_be_written_the_reason_is_said)
{
    make_folder();
    struct outfile *file;
    struct error error;
    ck_assert_int_eq(outfile_open(&file, folder, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "Is a directory"));
    ck_assert_int_eq(outfile_open(&file, in_folder("none/a"), &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "No such file or directory"));
    ck_assert_int_eq(outfile_open(&file, "/dev/full", &error), STATUS_OK);
    for (int i = 0; i < 10000; i++)
        fputs("more than a buffer holds ", outfile_stream(file));
    ck_assert_int_eq(outfile_close(file, true, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "/dev/full: cannot be written: No space left"));
    remove_folder();
}
END_TEST

/* Begins to write the file in a process of its own, which then waits to be killed. */
static pid_t begin_in_child(const char *path)
{
    int told[2];
    char byte;
    ck_assert_int_eq(pipe(told), 0);
    const pid_t child = fork();
    if (child == 0) {
        struct outfile *file;
        struct error error;
        if (outfile_open(&file, path, &error) == STATUS_OK && write(told[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    close(told[1]);
    ck_assert_int_eq(read(told[0], &byte, 1), 1);
    close(told[0]);
    return child;
}

static void end(pid_t child)
{
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

static bool is_there(const char *name)
{
    return access(in_folder(name), F_OK) == 0;
}

START_TEST(parts_of_dead_processes_go_and_no_others)
{
    char dead[32], alive[32], other[32];
    const pid_t killed = begin_in_child(in_folder("a")), others = begin_in_child(in_folder("b")),
                living = begin_in_child(in_folder("a"));
    snprintf(dead, sizeof dead, "a.%ld.part", (long)killed);
    snprintf(alive, sizeof alive, "a.%ld.part", (long)living);
    snprintf(other, sizeof other, "b.%ld.part", (long)others);
    end(killed);
    end(others);
    static const char *const strange[] = {"a.part", "a.1x.part", "a.0.part", "a.99999999999999999999.part"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        fclose(fopen(in_folder(strange[i]), "w"));
    ck_assert(is_there(dead) && is_there(alive) && is_there(other));
    write_text(in_folder("a"), "whole", true);
    ck_assert(!is_there(dead) && is_there(alive) && is_there(other));
    end(living);
    write_text(in_folder("a"), "again", true);
    ck_assert(!is_there(alive) && is_there(other));
    ck_assert_str_eq(read_text(in_folder("a")), "again");
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++)
        ck_assert_int_eq(unlink(in_folder(strange[i])), 0);
    unlink(in_folder(other));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("outfile");
    TCase *tests = tcase_create("outfile");
    tcase_add_test(tests, the_old_file_stays_until_the_new_one_is_whole);
    tcase_add_test(tests, a_write_that_failed_for_a_while_fails_the_file);
    tcase_add_test(tests, a_link_to_nothing_yet_is_followed_to_where_it_leads);
    tcase_add_test(tests, parts_of_dead_processes_go_and_no_others);
    tcase_add_test(tests, where_it_cannot_be_written_the_reason_is_said);
    suite_add_tcase(suite, tests);
    return suite;
}
