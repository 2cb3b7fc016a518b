/* What could be tried next, from the numbers: one row of a table for each situation, the topmost that holds wins. */
#ifndef COACH_HINT_H
#define COACH_HINT_H

#include "ui/view.h"

struct hint {
    const char *keys, *text; /* "L", "a higher learning rate: does it explode?" */
};
struct hint hint_now(const struct view_data *data);

#endif
