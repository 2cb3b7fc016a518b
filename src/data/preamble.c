/* Finds the line on which a table begins: behind "sep=;", comments, and titles. */
#include <string.h>

#include "data/separator.h"

#define PREAMBLE_MAX 40 /* lines of titles */
#define ROWS_NEEDED  3  /* of the table behind them, to tell what is no part of it */

/* "sep=;", as spreadsheets write it; returns the next line, or NULL: there is no such line. */
static const char *read_separator_line(const char *from, const char *end, char *separator)
{
    const char *p = from;
    const bool quoted = p < end && *p == '"';
    p += quoted;
    if (end - p < 5 || strncmp(p, "sep=", 4) != 0)
        return NULL;
    p += 4;
    *separator = *p++;
    if (*separator == '\\' && p < end && *p == 't') {
        *separator = '\t';
        p++;
    }
    if (quoted && !(p < end && *p++ == '"'))
        return NULL;
    while (p < end && *p == ' ')
        p++;
    if (!separator_is_possible(*separator) || (p < end && *p != '\n' && *p != '\r'))
        return NULL;
    if (p < end)
        p += 1 + (*p == '\r' && p + 1 < end && p[1] == '\n');
    return p;
}

/* The first lines, up to the table. */
struct opening {
    const char *end;
    size_t width; /* of the table's records */
    char separator;
};

/* Some cell is a text, and there are far fewer than in the table's records, or no other one is filled. */
static bool is_title(const struct opening *opening, const struct raw_record *record)
{
    if (record->fault || record->numbers == record->filled)
        return false;
    return 2 * record->cells <= opening->width ||
           (record->cells == opening->width && record->cells > 2 && record->filled == 1);
}

/* Whether nearly all records from `p` on have the width of the table. */
static bool is_table(const struct opening *opening, const char *p)
{
    size_t fit = 0, others = 0;
    for (size_t looked = 0; p < opening->end && looked < 200; looked++) {
        struct raw_record record;
        const bool comment = *p == '#';
        p = raw_record_read(&record, p, opening->end, opening->separator);
        if (record.blank || comment)
            continue;
        if (record.cells == opening->width && !record.fault)
            fit++;
        else
            others++;
    }
    return fit >= ROWS_NEEDED && others * 10 <= fit;
}

/* The first record that begins with no '#' has no number, while the next one has: it is the header. */
static bool has_header(const struct opening *opening, const char *p)
{
    size_t found = 0;
    while (p < opening->end && found < 2) {
        struct raw_record record;
        const bool comment = *p == '#';
        p = raw_record_read(&record, p, opening->end, opening->separator);
        if (record.blank || comment)
            continue;
        if ((record.numbers > 0) != (found == 1))
            return false;
        found++;
    }
    return found == 2;
}

/* Whether a line that begins with '#' has not the form of a record, or stands above the header. */
static bool has_comments(const struct opening *opening, const char *from)
{
    size_t records = 0;
    bool odd = false, leading = false;
    for (const char *p = from; p < opening->end && records < 200;) {
        struct raw_record record;
        const bool comment = *p == '#';
        p = raw_record_read(&record, p, opening->end, opening->separator);
        if (record.blank)
            continue;
        odd |= comment && (record.cells != opening->width || record.fault);
        leading |= comment && records == 0;
        records += !comment;
    }
    return records >= 2 && (odd || (leading && has_header(opening, from)));
}

/* Skips comments before the first record; the last of them is the header where it has its form ("# a,b,c"). */
static void skip_comments(struct layout *layout, const struct opening *opening, const char *from)
{
    const char *p = from + layout->skip, *last = NULL;
    size_t lines = layout->lines, last_lines = 0;
    while (p < opening->end) {
        struct raw_record record;
        const bool comment = *p == '#';
        const char *next = raw_record_read(&record, p, opening->end, opening->separator);
        if (!comment && !record.blank)
            break;
        if (comment) {
            const bool fits = record.cells == opening->width && record.numbers == 0 && !record.fault;
            last = fits ? p : NULL;
            last_lines = lines;
        }
        /* A comment is one line, whatever quotes are in it. */
        while (comment && p < opening->end && *p != '\n' && *p != '\r')
            p++;
        if (comment)
            next = p < opening->end ? p + 1 + (*p == '\r' && p + 1 < opening->end && p[1] == '\n') : p;
        lines += comment ? 1 : record.lines;
        p = next;
    }
    const bool header = last && !has_header(opening, p);
    layout->skip = (size_t)((header ? last : p) - from);
    layout->lines = header ? last_lines : lines;
}

static void skip_titles(struct layout *layout, const struct opening *opening, const char *from)
{
    const char *p = from + layout->skip;
    size_t titles = 0, lines = layout->lines;
    while (p < opening->end && titles < PREAMBLE_MAX) {
        struct raw_record record;
        const bool comment = *p == '#' && layout->comments;
        const char *next = raw_record_read(&record, p, opening->end, opening->separator);
        if (!record.blank && !comment && !is_title(opening, &record))
            break;
        titles += !record.blank && !comment;
        lines += record.lines;
        p = next;
    }
    if (titles == 0 || !is_table(opening, p))
        return;
    layout->titles = titles;
    layout->skip = (size_t)(p - from);
    layout->lines = lines;
}

void layout_find(struct layout *layout, const char *from, const char *end, char said)
{
    char separator = 0;
    const char *begin = from, *next = read_separator_line(from, end, &separator);
    *layout = (struct layout){.separator_line = next != NULL};
    if (next) {
        begin = next;
        layout->skip = (size_t)(next - from);
        layout->lines = 1;
    }
    if (said)
        layout->separator = said;
    else
        layout->separator = next ? separator : separator_guess(begin, end);
    const struct opening opening = {
        .end = end,
        .width = separator_width(begin, end, layout->separator),
        .separator = layout->separator,
    };
    if (opening.width < 2)
        return;
    layout->comments = has_comments(&opening, begin);
    if (layout->comments)
        skip_comments(layout, &opening, from);
    skip_titles(layout, &opening, from);
    if (layout->comments && layout->titles > 0)
        skip_comments(layout, &opening, from);
}
