/* What could be tried next, from the numbers: one row of a table for each situation, the topmost that holds wins. */
#ifndef COACH_HINT_H
#define COACH_HINT_H

#include "ui/view.h"

struct hint {
    const char *commands; /* "set lr down; restart": the screen shows the keys that are bound to them ... */
    enum key_mode mode;   /* ... in this mode */
    const char *text;     /* "a higher learning rate: does it explode?" */
};
struct hint hint_now(const struct view_data *data);

#endif
