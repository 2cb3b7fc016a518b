/* Reads a recipe file into the spec of a run.
 *
 * DESIGN.  inih cuts the file into sections, keys and values; it asks for line after line, and hands out each key
 * before it asks for the next line.  So the lines are counted where they are given (`next_line`), and what inih would
 * pass over there in silence is refused: a line longer than its buffer, a NUL byte, a section without keys.  Blanks in
 * front are taken away, so that no line goes on with the one before. */
#include "app/recipe.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "app/recipe_parts.h"
#include "base/encoding.h"
#include "base/mem.h"
#include "setup/spec_field.h"
#include "setup/spec_stage.h"

#define LINE_END 2 /* bytes of inih's buffer behind a line */

static enum status wrong_at(struct recipe *recipe, size_t line, const char *what)
{
    if (recipe->status == STATUS_OK)
        recipe->status = error_set(recipe->error, STATUS_FAILED, "%.200s:%zu: %s", recipe->path, line, what);
    return recipe->status;
}

static enum status wrong(struct recipe *recipe, const char *what)
{
    return wrong_at(recipe, recipe->line, what);
}

/* ---- keys ---- */

/* Without the double quotes around it; NULL with the reason. */
static const char *unquoted(struct recipe *recipe, char *value)
{
    const size_t length = strlen(value);
    if (length == 0) {
        wrong(recipe, "there is no value");
        return NULL;
    }
    if (value[0] != '"')
        return value;
    if (length < 2 || value[length - 1] != '"') {
        wrong(recipe, "a quote is not closed");
        return NULL;
    }
    value[length - 1] = '\0';
    return value + 1;
}

/* inih's handler: 0 for an error. */
static int take_key(void *user, const char *section, const char *name, const char *value)
{
    struct recipe *recipe = user;
    struct error why = {.message = ""};
    enum status status = STATUS_OK;
    if (recipe->status != STATUS_OK)
        return 0;
    char *copy = mem_string(value ? value : "");
    if (!copy) {
        recipe->status = error_memory(recipe->error);
        return 0;
    }
    if (!recipe->heard || !recipe->section) {
        recipe->heard = true;
        status = recipe_begin_section(recipe, section, &why);
        if (status != STATUS_OK)
            wrong_at(recipe, recipe->section_line > 0 ? recipe->section_line : recipe->line, why.message);
    }
    const char *said = status == STATUS_OK ? unquoted(recipe, copy) : NULL;
    if (said) {
        status = recipe_set(recipe, name, said, &why);
        if (status != STATUS_OK)
            wrong(recipe, why.message);
    }
    mem_free(copy);
    return recipe->status == STATUS_OK;
}

/* ---- lines ---- */

static void end_section(struct recipe *recipe)
{
    if (recipe->section_line > 0 && !recipe->heard)
        wrong_at(recipe, recipe->section_line, "the section is empty");
}

static void note_header(struct recipe *recipe)
{
    end_section(recipe);
    recipe->section = NULL;
    recipe->section_line = recipe->line;
    recipe->heard = false;
}

/* inih's reader, as fgets; NULL: there are no more. */
static char *next_line(char *out, int size, void *user)
{
    struct recipe *recipe = user;
    if (recipe->status != STATUS_OK || recipe->at == recipe->length)
        return NULL;
    const char *from = recipe->text + recipe->at, *end = memchr(from, '\n', recipe->length - recipe->at);
    size_t length = end ? (size_t)(end - from) : recipe->length - recipe->at;
    recipe->at += length + (end != NULL);
    recipe->line++;
    for (; length > 0 && (*from == ' ' || *from == '\t'); from++)
        length--;
    if (memchr(from, '\0', length))
        wrong(recipe, "the line holds a NUL byte");
    if (length + LINE_END >= (size_t)size) {
        char what[64];
        snprintf(what, sizeof what, "the line is longer than %d bytes", size - LINE_END - 1);
        wrong(recipe, what);
    }
    if (recipe->status == STATUS_OK && length > 0 && *from == '[')
        note_header(recipe);
    if (length > 0 && *from == '[' && !memchr(from, ']', length))
        wrong(recipe, "the ] behind the section's name is missing");
    if (recipe->status != STATUS_OK)
        return NULL;
    memcpy(out, from, length);
    memcpy(out + length, "\n", LINE_END);
    return out;
}

/* ---- the whole ---- */

static enum status check_whole(struct recipe *recipe)
{
    struct error why;
    if (!recipe->data)
        return recipe->status = error_set(
                   recipe->error, STATUS_FAILED,
                   "%.200s: there is no data: [data] needs text = FILE, table = FILE or toy = NAME", recipe->path);
    for (size_t i = 0; i < recipe->spec->stages; i++)
        if (spec_stage_check(recipe->spec, &recipe->spec->stage[i], &why) != STATUS_OK)
            return wrong_at(recipe, recipe->stage_line[i], why.message);
    return STATUS_OK;
}

/* A run begins with its first stage's knobs. */
static void take_first_stage(struct spec *spec)
{
    for (size_t i = 0; spec->stages > 0 && i < KNOB_COUNT; i++)
        if (spec->stage[0].turns[i]) {
            spec->knobs.value[i] = spec->stage[0].value[i];
            spec->knob_given[i] = true;
        }
}

enum status recipe_parse(struct spec *spec, const char *path, const char *text, size_t length, struct error *error)
{
    struct recipe recipe = {.spec = spec, .path = path, .text = text, .length = length, .error = error};
    const char *wide = encoding_wide(text, length);
    if (wide)
        return error_set(error, STATUS_FAILED, "%.200s: " ENCODING_REFUSED, path, wide, wide);
    const int line = ini_parse_stream(next_line, &recipe, take_key, &recipe);
    if (line > 0)
        wrong_at(&recipe, (size_t)line, "this is neither [section] nor key = value");
    else if (line < 0 && recipe.status == STATUS_OK)
        recipe.status = error_memory(error);
    if (recipe.status == STATUS_OK)
        end_section(&recipe);
    if (recipe.status == STATUS_OK)
        check_whole(&recipe);
    if (recipe.status == STATUS_OK)
        recipe.status = spec_set(spec, "recipe", path, error);
    if (recipe.status == STATUS_OK)
        take_first_stage(spec);
    mem_free(recipe.keys.text);
    mem_free(recipe.sections.text);
    return recipe.status;
}

static enum status read_file(char *text, FILE *file, const char *path, size_t *length, struct error *error)
{
    *length = fread(text, 1, RECIPE_SIZE_MAX + 1, file);
    if (ferror(file))
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno));
    if (*length > RECIPE_SIZE_MAX)
        return error_set(error, STATUS_FAILED, "%.200s: too large for a recipe", path);
    return STATUS_OK;
}

enum status recipe_read(struct spec *spec, const char *path, struct error *error)
{
    size_t length = 0;
    FILE *file = fopen(path, "rb");
    if (!file)
        return error_set(error, STATUS_FAILED, "%.200s: %s", path, strerror(errno));
    char *text = mem_alloc(RECIPE_SIZE_MAX + 1, 1);
    enum status status = text ? read_file(text, file, path, &length, error) : error_memory(error);
    fclose(file);
    if (status == STATUS_OK)
        status = recipe_parse(spec, path, text, length, error);
    mem_free(text);
    return status;
}
