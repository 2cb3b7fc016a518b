/* Measures how many checks of early stopping went by without a better test loss. */
#include "learn/measure.h"

static double value(const struct trainer *trainer)
{
    return (double)trainer_early_stop(trainer)->misses;
}

const struct measure measure_misses = {
    .series = SERIES_MISSES,
    .value = value,
};
