/* Classifies the text of a cell. */
#include "data/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/decimal.h"

#define TOLD_APART 9007199254740992.0 /* 2^53: whole numbers below it are exact in a double */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool equals(const char *text, size_t length, const char *word)
{
    for (size_t i = 0; i < length; i++, word++)
        if (lower(text[i]) != *word)
            return false;
    return *word == '\0';
}

/* ---- missing words ---- */

static enum status add_word(struct missing_words *words, const char *text, size_t length, struct error *error)
{
    while (length > 0 && *text == ' ')
        text++, length--;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length == 0)
        return STATUS_OK;
    if (length > MISSING_WORD_BYTES)
        return error_set(error, STATUS_USAGE, "--missing %.60s: a word may have %d bytes at most", text,
                         MISSING_WORD_BYTES);
    if (words->count == MISSING_WORDS)
        return error_set(error, STATUS_USAGE, "--missing: at most %d words can be given", MISSING_WORDS);
    struct missing_word *word = &words->word[words->count++];
    char padded[MISSING_WORD_BYTES + 1 + DECIMAL_PADDING] = "";
    for (size_t i = 0; i < length; i++)
        padded[i] = word->text[i] = lower(text[i]);
    word->is_number = decimal_read(padded, '.', ',', &word->value) == padded + length;
    words->has_numbers |= word->is_number;
    words->longest = length > words->longest ? length : words->longest;
    return STATUS_OK;
}

enum status missing_words_read(struct missing_words *words, const char *list, struct error *error)
{
    enum status status = STATUS_OK;
    *words = (struct missing_words){.count = 0};
    for (const char *at = list ? list : MISSING_USUAL; at && status == STATUS_OK;) {
        const size_t length = strcspn(at, ",");
        status = add_word(words, at, length, error);
        at = at[length] ? at + length + 1 : NULL;
    }
    return status;
}

bool missing_words_have_value(const struct missing_words *words, double value)
{
    for (size_t i = 0; i < words->count; i++)
        if (words->word[i].is_number && words->word[i].value <= value && words->word[i].value >= value)
            return true;
    return false;
}

static bool is_missing(const struct missing_words *words, const char *text, size_t length)
{
    if (length == 0)
        return true;
    for (size_t i = 0; length <= words->longest && i < words->count; i++)
        if (equals(text, length, words->word[i].text))
            return true;
    return false;
}

/* ---- cells ---- */

bool cell_within_limit(double value)
{
    return value <= CELL_LIMIT && value >= -CELL_LIMIT;
}

bool cell_looks_like_code(const char *digits, const char *end)
{
    double value = 0;
    for (const char *p = digits; p < end; p++) {
        if (*p < '0' || *p > '9')
            return false;
        value = value * 10 + (*p - '0');
    }
    return (*digits == '0' && end - digits > 1) || value >= TOLD_APART;
}

/* Bytes of the blank that the text begins with; 0: none. */
static size_t blank_at(const char *text, size_t length)
{
    static const char *const wide[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x87"}; /* no-break, narrow, figure */
    if (length > 0 && (*text == ' ' || *text == '\t'))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        const size_t bytes = strlen(wide[i]);
        if (length >= bytes && memcmp(text, wide[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

/* Takes the blanks around a text away. */
static void trim(const char **text, size_t *length)
{
    if (*length == 0 || ((signed char)**text > ' ' && (signed char)(*text)[*length - 1] > ' '))
        return; /* most texts begin and end in ASCII */
    for (size_t bytes; (bytes = blank_at(*text, *length)) > 0;) {
        *text += bytes;
        *length -= bytes;
    }
    for (size_t bytes = 1; bytes <= 3 && bytes <= *length;) {
        const bool blank = blank_at(*text + *length - bytes, bytes) == bytes;
        *length -= blank ? bytes : 0;
        bytes = blank ? 1 : bytes + 1;
    }
}

void cell_classify(struct cell *cell, const char *text, size_t length, const struct notation *notation,
                   const struct missing_words *words)
{
    const char *inner = text;
    size_t inner_length = length;
    double value = 0;
    trim(&inner, &inner_length);
    const bool is_number =
        inner_length > 0 &&
        (decimal_read(inner, notation->mark, notation->other, &value) == inner + inner_length ||
         (notation_may_be_groups(inner, inner_length) && notation_read_groups(notation, inner, inner_length, &value)));
    const size_t sign = inner_length > 1 && (*inner == '-' || *inner == '+');
    *cell = (struct cell){.value = value, .text = text, .length = length, .kind = CELL_NUMBER};
    if (is_missing(words, inner, inner_length) || (is_number && missing_words_have_value(words, value))) {
        cell->kind = CELL_MISSING;
    } else if (is_number) {
        cell->kind = cell_within_limit(value) ? CELL_NUMBER : CELL_HUGE;
        cell->is_code = cell->kind == CELL_NUMBER && cell_is_code(inner, inner + inner_length);
    } else if (equals(inner + sign, inner_length - sign, "inf") ||
               equals(inner + sign, inner_length - sign, "infinity")) {
        cell->kind = CELL_HUGE;
    } else {
        cell->kind = CELL_TEXT;
    }
}

struct cell cell_bare(const struct cell *cell)
{
    struct cell bare = *cell;
    if (cell->kind != CELL_TEXT)
        trim(&bare.text, &bare.length);
    return bare;
}

bool cell_is_whole(const struct cell *cell)
{
    return cell->kind == CELL_NUMBER && !cell->is_code && cell->value <= floor(cell->value) &&
           !memchr(cell->text, 'e', cell->length) && !memchr(cell->text, 'E', cell->length);
}
