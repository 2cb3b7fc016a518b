/* Tables from CSV files, streamed, through libcsv where a record needs it.
 *
 * Found by itself
 *   separator      , ; tab or |: the one that cuts most of the first 500 records into the same number of plain cells
 *   decimal mark   column by column, from the first 2,000 rows: 31,6 shows a comma, 31.6 a point.  A mark before three
 *                  digits (3.092) parts thousands where other columns show the other mark; so do blanks and apostrophes
 *   first line     sep=; and lines that begin with # are skipped, and lines of titles: with at most half of the cells, or
 *                  one that is not empty
 *   header         the first row, when it has no number while others do, or its texts never occur again; with numbers in
 *                  it, when its texts never occur again and one stands above numbers alone, or its numbers are
 *                  far from those below; of numbers alone, when they count the columns, ascend at equal steps, or
 *                  are whole above decimals, and are unlike the numbers below
 *   columns        of numbers; or of texts, one input for each different text (at most 50). A column that was all
 *                  numbers and turns out to have texts is read again as texts if it has few different ones, else the odd cell is an error
 *   left out       empty columns, texts that hardly repeat (names), the same text everywhere, a column called id that counts the rows
 *   missing        empty, ?, NA, N/A, null, nan: the training mean; in a column of texts an input of its own; in the target
 *                  the row is left out.  inf, and numbers beyond 1e30, are errors
 *   target         the last column. Texts, two values, or at most 20 different whole numbers with 5 rows each make classes; else regression
 * Also taken: a byte order mark, CRLF or CR, spaces around fields, quoted fields ("" is a quote, line ends may be
 * inside), blank lines.
 *
 * The split is stratified by class and drawn from the seed; with a test file all rows of the first file train, and its
 * columns are found by name (texts never met in training are all zeros).  Numbers are standardised with the training
 * rows' figures; a column that is constant in training, but for rounding, becomes 0; inputs made of texts stay 0 and 1
 * (mean 0, sd 1).
 * Every error names file and line, and the column where there is one; its text is safe to print.  Names are cut at 64
 * bytes.  Memory: at most twice the parsed table, a field at most CSV_FIELD_MAX bytes. */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include "data/dataset.h"

#define CSV_FIELD_MAX 65536

/* How a file is written, where its user says so. */
enum csv_header { CSV_HEADER_FIND, CSV_HEADER_YES, CSV_HEADER_NO };

struct csv_form {
    char separator;      /* between cells; 0: found */
    char decimal;        /* the decimal mark, '.' or ','; 0: found, column by column */
    char decimal_before; /* the training file's, for columns that show none; 0: not known */
    enum csv_header header;
    const char *missing; /* words that count as missing, separated by commas; NULL: the usual ones; "": none */
};

/* A separator by its name (comma, semicolon, tab, pipe) or as itself; 0: the word is none. */
char csv_separator(const char *word);
/* NULL: it has no name. */
const char *csv_separator_name(char separator);

enum csv_task { CSV_INFER, CSV_CLASSIFY, CSV_REGRESS };

struct csv_options {
    const char *target;    /* column name or 1-based number; NULL: the last */
    const char *test_path; /* NULL: split */
    double test_fraction;  /* 0.25 is usual; in (0, 1) */
    enum csv_task task;
    struct csv_form form; /* of both files; decimal_before is not used */
    char **text,
        **number; /* columns to be read as texts, as numbers, as `target` names them; NULL behind them; or NULL */
    uint64_t seed;
};

/* path "-" reads standard input. */
enum status csv_load(struct dataset **out, const char *path, const struct csv_options *options, struct error *error);

#endif
