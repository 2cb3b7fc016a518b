/* What a task trains with where its user says nothing: one row per toy, and rows by size for tables and texts. */
#ifndef SETUP_DEFAULTS_H
#define SETUP_DEFAULTS_H

#include <stddef.h>

#include "data/dataset.h"
#include "nn/language.h"
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

/* A kind of language model; fields that the kind has no use for are 0. */
struct language_default {
    enum language_kind kind;
    size_t tokens; /* holds for up to so many training tokens */
    size_t layers, width, heads, window;
    double lr, batch;
};

/* Of every language model. */
#define DEFAULT_LANGUAGE_CONTEXT   64
#define DEFAULT_LANGUAGE_OPTIMIZER OPTIMIZER_ADAMW
#define DEFAULT_LANGUAGE_DECAY     0.1
#define DEFAULT_LANGUAGE_CLIP      1.0
#define DEFAULT_LANGUAGE_SPEED     0.0 /* unlimited */

/* The kind's first row whose size holds.  Never NULL. */
const struct language_default *default_for_language(enum language_kind kind, size_t tokens);

#endif
