/* The points of a data set on the picture of view 1: a glyph for each class, so that classes differ without colour, and
 * a cross over test points that are answered wrongly. */
#ifndef UI_POINTS_H
#define UI_POINTS_H

#include "ui/draw.h"
#include "ui/view.h"

struct points {
    struct area area;
    struct data_bounds shown; /* what the area shows, in input units */
    bool *taken;              /* [area.height][area.width]: a point stands here */
};

/* The taken cells are those of SCRATCH_POINTS, until it is asked for again.  False: no room, or out of memory. */
bool points_begin(const struct view_data *data, struct area area, const struct data_bounds *shown, struct points *out);

/* Training rows, as the knobs had them.  On a fitted curve (`line`, or NULL) a point takes the colour of the line. */
void points_add_training(const struct view_data *data, struct points *points, const struct knobs *knobs,
                         const struct canvas *line);
/* Test rows that are wrong; their number. */
size_t points_add_wrong(const struct view_data *data, struct points *points);

/* What the glyphs stand for, as "● A ○ B"; names are cut as the room wants it.  Nothing for a fitted curve, where all
 * points are alike. */
int points_legend_columns(const struct view_data *data); /* that it takes uncut */
void points_legend(const struct view_data *data, struct pen *pen);

#endif
