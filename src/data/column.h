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

/* Different labels in the order in which they were met.  A label is the text of its cell; only whole numbers are the
 * same label whatever their sign and decimals (1, +1, 1.0), and are called as the first of them is spelt. */
struct dictionary {
    struct entry {
        uint64_t hash;
        double value; /* of numbers, codes among them */
        bool is_number;
        size_t cells;
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

/* rank[code]: its place when numbers are sorted by value and then by their bytes, texts by their bytes behind them. */
void dictionary_rank(const struct dictionary *dictionary, int32_t rank[DICTIONARY_MAX]);

enum column_kind { COLUMN_EMPTY, COLUMN_NUMBERS, COLUMN_TEXTS };

/* How the cells of a column are to be read. */
enum column_reading {
    COLUMN_GUESSED,    /* numbers, if there are neither texts nor codes among them */
    COLUMN_WITH_CODES, /* codes are numbers too */
    COLUMN_AS_NUMBERS, /* and texts are missing numbers */
    COLUMN_AS_TEXTS,
};

/* A cell that says something about its column: where it is, and its text. */
struct sight {
    size_t line; /* 0: there is none */
    char text[NAME_BYTES + 1];
};

struct column {
    char name[NAME_BYTES + 1];
    enum column_reading reading;
    enum column_kind kind;            /* by its first cell that is not missing, unless `reading` says it */
    size_t numbers, codes, texts;     /* cells; codes that count as numbers are numbers, what is too large is a text */
    size_t huge_cells;                /* of the texts */
    size_t missing, words, no_number; /* cells: missing; of them, words for that; of them, texts where numbers belong */
    struct sight number, code, text, huge, word, stray; /* the first of each; `number` has no text in COLUMN_NUMBERS */
    double offset; /* COLUMN_NUMBERS: the first number; what is kept as a float is the distance from it */
    bool counts;   /* each number so far was the one before plus 1 */
    double newest;
    struct dictionary dictionary;
};

bool column_has_codes(const struct column *column); /* as numbers */

/* The cell is missing, or a text where only a number counts. */
bool column_misses(const struct column *column, const struct cell *cell);

/* Takes a missing cell back. */
void column_forget(struct column *column, const struct cell *cell);

/* All that is not a plain number in a column of numbers. */
bool column_take_other(struct column *column, const struct cell *cell, size_t line, float *kept);

/* Takes what a cell says about the column and stores what is kept of it: a distance, a code, or NaN.  False when out of
 * memory. */
static inline bool column_take(struct column *column, const struct cell *cell, size_t line, float *kept)
{
    if (cell->kind != CELL_NUMBER || cell->is_code || column->kind != COLUMN_NUMBERS)
        return column_take_other(column, cell, line, kept);
    if (column->counts) {
        column->counts = column->numbers == 0 || cell->value == column->newest + 1.0;
        column->newest = cell->value;
    }
    column->numbers++;
    *kept = (float)(cell->value - column->offset);
    return true;
}

/* Forgets the cells but not the name and the reading, for reading again. */
void column_reset(struct column *column, enum column_kind kind);

/* Whether a dictionary would call the cell by that name. */
bool label_is(const char *name, const struct cell *cell);

/* Both are numbers of one value: the same label to those who kept the value and not the text. */
bool label_same_value(const char *a, const char *b);

/* Copies at most NAME_BYTES bytes, cut at a character. */
void name_copy(char name[NAME_BYTES + 1], const char *text, size_t length);

#endif
