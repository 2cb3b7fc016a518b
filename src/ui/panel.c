/* Chooses the knobs that the panel has rows for, and draws them. */
/* Draws the panel of knobs. */
#include "ui/panel.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "ui/curves.h"
#include "ui/draw.h"

#define WIDEST 40 /* columns: further away, a value is not read as its name's */

enum { RANK_NONE, RANK_KEYLESS, RANK_PLAIN, RANK_MAIN, RANK_TOUCHED, RANK_SELECTED };

/* What a lesson turns most often is kept longest where rows are few. */
static const enum knob_id main_knobs[] = {KNOB_LR,      KNOB_BATCH,     KNOB_TRAIN_FRACTION, KNOB_SPEED,
                                          KNOB_DROPOUT, KNOB_OPTIMIZER, KNOB_EARLY_STOP,     KNOB_WEIGHT_DECAY};

bool panel_has(const struct view_data *data, enum knob_id id)
{
    return !refusal_find(data->model->objective->refuses, knob_table[id].name);
}

int panel_most(const struct view_data *data)
{
    int count = 0;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        count += panel_has(data, (enum knob_id)i);
    return count;
}

static int rank(const struct view_data *data, enum knob_id id)
{
    if (!panel_has(data, id))
        return RANK_NONE;
    if (id == data->settings->knob)
        return RANK_SELECTED;
    if (data->story->touched[id])
        return RANK_TOUCHED;
    for (size_t i = 0; i < sizeof main_knobs / sizeof main_knobs[0]; i++)
        if (main_knobs[i] == id)
            return RANK_MAIN;
    return knob_table[id].key_down || knob_table[id].key_up ? RANK_PLAIN : RANK_KEYLESS;
}

int panel_touched(const struct view_data *data)
{
    int count = 0;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        count += data->story->touched[i];
    return count;
}

int panel_rows(const struct view_data *data, int rows, enum knob_id out[KNOB_COUNT])
{
    bool taken[KNOB_COUNT] = {false};
    int count = 0;
    for (int wanted = RANK_SELECTED; wanted > RANK_NONE; wanted--)
        for (int i = 0; i < KNOB_COUNT && count < rows; i++)
            if (!taken[i] && rank(data, (enum knob_id)i) == wanted) {
                taken[i] = true;
                count++;
            }
    int written = 0;
    for (int i = 0; i < KNOB_COUNT; i++)
        if (taken[i])
            out[written++] = (enum knob_id)i;
    return count;
}

/* The value, and what it amounts to at the moment. */
static void format_value(const struct view_data *data, enum knob_id id, int room, char *out, size_t size)
{
    const double value = view_knobs(data)->value[id];
    char text[24], now[24];
    knob_format(id, value, text, sizeof text);
    snprintf(out, size, "%s", text);
    if (id == KNOB_LR && curves_rate_moves(data) && !view_looks_back(data)) {
        const struct bucket *rate = history_last(data->history, view_branch(data), SERIES_LR);
        if (rate && rate->count > 0 && fabs((double)rate->last - value) > 1e-4 * fabs(value)) {
            number_steady(now, sizeof now, (double)rate->last);
            snprintf(out, size, "%s · now %s", text, now);
            if (text_columns(out) > room)
                snprintf(out, size, "now %s", now);
        }
    } else if (id == KNOB_SPEED && value > 0) {
        snprintf(out, size, "%s/s", text);
    } else if (id == KNOB_TRAIN_FRACTION && room >= 14) {
        const double rows = round(value * (double)data->dataset->train);
        snprintf(out, size, "%s · %s", number_count(now, sizeof now, (uint64_t)rows), text);
    }
    if (text_columns(out) > room)
        snprintf(out, size, "%s", text);
}

static void draw_row(const struct view_data *data, struct area screen, struct box row, enum knob_id id)
{
    const struct field *knob = &knob_table[id];
    const bool touched = data->story->touched[id];
    const bool selected = id == data->settings->knob;
    if (selected)
        area_ground(screen, row.x, row.y, row.width, data->palette->role[ROLE_SELECTED]);
    struct pen pen = pen_at(screen, row, data->palette);
    const bool narrow = row.width < 21;
    if (!narrow || data->palette->mono)
        pen_write(&pen, ROLE_TEXT, 0, data->palette->mono && selected ? ">" : " ");
    const char keys[4] = {knob->key_down ? knob->key_down : ' ', ' ', knob->key_up ? knob->key_up : ' ', 0};
    pen_write(&pen, ROLE_KEY, CELL_BOLD, keys);
    pen_skip(&pen, row.width >= 30 ? 2 : 1);
    pen.end -= row.width >= 30;
    char value[64];
    /* The name gives way to what a schedule makes of the rate. */
    const char *least = id == KNOB_LR ? knob->marker : knob->label;
    format_value(data, id, pen.end - pen.x - text_columns(least) - 1, value, sizeof value);
    const enum role role = touched ? ROLE_MARKER : ROLE_STRONG;
    pen_right(&pen, touched || selected ? role : ROLE_TEXT, touched || selected ? CELL_BOLD : 0, value);
    const bool fits = pen.x + text_columns(knob->label) <= pen.end;
    pen_write(&pen, touched || selected ? ROLE_STRONG : ROLE_FAINT, 0, fits ? knob->label : knob->marker);
}

void panel_draw(const struct view_data *data, struct area screen, struct box heading, struct box rows)
{
    enum knob_id shown[KNOB_COUNT];
    rows.width = rows.width < WIDEST ? rows.width : WIDEST;
    heading.width = heading.width < WIDEST ? heading.width : WIDEST;
    if (box_present(heading)) {
        struct pen pen = pen_at(screen, heading, data->palette);
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, "knobs");
        if (heading.width >= 34)
            pen_right(&pen, ROLE_FAINT, 0, "small letter down, capital up");
        else if (heading.width >= 20)
            pen_right(&pen, ROLE_FAINT, 0, "l down, L up");
    }
    const int count = panel_rows(data, rows.height, shown);
    for (int i = 0; i < count; i++)
        draw_row(data, screen, (struct box){rows.x, rows.y + i, rows.width, 1}, shown[i]);
}
