/* How far values reach, and the y axes that follow from it: the same on the screen and in figures. */
#ifndef PLOT_EXTENT_H
#define PLOT_EXTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "metrics/bucket.h"
#include "plot/scale.h"

struct extent {
    double low, high, low_positive;
    double start; /* least value where the curves begin: one may begin in the middle of an explosion */
};

extern const struct extent extent_none; /* of no values: high is not finite */

struct extent extent_of(const struct bucket *column, size_t columns);
void extent_widen(struct extent *extent, const struct extent *other);
/* Curves that lie behind widen it only so far that what was explored does not flatten what is shown. */
void extent_widen_behind(struct extent *extent, const struct extent *behind);

/* Scales of a plot so many rows high have their ticks on its rows where they are linear; with 0 rows they have round
 * ends.
 *
 * From 0; the high losses of a divergence bend it where they are many times the usual loss: that of guessing (`guess`,
 * NaN: none) or of the start. */
struct scale extent_loss_scale(const struct extent *extent, double guess, bool logarithmic, int rows);
/* Of a share 0..1, or of R², to 1: from the least or guessing, if that is in sight. With round ends a share begins a
 * tenth below that. */
struct scale extent_accuracy_scale(const struct extent *extent, double guess, bool is_share, int rows);
struct scale extent_logarithmic_scale(const struct extent *extent);

#endif
