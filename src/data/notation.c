/* Decides how the numbers of each column are written, and reads those whose digits are in groups. */
#include "data/notation.h"

#include <string.h>

#include "data/decimal.h"

#define GROUPS_MAX   12 /* of a number: 36 digits */
#define NUMBER_BYTES 128

const struct notation notation_usual = {.mark = '.', .other = '.', .group = ','};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of a blank or an apostrophe that parts thousands at `p`; 0: there is none. */
static size_t blank_bytes(const char *p, size_t left)
{
    static const char *const wide[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x99"};
    if (*p == ' ' || *p == '\'')
        return 1;
    for (size_t i = 0; (unsigned char)*p >= 0xc2 && i < sizeof wide / sizeof *wide; i++) {
        const size_t bytes = strlen(wide[i]);
        if (bytes <= left && memcmp(p, wide[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

/* A number taken apart: runs of digits, and what stands between them. */
struct parts {
    size_t run[GROUPS_MAX + 2];
    char between[GROUPS_MAX + 1]; /* '.', ',' or ' ' for any blank; [i] stands behind run[i] */
    size_t runs;
    bool zero; /* the first digit is 0 */
    bool exponent;
};

/* False: the text is no number. */
static bool take_apart(struct parts *parts, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    parts->runs = 0; /* run[] is left alone: this function runs for each cell */
    parts->exponent = false;
    p += p < end && (*p == '-' || *p == '+');
    parts->zero = p < end && *p == '0';
    size_t digits = 0;
    for (;;) {
        size_t run = 0;
        for (; p < end && is_digit(*p); p++)
            run++;
        digits += run;
        parts->run[parts->runs++] = run;
        const size_t blank = p < end ? blank_bytes(p, (size_t)(end - p)) : 0;
        if (p == end || !(*p == '.' || *p == ',' || blank > 0))
            break;
        if (parts->runs > GROUPS_MAX)
            return false;
        parts->between[parts->runs - 1] = blank > 0 ? ' ' : *p;
        p += blank > 0 ? blank : 1;
    }
    if (digits == 0)
        return false;
    if (p == end)
        return true;
    if (*p != 'e' && *p != 'E')
        return false;
    p++;
    p += p < end && (*p == '-' || *p == '+');
    parts->exponent = true;
    const char *first = p;
    while (p < end && is_digit(*p))
        p++;
    return p == end && p > first;
}

/* Runs [0, runs) are groups of thousands, with the same mark between them. */
static bool are_groups(const struct parts *parts, size_t runs)
{
    if (parts->run[0] < 1 || parts->run[0] > 3 || parts->zero)
        return false;
    for (size_t i = 1; i < runs; i++)
        if (parts->run[i] != 3 || parts->between[i - 1] != parts->between[0])
            return false;
    return true;
}

enum shape {
    SHAPE_TEXT,
    SHAPE_WHOLE,
    SHAPE_DECIMAL, /* its mark is proven */
    SHAPE_THREES,  /* one mark before three digits */
    SHAPE_GROUPS,  /* of thousands, parted by `mark` */
};

/* *mark: of the decimals (0: none) or of the groups; *group: what parts thousands before a decimal mark, 0: nothing. */
static enum shape shape_of(const struct parts *parts, char *mark, char *group)
{
    const size_t marks = parts->runs - 1;
    *mark = *group = 0;
    if (marks == 0)
        return SHAPE_WHOLE;
    const char last = parts->between[marks - 1];
    if (!parts->exponent && are_groups(parts, parts->runs)) {
        *mark = last;
        return marks == 1 && last != ' ' ? SHAPE_THREES : SHAPE_GROUPS;
    }
    *mark = last;
    if (marks == 1)
        return last != ' ' ? SHAPE_DECIMAL : SHAPE_TEXT;
    if (last == ' ' || last == parts->between[0] || parts->exponent || !are_groups(parts, marks))
        return SHAPE_TEXT;
    *group = parts->between[0];
    return SHAPE_DECIMAL;
}

bool notation_is_number(const char *text, size_t length)
{
    struct parts parts;
    char mark, group;
    return take_apart(&parts, text, length) && shape_of(&parts, &mark, &group) != SHAPE_TEXT;
}

void notation_take(struct notation_column *column, const char *text, size_t length)
{
    struct parts parts;
    char mark = 0, group = 0;
    if (length == 0)
        return;
    const enum shape shape = take_apart(&parts, text, length) ? shape_of(&parts, &mark, &group) : SHAPE_TEXT;
    if (shape == SHAPE_TEXT) {
        column->texts++;
        return;
    }
    if (shape == SHAPE_WHOLE) {
        column->whole++;
        column->long_whole += parts.run[0] > 3 && !parts.zero;
    } else if (shape == SHAPE_THREES) {
        *(mark == ',' ? &column->comma_threes : &column->point_threes) += 1;
    } else if (shape == SHAPE_DECIMAL) {
        *(mark == ',' ? &column->comma : &column->point) += 1;
    } else if (mark != ' ') { /* thousands points prove a decimal comma */
        *(mark == '.' ? &column->comma : &column->point) += 1;
    } else {
        column->whole++;
    }
    if (mark == ' ' || group == ' ') {
        column->blanks++;
        column->short_group |= parts.run[0] < 3;
    }
}

/* The mark that a column proves; 0: none; '*': both. */
static char proof_of(const struct notation_column *column)
{
    size_t comma = column->comma, point = column->point;
    const size_t numbers = column->whole + comma + point + column->comma_threes + column->point_threes;
    if (column->texts > numbers)
        return 0;
    if (column->long_whole > 0) { /* "1500" beside "1.234": the point parts no thousands */
        comma += column->comma_threes;
        point += column->point_threes;
    }
    if (comma > 0 && point > 0 && comma * 20 > point && point * 20 > comma)
        return '*';
    if (comma == 0 && point == 0)
        return 0;
    return comma > point ? ',' : '.';
}

static struct notation notation_of(char mark)
{
    if (mark == '*')
        return (struct notation){.mark = ',', .other = '.'};
    return (struct notation){.mark = mark, .other = mark, .group = mark == ',' ? '.' : ','};
}

/* Decides a column that proves no mark and has numbers such as 3.092. */
static char settle(struct notation_column *column, char file, char separator)
{
    char mark = file;
    if (!mark)
        mark = column->point_threes == 0 && separator == ';' ? ',' : '.';
    const size_t threes = mark == ',' ? column->point_threes : column->comma_threes;
    if (threes > 0)
        column->doubt = NOTATION_THOUSANDS;
    else if (column->comma_threes > 0 || (column->point_threes > 0 && separator != ',' && !file))
        column->doubt = NOTATION_DECIMALS;
    return mark;
}

char notation_decide(struct notation_column *column, size_t columns, char separator, char said, char before)
{
    size_t comma = 0, point = 0;
    for (size_t i = 0; i < columns; i++) {
        const char proof = proof_of(&column[i]);
        comma += proof == ',' || proof == '*';
        point += proof == '.';
    }
    char file = 0;
    if (comma > 0 || point > 0)
        file = comma > point ? ',' : '.';
    const char usual = file ? file : before;
    for (size_t i = 0; i < columns; i++) {
        struct notation_column *one = &column[i];
        const bool threes = one->comma_threes + one->point_threes > 0;
        char mark = said ? said : proof_of(one);
        one->doubt = NOTATION_SURE;
        if (!mark && threes)
            mark = settle(one, usual, separator);
        if (!mark && !usual && separator == ';')
            mark = '*'; /* later rows show it */
        one->notation = notation_of(mark ? mark : usual ? usual : '.');
        /* "555 123" may be the number of a telephone: only a shorter group or number shows thousands. */
        one->notation.blanks = one->blanks > 0 && (one->short_group || one->whole + one->comma + one->point +
                                                                               one->comma_threes + one->point_threes >
                                                                           one->blanks);
    }
    return said ? said : file;
}

bool notation_read_groups(const struct notation *notation, const char *text, size_t length, double *value)
{
    struct parts parts;
    char mark, group;
    if (length >= NUMBER_BYTES || !take_apart(&parts, text, length))
        return false;
    const enum shape shape = shape_of(&parts, &mark, &group);
    const bool whole = shape == SHAPE_GROUPS || shape == SHAPE_THREES;
    if (!whole && !(shape == SHAPE_DECIMAL && group != 0))
        return false;
    const char between = whole ? mark : group;
    if (between == ' ' ? !notation->blanks : between != notation->group)
        return false;
    if (!whole && mark != notation->mark && mark != notation->other)
        return false;
    char plain[NUMBER_BYTES + DECIMAL_PADDING] = "";
    size_t used = 0;
    for (const char *p = text; p < text + length; p++)
        if (is_digit(*p) || *p == '-' || *p == '+')
            plain[used++] = *p;
        else if (!whole && *p == mark)
            plain[used++] = '.';
    return decimal_read(plain, '.', '.', value) == plain + used;
}
