/* What the text of a cell is: a number, a text, missing, or a number that is too large.
 *
 * A number is digits with a sign, a decimal mark and an exponent, each of which may lack, and blanks around it (spaces,
 * tabs, no-break spaces).  Percent signs, units and hexadecimal digits make a text.  A code is a number that looks like
 * a name: whole, and with zeros in front (007), or of 2^53 and more, where doubles no longer tell neighbours apart. */
#ifndef DATA_CELL_H
#define DATA_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "data/notation.h"
#include "data/record.h"

#define MISSING_WORDS      32 /* in a list */
#define MISSING_WORD_BYTES 48 /* of one of them */
#define MISSING_USUAL      "?,NA,N/A,nan,null"

/* Words that count as missing, whatever the case of their letters; an empty cell always does. */
struct missing_words {
    struct missing_word {
        char text[MISSING_WORD_BYTES + 1]; /* in lower case */
        bool is_number;
        double value; /* a number is missing whatever its spelling */
    } word[MISSING_WORDS];
    size_t count, longest;
    bool has_numbers;
};

/* `list`: words separated by commas; NULL: MISSING_USUAL.  STATUS_USAGE for too many or too long ones. */
enum status missing_words_read(struct missing_words *words, const char *list, struct error *error);

bool missing_words_have_value(const struct missing_words *words, double value);

/* Numbers that a table may hold: within CELL_LIMIT. */
bool cell_within_limit(double value);

/* The slow part of cell_is_code. */
bool cell_looks_like_code(const char *digits, const char *end);

/* Whether the number in [text, end) is a code.  A byte behind `end` is readable. */
static inline bool cell_is_code(const char *text, const char *end)
{
    const char *digits = text + ((*text == '-') | (*text == '+'));
    const bool suspect = ((digits[0] == '0') & ((unsigned char)(digits[1] - '0') < 10)) | (end - digits > 15);
    return suspect && cell_looks_like_code(digits, end);
}

/* Fills a cell with a text and what that is without the blanks around it.  DECIMAL_PADDING bytes behind the
 * text are readable, and the first of them is no part of a number. */
void cell_classify(struct cell *cell, const char *text, size_t length, const struct notation *notation,
                   const struct missing_words *words);

/* The cell without the blanks around it, unless it is a text, to which they belong. */
struct cell cell_bare(const struct cell *cell);

/* A label of the cell: whole numbers without an exponent are the same label whatever their sign and decimals (1, +1,
 * 1.0), all else is the same where it is the same text. */
bool cell_is_whole(const struct cell *cell);

#endif
