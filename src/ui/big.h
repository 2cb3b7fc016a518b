/* Numbers in block digits, five rows high: for the last row of a class. */
#ifndef UI_BIG_H
#define UI_BIG_H

#include "ui/view.h"

#define BIG_DIGIT_ROWS 5

/* Columns that the text takes; only digits, '.', '-', '%', 'e' and blanks. */
int big_columns(const char *text);
void big_text(struct area area, int x, int y, const char *text, uint32_t ink, bool ascii);

/* The losses and accuracies, in one or two rows of numbers. */
void big_draw(const struct view_data *data, struct area screen, struct box box, int rows);

#endif
