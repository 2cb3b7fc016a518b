/* Losses: one table row each.  A loss turns logits and answers into the mean loss of the batch and the gradient with
 * respect to the logits (already divided by the rows that count).  Safe at logits of ±1e4. A row whose label is below
 * zero does not count: it has no part in the mean, its gradient is zero, and per_row has zero for it.  Where no row
 * counts the loss is zero. */
#ifndef NN_LOSS_H
#define NN_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nn/kernels.h"

enum loss_id { LOSS_CROSS_ENTROPY, LOSS_BCE, LOSS_MSE, LOSS_HUBER, LOSS_COUNT };

/* Answers of a batch: `label` for the classification losses, `target` for the others. */
struct loss_answers {
    const int32_t *label; /* [batch]; -1: no answer is asked for */
    const float *target;  /* [batch] */
};

struct loss {
    const char *name;  /* "cross_entropy" */
    const char *about; /* formula and its source, one line */
    bool classifies;
    bool one_logit_binary; /* two classes as one logit */
    /* logits [batch][stride], the stride being outputs padded to 8; d_logits (same shape, may be the same buffer) may
     * be NULL: loss only. per_row may be NULL, else receives each row's loss. Returns the mean loss; padding columns of
     * d_logits are written as zero. */
    float (*compute)(const struct kernels *kernels, const float *logits, size_t stride, size_t outputs, size_t batch,
                     const struct loss_answers *answers, float *d_logits, float *per_row);
};
extern const struct loss loss_table[LOSS_COUNT];

/* Probabilities of the classes of one row of logits: out[classes]. */
void loss_probabilities(enum loss_id loss, const float *logits, size_t classes, float *out);
/* Where the largest of a row of logits or probabilities is, the first of equals; no number counts as the least. */
size_t loss_likeliest(const float *row, size_t classes);
/* The same for each of `rows` rows of logits [rows][stride], at least two classes: out[rows]. */
void loss_likeliest_rows(const struct kernels *kernels, const float *logits, size_t stride, size_t classes, size_t rows,
                         int32_t *out);
/* Outputs that a net needs for this loss and number of classes. */
size_t loss_outputs(enum loss_id loss, size_t classes);

#endif
