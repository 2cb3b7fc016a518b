#include "plot/chart.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A ghost's name that would hide more cells of curves is left out: what lives comes first. */
enum { GHOST_HIDES = 3 };
/* Lines that end within so many cells have their names below each other. */
enum { ENDS_TOGETHER = 3 };
enum { THICK_ROWS = 10 }; /* a plot this tall has lines two dots thick: Braille dots alone look thin from afar */

/* Planes of the canvas, weakest first. */
enum layer {
    LAYER_GRID = 0,
    LAYER_PALE = CANVAS_PLANE,
    LAYER_REFERENCE = 2 * CANVAS_PLANE,
    LAYER_FAINT = 3 * CANVAS_PLANE, /* ghosts, envelopes, raw values under a smoothed line */
    LAYER_LINE = 4 * CANVAS_PLANE,
};

/* What all parts of the drawing need. The canvas covers the plot and the columns for end labels. */
struct drawing {
    const struct chart *chart;
    const struct palette *palette;
    struct canvas *canvas;
    struct area frame; /* all of it */
    struct area cover; /* what the canvas covers */
    int width, height; /* cells of the plot proper */
    size_t columns;    /* dot columns of the plot proper */
};

static int at_least(int value, int least)
{
    return value > least ? value : least;
}

struct area chart_plot_area(const struct chart *chart, struct area area)
{
    const int left = at_least(chart->label_width, 0), right = at_least(chart->end_width, 0);
    return area_part(area, left, 0, area.width - left - right, area.height - (chart->x_axis ? 1 : 0));
}

size_t chart_columns(const struct chart *chart, struct area area, bool ascii)
{
    return (size_t)chart_plot_area(chart, area).width * (ascii ? 1 : 2);
}

static uint32_t role_ink(const struct drawing *d, enum role role)
{
    return d->palette->role[role];
}

static uint32_t faint_ink(const struct drawing *d, enum role role, double share)
{
    return colour_mix(role_ink(d, ROLE_GROUND), role_ink(d, role), share);
}

static uint32_t glyph_or_plain(const struct drawing *d, uint32_t glyph)
{
    return d->palette->ascii ? glyph_plain(glyph) : glyph;
}

/* Vertical place of a value in dots, the middle of its dot; values outside the scale lie outside the canvas. */
static double y_dot(const struct drawing *d, double value)
{
    const double dots = (double)d->height * d->canvas->dots_y;
    const double place = (1 - scale_position(&d->chart->y, value)) * (dots - 1) + 0.5;
    return fmin(fmax(place, -4 * dots), 5 * dots);
}

static int clamp_row(const struct drawing *d, double dot)
{
    const int row = (int)floor(dot / d->canvas->dots_y);
    return row < 0 ? 0 : row >= d->height ? d->height - 1 : row;
}

/* Cell column of a step, -1 outside the plot. Steps fall into columns as history_read's windows do. */
static int x_cell(const struct drawing *d, double step)
{
    const double place = scale_position(&d->chart->x, step) * d->width;
    if (!(place >= 0) || place > d->width)
        return -1;
    return place >= d->width ? d->width - 1 : (int)place;
}

static bool hides_curve(const struct drawing *d, int x, int y)
{
    return canvas_layer(d->canvas, x, y) >= LAYER_FAINT;
}

/* ---- texts ---- */

struct spot {
    int x, y;
    int cost; /* as many hidden cells as this spot is worse than the others to begin with */
};

/* Writes the text at the free spot that costs least, hiding cells of curves included, the first of equals, if it hides at most `most`.
 * Texts of one row stay a column apart. */
static bool place_text(struct drawing *d, const struct spot *spot, size_t spots, int most, const char *text, int width,
                       uint32_t ink, uint8_t attributes)
{
    const struct spot *best = NULL;
    int least = 0;
    for (size_t i = 0; i < spots; i++) {
        const int left = at_least(spot[i].x - 1, 0), right = spot[i].x + width + 1;
        const int end = right < d->canvas->width ? right : d->canvas->width;
        if (spot[i].x < 0 || spot[i].x + width > end || !canvas_is_free(d->canvas, left, spot[i].y, end - left))
            continue;
        int hidden = 0;
        for (int x = 0; x < width; x++)
            hidden += hides_curve(d, spot[i].x + x, spot[i].y);
        const int cost = spot[i].cost + hidden;
        if (hidden <= most && (!best || cost < least)) {
            best = &spot[i];
            least = cost;
        }
    }
    if (!best)
        return false;
    canvas_take(d->canvas, best->x, best->y, width);
    area_text(d->cover, best->x, best->y, width, text, ink, attributes);
    return true;
}

/* ---- grid and axes ---- */

static size_t y_ticks(const struct drawing *d, struct tick *tick)
{
    const int most = 1 + (d->height - 1) * 2 / 5;
    return scale_ticks(&d->chart->y, (size_t)at_least(most, 2), d->chart->y_style, tick);
}

static void draw_y_axis(struct drawing *d)
{
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = y_ticks(d, tick);
    const int room = d->chart->label_width - 1;
    int last_row = d->height + 1;
    for (size_t i = 0; i < ticks; i++) {
        const double dot = y_dot(d, tick[i].value);
        const int row = clamp_row(d, dot);
        for (size_t x = 0; x < d->columns; x += 2)
            canvas_dot(d->canvas, (int)x, (int)floor(dot), role_ink(d, ROLE_GRID), LAYER_GRID, x % 4 == 0 ? '.' : ' ');
        const int columns = text_columns(tick[i].label);
        if (columns > room || row >= last_row)
            continue;
        area_text(d->frame, room - columns, row, columns, tick[i].label, role_ink(d, ROLE_FAINT), 0);
        last_row = row;
    }
}

/* One row: a quiet line, tick labels set into it, the unit at the right end. */
static void draw_x_axis(const struct drawing *d)
{
    const int y = d->height, left = d->chart->label_width;
    for (int x = 0; x < d->width; x++)
        area_put(d->frame, left + x, y, glyph_or_plain(d, 0x2500), role_ink(d, ROLE_GRID), 0);

    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(&d->chart->x, (size_t)at_least(d->width / 10, 1), d->chart->x_style, tick);
    int used = 0; /* columns that have a label, from the left */
    for (size_t i = 0; i < ticks; i++) {
        const int columns = text_columns(tick[i].label);
        int x = x_cell(d, tick[i].value) - columns / 2;
        if (i == 0 && x < 0)
            x = 0;
        if (i + 1 == ticks && x + columns > d->width)
            x = d->width - columns;
        if (x < used || x + columns > d->width)
            continue;
        if (x > 0)
            area_put(d->frame, left + x - 1, y, 0, 0, 0);
        area_text(d->frame, left + x, y, columns, tick[i].label, role_ink(d, ROLE_FAINT), 0);
        if (x + columns < d->width)
            area_put(d->frame, left + x + columns, y, 0, 0, 0);
        used = x + columns + 2;
    }

    const int unit = d->chart->x_unit ? text_columns(d->chart->x_unit) : 0;
    const int room = d->cover.width - unit; /* where it would begin at the right end */
    if (unit == 0 || room < used)
        return;
    area_put(d->frame, left + room - 1, y, 0, 0, 0);
    area_text(d->frame, left + room, y, unit, d->chart->x_unit, role_ink(d, ROLE_FAINT), 0);
}

/* ---- curves ---- */

/* The values to draw, one a column, NaN where there is none: means, or means smoothed by an exponential moving average.  The average of
 * one that runs forwards and one that runs backwards does not lag behind the curve. */
static void line_values(const struct chart_line *line, size_t columns, bool smoothed, double *value)
{
    const double keep = smoothed ? line->smoothing : 0;
    double forwards = NAN, backwards = NAN;
    for (size_t i = 0; i < columns; i++) {
        const struct bucket *bucket = &line->column[i];
        const double mean = bucket->count > 0 ? bucket->sum / bucket->count : NAN;
        if (bucket->count > 0)
            forwards = isnan(forwards) ? mean : forwards * keep + mean * (1 - keep);
        value[i] = bucket->count > 0 ? forwards : NAN;
    }
    for (size_t i = columns; smoothed && i > 0; i--) {
        const struct bucket *bucket = &line->column[i - 1];
        if (bucket->count == 0)
            continue;
        const double mean = bucket->sum / bucket->count;
        backwards = isnan(backwards) ? mean : backwards * keep + mean * (1 - keep);
        value[i - 1] = (value[i - 1] + backwards) / 2;
    }
}

static void draw_polyline(struct drawing *d, const double *value, enum texture texture, uint32_t ink, int layer,
                          char plain, bool thick)
{
    double last_x = NAN, last_y = NAN;
    for (size_t i = 0; i < d->columns; i++) {
        if (isnan(value[i]))
            continue;
        const double x = (double)i + 0.5, y = y_dot(d, value[i]);
        canvas_line(d->canvas, isnan(last_x) ? x : last_x, isnan(last_y) ? y : last_y, x, y, ink, (uint8_t)layer, plain,
                    texture, thick);
        last_x = x;
        last_y = y;
    }
}

static void draw_line(struct drawing *d, size_t index, double *value)
{
    const struct chart_line *line = &d->chart->line[index];
    const bool ghost = line->role == ROLE_GHOST, smooth = line->smoothing > 0;
    const int order = (int)(index % CANVAS_PLANE);
    if (line->pale) {
        line_values(line, d->columns, false, value);
        draw_polyline(d, value, TEXTURE_SOLID, faint_ink(d, line->role, 0.35), LAYER_PALE + order, line->plain, false);
        return;
    }
    const uint32_t faint = faint_ink(d, line->role, 0.42), span = faint_ink(d, line->role, 0.25);
    if (line->envelope)
        for (size_t i = 0; i < d->columns; i++) {
            const struct bucket *bucket = &line->column[i];
            if (bucket->count > 1)
                canvas_column(d->canvas, (int)i, y_dot(d, bucket->max), y_dot(d, bucket->min), span,
                              (uint8_t)(LAYER_FAINT + order), ':');
        }
    if (smooth) {
        line_values(line, d->columns, false, value);
        draw_polyline(d, value, TEXTURE_SOLID, faint, LAYER_FAINT + order, '.', false);
    }
    line_values(line, d->columns, smooth, value);
    draw_polyline(d, value, line->texture, line->faint ? faint : role_ink(d, line->role),
                  (ghost ? LAYER_FAINT : LAYER_LINE) + order, line->plain,
                  !ghost && (d->palette->thick || d->height >= THICK_ROWS));
}

/* Fills what lies between values with straight lines; ends stay NaN. */
static void interpolate(double *value, size_t columns)
{
    size_t last = columns;
    for (size_t i = 0; i < columns; i++) {
        if (isnan(value[i]))
            continue;
        for (size_t j = last + 1; last < columns && j < i; j++)
            value[j] = value[last] + (value[i] - value[last]) * (double)(j - last) / (double)(i - last);
        last = i;
    }
}

static void shade_gap(struct drawing *d, double *work)
{
    const struct chart *chart = d->chart;
    if (chart->gap_train < 0 || chart->gap_test < 0 || (size_t)chart->gap_train >= chart->lines ||
        (size_t)chart->gap_test >= chart->lines)
        return;
    const struct chart_line *train = &chart->line[chart->gap_train], *test = &chart->line[chart->gap_test];
    double *low = work, *high = work + d->columns;
    line_values(train, d->columns, train->smoothing > 0, low);
    line_values(test, d->columns, test->smoothing > 0, high);
    interpolate(low, d->columns);
    interpolate(high, d->columns);
    const int dots_x = d->canvas->dots_x, dots_y = d->canvas->dots_y;
    for (int x = 0; x < d->width; x++) {
        const size_t column = (size_t)x * (size_t)dots_x;
        if (isnan(low[column]) || isnan(high[column]) || !(high[column] > low[column]))
            continue;
        const double top = y_dot(d, high[column]), bottom = y_dot(d, low[column]);
        for (int y = 0; y < d->height; y++) {
            const double middle = (y + 0.5) * dots_y;
            if (middle > top && middle < bottom)
                area_ground(d->cover, x, y, 1, role_ink(d, ROLE_GAP));
        }
    }
}

static void draw_reference(struct drawing *d)
{
    const double dot = y_dot(d, d->chart->reference);
    if (!isfinite(d->chart->reference) || dot < 0 || dot >= d->height * d->canvas->dots_y)
        return;
    canvas_line(d->canvas, 0.5, dot, (double)d->columns - 0.5, dot, role_ink(d, ROLE_FAINT), LAYER_REFERENCE, '-',
                TEXTURE_DOTTED, false);
}

static void label_reference(struct drawing *d)
{
    const double dot = y_dot(d, d->chart->reference);
    if (!d->chart->reference_label || !isfinite(d->chart->reference) || dot < 0 || dot >= d->height * d->canvas->dots_y)
        return;
    const int row = clamp_row(d, dot), width = text_columns(d->chart->reference_label);
    const int right = d->width - width, middle = right / 2;
    const struct spot spot[] = {
        {right, row, 0}, {right, row - 1, 0}, {right, row + 1, 0}, {middle, row, 0}, {middle, row - 1, 0}};
    place_text(d, spot, sizeof spot / sizeof *spot, INT_MAX, d->chart->reference_label, width, role_ink(d, ROLE_FAINT),
               0);
}

/* ---- marks ---- */

static void draw_vertical(struct drawing *d, int x, uint32_t glyph, uint32_t ink)
{
    for (int y = 0; y < d->height; y++)
        if (!hides_curve(d, x, y) && canvas_is_free(d->canvas, x, y, 1))
            area_put(d->cover, x, y, d->palette->ascii ? '|' : glyph, ink, 0);
}

static int band_column(const struct drawing *d, double step)
{
    const double place = scale_position(&d->chart->x, step) * d->width;
    return place > 0 ? place < d->width ? (int)place : d->width : 0;
}

static void shade_bands(struct drawing *d)
{
    const uint32_t ground = faint_ink(d, ROLE_BAR, 0.6);
    for (size_t i = 0; i < d->chart->bands; i++) {
        const struct chart_band *band = &d->chart->band[i];
        const int left = band_column(d, band->from), right = band_column(d, band->to);
        for (int y = 0; y < d->height && band->shaded; y++)
            area_ground(d->cover, left, y, right - left, ground);
    }
}

static void draw_band_lines(struct drawing *d)
{
    for (size_t i = 0; i < d->chart->bands; i++) {
        const int x = x_cell(d, d->chart->band[i].from);
        if (x > 0)
            draw_vertical(d, x, 0x2502, role_ink(d, ROLE_FAINT));
    }
}

static void label_bands(struct drawing *d)
{
    for (size_t i = 0; i < d->chart->bands; i++) {
        const struct chart_band *band = &d->chart->band[i];
        const int left = band_column(d, band->from), x = left > 0 ? left + 1 : 0;
        const struct spot spot[] = {{x, 0, 0}, {x, 1, 0}, {x, 2, 0}};
        const int width = band->label ? text_columns(band->label) : 0;
        if (width > 0 && left < d->width && x + width <= band_column(d, band->to))
            place_text(d, spot, d->height >= 8 ? 3 : 1, INT_MAX, band->label, width, role_ink(d, ROLE_TEXT), 0);
    }
}

static void draw_marker_lines(struct drawing *d)
{
    for (size_t i = 0; i < d->chart->markers; i++) {
        const struct chart_marker *marker = &d->chart->marker[i];
        const int x = x_cell(d, marker->x);
        if (x >= 0)
            draw_vertical(d, x, marker->strong ? 0x2502 : 0x254e, faint_ink(d, marker->role, 0.7));
    }
}

#define LABEL_ROWS 10

/* Labels stand beside their lines in the top rows, right of it if there is room; where many meet, further down. */
static void label_marker(struct drawing *d, const struct chart_marker *marker)
{
    const int x = x_cell(d, marker->x);
    if (x < 0 || !marker->label || !marker->label[0])
        return;
    const int width = text_columns(marker->label), shortest = width < 6 ? width : at_least(width * 2 / 3, 6);
    const int rows = d->height >= 12 ? 3 : d->height >= 8 ? 2 : d->height >= 4 ? 1 : 0;
    const uint32_t ink = role_ink(d, marker->role);
    for (int columns = width; columns >= shortest; columns--) {
        struct spot spot[2 * LABEL_ROWS];
        size_t spots = 0;
        for (int row = 0; row < rows; row++)
            spot[spots++] = (struct spot){x + 1, row, 0};
        for (int row = 0; row < rows; row++)
            spot[spots++] = (struct spot){x - columns, row, 0};
        for (int row = rows; rows > 0 && row < d->height - 1 && row < LABEL_ROWS; row++)
            spot[spots++] = (struct spot){x + 1, row, 0};
        if (place_text(d, spot, spots, INT_MAX, marker->label, columns, ink, 0))
            return;
    }
}

static void draw_nonfinite(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++)
        for (size_t i = 0; i < d->columns; i++) {
            const int x = (int)i / d->canvas->dots_x;
            if (d->chart->line[l].column[i].nonfinite == 0 || !canvas_take(d->canvas, x, 0, 1))
                continue;
            area_put(d->cover, x, 0, glyph_or_plain(d, 0x2715), role_ink(d, ROLE_WARN), CELL_BOLD);
        }
}

/* One mark where a line goes out of the scale, until it comes back. */
static void draw_outside(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        int last = 0;
        for (size_t i = 0; i < d->columns && !line->pale && line->role != ROLE_GHOST; i++) {
            if (line->column[i].count == 0)
                continue;
            const double position = scale_position(&d->chart->y, line->column[i].sum / line->column[i].count);
            const int side = position > 1 + 1e-9 ? 1 : position < -1e-9 ? -1 : 0;
            const int x = (int)i / d->canvas->dots_x, y = side > 0 ? 0 : d->height - 1;
            if (side != 0 && side != last && canvas_take(d->canvas, x, y, 1))
                area_put(d->cover, x, y, glyph_or_plain(d, side > 0 ? 0x25b2 : 0x25bc), role_ink(d, line->role),
                         CELL_BOLD);
            last = side;
        }
    }
}

/* Where the scale bends the spacing of the grid changes: said at the left edge. */
static void label_bend(struct drawing *d)
{
    const double bend = d->chart->y.bend;
    if (!(bend > 0))
        return;
    const char *text = d->palette->ascii ? "^ logarithmic" : "↑ logarithmic";
    const int row = clamp_row(d, y_dot(d, bend)), width = text_columns(text);
    const struct spot spot[] = {{0, row - 1, 0}, {0, row, 1}, {d->width / 4, row - 1, 0}, {d->width / 2, row - 1, 0}};
    place_text(d, spot, sizeof spot / sizeof *spot, INT_MAX, text, width, role_ink(d, ROLE_FAINT), 0);
}

static void draw_best(struct drawing *d)
{
    const int x = x_cell(d, d->chart->best_x), y = clamp_row(d, y_dot(d, d->chart->best_y));
    if (x >= 0 && isfinite(d->chart->best_y) && canvas_take(d->canvas, x, y, 1))
        area_put(d->cover, x, y, glyph_or_plain(d, 0x25c6), role_ink(d, ROLE_BEST), CELL_BOLD);
}

static void label_best(struct drawing *d)
{
    const int x = x_cell(d, d->chart->best_x), y = clamp_row(d, y_dot(d, d->chart->best_y));
    if (x < 0 || !isfinite(d->chart->best_y) || !d->chart->best_label)
        return;
    const int width = text_columns(d->chart->best_label), left = x - width / 2;
    const struct spot spot[] = {
        {left, y + 1, 0}, {left, y - 1, 0}, {x + 2, y, 0},         {x + 2, y + 1, 0},         {x + 2, y - 1, 0},
        {left, y + 2, 0}, {left, y - 2, 0}, {x - width - 1, y, 0}, {x - width - 1, y + 1, 0},
    };
    place_text(d, spot, sizeof spot / sizeof *spot, INT_MAX, d->chart->best_label, width, role_ink(d, ROLE_BEST), 0);
}

/* The newest column with a value, or `columns`. */
static size_t newest(const struct chart_line *line, size_t columns)
{
    for (size_t i = columns; i > 0; i--)
        if (line->column[i - 1].count > 0)
            return i - 1;
    return columns;
}

/* Lines that end beside each other: the higher one's label goes up, the lower one's down. */
static bool ends_above_its_neighbour(const struct drawing *d, size_t line)
{
    const struct chart_line *lines = d->chart->line;
    const struct bucket *own = &lines[line].column[newest(&lines[line], d->columns)];
    const double mean = own->sum / own->count;
    double nearest = INFINITY;
    bool above = true;
    for (size_t other = 0; other < d->chart->lines; other++) {
        const size_t there = newest(&lines[other], d->columns);
        if (other == line || !lines[other].end_label || there == d->columns)
            continue;
        const double away = mean - lines[other].column[there].sum / lines[other].column[there].count;
        if (fabs(away) < nearest) {
            nearest = fabs(away);
            above = away >= 0;
        }
    }
    return above;
}

/* The cell behind the end of a line; -1: it has none, or no name. */
static int end_cell(const struct drawing *d, const struct chart_line *line)
{
    const size_t column = newest(line, d->columns);
    return line->end_label && column < d->columns ? (int)column / d->canvas->dots_x + 1 : -1;
}

/* Where the name of a line begins: with those that end beside it, left enough for the longest. */
static int label_column(const struct drawing *d, const struct chart_line *line)
{
    const int own = end_cell(d, line);
    int end = own, width = text_columns(line->end_label);
    for (size_t i = 0; i < d->chart->lines && line->role != ROLE_GHOST; i++) {
        const struct chart_line *other = &d->chart->line[i];
        const int there = end_cell(d, other);
        if (there < 0 || other->role == ROLE_GHOST || abs(there - own) > ENDS_TOGETHER)
            continue;
        end = at_least(end, there);
        width = at_least(width, text_columns(other->end_label));
    }
    const int room = d->canvas->width - width;
    return end + 1 <= room ? end + 1 : end <= room ? end : room;
}

static void label_ends(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        const size_t column = newest(line, d->columns);
        if (!line->end_label || column == d->columns)
            continue;
        const struct bucket *bucket = &line->column[column];
        const int row = clamp_row(d, y_dot(d, bucket->sum / bucket->count));
        const int width = text_columns(line->end_label), x = label_column(d, line);
        const int away = ends_above_its_neighbour(d, l) ? -1 : 1;
        const struct spot spot[] = {
            {x, row, 0}, {x, row + away, 4}, {x, row - away, 4}, {x, row + 2 * away, 8}, {x, row - 2 * away, 8}};
        const bool ghost = line->role == ROLE_GHOST;
        place_text(d, spot, sizeof spot / sizeof *spot, ghost ? GHOST_HIDES : INT_MAX, line->end_label, width,
                   role_ink(d, ghost ? ROLE_FAINT : line->role), ghost ? 0 : CELL_BOLD);
    }
}

static void draw_cursor(struct drawing *d)
{
    const int x = x_cell(d, d->chart->cursor);
    if (x < 0)
        return;
    draw_vertical(d, x, 0x2502, role_ink(d, ROLE_TEXT));
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        const double dot = isfinite(line->at_cursor) ? y_dot(d, line->at_cursor) : -1;
        if (dot >= 0 && dot < d->height * d->canvas->dots_y)
            area_put(d->cover, x, clamp_row(d, dot), glyph_or_plain(d, 0x25cf), role_ink(d, line->role), CELL_BOLD);
    }
}

bool chart_draw(const struct chart *chart, struct area area, const struct palette *palette, struct canvas *canvas)
{
    const struct area plot = chart_plot_area(chart, area);
    if (plot.width <= 0 || plot.height <= 0)
        return true;
    const struct area cover =
        area_part(area, at_least(chart->label_width, 0), 0, plot.width + at_least(chart->end_width, 0), plot.height);
    const size_t columns = chart_columns(chart, area, palette->ascii);
    double *work =
        canvas_resize(canvas, cover.width, cover.height, palette->ascii) ? canvas_work(canvas, 2 * columns) : NULL;
    if (!work)
        return false;
    struct drawing drawing = {.chart = chart,
                              .palette = palette,
                              .canvas = canvas,
                              .frame = area,
                              .cover = cover,
                              .width = plot.width,
                              .height = plot.height,
                              .columns = columns};
    struct drawing *d = &drawing;

    shade_bands(d);
    draw_y_axis(d);
    draw_reference(d);
    for (size_t i = 0; i < chart->lines; i++)
        draw_line(d, i, work);
    shade_gap(d, work);
    canvas_blit(canvas, cover);

    draw_band_lines(d);
    draw_marker_lines(d);
    draw_nonfinite(d);
    draw_outside(d);
    draw_best(d);
    label_ends(d);
    label_bands(d);
    for (size_t i = chart->markers; i > 0; i--)
        label_marker(d, &chart->marker[i - 1]);
    label_best(d);
    label_reference(d);
    label_bend(d);
    draw_cursor(d);
    if (chart->x_axis)
        draw_x_axis(d);
    return true;
}
