/* One frame: the whole screen into the grid. */
#include <stdio.h>
#include <string.h>

#include "base/outfile.h"
#include "base/text.h"
#include "ui/chrome.h"
#include "ui/commands.h"
#include "ui/draw.h"
#include "ui/ui_state.h"

/* The line with its cursor, from so far on that the cursor is in sight. */
static void draw_line(struct ui *ui, struct area screen, struct box row)
{
    const struct palette *palette = &ui->palette;
    const struct command_line *line = ui_line(ui);
    char left[LINE_SIZE];
    draw_ground(screen, row, palette->role[ROLE_BAR]);
    struct pen pen = pen_at(screen, row, palette);
    pen_write(&pen, ROLE_KEY, CELL_BOLD, ui->mode == KEYS_PROMPT ? "prompt ▸ " : ":");
    snprintf(left, sizeof left, "%.*s", (int)line->cursor, line->text);
    const int before = text_columns(left), room = pen.end - pen.x - 2;
    const char *from = line->text, *under = line->text + line->cursor;
    for (int i = 0; i < before - room; i++)
        text_next(&from);
    const int cursor = pen.x + (before < room ? before : room);
    const uint32_t glyph = text_next(&under);
    pen_write(&pen, ROLE_STRONG, 0, from);
    area_put(pen.area, cursor, 0, glyph ? glyph : ' ', palette->role[ROLE_STRONG], CELL_REVERSE);
}

/* The words that could go on, and which of them Tab has put on the line (-1: none); from so far on that it is in
 * sight. */
static void write_words(struct pen *pen, const char *const *word, size_t count, int chosen)
{
    size_t first = 0;
    int x = pen->x;
    for (int i = 0; i <= chosen; i++) {
        const int width = text_columns(word[i]) + 2;
        if (x + width > pen->end) {
            first = (size_t)i;
            x = pen->x;
        }
        x += width;
    }
    for (size_t i = first; i < count; i++) {
        if (pen->x + text_columns(word[i]) + (i + 1 < count ? 2 : 0) > pen->end) {
            pen_write(pen, ROLE_FAINT, 0, "…");
            break;
        }
        const bool on_line = (int)i == chosen;
        pen_write(pen, on_line ? ROLE_KEY : ROLE_TEXT, on_line ? CELL_BOLD | CELL_UNDERLINE : 0, word[i]);
        pen_skip(pen, 2);
    }
}

/* What is known about what the line says. */
static void draw_about(struct ui *ui, struct area screen, struct box about)
{
    const struct palette *palette = &ui->palette;
    const struct command_line *line = ui_line(ui);
    char left[LINE_SIZE], text[240];
    struct pen pen = pen_at(screen, about, palette);
    pen.x = layout_margin(screen.width);
    for (int x = 0; x < about.width; x++)
        area_put(screen, about.x + x, about.y, ' ', palette->role[ROLE_TEXT], 0);
    draw_ground(screen, about, palette->role[ROLE_GROUND]);
    if (ui->line_error[0]) {
        pen_write(&pen, ROLE_WARN, CELL_BOLD, ui->line_error);
        return;
    }
    if (ui->mode == KEYS_PROMPT) {
        pen_write(&pen, ROLE_TEXT, 0, "PROMPT, or PROMPT => ANSWER if you know what is right; \\n is a line end");
        return;
    }
    const bool choosing = line->candidate >= 0;
    snprintf(left, sizeof left, "%.*s", choosing ? LINE_SIZE - 1 : (int)line->cursor,
             choosing ? line->stem : line->text);
    command_describe(ui->commands, line->text, text, sizeof text);
    if (text[0] && !choosing) {
        pen_write(&pen, ROLE_TEXT, 0, text);
        return;
    }
    const char *word[LINE_CANDIDATES];
    const struct branch_list branches = ui_branches(ui);
    const size_t count = command_words(&(struct command_source){ui->commands, &branches}, left, word, LINE_CANDIDATES);
    write_words(&pen, word, count, line->candidate);
}

/* Which part of the help is in sight, where that is not all of it. */
static bool draw_help_place(struct ui *ui, struct area screen, const struct frame_layout *frame, struct box message)
{
    const struct view_data data = ui_view_data(ui);
    const int lines = help_lines(&data, frame->body.width), rows = frame->body.height;
    if (ui->mode != KEYS_HELP || lines <= rows)
        return false;
    struct pen pen = pen_at(screen, message, &ui->palette);
    pen.x = layout_margin(screen.width);
    pen_format(&pen, ROLE_STRONG, CELL_BOLD, "lines %d–%d of %d", ui->help_top + 1,
               ui->help_top + rows < lines ? ui->help_top + rows : lines, lines);
    return true;
}

static struct box union_row(struct box a, struct box b)
{
    if (!box_present(b) || b.y != a.y)
        return a;
    return (struct box){a.x, a.y, b.x + b.width - a.x, 1};
}

/* What is left for a hint in the row of a message, which is read whole. */
static struct box beside_message(const struct view_data *data, struct box hint)
{
    const int end = hint.x + hint.width;
    const int from = layout_margin(end) + chrome_message_columns(data) + 2;
    const int x = from < hint.x ? hint.x : from < end ? from : end;
    return (struct box){x, hint.y, end - x, hint.height};
}

static void draw_bottom(struct ui *ui, const struct view_data *data, struct area screen,
                        const struct frame_layout *frame)
{
    const struct box last = box_present(frame->keys)   ? frame->keys
                            : box_present(frame->hint) ? frame->hint
                                                       : frame->message;
    const struct box about = union_row(frame->message, frame->hint);
    const bool shares_last = about.y == last.y;
    if (ui->mode == KEYS_LINE || ui->mode == KEYS_PROMPT) {
        const struct box above = {0, last.y - 1, ui->grid.width, 1};
        draw_line(ui, screen, (struct box){0, last.y, ui->grid.width, 1});
        draw_about(ui, screen, shares_last ? above : about);
        return;
    }
    const enum key_mode keys = ui_keys(ui);
    if (ui->mode == KEYS_QUITTING) {
        struct pen pen = pen_at(screen, about, data->palette);
        pen.x = layout_margin(screen.width);
        char text[96];
        snprintf(text, sizeof text, "Quit? %s again ends the run, any other key stays.",
                 keymap_key(data->keymap, KEYS_QUITTING, "quit"));
        pen_write(&pen, ROLE_WARN, CELL_BOLD, text);
    } else {
        struct box message = frame->message, beside = frame->hint;
        int hint = 0;
        if (box_present(beside) && beside.y == message.y)
            beside = beside_message(data, beside);
        if (box_present(beside) && (box_present(frame->keys) || keys == KEYS_GENERAL))
            hint = chrome_draw_hint(data, screen, beside, !box_present(frame->keys));
        if (frame->hint.y == message.y && box_present(frame->hint))
            message.width = ui->grid.width - hint - 3;
        if (shares_last && !box_present(frame->keys) && !box_present(frame->hint))
            chrome_draw_way_out(data, screen, &message, keys);
        if (!draw_help_place(ui, screen, frame, message))
            chrome_draw_message(data, screen, message);
    }
    if (box_present(frame->keys))
        chrome_draw_keys(data, screen, frame->keys, keys);
    else if (keys != KEYS_GENERAL && !shares_last)
        chrome_draw_keys(data, screen, (struct box){0, last.y, ui->grid.width, 1}, keys);
}

void ui_draw(struct ui *ui)
{
    const struct view_data data = ui_view_data(ui);
    const struct frame_layout frame = ui_frame(ui);
    const struct area screen = area_whole(&ui->grid);
    grid_clear(&ui->grid, ui->palette.role[ROLE_TEXT], ui->palette.role[ROLE_GROUND]);
    if (frame.too_small) {
        chrome_draw_too_small(&data, screen);
        return;
    }
    chrome_draw_title(&data, screen, &frame);
    if (box_present(frame.tabs))
        chrome_draw_tabs(&data, screen, frame.tabs);
    if (ui->mode == KEYS_HELP)
        help_draw(&data, box_area(screen, frame.body), ui->help_top);
    else
        view_table[ui->settings.view].draw(&data, screen, frame.body);
    draw_bottom(ui, &data, screen, &frame);
}

enum status ui_shot(struct ui *ui, const char *path, struct error *error)
{
    const enum key_mode mode = ui->mode;
    ui->mode = KEYS_GENERAL;
    ui_draw(ui);
    ui->mode = mode;
    struct outfile *file = NULL;
    const enum status status = outfile_open(&file, path, error);
    if (status != STATUS_OK)
        return status;
    for (int y = 0; y < ui->grid.height; y++) {
        const struct cell *row = ui->grid.cell + (size_t)y * (size_t)ui->grid.width;
        int width = ui->grid.width;
        while (width > 0 && (row[width - 1].glyph == 0 || row[width - 1].glyph == ' '))
            width--;
        for (int x = 0; x < width; x++) {
            char bytes[4];
            outfile_write(file, bytes, text_encode(row[x].glyph ? row[x].glyph : ' ', bytes));
        }
        outfile_write(file, "\n", 1);
    }
    return outfile_close(file, true, error);
}
