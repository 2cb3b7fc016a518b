/* Drawing a token from logits.
 *
 * The probability of token i is softmax(z / temperature) over those that are left: the `top_k` likeliest (Fan et al.
 * 2018), and of these the fewest likeliest that together have at least the probability `top_p` (nucleus sampling:
 * Holtzman et al. 2020).  Equal logits go by the lower id, a logit that is no number counts as least.  What is drawn
 * depends on the arguments alone, with the same bits everywhere. */
#ifndef NN_SAMPLER_H
#define NN_SAMPLER_H

#include <stddef.h>

#include "base/status.h"

#define SAMPLING_TEMPERATURE_MAX 100.0

struct sampling {
    double temperature; /* 0: always the likeliest token */
    size_t top_k;       /* 0: all tokens */
    double top_p;       /* in (0, 1]; 1: all tokens */
};

/* STATUS_USAGE with the range of the value that cannot be. */
enum status sampling_check(const struct sampling *sampling, struct error *error);

struct sampler; /* room for sorting */

struct sampler *sampler_create(size_t vocabulary); /* NULL: out of memory */
void sampler_free(struct sampler *sampler);        /* NULL is fine */

/* The token that `uniform`, in [0, 1), falls on; logits[vocabulary]. */
size_t sampler_draw(struct sampler *sampler, const float *logits, const struct sampling *sampling, float uniform);

#endif
