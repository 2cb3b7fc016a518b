/* downhill predict: a table, with what a trained model says of each row. */
#ifndef APP_PREDICT_H
#define APP_PREDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"
#include "data/csv.h"

struct predict_options {
    const char *checkpoint, *rows; /* "-": rows from standard input */
    struct csv_form form;          /* how the table of rows is written, as far as the options say it */
    bool best;                     /* with the weights of the least test loss in place of the last ones */
    bool terminal;                 /* the output is a terminal: control characters in fields are made visible */
};

/* Writes the rows of the table to `out` with a column `prediction` and, of a model that
 * tells classes apart, one for the probability of each (`p_setosa`).  What is noteworthy of the columns and their texts
 * goes to standard error. */
enum status predict_print(FILE *out, const struct predict_options *options, struct error *error);

#endif
