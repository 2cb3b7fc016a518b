/* What a task trains with where its user says nothing: one row per toy, and rows by size for tables. */
#ifndef RUN_DEFAULTS_H
#define RUN_DEFAULTS_H

#include <stddef.h>

#include "data/dataset.h"
#include "nn/net.h"
#include "nn/optimizer.h"

#define DEFAULT_HIDDEN_MAX 3

struct task_default {
    const char *toy;                   /* name of the toy; NULL: a row for tables */
    size_t rows;                       /* tables: holds for up to so many training rows ... */
    size_t inputs;                     /* ... and up to so many inputs */
    size_t hidden[DEFAULT_HIDDEN_MAX]; /* widths, ended by 0 */
    enum activation activation;
    enum optimizer_id optimizer;
    double lr, batch, speed; /* speed in steps a second, for the eye; 0: unlimited */
    const double *start;     /* parameters to begin with, for models of a few; NULL: drawn from the seed */
    size_t start_count;
};

/* The row for this toy, or (toy NULL) the first row whose size holds for the table.  Never NULL. */
const struct task_default *default_for(const char *toy, const struct dataset *dataset);

#endif
