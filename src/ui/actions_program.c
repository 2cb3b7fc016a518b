/* Holds the commands of the program itself: the `:` line, help, colours, mouse, the end. */
#include <strings.h>

#include "base/name.h"
#include "ui/ui_state.h"

static enum status run_line(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_open_line(ui, "");
    return STATUS_OK;
}

const struct command command_line = {
    .name = "line",
    .about = "a command: lr 0.05, until 5000, seed 7",
    .flags = COMMAND_UNLISTED,
    .run = run_line,
};

static enum status run_help(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    scrubber_close(ui);
    ui->settings.crosshair = false;
    ui->mode = KEYS_HELP;
    ui->help_top = 0;
    return STATUS_OK;
}

const struct command command_help = {
    .name = "help",
    .about = "every key",
    .run = run_help,
};

static enum status run_mouse(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_toggle(ui, &ui->mouse, "Mouse on: click a knob or a tab, the wheel zooms, dragging pans.",
              "Mouse off: the terminal selects text.");
    screen_mouse(ui->screen, ui->mouse);
    return STATUS_OK;
}

const struct command command_mouse = {
    .name = "mouse",
    .about = "mouse on / off (off: text selection)",
    .flags = COMMAND_UNLISTED,
    .run = run_mouse,
};

static enum status run_ask_quit(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    scrubber_close(ui);
    ui->settings.crosshair = false;
    ui->mode = KEYS_QUITTING;
    return STATUS_OK;
}

const struct command command_ask_quit = {
    .name = "ask-quit",
    .about = "quit (asks once)",
    .flags = COMMAND_UNLISTED,
    .run = run_ask_quit,
};

static enum status run_suspend(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    screen_suspend(ui->screen);
    return STATUS_OK;
}

const struct command command_suspend = {
    .name = "suspend",
    .about = "suspend",
    .flags = COMMAND_UNLISTED,
    .run = run_suspend,
};

static enum status run_redraw(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    screen_redraw(ui->screen);
    return STATUS_OK;
}

const struct command command_redraw = {
    .name = "redraw",
    .about = "draw the screen anew",
    .flags = COMMAND_UNLISTED,
    .run = run_redraw,
};

static enum status run_leave(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui_leave(ui);
    return STATUS_OK;
}

const struct command command_leave = {
    .name = "leave",
    .about = "leave what is open",
    .flags = COMMAND_UNLISTED,
    .run = run_leave,
};

static void scroll(struct ui *ui, int lines)
{
    const struct view_data data = ui_view_data(ui);
    const struct frame_layout frame = ui_frame(ui);
    const int last = help_lines(&data, frame.body.width) - frame.body.height, top = ui->help_top + lines;
    ui->help_top = top > last ? last : top;
    if (ui->help_top < 0)
        ui->help_top = 0;
}

static enum status run_scroll(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    scroll(ui, direction * (int)request->value[1].number);
    return STATUS_OK;
}

const struct command command_scroll = {
    .name = "scroll",
    .about = "scroll the help",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_up_down},
                 {.name = "N", .type = ARGUMENT_NUMBER, .max = 10000, .optional = true}},
    .flags = COMMAND_UNLISTED,
    .run = run_scroll,
};

static enum status run_scroll_end(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    scroll(ui, direction * 10000);
    return STATUS_OK;
}

const struct command command_scroll_end = {
    .name = "scroll-end",
    .about = "top / bottom",
    .argument = {{.name = "END", .type = ARGUMENT_WORD, .choice = word_start_end}},
    .flags = COMMAND_UNLISTED,
    .run = run_scroll_end,
};

/* ---- on the `:` line ---- */

#define THEMES_MAX 16

static enum status run_theme(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const char *argument = request_text(request);
    const char *names[THEMES_MAX];
    for (unsigned i = 0; i < palette_count; i++) {
        names[i] = palette_table[i].name;
        if (strcasecmp(argument, names[i]) == 0) {
            ui_theme(ui, names[i]);
            return STATUS_OK;
        }
    }
    char near[200];
    return error_set(error, STATUS_USAGE, "there is no theme '%.40s'%s", argument,
                     name_suggest(near, sizeof near, argument, names, palette_count));
}

const struct command command_theme = {
    .name = "theme",
    .about = "other colours",
    .example = "light",
    .argument = {{.name = "NAME", .type = ARGUMENT_TEXT, .max = LINE_SIZE, .choice = palette_name}},
    .run = run_theme,
};

static enum status run_quit(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    ui->done = true;
    return STATUS_OK;
}

const struct command command_quit = {.name = "quit", .alias = "q", .about = "ends the program", .run = run_quit};
