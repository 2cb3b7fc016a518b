/* downhill predict: a table, with what a trained model says of each row. */
#ifndef APP_PREDICT_H
#define APP_PREDICT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"

/* Writes the rows of the table `rows` ("-": standard input) to `out` with a column `prediction` and, of a model that
 * tells classes apart, one for the probability of each (`p_setosa`).  What is noteworthy of the columns and their texts
 * goes to standard error.  `terminal`: `out` is one, which no field is to steer. */
enum status predict_print(FILE *out, bool terminal, const char *checkpoint, const char *rows, struct error *error);

#endif
