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
#include "learn/work.h"
#include "nn/loss.h"
#include "nn/net.h"

struct evaluator;

/* Data set and net are borrowed.  NULL: out of memory. */
struct evaluator *evaluator_create(const struct dataset *dataset, const struct net *net, enum loss_id loss,
                                   const struct kernels *kernels);
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
