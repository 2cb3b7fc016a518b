/* How well single rows are predicted: confusion matrix, predicted against true, the worst examples. */
#ifndef UI_RESULTS_H
#define UI_RESULTS_H

#include "ui/view.h"

/* Test rows, true class down, predicted class across, shaded by share of the true class; with `details` the recall of each class
 * beside it.  As shares of a row instead of counts where the other picture is wanted. */
void results_draw_confusion(const struct view_data *data, struct area area, bool details);
/* Regression: a dot for each test row, the diagonal is right. */
void results_draw_scatter(const struct view_data *data, struct area area);
/* The test rows with the largest loss: as little images where the inputs are one, else with their most unusual values. */
void results_draw_worst(const struct view_data *data, struct area area);

/* Side of the square image that the inputs are (columns p0, p1, ... or pixel…), or 0. */
int results_image_side(const struct dataset *dataset);

#endif
