/* What the text of a cell is: a number, a text, missing, or too large to be either. */
#ifndef DATA_CELL_H
#define DATA_CELL_H

#include "data/notation.h"
#include "data/record.h"

/* Numbers that a table may hold: within CELL_LIMIT. */
bool cell_within_limit(double value);

/* Fills a cell with a text and what that is.  DECIMAL_PADDING bytes behind it are readable, and the first of them is no
 * part of a number. */
void cell_classify(struct cell *cell, const char *text, size_t length, const struct notation *notation);

#endif
