/* Finds the range of values that a chart shows, and its y axes. */
#include "plot/extent.h"

#include <math.h>

#define BEND_FROM      8.0   /* times the loss of guessing or of the start: higher losses bend the scale */
#define BEND_AT        1.25  /* times the same */
#define BEHIND         1.5   /* times as high as what is shown: as far as what lies behind raises the scale */
#define LOG_DEPTH      1e-20 /* of the highest: the lowest end of a logarithmic scale */
#define LOSS_LEAST     1e-6  /* upper end for losses that are all 0 */
#define ACCURACY_LEAST 0.05  /* of the upper end: a shorter axis would magnify noise */

const struct extent extent_none = {INFINITY, -INFINITY, INFINITY, INFINITY};

struct extent extent_of(const struct bucket *column, size_t columns)
{
    struct extent extent = extent_none;
    for (size_t i = 0; i < columns; i++) {
        if (column[i].count == 0)
            continue;
        if (!isfinite(extent.low))
            extent.start = column[i].max;
        extent.low = fmin(extent.low, column[i].min);
        extent.high = fmax(extent.high, column[i].max);
        if (column[i].max > 0)
            extent.low_positive = fmin(extent.low_positive, column[i].min > 0 ? column[i].min : column[i].max);
    }
    return extent;
}

void extent_widen(struct extent *extent, const struct extent *other)
{
    extent->low = fmin(extent->low, other->low);
    extent->high = fmax(extent->high, other->high);
    extent->low_positive = fmin(extent->low_positive, other->low_positive);
    extent->start = fmin(extent->start, other->start);
}

void extent_widen_behind(struct extent *extent, const struct extent *behind)
{
    if (isfinite(extent->high) && isfinite(behind->high))
        extent->high = fmax(extent->high, fmin(behind->high, extent->high * BEHIND));
}

struct scale extent_logarithmic_scale(const struct extent *extent)
{
    if (!(extent->high > 0) || !isfinite(extent->low_positive))
        return (struct scale){.low = 0.01, .high = 1, .logarithmic = true};
    return scale_nice(fmax(extent->low_positive, extent->high * LOG_DEPTH), extent->high, true);
}

struct scale extent_loss_scale(const struct extent *extent, double guess, bool logarithmic, int rows)
{
    const bool guesses = guess > 0;
    const struct extent empty = {0, guesses ? guess : 1, 0.01, 0};
    if (!isfinite(extent->high))
        extent = &empty;
    if (logarithmic)
        return extent_logarithmic_scale(extent);
    const double usual = fmax(guesses ? guess : 0, extent->start);
    if (usual > 0 && extent->low >= 0 && extent->high > usual * BEND_FROM)
        return scale_bent(usual * BEND_AT, extent->high);
    const double low = fmin(extent->low, 0), high = fmax(extent->high, LOSS_LEAST);
    return rows > 0 ? scale_on_rows(low, high, rows, false) : scale_nice(low, high, false);
}

struct scale extent_accuracy_scale(const struct extent *extent, double guess, bool is_share, int rows)
{
    double low = isfinite(extent->low) ? extent->low : 0.5;
    if (!is_share)
        low = fmax(low, -1);
    else if (isfinite(guess))
        low = fmin(low, guess);
    if (rows > 0)
        return scale_on_rows(fmin(low, 1 - ACCURACY_LEAST), 1, rows, true);
    low = is_share ? floor(low * 10 - 0.5) / 10 : floor(low * 5) / 5;
    return (struct scale){.low = fmax(low, is_share ? 0 : -1), .high = 1};
}
