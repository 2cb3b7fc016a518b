/* Weights with which a run begins instead of drawn ones: placed by hand for a toy, or read from a file.
 *
 * They belong to the run: its trainers and the roots of its branches share one copy, which is counted: the last
 * start_weights_drop frees it.
 * All holders are on one thread at a time. */
#ifndef LEARN_START_H
#define LEARN_START_H

#include <stdbool.h>
#include <stddef.h>

struct start_weights {
    size_t holders;
    bool learnt;    /* read from a file of trained weights; else placed by hand */
    size_t count;   /* the model's number of parameters */
    double value[]; /* all weights and biases in the order of the model's slices, PyTorch's orientation */
};

/* A copy of the values, with one holder.  NULL: out of memory. */
struct start_weights *start_weights_create(const double *value, size_t count, bool learnt);
/* One holder more; returns its argument, which may be NULL. */
struct start_weights *start_weights_hold(struct start_weights *weights);
void start_weights_drop(struct start_weights *weights); /* NULL is fine */

#endif
