/* Which token comes next: a draw from what a language model expects, narrowed down first.
 *
 *   temperature  logits are divided by it (Ackley, Hinton & Sejnowski 1985): below 1 the likely becomes likelier; 0 takes the largest
 *   top_k        only the k most probable remain (Fan 2018)
 *   top_p        of those, with their probabilities made to add up to 1, only the fewest most probable whose sum reaches p (Holtzman 2020)
 *
 * in this order; what remains is made to add up to 1 again.  Of equals the token with the lower number comes first.  The same bits on every
 * machine.  Probabilities of all tokens, without any narrowing, are loss_probabilities'. */
#ifndef NN_SAMPLING_H
#define NN_SAMPLING_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct sampling {
    double temperature; /* 0 or more */
    size_t top_k;       /* 0: all */
    double top_p;       /* above 0, up to 1: all */
};

/* A token that may be drawn. */
struct candidate {
    double probability;
    float logit;
    uint32_t token;
};

enum status sampling_check(const struct sampling *sampling, struct error *error);

/* Fills candidate[count] and puts those that may be drawn first, the most probable at the front; returns their number, at least 1.  Logits
 * that are not numbers are the least probable; where the largest is infinite it is the only candidate. */
size_t sampling_narrow(const struct sampling *sampling, const float *logits, size_t count, struct candidate *candidate);

/* The token for u, a uniform draw in [0, 1): probabilities are laid end to end from the front. */
uint32_t sampling_draw(const struct candidate *candidate, size_t count, float u);

/* Both; candidate[count] is room. */
uint32_t sampling_choose(const struct sampling *sampling, const float *logits, size_t count, float u,
                         struct candidate *candidate);

#endif
