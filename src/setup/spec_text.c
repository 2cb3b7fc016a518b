/* Writes a spec as lines of text and reads it back. */
#include "setup/spec_text.h"

#include <string.h>

#include "base/lines.h"
#include "base/mem.h"
#include "setup/spec_field.h"
#include "setup/spec_line.h"

/* False: it is not said. */
static bool write_field(const struct spec *spec, const struct field *field, size_t index, struct lines *out)
{
    struct lines value = {0};
    const bool said = field_write(spec, field, index, &value);
    out->failed |= value.failed;
    if (said)
        lines_add(out, "%s%s%s\n", field->name, value.text ? " " : "", value.text ? value.text : "");
    mem_free(value.text);
    return said;
}

char *spec_text(const struct spec *spec)
{
    struct lines out = {0};
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; k < spec_table[i]->count; k++) {
            const struct field *field = &spec_table[i]->row[k];
            for (size_t index = 0; write_field(spec, field, index, &out) && field->repeats;)
                index++;
        }
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        char value[40];
        lines_add(&out, "%s %s\n", knob_table[i].name,
                  knob_write((enum knob_id)i, spec->knobs.value[i], value, sizeof value));
    }
    if (out.failed) {
        mem_free(out.text);
        return NULL;
    }
    return out.text;
}

/* The value of a field that is one word, or none. */
static enum status take_value(char **line, const char *name, char **value, struct error *error)
{
    char *more;
    if (line_word(line, value) && !*value)
        return error_set(error, STATUS_USAGE, "a quoted word is not whole");
    if (line_word(line, &more))
        return error_set(error, STATUS_USAGE, "%.60s: there is more than one value", name);
    return STATUS_OK;
}

enum status spec_take_line(struct spec *spec, char *line, struct error *error)
{
    char *name, *value = NULL;
    if (!line_word(&line, &name))
        return STATUS_OK;
    if (!name)
        return error_set(error, STATUS_USAGE, "a quoted word is not whole");
    const struct field *field = field_find_in(spec_table, SPEC_TABLES, name);
    if (field && field->rest_of_line)
        return spec_set(spec, name, line, error);
    const enum status status = take_value(&line, name, &value, error);
    return status == STATUS_OK ? spec_set(spec, name, value, error) : status;
}

enum status spec_from_text(struct spec *spec, const char *text, struct error *error)
{
    char *copy = mem_string(text);
    if (!copy)
        return error_memory(error);
    enum status status = STATUS_OK;
    size_t number = 0;
    for (char *line = copy; line && status == STATUS_OK;) {
        char *end = strchr(line, '\n');
        struct error why;
        if (end)
            *end = '\0';
        number++;
        status = spec_take_line(spec, line, &why);
        if (status != STATUS_OK)
            error_set(error, status, "line %zu: %s", number, why.message);
        line = end ? end + 1 : NULL;
    }
    mem_free(copy);
    return status;
}
