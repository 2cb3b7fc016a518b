/* Work on texts and pairs: rows of tokens, of which some are asked, for a language model.  What the objectives of such
 * data share.  The functions are those of struct objective. */
#ifndef LEARN_WORK_TEXT_H
#define LEARN_WORK_TEXT_H

#include "learn/objective.h"
#include "learn/work.h"

extern const struct refusal work_text_refuses[];
bool work_text_guess(const struct dataset *dataset, enum loss_id loss, struct guess *out);
void *work_text_create(const struct work_setup *setup);
void work_text_free(void *work);
bool work_text_reserve(void *work, size_t batch);
size_t work_text_bytes(const void *work);
enum objective_piece work_text_step(void *work, struct work_step *step);
size_t work_text_rows(const struct dataset *dataset, size_t train_rows);
void work_text_begin(void *work, const struct work_key *key);
bool work_text_evaluate(void *work, size_t rows);
void work_text_result(const void *work, double *value);

/* Members of the row of an objective that works on texts and pairs. */
#define WORKS_ON_TEXTS                                                                                                 \
    .guess = work_text_guess, .refuses = work_text_refuses, .create = work_text_create, .free = work_text_free,        \
    .reserve = work_text_reserve, .bytes = work_text_bytes, .step = work_text_step, .rows = work_text_rows,            \
    .begin = work_text_begin, .evaluate = work_text_evaluate, .result = work_text_result

#endif
