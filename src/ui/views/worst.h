/* The test rows with the largest loss, one by one. */
#ifndef UI_WORST_H
#define UI_WORST_H

#include "ui/view.h"

/* Worst first: as little images where the inputs are one, else as a list, with the inputs where they are few, or the
 * most unusual of them.  A right answer that was far from sure can be among them, and is marked as right.  Below a list
 * that is short, if `sureness`: how sure all answers are. */
void worst_draw(const struct view_data *data, struct area area, bool sureness);

/* Side of the square image that the inputs are (columns p0, p1, ... or pixel…), or 0. */
int worst_image_side(const struct dataset *dataset);

#endif
