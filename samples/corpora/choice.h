/* What a line is left to choose.  The n-th choice of a line is a pure function of the line, so that the corpora are the
 * same bytes on every machine. */
#ifndef CORPORA_CHOICE_H
#define CORPORA_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#include "base/random.h"

struct choice {
    uint32_t key, made; /* of the line; how many it has made */
};

/* Corpora have a seed of their own each, their lines are numbered. */
struct choice choice_start(uint64_t seed, uint64_t line);

/* Evenly one of 0 … n-1; n > 0. */
size_t choice_below(struct choice *choice, size_t n);

/* The same with early ones more often: x with a probability of about ln(n/x)/n. */
size_t choice_early(struct choice *choice, size_t n);

/* Evenly any of 0 … n-1 but `other_than`; n > 1. */
size_t choice_other(struct choice *choice, size_t n, size_t other_than);

/* An order of 0 … n-1. */
struct permutation choice_order(struct choice *choice, size_t n);

#endif
