/* What keys and the mouse do: one function for each action of the key table. */
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ui/actions.h"
#include "ui/curves.h"
#include "ui/language.h"
#include "ui/panel.h"

#define ZOOM  0.5
#define PAN   0.5
#define SEEDS 100000 /* a new seed is below: short enough to be said aloud */

void ui_say(struct ui *ui, const char *format, ...)
{
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    story_say(&ui->story, ui_now(), "%s", text);
}

/* ---- the run ---- */

void ui_flush(struct ui *ui)
{
    size_t sent = 0;
    while (sent < ui->pending_count && session_send(ui->session, &ui->pending[sent]))
        sent++;
    if (sent == 0)
        return;
    ui->sent = true;
    ui->pending_count -= sent;
    memmove(ui->pending, ui->pending + sent, ui->pending_count * sizeof ui->pending[0]);
}

/* Where a walk through time goes, for the words while it takes long. */
static void note_walk(struct ui *ui, const struct command *command)
{
    const struct view_data data = ui_view_data(ui);
    if (command->kind == COMMAND_SCRUB || command->kind == COMMAND_REWIND)
        ui->settings.walk_to = command->number;
    else if (command->kind == COMMAND_SWITCH || command->kind == COMMAND_RACE)
        ui->settings.walk_to = view_last_step(&data, command->branch);
    else if (command->kind == COMMAND_TWIN)
        ui->settings.walk_to = data.status->step;
    else
        return;
    ui->story.message[0] = 0; /* what was said before is not about this */
}

static const char not_while_walking[] = "Not while walking: Esc gives up.";

/* A long walk, but for a look's: what is asked of that is asked of its end. */
static bool is_walking(const struct ui *ui)
{
    return session_status(ui->session)->walked >= 0 && !ui->settings.scrubber && !ui->comparison.open;
}

void ui_send(struct ui *ui, struct command command)
{
    if (is_walking(ui) && command.kind != COMMAND_PAUSE && command.kind != COMMAND_RETURN) {
        ui_say(ui, "%s", not_while_walking);
        return;
    }
    if (ui->pending_count == PENDING_MAX) {
        ui_say(ui, "The run does not take commands at the moment: this key was not sent.");
        return;
    }
    if (++ui->next_token == 0)
        ui->next_token = 1;
    command.token = ui->next_token;
    note_walk(ui, &command);
    if (command.kind == COMMAND_KNOB) {
        ui->wish[command.knob] = command.value;
        ui->wish_token[command.knob] = command.token;
    }
    ui->pending[ui->pending_count++] = command;
    ui_flush(ui);
    if (ui->pending_count > 0)
        ui_say(ui, "The run is busy: %zu %s waiting.", ui->pending_count,
               ui->pending_count == 1 ? "key is" : "keys are");
}

void ui_set(struct ui *ui, enum knob_id knob, double value)
{
    ui->settings.knob = knob;
    ui_send(ui, (struct command){.kind = COMMAND_KNOB, .knob = knob, .value = value});
}

void ui_turn(struct ui *ui, enum knob_id knob, int direction)
{
    char text[32];
    const double now = ui->wish_token[knob] ? ui->wish[knob] : session_status(ui->session)->knobs.value[knob];
    double next;
    if (knob_table[knob].scale == KNOB_SWITCH)
        next = now > 0 ? 0 : 1;
    else
        next = knob_step(knob, now, direction);
    ui->settings.knob = knob;
    if (next == now)
        ui_say(ui, "%s stays at %s: that is its %s.", knob_table[knob].label, knob_format(knob, now, text, sizeof text),
               direction > 0 ? "highest" : "lowest");
    else
        ui_set(ui, knob, next);
}

static void do_pause(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const bool running = session_status(ui->session)->state == SESSION_RUNNING;
    ui_send(ui, (struct command){.kind = running ? COMMAND_PAUSE : COMMAND_GO});
}

static void do_step(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_send(ui, (struct command){.kind = COMMAND_STEP});
}

static void do_epoch(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_send(ui, (struct command){.kind = COMMAND_EPOCH});
}

static void do_restart(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_send(ui, (struct command){.kind = COMMAND_RESTART});
}

static void do_new_seed(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const uint64_t seed = session_status(ui->session)->seed % SEEDS + 1;
    ui_send(ui, (struct command){.kind = COMMAND_SEED, .number = seed});
}

static void do_knob(struct ui *ui, const struct key_binding *key, int direction)
{
    ui_turn(ui, key->knob, direction);
}

static void do_select(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    do
        ui->settings.knob = (ui->settings.knob + KNOB_COUNT + (size_t)(direction > 0 ? 1 : -1)) % KNOB_COUNT;
    while (!panel_has(&data, (enum knob_id)ui->settings.knob));
}

static void do_turn(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    ui_turn(ui, (enum knob_id)ui->settings.knob, direction);
}

static void do_type_value(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    char text[64];
    snprintf(text, sizeof text, "%s ", knob_table[ui->settings.knob].name);
    ui_open_line(ui, text);
}

/* ---- views and curves ---- */

void ui_show_view(struct ui *ui, size_t view)
{
    const bool tree = view_table[view].keys == KEYS_BRANCHES;
    comparison_close(ui);
    if (tree)
        scrubber_close(ui);
    if (tree && ui->settings.view != view)
        ui->settings.branch = session_status(ui->session)->branch;
    ui->settings.view = view;
    if (ui->mode == KEYS_SCRUBBER) /* it goes on: this view, too, can be seen as it was */
        return;
    ui->settings.crosshair = false;
    if (ui->mode == KEYS_HELP || ui->mode == KEYS_CROSSHAIR)
        ui->mode = KEYS_GENERAL;
}

static void do_next_view(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    ui_show_view(ui, (ui->settings.view + view_count + (size_t)(direction > 0 ? 1 : -1)) % view_count);
}

static void do_view(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)direction;
    ui_show_view(ui, view_by_number(key->number));
}

static void toggle(struct ui *ui, bool *what, const char *on, const char *off)
{
    *what = !*what;
    ui_say(ui, "%s", *what ? on : off);
}

static void do_other_picture(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    struct language_settings *language = &ui->settings.language;
    if (view_table[ui->settings.view].draw == view_draw_predictions && session_dataset(ui->session)->kind == TASK_TEXT)
        language->picture = language_next_picture(&data);
    else
        ui->settings.other_picture = !ui->settings.other_picture;
}

static void do_hide_test(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    toggle(ui, &ui->settings.hide_test, "Test data hidden: what will its curve do? t shows it.",
           "Test data shown: as predicted?");
}

static void do_big(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.big = !ui->settings.big;
}

static void do_log(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    toggle(ui, &ui->settings.log_loss, "Loss axis: logarithmic.", "Loss axis: linear.");
}

static struct reach reach_of(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    return view_reach(&data);
}

static void do_recent(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    if (ui->settings.window.mode == WINDOW_WHOLE)
        window_recent(&ui->settings.window, reach_of(ui));
    else
        ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
}

static void do_epochs(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    toggle(ui, &ui->settings.epochs, "Axis in epochs.", "Axis in steps.");
}

static void do_smooth(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.smoothing = (ui->settings.smoothing + 1) % SMOOTHINGS;
    if (ui->settings.smoothing)
        ui_say(ui, "Curves smoothed, strength %u of %d; the raw ones stay faint.", ui->settings.smoothing,
               SMOOTHINGS - 1);
    else
        ui_say(ui, "Curves as measured.");
}

static void do_zoom(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct reach reach = reach_of(ui);
    const double centre = ui->settings.crosshair ? ui->settings.cursor : reach.newest;
    window_zoom(&ui->settings.window, reach, centre, direction > 0 ? ZOOM : 1 / ZOOM);
}

static void do_pan(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    window_pan(&ui->settings.window, reach_of(ui), direction * PAN);
}

static void do_whole(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
}

static void do_follow(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    window_follow(&ui->settings.window, reach_of(ui));
}

/* ---- crosshair ---- */

static void do_crosshair(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_show_view(ui, view_by_number(1));
    ui->settings.crosshair = true;
    ui->settings.cursor = (double)session_status(ui->session)->step;
    ui->mode = KEYS_CROSSHAIR;
}

static void do_cursor(struct ui *ui, const struct key_binding *key, int direction)
{
    const struct view_data data = ui_view_data(ui);
    const struct frame_layout frame = ui_frame(ui);
    const struct curves_layout layout = view_curves_layout(&data, frame.body);
    const int width = curves_plot(&data, &layout).width;
    if (width <= 0)
        return;
    const double position = curves_position_of(&data, ui->settings.cursor) + direction * key->number / (double)width;
    const double step = round(curves_step_at(&data, fmin(fmax(position, 0), 1)));
    /* A column may be less than a step wide. */
    const double least = ui->settings.cursor + direction;
    const double moved = direction > 0 ? fmax(step, least) : fmin(step, least);
    ui->settings.cursor = fmin(fmax(moved, 0), (double)session_status(ui->session)->step);
}

static void do_cursor_series(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    const unsigned shown = curves_readable(&data);
    ui->settings.cursor_series = (ui->settings.cursor_series + shown + (unsigned)(direction > 0 ? 1 : -1)) % shown;
}

static void do_cursor_event(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    const struct story_marker *found = NULL;
    for (size_t i = 0; i < ui->story.markers; i++) {
        const struct story_marker *marker = &ui->story.marker[i];
        const double ahead = (marker->step - ui->settings.cursor) * direction;
        if (lineage_holds(&data.branches, view_branch(&data), marker->branch, marker->step) && ahead > 0 &&
            (!found || ahead < (found->step - ui->settings.cursor) * direction))
            found = marker;
    }
    if (!found) {
        ui_say(ui, "No event %s.", direction > 0 ? "after this step" : "before this step");
        return;
    }
    ui->settings.cursor = found->step;
    scrubber_ask(ui);
}

/* ---- the program ---- */

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
    ui_say(ui, "Theme: %s.", ui->palette.name);
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
    toggle(ui, &ui->mouse, "Mouse on: click a knob or a tab, the wheel zooms, dragging pans.",
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
    const int last = help_lines(frame.body.width) - frame.body.height;
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
    [ACTION_PAUSE] = do_pause,
    [ACTION_STEP] = do_step,
    [ACTION_EPOCH] = do_epoch,
    [ACTION_RESTART] = do_restart,
    [ACTION_NEW_SEED] = do_new_seed,
    [ACTION_SCRUB] = action_scrub,
    [ACTION_UNDO] = action_undo,
    [ACTION_STAGE] = action_stage,
    [ACTION_FORK] = action_fork,
    [ACTION_KEEP] = action_keep,
    [ACTION_RESCUE] = action_rescue,
    [ACTION_GIVE_UP] = action_give_up,
    [ACTION_KNOB] = do_knob,
    [ACTION_SELECT] = do_select,
    [ACTION_TURN] = do_turn,
    [ACTION_TYPE_VALUE] = do_type_value,
    [ACTION_NEXT_VIEW] = do_next_view,
    [ACTION_VIEW] = do_view,
    [ACTION_OTHER_PICTURE] = do_other_picture,
    [ACTION_PROMPT] = action_prompt,
    [ACTION_HIDE_TEST] = do_hide_test,
    [ACTION_BIG] = do_big,
    [ACTION_LOG] = do_log,
    [ACTION_RECENT] = do_recent,
    [ACTION_EPOCHS] = do_epochs,
    [ACTION_SMOOTH] = do_smooth,
    [ACTION_CROSSHAIR] = do_crosshair,
    [ACTION_ZOOM] = do_zoom,
    [ACTION_PAN] = do_pan,
    [ACTION_WHOLE] = do_whole,
    [ACTION_FOLLOW] = do_follow,
    [ACTION_LINE] = do_line,
    [ACTION_HELP] = do_help,
    [ACTION_MOUSE] = do_mouse,
    [ACTION_QUIT] = do_quit,
    [ACTION_SUSPEND] = do_suspend,
    [ACTION_REDRAW] = do_redraw,
    [ACTION_LEAVE] = action_leave,
    [ACTION_CURSOR] = do_cursor,
    [ACTION_CURSOR_SERIES] = do_cursor_series,
    [ACTION_CURSOR_EVENT] = do_cursor_event,
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
        ui_say(ui, "You are looking back: Enter goes there, u returns to the present.");
    else if (found && is_walking(ui) && belongs_to_the_present(&binding))
        ui_say(ui, "%s", not_while_walking);
    else if (found)
        action_table[binding.action](ui, &binding, direction);
}
