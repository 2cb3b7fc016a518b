/* What surrounds every view: title, tabs, the last event and a hint, the key bar. */
#ifndef UI_CHROME_H
#define UI_CHROME_H

#include "ui/keymap.h"
#include "ui/view.h"

void chrome_draw_title(const struct view_data *data, struct area screen, const struct frame_layout *frame);
void chrome_draw_tabs(const struct view_data *data, struct area screen, struct box box);
/* Where the key bar has no row: at the right of the box how the open mode is left ("c leave"), or "? help"; takes its
 * columns off it. */
void chrome_draw_way_out(const struct view_data *data, struct area screen, struct box *box, enum key_mode mode);
/* Columns that the sentence about the newest event needs to be read whole; 0: none is shown. */
int chrome_message_columns(const struct view_data *data);
void chrome_draw_message(const struct view_data *data, struct area screen, struct box box);
/* Returns the columns that it took. */
int chrome_draw_hint(const struct view_data *data, struct area screen, struct box box, bool with_help_key);
void chrome_draw_keys(const struct view_data *data, struct area screen, struct box box, enum key_mode mode);
/* Below the smallest size: asks for room; safe down to one cell. */
void chrome_draw_too_small(const struct view_data *data, struct area screen);

/* Index of the view whose tab is at the column, or view_count. */
size_t chrome_tab_at(const struct view_data *data, struct box box, int x);

#endif
