/* Reads the user's file `config`: defaults of the screen, and the folder for journals. */
#include "app/config.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "app/option.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/mem.h"
#include "base/name.h"

enum { CONFIG_SIZE_MAX = 65536 };

/* Cuts white space off both ends of `text`, in place. */
static char *trimmed(char *text)
{
    char *end = text + strlen(text);
    while (isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        *--end = '\0';
    return text;
}

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
    const char *names[16];
    char near[256];
    size_t count = 0;
    for (; count < ui_fields.count; count++)
        names[count] = ui_fields.row[count].name;
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

static enum status take_line(struct cli *cli, char *line, struct error *error)
{
    char *equals = strchr(line, '=');
    if (!equals)
        return error_set(error, STATUS_USAGE, "a setting is written as name = value");
    *equals = '\0';
    const char *name = trimmed(line), *value = trimmed(equals + 1);
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
    size_t number = 1;
    for (char *line = text, *next; line; line = next, number++) {
        struct error why = {.message = ""};
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line = trimmed(line);
        if (line[0] && line[0] != '#' && take_line(cli, line, &why) != STATUS_OK)
            fprintf(said, "downhill: %s:%zu: %s; the line is ignored\n", path, number, why.message);
    }
}

/* The file's text, which ends with a zero; NULL, with the reason, when it cannot be read. */
static char *read_text(FILE *file, const char **reason)
{
    char *text = mem_alloc(CONFIG_SIZE_MAX + 1, 1);
    const size_t length = text ? fread(text, 1, CONFIG_SIZE_MAX + 1, file) : 0;
    *reason = NULL;
    if (!text)
        *reason = "out of memory";
    else if (ferror(file))
        *reason = strerror(errno);
    else if (length > CONFIG_SIZE_MAX)
        *reason = "it is larger than 64 KiB";
    if (!*reason) {
        text[length] = '\0';
        return text;
    }
    mem_free(text);
    return NULL;
}

void config_read(struct cli *cli, FILE *said)
{
    struct lines path = {0};
    char *folder = file_user_folder("XDG_CONFIG_HOME", ".config");
    if (folder)
        lines_add(&path, "%s/config", folder);
    mem_free(folder);
    FILE *file = path.text ? fopen(path.text, "rb") : NULL;
    const char *reason = file || !path.text || errno == ENOENT || errno == ENOTDIR ? NULL : strerror(errno);
    if (file) {
        cli->config = read_text(file, &reason);
        fclose(file);
    }
    if (reason)
        fprintf(said, "downhill: %s: %s; the file is ignored\n", path.text, reason);
    else if (cli->config)
        config_parse(cli, path.text, cli->config, said);
    mem_free(path.text);
}
