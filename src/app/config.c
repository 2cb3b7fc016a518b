/* Reads the user's file `config`: defaults of the screen, and the folder for journals. */
#include "app/config.h"

#include <string.h>

#include "app/option.h"
#include "app/user_file.h"
#include "base/mem.h"
#include "base/name.h"

/* Unlike --journal FILE, the setting names a folder, in which each run gets a file of its own. */
static enum status read_journal_folder(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct cli *cli = owner;
    cli->no_journal = strcmp(text, "none") == 0;
    cli->journal_folder = cli->no_journal ? NULL : text;
    if (cli->no_journal || text[0] == '/')
        return STATUS_OK;
    cli->journal_folder = NULL;
    return error_set(error, STATUS_USAGE, "%s = %.60s: it takes a folder, as a path that begins with /, or none",
                     field->name, text);
}

static const struct field journal_row = {.name = "journal", .type = FIELD_OWN, .read = read_journal_folder};

static enum status refuse_name(const char *name, struct error *error)
{
    const char *names[FIELD_NAMES_MAX + 1];
    char near[256];
    size_t count = field_names(&ui_fields, names, 0);
    names[count++] = journal_row.name;
    return error_set(error, STATUS_USAGE, "'%.60s' cannot be set here%s", name,
                     name_suggest(near, sizeof near, name, names, count));
}

static enum status take_screen(struct cli *cli, const struct field *field, const char *value, struct error *error)
{
    struct option option = {.field = field, .value = value};
    if (field->type == FIELD_MARK) {
        if (strcmp(value, "on") != 0 && strcmp(value, "off") != 0)
            return error_set(error, STATUS_USAGE, "%s = %.40s: it takes on or off", field->name, value);
        option = (struct option){.field = field, .taken_back = strcmp(value, "off") == 0};
    }
    return option_set(cli, &option, error);
}

static enum status take_line(void *owner, char *line, struct error *error)
{
    struct cli *cli = owner;
    char *equals = strchr(line, '=');
    if (!equals)
        return error_set(error, STATUS_USAGE, "a setting is written as name = value");
    *equals = '\0';
    const char *name = user_file_trim(line), *value = user_file_trim(equals + 1);
    const struct field *field = field_find(&ui_fields, name);
    const bool is_journal = strcmp(name, journal_row.name) == 0;
    if (!field && !is_journal)
        return refuse_name(name, error);
    if (!value[0])
        return error_set(error, STATUS_USAGE, "%s = : there is no value", name);
    return is_journal ? field_read(cli, &journal_row, value, error) : take_screen(cli, field, value, error);
}

void config_parse(struct cli *cli, const char *path, char *text, FILE *said)
{
    user_file_each(path, text, said, take_line, cli);
}

void config_read(struct cli *cli, FILE *said)
{
    char *path;
    cli->config = user_file_read("config", &path, said);
    if (cli->config)
        config_parse(cli, path, cli->config, said);
    mem_free(path);
}
