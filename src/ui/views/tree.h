/* The tree of branches as rows of text, one a branch: where it grew, what was changed on it, how good it was. */
#ifndef UI_TREE_H
#define UI_TREE_H

#include "ui/view.h"

#define TREE_MOST 1024

int tree_rows(const struct view_data *data);
/* A heading and as many rows as there is room for, the selected one among them. */
void tree_draw(const struct view_data *data, struct area screen, struct box box);
/* What was done on a branch after it began: "lr 0.2 → 5, batch 10 → 20"; false, and how it began, when nothing was. */
bool tree_change(const struct view_data *data, uint16_t branch, char *out, size_t size);
/* The branch of a row at this height of the box, or -1. */
int tree_at(const struct view_data *data, struct box box, int y);

#endif
