/* The description of a direct-colour terminal, byte by byte, and its short life on the disk. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "suite.h"
#include "ui/terminfo.h"

/* Of curses' lists only the beginnings: the rest is absent. */
static const uint8_t flags[] = {1, 0, 1};
static const int32_t numbers[] = {80, -1, 1 << 24};
static const char *const strings[] = {"\033[Z", NULL, "\a"};

static struct terminfo entry_of(const char *mouse)
{
    return (struct terminfo){.name = "zz-test|a test",
                             .flag = flags,
                             .flags = 3,
                             .number = numbers,
                             .numbers = 3,
                             .string = strings,
                             .strings = 3,
                             .mouse = mouse};
}

static unsigned short_at(const uint8_t *bytes)
{
    return bytes[0] | (unsigned)bytes[1] << 8;
}

START_TEST(layout_is_that_of_term_5)
{
    uint8_t out[512];
    const struct terminfo entry = entry_of(NULL);
    const size_t size = terminfo_compile(&entry, out, sizeof out);
    ck_assert_uint_eq(short_at(out), 01036);
    ck_assert_uint_eq(short_at(out + 2), sizeof "zz-test|a test");
    ck_assert_uint_eq(short_at(out + 10), 6); /* "\033[Z" and "\a", with their ends */
    const size_t after_flags = 12 + sizeof "zz-test|a test" + 3;
    const uint8_t *number = out + after_flags + after_flags % 2;
    static const uint8_t want[] = {80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1};
    ck_assert_mem_eq(number, want, sizeof want);
    ck_assert_uint_eq(short_at(number + 12), 0);
    ck_assert_uint_eq(short_at(number + 14), 0xffff);
    ck_assert_uint_eq(short_at(number + 16), 4);
    ck_assert_mem_eq(out + size - 4, "RGB", 4);
}
END_TEST

START_TEST(too_small_a_buffer_is_refused)
{
    uint8_t out[512];
    const struct terminfo entry = entry_of("\033[?1000h");
    const size_t size = terminfo_compile(&entry, out, sizeof out);
    ck_assert_uint_gt(size, 0);
    for (size_t less = 0; less < size; less++)
        ck_assert_uint_eq(terminfo_compile(&entry, out, less), 0);
    ck_assert_uint_eq(terminfo_compile(&entry, out, size), size);
}
END_TEST

static bool exists(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

START_TEST(what_is_saved_is_discarded)
{
    uint8_t out[512];
    char folder[200], path[300];
    const struct terminfo entry = entry_of(NULL);
    const size_t size = terminfo_compile(&entry, out, sizeof out);
    ck_assert(terminfo_save(folder, sizeof folder, "zz-test", out, size));
    strcat(strcpy(path, folder), "/z/zz-test");
    ck_assert(exists(path));
    strcat(strcpy(path, folder), "/7a/zz-test");
    ck_assert(exists(path));
    terminfo_discard(folder, "zz-test");
    ck_assert(!exists(folder));
}
END_TEST

START_TEST(nowhere_to_save_is_no_harm)
{
    char folder[200];
    const char *before = getenv("TMPDIR");
    char kept[512] = "";
    if (before)
        strncpy(kept, before, sizeof kept - 1);
    setenv("TMPDIR", "/nonexistent", 1);
    ck_assert(!terminfo_save(folder, sizeof folder, "zz-test", flags, 3));
    ck_assert(!terminfo_save(folder, 4, "zz-test", flags, 3));
    if (before)
        setenv("TMPDIR", kept, 1);
    else
        unsetenv("TMPDIR");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("terminfo");
    TCase *tests = tcase_create("terminfo");
    tcase_add_test(tests, layout_is_that_of_term_5);
    tcase_add_test(tests, too_small_a_buffer_is_refused);
    tcase_add_test(tests, what_is_saved_is_discarded);
    tcase_add_test(tests, nowhere_to_save_is_no_harm);
    suite_add_tcase(suite, tests);
    return suite;
}
