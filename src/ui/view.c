#include "ui/view.h"

const struct view view_table[] = {
    {1, "curves", "losses, accuracy and gradient over steps, the data, the knobs", view_wants_curves, view_draw_curves},
    {4, "predictions", "which answers are right: confusion matrix or predicted against true, the worst examples",
     view_wants_predictions, view_draw_predictions},
};
const size_t view_count = sizeof view_table / sizeof view_table[0];

size_t view_by_number(int number)
{
    size_t i = 0;
    while (i < view_count && view_table[i].number != number)
        i++;
    return i;
}
