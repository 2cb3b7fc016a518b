/* Draws the next token from logits, by temperature, top-k and top-p. */
#include "nn/sampler.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/elementary.h"
#include "base/mem.h"

struct candidate {
    size_t id;
    float logit;
    double weight;
};

struct sampler {
    size_t vocabulary;
    struct candidate *candidate; /* [vocabulary] */
};

enum status sampling_check(const struct sampling *sampling, struct error *error)
{
    if (!(sampling->temperature >= 0 && sampling->temperature <= SAMPLING_TEMPERATURE_MAX))
        return error_set(error, STATUS_USAGE, "a temperature of %g: 0 (the likeliest token) to %g can be",
                         sampling->temperature, SAMPLING_TEMPERATURE_MAX);
    if (!(sampling->top_p > 0 && sampling->top_p <= 1))
        return error_set(error, STATUS_USAGE, "top-p %g: a probability above 0, and 1 at most (all tokens)",
                         sampling->top_p);
    return STATUS_OK;
}

struct sampler *sampler_create(size_t vocabulary)
{
    struct sampler *sampler = mem_alloc(1, sizeof *sampler);
    if (!sampler)
        return NULL;
    sampler->vocabulary = vocabulary;
    sampler->candidate = mem_alloc(vocabulary, sizeof *sampler->candidate);
    if (sampler->candidate)
        return sampler;
    sampler_free(sampler);
    return NULL;
}

void sampler_free(struct sampler *sampler)
{
    if (!sampler)
        return;
    mem_free(sampler->candidate);
    mem_free(sampler);
}

static int likelier_first(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->logit != b->logit)
        return a->logit > b->logit ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* Fills in the weights of the first `count`, the largest being 1; their sum. */
static double weigh(struct candidate *candidate, size_t count, float largest, double temperature)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        candidate[i].weight = elementary_exp(((double)candidate[i].logit - (double)largest) / temperature);
        sum += candidate[i].weight;
    }
    return sum;
}

/* How many of the sorted candidates are the nucleus. */
static size_t nucleus(const struct candidate *candidate, size_t count, double wanted)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += candidate[i].weight;
        if (sum >= wanted)
            return i + 1;
    }
    return count;
}

size_t sampler_draw(struct sampler *sampler, const float *logits, const struct sampling *sampling, float uniform)
{
    struct candidate *candidate = sampler->candidate;
    size_t count = sampler->vocabulary, best = 0;
    for (size_t i = 0; i < count; i++) {
        candidate[i] = (struct candidate){.id = i, .logit = isfinite(logits[i]) ? logits[i] : -INFINITY};
        if (candidate[i].logit > candidate[best].logit)
            best = i;
    }
    const float largest = candidate[best].logit;
    if (sampling->temperature == 0 || largest == -INFINITY)
        return best;
    const bool few = sampling->top_k > 0 && sampling->top_k < count;
    if (few || sampling->top_p < 1)
        qsort(candidate, count, sizeof *candidate, likelier_first);
    if (few)
        count = sampling->top_k;
    double sum = weigh(candidate, count, largest, sampling->temperature);
    if (sampling->top_p < 1) {
        count = nucleus(candidate, count, sampling->top_p * sum);
        sum = weigh(candidate, count, largest, sampling->temperature);
    }
    double left = (double)uniform * sum;
    for (size_t i = 0; i < count; i++) {
        if (left < candidate[i].weight)
            return candidate[i].id;
        left -= candidate[i].weight;
    }
    return best; /* rounding has left a rest */
}
