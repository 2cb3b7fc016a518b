/* Tables from CSV files, through libcsv, in one streaming pass over the file per need.
 *
 * Found by itself: separator (, ; tab), header or none, numeric and categorical columns (one-hot), missing values (empty, ?, NA, nan:
 * the training mean, or a category of its own), UTF-8 BOM, CRLF, quoting, classification or regression.  The split is
 * stratified by class and drawn from the seed; with a test file all rows of the first file train.
 * Every error names file, line and column.  Memory: at most twice the parsed table, a field at most CSV_FIELD_MAX bytes. */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include "data/dataset.h"

#define CSV_FIELD_MAX 65536

enum csv_task { CSV_INFER, CSV_CLASSIFY, CSV_REGRESS };

struct csv_options {
    const char *target;     /* column name or 1-based number; NULL: the last */
    const char *test_path;  /* NULL: split */
    double test_fraction;   /* 0.25 is usual; in (0, 1) */
    enum csv_task task;
    uint64_t seed;
};

/* path "-" reads standard input. */
enum status csv_load(struct dataset **out, const char *path, const struct csv_options *options, struct error *error);

#endif
