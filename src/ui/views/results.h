/* What a test row's answer is worth, and how sure the answers are as a whole. */
#ifndef UI_RESULTS_H
#define UI_RESULTS_H

#include "ui/view.h"

/* Whether a row is answered wrongly: another class, or a number that is off by more than the tolerance. */
bool results_wrong(const struct dataset *dataset, const struct picture_row *row);
/* Regression: three tenths of the target's standard deviation (of a toy's unit, whose targets are not standardised). */
double results_tolerance(const struct dataset *dataset);

/* How numbers are written that stand below each other: so many decimals that a hundredth of their standard deviation
 * can be told; all of them, or thousands separators where there are none. */
int results_decimals(double sd);
char *results_number(char *out, size_t size, double value, int decimals);

/* False, and the reason is written, when there is nothing to show. */
bool results_ready(const struct view_data *data, struct area area);

#define RESULTS_SURE_ROWS 11 /* that the bars of how sure the answers are need with their heading */

/* Classes: a bar for each tenth of the probability that the right class got, as long as it has test rows, wrong ones in
 * front.  Nothing where there is no room for that. */
void results_draw_sureness(const struct view_data *data, struct area area);

#endif
