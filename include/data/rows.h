/* Rows of a CSV file for a model that is trained already: read, made into its inputs, and written back with more
 * fields.
 *
 * Columns are found by name where the model's file had a header, else by place (the answer's may then be left out).
 * The answer, and what the model does not know, is passed through.  A missing number is the training mean; a missing
 * text is what it was in training, and one that training never met is all zeros. */
#ifndef DATA_ROWS_H
#define DATA_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"
#include "data/csv.h"
#include "data/source.h"

struct rows;

struct rows_options {
    struct csv_form form; /* what is said of the file; decimal_before is not used */
    bool printable;       /* what is written is for a terminal, which no field is to steer (base/text.h) */
};

/* Separator and decimal mark are found as in a table to learn from; where the file does not show its decimal mark, it
 * is that of the model's file.  There is a header where the model's file had one, unless `options` says otherwise.
 * `path` ("-": standard input) and `source` are borrowed.  Errors name the file, and the columns that are not there. */
enum status rows_open(struct rows **out, const char *path, const struct source *source,
                      const struct rows_options *options, struct error *error);
void rows_close(struct rows *rows); /* NULL is fine */

/* One line about columns that the model does not know, or NULL. */
const char *rows_note(const struct rows *rows);

/* One line about the first text so far that training never met, or that stands for a number, or NULL. */
const char *rows_stranger(const struct rows *rows);

/* The header has a column of that name. */
bool rows_have(const struct rows *rows, const char *name);

/* The next row: x[source_inputs].  *got is false at the end. */
enum status rows_next(struct rows *rows, float *x, bool *got, struct error *error);

/* Writing, in the file's own separator: the fields of the header (nothing where there is none) or of the present row,
 * then each further field, then the line's end. */
bool rows_write_header(const struct rows *rows, FILE *out); /* false: there is none */
void rows_write(const struct rows *rows, FILE *out);
void rows_write_more(const struct rows *rows, FILE *out, const char *text);
/* With the decimal mark of the file. */
void rows_write_number(const struct rows *rows, FILE *out, double value);

#endif
