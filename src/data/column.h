/* One column of a table while its file is being read: what kind it is, and the codes of its texts. */
#ifndef DATA_COLUMN_H
#define DATA_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/record.h"

#define NAME_BYTES     64  /* of a column's or category's name that are kept */
#define CATEGORIES_MAX 50  /* different texts of an input column that become inputs */
#define DICTIONARY_MAX 256 /* different values that are told apart at all: classes of a target */
#define CODE_MISSING   (-1)
#define CODE_UNKNOWN   (-2) /* more than DICTIONARY_MAX, or not met before closing */

/* Different values in the order in which they were met.  Numbers are the same when their values are, whatever their
 * spelling. */
struct dictionary {
    struct entry {
        uint64_t hash;
        double value; /* of numbers */
        bool is_number;
        char name[NAME_BYTES + 1];
    } * entry;
    size_t count, room;
    uint16_t *slot; /* open addressing: index + 1; 4 * room of them */
    bool overflowed;
    bool closed; /* takes nothing new */
};

void dictionary_free(struct dictionary *dictionary);

/* Code of the cell, added if it is new.  False when out of memory. */
bool dictionary_code(struct dictionary *dictionary, const struct cell *cell, int32_t *code);

/* rank[code]: its place when numbers are sorted by value, texts by their bytes behind them. */
void dictionary_rank(const struct dictionary *dictionary, int32_t rank[DICTIONARY_MAX]);

enum column_kind { COLUMN_EMPTY, COLUMN_NUMBERS, COLUMN_TEXTS };

struct column {
    char name[NAME_BYTES + 1];
    enum column_kind kind; /* by its first cell that is not missing */
    size_t numbers, texts, missing;
    size_t first_text, first_number, first_huge; /* lines; 0: none */
    char text[NAME_BYTES + 1], number[NAME_BYTES + 1],
        huge[NAME_BYTES + 1]; /* what stands there; no number for COLUMN_NUMBERS */
    double offset;            /* COLUMN_NUMBERS: the first number; what is kept as a float is the distance from it */
    bool counts;              /* each number so far was the one before plus 1 */
    double newest;
    struct dictionary dictionary;
};

/* All that is not a number in a column of numbers. */
bool column_take_other(struct column *column, const struct cell *cell, size_t line, float *kept);

/* Takes what a cell says about the column and stores what is kept of it: a distance, a code, or NaN.  False when out of
 * memory. */
static inline bool column_take(struct column *column, const struct cell *cell, size_t line, float *kept)
{
    if (cell->kind != CELL_NUMBER || column->kind != COLUMN_NUMBERS)
        return column_take_other(column, cell, line, kept);
    if (column->counts) {
        column->counts = column->numbers == 0 || cell->value == column->newest + 1.0;
        column->newest = cell->value;
    }
    column->numbers++;
    *kept = (float)(cell->value - column->offset);
    return true;
}

/* Forgets the cells but not the kind, for reading again. */
void column_reset(struct column *column, enum column_kind kind);

/* Copies at most NAME_BYTES bytes, cut at a character. */
void name_copy(char name[NAME_BYTES + 1], const char *text, size_t length);

#endif
