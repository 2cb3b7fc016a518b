/* Understands, completes and describes lines that name a command. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "learn/knob.h"
#include "ui/command_line.h"
#include "ui/commands.h"

#define NAMES_MAX 256

/* Cuts the next word off; returns what follows it. */
static const char *next_word(const char *text, char *word, size_t size)
{
    while (*text == ' ')
        text++;
    const size_t length = strcspn(text, " =");
    snprintf(word, size, "%.*s", (int)(length < size ? length : size - 1), text);
    text += length;
    return text + strspn(text, " =");
}

/* Splits off the first word; `rest` is without blanks at both ends. */
static void split(const char *text, char *word, size_t word_size, char *rest, size_t rest_size)
{
    snprintf(rest, rest_size, "%s", next_word(text, word, word_size));
    for (size_t end = strlen(rest); end > 0 && rest[end - 1] == ' '; end--)
        rest[end - 1] = 0;
}

static size_t all_names(const struct command_lists *lists, const char **name)
{
    const struct command *row;
    size_t count = field_names(&knob_fields, name, 0);
    for (size_t i = 0; (row = commands_at(lists, i)) != NULL && count < NAMES_MAX; i++)
        if (!(row->flags & COMMAND_UNLISTED) && row->argument[0].type != ARGUMENT_KNOB)
            name[count++] = row->name;
    return count;
}

/* The row that sets a knob; NULL: there is none. */
static const struct command *find_setter(const struct command_lists *lists)
{
    const struct command *row;
    for (size_t i = 0; (row = commands_at(lists, i)) != NULL; i++)
        if (row->argument[0].type == ARGUMENT_KNOB)
            return row;
    return NULL;
}

/* ---- arguments ---- */

static bool is_implied(const struct argument *argument)
{
    return argument->implied != IMPLIED_NOTHING && !argument->optional;
}

static bool is_needed(const struct argument *argument)
{
    return argument->implied == IMPLIED_NOTHING && !argument->optional;
}

/* Those that a person writes. */
static void write_arguments(const struct command *row, char *out, size_t size)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t i = 0; i < COMMAND_ARGUMENTS && row->argument[i].type && used < size; i++)
        if (!is_implied(&row->argument[i]))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "", row->argument[i].name);
}

void command_usage(const struct command *row, char *out, size_t size)
{
    char arguments[64];
    write_arguments(row, arguments, sizeof arguments);
    if (row->argument[0].type == ARGUMENT_KNOB)
        snprintf(out, size, "%s", arguments);
    else
        snprintf(out, size, "%s%s%s", row->name, arguments[0] ? " " : "", arguments);
}

static enum status take_branch(const struct command *row, const struct command_place *place, const char *word,
                               union argument_value *value, struct error *error)
{
    const char *names[NAMES_MAX];
    char near[200];
    if (!place)
        return error_set(error, STATUS_USAGE, "%s: there are no branches yet: a key cannot name one", row->name);
    const int found = lineage_find(&place->branches, word);
    if (found < 0)
        return error_set(
            error, STATUS_USAGE, "%s: there is no branch '%.40s'%s", row->name, word,
            name_suggest(near, sizeof near, word, names, lineage_names(&place->branches, names, NAMES_MAX)));
    value->number = (uint64_t)found;
    return STATUS_OK;
}

static uint64_t implied_branch(const struct argument *argument, const struct command_place *place)
{
    if (!place)
        return 0;
    if (argument->implied == IMPLIED_RIVAL && place->rival >= 0)
        return (uint64_t)place->rival;
    return argument->implied == IMPLIED_PRESENT ? place->present : place->chosen;
}

static enum status take_number(const struct command *row, const struct argument *argument, const char *word,
                               union argument_value *value, struct error *error)
{
    if (number_parse_u64(word, &value->number) && (double)value->number <= argument->max &&
        (double)value->number >= argument->min)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "%s %.40s: %s is a whole number up to %.0f, as in %s %s", row->name, word,
                     argument->name, argument->max, row->name, row->example ? row->example : "1");
}

static enum status take_word(const struct command *row, const struct argument *argument, const char *word,
                             union argument_value *value, struct error *error)
{
    const char *names[NAMES_MAX];
    char near[200];
    size_t count = 0;
    for (const char *name; count < NAMES_MAX && (name = argument->choice(count)) != NULL; count++) {
        names[count] = name;
        if (strcasecmp(name, word) == 0) {
            value->number = count;
            return STATUS_OK;
        }
    }
    return error_set(error, STATUS_USAGE, "%s: there is no '%.40s'%s", row->name, word,
                     name_suggest(near, sizeof near, word, names, count));
}

static enum status take_knob(const char *word, union argument_value *value, struct error *error)
{
    char near[200];
    value->number = knob_find(word);
    if (value->number != KNOB_COUNT)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "unknown knob '%.40s'%s", word, knob_suggest(near, sizeof near, word));
}

static enum status take_value(const char *word, union argument_value *value, struct error *error)
{
    const enum knob_id knob = (enum knob_id)value[-1].number;
    if (!word[0])
        return error_set(error, STATUS_USAGE, "%s needs a value", knob_table[knob].name);
    if (strcasecmp(word, "down") == 0 || strcasecmp(word, "up") == 0) {
        value->real = strcasecmp(word, "up") == 0 ? INFINITY : -INFINITY;
        return STATUS_OK;
    }
    return knob_parse(knob, word, &value->real, error);
}

static enum status take_text(const struct command *row, const struct argument *argument, const char *word,
                             struct request *out, struct error *error)
{
    if ((double)strlen(word) > argument->max)
        return error_set(error, STATUS_USAGE, "%s: its text is longer than %.0f bytes", row->name, argument->max);
    out->text = mem_string(word);
    return out->text ? STATUS_OK : error_memory(error);
}

static enum status take_argument(const struct command_place *place, size_t i, const char *word, struct request *out,
                                 struct error *error)
{
    const struct command *row = out->row;
    const struct argument *argument = &row->argument[i];
    union argument_value *value = &out->value[i];
    switch (argument->type) {
    case ARGUMENT_NONE:
        return STATUS_OK;
    case ARGUMENT_NUMBER:
        return take_number(row, argument, word, value, error);
    case ARGUMENT_BRANCH:
        return take_branch(row, place, word, value, error);
    case ARGUMENT_KNOB:
        return take_knob(word, value, error);
    case ARGUMENT_VALUE:
        return take_value(word, value, error);
    case ARGUMENT_WORD:
        return take_word(row, argument, word, value, error);
    case ARGUMENT_TEXT:
    case ARGUMENT_FILE:
        return take_text(row, argument, word, out, error);
    }
    return STATUS_OK;
}

static size_t count_words(const char *text)
{
    size_t count = 0;
    for (; *text; text += strcspn(text, " ")) {
        text += strspn(text, " ");
        count += *text != 0;
    }
    return count;
}

/* How many arguments must be written. */
static size_t count_needed(const struct command *row)
{
    size_t count = 0;
    for (size_t i = 0; i < COMMAND_ARGUMENTS && row->argument[i].type; i++)
        count += is_needed(&row->argument[i]);
    return count;
}

static size_t count_arguments(const struct command *row)
{
    size_t count = 0;
    while (count < COMMAND_ARGUMENTS && row->argument[count].type)
        count++;
    return count;
}

/* The last argument takes the rest of the line.  One that may be left out takes a word only where there are more words
 * than needed; before a text it takes none, since the words of a text are not counted. */
static enum status take_arguments(const struct command_place *place, const char *rest, struct request *out,
                                  struct error *error)
{
    const struct command *row = out->row;
    const size_t arguments = count_arguments(row), needed = count_needed(row), words = count_words(rest);
    const bool text = arguments > 0 && argument_is_text(&row->argument[arguments - 1]);
    size_t spare = text || words < needed ? 0 : words - needed;
    char usage[80], word[64];
    write_arguments(row, usage, sizeof usage);
    if (arguments == 0 && rest[0])
        return error_set(error, STATUS_USAGE, "%s takes no argument", row->name);
    if (words < needed && row->argument[0].type != ARGUMENT_KNOB)
        return error_set(error, STATUS_USAGE, "%s needs %s, as in %s %s", row->name, usage, row->name,
                         row->example ? row->example : "");
    enum status status = STATUS_OK;
    for (size_t i = 0; i < arguments && status == STATUS_OK; i++) {
        const struct argument *argument = &row->argument[i];
        const bool last = i + 1 == arguments, skippable = !is_needed(argument);
        if (skippable && (last ? !rest[0] : spare == 0)) {
            if (argument->type == ARGUMENT_BRANCH)
                out->value[i].number = implied_branch(argument, place);
            continue;
        }
        spare -= skippable && spare > 0;
        if (last) {
            status = take_argument(place, i, rest, out, error);
            break;
        }
        rest = next_word(rest, word, sizeof word);
        status = take_argument(place, i, word, out, error);
    }
    return status;
}

/* ---- lines ---- */

static enum status refuse_name(const struct command_lists *lists, const char *word, struct error *error)
{
    const char *names[NAMES_MAX];
    char near[300];
    if (!name_hint(near, sizeof near, "", word, names, all_names(lists, names))[0])
        snprintf(near, sizeof near, ": Tab shows what there is");
    return error_set(error, STATUS_USAGE, "unknown command '%.40s'%s", word, near);
}

enum status command_parse(const struct command_lists *lists, const struct command_place *place, const char *text,
                          struct request *out, struct error *error)
{
    char word[64], rest[LINE_SIZE];
    *out = (struct request){.row = NULL};
    split(text, word, sizeof word, rest, sizeof rest);
    if (!word[0])
        return STATUS_OK;
    out->row = commands_find(lists, word);
    if (!out->row && knob_find(word) != KNOB_COUNT) {
        out->row = find_setter(lists);
        out->value[0].number = knob_find(word);
        return take_value(rest, &out->value[1], error);
    }
    const enum status status = out->row ? take_arguments(place, rest, out, error) : refuse_name(lists, word, error);
    if (status != STATUS_OK)
        request_free(out);
    return status;
}

/* ---- completion ---- */

static size_t choices_of(const struct command_source *source, const char *word, const char **name)
{
    const struct command *row = commands_find(source->lists, word);
    const enum knob_id knob = knob_find(word);
    size_t count = 0;
    for (size_t i = 0; row && i < COMMAND_ARGUMENTS; i++) {
        const struct argument *argument = &row->argument[i];
        if (argument->type == ARGUMENT_BRANCH && !is_implied(argument))
            return lineage_names(source->branches, name, NAMES_MAX);
        while (argument->choice && count < NAMES_MAX && (name[count] = argument->choice(count)) != NULL)
            count++;
    }
    if (!row && knob != KNOB_COUNT)
        for (; count < knob_table[knob].choice_count; count++)
            name[count] = knob_table[knob].choice(count);
    return count;
}

size_t command_words(const void *data, const char *before, const char **word, size_t most)
{
    const struct command_source *source = data;
    const char *name[NAMES_MAX];
    char first[64], rest[LINE_SIZE];
    split(before, first, sizeof first, rest, sizeof rest);
    const char *blank = strrchr(before, ' ');
    const char *begun = blank ? blank + 1 : before;
    const size_t names = blank && first[0] ? choices_of(source, first, name) : all_names(source->lists, name);
    size_t count = 0;
    for (size_t i = 0; i < names && count < most; i++)
        if (strncasecmp(name[i], begun, strlen(begun)) == 0)
            word[count++] = name[i];
    return count;
}

void command_describe(const struct command_lists *lists, const char *text, char *out, size_t size)
{
    char word[64], rest[LINE_SIZE], usage[80];
    split(text, word, sizeof word, rest, sizeof rest);
    const struct command *row = commands_find(lists, word);
    const enum knob_id id = knob_find(word);
    out[0] = 0;
    if (row) {
        command_usage(row, usage, sizeof usage);
        snprintf(out, size, "%s: %s", usage, row->about);
    } else if (id != KNOB_COUNT) {
        const struct field *knob = &knob_table[id];
        size_t used = (size_t)snprintf(out, size, "%s: ", knob->label);
        if (knob->choice_count == 0)
            field_range(knob, out + used, size - used);
        for (size_t i = 0; i < knob->choice_count && used < size; i++)
            used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", knob->choice(i));
    }
}
