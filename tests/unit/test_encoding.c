/* Encodings that are told from UTF-8, and the first line that is none. */
#include <stddef.h>
#include <string.h>

#include "base/encoding.h"
#include "suite.h"

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *bytes;
    size_t length;
    const char *name; /* NULL: not told */
} cases[] = {
    {BYTES(""), NULL},
    {BYTES("a"), NULL},
    {BYTES("a plain text\nof two lines\n"), NULL},
    {BYTES("\xef\xbb\xbf a mark of UTF-8"), NULL},
    {BYTES("\xff\xfe"), "UTF-16"},
    {BYTES("\xfe\xff\0a"), "UTF-16"},
    {BYTES("\xff\xfe\0\0a\0\0\0"), "UTF-32"},
    {BYTES("\0\0\xfe\xff\0\0\0a"), "UTF-32"},
    {BYTES("a\0,\0b\0\n\0"), "UTF-16LE"},
    {BYTES("\0a\0,\0b\0\n"), "UTF-16BE"},
    {BYTES("\x87\x65\x2c\x67 \0\x87\x65\n\0"), "UTF-16LE"}, /* Chinese, with a blank and a line end */
    {BYTES("a\0\0\0b\0\0\0"), "UTF-32LE"},
    {BYTES("\0\0\0a\0\0\0b"), "UTF-32BE"},
    {BYTES("one\0two\0three\0"), NULL}, /* zeros on both sides */
    {BYTES("\1\0\2\0\3\0\4\0"), NULL},  /* small numbers of two bytes */
    {BYTES("\0\0\0\0\0\0\0\0"), NULL},
};

START_TEST(wide_characters_are_told_by_mark_and_by_zeros)
{
    const char *name = encoding_wide(cases[_i].bytes, cases[_i].length);
    ck_assert_msg((name == NULL) == (cases[_i].name == NULL), "%s", name ? name : "NULL");
    ck_assert(!name || strcmp(name, cases[_i].name) == 0);
}
END_TEST

START_TEST(the_first_line_that_is_no_utf8_is_found)
{
    ck_assert_uint_eq(encoding_first_wrong(BYTES("")), 0);
    ck_assert_uint_eq(encoding_first_wrong(BYTES("a\0b\n\x1b\xc2\x85 \xf0\x9f\x98\x80\n")), 0);
    ck_assert_uint_eq(encoding_first_wrong(BYTES("a\nM\xfcller\n")), 2);
    ck_assert_uint_eq(encoding_first_wrong(BYTES("cut \xe2\x86")), 1);
    ck_assert_uint_eq(encoding_mark(BYTES("\xef\xbb\xbf")), 3);
    ck_assert_uint_eq(encoding_mark(BYTES("\xef\xbb")), 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("encoding");
    TCase *tests = tcase_create("encoding");
    tcase_add_loop_test(tests, wide_characters_are_told_by_mark_and_by_zeros, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tests, the_first_line_that_is_no_utf8_is_found);
    suite_add_tcase(suite, tests);
    return suite;
}
