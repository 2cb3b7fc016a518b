/* Holds the table of measured series, and formats their values and column names. */
#include "metrics/series.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

#define MEASURE_SERIES(number, word, text, of, scale, lower)                                                           \
    [SERIES_##number] = {.name = #word, .label = text, .unit = of, .axis = scale, .lower_is_better = lower},

const struct series series_table[] = {
    [SERIES_LOSS] = {.name = "loss",
                     .label = "batch loss",
                     .unit = "nats",
                     .axis = AXIS_LOSS,
                     .lower_is_better = true,
                     .every_step = true},
    [SERIES_GRAD_NORM] = {.name = "grad_norm",
                          .label = "gradient",
                          .unit = "",
                          .axis = AXIS_GRADIENT,
                          .lower_is_better = true,
                          .every_step = true},
    [SERIES_UPDATE_RATIO] = {.name = "update_ratio",
                             .label = "update/weight",
                             .unit = "",
                             .axis = AXIS_GRADIENT,
                             .lower_is_better = true,
                             .every_step = true},
    [SERIES_LR] =
        {.name = "lr", .label = "rate", .unit = "", .axis = AXIS_RATE, .lower_is_better = false, .every_step = true},
    [SERIES_TRAIN_LOSS] = {.name = "train_loss",
                           .label = "train",
                           .unit = "nats",
                           .axis = AXIS_LOSS,
                           .lower_is_better = true,
                           .every_step = false},
    [SERIES_TEST_LOSS] = {.name = "test_loss",
                          .label = "test",
                          .unit = "nats",
                          .axis = AXIS_LOSS,
                          .lower_is_better = true,
                          .every_step = false},
    [SERIES_TRAIN_ACC] = {.name = "train_acc",
                          .label = "train",
                          .unit = "%",
                          .axis = AXIS_ACCURACY,
                          .lower_is_better = false,
                          .every_step = false},
    [SERIES_TEST_ACC] = {.name = "test_acc",
                         .label = "test",
                         .unit = "%",
                         .axis = AXIS_ACCURACY,
                         .lower_is_better = false,
                         .every_step = false},
    MEASURE_LIST(MEASURE_SERIES)};
static_assert(sizeof series_table / sizeof series_table[0] == SERIES_COUNT, "one row for each series");

unsigned series_find(const char *name)
{
    unsigned series = 0;
    while (series < SERIES_COUNT && strcmp(series_table[series].name, name) != 0)
        series++;
    return series;
}

bool series_figure(unsigned series, double value, char *out, size_t size)
{
    const bool share = series < SERIES_COUNT && series_table[series].axis == AXIS_ACCURACY;
    const bool rate = series < SERIES_COUNT && series_table[series].axis == AXIS_RATE;
    const bool is_float = isfinite(value) && !((double)(float)value < value) && !((double)(float)value > value);
    ((share || rate) && is_float ? number_exact : number_log)(out, size, value);
    return !(share && isnan(value));
}

char *series_column(unsigned series, char *out, size_t size)
{
    if (series < SERIES_COUNT)
        snprintf(out, size, "%s", series_table[series].name);
    else if (series < series_layer_ratio(0))
        snprintf(out, size, "%s_%u", series_table[SERIES_GRAD_NORM].name, series - series_layer_grad(0) + 1);
    else
        snprintf(out, size, "%s_%u", series_table[SERIES_UPDATE_RATIO].name, series - series_layer_ratio(0) + 1);
    return out;
}
