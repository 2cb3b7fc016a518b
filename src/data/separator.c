/* Finds the character that parts the cells of a table. */
#include "data/separator.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"
#include "data/notation.h"

#define RECORDS_LOOKED_AT 500

static const char candidates[] = {',', ';', '\t', '|'};

bool separator_is_possible(char c)
{
    return c == '\t' || (c != '\0' && strchr("!#$%&*,/:;<=>?@\\^`|~", c) != NULL);
}

const char *csv_separator_name(char separator)
{
    switch (separator) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "pipe";
    default:
        return NULL;
    }
}

char csv_separator(const char *word)
{
    for (size_t i = 0; i < sizeof candidates; i++)
        if (strcmp(word, csv_separator_name(candidates[i])) == 0)
            return candidates[i];
    if (strcmp(word, "\\t") == 0)
        return '\t';
    return word[0] && !word[1] && separator_is_possible(word[0]) ? word[0] : '\0';
}

size_t separator_count(const char *p, const char *end, char separator)
{
    size_t count = 0;
    bool quoted = false;
    for (; p < end && (quoted || (*p != '\n' && *p != '\r')); p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (!quoted && *p == separator)
            count++;
    }
    return count;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* The quote that closes the one at `p`; NULL: there is none. */
static const char *closing_quote(const char *p, const char *end)
{
    for (p++; (p = memchr(p, '"', (size_t)(end - p))); p += 2)
        if (p + 1 >= end || p[1] != '"')
            return p;
    return NULL;
}

static void take_quoted(struct raw_record *record, const char *text, const char *close)
{
    record->filled += close > text + 1;
    record->numbers += notation_is_number(text + 1, (size_t)(close - text - 1));
    record->clean++;
    for (const char *p = text; p < close; p++)
        record->lines += *p == '\n' || (*p == '\r' && p[1] != '\n');
}

static void take_plain(struct raw_record *record, const char *text, const char *end)
{
    while (end > text && end[-1] == ' ')
        end--;
    bool clean = true;
    const bool number = notation_is_number(text, (size_t)(end - text));
    for (const char *p = text; p < end && clean && !number; p++)
        clean = memchr(candidates, *p, sizeof candidates) == NULL;
    record->filled += end > text;
    record->numbers += number;
    record->clean += clean;
}

const char *raw_record_read(struct raw_record *record, const char *p, const char *end, char separator)
{
    const char *start = p;
    *record = (struct raw_record){.lines = 1};
    for (;;) {
        while (p < end && *p == ' ')
            p++;
        const char *text = p, *close = p < end && *p == '"' ? closing_quote(p, end) : NULL;
        record->fault |= !close && p < end && *p == '"';
        p = close ? close + 1 : p;
        while (close && p < end && *p == ' ')
            p++;
        record->fault |= close && p < end && *p != separator && !is_line_end(*p);
        while (p < end && *p != separator && !is_line_end(*p))
            p++;
        if (close)
            take_quoted(record, text, close);
        else
            take_plain(record, text, p);
        record->cells++;
        if (p == end || *p != separator)
            break;
        p++;
    }
    record->blank = record->cells == 1 && record->filled == 0 && !memchr(start, '"', (size_t)(p - start));
    if (p < end)
        p += 1 + (*p == '\r' && p + 1 < end && p[1] == '\n');
    return p;
}

static int compare_widths(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The width of most records, of the two cells and more; 0: there is none.  *share: of all records. */
static size_t usual_width(uint32_t *width, size_t count, double *share)
{
    size_t best = 0, best_run = 0;
    qsort(width, count, sizeof *width, compare_widths);
    for (size_t i = 0, run = 0; i < count; i++) {
        run = i > 0 && width[i] == width[i - 1] ? run + 1 : 1;
        if (width[i] >= 2 && run >= best_run) {
            best = width[i];
            best_run = run;
        }
    }
    *share = count > 0 ? (double)best_run / (double)count : 0;
    return best;
}

/* How well a candidate cuts the records. */
struct score {
    size_t width; /* 0: not at all */
    double worth;
    size_t numbers;
};

/* Records that begin with '#' may be comments: they count only where `comments`. */
static struct score judge(const char *from, const char *end, char separator, bool comments)
{
    uint32_t width[RECORDS_LOOKED_AT];
    size_t count = 0, cells = 0, clean = 0;
    struct score score = {.width = 0};
    for (const char *p = from; p < end && count < RECORDS_LOOKED_AT;) {
        struct raw_record record;
        const bool comment = *p == '#';
        p = raw_record_read(&record, p, end, separator);
        if (record.blank || (comment && !comments))
            continue;
        width[count++] = record.fault ? 1 : (uint32_t)record.cells;
        cells += record.cells;
        clean += record.fault ? 0 : record.clean;
        score.numbers += record.numbers;
    }
    double share;
    score.width = usual_width(width, count, &share);
    score.worth = cells > 0 ? share * (double)clean / (double)cells : 0;
    if (count == 0 && !comments)
        return judge(from, end, separator, true);
    return score;
}

size_t separator_width(const char *from, const char *end, char separator)
{
    return judge(from, end, separator, false).width;
}

static bool is_better(const struct score *a, const struct score *b)
{
    if (a->worth > b->worth || a->worth < b->worth)
        return a->worth > b->worth;
    return a->numbers != b->numbers ? a->numbers > b->numbers : a->width > b->width;
}

char separator_guess(const char *from, const char *end)
{
    char best = candidates[0];
    struct score best_score = {.width = 0};
    for (size_t i = 0; i < sizeof candidates; i++) {
        if (!memchr(from, candidates[i], (size_t)(end - from)))
            continue;
        const struct score score = judge(from, end, candidates[i], false);
        if (score.width > 0 && (best_score.width == 0 || is_better(&score, &best_score))) {
            best = candidates[i];
            best_score = score;
        }
    }
    return best;
}
