/* For tests of histories: whether buckets are the same, the columns of a chart, and series that runs usually have. */
#ifndef TESTS_SUPPORT_HISTORIES_H
#define TESTS_SUPPORT_HISTORIES_H

#include <math.h>
#include <stdbool.h>

#include "metrics/history.h"

static const unsigned usual[] = {SERIES_LOSS,  SERIES_GRAD_NORM, SERIES_UPDATE_RATIO,           SERIES_LR,
                                 SERIES_COUNT, SERIES_COUNT + 1, SERIES_COUNT + LAYERS_MEASURED};

enum { COLUMNS = 150, USUAL = sizeof usual / sizeof usual[0] };

/* The empty branch grows out of `parent` at a step. */
static inline bool grow(struct history *history, uint16_t branch, uint16_t parent, uint64_t step)
{
    return history_begin(history, branch, &(struct forest_origin){.grown = true, .parent = parent, .step = step});
}

static inline bool same(const struct bucket *a, const struct bucket *b)
{
    if (a->count != b->count || a->nonfinite != b->nonfinite)
        return false;
    if (a->count == 0)
        return true;
    return a->min == b->min && a->max == b->max && a->last == b->last && fabs(a->sum - b->sum) < 1e-6 &&
           a->first_step == b->first_step && a->last_step == b->last_step;
}

#endif
