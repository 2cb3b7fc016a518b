/* Measures: what an evaluation measures besides the series of its objective.  Each is a file in learn/measures/ and a
 * line of MEASURE_LIST, which also is its series (metrics/series.h).  The trainer computes them at evaluations, in
 * pieces, so that they are as repeatable as all else that it measures.  They change nothing of the state. */
#ifndef LEARN_MEASURE_H
#define LEARN_MEASURE_H

#include "learn/trainer.h"

struct measure {
    enum series_id series;
    bool (*applies)(const struct trainer *trainer); /* NULL: always */

    /* Passes of the model, if the measure needs some, else NULL: how many rows they look at, for which the cadence
     * pays; and the work on them, `run` being called with about so many rows until it is true. */
    size_t (*rows)(const struct trainer *trainer);
    void (*begin)(struct trainer *trainer);
    bool (*run)(struct trainer *trainer, size_t rows);

    /* When the evaluation is complete and early stopping has taken it in. */
    double (*value)(const struct trainer *trainer);
};

enum measure_id {
#define MEASURE_ENUMERATOR(number, ...) MEASURE_##number,
    MEASURE_LIST(MEASURE_ENUMERATOR)
#undef MEASURE_ENUMERATOR
        MEASURE_COUNT
};
extern const struct measure *const measure_table[MEASURE_COUNT];

static inline bool measure_applies(const struct measure *measure, const struct trainer *trainer)
{
    return !measure->applies || measure->applies(trainer);
}

#endif
