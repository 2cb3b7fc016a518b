/* Which character parts the cells of a table, and on which line the table begins.
 *
 * Both are decided from the first block of the file.  A candidate is the better the more records it cuts into the same
 * number of cells, and the more of these cells are numbers, or texts without another candidate in them: ';' cuts
 * "1,3;1,4;A" into two numbers and a text, ',' into two numbers and two odd texts. */
#ifndef DATA_SEPARATOR_H
#define DATA_SEPARATOR_H

#include <stdbool.h>
#include <stddef.h>

/* Where a table begins, and what parts its cells. */
struct layout {
    char separator;
    bool separator_line; /* the first line says so: "sep=;" */
    size_t skip;         /* bytes before the table ... */
    size_t lines;        /* ... and lines */
    size_t titles;       /* of these lines: titles and the like */
    bool comments;       /* lines that begin with '#' are no records (but the first record may begin so) */
};

/* `end`: of the lines that are there as a whole.  `said`: the separator, or 0. */
void layout_find(struct layout *layout, const char *from, const char *end, char said);

/* Separators outside quotes in the line from `p`. */
size_t separator_count(const char *p, const char *end, char separator);

/* The candidate that cuts the records best. */
char separator_guess(const char *from, const char *end);

/* A character that may part cells. */
bool separator_is_possible(char c);

/* ---- raw records, for the two files that decide ---- */

/* A record as one candidate cuts it. */
struct raw_record {
    size_t cells, filled; /* filled: cells that are not empty */
    size_t numbers;
    size_t clean; /* numbers, quoted texts, and texts without another candidate */
    size_t lines; /* that it takes */
    bool fault;   /* a quote is not closed, or followed by more */
    bool blank;
};

/* Reads the record at `p`; returns where the next one begins. */
const char *raw_record_read(struct raw_record *record, const char *p, const char *end, char separator);

/* The number of cells that most records have which begin with no '#', and have at least two; 0: there are none. */
size_t separator_width(const char *from, const char *end, char separator);

#endif
