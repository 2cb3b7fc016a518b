/* Curves over steps on real axes: what view 1 is made of.  A chart is described as const data, then drawn.
 *
 * Lines connect from one column with values to the next, however far. Texts never overlap: marks first, then end
 * labels, marker labels (the newest first: on up to three rows, to either side, shortened, and left out when nothing
 * else helps), the best mark's label and the reference's.  Among free places they prefer one that hides no curve. */
#ifndef PLOT_CHART_H
#define PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/bucket.h"
#include "plot/canvas.h"
#include "plot/grid.h"
#include "plot/palette.h"
#include "plot/scale.h"

struct chart_line {
    const struct bucket *column; /* [columns]: one summary per dot column; count 0: nothing there */
    enum role role;
    enum texture texture;  /* lines differ without colour */
    char plain;            /* character of the line in plain text mode */
    const char *end_label; /* at the line's newest end, or NULL */
    bool envelope;         /* draw min..max as a span, not only the mean */
    bool faint;            /* an older ghost: still there, no longer to be read */
    bool pale;             /* a thin line that stays behind all others and hides no text */
    double top;            /* above 0: drawn on a scale of its own, from 0 to this over the height of the plot */
    double at_cursor;      /* its value at the crosshair, which gets a dot; NaN: none */
    double smoothing; /* time constant of a moving average, in columns; 0: none. The raw line stays faintly visible */
};

struct chart_marker {
    double x;          /* step */
    const char *label; /* may be NULL */
    enum role role;
    bool strong; /* solid rather than dashed */
};

/* A part of the run: its ground, its beginning as a line, and its name in the top rows. */
struct chart_band {
    double from, to;   /* steps; `from` below the axis: it has no line */
    const char *label; /* may be NULL */
    bool shaded;
};

struct chart {
    struct scale x, y;
    enum tick_style x_style, y_style;
    size_t columns; /* dot columns of the plot: chart_columns() */
    const struct chart_line *line;
    size_t lines;
    const struct chart_marker *marker;
    size_t markers;
    const struct chart_band *band;
    size_t bands;
    int gap_train, gap_test; /* indices into line[]: shade between them where test is above; -1: none */
    const char *gap_label;   /* in the shading where it is at least three rows high, or NULL */
    double reference;        /* level of guessing; NaN: none */
    const char *reference_label;
    double best_x, best_y; /* ◆ mark; NaN: none */
    const char *best_label;
    double cursor;      /* crosshair at this step; NaN: none */
    bool x_axis;        /* draw tick labels below (one row) */
    const char *x_unit; /* at the axis' right end where there is room, or NULL */
    int label_width;    /* columns kept on the left for y labels, so that charts align */
    int end_width;      /* columns kept on the right for end labels */
};

/* Cells and dot columns of the plot proper inside an area. */
struct area chart_plot_area(const struct chart *chart, struct area area);
size_t chart_columns(const struct chart *chart, struct area area, bool ascii);

/* Draws; `canvas` is scratch memory kept by the caller. The ends of the y scale lie in the middle of the first row and
 * of the last one of a plot that is not very low. Non-finite values are marked with ✕ at the upper edge; where a line
 * leaves the scale, the edge has a ▲ or ▼, and a small one for spikes of pale lines. False: out of memory. */
bool chart_draw(const struct chart *chart, struct area area, const struct palette *palette, struct canvas *canvas);

#endif
