/* What keys do to the picture of the run: views, the window of the curves, the crosshair. */
#include <math.h>

#include "ui/actions.h"
#include "ui/curves.h"
#include "ui/language.h"

#define ZOOM 0.5
#define PAN  0.5

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

void action_next_view(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    ui_show_view(ui, (ui->settings.view + view_count + (size_t)(direction > 0 ? 1 : -1)) % view_count);
}

void action_view(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)direction;
    ui_show_view(ui, view_by_number(key->number));
}

void action_other_picture(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    struct language_settings *language = &ui->settings.language;
    if (view_table[ui->settings.view].draw == view_draw_predictions && session_dataset(ui->session)->kind == TASK_TEXT)
        language->picture = language_next_picture(&data);
    else
        ui->settings.other_picture = !ui->settings.other_picture;
}

void action_hide_test(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_toggle(ui, &ui->settings.hide_test, "Test data hidden: what will its curve do? t shows it.",
              "Test data shown: as predicted?");
}

void action_big(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.big = !ui->settings.big;
}

void action_log(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_toggle(ui, &ui->settings.log_loss, "Loss axis: logarithmic.", "Loss axis: linear.");
}

static struct reach reach_of(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    return view_reach(&data);
}

void action_recent(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    if (ui->settings.window.mode == WINDOW_WHOLE)
        window_recent(&ui->settings.window, reach_of(ui));
    else
        ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
}

void action_epochs(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_toggle(ui, &ui->settings.epochs, "Axis in epochs.", "Axis in steps.");
}

void action_smooth(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.smoothing = (ui->settings.smoothing + 1) % SMOOTHINGS;
    if (ui->settings.smoothing)
        ui_say(ui, "Curves smoothed, strength %u of %d; the raw ones stay faint.", ui->settings.smoothing,
               SMOOTHINGS - 1);
    else
        ui_say(ui, "Curves as measured.");
}

void action_zoom(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct reach reach = reach_of(ui);
    const double centre = ui->settings.crosshair ? ui->settings.cursor : reach.newest;
    window_zoom(&ui->settings.window, reach, centre, direction > 0 ? ZOOM : 1 / ZOOM);
}

void action_pan(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    window_pan(&ui->settings.window, reach_of(ui), direction * PAN);
}

void action_whole(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
}

void action_follow(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    window_follow(&ui->settings.window, reach_of(ui));
}

/* ---- crosshair ---- */

void action_crosshair(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui_show_view(ui, view_by_number(1));
    ui->settings.crosshair = true;
    ui->settings.cursor = (double)session_status(ui->session)->step;
    ui->mode = KEYS_CROSSHAIR;
}

void action_cursor(struct ui *ui, const struct key_binding *key, int direction)
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

void action_cursor_series(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    const unsigned shown = curves_readable(&data);
    ui->settings.cursor_series = (ui->settings.cursor_series + shown + (unsigned)(direction > 0 ? 1 : -1)) % shown;
}

void action_cursor_event(struct ui *ui, const struct key_binding *key, int direction)
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
