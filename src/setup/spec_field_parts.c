/* Reads and writes the common kinds of a field's value: counts, choices, strings, sizes and lists. */
#include "setup/spec_field_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

enum status field_wrong(const struct spec_field *field, const char *value, const char *right, struct error *error)
{
    return error_set(error, STATUS_USAGE, "%s %.200s: %s", field->name, value[0] ? value : "''", right);
}

enum status field_take_count(uint64_t *slot, const struct spec_field *field, const char *value, uint64_t least,
                             uint64_t most, struct error *error)
{
    uint64_t count;
    if (!number_parse_u64(value, &count) || count < least || count > most) {
        char right[96], low[32], high[32];
        snprintf(right, sizeof right, "must be a whole number from %s to %s", number_count(low, sizeof low, least),
                 number_count(high, sizeof high, most));
        return field_wrong(field, value, right, error);
    }
    *slot = count;
    return STATUS_OK;
}

enum status field_take_choice(size_t *slot, const struct spec_field *field, const char *value, const char *const *names,
                              size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(value, names[i]) == 0) {
            *slot = i;
            return STATUS_OK;
        }
    char near[256];
    return error_set(error, STATUS_USAGE, "%s: unknown name '%.60s'%s", field->name, value,
                     name_suggest(near, sizeof near, value, names, count));
}

void field_write_double(struct lines *out, double value)
{
    char text[40];
    lines_add(out, "%s", number_double(text, sizeof text, value));
}

bool field_write_count(struct lines *out, uint64_t value)
{
    lines_add(out, "%llu", (unsigned long long)value);
    return true;
}

/* ---- fields that their row describes ---- */

static const void *place_of(const struct spec *spec, const struct spec_field *field)
{
    return (const char *)spec + field->offset;
}

/* Whether or not the spec lets others change it. */
static char *string_at(const struct spec *spec, const struct spec_field *field)
{
    char *string;
    memcpy(&string, place_of(spec, field), sizeof string);
    return string;
}

enum status field_set_string(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    char *copy = mem_string(value);
    if (!copy)
        return error_memory(error);
    mem_free(string_at(spec, field));
    memcpy((char *)spec + field->offset, &copy, sizeof copy);
    return STATUS_OK;
}

bool field_write_string(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)index;
    const char *string = string_at(spec, field);
    if (string)
        lines_word(out, string);
    return string;
}

enum status field_set_size(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    uint64_t size = 0;
    const enum status status = field_take_count(&size, field, value, 1, field->most, error);
    if (status == STATUS_OK)
        *(size_t *)((char *)spec + field->offset) = (size_t)size;
    return status;
}

bool field_write_size(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)index;
    const size_t size = *(const size_t *)place_of(spec, field);
    return size > 0 && field_write_count(out, size);
}

/* ---- lists ---- */

static char **list_at(const struct spec *spec, const struct spec_field *field)
{
    char **list;
    memcpy(&list, place_of(spec, field), sizeof list);
    return list;
}

static size_t list_length(char *const *list)
{
    size_t length = 0;
    while (list && list[length])
        length++;
    return length;
}

enum status field_set_list(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    char **list = list_at(spec, field);
    const size_t length = list_length(list);
    for (size_t i = 0; i < length; i++)
        if (strcmp(list[i], value) == 0)
            return STATUS_OK;
    char **grown = mem_resize(list, length > 0 ? length + 1 : 0, length + 2, sizeof *grown);
    if (!grown)
        return error_memory(error);
    memcpy((char *)spec + field->offset, &grown, sizeof grown);
    grown[length + 1] = NULL;
    grown[length] = mem_string(value);
    return grown[length] ? STATUS_OK : error_memory(error);
}

bool field_write_list(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    char *const *list = list_at(spec, field);
    if (index >= list_length(list))
        return false;
    lines_word(out, list[index]);
    return true;
}

void field_free_list(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        mem_free(list[i]);
    mem_free(list);
}
