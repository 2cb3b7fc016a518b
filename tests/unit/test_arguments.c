/* The command line's words: options in each of their forms, subcommands, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/subcommand.h"
#include "suite.h"

enum { WORDS_MAX = 12 };

static struct cli cli;
static char text[256];
static char *argv[WORDS_MAX];

/* Cut at blanks. */
static enum status parse(const char *words, struct error *error)
{
    char *rest = NULL;
    int count = 0;
    snprintf(text, sizeof text, "downhill %s", words);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        argv[count++] = word;
    return cli_parse(&cli, count, argv, error);
}

static void accepted(const char *words)
{
    struct error error = {.message = ""};
    ck_assert_msg(parse(words, &error) == STATUS_OK, "%s: %s", words, error.message);
}

static void refused(const char *words, const char *message)
{
    struct error error = {.message = ""};
    ck_assert_msg(parse(words, &error) == STATUS_USAGE, "%s is accepted", words);
    ck_assert_str_eq(error.message, message);
    cli_free(&cli);
}

START_TEST(an_option_has_a_long_and_a_short_form)
{
    accepted("moons --steps 7 --seed=3 --learning-rate 0.5 -o log.csv");
    ck_assert_str_eq(cli.spec.task, "moons");
    ck_assert_uint_eq(cli.spec.steps, 7);
    ck_assert_uint_eq(cli.spec.seed, 3);
    ck_assert_double_eq(cli.spec.knobs.value[KNOB_LR], 0.5);
    ck_assert(cli.spec.knob_given[KNOB_LR] && !cli.spec.knob_given[KNOB_BATCH]);
    ck_assert_str_eq(cli.spec.log_path, "log.csv");
    cli_free(&cli);
    accepted("-n7 -s 3 -s 4 -- moons");
    ck_assert_str_eq(cli.spec.task, "moons");
    ck_assert_uint_eq(cli.spec.steps, 7);
    ck_assert_uint_eq(cli.spec.seed, 4);
    cli_free(&cli);
    accepted("--steps 7 -- --odd");
    ck_assert_str_eq(cli.spec.task, "--odd");
    cli_free(&cli);
}
END_TEST

START_TEST(a_switch_is_on_unless_it_is_off)
{
    accepted("--early-stop");
    ck_assert_double_eq(cli.spec.knobs.value[KNOB_EARLY_STOP], 1);
    cli_free(&cli);
    accepted("--early-stop --no-early-stop moons");
    ck_assert_double_eq(cli.spec.knobs.value[KNOB_EARLY_STOP], 0);
    cli_free(&cli);
    accepted("--early-stop off moons");
    ck_assert_double_eq(cli.spec.knobs.value[KNOB_EARLY_STOP], 0);
    ck_assert_str_eq(cli.spec.task, "moons");
    cli_free(&cli);
}
END_TEST

START_TEST(a_mark_is_taken_back)
{
    accepted("--ascii --no-ascii --headless --no-headless --theme dark");
    ck_assert(!cli.screen.ascii && !cli.headless);
    cli_free(&cli);
    accepted("--no-header");
    ck_assert_int_eq(cli.spec.csv.form.header, CSV_HEADER_NO);
    cli_free(&cli);
    refused("--no-ascii=on", "--no-ascii takes no value");
    refused("--no-theme", "unknown option '--no-theme': did you mean '--theme'?");
}
END_TEST

START_TEST(the_command_line_takes_back_what_the_file_config_says)
{
    char folder[] = "/tmp/downhill-arguments-XXXXXX", path[96];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(setenv("XDG_CONFIG_HOME", folder, 1), 0);
    snprintf(path, sizeof path, "%s/downhill", folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/downhill/config", folder);
    FILE *file = fopen(path, "w");
    fputs("ascii = on\npresent = on\nfps = 9\n", file);
    fclose(file);
    accepted("--no-present");
    ck_assert(cli.screen.ascii && !cli.screen.present);
    ck_assert_uint_eq(cli.screen.fps, 9);
    cli_free(&cli);
    unlink(path);
    snprintf(path, sizeof path, "%s/downhill", folder);
    rmdir(path);
    rmdir(folder);
}
END_TEST

START_TEST(the_first_word_names_a_subcommand)
{
    accepted("--headless --journal list replay a.journal");
    ck_assert_str_eq(cli.command->name, "replay");
    ck_assert_str_eq(cli.word[0], "a.journal");
    ck_assert_str_eq(cli.journal, "list");
    cli_free(&cli);
    accepted("sample a.model --top-k=5 --prompt -- --best");
    ck_assert_str_eq(cli.sample.prompt, "--");
    ck_assert_uint_eq(cli.sample.sampling.top_k, 5);
    ck_assert(cli.spec.load_best);
    cli_free(&cli);
    accepted("moons");
    ck_assert_ptr_null(cli.command->name);
    cli_free(&cli);
}
END_TEST

START_TEST(an_option_of_another_subcommand_is_refused)
{
    refused("predict a b --lr 3", "--lr is for a run: predict has none");
    refused("replay a --lr 3", "--lr is for a run: a replay takes its settings from the journal");
    refused("replay a --no-early-stop", "--early-stop is for a run: a replay takes its settings from the journal");
    refused("moons --force", "--force is for downhill replay");
    refused("list --top-k 3", "--top-k is for downhill sample");
    refused("export a.journal -o a.svg --series loss", "--series is for tables: a.svg is a figure");
    refused("export a.journal -o a.csv --theme mono", "--theme is for figures: a.csv is a table");
    refused("sample a --prompt x --ask y", "--ask: there is a prompt already");
    accepted("replay a --speed 50");
    cli_free(&cli);
}
END_TEST

START_TEST(a_missing_value_is_named)
{
    refused("--steps", "--steps needs a value: N");
    refused("-t", "-t needs a value: COLUMN");
    refused("--end-with", "--end-with needs a value: best|last");
    refused("-Vh", "'-Vh': write short options one by one");
    refused("export a --serie loss", "export: unknown option '--serie': did you mean '--series'?");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("arguments");
    TCase *tests = tcase_create("arguments");
    tcase_add_test(tests, an_option_has_a_long_and_a_short_form);
    tcase_add_test(tests, a_switch_is_on_unless_it_is_off);
    tcase_add_test(tests, a_mark_is_taken_back);
    tcase_add_test(tests, the_command_line_takes_back_what_the_file_config_says);
    tcase_add_test(tests, the_first_word_names_a_subcommand);
    tcase_add_test(tests, an_option_of_another_subcommand_is_refused);
    tcase_add_test(tests, a_missing_value_is_named);
    suite_add_tcase(suite, tests);
    return suite;
}
