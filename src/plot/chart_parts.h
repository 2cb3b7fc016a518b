/* What the files that draw a chart share: its parts in cells and dots, the inks, and the texts that come last. */
#ifndef PLOT_CHART_PARTS_H
#define PLOT_CHART_PARTS_H

#include "plot/chart.h"

/* Planes of the canvas, weakest first. */
enum layer {
    LAYER_GRID = 0,
    LAYER_PALE = CANVAS_PLANE,
    LAYER_REFERENCE = 2 * CANVAS_PLANE,
    LAYER_FAINT = 3 * CANVAS_PLANE, /* ghosts, envelopes, raw values under a smoothed line */
    LAYER_LINE = 4 * CANVAS_PLANE,
};

/* What all parts of the drawing need. The canvas covers the plot and the columns for end labels. */
struct drawing {
    const struct chart *chart;
    const struct palette *palette;
    struct canvas *canvas;
    struct area frame;                /* all of it */
    struct area cover;                /* what the canvas covers */
    int width, height;                /* cells of the plot proper */
    size_t columns;                   /* dot columns of the plot proper */
    const double *gap_low, *gap_high; /* [columns] the curves that the gap lies between; NULL: there is none */
    double *means;                    /* [columns] scratch */
};

static inline int at_least(int value, int least)
{
    return value > least ? value : least;
}

uint32_t drawing_ink(const struct drawing *d, enum role role);
/* The ink of the role with as much of it as `share`, over the ground. */
uint32_t drawing_faint_ink(const struct drawing *d, enum role role, double share);
uint32_t drawing_glyph(const struct drawing *d, uint32_t glyph);

/* Vertical place of a value in dots, the middle of its dot; values outside the scale lie outside the canvas. */
double drawing_y(const struct drawing *d, double value);
/* The row of cells of such a place, the nearest one if it is outside. */
int drawing_row(const struct drawing *d, double dot);
/* Cell column of a step, -1 outside the plot. Steps fall into columns as history_read's windows do. */
int drawing_x(const struct drawing *d, double step);
/* The same for the edge of a band: the nearest one inside, or the width of the plot. */
int drawing_band_x(const struct drawing *d, double step);

/* Whether the cell lies between the curves of the gap. */
bool drawing_in_gap(const struct drawing *d, int x, int y);

/* The names of lines, bands and marks: after all curves and marks. */
void drawing_label(struct drawing *d);

#endif
