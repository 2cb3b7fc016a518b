/* The charts of view 1: from history to const descriptions that plot/chart draws. */
#ifndef UI_CURVES_H
#define UI_CURVES_H

#include "ui/layout.h"
#include "ui/view.h"

void curves_draw_loss(const struct view_data *data, struct area screen, const struct curves_layout *layout);
void curves_draw_accuracy(const struct view_data *data, struct area screen, const struct curves_layout *layout);
void curves_draw_gradient(const struct view_data *data, struct area screen, const struct curves_layout *layout);

/* View 5: the test losses (train losses while test data are hidden) of these branches, at most 20, the first ones on
 * top. */
void curves_draw_futures(const struct view_data *data, struct area area, const uint16_t *branch, size_t branches);

/* The plot of the loss chart, and the steps at its left and right edge: for the mouse and the crosshair. */
struct box curves_plot(const struct view_data *data, const struct curves_layout *layout);
double curves_step_at(const struct view_data *data, double position); /* 0 left edge, 1 right edge */
double curves_position_of(const struct view_data *data, double step);

/* The newest value of a series at or before a step; NaN when there is none. */
double curves_value_at(const struct view_data *data, unsigned series, double step);
/* The value that legends show: at the crosshair where it is open, else the newest. */
double curves_value(const struct view_data *data, unsigned series);

/* Whether the least test loss that the run has kept parameters of is to be shown.  A state that was measured out of turn,
 * at a pause or at the end, may be below it: then it is not the best that the person sees. */
bool curves_best_shown(const struct view_data *data);

/* Test loss above train loss, as legends show it; false: one of them is missing. */
bool curves_gap(const struct view_data *data, char *out, size_t size);

/* Whether there are losses on the data of the run's first stage beside those of a later one; never while test data are
 * hidden. */
bool curves_tell_of_old(const struct view_data *data);

/* Whether something beside the knob moves the learning rate: a schedule, warm-up. */
bool curves_rate_moves(const struct view_data *data);

/* How many series the crosshair reads out, in turn. */
unsigned curves_readable(const struct view_data *data);
/* "step 799 · epoch 40 · test loss 0.139284": exact, of the chosen series at the crosshair. */
void curves_read_out(const struct view_data *data, char *out, size_t size);

#endif
