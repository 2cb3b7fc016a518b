/* What keys do: a function for each action of the key table, here those of the program itself. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "ui/actions.h"

void ui_say(struct ui *ui, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    story_say(&ui->story, "%s", text);
}

void ui_toast(struct ui *ui, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    story_toast(&ui->story, ui_now(), "%s", text);
}

void ui_toggle(struct ui *ui, bool *what, const char *on, const char *off)
{
    *what = !*what;
    ui_toast(ui, "%s", *what ? on : off);
}

struct command_line *ui_line(struct ui *ui)
{
    return ui->mode == KEYS_PROMPT ? &ui->prompt_line : &ui->line;
}

static void open_line(struct ui *ui, enum key_mode mode, const char *text)
{
    scrubber_close(ui);
    comparison_close(ui);
    ui->mode = mode;
    ui->line_error[0] = 0;
    ui->line_knob = KNOB_COUNT;
    line_open(ui_line(ui), text);
}

void ui_open_line(struct ui *ui, const char *text)
{
    open_line(ui, KEYS_LINE, text);
}

void ui_open_prompt(struct ui *ui)
{
    open_line(ui, KEYS_PROMPT, "");
}

void ui_theme(struct ui *ui, const char *name)
{
    ui->palette = screen_palette(ui->screen, name);
    ui_toast(ui, "Theme: %s.", ui->palette.name);
}

static void do_line(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_open_line(ui, "");
}

static void do_help(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    scrubber_close(ui);
    ui->settings.crosshair = false;
    ui->mode = KEYS_HELP;
    ui->help_top = 0;
}

static void do_mouse(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_toggle(ui, &ui->mouse, "Mouse on: click a knob or a tab, the wheel zooms, dragging pans.",
              "Mouse off: the terminal selects text.");
    screen_mouse(ui->screen, ui->mouse);
}

static void do_quit(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    scrubber_close(ui);
    ui->settings.crosshair = false;
    ui->mode = KEYS_QUITTING;
}

static void do_quit_now(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->done = true;
}

static void do_suspend(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    screen_suspend(ui->screen);
}

static void do_redraw(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    screen_redraw(ui->screen);
}

void action_leave(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    scrubber_close(ui);
    comparison_close(ui);
    ui->settings.crosshair = false;
    ui->mode = KEYS_GENERAL;
}

static void do_scroll(struct ui *ui, const struct key_binding *key, int direction)
{
    const struct frame_layout frame = ui_frame(ui);
    const int last = help_lines(session_dataset(ui->session), frame.body.width) - frame.body.height;
    const int top = ui->help_top + direction * key->number;
    ui->help_top = top > last ? last : top;
    if (ui->help_top < 0)
        ui->help_top = 0;
}

static void do_scroll_end(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct key_binding far = {.number = 10000};
    do_scroll(ui, &far, direction);
}

static action_function *const action_table[] = {
    [ACTION_PAUSE] = action_pause,
    [ACTION_SEND] = action_send,
    [ACTION_NEW_SEED] = action_new_seed,
    [ACTION_SCRUB] = action_scrub,
    [ACTION_UNDO] = action_undo,
    [ACTION_KEEP] = action_keep,
    [ACTION_RESCUE] = action_rescue,
    [ACTION_KNOB] = action_knob,
    [ACTION_SELECT] = action_select,
    [ACTION_TURN] = action_turn,
    [ACTION_TYPE_VALUE] = action_type_value,
    [ACTION_NEXT_VIEW] = action_next_view,
    [ACTION_VIEW] = action_view,
    [ACTION_OTHER_PICTURE] = action_other_picture,
    [ACTION_PROMPT] = action_prompt,
    [ACTION_HIDE_TEST] = action_hide_test,
    [ACTION_BIG] = action_big,
    [ACTION_LOG] = action_log,
    [ACTION_RECENT] = action_recent,
    [ACTION_EPOCHS] = action_epochs,
    [ACTION_SMOOTH] = action_smooth,
    [ACTION_CROSSHAIR] = action_crosshair,
    [ACTION_ZOOM] = action_zoom,
    [ACTION_PAN] = action_pan,
    [ACTION_WHOLE] = action_whole,
    [ACTION_FOLLOW] = action_follow,
    [ACTION_LINE] = do_line,
    [ACTION_HELP] = do_help,
    [ACTION_MOUSE] = do_mouse,
    [ACTION_QUIT] = do_quit,
    [ACTION_SUSPEND] = do_suspend,
    [ACTION_REDRAW] = do_redraw,
    [ACTION_LEAVE] = action_leave,
    [ACTION_CURSOR] = action_cursor,
    [ACTION_CURSOR_SERIES] = action_cursor_series,
    [ACTION_CURSOR_EVENT] = action_cursor_event,
    [ACTION_SCRUB_HERE] = action_scrub_here,
    [ACTION_CURSOR_STEP] = action_cursor_step,
    [ACTION_CURSOR_SHARE] = action_cursor_share,
    [ACTION_CURSOR_ENDS] = action_cursor_ends,
    [ACTION_CURSOR_BRANCH] = action_cursor_branch,
    [ACTION_REWIND] = action_rewind,
    [ACTION_BRANCH] = action_branch,
    [ACTION_SWITCH] = action_switch,
    [ACTION_COMPARE] = action_compare,
    [ACTION_RACE] = action_race,
    [ACTION_BLOCK] = action_block,
    [ACTION_HEAD] = action_head,
    [ACTION_PASSAGE] = action_passage,
    [ACTION_PROMPT_ENTER] = action_prompt_enter,
    [ACTION_SCROLL] = do_scroll,
    [ACTION_SCROLL_END] = do_scroll_end,
    [ACTION_LINE_ENTER] = action_line_enter,
    [ACTION_LINE_COMPLETE] = action_line_complete,
    [ACTION_LINE_HISTORY] = action_line_history,
    [ACTION_LINE_CLEAR] = action_line_clear,
    [ACTION_LINE_MOVE] = action_line_move,
    [ACTION_LINE_ENDS] = action_line_ends,
    [ACTION_LINE_ERASE] = action_line_erase,
    [ACTION_QUIT_NOW] = do_quit_now,
};
static_assert(sizeof action_table / sizeof action_table[0] == ACTION_COUNT, "a function for each action");

enum key_mode ui_keys(struct ui *ui)
{
    const struct session_status *status = session_status(ui->session);
    const struct view_data data = ui_view_data(ui);
    const enum key_mode of_view = view_keys(&data);
    if (ui->mode != KEYS_GENERAL)
        return ui->mode;
    if (status->walked >= 0)
        return KEYS_WALKING;
    if (of_view != KEYS_GENERAL)
        return of_view;
    return status->state == SESSION_DIVERGED ? KEYS_DIVERGED : KEYS_GENERAL;
}

/* While the scrubber looks back, and during a walk, keys that would steer the present are kept from it. */
static bool belongs_to_the_present(const struct key_binding *key)
{
    return key->mode == KEYS_GENERAL &&
           (key->group == GROUP_RUN || key->group == GROUP_KNOBS || key->group == GROUP_PANEL);
}

void ui_key(struct ui *ui, uint32_t key)
{
    struct key_binding binding;
    int direction;
    const bool found = key_find(ui_keys(ui), key, &binding, &direction);
    const bool typing = ui->mode == KEYS_LINE || ui->mode == KEYS_PROMPT;
    if (typing && key < KEY_NAMED && !(found && key < 0x20)) {
        line_type(ui_line(ui), key);
        ui->line_error[0] = 0;
        return;
    }
    if (typing) {
        ui->line_error[0] = 0;
        /* General keys that are no control characters belong to the line while it is open. */
        if (found && binding.mode == KEYS_GENERAL && key >= KEY_NAMED)
            return;
    }
    if (ui->mode == KEYS_QUITTING && !(found && binding.mode == KEYS_QUITTING))
        ui->mode = KEYS_GENERAL;
    if (found && ui->mode == KEYS_SCRUBBER && belongs_to_the_present(&binding))
        ui_toast(ui, "You are looking back: Enter goes there, u returns to the present.");
    else if (found && ui_is_walking(ui) && belongs_to_the_present(&binding))
        ui_say(ui, UI_NOT_WHILE_WALKING);
    else if (found)
        action_table[binding.action](ui, &binding, direction);
}
