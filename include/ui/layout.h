/* Where things go, computed from the size: what is dropped as it gets narrower follows one list of priorities, and
 * neither curves, losses, step nor message are ever dropped.  A box of width or height 0 is absent. */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>

#define LAYOUT_MIN_WIDTH  40
#define LAYOUT_MIN_HEIGHT 12

struct box {
    int x, y, width, height;
};

static inline bool box_present(struct box box)
{
    return box.width > 0 && box.height > 0;
}

static inline bool box_holds(struct box box, int x, int y)
{
    return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}

/* What surrounds every view. */
struct frame_layout {
    bool too_small;
    struct box title;
    struct box tabs;    /* absent: the title names the view */
    struct box body;    /* the view's */
    struct box message; /* what happened last */
    struct box hint;    /* what could be done; right of the message from 110 columns on, else a row of its own */
    struct box keys;    /* key bar; absent: the last row ends with "? help" */
};
struct frame_layout layout_frame(int width, int height);
/* Blank columns at both sides of a screen so wide. */
int layout_margin(int width);

/* What view 1 has to place. */
struct curves_wants {
    bool big;    /* big numbers on top */
    int knobs;   /* rows of the panel */
    int touched; /* of these, rows that a person has turned */
};

struct curves_layout {
    struct box big;    /* block digits */
    int big_rows;      /* 1: all numbers side by side; 2: losses over accuracies */
    struct box legend; /* loss: names and numbers */
    struct box loss;
    struct box accuracy_legend; /* may be there without the chart: the numbers stay longer */
    struct box accuracy;
    struct box gradient_legend;
    struct box gradient; /* chart on the shared axis, or a sparkline in the right column */
    bool gradient_shares_axis;
    struct box picture_heading, picture;
    struct box knobs_heading, knobs;
    struct box layers;          /* below the knobs, where a tall column has room left */
    int label_width, end_width; /* of the charts: columns for labels at the left and at the ends of lines */
    bool bottom_axis;           /* the lowest chart repeats the step axis */
};
struct curves_layout layout_curves(struct box body, const struct curves_wants *wants);

#endif
