/* The `:` line: editing, history, completion, and what its commands mean. */
#include "ui/command_line.h"

#include <string.h>

#include "suite.h"
#include "ui/commands.h"
#include "ui/lineage.h"

static void type(struct command_line *line, const char *text)
{
    for (; *text; text++)
        line_type(line, (unsigned char)*text);
}

static const struct branch_list no_branches = {.count = 0};

START_TEST(typing_and_erasing)
{
    struct command_line line = {.entries = 0};
    line_open(&line, "");
    type(&line, "lr 0.1");
    line_move(&line, -1);
    line_move(&line, -1);
    line_type(&line, '5');
    ck_assert_str_eq(line.text, "lr 05.1");
    ck_assert(line_erase(&line, -1));
    ck_assert(line_erase(&line, 1));
    ck_assert_str_eq(line.text, "lr 01");
    line_to_end(&line, -1);
    ck_assert(!line_erase(&line, -1));
    line_to_end(&line, 1);
    ck_assert(!line_erase(&line, 1));
    line_clear(&line);
    ck_assert_str_eq(line.text, "");
}
END_TEST

START_TEST(characters_of_several_bytes_stay_whole)
{
    struct command_line line = {.entries = 0};
    line_open(&line, "");
    line_type(&line, 0xe9);
    line_type(&line, 0x20ac);
    line_type(&line, 0x1f600);
    ck_assert_str_eq(line.text, "é€😀");
    line_move(&line, -1);
    ck_assert_uint_eq(line.cursor, strlen("é€"));
    line_erase(&line, -1);
    ck_assert_str_eq(line.text, "é😀");
    line_erase(&line, 1);
    ck_assert_str_eq(line.text, "é");
    line_type(&line, 27);
    line_type(&line, 0xd800);
    line_type(&line, 0x110001);
    ck_assert_str_eq(line.text, "é");
}
END_TEST

START_TEST(a_full_line_refuses)
{
    struct command_line line = {.entries = 0};
    line_open(&line, "");
    for (int i = 0; i < 3 * LINE_SIZE; i++)
        line_type(&line, 0x20ac);
    ck_assert_uint_lt(strlen(line.text), LINE_SIZE);
    ck_assert_uint_eq(strlen(line.text) % 3, 0);
}
END_TEST

START_TEST(history_goes_both_ways)
{
    struct command_line line = {.entries = 0};
    static const char *const said[] = {"lr 1", "go", "go", "pause"};
    for (size_t i = 0; i < 4; i++) {
        line_open(&line, said[i]);
        line_remember(&line);
    }
    ck_assert_uint_eq(line.entries, 3);
    line_open(&line, "dra");
    line_browse(&line, -1);
    ck_assert_str_eq(line.text, "pause");
    line_browse(&line, -1);
    line_browse(&line, -1);
    line_browse(&line, -1);
    ck_assert_str_eq(line.text, "lr 1");
    line_browse(&line, 1);
    line_browse(&line, 1);
    line_browse(&line, 1);
    ck_assert_str_eq(line.text, "dra");
    for (int i = 0; i < 2 * LINE_HISTORY; i++) {
        line_open(&line, i & 1 ? "step" : "epoch");
        line_remember(&line);
    }
    ck_assert_uint_eq(line.entries, LINE_HISTORY);
}
END_TEST

START_TEST(completion_cycles)
{
    struct command_line line = {.entries = 0};
    line_open(&line, "optimizer a");
    line_complete(&line, 1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "optimizer adam");
    line_complete(&line, 1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "optimizer adamw");
    line_complete(&line, 1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "optimizer adam");
    line_complete(&line, -1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "optimizer adamw");
    line_open(&line, "unt");
    line_complete(&line, 1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "until ");
    line_open(&line, "theme pro");
    line_complete(&line, 1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "theme projector");
    line_open(&line, "qqq");
    line_complete(&line, 1, command_words, &no_branches);
    ck_assert_str_eq(line.text, "qqq");
}
END_TEST

START_TEST(lines_that_mean_something)
{
    struct command_parsed parsed;
    struct error error;
    ck_assert_int_eq(command_parse("lr 0.05", &parsed, &error), STATUS_OK);
    ck_assert(!parsed.row && parsed.knob == KNOB_LR);
    ck_assert_double_eq_tol(parsed.value, 0.05, 1e-12);
    ck_assert_int_eq(command_parse("  train-fraction = 20% ", &parsed, &error), STATUS_OK);
    ck_assert_double_eq_tol(parsed.value, 0.2, 1e-12);
    ck_assert_int_eq(command_parse("until 5000", &parsed, &error), STATUS_OK);
    ck_assert_str_eq(parsed.row->name, "until");
    ck_assert_str_eq(parsed.argument, "5000");
    ck_assert_int_eq(command_parse("q", &parsed, &error), STATUS_OK);
    ck_assert_str_eq(parsed.row->name, "quit");
    ck_assert_int_eq(command_parse("", &parsed, &error), STATUS_OK);
    ck_assert(!parsed.row && parsed.knob == KNOB_COUNT);
}
END_TEST

static void refused(const char *text, const char *says)
{
    struct command_parsed parsed;
    struct error error = {.message = ""};
    ck_assert_int_ne(command_parse(text, &parsed, &error), STATUS_OK);
    ck_assert_msg(strstr(error.message, says), "'%s' says '%s'", text, error.message);
}

START_TEST(lines_that_mean_nothing)
{
    refused("paues", "pause");
    refused("lrr 3", "did you mean 'lr'");
    refused("lr", "needs a value");
    refused("lr fast", "not a number");
    refused("dropout 1", "dropout");
    refused("until", "until needs STEP, as in until 5000");
    refused("twin ", "twin needs CHANGES, as in twin lr=0.3");
    refused("pause now", "no argument");
    refused("xyzzy-plugh", "Tab");
}
END_TEST

START_TEST(every_command_is_described)
{
    char text[200];
    for (size_t i = 0; i < command_count; i++) {
        command_describe(command_table[i].name, text, sizeof text);
        ck_assert(strstr(text, command_table[i].about));
        ck_assert_msg((command_table[i].arguments && !command_table[i].optional) == (command_table[i].example != NULL),
                      "%s: an example where an argument must be there", command_table[i].name);
        ck_assert_msg(knob_find(command_table[i].name) == KNOB_COUNT, "a knob is called %s too", command_table[i].name);
    }
    command_describe("dropout 0.", text, sizeof text);
    ck_assert(strstr(text, "dropout: at least 0 and below 1"));
    command_describe("schedule", text, sizeof text);
    ck_assert(strstr(text, "cosine"));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("command_line");
    TCase *test = tcase_create("command_line");
    tcase_add_test(test, typing_and_erasing);
    tcase_add_test(test, characters_of_several_bytes_stay_whole);
    tcase_add_test(test, a_full_line_refuses);
    tcase_add_test(test, history_goes_both_ways);
    tcase_add_test(test, completion_cycles);
    tcase_add_test(test, lines_that_mean_something);
    tcase_add_test(test, lines_that_mean_nothing);
    tcase_add_test(test, every_command_is_described);
    suite_add_tcase(suite, test);
    return suite;
}
