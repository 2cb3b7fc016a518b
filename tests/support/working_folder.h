/* A folder of its own for all tests of a program, which works in it: files have plain names there.
 *
 *     tcase_add_unchecked_fixture(tests, make_folder, remove_folder); */
#ifndef TESTS_SUPPORT_WORKING_FOLDER_H
#define TESTS_SUPPORT_WORKING_FOLDER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/downhill-test-XXXXXX";

static inline void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static inline void remove_folder(void)
{
    ck_assert_int_eq(system("rm -rf -- *"), 0);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

static inline void write_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

#endif
