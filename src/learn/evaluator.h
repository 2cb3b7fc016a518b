/* Measures a net on training and test rows, in blocks, with dropout off.
 *
 * Every row is measured in a block of the same size at the same place whatever the chunks, and sums run over rows in
 * order in double precision: the figures do not depend on how the work is cut. */
#ifndef LEARN_EVALUATOR_H
#define LEARN_EVALUATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "learn/survey.h"
#include "learn/work.h"
#include "nn/loss.h"
#include "nn/net.h"

/* Some rows with what the net says of them: logits [count][stride]. */
struct scored_block {
    const float *logits;
    size_t stride, outputs, count;
    struct loss_answers answers;
    const struct loss *loss;
    const struct kernels *kernels;
};

/* A kind of answers, as an objective gives it: how they are taken from the data, and how a net is scored by them. */
struct answer_kind {
    size_t size; /* bytes of an answer */
    /* Fills the answers of the survey's rows of that part; returns their spread, for the score. */
    double (*take)(const struct survey *survey, enum work_part part, void *answers);
    struct loss_answers (*from)(const void *answers, size_t first); /* those from that row on */
    void (*count)(const struct scored_block *block, double *sum);   /* adds what the score of the rows is made of */
    double (*score)(double sum, double rows, double spread);
};

struct evaluator;

/* What the set-up names is borrowed, and so is the kind.  NULL: out of memory. */
struct evaluator *evaluator_create(const struct work_setup *setup, const struct answer_kind *kind);
void evaluator_free(struct evaluator *evaluator);
size_t evaluator_bytes(const struct evaluator *evaluator); /* of its workspace */

/* Rows that an evaluation with so many training rows in use looks at. */
size_t evaluator_rows(const struct dataset *dataset, size_t train_rows);

/* Starts over. */
void evaluator_begin(struct evaluator *evaluator, const struct work_key *key);

/* Works on about `rows` rows; true when all are done. */
bool evaluator_run(struct evaluator *evaluator, size_t rows);

struct work_result evaluator_result(const struct evaluator *evaluator, enum work_part part);

#endif
