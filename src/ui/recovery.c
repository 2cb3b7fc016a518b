/* Finds the last good point before a divergence, and a learning rate with which to go on from there. */
#include "ui/recovery.h"

#include <math.h>

#define COLUMNS 512 /* parts in which the run is looked through */
#define TIMES   1.5
#define SHARE   0.1
#define PROVEN  100 /* steps up to a good evaluation after which a change of the rate counts as one that works */

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

bool recovery_point(const struct history *history, uint16_t branch, struct recovery_span span, uint64_t *out)
{
    struct bucket part[COLUMNS];
    double least = INFINITY, first = NAN;
    const double begin = (double)span.begin, end = (double)span.end + 1;
    history_read(history, branch, SERIES_TRAIN_LOSS, begin, end, COLUMNS, part);
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
    if (!newest_good(part, COLUMNS, bound, span.end, &found))
        return false;
    /* As exactly as it is known: the part in which it was found, evaluation by evaluation. */
    *out = found;
    const double width = (end - begin) / COLUMNS;
    history_read(history, branch, SERIES_TRAIN_LOSS, fmax((double)found - width, begin),
                 fmin((double)found + width + 1, end), COLUMNS, part);
    if (newest_good(part, COLUMNS, bound, span.end, &found) && found > *out)
        *out = found;
    return true;
}

/* A change of a knob on which the rate of a step depends, in the past of the present branch. */
static bool changes_rate(const struct view_data *data, const struct story_marker *marker)
{
    static const enum knob_id knobs[] = {KNOB_LR, KNOB_OPTIMIZER, KNOB_SCHEDULE, KNOB_HORIZON, KNOB_WARMUP};
    bool is_one = false;
    for (size_t i = 0; i < sizeof knobs / sizeof knobs[0]; i++)
        is_one |= marker->kind == EVENT_KNOB && marker->what == knobs[i];
    return is_one && forest_happened(data->branches.forest, data->status->branch, marker->branch, marker->step);
}

/* The step of the oldest change of the rate that had not proven itself at the good point; infinite: there is none. */
static double unproven_change(const struct view_data *data, struct recovery_span span, uint64_t good)
{
    double oldest = INFINITY;
    for (size_t i = 0; i < data->story->markers; i++) {
        const struct story_marker *marker = &data->story->marker[i];
        if (changes_rate(data, marker) && marker->step >= (double)span.begin && marker->step <= (double)span.end &&
            marker->step + PROVEN > (double)good)
            oldest = fmin(oldest, marker->step);
    }
    return oldest;
}

/* The last good point before a change at the end of the span: that step itself where nothing was measured since.  Going
 * back to a step before a change by --at repeats that change; going back to its own step does not. */
static bool point_before(const struct view_data *data, struct recovery_span span, uint64_t *out)
{
    const uint16_t branch = data->status->branch;
    struct bucket since;
    if (!recovery_point(data->history, branch, span, out))
        return false;
    if (*out < span.end) {
        history_read(data->history, branch, SERIES_TRAIN_LOSS, (double)*out + 1, (double)span.end + 1, 1, &since);
        if (since.count == 0)
            *out = span.end;
    }
    return true;
}

/* The knob's value at that step, before what was turned there.  *same: the optimiser has been the same since. */
static double rate_at(const struct view_data *data, uint64_t step, bool *same)
{
    double rate = NAN;
    *same = true;
    for (size_t i = 0; i < data->story->markers; i++) {
        const struct story_marker *marker = &data->story->marker[i];
        if (marker->step < (double)step || !changes_rate(data, marker))
            continue;
        *same &= marker->what != KNOB_OPTIMIZER;
        if (isnan(rate))
            rate = marker->rate;
    }
    return isnan(rate) ? data->status->knobs.value[KNOB_LR] : rate;
}

bool recovery_plan(const struct view_data *data, struct recovery *out)
{
    const struct session_status *status = data->status;
    struct recovery_span span = {
        .begin = view_stage_origin(data, status->branch, status->step),
        .end = status->step,
    };
    if (!recovery_point(data->history, status->branch, span, &out->step))
        return false;
    const double change = unproven_change(data, span, out->step);
    if (isfinite(change)) {
        span.end = (uint64_t)change;
        if (!point_before(data, span, &out->step))
            return false;
    }
    bool same;
    out->rate = rate_at(data, out->step, &same) / 2;
    if (same)
        out->rate = fmin(out->rate, status->knobs.value[KNOB_LR] / 2);
    return true;
}
