/* Knows what a recipe may say: the sections that tables of fields name, with the rows as keys, and stages. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "app/conflict.h"
#include "app/option.h"
#include "app/recipe.h"
#include "app/recipe_parts.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/name.h"
#include "data/toys.h"
#include "setup/spec_field.h"
#include "setup/spec_stage.h"

static const char data_section[] = "data", stage_section[] = "stage";

/* ---- values ---- */

/* Whether the lines have one with that name alone. */
static bool has_line(const struct lines *lines, const char *name)
{
    char line[96];
    snprintf(line, sizeof line, "\n%s\n", name);
    return lines->text && strstr(lines->text, line);
}

/* The path from the recipe's folder on; NULL: out of memory. */
static char *from_folder(const struct recipe *recipe, const char *path)
{
    const char *slash = strrchr(recipe->path, '/');
    struct lines whole = {0};
    lines_add(&whole, "%.*s%s", slash && path[0] != '/' ? (int)(slash + 1 - recipe->path) : 0, recipe->path, path);
    return whole.text;
}

/* *out: to be released. */
static enum status find_file(const struct recipe *recipe, const char *key, const char *value, char **out,
                             struct error *error)
{
    char *path = *out = from_folder(recipe, value);
    if (!path)
        return error_memory(error);
    if (recipe_is(path))
        return error_set(error, STATUS_USAGE, "%s: %.100s is %s, no data", key, path,
                         file_same(path, recipe->path) ? "this recipe itself" : "a recipe");
    if (access(path, R_OK) != 0)
        return error_set(error, STATUS_USAGE, "%s: %.200s: %s", key, path, strerror(errno));
    return STATUS_OK;
}

/* Notes that a key has set the field, and refuses it when it contradicts one that was set before. */
static enum status note_said(struct recipe *recipe, const struct field *field, struct error *error)
{
    said_note(&recipe->said, field, true);
    return conflict_check_pairs(&recipe->said, "", error);
}

static enum status set_mark(struct recipe *recipe, const struct field *field, const char *value, struct error *error)
{
    static const char *const yes[] = {"yes", "on", "true", "1"}, *const no[] = {"no", "off", "false", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcasecmp(value, yes[i]) == 0) {
            const enum status status = field_read(recipe->spec, field, NULL, error);
            return status == STATUS_OK ? note_said(recipe, field, error) : status;
        }
        if (strcasecmp(value, no[i]) == 0)
            return STATUS_OK;
    }
    return error_set(error, STATUS_USAGE, "%s %.60s: must be yes or no", field->name, value);
}

/* ---- data ---- */

static enum status take_data(struct recipe *recipe, const char *kind, struct error *error)
{
    if (recipe->data)
        return error_set(error, STATUS_USAGE, "%s: there is a %s already", kind, recipe->data);
    recipe->data = kind;
    return STATUS_OK;
}

static enum status take_text(struct recipe *recipe, const char *value, struct error *error)
{
    (void)value;
    recipe->spec->language_given = true;
    recipe->spec->shape.kind = MODEL_LANGUAGE;
    return take_data(recipe, "text", error);
}

static enum status take_table(struct recipe *recipe, const char *value, struct error *error)
{
    if (!recipe->spec->language_given && spec_is_text(recipe->spec))
        return error_set(error, STATUS_USAGE, "table: %.200s is a text, by its name", value);
    return take_data(recipe, "table", error);
}

static enum status take_toy(struct recipe *recipe, const char *value, struct error *error)
{
    if (toy_find(value))
        return take_data(recipe, "toy", error);
    return toy_unknown(value, error);
}

/* The key of [data] that says what is learnt is the task's, and says its kind. */
static const struct task_key {
    const char *name;
    bool is_path;
    enum status (*take)(struct recipe *recipe, const char *value, struct error *error);
} task_table[] = {{"text", true, take_text}, {"table", true, take_table}, {"toy", false, take_toy}};
enum { TASK_KEYS = sizeof task_table / sizeof task_table[0] };

static const struct task_key *find_task_key(const struct recipe *recipe, const char *name)
{
    for (size_t i = 0; strcmp(recipe->section, data_section) == 0 && i < TASK_KEYS; i++)
        if (strcmp(task_table[i].name, name) == 0)
            return &task_table[i];
    return NULL;
}

static enum status set_task(struct recipe *recipe, const struct task_key *key, const char *value, struct error *error)
{
    char *path = NULL;
    enum status status = key->is_path ? find_file(recipe, key->name, value, &path, error) : STATUS_OK;
    if (status == STATUS_OK)
        status = spec_set(recipe->spec, "task", path ? path : value, error);
    if (status == STATUS_OK)
        status = key->take(recipe, value, error);
    mem_free(path);
    return status;
}

/* ---- keys ---- */

static const char *key_of(const struct field *field)
{
    return field->key ? field->key : field->name;
}

static bool in_section(const struct recipe *recipe, size_t table)
{
    return spec_table[table]->section && strcmp(spec_table[table]->section, recipe->section) == 0;
}

/* The row that the key sets; NULL when the section has none. */
static const struct field *find_field(const struct recipe *recipe, const char *key)
{
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; in_section(recipe, i) && k < spec_table[i]->count; k++)
            if (strcmp(key_of(&spec_table[i]->row[k]), key) == 0)
                return &spec_table[i]->row[k];
    return strcmp(knob_fields.section, recipe->section) == 0 ? field_find(&knob_fields, key) : NULL;
}

static enum status unknown_key(const struct recipe *recipe, const char *key, struct error *error)
{
    const char *names[FIELD_NAMES_MAX];
    char near[256];
    size_t count = 0;
    if (strcmp(knob_fields.section, recipe->section) == 0)
        count = field_names(&knob_fields, names, count);
    for (size_t i = 0; strcmp(recipe->section, data_section) == 0 && i < TASK_KEYS; i++)
        names[count++] = task_table[i].name;
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; in_section(recipe, i) && k < spec_table[i]->count && count < FIELD_NAMES_MAX; k++)
            names[count++] = key_of(&spec_table[i]->row[k]);
    return error_set(error, STATUS_USAGE, "unknown key '%.60s'%s", key,
                     name_suggest(near, sizeof near, key, names, count));
}

static enum status set_field(struct recipe *recipe, const struct field *field, const char *value, struct error *error)
{
    char *path = NULL;
    if (field->label)
        return spec_set(recipe->spec, field->name, value, error);
    if (field->type == FIELD_MARK)
        return set_mark(recipe, field, value, error);
    enum status status = field->file ? find_file(recipe, field->name, value, &path, error) : STATUS_OK;
    if (status == STATUS_OK)
        status = field_read(recipe->spec, field, path ? path : value, error);
    if (status == STATUS_OK)
        status = note_said(recipe, field, error);
    mem_free(path);
    return status;
}

static enum status set_of_stage(struct recipe *recipe, const char *name, const char *value, struct error *error)
{
    char *path = NULL;
    enum status status = strcmp(name, "data") == 0 ? find_file(recipe, name, value, &path, error) : STATUS_OK;
    if (status == STATUS_OK)
        status = spec_stage_set(recipe->stage, name, path ? path : value, error);
    mem_free(path);
    return status;
}

/* A key of a section may be said once, unless its field repeats. */
static enum status check_new(struct recipe *recipe, const char *name, const struct field *field, struct error *error)
{
    if (field && field->repeats)
        return STATUS_OK;
    if (has_line(&recipe->keys, field ? key_of(field) : name))
        return error_set(error, STATUS_USAGE, "%.60s: it is there twice in this section", name);
    lines_add(&recipe->keys, "\n%s\n", field ? key_of(field) : name);
    return recipe->keys.failed ? error_memory(error) : STATUS_OK;
}

enum status recipe_set(struct recipe *recipe, const char *key, const char *value, struct error *error)
{
    const bool stage = strcmp(recipe->section, stage_section) == 0;
    const struct task_key *task = find_task_key(recipe, key);
    const struct field *field = stage ? field_find(&knob_fields, key) : task ? NULL : find_field(recipe, key);
    const enum status status = check_new(recipe, key, field, error);
    if (status != STATUS_OK)
        return status;
    if (stage)
        return set_of_stage(recipe, key, value, error);
    if (task)
        return set_task(recipe, task, value, error);
    return field ? set_field(recipe, field, value, error) : unknown_key(recipe, key, error);
}

/* ---- sections ---- */

static bool is_among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Those of the tables, each once, and that of stages; their number. */
static size_t section_names(const char *names[SPEC_TABLES + 2])
{
    size_t count = 0;
    for (size_t i = 0; i < SPEC_TABLES; i++)
        if (spec_table[i]->section && !is_among(names, count, spec_table[i]->section))
            names[count++] = spec_table[i]->section;
    names[count++] = knob_fields.section;
    names[count++] = stage_section;
    return count;
}

static enum status begin_stage(struct recipe *recipe, const char *words, struct error *error)
{
    const size_t before = recipe->spec->stages;
    char name[64];
    snprintf(name, sizeof name, "%s", words + strspn(words, " "));
    for (size_t length = strlen(name); length > 0 && name[length - 1] == ' '; length--)
        name[length - 1] = '\0';
    const enum status status = spec_stage_find(recipe->spec, name, &recipe->stage, error);
    if (status != STATUS_OK)
        return status;
    if (recipe->spec->stages == before)
        return error_set(error, STATUS_USAGE, "stage %s: there is one of that name already", name);
    recipe->stage_line[before] = recipe->section_line;
    return STATUS_OK;
}

enum status recipe_begin_section(struct recipe *recipe, const char *name, struct error *error)
{
    const char *names[SPEC_TABLES + 2] = {NULL};
    char near[256];
    size_t at = 0;
    const size_t length = strcspn(name, " "), count = section_names(names);
    if (!*name)
        return error_set(error, STATUS_USAGE, "a section such as [model] must come %s",
                         recipe->section_line > 0 ? "here" : "first");
    while (at < count && !(strlen(names[at]) == length && strncmp(names[at], name, length) == 0))
        at++;
    const bool stage = at < count && names[at] == stage_section;
    if (at == count || (!stage && name[length]))
        return error_set(error, STATUS_USAGE, "unknown section '%.60s'%s", name,
                         name_suggest(near, sizeof near, name, names, count));
    if (!stage && has_line(&recipe->sections, name))
        return error_set(error, STATUS_USAGE, "the section [%s] is there twice", name);
    lines_add(&recipe->sections, "\n%s\n", names[at]);
    recipe->section = names[at];
    mem_free(recipe->keys.text);
    recipe->keys = (struct lines){0};
    if (recipe->sections.failed)
        return error_memory(error);
    return stage ? begin_stage(recipe, name + length, error) : STATUS_OK;
}
