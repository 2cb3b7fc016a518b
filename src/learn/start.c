/* Keeps one copy of the weights with which a run begins, for all that hold them. */
#include "learn/start.h"

#include <string.h>

#include "base/mem.h"

struct start_weights *start_weights_create(const double *value, size_t count, bool learnt)
{
    struct start_weights *weights = mem_alloc(1, sizeof *weights + count * sizeof *value);
    if (!weights)
        return NULL;
    *weights = (struct start_weights){.holders = 1, .learnt = learnt, .count = count};
    memcpy(weights->value, value, count * sizeof *value);
    return weights;
}

struct start_weights *start_weights_hold(struct start_weights *weights)
{
    if (weights)
        weights->holders++;
    return weights;
}

void start_weights_drop(struct start_weights *weights)
{
    if (weights && --weights->holders == 0)
        mem_free(weights);
}
