/* A folder of its own for each test, with room for a file `path`; nothing else may be left in it.
 *
 *     tcase_add_checked_fixture(tests, make_folder, remove_folder); */
#ifndef TESTS_SUPPORT_OWN_FOLDER_H
#define TESTS_SUPPORT_OWN_FOLDER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/downhill-test-XXXXXX";
static char path[64];

static inline void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.safetensors", folder);
}

static inline void remove_folder(void)
{
    unlink(path);
    ck_assert_msg(rmdir(folder) == 0, "something was left in the folder");
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

#endif
