/* The manual page and the list of fields: the same headings, options, letters and arguments, in the same order.  Reads
 * the page; runs from the repository root. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/field_list.h"
#include "base/mem.h"
#include "setup/spec_field.h"
#include "suite.h"

#define LINE_SIZE 512

static char *page, *position; /* the line that was read last ends there */

static void open_page(void)
{
    FILE *file = fopen("man/downhill.1", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    rewind(file);
    page = position = mem_alloc((size_t)size + 1, 1);
    ck_assert_uint_eq(fread(page, 1, (size_t)size, file), (size_t)size);
    fclose(file);
}

static void close_page(void)
{
    mem_free(page);
}

/* The next line; false at the end of the page. */
static bool next_line(char line[LINE_SIZE])
{
    const size_t length = strcspn(position, "\n");
    if (!*position)
        return false;
    snprintf(line, LINE_SIZE, "%.*s", (int)length, position);
    position += length + (position[length] == '\n');
    return true;
}

/* The words of an item as they are printed, without blanks: "-s,--seedn". */
static void plain(const char *item, char out[LINE_SIZE])
{
    static const char *const macros[] = {"Ar", "Ns", "Cm", "Op"};
    char words[LINE_SIZE], *rest = NULL;
    size_t length = 0;
    bool flag = false;
    snprintf(words, sizeof words, "%s", item);
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        bool macro = false;
        for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++)
            macro |= strcmp(word, macros[i]) == 0;
        if (strcmp(word, "Fl") == 0)
            flag = true;
        else if (!macro)
            length += (size_t)snprintf(out + length, LINE_SIZE - length, "%s%s", flag ? "-" : "",
                                       strncmp(word, "\\-", 2) == 0 ? word + 1 : word),
                flag = false;
    }
    ck_assert_uint_gt(length, 0);
}

/* The same from a row. */
static void expect(const struct field *field, char out[LINE_SIZE])
{
    const char *argument = field_argument(field);
    char letter[8] = "";
    if (field->letter)
        snprintf(letter, sizeof letter, "-%c,", field->letter);
    snprintf(out, LINE_SIZE, "%s--%s", letter, field->name);
    for (size_t length = strlen(out); argument && *argument; argument++, length++) {
        out[length] = (char)tolower((unsigned char)*argument);
        out[length + 1] = '\0';
    }
}

/* Moves to the section of the heading, as far as its first comma. */
static void go_to(const char *heading)
{
    char line[LINE_SIZE], wanted[LINE_SIZE];
    snprintf(wanted, sizeof wanted, ".Ss %.*s", (int)strcspn(heading, ","), heading);
    position = page;
    while (next_line(line))
        if (strcmp(line, wanted) == 0)
            return;
    ck_abort_msg("the manual has no '%s'", wanted);
}

/* The next option of the section; "" behind the last one. */
static void next_option(char line[LINE_SIZE])
{
    while (next_line(line) && strncmp(line, ".Ss", 3) != 0 && strncmp(line, ".Sh", 3) != 0)
        if (strncmp(line, ".It Fl ", 7) == 0)
            return;
    line[0] = '\0';
}

START_TEST(the_manual_has_each_option_as_its_row_says)
{
    char line[LINE_SIZE], found[LINE_SIZE], wanted[LINE_SIZE];
    for (size_t i = 0; i < field_list_count; i++) {
        const struct field_table *table = field_list[i].table;
        if (table->heading)
            go_to(table->heading);
        for (size_t k = 0; k < table->count; k++) {
            next_option(line);
            ck_assert_msg(line[0], "the manual lacks --%s", table->row[k].name);
            plain(line + 4, found);
            expect(&table->row[k], wanted);
            ck_assert_str_eq(found, wanted);
        }
        if (i + 1 == field_list_count || field_list[i + 1].table->heading) {
            next_option(line);
            ck_assert_msg(!line[0], "the manual has '%s', which is no row", line);
        }
    }
}
END_TEST

START_TEST(the_manual_has_each_key_of_a_recipe)
{
    char *recipes = strstr(page, "\n.Sh RECIPES"), *end = recipes ? strstr(recipes + 1, "\n.Sh ") : NULL;
    ck_assert_ptr_nonnull(end);
    *end = '\0';
    for (char *at = recipes; *at; at++)
        *at = *at == '\n' ? ' ' : *at;
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; spec_table[i]->section && k < spec_table[i]->count; k++) {
            const struct field *field = &spec_table[i]->row[k];
            char word[80];
            snprintf(word, sizeof word, " %s ", field->key ? field->key : field->name);
            ck_assert_msg(strstr(recipes, word), "the manual lacks the key '%s' of a recipe", word);
        }
}
END_TEST

/* Two rows of one subcommand with one name could not both be meant. */
START_TEST(each_row_says_what_it_is)
{
    for (size_t i = 0; i < field_list_count; i++)
        for (size_t k = 0; k < field_list[i].table->count; k++) {
            const struct field *field = &field_list[i].table->row[k];
            ck_assert_msg(field->label || field->about || field->choice, "--%s is not explained", field->name);
            ck_assert_msg(field->type != FIELD_OWN || field->read, "--%s cannot be read", field->name);
            ck_assert_msg(!field->against == !field->conflict, "--%s: a conflict needs a reason", field->name);
            ck_assert_msg(field->type != FIELD_NUMBER || field->min < field->max, "--%s has no range", field->name);
        }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("manual");
    TCase *tests = tcase_create("manual");
    tcase_add_checked_fixture(tests, open_page, close_page);
    tcase_add_test(tests, the_manual_has_each_option_as_its_row_says);
    tcase_add_test(tests, the_manual_has_each_key_of_a_recipe);
    tcase_add_test(tests, each_row_says_what_it_is);
    suite_add_tcase(suite, tests);
    return suite;
}
