/* Holds the commands that change the picture of the run: its view, the window of the curves, the crosshair. */
#include <math.h>
#include <stdio.h>
#include <strings.h>

#include "base/name.h"
#include "base/number.h"
#include "ui/curves.h"
#include "ui/ui_state.h"
#include "ui/views/language.h"

#define NAMES_MAX 96

#define ZOOM 0.5
#define PAN  0.5

static enum status run_cycle_view(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    ui_show_view(ui, (ui->settings.view + view_count + (size_t)direction) % view_count);
    return STATUS_OK;
}

const struct command command_cycle_view = {
    .name = "cycle-view",
    .about = "next / previous view",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_cycle_view,
};

static const char *view_word(size_t index)
{
    return index < view_count ? view_table[index].name : NULL;
}

static enum status run_view(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const char *names[NAMES_MAX];
    uint64_t number;
    for (size_t i = 0; i < view_count; i++) {
        names[i] = view_table[i].name;
        if (strcasecmp(argument, names[i]) == 0 ||
            (number_parse_u64(argument, &number) && number == (uint64_t)view_table[i].number)) {
            ui_show_view(ui, i);
            return STATUS_OK;
        }
    }
    char near[200];
    return error_set(error, STATUS_USAGE, "there is no view '%.40s'%s", argument,
                     name_suggest(near, sizeof near, argument, names, view_count));
}

const struct command command_view = {
    .name = "view",
    .about = "another view",
    .example = "5",
    .argument = {{.name = "N or NAME", .type = ARGUMENT_TEXT, .max = LINE_SIZE, .choice = view_word}},
    .run = run_view,
};

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

static enum status run_other_picture(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    const struct view_data data = ui_view_data(ui);
    struct language_settings *language = &ui->settings.language;
    if (view_table[ui->settings.view].draw == view_draw_predictions && session_dataset(ui->session)->kind == TASK_TEXT)
        language->picture = language_next_picture(&data);
    else if (no_other_picture(ui, &data))
        ui_toast(ui, "%s", no_other_picture(ui, &data));
    else
        ui->settings.other_picture = !ui->settings.other_picture;
    return STATUS_OK;
}

const struct command command_other_picture = {
    .name = "other-picture",
    .about = "the view's other picture",
    .flags = COMMAND_UNLISTED,
    .run = run_other_picture,
};

static enum status run_hide_test(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    char hidden[96];
    snprintf(hidden, sizeof hidden, "Test data hidden: what will its curve do? %s shows it.",
             keymap_key(ui->keymap, KEYS_GENERAL, "hide-test"));
    ui_toggle(ui, &ui->settings.hide_test, hidden, "Test data shown: as predicted?");
    return STATUS_OK;
}

const struct command command_hide_test = {
    .name = "hide-test",
    .about = "hide / show test data: predict first!",
    .flags = COMMAND_UNLISTED,
    .run = run_hide_test,
};

static enum status run_big(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_toggle(ui, &ui->settings.big, "Big numbers, in view 1.", "Big numbers off.");
    const struct view_data data = ui_view_data(ui);
    if (ui->settings.big && !box_present(view_curves_layout(&data, ui_frame(ui).body).big))
        ui_toast(ui, "Big numbers: too few rows here.");
    return STATUS_OK;
}

const struct command command_big = {
    .name = "big",
    .about = "big numbers, for the last row",
    .flags = COMMAND_UNLISTED,
    .run = run_big,
};

static enum status run_log(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_toggle(ui, &ui->settings.log_loss, "Loss axis: logarithmic.", "Loss axis: linear.");
    return STATUS_OK;
}

const struct command command_log = {
    .name = "log",
    .about = "loss axis logarithmic / linear",
    .flags = COMMAND_UNLISTED,
    .run = run_log,
};

static struct reach reach_of(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    return view_reach(&data);
}

/* Shows a message: which steps the curves show now. */
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
        ui_toast(ui, "The newest %s steps: %s shows the whole run.", to,
                 keymap_key(ui->keymap, KEYS_GENERAL, "recent"));
        break;
    case WINDOW_FIXED:
        ui_toast(ui, "Steps %s to %s: %s follows the newest.", from, to,
                 keymap_key(ui->keymap, KEYS_GENERAL, "follow"));
        break;
    }
}

static enum status run_recent(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    if (ui->settings.window.mode == WINDOW_WHOLE)
        window_recent(&ui->settings.window, reach_of(ui));
    else
        ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
    tell_window(ui);
    return STATUS_OK;
}

const struct command command_recent = {
    .name = "recent",
    .about = "recent steps / the whole run",
    .flags = COMMAND_UNLISTED,
    .run = run_recent,
};

static enum status run_axis_epochs(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_toggle(ui, &ui->settings.epochs, "Axis in epochs.", "Axis in steps.");
    return STATUS_OK;
}

const struct command command_axis_epochs = {
    .name = "axis-epochs",
    .about = "axis in epochs / steps",
    .flags = COMMAND_UNLISTED,
    .run = run_axis_epochs,
};

static enum status run_smooth(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui->settings.smoothing = (ui->settings.smoothing + 1) % SMOOTHINGS;
    if (ui->settings.smoothing)
        ui_toast(ui, "Curves smoothed, strength %u of %d; the raw ones stay faint.", ui->settings.smoothing,
                 SMOOTHINGS - 1);
    else
        ui_toast(ui, "Curves as measured.");
    return STATUS_OK;
}

const struct command command_smooth = {
    .name = "smooth",
    .about = "smoother curves, in three steps",
    .flags = COMMAND_UNLISTED,
    .run = run_smooth,
};

static enum status run_zoom(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct reach reach = reach_of(ui);
    const double centre = ui->settings.crosshair ? ui->settings.cursor : reach.newest;
    window_zoom(&ui->settings.window, reach, centre, direction > 0 ? ZOOM : 1 / ZOOM);
    tell_window(ui);
    return STATUS_OK;
}

const struct command command_zoom = {
    .name = "zoom",
    .about = "zoom in / out",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_out_in}},
    .flags = COMMAND_UNLISTED,
    .run = run_zoom,
};

static enum status run_pan(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    window_pan(&ui->settings.window, reach_of(ui), direction * PAN);
    tell_window(ui);
    return STATUS_OK;
}

const struct command command_pan = {
    .name = "pan",
    .about = "pan to older / newer steps",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_older_newer}},
    .flags = COMMAND_UNLISTED,
    .run = run_pan,
};

static enum status run_whole(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui->settings.window = (struct window){.mode = WINDOW_WHOLE};
    tell_window(ui);
    return STATUS_OK;
}

const struct command command_whole = {
    .name = "whole",
    .about = "the whole run",
    .flags = COMMAND_UNLISTED,
    .run = run_whole,
};

static enum status run_follow(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    window_follow(&ui->settings.window, reach_of(ui));
    tell_window(ui);
    return STATUS_OK;
}

const struct command command_follow = {
    .name = "follow",
    .about = "follow the newest step",
    .flags = COMMAND_UNLISTED,
    .run = run_follow,
};

/* ---- crosshair ---- */

static enum status run_crosshair(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_show_view(ui, view_by_number(1));
    ui->settings.crosshair = true;
    ui->settings.cursor = (double)session_status(ui->session)->step;
    ui->mode = KEYS_CROSSHAIR;
    return STATUS_OK;
}

const struct command command_crosshair = {
    .name = "crosshair",
    .about = "crosshair: read exact values",
    .flags = COMMAND_UNLISTED,
    .run = run_crosshair,
};

static enum status run_cursor(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    const struct frame_layout frame = ui_frame(ui);
    const struct curves_layout layout = view_curves_layout(&data, frame.body);
    const int width = curves_plot(&data, &layout).width;
    if (width <= 0)
        return STATUS_OK;
    const double position =
        curves_position_of(&data, ui->settings.cursor) + direction * (int)request->value[1].number / (double)width;
    const double step = round(curves_step_at(&data, fmin(fmax(position, 0), 1)));
    /* A column may be less than a step wide. */
    const double least = ui->settings.cursor + direction;
    const double moved = direction > 0 ? fmax(step, least) : fmin(step, least);
    ui->settings.cursor = fmin(fmax(moved, 0), (double)session_status(ui->session)->step);
    ui->story.toast[0] = 0; /* in the way of the values */
    return STATUS_OK;
}

const struct command command_cursor = {
    .name = "cursor",
    .about = "move the crosshair by columns",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_left_right},
                 {.name = "N", .type = ARGUMENT_NUMBER, .max = 10000, .optional = true}},
    .flags = COMMAND_UNLISTED,
    .run = run_cursor,
};

static enum status run_cursor_series(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    const unsigned shown = curves_readable(&data);
    ui->story.toast[0] = 0;
    ui->settings.cursor_series = (ui->settings.cursor_series + shown + (unsigned)direction) % shown;
    return STATUS_OK;
}

const struct command command_cursor_series = {
    .name = "cursor-series",
    .about = "another series",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_cursor_series,
};

static enum status run_cursor_event(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    const struct story_marker *found = NULL;
    for (size_t i = 0; i < ui->story.markers; i++) {
        const struct story_marker *marker = &ui->story.marker[i];
        const double ahead = (marker->step - ui->settings.cursor) * direction;
        if (forest_happened(data.branches.forest, view_branch(&data), marker->branch, marker->step) && ahead > 0 &&
            (!found || ahead < (found->step - ui->settings.cursor) * direction))
            found = marker;
    }
    if (!found) {
        ui_toast(ui, "No event %s this step.", direction > 0 ? "after" : "before");
        return STATUS_OK;
    }
    ui->settings.cursor = found->step;
    ui->story.toast[0] = 0;
    scrubber_ask(ui);
    return STATUS_OK;
}

const struct command command_cursor_event = {
    .name = "cursor-event",
    .about = "next / previous event",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_cursor_event,
};
