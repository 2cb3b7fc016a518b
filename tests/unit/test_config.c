/* The file `config`: what it may set, and what is said of lines that are wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/config.h"
#include "suite.h"

static char said[1024];

/* Takes the text into a fresh request; `said` becomes what was said of it. */
static struct cli parse(char *text)
{
    struct cli cli = {.argc = 0};
    FILE *out = fmemopen(said, sizeof said, "w");
    ck_assert_ptr_nonnull(out);
    config_parse(&cli, "config", text, out);
    fclose(out);
    return cli;
}

START_TEST(screen_options_are_taken)
{
    char text[] = "# a comment\n\ntheme = light\n  fps=12  \nascii = on\npresent = off";
    const struct cli cli = parse(text);
    ck_assert_str_eq(said, "");
    ck_assert_str_eq(cli.screen.theme, "light");
    ck_assert_uint_eq(cli.screen.fps, 12);
    ck_assert(cli.screen.ascii);
    ck_assert(!cli.screen.present);
    ck_assert(!cli.no_journal);
    ck_assert_ptr_null(cli.journal_folder);
}
END_TEST

START_TEST(journals_go_into_a_folder_or_nowhere)
{
    char folder[] = "journal = /var/runs\n", none[] = "journal=none\r\n", file[] = "journal = runs\n";
    ck_assert_str_eq(parse(folder).journal_folder, "/var/runs");
    struct cli cli = parse(none);
    ck_assert(cli.no_journal);
    ck_assert_str_eq(said, "");
    cli = parse(file);
    ck_assert(!cli.no_journal);
    ck_assert_ptr_null(cli.journal_folder);
    ck_assert_str_eq(said, "downhill: config:1: journal = runs: it takes a folder, as a path that begins with /, or "
                           "none; the line is ignored\n");
}
END_TEST

START_TEST(a_wrong_line_is_said_and_ignored)
{
    char text[] = "theme = lihgt\nlr = 0.5\nheadless = on\nascii = yes\nfps\nfps = 99\nfps =\nthemes = dark\nfps = 9\n";
    const struct cli cli = parse(text);
    ck_assert_uint_eq(cli.screen.fps, 9);
    ck_assert_ptr_null(cli.screen.theme);
    ck_assert(!cli.screen.ascii);
    ck_assert(!cli.headless);
    ck_assert_double_eq(cli.spec.knobs.value[KNOB_LR], 0);
    for (int line = 1; line <= 8; line++) {
        char place[32];
        snprintf(place, sizeof place, "config:%d: ", line);
        ck_assert_msg(strstr(said, place) != NULL, "nothing is said of line %d: %s", line, said);
    }
    ck_assert_ptr_null(strstr(said, "config:9"));
    ck_assert_ptr_nonnull(strstr(said, "config:8: 'themes' cannot be set here: did you mean 'theme'?"));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("config");
    TCase *tests = tcase_create("config");
    tcase_add_test(tests, screen_options_are_taken);
    tcase_add_test(tests, journals_go_into_a_folder_or_nowhere);
    tcase_add_test(tests, a_wrong_line_is_said_and_ignored);
    suite_add_tcase(suite, tests);
    return suite;
}
