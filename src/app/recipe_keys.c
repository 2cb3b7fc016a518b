/* What a recipe may say: a table of sections, and of the keys of each. */
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

/* A key that stands for a field of the spec; those of knobs and of stages have tables of their own. */
struct key {
    const char *name;
    const char *field; /* NULL: of the same name */
    bool is_path;
    /* What it says besides; NULL: nothing. */
    enum status (*also)(struct recipe *recipe, const char *value, struct error *error);
};

struct section {
    const char *name;
    const struct key *key;
    size_t keys;
    enum status (*set)(struct recipe *recipe, const char *key, const char *value, struct error *error);
};

/* ---- values ---- */

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
static enum status note_said(struct recipe *recipe, const char *field, struct error *error)
{
    const struct option *option = option_find(field, strlen(field));
    if (option)
        recipe->said[option - option_table] = true;
    return conflict_check_pairs(recipe->said, "", error);
}

static enum status set_switch(struct recipe *recipe, const char *name, const char *value, struct error *error)
{
    static const char *const yes[] = {"yes", "on", "true", "1"}, *const no[] = {"no", "off", "false", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (strcasecmp(value, yes[i]) == 0) {
            const enum status status = spec_set(recipe->spec, name, NULL, error);
            return status == STATUS_OK ? note_said(recipe, name, error) : status;
        }
        if (strcasecmp(value, no[i]) == 0)
            return STATUS_OK;
    }
    return error_set(error, STATUS_USAGE, "%s %.60s: must be yes or no", name, value);
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

/* ---- sections ---- */

static const struct key model_keys[] = {
    {.name = "kind", .field = "model"},
    {.name = "layers"},
    {.name = "width"},
    {.name = "heads"},
    {.name = "context"},
    {.name = "window"},
    {.name = "tie"},
    {.name = "lora"},
    {.name = "hidden"},
    {.name = "activation"},
    {.name = "layer-norm"},
    {.name = "loss"},
};

static const struct key data_keys[] = {
    {.name = "text", .field = "task", .is_path = true, .also = take_text},
    {.name = "table", .field = "task", .is_path = true, .also = take_table},
    {.name = "toy", .field = "task", .also = take_toy},
    {.name = "merges"},
    {.name = "test-fraction"},
    {.name = "test", .is_path = true},
    {.name = "target"},
    {.name = "classify"},
    {.name = "regress"},
    {.name = "missing"},
    {.name = "text-column", .field = "text"},
    {.name = "number-column", .field = "number"},
    {.name = "separator"},
    {.name = "decimal"},
    {.name = "header"},
    {.name = "no-header"},
    {.name = "features"},
    {.name = "points"},
    {.name = "noise"},
};

static const struct key prompt_keys[] = {
    {.name = "text", .field = "prompt"},
    {.name = "answer"},
};

static const struct key run_keys[] = {
    {.name = "seed"},   {.name = "data-seed"}, {.name = "steps"},
    {.name = "epochs"}, {.name = "end-with"},  {.name = "at"},
};

static enum status unknown_key(const char *key, const char *const *names, size_t count, struct error *error)
{
    char near[256];
    return error_set(error, STATUS_USAGE, "unknown key '%.60s'%s", key,
                     name_suggest(near, sizeof near, key, names, count));
}

/* NULL when the section has none of that name. */
static const struct key *find_key(const struct section *section, const char *name)
{
    for (size_t i = 0; i < section->keys; i++)
        if (strcmp(section->key[i].name, name) == 0)
            return &section->key[i];
    return NULL;
}

static const struct field *find_field(const char *name)
{
    return field_find_in(spec_table, SPEC_TABLES, name);
}

static const struct field *field_of(const struct key *key)
{
    return find_field(key->field ? key->field : key->name);
}

static enum status set_field(struct recipe *recipe, const char *name, const char *value, struct error *error)
{
    const struct section *section = recipe->section;
    const struct key *key = find_key(section, name);
    const char *names[32];
    for (size_t i = 0; i < section->keys; i++)
        names[i] = section->key[i].name;
    if (!key)
        return unknown_key(name, names, section->keys, error);
    const char *field = field_of(key)->name;
    if (find_field(field)->type == FIELD_MARK)
        return set_switch(recipe, field, value, error);
    char *path = NULL;
    enum status status = key->is_path ? find_file(recipe, name, value, &path, error) : STATUS_OK;
    if (status == STATUS_OK)
        status = spec_set(recipe->spec, field, path ? path : value, error);
    if (status == STATUS_OK && key->also)
        status = key->also(recipe, value, error);
    if (status == STATUS_OK)
        status = note_said(recipe, field, error);
    mem_free(path);
    return status;
}

static enum status set_knob(struct recipe *recipe, const char *name, const char *value, struct error *error)
{
    if (knob_find(name) != KNOB_COUNT)
        return spec_set(recipe->spec, name, value, error);
    const char *names[KNOB_COUNT];
    for (size_t i = 0; i < KNOB_COUNT; i++)
        names[i] = knob_table[i].name;
    return unknown_key(name, names, KNOB_COUNT, error);
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

#define KEYS(table) .key = (table), .keys = sizeof(table) / sizeof(table)[0], .set = set_field

static const struct section section_table[] = {
    {.name = "model", KEYS(model_keys)},   {.name = "data", KEYS(data_keys)}, {.name = "knobs", .set = set_knob},
    {.name = "prompt", KEYS(prompt_keys)}, {.name = "run", KEYS(run_keys)},   {.name = "stage", .set = set_of_stage},
};
enum { SECTIONS = sizeof section_table / sizeof section_table[0], STAGE_SECTION = SECTIONS - 1 };

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

static enum status unknown_section(const char *name, struct error *error)
{
    const char *names[SECTIONS];
    char near[256];
    for (size_t i = 0; i < SECTIONS; i++)
        names[i] = section_table[i].name;
    return error_set(error, STATUS_USAGE, "unknown section '%.60s'%s", name,
                     name_suggest(near, sizeof near, name, names, SECTIONS));
}

enum status recipe_begin_section(struct recipe *recipe, const char *name, struct error *error)
{
    size_t at = 0;
    const size_t length = strcspn(name, " ");
    if (!*name)
        return error_set(error, STATUS_USAGE, "a section such as [model] must come %s",
                         recipe->section_line > 0 ? "here" : "first");
    while (at < SECTIONS &&
           !(strlen(section_table[at].name) == length && strncmp(section_table[at].name, name, length) == 0))
        at++;
    const bool stage = at == STAGE_SECTION;
    if (at == SECTIONS || (!stage && name[length]))
        return unknown_section(name, error);
    if (!stage && (recipe->sections >> at & 1))
        return error_set(error, STATUS_USAGE, "the section [%s] is there twice", name);
    recipe->sections |= 1u << at;
    recipe->section = &section_table[at];
    mem_free(recipe->keys.text);
    recipe->keys = (struct lines){0};
    return stage ? begin_stage(recipe, name + length, error) : STATUS_OK;
}

/* A key of a section may be said once, unless its field repeats. */
static enum status check_new(struct recipe *recipe, const char *name, struct error *error)
{
    const enum knob_id knob = knob_find(name);
    const struct key *key = find_key(recipe->section, name);
    const struct field *field = key ? field_of(key) : find_field(name);
    char line[96];
    if (field && field->repeats)
        return STATUS_OK;
    snprintf(line, sizeof line, "\n%s\n", knob != KNOB_COUNT ? knob_table[knob].name : name);
    if (recipe->keys.text && strstr(recipe->keys.text, line))
        return error_set(error, STATUS_USAGE, "%.60s: it is there twice in this section", name);
    lines_add(&recipe->keys, "%s", line);
    return recipe->keys.failed ? error_memory(error) : STATUS_OK;
}

enum status recipe_set(struct recipe *recipe, const char *key, const char *value, struct error *error)
{
    const enum status status = check_new(recipe, key, error);
    return status == STATUS_OK ? recipe->section->set(recipe, key, value, error) : status;
}
