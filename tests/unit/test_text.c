/* Text that is safe to print. */
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "base/text.h"
#include "suite.h"

static const struct {
    const char *text, *clean;
} texts[] = {
    {"", ""},
    {"plain, with blanks", "plain, with blanks"},
    {"\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80", "\xc3\xa9 \xe2\x86\x92 \xf0\x9f\x98\x80"},
    {"a\x1b[2Jb\x07\n\t\x7f", "a?[2Jb????"},
    {"\xc2\x9b", "??"}, /* the escape's eight-bit form */
    {"\x9b"
     "2J",
     "?2J"},            /* and raw */
    {"\xc0\xaf", "??"}, /* overlong */
    {"\xe0\x80\xaf", "???"},
    {"\xed\xa0\x80", "???"},      /* half a surrogate pair */
    {"\xf4\x90\x80\x80", "????"}, /* beyond Unicode */
    {"cut \xe2\x86", "cut ??"},
    {"cut \xf0\x9f\x98", "cut ???"},
};

START_TEST(what_steers_a_terminal_is_taken_out)
{
    char text[64];
    snprintf(text, sizeof text, "%s", texts[_i].text);
    text_clean(text);
    ck_assert_str_eq(text, texts[_i].clean);
}
END_TEST

START_TEST(messages_are_clean)
{
    struct error error;
    ck_assert_int_eq(error_set(&error, STATUS_USAGE, "no file '%s'", "a\x1b]0;t\x07"), STATUS_USAGE);
    ck_assert_str_eq(error.message, "no file 'a?]0;t?'");
    char longest[600];
    memset(longest, 'x', sizeof longest);
    memcpy(longest + sizeof error.message - 2, "\xc3\xa9", 3); /* cut in the midst of a character */
    error_set(&error, STATUS_FAILED, "%s", longest);
    ck_assert_uint_eq(strlen(error.message), sizeof error.message - 1);
    ck_assert_int_eq(error.message[sizeof error.message - 2], '?');
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_loop_test(tests, what_steers_a_terminal_is_taken_out, 0, sizeof texts / sizeof *texts);
    tcase_add_test(tests, messages_are_clean);
    suite_add_tcase(suite, tests);
    return suite;
}
