/* Reads, checks and writes the values of fields by the type of their row. */
#include "base/field.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

enum { CHOICES_MAX = 32 };

const struct field *field_find(const struct field_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *row = &table->row[i];
        if (strcmp(row->name, name) == 0 || (row->alias && strcmp(row->alias, name) == 0))
            return row;
    }
    return NULL;
}

const char *refusal_find(const struct refusal *list, const char *name)
{
    const struct refusal *row = list;
    while (row && row->name && strcmp(row->name, name) != 0)
        row++;
    return row ? row->reason : NULL;
}

const struct field *field_find_in(const struct field_table *const *tables, size_t count, const char *name)
{
    const struct field *found = NULL;
    for (size_t i = 0; i < count && !found; i++)
        found = field_find(tables[i], name);
    return found;
}

size_t field_names(const struct field_table *table, const char *names[FIELD_NAMES_MAX], size_t count)
{
    for (size_t i = 0; i < table->count && count < FIELD_NAMES_MAX; i++)
        names[count++] = table->row[i].name;
    return count;
}

/* ---- what a row says of its values ---- */

/* Stored as an integer, which is counted: messages part its thousands. */
static bool is_counted(const struct field *field)
{
    return field->type == FIELD_NUMBER && field->store != FIELD_DOUBLE;
}

static bool is_named(const struct field *field)
{
    return field->type == FIELD_CHOICE || field->type == FIELD_SWITCH;
}

const char *field_off_on(size_t number)
{
    static const char *const name[] = {"off", "on"};
    return number < 2 ? name[number] : NULL;
}

size_t field_choices(const struct field *field)
{
    size_t count = field->choice_count;
    if (count == 0 && field->choice)
        while (field->choice(count))
            count++;
    return count;
}

const char *field_argument(const struct field *field)
{
    if (field->argument || field->type == FIELD_MARK)
        return field->argument;
    if (field->choice)
        return field->type == FIELD_SWITCH ? "on|off" : "NAME";
    if (field->type == FIELD_NUMBER)
        return field->whole || is_counted(field) ? "N" : "X";
    return "TEXT";
}

static char *format_bound(const struct field *field, double bound, char *out, size_t size)
{
    if (is_counted(field))
        return number_count(out, size, (uint64_t)bound);
    if (!field->whole)
        return number_exact(out, size, bound);
    snprintf(out, size, "%.0f", bound);
    return out;
}

void field_range(const struct field *field, char *out, size_t size)
{
    const bool whole = field->whole || is_counted(field), open = field->min_open || field->max_open;
    const bool bounded = field->max < FIELD_UNBOUNDED, bare = field->label || (open && bounded);
    const char *kind = whole ? "a whole number " : bare ? "" : "a number ";
    char low[64], high[40], tail[80];
    format_bound(field, field->min, low, sizeof low);
    format_bound(field, bounded ? field->max : 0, high, sizeof high);
    if (field->min_does)
        snprintf(low + strlen(low), sizeof low - strlen(low), " (%s)", field->min_does);
    const char *off = field->zero && !field->zero_is_most ? field->zero : NULL;
    snprintf(tail, sizeof tail, "%s%s%s%s%s", field->percent ? " (100%)" : "", off ? ", 0 is " : "", off ? off : "",
             field->example ? ", such as " : "", field->example ? field->example : "");
    if (!bounded)
        snprintf(out, size, "%s%s %s%s", kind, field->min_open ? "above" : "from", low, tail);
    else if (open)
        snprintf(out, size, "%s%s %s and %s %s%s", kind, field->min_open ? "above" : "at least", low,
                 field->max_open ? "below" : "at most", high, tail);
    else
        snprintf(out, size, "%sfrom %s to %s%s", kind, low, high, tail);
}

/* ---- messages ---- */

enum status field_wrong(const struct field *field, const char *text, const char *right, struct error *error)
{
    return error_set(error, STATUS_USAGE, "%s %.200s: %s", field->label ? field->label : field->name,
                     text[0] ? text : "''", right);
}

static enum status refuse_value(const struct field *field, const char *text, struct error *error)
{
    char range[160], right[176];
    field_range(field, range, sizeof range);
    snprintf(right, sizeof right, "must be %s", range);
    return field_wrong(field, text, right, error);
}

enum status field_unknown_choice(const struct field *field, const char *text, struct error *error)
{
    const char *names[CHOICES_MAX];
    char near[256];
    const size_t count = field_choices(field);
    for (size_t i = 0; i < count && i < CHOICES_MAX; i++)
        names[i] = field->choice(i);
    name_suggest(near, sizeof near, text, names, count < CHOICES_MAX ? count : CHOICES_MAX);
    if (field->label)
        return error_set(error, STATUS_USAGE, "unknown %s '%.60s'%s", field->label, text, near);
    return error_set(error, STATUS_USAGE, "%s: unknown name '%.60s'%s", field->name, text, near);
}

/* Whether the text is a number once its comma is a point. */
static bool has_decimal_comma(const char *text)
{
    char point[40];
    double number;
    const char *comma = strchr(text, ',');
    if (!comma || snprintf(point, sizeof point, "%s", text) >= (int)sizeof point)
        return false;
    point[comma - text] = '.';
    return number_parse(point, &number);
}

static enum status refuse_text(const struct field *field, const char *text, struct error *error)
{
    char range[160];
    const char *zero = field->zero_is_most ? field->zero : NULL;
    if (has_decimal_comma(text))
        return error_set(error, STATUS_USAGE, "%s '%.60s': not a number: write a decimal point, not a comma",
                         field->label ? field->label : field->name, text);
    if (!field->label)
        return refuse_value(field, text, error);
    field_range(field, range, sizeof range);
    return error_set(error, STATUS_USAGE, "%s '%.60s': not a number (must be %s%s%s)", field->label, text, range,
                     zero ? ", or " : "", zero ? zero : "");
}

/* ---- values ---- */

/* `said` is the value as the person wrote it. */
static enum status check_as_said(const struct field *field, double value, const char *said, struct error *error)
{
    const double used = field->label ? (double)(float)value : value; /* to the kernels a knob of 1e-60 is 0 */
    const bool low = field->min_open ? !(used > field->min) : !(value >= field->min);
    const bool high = field->max_open ? !(used < field->max) : !(value <= field->max);
    const bool whole = field->whole || is_counted(field) || is_named(field);
    if (!low && !high && (!whole || floor(value) == value))
        return STATUS_OK;
    return refuse_value(field, said, error);
}

enum status field_check(const struct field *field, double value, struct error *error)
{
    char said[40];
    return check_as_said(field, value, number_exact(said, sizeof said, value), error);
}

static bool find_choice(const struct field *field, const char *text, double *value)
{
    const size_t count = field_choices(field);
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, field->choice(i)) == 0) {
            *value = (double)i;
            return true;
        }
    return false;
}

enum status field_parse(const struct field *field, const char *text, double *value, struct error *error)
{
    double parsed = 0;
    uint64_t counted = 0;
    if (is_named(field))
        return find_choice(field, text, value) ? STATUS_OK : field_unknown_choice(field, text, error);
    if (field->zero && strcmp(text, field->zero) == 0) {
        *value = 0;
        return STATUS_OK;
    }
    if (is_counted(field)) {
        if (!number_parse_u64(text, &counted) || counted > (uint64_t)FIELD_UNBOUNDED)
            return refuse_value(field, text, error);
        parsed = (double)counted;
    } else if (!number_parse(text, &parsed)) {
        return refuse_text(field, text, error);
    }
    const enum status status = check_as_said(field, parsed, text, error);
    if (status == STATUS_OK)
        *value = parsed;
    return status;
}

enum status field_parse_shown(const struct field *field, const char *text, double *value, struct error *error)
{
    const enum status status = field_parse(field, text, value, error);
    char shown[40];
    double rounded;
    if (status == STATUS_OK &&
        field_parse(field, field_format(field, *value, shown, sizeof shown), &rounded, NULL) == STATUS_OK)
        *value = rounded;
    return status;
}

char *field_format(const struct field *field, double value, char *out, size_t size)
{
    char number[40];
    if (is_named(field))
        snprintf(out, size, "%s", field->choice((size_t)value % field_choices(field)));
    else if (field->zero && !(value > 0))
        snprintf(out, size, "%s", field->zero);
    else if (field->whole || is_counted(field))
        snprintf(out, size, "%.0f", value);
    else if (field->percent)
        snprintf(out, size, "%s%%", number_exact(number, sizeof number, value * 100));
    else
        snprintf(out, size, "%s", number_exact(number, sizeof number, value));
    return out;
}

char *field_format_exact(const struct field *field, double value, char *out, size_t size)
{
    const bool as_shown = is_named(field) || is_counted(field) || (field->zero && !(value > 0));
    return as_shown ? field_format(field, value, out, size) : number_double(out, size, value);
}

/* ---- stores ---- */

static double get_number(const void *owner, const struct field *field)
{
    const char *at = (const char *)owner + field->offset;
    switch (field->store) {
    case FIELD_U64:
        return (double)*(const uint64_t *)(const void *)at;
    case FIELD_SIZE:
        return (double)*(const size_t *)(const void *)at;
    case FIELD_UNSIGNED:
        return *(const unsigned *)(const void *)at;
    case FIELD_INT:
        return *(const int *)(const void *)at;
    case FIELD_BOOL:
        return *(const bool *)at;
    case FIELD_DOUBLE:
        break;
    }
    return *(const double *)(const void *)at;
}

static void put_number(void *owner, const struct field *field, double value)
{
    char *at = (char *)owner + field->offset;
    switch (field->store) {
    case FIELD_U64:
        *(uint64_t *)(void *)at = (uint64_t)value;
        return;
    case FIELD_SIZE:
        *(size_t *)(void *)at = (size_t)value;
        return;
    case FIELD_UNSIGNED:
        *(unsigned *)(void *)at = (unsigned)value;
        return;
    case FIELD_INT:
        *(int *)(void *)at = (int)value;
        return;
    case FIELD_BOOL:
        *(bool *)at = value > 0;
        return;
    case FIELD_DOUBLE:
        *(double *)(void *)at = value;
        return;
    }
}

/* Strings and lists: the pointer is copied, because owners declare it with and without const. */
static void *get_pointer(const void *owner, const struct field *field)
{
    void *pointer;
    memcpy(&pointer, (const char *)owner + field->offset, sizeof pointer);
    return pointer;
}

static void put_pointer(void *owner, const struct field *field, const void *pointer)
{
    memcpy((char *)owner + field->offset, &pointer, sizeof pointer);
}

/* ---- reading ---- */

static size_t list_length(char *const *list)
{
    size_t length = 0;
    while (list && list[length])
        length++;
    return length;
}

static enum status add_to_list(void *owner, const struct field *field, const char *text, struct error *error)
{
    char **list = get_pointer(owner, field);
    const size_t length = list_length(list);
    for (size_t i = 0; i < length; i++)
        if (strcmp(list[i], text) == 0)
            return STATUS_OK;
    char **grown = mem_resize(list, length > 0 ? length + 1 : 0, length + 2, sizeof *grown);
    if (!grown)
        return error_memory(error);
    put_pointer(owner, field, grown);
    grown[length + 1] = NULL;
    grown[length] = mem_string(text);
    return grown[length] ? STATUS_OK : error_memory(error);
}

static enum status read_text(void *owner, const struct field *field, const char *text, struct error *error)
{
    double number;
    if (field->file && !text[0])
        return field_wrong(field, text, "a file is needed", error);
    if (field->output && file_is_stream(text))
        return field_wrong(field, text, "a file is needed, not a stream", error);
    if (field->choice && !find_choice(field, text, &number))
        return field_unknown_choice(field, text, error);
    if (field->type == FIELD_LIST)
        return add_to_list(owner, field, text, error);
    if (field->type == FIELD_WORD) {
        put_pointer(owner, field, text);
        return STATUS_OK;
    }
    char *copy = mem_string(text);
    if (!copy)
        return error_memory(error);
    mem_free(get_pointer(owner, field));
    put_pointer(owner, field, copy);
    return STATUS_OK;
}

static enum status read_value(void *owner, const struct field *field, const char *text, bool typed, struct error *error)
{
    double value = 0;
    enum status status = STATUS_OK;
    if (field->read)
        return field->read(owner, field, text, error);
    switch (field->type) {
    case FIELD_NUMBER:
    case FIELD_CHOICE:
    case FIELD_SWITCH:
        status = (typed && field->label ? field_parse_shown : field_parse)(field, text, &value, error);
        if (status == STATUS_OK)
            put_number(owner, field, value);
        return status;
    case FIELD_MARK:
        put_number(owner, field, field->sets);
        return STATUS_OK;
    case FIELD_STRING:
    case FIELD_WORD:
    case FIELD_LIST:
        return read_text(owner, field, text, error);
    case FIELD_OWN:
        break;
    }
    return STATUS_OK;
}

static enum status read_as(void *owner, const struct field *field, const char *text, bool typed, struct error *error)
{
    if (field->type == FIELD_MARK && text)
        return error_set(error, STATUS_USAGE, "%s takes no value", field->name);
    if (field->type != FIELD_MARK && !text)
        return error_set(error, STATUS_USAGE, "%s needs a value", field->name);
    const enum status status = read_value(owner, field, text, typed, error);
    if (status == STATUS_OK && field->given)
        *(bool *)((char *)owner + field->given) = true;
    return status;
}

enum status field_read(void *owner, const struct field *field, const char *text, struct error *error)
{
    return read_as(owner, field, text, false, error);
}

enum status field_read_typed(void *owner, const struct field *field, const char *text, struct error *error)
{
    return read_as(owner, field, text, true, error);
}

bool field_can_unmark(const struct field *field)
{
    return field->type == FIELD_MARK && field->store == FIELD_BOOL && !field->read;
}

void field_unmark(void *owner, const struct field *field)
{
    put_number(owner, field, 0);
}

/* ---- writing ---- */

static bool write_number(const void *owner, const struct field *field, struct lines *out)
{
    char text[40];
    const double value = get_number(owner, field);
    if (!(value < field->unset) && !(value > field->unset))
        return false;
    lines_add(out, "%s", field_format_exact(field, value, text, sizeof text));
    return true;
}

bool field_write(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    if (field->applies && !field->applies(owner))
        return false;
    if (field->write)
        return field->write(owner, field, index, out);
    const char *text = NULL;
    switch (field->type) {
    case FIELD_NUMBER:
    case FIELD_CHOICE:
    case FIELD_SWITCH:
        return write_number(owner, field, out);
    case FIELD_MARK:
        return (int)get_number(owner, field) == field->sets;
    case FIELD_STRING:
    case FIELD_WORD:
        text = get_pointer(owner, field);
        break;
    case FIELD_LIST:
        text = index < list_length(get_pointer(owner, field)) ? ((char **)get_pointer(owner, field))[index] : NULL;
        break;
    case FIELD_OWN:
        break;
    }
    if (text)
        lines_word(out, text);
    return text;
}

bool field_is_set(const void *owner, const struct field *field)
{
    struct field anywhere = *field;
    struct lines value = {0};
    anywhere.applies = NULL;
    const bool set = field->given ? *((const bool *)(const void *)((const char *)owner + field->given))
                                  : field_write(owner, &anywhere, 0, &value);
    mem_free(value.text);
    return set;
}

static void free_list(char **list)
{
    for (size_t i = 0; list && list[i]; i++)
        mem_free(list[i]);
    mem_free(list);
}

void field_free(const struct field_table *table, void *owner)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct field *field = &table->row[i];
        if (field->type == FIELD_LIST)
            free_list(get_pointer(owner, field));
        else if (field->type == FIELD_STRING)
            mem_free(get_pointer(owner, field));
    }
}
