/* Sums up LANES neighbouring series at once, value by value, in the order in which the values come: the arithmetic of
 * pending.c and record.c.  A value that is not finite is counted, and leaves minimum, maximum, last and sum alone. */
#ifndef METRICS_LANES_H
#define METRICS_LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 4 };

/* LANES numbers as one, an extension of gcc and clang: a loop over them would become branches. */
typedef float floats __attribute__((vector_size(LANES * sizeof(float))));
typedef double doubles __attribute__((vector_size(LANES * sizeof(double))));
typedef int32_t masks __attribute__((vector_size(LANES * sizeof(int32_t)))); /* all bits or none */

struct lanes {
    doubles sum;
    floats min, max;
    floats last;   /* the newest finite value */
    floats newest; /* finite or not */
    masks nonfinite;
};

static inline struct lanes lanes_empty(void)
{
    const floats zero = {0};
    return (struct lanes){.min = zero + INFINITY, .max = zero - INFINITY};
}

static inline floats lanes_choose(masks mask, floats yes, floats no)
{
    return (floats)(((masks)yes & mask) | ((masks)no & ~mask));
}

/* Adds LANES values, one to each lane. */
static inline void lanes_add(struct lanes *lanes, const float *value)
{
    const floats zero = {0}, infinity = zero + INFINITY;
    floats x;
    memcpy(&x, value, sizeof x);
    const masks finite = (x - x == zero); /* inf - inf and NaN - NaN are NaN */
    const floats low = lanes_choose(finite, x, infinity), high = lanes_choose(finite, x, -infinity);
    lanes->min = lanes_choose(low < lanes->min, low, lanes->min);
    lanes->max = lanes_choose(high > lanes->max, high, lanes->max);
    lanes->last = lanes_choose(finite, x, lanes->last);
    lanes->newest = x;
    lanes->sum += __builtin_convertvector(lanes_choose(finite, x, zero), doubles);
    lanes->nonfinite += finite + 1; /* a mask of all bits is -1 */
}

#endif
