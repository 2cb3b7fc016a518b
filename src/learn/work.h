/* An objective at work (learn/objective.h): what it is given when it is created, for a step and for an evaluation. */
#ifndef LEARN_WORK_H
#define LEARN_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/batch.h"
#include "data/dataset.h"
#include "learn/objective.h"
#include "metrics/series.h"
#include "nn/loss.h"
#include "nn/model.h"

/* Everything is borrowed. */
struct work_setup {
    const struct dataset *dataset;
    struct model *model[OBJECTIVE_MODELS_MAX]; /* in the order in which the objective names them */
    enum loss_id loss;
    const struct kernels *kernels;
    size_t stage; /* its number */
};

/* A step under way. */
struct work_step {
    struct batch_settings batch;
    double dropout;
    uint64_t number;            /* of the step, which randomness is drawn by */
    bool begins;                /* this is its first piece */
    struct batch_cursor cursor; /* the objective moves it on; the trainer takes it over when the step is applied */
    float loss;                 /* of the batch */
};

enum work_part { WORK_TRAIN, WORK_TEST, WORK_PARTS };

/* What decides which rows an evaluation sees, and with which answers. */
struct work_key {
    uint64_t seed;
    size_t rows; /* training rows in use */
    double label_noise;
    bool test_only;
};

/* What an evaluation measured on a part; NaN where it has no rows. */
struct work_result {
    double loss;     /* mean */
    double accuracy; /* share right, or R^2 */
};

/* Into the series that tables and texts are measured by. */
static inline void work_fill(double *value, struct work_result train, struct work_result test)
{
    value[SERIES_TRAIN_LOSS] = train.loss;
    value[SERIES_TEST_LOSS] = test.loss;
    value[SERIES_TRAIN_ACC] = train.accuracy;
    value[SERIES_TEST_ACC] = test.accuracy;
}

#endif
