/* What keys do, as far as it is not in actions.c: one function for each action of the key table, all of one kind. */
#ifndef UI_ACTIONS_H
#define UI_ACTIONS_H

#include "ui/ui_state.h"

typedef void action_function(struct ui *ui, const struct key_binding *key, int direction);

/* actions.c: leaves the open mode. */
action_function action_leave;

/* actions_run.c: the run and its knobs. */
action_function action_pause, action_send, action_new_seed, action_knob, action_select, action_turn, action_type_value;

/* actions_views.c: the views, the window of the curves, the crosshair. */
action_function action_next_view, action_view, action_other_picture, action_hide_test, action_big, action_log,
    action_recent, action_epochs, action_smooth, action_zoom, action_pan, action_whole, action_follow, action_crosshair,
    action_cursor, action_cursor_series, action_cursor_event;

/* actions_line.c: the `:` line. */
action_function action_line_enter, action_line_complete, action_line_history, action_line_clear, action_line_move,
    action_line_ends, action_line_erase;

/* actions_time.c: looking back, undoing, keeping. */
action_function action_scrub, action_scrub_here, action_undo, action_keep, action_rescue, action_cursor_step,
    action_cursor_share, action_cursor_ends, action_cursor_branch, action_rewind;
/* Leaves the scrubber; the session goes back to the present. */
void scrubber_close(struct ui *ui);
/* Asks for what was at the scrubber's step. */
void scrubber_ask(struct ui *ui);

/* actions_text.c: language models. */
action_function action_prompt, action_prompt_enter, action_block, action_head, action_passage;

/* actions_branches.c: the tree. */
action_function action_branch, action_switch, action_compare, action_race;

#endif
