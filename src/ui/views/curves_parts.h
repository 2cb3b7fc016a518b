/* What the files of the charts share: a curve, and the columns of history that it is drawn from. */
#ifndef UI_CURVES_PARTS_H
#define UI_CURVES_PARTS_H

#include "plot/chart.h"
#include "ui/view.h"

#define CURVES_GHOSTS 11 /* as many branches are drawn behind */

struct curve {
    unsigned series;
    uint16_t branch;
    double start; /* earlier steps are left to the branch that it grew out of */
    enum role role;
    enum texture texture;
    char plain;
    const char *end_label;
    bool envelope;
    bool background; /* does not decide the scale */
    bool own_scale;  /* from 0 to its highest value */
    bool pale, faint;
    bool marked; /* has a dot under the crosshair */
};

/* The x axis counts steps or epochs. */
double curves_axis_of(const struct view_data *data, double step);
double curves_step_of(const struct view_data *data, double at);
struct scale curves_axis(const struct view_data *data);

/* One summary a column of the axis, as the line is to be drawn: out[columns]. */
void curves_read(const struct view_data *data, const struct curve *curve, const struct scale *x, size_t columns,
                 struct bucket *out);

#endif
