/* Bytes said as they come: raw to a pipe, and to a terminal whole characters that steer nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/voice.h"
#include "suite.h"

static const struct {
    bool terminal;
    const char *parts[6]; /* said one after the other */
    const char *before;   /* what is out before the end; NULL: all of `after` */
    const char *after;
} sayings[] = {
    {false, {"a\033[2J", "\xc3"}, NULL, "a\033[2J\xc3"},
    {true, {"a", "b\n"}, NULL, "ab\n"},
    {true, {"a\tb"}, "a\tb", "a\tb\n"},
    {true, {"\033[2J\r\n"}, NULL, "?[2J?\n"},
    {true, {"\xc3", "\xa9\n"}, NULL, "\xc3\xa9\n"},
    {true, {"x\xe2", "\x82"}, "x", "x??\n"},
    {true, {"\xe2", "\x82", "\xac!"}, "\xe2\x82\xac!", "\xe2\x82\xac!\n"},
    {true, {"\xf0\x9f", "\x98\x80"}, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80\n"},
    {true, {"\xe2\x82", "A"}, "??A", "??A\n"},
    {true, {"\x80\xff\xc2\x9b"}, "????", "????\n"},
    {true, {"\xed\xa0\x80"}, "???", "???\n"},
    {true, {""}, "", ""},
};

START_TEST(what_is_said)
{
    char *text = NULL;
    size_t length;
    struct voice voice = {.out = open_memstream(&text, &length), .terminal = sayings[_i].terminal};
    ck_assert_ptr_nonnull(voice.out);
    for (size_t i = 0; i < 6 && sayings[_i].parts[i]; i++)
        ck_assert(voice_say(&voice, sayings[_i].parts[i], strlen(sayings[_i].parts[i])));
    ck_assert_str_eq(text, sayings[_i].before ? sayings[_i].before : sayings[_i].after);
    voice_end(&voice);
    ck_assert_str_eq(text, sayings[_i].after);
    fclose(voice.out);
    free(text);
}
END_TEST

START_TEST(nobody_listens)
{
    struct voice voice = {.out = fopen("/dev/full", "w")};
    ck_assert_ptr_nonnull(voice.out);
    ck_assert(!voice_say(&voice, "x", 1));
    fclose(voice.out);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("voice");
    TCase *tests = tcase_create("voice");
    tcase_add_loop_test(tests, what_is_said, 0, sizeof sayings / sizeof *sayings);
    tcase_add_test(tests, nobody_listens);
    suite_add_tcase(suite, tests);
    return suite;
}
