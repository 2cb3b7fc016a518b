/* Says in words how a CSV file was read, and which option changes it. */
#include "data/form.h"

#include <string.h>

#include "base/lines.h"
#include "base/mem.h"
#include "base/text.h"

#define COLUMNS_NAMED 3

/* Begins the sentence, or its next part. */
static void begin(struct lines *out)
{
    lines_add(out, "%s", out->length == 0 ? "read with " : ", ");
}

static void add_separator(struct lines *out, char separator)
{
    if (separator == ',')
        return;
    begin(out);
    if (csv_separator_name(separator))
        lines_add(out, "%ss", csv_separator_name(separator));
    else
        lines_add(out, "'%c'", separator);
    lines_add(out, " between cells (--separator)");
}

/* Columns that have something in common. */
struct group {
    size_t count;
    struct lines names;
};

static void group_add(struct group *group, const struct header *header, size_t column)
{
    if (group->count++ < COLUMNS_NAMED)
        lines_add(&group->names, "%s'%s'", group->count > 1 ? ", " : "", header->name[column]);
}

static void group_say(struct lines *out, struct group *group)
{
    lines_add(out, "%s", group->names.text ? group->names.text : "");
    if (group->count > COLUMNS_NAMED)
        lines_add(out, " and %zu more", group->count - COLUMNS_NAMED);
    out->failed |= group->names.failed;
    mem_free(group->names.text);
}

enum numbers {
    NUMBERS_COMMA,
    NUMBERS_POINT,
    NUMBERS_BOTH,
    POINTS_PART,
    COMMAS_PART,
    POINTS_DECIMAL,
    COMMAS_DECIMAL,
    KINDS
};

/* What is to be said of a column's numbers; KINDS: nothing. */
static enum numbers decimals_of(const struct notation_column *column)
{
    if (column->texts > column->whole + column->comma + column->point + column->comma_threes + column->point_threes)
        return KINDS;
    if (column->notation.mark != column->notation.other)
        return column->comma > 0 && column->point > 0 ? NUMBERS_BOTH : column->comma > 0 ? NUMBERS_COMMA : KINDS;
    if (column->notation.mark == ',')
        return column->comma > 0 || column->comma_threes > 0 ? NUMBERS_COMMA : KINDS;
    return column->point > 0 || column->point_threes > 0 ? NUMBERS_POINT : KINDS;
}

/* How a mark that proves nothing was taken; KINDS: there was none. */
static enum numbers doubt_of(const struct notation_column *column)
{
    const bool comma = column->notation.mark == ',';
    if (column->doubt == NOTATION_THOUSANDS)
        return comma ? POINTS_PART : COMMAS_PART;
    if (column->doubt == NOTATION_DECIMALS)
        return comma ? COMMAS_DECIMAL : POINTS_DECIMAL;
    return KINDS;
}

static void add_numbers(struct lines *out, const struct record_reader *reader, const struct header *header)
{
    struct group group[KINDS + 1] = {0};
    for (size_t i = 0; i < header->columns; i++) {
        const struct notation_column *column = record_notation(reader, i);
        if (!column)
            continue;
        group_add(&group[decimals_of(column)], header, i);
        if (doubt_of(column) != KINDS)
            group_add(&group[doubt_of(column)], header, i);
    }
    mem_free(group[KINDS].names.text);
    static const char *const words[KINDS] = {
        [NUMBERS_COMMA] = "decimal commas",
        [NUMBERS_POINT] = "decimal points",
        [NUMBERS_BOTH] = "decimal commas and points",
        [POINTS_PART] = "points that part thousands",
        [COMMAS_PART] = "commas that part thousands",
        [POINTS_DECIMAL] = "points before three digits taken for decimal ones",
        [COMMAS_DECIMAL] = "commas before three digits taken for decimal ones",
    };
    const bool commas = group[NUMBERS_COMMA].count + group[NUMBERS_BOTH].count > 0;
    const bool all = group[NUMBERS_BOTH].count == 0 && group[NUMBERS_POINT].count == 0;
    bool first = true;
    for (size_t i = 0; i < KINDS; i++) {
        const bool plain = i == NUMBERS_POINT && !commas;
        const bool unnamed = plain || (i == NUMBERS_COMMA && all);
        if (group[i].count == 0 || plain) {
            mem_free(group[i].names.text);
            continue;
        }
        begin(out);
        lines_add(out, "%s%s", words[i], unnamed ? "" : " in ");
        if (unnamed)
            mem_free(group[i].names.text);
        else
            group_say(out, &group[i]);
        lines_add(out, "%s", first ? " (--decimal)" : "");
        first = false;
    }
}

static void add_beginning(struct lines *out, const struct layout *layout, const struct header *header)
{
    if (header->present && header->numbers > 0) {
        begin(out);
        lines_add(out, "%s (--no-header)",
                  header->numbers == header->columns ? "a header of numbers" : "numbers in the header");
    } else if (!header->present) {
        begin(out);
        lines_add(out, "line %zu as a row of data, not as a header (--header)", header->line);
    }
    if (layout->separator_line || layout->titles > 0) {
        begin(out);
        lines_add(out, "%zu line%s above the table skipped (%s%s%s)", layout->lines, layout->lines == 1 ? "" : "s",
                  layout->separator_line ? "sep=" : "", layout->separator_line && layout->titles > 0 ? ", " : "",
                  layout->titles > 0 ? "too few cells" : "");
    }
    if (layout->comments) {
        begin(out);
        lines_add(out, "lines skipped that begin with #");
    }
}

char *form_text(const struct record_reader *reader, const struct header *header)
{
    struct lines out = {0};
    add_separator(&out, record_separator(reader));
    add_numbers(&out, reader, header);
    add_beginning(&out, record_layout(reader), header);
    if (!out.text && !out.failed)
        return mem_string("");
    if (out.failed) {
        mem_free(out.text);
        return NULL;
    }
    text_clean(out.text);
    return out.text;
}

enum status form_check_separator(const struct record_reader *reader, size_t line, struct error *error)
{
    const struct csv_form *form = record_form(reader);
    char mark[] = {'\'', form->separator, '\'', '\0'};
    const char *name = csv_separator_name(form->separator);
    if (!form->separator)
        return STATUS_OK;
    return record_error(reader, line, error,
                        "no %s between cells, though --separator names it: leave the option out, or name another one",
                        name ? name : mark);
}
