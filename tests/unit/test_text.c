/* Text that is safe to print. */
#include <stdio.h>
#include <string.h>

#include "base/lines.h"
#include "base/mem.h"
#include "base/quote.h"
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
    ck_assert_int_eq(text_is_printable(texts[_i].text), strcmp(text, texts[_i].text) == 0);
}
END_TEST

START_TEST(a_character_is_written_in_one_to_four_bytes)
{
    static const struct {
        uint32_t character;
        const char *bytes;
    } cases[] = {{'a', "a"}, {0xe9, "\xc3\xa9"}, {0x2192, "\xe2\x86\x92"}, {0x1f600, "\xf0\x9f\x98\x80"}};
    char out[4];
    ck_assert_uint_eq(text_encode(cases[_i].character, out), strlen(cases[_i].bytes));
    ck_assert_mem_eq(out, cases[_i].bytes, strlen(cases[_i].bytes));
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

/* What the function writes, with a limit that all tests keep. */
static const char *written(void (*write)(FILE *, const char *), const char *text)
{
    static char out[256];
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    write(file, text);
    rewind(file);
    out[fread(out, 1, sizeof out - 1, file)] = '\0';
    fclose(file);
    return out;
}

START_TEST(a_cell_is_quoted_where_it_would_end_or_begin_another)
{
    ck_assert_str_eq(written(quote_csv, "plain text"), "plain text");
    ck_assert_str_eq(written(quote_csv, "a,b"), "\"a,b\"");
    ck_assert_str_eq(written(quote_csv, "a\nb"), "\"a\nb\"");
    ck_assert_str_eq(written(quote_csv, "a\rb"), "\"a\rb\"");
    ck_assert_str_eq(written(quote_csv, "say \"a\""), "\"say \"\"a\"\"\"");
}
END_TEST

START_TEST(a_json_string_escapes_what_it_must)
{
    ck_assert_str_eq(written(quote_json, "a,b"), "\"a,b\"");
    ck_assert_str_eq(written(quote_json, "a\\\"b\""), "\"a\\\\\\\"b\\\"\"");
    ck_assert_str_eq(written(quote_json, "\n\t\x7f"), "\"\\u000a\\u0009\\u007f\"");
}
END_TEST

/* The words of specs and journals: files of earlier versions have them so. */
START_TEST(a_word_is_quoted_with_backslashes)
{
    struct lines lines = {0};
    lines_word(&lines, "plain");
    lines_add(&lines, " ");
    lines_word(&lines, "a b\\\"c\"\n\t\x01");
    ck_assert_str_eq(lines.text, "plain \"a b\\\\\\\"c\\\"\\n\\t\\x01\"");
    mem_free(lines.text);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *tests = tcase_create("text");
    tcase_add_loop_test(tests, what_steers_a_terminal_is_taken_out, 0, sizeof texts / sizeof *texts);
    tcase_add_loop_test(tests, a_character_is_written_in_one_to_four_bytes, 0, 4);
    tcase_add_test(tests, messages_are_clean);
    tcase_add_test(tests, a_cell_is_quoted_where_it_would_end_or_begin_another);
    tcase_add_test(tests, a_json_string_escapes_what_it_must);
    tcase_add_test(tests, a_word_is_quoted_with_backslashes);
    suite_add_tcase(suite, tests);
    return suite;
}
