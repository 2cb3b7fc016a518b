/* Regression: the test rows as points over their true and predicted values; on the diagonal lies what is right. */
#ifndef UI_SCATTER_H
#define UI_SCATTER_H

#include "ui/view.h"

/* A square plot, points that are off by more than the tolerance in a loud colour; below it or beside it, where there
 * is room, how many are off by how much. */
void scatter_draw(const struct view_data *data, struct area area);

#endif
