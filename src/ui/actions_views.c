/* What keys do to the picture of the run: views, the window of the curves, the crosshair. */
#include <math.h>

#include "base/number.h"
#include "ui/actions.h"
#include "ui/curves.h"
#include "ui/views/language.h"

#define ZOOM 0.5
#define PAN  0.5

/* What the tree opens on: the branch to compare the present one with, which races or was left last; alone, the present
 * one. */
static uint16_t branch_beside(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    const struct session_status *status = data.status;
    uint16_t beside = status->branch;
    lineage_ghosts(&data.branches, status->branch, status->rival >= 0 ? status->rival : status->ghost, 1, &beside);
    return beside;
}

void ui_show_view(struct ui *ui, size_t view)
{
    const bool tree = view_table[view].keys == KEYS_BRANCHES;
    comparison_close(ui);
    if (tree)
        scrubber_close(ui);
    if (tree && ui->settings.view != view)
        ui->settings.branch = branch_beside(ui);
    ui->settings.view = view;
    ui->story.toast[0] = 0;
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

/* Why `g` would change nothing in sight; NULL: it would. */
static const char *no_other_picture(const struct ui *ui, const struct view_data *data)
{
    const struct view *view = &view_table[ui->settings.view];
    if (view->draw == view_draw_curves && !box_present(view_curves_layout(data, ui_frame(ui).body).picture))
        return "The picture has no room in this window.";
    if (view->draw == view_draw_branches ||
        (view->draw == view_draw_predictions && data->dataset->kind != TASK_CLASSIFY))
        return "This view has no other picture.";
    return NULL;
}

void action_other_picture(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    const struct view_data data = ui_view_data(ui);
    struct language_settings *language = &ui->settings.language;
    if (view_table[ui->settings.view].draw == view_draw_predictions && session_dataset(ui->session)->kind == TASK_TEXT)
        language->picture = language_next_picture(&data);
    else if (no_other_picture(ui, &data))
        ui_toast(ui, "%s", no_other_picture(ui, &data));
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
    ui_toggle(ui, &ui->settings.big, "Big numbers, in view 1.", "Big numbers off.");
    const struct view_data data = ui_view_data(ui);
    if (ui->settings.big && !box_present(view_curves_layout(&data, ui_frame(ui).body).big))
        ui_toast(ui, "Big numbers: too few rows here.");
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

/* Which steps the curves show now. */
static void tell_window(struct ui *ui)
{
    char from[32], to[32];
    const struct window *window = &ui->settings.window;
    const struct span span = window_span(window, reach_of(ui));
    number_count(from, sizeof from, (uint64_t)span.from);
    number_count(to, sizeof to, (uint64_t)ceil(window->mode == WINDOW_FIXED ? span.to : window->width));
    switch (window->mode) {
    case WINDOW_WHOLE:
        ui_toast(ui, "The whole run.");
        break;
    case WINDOW_FOLLOW:
        ui_toast(ui, "The newest %s steps: x shows the whole run.", to);
        break;
    case WINDOW_FIXED:
        ui_toast(ui, "Steps %s to %s: End follows the newest.", from, to);
        break;
    }
}

void action_recent(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    if (ui->settings.window.mode == WINDOW_WHOLE)
        window_recent(&ui->settings.window, reach_of(ui));
    else
        ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
    tell_window(ui);
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
        ui_toast(ui, "Curves smoothed, strength %u of %d; the raw ones stay faint.", ui->settings.smoothing,
                 SMOOTHINGS - 1);
    else
        ui_toast(ui, "Curves as measured.");
}

void action_zoom(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct reach reach = reach_of(ui);
    const double centre = ui->settings.crosshair ? ui->settings.cursor : reach.newest;
    window_zoom(&ui->settings.window, reach, centre, direction > 0 ? ZOOM : 1 / ZOOM);
    tell_window(ui);
}

void action_pan(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    window_pan(&ui->settings.window, reach_of(ui), direction * PAN);
    tell_window(ui);
}

void action_whole(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
    tell_window(ui);
}

void action_follow(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    window_follow(&ui->settings.window, reach_of(ui));
    tell_window(ui);
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
    ui->story.toast[0] = 0; /* in the way of the values */
}

void action_cursor_series(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    const unsigned shown = curves_readable(&data);
    ui->story.toast[0] = 0;
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
        ui_toast(ui, "No event %s.", direction > 0 ? "after this step" : "before this step");
        return;
    }
    ui->settings.cursor = found->step;
    ui->story.toast[0] = 0;
    scrubber_ask(ui);
}
