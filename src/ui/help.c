/* The help screen: the key table under its headings, in as many columns as there is room for; below it, over the whole
 * width, how the data file was read, and what was left out or changed. */
#include <stdio.h>
#include <string.h>

#include "ui/commands.h"
#include "ui/draw.h"
#include "ui/ui_state.h"

#define MARGIN 2 /* before the keys, and after the words */

#define LINES_MAX 240

enum line_kind { LINE_BLANK, LINE_HEADING, LINE_KEY };

struct help_line {
    enum line_kind kind;
    char keys[40];
    char text[96];
};

static size_t add(struct help_line *line, size_t count, size_t most, enum line_kind kind, const char *keys,
                  const char *text)
{
    if (count >= most)
        return count;
    line[count].kind = kind;
    snprintf(line[count].keys, sizeof line[count].keys, "%s", keys);
    snprintf(line[count].text, sizeof line[count].text, "%s", text);
    return count + 1;
}

static size_t add_keys(const struct keymap *keymap, struct help_line *line, size_t count, enum key_mode mode,
                       enum key_group group)
{
    char heading[64];
    if (mode == KEYS_GENERAL)
        snprintf(heading, sizeof heading, "%s", key_group_heading(group));
    else
        snprintf(heading, sizeof heading, "%s: %s", key_mode_name(mode),
                 mode == KEYS_WALKING    ? "while it takes long"
                 : mode == KEYS_DIVERGED ? "after the loss is no longer a number"
                                         : "while it is open");
    if (count > 0)
        count = add(line, count, LINES_MAX, LINE_BLANK, "", "");
    count = add(line, count, LINES_MAX, LINE_HEADING, "", heading);
    const struct key_line *keys;
    for (size_t i = 0; (keys = keymap_line(keymap, i)) != NULL; i++)
        if (keys->mode == mode && (mode != KEYS_GENERAL || keys->group == group))
            count = add(line, count, LINES_MAX, LINE_KEY, keys->keys, keys->about);
    return count;
}

static size_t make_lines(const struct view_data *data, struct help_line *line)
{
    static const enum key_mode modes[] = {KEYS_CROSSHAIR, KEYS_SCRUBBER, KEYS_BRANCHES, KEYS_COMPARE,  KEYS_ATTENTION,
                                          KEYS_PASSAGE,   KEYS_PROMPT,   KEYS_WALKING,  KEYS_DIVERGED, KEYS_LINE};
    size_t count = 0;
    for (int group = 0; group < GROUP_MODE; group++)
        count = add_keys(data->keymap, line, count, KEYS_GENERAL, (enum key_group)group);
    count = add(line, count, LINES_MAX, LINE_BLANK, "", "");
    count = add(line, count, LINES_MAX, LINE_HEADING, "", "commands, after :");
    const struct command *row;
    for (size_t i = 0; data->commands && (row = commands_at(data->commands, i)) != NULL; i++) {
        char usage[40];
        command_usage(row, usage, sizeof usage);
        if (!(row->flags & COMMAND_UNLISTED))
            count = add(line, count, LINES_MAX, LINE_KEY, usage, row->about);
    }
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        count = add_keys(data->keymap, line, count, modes[i], GROUP_MODE);
    return count;
}

/* Of the keys, so that all words begin at one column. */
static int keys_width(const struct help_line *line, int count)
{
    int widest = 0;
    for (int i = 0; i < count; i++)
        widest = line[i].kind == LINE_KEY && text_columns(line[i].keys) > widest ? text_columns(line[i].keys) : widest;
    return widest;
}

/* As many as have room for the longest words whole. */
static int columns_for(const struct help_line *line, int count, int width)
{
    const int keys = keys_width(line, count);
    int widest = 1;
    for (int i = 0; i < count; i++) {
        const int words = (line[i].kind == LINE_KEY ? MARGIN + keys + 1 : 0) + text_columns(line[i].text) + MARGIN;
        widest = words > widest ? words : widest;
    }
    return width / widest > 1 ? width / widest : 1;
}

static int key_rows(const struct view_data *data, int width)
{
    struct help_line line[LINES_MAX];
    const int count = (int)make_lines(data, line), columns = columns_for(line, count, width);
    return (count + columns - 1) / columns;
}

/* ---- notes ---- */

#define ROW_BYTES 1024

/* Cuts a row of at most `columns` columns off the lines at *at, between words where it can.  False: there is none. */
static bool next_row(const char **at, int columns, char row[ROW_BYTES])
{
    size_t used = 0;
    row[0] = '\0';
    while (**at == ' ')
        ++*at;
    if (!**at)
        return false;
    while (**at && **at != '\n') {
        const size_t blanks = strspn(*at, " "), length = blanks + strcspn(*at + blanks, " \n");
        if (used + length >= ROW_BYTES)
            break;
        memcpy(row + used, *at, length);
        row[used + length] = '\0';
        if (used > 0 && text_columns(row) > columns)
            break;
        used += length;
        *at += length;
    }
    row[used] = '\0';
    *at += **at == '\n' || (used == 0 && **at);
    return true;
}

/* Below the keys: a blank row, a heading, the notes. */
static int note_rows(const char *notes, int width)
{
    char row[ROW_BYTES];
    int rows = notes && *notes ? 2 : 0;
    while (notes && next_row(&notes, width - 2 * MARGIN, row))
        rows++;
    return rows;
}

static void draw_notes(const struct view_data *data, struct area area, int y)
{
    const char *notes = data->dataset->notes;
    char row[ROW_BYTES];
    if (!notes || !*notes)
        return;
    if (++y >= 0 && y < area.height) {
        struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "data: how the file was read, and what was left out or changed");
    }
    while (next_row(&notes, area.width - 2 * MARGIN, row))
        if (++y >= 0 && y < area.height) {
            struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
            pen_skip(&pen, MARGIN);
            pen_write(&pen, ROLE_TEXT, 0, row);
        }
}

int help_lines(const struct view_data *data, int width)
{
    return key_rows(data, width) + note_rows(data->dataset->notes, width);
}

static void draw_line(const struct view_data *data, struct area area, struct box box, int keys,
                      const struct help_line *line)
{
    struct pen pen = pen_at(area, box, data->palette);
    if (line->kind == LINE_HEADING) {
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, line->text);
        return;
    }
    pen_skip(&pen, MARGIN);
    pen_write(&pen, ROLE_KEY, CELL_BOLD, line->keys);
    pen.x = MARGIN + keys + 1;
    pen_write(&pen, ROLE_TEXT, 0, line->text);
}

int help_draw(const struct view_data *data, struct area area, int top)
{
    struct help_line line[LINES_MAX];
    const int count = (int)make_lines(data, line);
    const int columns = columns_for(line, count, area.width), keys = keys_width(line, count);
    const int rows = (count + columns - 1) / columns, width = area.width / columns;
    for (int column = 0; column < columns; column++)
        for (int y = 0; y < area.height; y++) {
            const int row = y + top;
            if (row < rows && row + column * rows < count)
                draw_line(data, area, (struct box){column * width, y, width - 1, 1}, keys, &line[row + column * rows]);
        }
    draw_notes(data, area, rows - top);
    return rows + note_rows(data->dataset->notes, area.width);
}
