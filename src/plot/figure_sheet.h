/* Where everything goes on the sheet of a figure, in units of SHEET_WIDTH by SHEET_HEIGHT, whatever the format: numbers
 * alone, nothing is drawn here.  How wide a text is says whoever writes it.
 *
 * Text goes where it overlaps no other: each one takes its box, and one that finds no free place is left out. */
#ifndef PLOT_FIGURE_SHEET_H
#define PLOT_FIGURE_SHEET_H

#include "plot/figure_plan.h"

#define SHEET_WIDTH  1600.0
#define SHEET_HEIGHT 900.0
#define SHEET_EDGE   24.0  /* what no text comes nearer to */
#define SHEET_LEFT   140.0 /* of the plots; their labels stand left of it */
#define SHEET_RIGHT  1400.0
#define SHEET_BOTTOM 828.0
#define SHEET_ROW    27.0 /* of a marker's label */

#define SHEET_TITLE    34.0 /* sizes of text */
#define SHEET_SUBTITLE 21.0
#define SHEET_LABEL    21.0
#define SHEET_TICK     19.0

struct box {
    double x, y, width, height;
};

/* Where a text may stand; `align` 0: x is its left end, 1: its right one. */
struct spot {
    double x, baseline, align;
};

/* Rows of markers' labels above the plots, counted from the lowest; -1: left out.  `right`: on that side of its
 * line. */
struct marker_place {
    int row;
    bool right;
};

enum { SHEET_TEXTS = 128 };

struct sheet {
    const struct figure_plan *plan;
    struct box plot[FIGURE_PANELS];
    struct marker_place place[FIGURE_MARKERS];
    struct box taken[SHEET_TEXTS]; /* by texts */
    size_t boxes;
};

/* Places the markers' labels, whose widths are given, the newest first, and the plots below them. */
void sheet_begin(struct sheet *sheet, const struct figure_plan *plan, const double *marker_width);

double sheet_x(const struct sheet *sheet, double step);
double sheet_column_x(size_t column); /* of the column's middle */
/* Values far outside the scale stay near it; NaN stays NaN. */
double sheet_y(const struct sheet *sheet, size_t panel, double value);
/* Whether the value is within the panel's scale. */
bool sheet_shows(const struct sheet *sheet, size_t panel, double value);

/* Chooses the free spot where a text hides least of the panel's lines, the first of equals, and takes it.  False: none
 * is free. */
bool sheet_place(struct sheet *sheet, size_t panel, const struct spot *spot, size_t spots, double size, double width,
                 struct spot *out);

/* Baselines of the names right of the plot at the ends of train (0) and test (1), apart from each other, and takes
 * their places; NaN where a line has no value. */
void sheet_place_ends(struct sheet *sheet, size_t panel, double baseline[2]);

/* Spots for the name at the end of another branch's line, for "guessing" and for the best loss; into out[SHEET_SPOTS],
 * their number. */
enum { SHEET_SPOTS = 8 };
size_t sheet_ghost_spots(const struct sheet *sheet, size_t panel, const struct figure_curve *curve, struct spot *out);
size_t sheet_reference_spots(const struct sheet *sheet, size_t panel, struct spot *out);
size_t sheet_best_spots(const struct sheet *sheet, struct spot *out);

#endif
