#include "ui/recovery.h"

#include <math.h>

#define COLUMNS 512 /* parts in which the run is looked through */
#define TIMES   1.5
#define SHARE   0.1

/* The newest of the buckets whose last value is good; it may stand for several evaluations, then the newest of them
 * counts. */
static bool newest_good(const struct bucket *bucket, size_t count, double bound, uint64_t step, uint64_t *out)
{
    for (size_t i = count; i-- > 0;)
        if (bucket[i].count > 0 && bucket[i].last_step <= step && (double)bucket[i].last <= bound) {
            *out = bucket[i].last_step;
            return true;
        }
    return false;
}

bool recovery_point(const struct history *history, uint16_t branch, uint64_t step, uint64_t *out)
{
    struct bucket part[COLUMNS];
    double least = INFINITY, first = NAN;
    const double end = (double)step + 1;
    history_read(history, branch, SERIES_TRAIN_LOSS, 0, end, COLUMNS, part);
    for (size_t i = 0; i < COLUMNS; i++) {
        if (part[i].count == 0)
            continue;
        if (isnan(first))
            first = part[i].sum / part[i].count;
        least = fmin(least, (double)part[i].min);
    }
    if (isnan(first))
        return false;
    const double bound = TIMES * least + SHARE * first;
    uint64_t found;
    if (!newest_good(part, COLUMNS, bound, step, &found))
        return false;
    /* As exactly as it is known: the part in which it was found, evaluation by evaluation. */
    *out = found;
    const double width = end / COLUMNS;
    history_read(history, branch, SERIES_TRAIN_LOSS, fmax((double)found - width, 0),
                 fmin((double)found + width + 1, end), COLUMNS, part);
    if (newest_good(part, COLUMNS, bound, step, &found) && found > *out)
        *out = found;
    return true;
}

/* The learning rate that was in force when the step had been made: what the first turn after it turned away from. */
static double rate_at(const struct view_data *data, uint64_t step)
{
    const struct story *story = data->story;
    for (size_t i = 0; i < story->markers; i++) {
        const struct story_marker *marker = &story->marker[i];
        if (marker->kind == EVENT_KNOB && marker->what == KNOB_LR && marker->step >= (double)step &&
            lineage_holds(&data->branches, data->status->branch, marker->branch, marker->step))
            return marker->from;
    }
    return data->status->knobs.value[KNOB_LR];
}

bool recovery_plan(const struct view_data *data, struct recovery *out)
{
    if (!recovery_point(data->history, data->status->branch, data->status->step, &out->step))
        return false;
    const double then = rate_at(data, out->step);
    out->rate = fmin(then, data->status->knobs.value[KNOB_LR] / 2);
    out->turn = out->rate < then;
    return true;
}
