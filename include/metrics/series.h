/* What is measured: one row per series.  Samples, history, log columns, charts and
 * legends are made from this table. */
#ifndef METRICS_SERIES_H
#define METRICS_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The series that evaluations measure whatever the model is asked (learn/measure.h).  Of each: SERIES_NUMBER, name,
 * label, unit, axis, and whether lower is better.  MISSES: checks of early stopping without a better test loss.
 * OLD_LOSS: test loss on the data of the run's first stage, while a later one has others. */
#define MEASURE_LIST(ROW)                                                                                              \
    ROW(MISSES, misses, "misses", "", AXIS_COUNTER, true)                                                              \
    ROW(OLD_LOSS, old_loss, "old data", "nats", AXIS_LOSS, true)

#define SERIES_ENUMERATOR(number, ...) SERIES_##number,
enum series_id {
    SERIES_LOSS,         /* loss of the step's batch, training mode, before the update */
    SERIES_GRAD_NORM,    /* L2 norm of the whole gradient, before clipping */
    SERIES_UPDATE_RATIO, /* L2 norm of the update / L2 norm of the weights */
    SERIES_LR,           /* rate in force: knob x schedule */
    SERIES_TRAIN_LOSS,   /* evaluations, dropout off */
    SERIES_TEST_LOSS,
    SERIES_TRAIN_ACC, /* share of rows right, 0..1; for regression R^2 */
    SERIES_TEST_ACC,
    MEASURE_LIST(SERIES_ENUMERATOR) SERIES_COUNT, /* series of layers follow: see series_layer_* */
};
#undef SERIES_ENUMERATOR

/* Per-layer series exist for the first LAYERS_MEASURED layers that have parameters. */
#define LAYERS_MEASURED 16
#define SERIES_TOTAL    (SERIES_COUNT + 2 * LAYERS_MEASURED)

/* The first series of the table are those that are measured at every step. */
#define SERIES_EVERY_STEP (SERIES_LR + 1)

static inline unsigned series_layer_grad(unsigned layer)
{
    return SERIES_COUNT + layer;
}
static inline unsigned series_layer_ratio(unsigned layer)
{
    return SERIES_COUNT + LAYERS_MEASURED + layer;
}

enum series_axis { AXIS_LOSS, AXIS_ACCURACY, AXIS_GRADIENT, AXIS_RATE, AXIS_COUNTER };

struct series {
    const char *name;  /* column of the log: "train_loss" */
    const char *label; /* on the screen: "train" */
    const char *unit;  /* "nats", "", "%" */
    enum series_axis axis;
    bool lower_is_better;
    bool every_step; /* measured at each step; else at evaluations */
};

extern const struct series series_table[SERIES_COUNT];

/* The series of the table with that name; SERIES_COUNT: there is none. */
unsigned series_find(const char *name);

/* The value, or its negative where higher is better: less is better. */
static inline double series_cost(unsigned series, double value)
{
    return series_table[series].lower_is_better ? value : -value;
}

#define SERIES_COLUMN_SIZE 32
/* The series' name in a table: of the log, and "grad_norm_1", "update_ratio_1" ... for the layers. */
char *series_column(unsigned series, char *out, size_t size);

/* The figure as files have it: a rate or a share as short as reads back the same, all else with 9 significant digits;
 * what is not finite is "nan", "inf" or "-inf".  False for an R^2 that there is none of. */
bool series_figure(unsigned series, double value, char *out, size_t size);

#endif
