#include "nn/sampling.h"

#include <math.h>
#include <stdlib.h>

#include "base/elementary.h"

enum status sampling_check(const struct sampling *sampling, struct error *error)
{
    if (!(sampling->temperature >= 0 && sampling->temperature < HUGE_VAL))
        return error_set(error, STATUS_USAGE, "a temperature of %g: 0 or more is possible", sampling->temperature);
    if (!(sampling->top_p > 0 && sampling->top_p <= 1))
        return error_set(error, STATUS_USAGE, "top-p of %g: above 0 and up to 1 is possible", sampling->top_p);
    return STATUS_OK;
}

/* The larger logit first, then the lower number. */
static int compare(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->logit != y->logit)
        return x->logit > y->logit ? -1 : 1;
    return (x->token > y->token) - (x->token < y->token);
}

/* Makes the first `count` add up to 1. */
static void normalise(struct candidate *candidate, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += candidate[i].probability;
    for (size_t i = 0; i < count; i++)
        candidate[i].probability /= sum;
}

/* The fewest whose sum reaches p. */
static size_t reach(double p, const struct candidate *candidate, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < count; i++)
        if ((sum += candidate[i].probability) >= p)
            return i + 1;
    return count;
}

size_t sampling_narrow(const struct sampling *sampling, const float *logits, size_t count, struct candidate *candidate)
{
    for (size_t i = 0; i < count; i++)
        candidate[i] = (struct candidate){.logit = isnan(logits[i]) ? -INFINITY : logits[i], .token = (uint32_t)i};
    qsort(candidate, count, sizeof *candidate, compare);
    candidate[0].probability = 1;
    if (sampling->temperature == 0 || isinf(candidate[0].logit))
        return 1;
    size_t kept = sampling->top_k > 0 && sampling->top_k < count ? sampling->top_k : count;
    for (size_t i = 0; i < kept; i++)
        candidate[i].probability =
            elementary_exp(((double)candidate[i].logit - (double)candidate[0].logit) / sampling->temperature);
    normalise(candidate, kept);
    kept = sampling->top_p < 1 ? reach(sampling->top_p, candidate, kept) : kept;
    normalise(candidate, kept);
    return kept;
}

uint32_t sampling_draw(const struct candidate *candidate, size_t count, float u)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < count; i++)
        if ((double)u < (sum += candidate[i].probability))
            return candidate[i].token;
    return candidate[count - 1].token;
}

uint32_t sampling_choose(const struct sampling *sampling, const float *logits, size_t count, float u,
                         struct candidate *candidate)
{
    return sampling_draw(candidate, sampling_narrow(sampling, logits, count, candidate), u);
}
