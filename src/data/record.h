/* A CSV file as a stream of records, each a row of cells that are classified already.
 *
 * Fields may be quoted ("" is a quote inside), hold line ends when quoted, and have spaces around them. Lines may end
 * in LF, CRLF or CR; blank ones are skipped.  At most one block of the file and one record are in memory. */
#ifndef DATA_RECORD_H
#define DATA_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"
#include "data/csv.h"
#include "data/notation.h"
#include "data/separator.h"

/* A larger number is an error in a table, and a danger to arithmetic in floats. */
#define CELL_LIMIT 1e30

enum cell_kind {
    CELL_NUMBER,
    CELL_TEXT,
    CELL_MISSING, /* empty, or a word for that (data/cell.h) */
    CELL_HUGE,    /* inf, or a number beyond CELL_LIMIT */
};

struct cell {
    double value;     /* CELL_NUMBER */
    const char *text; /* spaces around it and quotes taken away; not terminated */
    size_t length;
    enum cell_kind kind;
    bool is_code; /* CELL_NUMBER: written like a name (data/cell.h) */
};

struct record {
    const struct cell *cell; /* valid until the next call on the reader */
    size_t cells;            /* 0: the file has ended */
    size_t line;             /* where it starts, from 1 */
};

struct record_reader;

/* "-" and anything else that cannot be read twice goes to a temporary file first.  `path` is borrowed.  `form` has what
 * the user says of the file; the reader finds the rest in its first block.  NULL: the reader finds the separator only,
 * and skips no line. */
enum status record_open(struct record_reader **out, const char *path, const struct csv_form *form, struct error *error);
void record_close(struct record_reader *reader);

/* Right after opening: fields end at `separator`, whatever was found, where the first line that is not blank has
 * one. */
void record_prefer(struct record_reader *reader, char separator);

enum status record_next(struct record_reader *reader, struct record *record, struct error *error);
enum status record_rewind(struct record_reader *reader, struct error *error);

/* No file of `cells` cells a record has more records than this: counted by line ends, without parsing.  Leaves the
 * reader at the start. */
enum status record_bound(struct record_reader *reader, size_t cells, size_t *most, struct error *error);

/* Writes a field as RFC 4180 has it: quoted where it must be. */
void record_write_field(FILE *out, const char *text, size_t length, char separator);
char record_separator(const struct record_reader *reader);

/* What was found: where the table begins; the notation of a column (NULL: the usual one); the decimal mark that columns
 * prove or the user said, 0: there is none; and what the user said. */
const struct layout *record_layout(const struct record_reader *reader);
const struct notation_column *record_notation(const struct record_reader *reader, size_t column);
char record_mark(const struct record_reader *reader);
const struct csv_form *record_form(const struct record_reader *reader);

const char *record_path(const struct record_reader *reader);

/* "path:line: message", or "path: message" for line 0. */
enum status record_error(const struct record_reader *reader, size_t line, struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
