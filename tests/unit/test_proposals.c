/* What messages propose: each option, command and value that a text of the program or the README names must be there and
 * take what is proposed.  Reads the sources; runs from the repository root. */
#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/field_list.h"
#include "base/mem.h"
#include "suite.h"
#include "support/lines.h"
#include "ui/commands.h"

#define NAME_SIZE 40
#define A_NUMBER  "0" /* stands for any number behind an option */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);
    rewind(file);
    char *text = mem_alloc((size_t)size + 1, 1);
    ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return text;
}

static bool fits_argument(const char *known, const char *argument)
{
    return !*known || strcmp(known, argument) == 0 ||
           (strcmp(argument, A_NUMBER) == 0 && strcmp(known, "on|off") != 0 && strcmp(known, "NAME") != 0);
}

/* Whether one of that name takes the argument; *found: there is one at all.  "": it does not matter. */
static bool takes(const char *name, const char *argument, bool *found)
{
    bool fits = false;
    *found = false;
    for (size_t i = 0; i < field_list_count; i++)
        for (size_t k = 0; k < field_list[i].table->count; k++) {
            const struct field *field = &field_list[i].table->row[k];
            const bool taken_back =
                strncmp(name, "no-", 3) == 0 && strcmp(field->name, name + 3) == 0 && field_can_unmark(field);
            const char *known = taken_back ? NULL : field_argument(field);
            if (strcmp(field->name, name) != 0 && !taken_back)
                continue;
            *found = true;
            fits |= !*argument || (known && fits_argument(known, argument));
        }
    return fits;
}

/* What stands behind an option: a word in capitals that stands for a value, A_NUMBER for a number, else "". */
static void read_argument(const char *text, char out[NAME_SIZE])
{
    size_t length = 0;
    out[0] = '\0';
    if (*text != ' ' && *text != '=')
        return;
    const char *word = text + 1;
    while (isupper((unsigned char)word[length]) || (length > 0 && strchr(":=", word[length]) && word[length]))
        length++;
    if (isdigit((unsigned char)*word))
        snprintf(out, NAME_SIZE, "%s", A_NUMBER);
    const bool goes_on = isalnum((unsigned char)word[length]) ||
                         (word[length] && strchr(",._-/", word[length]) && isalnum((unsigned char)word[length + 1]));
    if (length > 0 && length < NAME_SIZE && !goes_on)
        snprintf(out, NAME_SIZE, "%.*s", (int)length, word);
}

static void check_options(const char *text, const char *where)
{
    for (const char *at = text; (at = strstr(at, "--")) != NULL;) {
        const char *name = at + 2;
        const size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz-");
        const bool begins = at == text || !isalnum((unsigned char)at[-1]);
        char word[NAME_SIZE], argument[NAME_SIZE];
        at = name + length;
        if (!begins || length < 2 || *name == '-' || length >= NAME_SIZE || *at == '%')
            continue;
        snprintf(word, sizeof word, "%.*s", (int)length, name);
        read_argument(at, argument);
        bool found;
        const bool fits = takes(word, argument, &found);
        ck_assert_msg(found, "%s proposes --%s, which does not exist: %s", where, word, text);
        ck_assert_msg(fits, "%s proposes --%s %s, which it does not take: %.120s", where, word, argument, name - 2);
    }
}

static bool is_command(const char *word, size_t length)
{
    const struct command *row;
    for (size_t i = 0; (row = commands_at(&app_commands, i)) != NULL; i++)
        if (strlen(row->name) == length && strncmp(row->name, word, length) == 0)
            return true;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (strlen(knob_table[i].name) == length && strncmp(knob_table[i].name, word, length) == 0)
            return true;
    return false;
}

/* `:command` behind a blank, a quote or a bracket. */
static void check_commands(const char *text, const char *where)
{
    for (const char *at = text; (at = strchr(at, ':')) != NULL; at++) {
        const size_t length = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz-");
        if (length < 2 || (at > text && !strchr(" `'(", at[-1])) || at[1 + length] == '.')
            continue;
        ck_assert_msg(is_command(at + 1, length), "%s proposes :%.*s, which does not exist", where, (int)length,
                      at + 1);
    }
}

/* "..., as in until 5000": where it is a command it must be one that is understood. */
static void check_examples(const char *text, const char *where)
{
    for (const char *at = text; (at = strstr(at, "as in ")) != NULL;) {
        char line[80];
        at += 6;
        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, ";,)"), at);
        struct request parsed;
        struct error error = {.message = ""};
        if (strchr(line, '%') || !is_command(line, strcspn(line, " ")))
            continue;
        ck_assert_msg(parse_line(line, &parsed, &error) == STATUS_OK, "%s proposes '%s': %s", where, line,
                      error.message);
        request_free(&parsed);
    }
}

static void check_text(const char *text, const char *where)
{
    check_options(text, where);
    check_commands(text, where);
    check_examples(text, where);
}

/* Behind a comment or a character constant that begins here. */
static const char *skip(const char *at)
{
    if (strncmp(at, "/*", 2) == 0) {
        const char *end = strstr(at + 2, "*/");
        return end ? end + 2 : at + strlen(at);
    }
    if (strncmp(at, "//", 2) == 0)
        return at + strcspn(at, "\n");
    if (*at == '\'')
        return at + (at[1] == '\\' ? 4 : 3);
    return at + 1;
}

/* The strings of a source, those beside each other as one. */
static size_t check_source(const char *path)
{
    static char string[1 << 16];
    char *source = read_file(path);
    size_t strings = 0, length = 0;
    for (const char *at = source; *at;) {
        if (*at == '"') {
            for (at++; *at && *at != '"'; at++)
                if (*at == '\\' && at[1] == 'n')
                    string[length++] = '\n', at++;
                else
                    string[length++] = *at == '\\' ? *++at : *at;
            at += *at == '"';
            ck_assert_uint_lt(length + 4096, sizeof string);
            continue;
        }
        if (length > 0 && !isspace((unsigned char)*at)) {
            string[length] = '\0';
            check_text(string, path);
            strings++;
            length = 0;
        }
        at = skip(at);
    }
    mem_free(source);
    return strings;
}

START_TEST(messages_propose_what_exists)
{
    glob_t sources;
    size_t strings = 0;
    ck_assert_int_eq(glob("src/*/*.c", 0, NULL, &sources), 0);
    for (size_t i = 0; i < sources.gl_pathc; i++)
        strings += check_source(sources.gl_pathv[i]);
    ck_assert_uint_gt(strings, 1000);
    globfree(&sources);
}
END_TEST

START_TEST(readmes_propose_what_exists)
{
    static const char *const paths[] = {"README.md", "samples/README.md"};
    for (size_t i = 0; i < 2; i++) {
        char *text = read_file(paths[i]);
        check_text(text, paths[i]);
        mem_free(text);
    }
}
END_TEST

/* The table's own examples, and the help's of a knob. */
START_TEST(examples_of_commands_are_understood)
{
    struct request parsed;
    struct error error = {.message = ""};
    const struct command *row;
    for (size_t i = 0; (row = commands_at(&app_commands, i)) != NULL; i++) {
        char line[160];
        bool optional = true;
        for (size_t k = 0; k < COMMAND_ARGUMENTS && row->argument[k].type; k++)
            optional &= row->argument[k].optional || row->argument[k].implied != IMPLIED_NOTHING;
        if (!row->argument[0].type || (row->flags & COMMAND_UNLISTED) || row->argument[0].type == ARGUMENT_BRANCH)
            continue;
        ck_assert_msg(row->example || optional, "%s has no example", row->name);
        snprintf(line, sizeof line, "%s %s", row->name, row->example ? row->example : "");
        ck_assert_msg(parse_line(line, &parsed, &error) == STATUS_OK, "%s: %s", line, error.message);
        ck_assert_ptr_eq(parsed.row, row);
        request_free(&parsed);
    }
    ck_assert_int_eq(parse_line("lr 0.05", &parsed, &error), STATUS_OK);
    ck_assert_int_eq(parse_line("speed max", &parsed, &error), STATUS_OK);
}
END_TEST

/* The check itself finds what it is to find. */
START_TEST(wrong_proposals_are_found)
{
    bool found;
    ck_assert(!takes("early-stop", "N", &found) && found);
    ck_assert(!takes("early-stop", A_NUMBER, &found) && takes("early-stop", "", &found));
    ck_assert(takes("points", A_NUMBER, &found) && !takes("tie", A_NUMBER, &found));
    ck_assert(takes("epochs", "X", &found) && !takes("epochs", "N", &found));
    ck_assert(!takes("headless", "FILE", &found) && found);
    ck_assert(!takes("stop-early", "", &found) && !found);
    ck_assert(takes("ask", "TEXT", &found) && takes("envelope", "", &found));
    ck_assert(!takes("envelope", "N", &found) && found);
    ck_assert(is_command("until", 5) && is_command("lr", 2) && !is_command("untill", 6));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("proposals");
    TCase *tests = tcase_create("proposals");
    tcase_add_test(tests, messages_propose_what_exists);
    tcase_add_test(tests, readmes_propose_what_exists);
    tcase_add_test(tests, examples_of_commands_are_understood);
    tcase_add_test(tests, wrong_proposals_are_found);
    suite_add_tcase(suite, tests);
    return suite;
}
