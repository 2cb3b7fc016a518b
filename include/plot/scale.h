/* From values to positions: linear and logarithmic scales with nice ticks (1, 2, 5 × powers of ten), and a scale that
 * bends from the one into the other: what exploded stays in sight without flattening what came before. */
#ifndef PLOT_SCALE_H
#define PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#define SCALE_TICKS_MAX 24

struct tick {
    double value;
    char label[16];
};

struct scale {
    double low, high;
    bool logarithmic; /* low > 0 */
    double step;      /* distance of its ticks; 0: as the room allows */
    double bend;      /* between low and high: linear up to here, logarithmic above; 0: it does not bend */
};

#define SCALE_BEND_AT 0.6 /* position of the bend */

/* 0 at low, 1 at high; not clamped.  What has no logarithm lies below a logarithmic scale, at -1. */
double scale_position(const struct scale *scale, double value);
double scale_value(const struct scale *scale, double position);

/* Widens [low, high] to round ends that hold steady while data move a little. */
struct scale scale_nice(double low, double high, bool logarithmic);

/* The same for a scale from 0 that bends at a round number from `bend` > 0 on; linear where high is not above that. */
struct scale scale_bent(double bend, double high);

/* A linear scale whose round ticks lie whole rows apart, where its ends are the middles of the first of `rows` and of
 * the last.  One end is as far as that needs: the upper one, or the lower one of a scale that hangs. */
struct scale scale_on_rows(double low, double high, int rows, bool hangs);

/* Ticks and their labels: 0.05, 1,500, 20k, 1e-5; counts up to the millions 1,500,000 or 1.5M, whichever is shorter and
 * exact. At most `most` ticks inside the scale, ascending; their number. `counts`: whole numbers with thousands
 * separators; `percent`: 0..1 as %. */
enum tick_style { TICK_NUMBER, TICK_COUNT, TICK_PERCENT };
size_t scale_ticks(const struct scale *scale, size_t most, enum tick_style style, struct tick *out);

#endif
