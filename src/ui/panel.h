/* The knob panel: which rows are in sight, and what they look like. */
#ifndef UI_PANEL_H
#define UI_PANEL_H

#include "ui/view.h"

/* The knobs that `rows` rows show, in table order: the selected one and those that a person has turned first, then
 * those with keys. Returns their number. */
int panel_rows(const struct view_data *data, int rows, enum knob_id out[KNOB_COUNT]);
/* Whether this run has the knob (a text lacks some), and how many knobs it has. */
bool panel_has(const struct view_data *data, enum knob_id id);
int panel_most(const struct view_data *data);
/* How many knobs a person has turned. */
int panel_touched(const struct view_data *data);

void panel_draw(const struct view_data *data, struct area screen, struct box heading, struct box rows);

#endif
