/* The confusion matrix of the test rows: true class down, predicted class across.  Right answers are of one colour,
 * mistakes are the louder the larger a share of their row they are. */
#ifndef UI_CONFUSION_H
#define UI_CONFUSION_H

#include "ui/view.h"

/* Counts; with `details` shares of a row where the other picture is wanted, the recall of each class beside them, and a
 * summary in words below.  The rows that it has written: 0 when there is nothing to show. */
int confusion_draw(const struct view_data *data, struct area area, bool details);

/* Whether a matrix with details also has room for its summary in that area. */
bool confusion_sums_up(const struct view_data *data, struct area area);

/* One sentence about the classes that have test rows and are predicted for none: "'rare' is never predicted (5 rows)".
 * False when there is no such class, or no picture yet. */
#define CONFUSION_SENTENCE 200
bool confusion_unpredicted(const struct view_data *data, char out[CONFUSION_SENTENCE]);

/* The rows of a matrix with details, square cells and nothing to spare, within `most`; cells of `cell` rows at most. */
int confusion_rows(size_t classes, int most, int cell);

#endif
