/* Fields of each type: what they read, refuse and write. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/field.h"
#include "base/mem.h"
#include "suite.h"

struct owner {
    uint64_t steps;
    size_t heads;
    int merges, kind;
    double share, span, rate;
    bool tie, given;
    char *path;
    const char *theme;
    char **names;
};

static const char *colour(size_t number)
{
    static const char *const name[] = {"red", "green"};
    return number < 2 ? name[number] : NULL;
}

#define AT(member) .offset = offsetof(struct owner, member)

static const struct field rows[] = {
    {.name = "steps", .store = FIELD_U64, AT(steps), .min_open = true, .max = FIELD_UNBOUNDED},
    {.name = "heads", .store = FIELD_SIZE, AT(heads), .min = 1, .max = 8192},
    {.name = "merges", .store = FIELD_INT, AT(merges), .max = 9, .unset = -1, .given = offsetof(struct owner, given)},
    {.name = "share", AT(share), .min_open = true, .max = 1, .max_open = true, .example = "25%"},
    {.name = "span", AT(span), .max = 10, .unset = -1, .min_does = "nothing"},
    {.name = "rate", .alias = "speed", .label = "the rate", AT(rate), .min_open = true, .max = 100, .unset = -1},
    {.name = "kind", .type = FIELD_CHOICE, .store = FIELD_INT, AT(kind), .choice = colour, .unset = -1},
    {.name = "tie", .type = FIELD_MARK, .store = FIELD_BOOL, AT(tie), .sets = 1},
    {.name = "path", .type = FIELD_STRING, AT(path), .file = true, .output = true},
    {.name = "theme", .type = FIELD_WORD, AT(theme), .choice = colour},
    {.name = "names", .type = FIELD_LIST, AT(names), .repeats = true},
};
static const struct field_table table = {.row = rows, .count = sizeof rows / sizeof rows[0]};

static struct owner owner;

static void begin(void)
{
    owner = (struct owner){.merges = -1, .kind = -1, .span = -1, .rate = 0.1};
}

static void end(void)
{
    field_free(&table, &owner);
}

static void set(const char *name, const char *text)
{
    struct error error = {.message = ""};
    ck_assert_msg(field_read(&owner, field_find(&table, name), text, &error) == STATUS_OK, "%s", error.message);
}

static void refused(const char *name, const char *text, const char *message)
{
    struct error error = {.message = ""};
    ck_assert_int_eq(field_read(&owner, field_find(&table, name), text, &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, message);
}

/* NULL: it is not written. */
static void written(const char *name, size_t index, const char *expected)
{
    struct lines out = {0};
    const bool set_at_all = field_write(&owner, field_find(&table, name), index, &out);
    ck_assert_int_eq(set_at_all, expected != NULL);
    if (expected)
        ck_assert_str_eq(out.text ? out.text : "", expected);
    mem_free(out.text);
}

START_TEST(numbers_go_into_every_store)
{
    for (size_t i = 0; i < 5; i++)
        written(rows[i].name, 0, NULL);
    set("steps", "1e6");
    set("heads", "2k");
    set("merges", "0");
    set("share", "25%");
    set("span", "0");
    ck_assert_uint_eq(owner.steps, 1000000);
    ck_assert_uint_eq(owner.heads, 2000);
    ck_assert(owner.given);
    written("steps", 0, "1000000");
    written("heads", 0, "2000");
    written("merges", 0, "0");
    written("share", 0, "0.25");
    written("span", 0, "0");
}
END_TEST

START_TEST(numbers_out_of_range_are_refused_with_the_range)
{
    refused("steps", "0", "steps 0: must be a whole number above 0");
    refused("steps", "1.5", "steps 1.5: must be a whole number above 0");
    refused("steps", "9007199254740993", "steps 9007199254740993: must be a whole number above 0");
    refused("heads", "8193", "heads 8193: must be a whole number from 1 to 8,192");
    refused("heads", "", "heads '': must be a whole number from 1 to 8,192");
    refused("share", "1", "share 1: must be above 0 and below 1, such as 25%");
    refused("share", "0", "share 0: must be above 0 and below 1, such as 25%");
    refused("share", "much", "share much: must be above 0 and below 1, such as 25%");
    refused("span", "10.5", "span 10.5: must be a number from 0 (nothing) to 10");
    refused("span", "0,5", "span '0,5': not a number: write a decimal point, not a comma");
    refused("rate", "0", "the rate 0: must be above 0 and at most 100");
    refused("merges", "10", "merges 10: must be a whole number from 0 to 9");
    ck_assert(!owner.given);
}
END_TEST

START_TEST(files_keep_all_digits_and_people_see_fewer)
{
    double back;
    char text[40];
    const struct field *rate = field_find(&table, "speed");
    ck_assert_ptr_eq(rate, &rows[5]);
    ck_assert_int_eq(field_read(&owner, rate, "0.12345678901234567", NULL), STATUS_OK);
    field_format_exact(rate, owner.rate, text, sizeof text);
    ck_assert_int_eq(field_parse(rate, text, &back, NULL), STATUS_OK);
    ck_assert_double_eq(back, owner.rate);
    ck_assert_int_eq(field_read_typed(&owner, rate, "0.12345678901234567", NULL), STATUS_OK);
    ck_assert_double_ne(back, owner.rate);
    ck_assert_int_eq(field_parse(rate, field_format(rate, owner.rate, text, sizeof text), &back, NULL), STATUS_OK);
    ck_assert_double_eq(back, owner.rate);
}
END_TEST

START_TEST(choices_are_named)
{
    written("kind", 0, NULL);
    set("kind", "green");
    ck_assert_int_eq(owner.kind, 1);
    written("kind", 0, "green");
    refused("kind", "gren", "kind: unknown name 'gren': did you mean 'green'?");
    refused("theme", "blue", "theme: unknown name 'blue': one of red, green");
    set("theme", "red");
    written("theme", 0, "red");
    ck_assert_uint_eq(field_choices(&rows[6]), 2);
}
END_TEST

START_TEST(a_mark_takes_no_value_and_can_be_taken_back)
{
    refused("tie", "on", "tie takes no value");
    refused("heads", NULL, "heads needs a value");
    written("tie", 0, NULL);
    set("tie", NULL);
    ck_assert(owner.tie && field_is_set(&owner, field_find(&table, "tie")));
    written("tie", 0, "");
    ck_assert(field_can_unmark(field_find(&table, "tie")) && !field_can_unmark(field_find(&table, "kind")));
    field_unmark(&owner, field_find(&table, "tie"));
    ck_assert(!owner.tie && !field_is_set(&owner, field_find(&table, "tie")));
}
END_TEST

START_TEST(strings_are_owned_and_lists_grow)
{
    refused("path", "", "path '': a file is needed");
    refused("path", "-", "path -: a file is needed, not a stream");
    set("path", "a");
    set("path", "b c");
    written("path", 0, "\"b c\"");
    set("names", "x");
    set("names", "y");
    set("names", "x");
    written("names", 0, "x");
    written("names", 1, "y");
    written("names", 2, NULL);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("field");
    TCase *tests = tcase_create("field");
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, numbers_go_into_every_store);
    tcase_add_test(tests, numbers_out_of_range_are_refused_with_the_range);
    tcase_add_test(tests, files_keep_all_digits_and_people_see_fewer);
    tcase_add_test(tests, choices_are_named);
    tcase_add_test(tests, a_mark_takes_no_value_and_can_be_taken_back);
    tcase_add_test(tests, strings_are_owned_and_lists_grow);
    suite_add_tcase(suite, tests);
    return suite;
}
