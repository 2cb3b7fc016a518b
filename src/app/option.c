/* Finds an option of the command line in the tables of a subcommand, and sets its field in the request. */
#include "app/option.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "app/field_list.h"
#include "base/name.h"
#include "base/number.h"

enum { NAME_SIZE = 64 };

/* ---- finding ---- */

static const struct field *find_letter(const struct field_table *table, char letter)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->row[i].letter == letter)
            return &table->row[i];
    return NULL;
}

/* By a whole name, or of a short option by its letter; NULL when the subcommand has none. */
static const struct field *find(const struct subcommand *command, const char *name, bool is_long)
{
    const struct field *found = NULL;
    for (size_t i = 0; command->table[i] && !found; i++)
        found = is_long ? field_find(command->table[i], name) : find_letter(command->table[i], name[0]);
    return found;
}

/* --no-NAME */
static const struct field *find_taken_back(const struct subcommand *command, const char *name)
{
    const struct field *field = strncmp(name, "no-", 3) == 0 ? find(command, name + 3, true) : NULL;
    return field && (field_can_unmark(field) || field->type == FIELD_SWITCH) ? field : NULL;
}

static enum status refuse_unknown(const struct subcommand *command, const char *word, const char *name,
                                  struct error *error)
{
    const char *names[FIELD_NAMES_MAX];
    char near[NAME_SIZE + 32];
    size_t count = 0;
    for (size_t i = 0; command->table[i]; i++)
        count = field_names(command->table[i], names, count);
    return error_set(error, STATUS_USAGE, "%s%sunknown option '%.60s'%s", command->name ? command->name : "",
                     command->name ? ": " : "", word, name_hint(near, sizeof near, "--", name, names, count));
}

static enum status refuse_of_run(const struct subcommand *command, const struct field *field, struct error *error)
{
    if (command->refuses_state)
        return error_set(error, STATUS_USAGE, "--%s is for a run: a %s takes its settings from the journal",
                         field->name, command->name);
    return error_set(error, STATUS_USAGE, "--%s is for a run: %s has none", field->name, command->name);
}

/* Another subcommand may have it: a run first, whose row is the first. */
static enum status refuse(const struct subcommand *command, const char *word, const char *name, bool is_long,
                          struct error *error)
{
    for (size_t i = 0; i < subcommand_count; i++) {
        const struct field *field = find(&subcommand_table[i], name, is_long);
        if (field && !subcommand_table[i].name)
            return refuse_of_run(command, field, error);
        if (field && is_long)
            return error_set(error, STATUS_USAGE, "--%s is for downhill %s", field->name, subcommand_table[i].name);
    }
    return refuse_unknown(command, word, name, error);
}

/* ---- values ---- */

/* Whether the word behind a switch must be meant as its value: a number, yes or true in place of on. */
static bool is_switch_value(const char *word)
{
    static const char *const meant[] = {"on", "off", "yes", "no", "true", "false"};
    double number;
    for (size_t i = 0; i < sizeof meant / sizeof *meant; i++)
        if (strcasecmp(word, meant[i]) == 0)
            return true;
    return number_parse(word, &number);
}

/* A switch without a value is on. */
static enum status read_switch(struct option *option, const char *word, int argc, char **argv, int *at,
                               struct error *error)
{
    const char *next = *at < argc ? argv[*at] : "";
    option->value = "on";
    if (strcmp(next, "on") == 0 || strcmp(next, "off") == 0)
        option->value = argv[(*at)++];
    else if (is_switch_value(next))
        return error_set(error, STATUS_USAGE, "%s %.40s: it takes on or off", word, next);
    return STATUS_OK;
}

enum status option_read(struct option *option, const struct subcommand *command, int argc, char **argv, int *at,
                        struct error *error)
{
    const char *word = argv[(*at)++];
    const bool is_long = word[1] == '-';
    const char *start = word + (is_long ? 2 : 1), *equals = is_long ? strchr(start, '=') : NULL;
    const size_t length = equals ? (size_t)(equals - start) : is_long ? strlen(start) : 1;
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)(length < NAME_SIZE ? length : NAME_SIZE - 1), start);

    const struct field *field = find(command, name, is_long);
    const bool back = !field && is_long && (field = find_taken_back(command, name));
    if (!field)
        return refuse(command, word, name, is_long, error);
    if (command->refuses_state && field->affects_state)
        return refuse_of_run(command, field, error);

    const char *value = equals ? equals + 1 : NULL;
    *option = (struct option){.field = field, .taken_back = back};
    if (!is_long && start[1]) {
        if (field->type == FIELD_MARK)
            return error_set(error, STATUS_USAGE, "'%.60s': write short options one by one", word);
        value = start + 1;
    }
    if (back || field->type == FIELD_MARK)
        return value ? error_set(error, STATUS_USAGE, "--%s takes no value", name) : STATUS_OK;
    if (!value && field->type == FIELD_SWITCH)
        return read_switch(option, word, argc, argv, at, error);
    if (!value && *at >= argc)
        return error_set(error, STATUS_USAGE, "%s needs a value: %s", word, field_argument(field));
    option->value = value ? value : argv[(*at)++];
    return STATUS_OK;
}

/* ---- setting ---- */

void said_note(struct said *said, const struct field *field, bool set)
{
    size_t at = 0;
    while (at < said->count && said->field[at] != field)
        at++;
    if (set && at == said->count && at < CLI_SAID_MAX)
        said->field[said->count++] = field;
    else if (!set && at < said->count)
        said->field[at] = said->field[--said->count];
}

bool said_has(const struct said *said, const char *name)
{
    for (size_t i = 0; i < said->count; i++)
        if (strcmp(said->field[i]->name, name) == 0)
            return true;
    return false;
}

/* The table of the list that has the row; *index: the row's number. */
static const struct field_set *set_of(const struct field *field, size_t *index)
{
    for (size_t i = 0; i < field_list_count; i++)
        for (*index = 0; *index < field_list[i].table->count; ++*index)
            if (&field_list[i].table->row[*index] == field)
                return &field_list[i];
    return NULL;
}

enum status option_set(struct cli *cli, const struct option *option, struct error *error)
{
    const struct field *field = option->field;
    struct error why = {.status = STATUS_OK};
    size_t index = 0;
    const struct field_set *set = set_of(field, &index);
    void *owner = (char *)cli + set->owner;
    enum status status = STATUS_OK;
    if (option->taken_back && field->type == FIELD_MARK)
        field_unmark(owner, field);
    else
        status = field_read_typed(owner, field, option->taken_back ? "off" : option->value, &why);
    if (set->given)
        ((bool *)(void *)((char *)cli + set->given))[index] = true;
    said_note(&cli->said, field, !option->taken_back);
    if (status != STATUS_OK) /* a knob's message begins with its label */
        error_set(error, status, "%s%s", status == STATUS_USAGE && !field->label ? "--" : "", why.message);
    return status;
}
