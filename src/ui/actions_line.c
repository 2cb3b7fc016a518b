/* What keys do on the `:` line, and those for editing on the line of an own prompt. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ui/actions.h"
#include "ui/commands.h"

static bool is_number(const char *text)
{
    return strchr("+-.0123456789", *text) && *text;
}

static enum status obey(struct ui *ui, const char *text, struct error *error)
{
    struct command_parsed parsed;
    char named[LINE_SIZE + 64];
    text += strspn(text, " ");
    if (ui->line_knob != KNOB_COUNT && is_number(text)) {
        snprintf(named, sizeof named, "%s %s", knob_table[ui->line_knob].name, text);
        text = named;
    }
    const enum status status = command_parse(text, &parsed, error);
    if (status != STATUS_OK)
        return status;
    if (parsed.row && parsed.row->run)
        return parsed.row->run(ui, parsed.argument, error);
    if (parsed.row) {
        struct request request = {.row = session_command(parsed.row->sends), .text = mem_string(parsed.argument)};
        if (!request.text)
            return error_memory(error);
        ui_send(ui, request);
    } else if (parsed.knob != KNOB_COUNT)
        ui_set(ui, parsed.knob, parsed.value);
    return STATUS_OK;
}

void action_line_enter(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    struct error error = {.status = STATUS_OK};
    line_remember(&ui->line);
    ui->mode = KEYS_GENERAL;
    if (obey(ui, ui->line.text, &error) != STATUS_OK) {
        ui->mode = KEYS_LINE;
        snprintf(ui->line_error, sizeof ui->line_error, "%.150s", error.message);
    }
}

void action_line_complete(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    const struct view_data data = ui_view_data(ui);
    if (ui->mode == KEYS_LINE) /* nothing is known of what a prompt may be */
        line_complete(&ui->line, direction, command_words, &data.branches);
}

void action_line_history(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    line_browse(ui_line(ui), direction);
}

void action_line_clear(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key, (void)direction;
    line_clear(ui_line(ui));
}

void action_line_move(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    line_move(ui_line(ui), direction);
}

void action_line_ends(struct ui *ui, const struct key_binding *key, int direction)
{
    (void)key;
    line_to_end(ui_line(ui), direction);
}

void action_line_erase(struct ui *ui, const struct key_binding *key, int direction)
{
    if (!line_erase(ui_line(ui), direction) && direction < 0 && ui_line(ui)->text[0] == 0)
        action_leave(ui, key, direction);
}
