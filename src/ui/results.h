/* How well test rows are answered as a whole: confusion matrix, predicted against true. */
#ifndef UI_RESULTS_H
#define UI_RESULTS_H

#include "ui/view.h"

/* Whether a row is answered wrongly: another class, or a number that is off by more than the tolerance. */
bool results_wrong(const struct dataset *dataset, const struct picture_row *row);
/* Regression: three tenths of the target's standard deviation (of a toy's unit, whose targets are not standardised). */
double results_tolerance(const struct dataset *dataset);

/* False, and the reason is written, when there is nothing to show. */
bool results_ready(const struct view_data *data, struct area area);

/* Test rows, true class down, predicted class across, shaded by share of the true class; with `details` the recall of each class
 * beside it.  As shares of a row instead of counts where the other picture is wanted. */
void results_draw_confusion(const struct view_data *data, struct area area, bool details);
/* Classes: a bar for each tenth of the probability that the right class got, as long as it has test rows, wrong ones in front.
 * Nothing where there is no room for that. */
void results_draw_sureness(const struct view_data *data, struct area area);
/* Regression: a dot for each test row, the diagonal is right. */
void results_draw_scatter(const struct view_data *data, struct area area);

#endif
