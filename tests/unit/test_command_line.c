/* The `:` line: editing, history, completion, and what its commands mean. */
#include "ui/command_line.h"

#include <math.h>
#include <string.h>

#include "engine/commands.h"
#include "suite.h"
#include "support/lines.h"
#include "ui/commands.h"
#include "ui/lineage.h"

static void type(struct command_line *line, const char *text)
{
    for (; *text; text++)
        line_type(line, (unsigned char)*text);
}

static const struct branch_list no_branches = {.count = 0};
static const struct command_source source = {&app_commands, &no_branches};

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
    line_complete(&line, 1, command_words, &source);
    ck_assert_str_eq(line.text, "optimizer adam");
    line_complete(&line, 1, command_words, &source);
    ck_assert_str_eq(line.text, "optimizer adamw");
    line_complete(&line, 1, command_words, &source);
    ck_assert_str_eq(line.text, "optimizer adam");
    line_complete(&line, -1, command_words, &source);
    ck_assert_str_eq(line.text, "optimizer adamw");
    line_open(&line, "unt");
    line_complete(&line, 1, command_words, &source);
    ck_assert_str_eq(line.text, "until ");
    line_open(&line, "theme pro");
    line_complete(&line, 1, command_words, &source);
    ck_assert_str_eq(line.text, "theme projector");
    line_open(&line, "qqq");
    line_complete(&line, 1, command_words, &source);
    ck_assert_str_eq(line.text, "qqq");
}
END_TEST

START_TEST(lines_that_mean_something)
{
    struct request parsed;
    struct error error;
    ck_assert_int_eq(parse_line("lr 0.05", &parsed, &error), STATUS_OK);
    ck_assert(parsed.row == engine_command("knob") && parsed.value[0].number == KNOB_LR);
    ck_assert_double_eq_tol(parsed.value[1].real, 0.05, 1e-12);
    ck_assert_int_eq(parse_line("  train-fraction = 20% ", &parsed, &error), STATUS_OK);
    ck_assert_double_eq_tol(parsed.value[1].real, 0.2, 1e-12);
    ck_assert_int_eq(parse_line("until 5000", &parsed, &error), STATUS_OK);
    ck_assert_str_eq(parsed.row->name, "until");
    ck_assert_uint_eq(parsed.value[0].number, 5000);
    ck_assert_int_eq(parse_line("q", &parsed, &error), STATUS_OK);
    ck_assert_str_eq(parsed.row->name, "quit");
    ck_assert_int_eq(parse_line("", &parsed, &error), STATUS_OK);
    ck_assert_ptr_null(parsed.row);
}
END_TEST

START_TEST(arguments_are_understood_by_their_types)
{
    struct request parsed;
    struct error error;
    ck_assert_int_eq(parse_line("set lr up", &parsed, &error), STATUS_OK);
    ck_assert(parsed.row == engine_command("knob") && parsed.value[0].number == KNOB_LR);
    ck_assert(isinf(parsed.value[1].real) && parsed.value[1].real > 0);
    ck_assert_int_eq(parse_line("zoom out", &parsed, &error), STATUS_OK);
    ck_assert_uint_eq(parsed.value[0].number, 0);
    ck_assert_int_eq(parse_line("cursor right 10", &parsed, &error), STATUS_OK);
    ck_assert(parsed.value[0].number == 1 && parsed.value[1].number == 10);
    ck_assert_int_eq(parse_line("twin  lr=0.3 hidden=16,16 ", &parsed, &error), STATUS_OK);
    ck_assert_str_eq(parsed.text, "lr=0.3 hidden=16,16");
    request_free(&parsed);
    const struct command_place place = {.present = 3, .chosen = 5, .rival = 7};
    ck_assert_int_eq(command_parse(&app_commands, &place, "rewind 1200", &parsed, &error), STATUS_OK);
    ck_assert(parsed.value[0].number == 3 && parsed.value[1].number == 1200);
    ck_assert_int_eq(command_parse(&app_commands, &place, "delete", &parsed, &error), STATUS_OK);
    ck_assert_uint_eq(parsed.value[0].number, 5);
    ck_assert_int_eq(command_parse(&app_commands, &place, "race", &parsed, &error), STATUS_OK);
    ck_assert_uint_eq(parsed.value[0].number, 7);
    ck_assert_int_eq(command_parse(&app_commands, &place, "name two words", &parsed, &error), STATUS_OK);
    ck_assert_uint_eq(parsed.value[0].number, 5);
    ck_assert_str_eq(parsed.text, "two words");
    request_free(&parsed);
}
END_TEST

static void refused(const char *text, const char *says)
{
    struct request parsed;
    struct error error = {.message = ""};
    ck_assert_int_ne(parse_line(text, &parsed, &error), STATUS_OK);
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
    refused("until soon", "as in until 5000");
    refused("seed 4294967296", "whole number up to 4294967295");
    refused("zoom sideways", "no 'sideways'");
    refused("set lrr up", "'lr'");
}
END_TEST

START_TEST(every_command_is_described)
{
    char text[200];
    const struct command *row;
    for (size_t i = 0; (row = commands_at(&app_commands, i)) != NULL; i++) {
        if (row->flags & COMMAND_UNLISTED)
            continue;
        bool needs = false;
        for (size_t k = 0; k < COMMAND_ARGUMENTS && row->argument[k].type; k++)
            needs |= !row->argument[k].optional && row->argument[k].implied == IMPLIED_NOTHING;
        command_describe(&app_commands, row->name, text, sizeof text);
        ck_assert(strstr(text, row->about));
        ck_assert_msg(needs == (row->example != NULL), "%s: an example where an argument must be there", row->name);
        ck_assert_msg(knob_find(row->name) == KNOB_COUNT, "a knob is called %s too", row->name);
    }
    command_describe(&app_commands, "dropout 0.", text, sizeof text);
    ck_assert(strstr(text, "dropout: at least 0 and below 1"));
    command_describe(&app_commands, "schedule", text, sizeof text);
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
    tcase_add_test(test, arguments_are_understood_by_their_types);
    tcase_add_test(test, lines_that_mean_nothing);
    tcase_add_test(test, every_command_is_described);
    suite_add_tcase(suite, test);
    return suite;
}
