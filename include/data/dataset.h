/* What a model learns from: rows of numbers with an answer each, split into train and test.
 *
 * Rows [0, train) are the training rows, [train, rows) the test rows.  Training rows are in a fixed shuffled order in
 * which every prefix is (nearly) stratified: a share of the training data is a prefix. Inputs are standardised with the
 * training rows' mean and population standard deviation (toys: not); regression targets of tables likewise
 * (target_mean, target_sd lead back to the table's unit).
 *
 * A text (TASK_TEXT) has rows of tokens instead, which its corpus gives: a row reads `inputs` tokens of `classes`
 * different ones, and is asked for the token behind each.  x, label, target and all that is said of columns is NULL
 * then. Immutable after loading: any thread may read it. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct corpus;
struct source;

enum task_kind { TASK_CLASSIFY, TASK_REGRESS, TASK_TEXT };

struct dataset {
    char *name; /* "spiral", "wine.csv" */
    enum task_kind kind;
    size_t rows, train;
    size_t inputs;  /* features of a row, after one-hot encoding; TASK_TEXT: the context */
    size_t classes; /* TASK_CLASSIFY: K >= 2; TASK_REGRESS: 0; TASK_TEXT: the vocabulary */
    float *x;       /* [rows][inputs] */
    int32_t *label; /* [rows], 0..K-1; NULL for regression */
    float *target;  /* [rows]; NULL for classification */
    double target_mean, target_sd;
    double *input_mean, *input_sd; /* [inputs]: standardised = (raw - mean) / sd */
    char **input_name;             /* [inputs] */
    char **class_name;             /* [classes] */
    char *target_name;
    char *report;          /* one line: what was found in the file */
    char *notes;           /* lines, parted by LF: what was left out or changed on the way; "" or NULL: nothing */
    struct source *source; /* data/source.h: the columns of the file; NULL for toys and texts */
    struct corpus *corpus; /* data/corpus.h; NULL for all but texts */
};

void dataset_free(struct dataset *dataset);
size_t dataset_bytes(const struct dataset *dataset); /* of its rows, as they are kept */

/* Of all that is learnt from and tested on, with its scales: other rows have another one. */
uint64_t dataset_hash(const struct dataset *dataset);

/* Takes over the corpus, also when it fails. */
enum status dataset_from_corpus(struct dataset **out, struct corpus *corpus, struct error *error);

/* Labels with noise.  A share `noise` of the training rows has a wrong label: another class drawn uniformly; for
 * regression the target of another training row.  The seed chooses the rows, always the same for the same noise and
 * spread evenly over every prefix; more noise only adds rows.  Test rows keep theirs.  These are what training sees. */
int32_t dataset_label(const struct dataset *dataset, size_t row, double noise, uint64_t seed);
float dataset_target(const struct dataset *dataset, size_t row, double noise, uint64_t seed);

#endif
