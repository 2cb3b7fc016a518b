/* Holds the commands that enter and edit the `:` line; the line of an own prompt is edited by the same. */
#include <stdio.h>
#include <string.h>

#include "ui/ui_state.h"

static bool is_number(const char *text)
{
    return strchr("+-.0123456789", *text) && *text;
}

/* A number alone is meant for the knob that the line was opened for. */
static enum status obey_line(struct ui *ui, const char *text, struct error *error)
{
    char named[LINE_SIZE + 64];
    char word[64];
    text += strspn(text, " ");
    snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
    const struct command *row = commands_find(ui->commands, word);
    if (row && (row->flags & COMMAND_UNLISTED)) /* it is for keys: alone it would leave the screen half changed */
        return error_set(error, STATUS_USAGE, "'%s' is for keys: ? shows them", word);
    if (ui->line_knob != KNOB_COUNT && is_number(text)) {
        snprintf(named, sizeof named, "%s %s", knob_table[ui->line_knob].name, text);
        text = named;
    }
    return ui_obey(ui, text, error);
}

static enum status run_enter_line(void *room, const struct request *request, struct error *refused)
{
    struct ui *ui = room;
    (void)request, (void)refused;
    struct error error = {.status = STATUS_OK};
    line_remember(&ui->line);
    ui->mode = KEYS_GENERAL;
    if (obey_line(ui, ui->line.text, &error) != STATUS_OK) {
        ui->mode = KEYS_LINE;
        snprintf(ui->line_error, sizeof ui->line_error, "%.150s", error.message);
    }
    return STATUS_OK;
}

const struct command command_enter_line = {
    .name = "enter-line",
    .about = "do it",
    .flags = COMMAND_UNLISTED,
    .run = run_enter_line,
};

static enum status run_complete(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    const struct view_data data = ui_view_data(ui);
    if (ui->mode == KEYS_LINE) /* nothing is known of what a prompt may be */
        line_complete(&ui->line, direction, command_words, &(struct command_source){ui->commands, &data.branches});
    return STATUS_OK;
}

const struct command command_complete = {
    .name = "complete",
    .about = "complete: next / previous possibility",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_previous_next}},
    .flags = COMMAND_UNLISTED,
    .run = run_complete,
};

static enum status run_history(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    line_browse(ui_line(ui), direction);
    return STATUS_OK;
}

const struct command command_history = {
    .name = "history",
    .about = "older / newer commands",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_older_newer}},
    .flags = COMMAND_UNLISTED,
    .run = run_history,
};

static enum status run_clear_line(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    (void)request, (void)error;
    line_clear(ui_line(ui));
    return STATUS_OK;
}

const struct command command_clear_line = {
    .name = "clear-line",
    .about = "clear the line",
    .flags = COMMAND_UNLISTED,
    .run = run_clear_line,
};

static enum status run_move_cursor(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    line_move(ui_line(ui), direction);
    return STATUS_OK;
}

const struct command command_move_cursor = {
    .name = "move-cursor",
    .about = "move the cursor",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_left_right}},
    .flags = COMMAND_UNLISTED,
    .run = run_move_cursor,
};

static enum status run_line_end(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    line_to_end(ui_line(ui), direction);
    return STATUS_OK;
}

const struct command command_line_end = {
    .name = "line-end",
    .about = "to the start / end of the line",
    .argument = {{.name = "END", .type = ARGUMENT_WORD, .choice = word_start_end}},
    .flags = COMMAND_UNLISTED,
    .run = run_line_end,
};

static enum status run_erase(void *room, const struct request *request, struct error *error)
{
    struct ui *ui = room;
    const int direction = ui_direction(request);
    (void)error;
    if (!line_erase(ui_line(ui), direction) && direction < 0 && ui_line(ui)->text[0] == 0)
        ui_leave(ui);
    return STATUS_OK;
}

const struct command command_erase = {
    .name = "erase",
    .about = "erase before / under the cursor",
    .argument = {{.name = "WAY", .type = ARGUMENT_WORD, .choice = word_left_right}},
    .flags = COMMAND_UNLISTED,
    .run = run_erase,
};
