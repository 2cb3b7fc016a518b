/* Work on tables and toys: rows of numbers with an answer each, for a perceptron.  What the objectives of such data
 * share; each gives the kind of its answers.  The functions are those of struct objective. */
#ifndef LEARN_WORK_TABLE_H
#define LEARN_WORK_TABLE_H

#include "learn/evaluator.h"
#include "learn/objective.h"

void *work_table_create(const struct work_setup *setup, const struct answer_kind *kind);
void work_table_free(void *work);
bool work_table_reserve(void *work, size_t batch);
size_t work_table_bytes(const void *work);
enum objective_piece work_table_step(void *work, struct work_step *step);
void work_table_begin(void *work, const struct work_key *key);
bool work_table_evaluate(void *work, size_t rows);
void work_table_result(const void *work, double *value);

/* Members of the row of an objective that works on tables and toys; it has a `create` of its own. */
#define WORKS_ON_TABLES                                                                                                \
    .free = work_table_free, .reserve = work_table_reserve, .bytes = work_table_bytes, .step = work_table_step,        \
    .rows = evaluator_rows, .begin = work_table_begin, .evaluate = work_table_evaluate, .result = work_table_result

#endif
