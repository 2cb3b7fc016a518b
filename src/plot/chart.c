/* Draws curves over steps on axes into a grid of cells. */
#include "plot/chart.h"

#include <math.h>

#include "plot/chart_parts.h"

enum { THICK_ROWS = 10 };  /* a plot this tall has lines two dots thick: Braille dots alone look thin from afar */
enum { CENTRED_ROWS = 4 }; /* a plot this tall begins and ends at the middle of its outer cells, where labels stand */
enum { GAP_RUN = 3 };      /* cells beside each other that are shaded: fewer are noise */

enum { SPIKES_APART = 3 }; /* cells between the marks of two spikes: more of them say no more */
#define SMOOTHED_OVER 3    /* time constants: what is further away has a weight below 0.05 */

struct area chart_plot_area(const struct chart *chart, struct area area)
{
    const int left = at_least(chart->label_width, 0), right = at_least(chart->end_width, 0);
    return area_part(area, left, 0, area.width - left - right, area.height - (chart->x_axis ? 1 : 0));
}

size_t chart_columns(const struct chart *chart, struct area area, bool ascii)
{
    return (size_t)chart_plot_area(chart, area).width * (ascii ? 1 : 2);
}

uint32_t drawing_ink(const struct drawing *d, enum role role)
{
    return d->palette->role[role];
}

uint32_t drawing_faint_ink(const struct drawing *d, enum role role, double share)
{
    return colour_mix(drawing_ink(d, ROLE_GROUND), drawing_ink(d, role), share);
}

uint32_t drawing_glyph(const struct drawing *d, uint32_t glyph)
{
    return d->palette->ascii ? glyph_plain(glyph) : glyph;
}

double drawing_y(const struct drawing *d, double value)
{
    const double dots = (double)d->height * d->canvas->dots_y;
    const bool centred = d->height >= CENTRED_ROWS && !d->canvas->ascii;
    const int above = centred ? 2 : 0, below = centred ? 1 : 0;
    const double place = (1 - scale_position(&d->chart->y, value)) * (dots - 1 - above - below) + above + 0.5;
    return fmin(fmax(place, -4 * dots), 5 * dots);
}

int drawing_row(const struct drawing *d, double dot)
{
    const int row = (int)floor(dot / d->canvas->dots_y);
    return row < 0 ? 0 : row >= d->height ? d->height - 1 : row;
}

int drawing_x(const struct drawing *d, double step)
{
    const double place = scale_position(&d->chart->x, step) * d->width;
    if (!(place >= 0) || place > d->width)
        return -1;
    return place >= d->width ? d->width - 1 : (int)place;
}

/* ---- grid and axes ---- */

static size_t y_ticks(const struct drawing *d, struct tick *tick)
{
    const int most = 1 + (d->height - 1) * 2 / 5;
    return scale_ticks(&d->chart->y, (size_t)at_least(most, 2), d->chart->y_style, tick);
}

/* Two dotted lines on neighbouring rows would be one smeared one. */
static bool beside_reference(const struct drawing *d, double dot)
{
    return isfinite(d->chart->reference) && fabs(drawing_y(d, d->chart->reference) - dot) <= 1.5 * d->canvas->dots_y;
}

static void draw_y_axis(struct drawing *d)
{
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = y_ticks(d, tick);
    const int room = d->chart->label_width - 1;
    int last_row = d->height + 1;
    for (size_t i = 0; i < ticks; i++) {
        const double dot = drawing_y(d, tick[i].value);
        const int row = drawing_row(d, dot);
        for (size_t x = 0; x < d->columns && !beside_reference(d, dot); x += 2)
            canvas_dot(d->canvas, (int)x, (int)floor(dot), drawing_ink(d, ROLE_GRID), LAYER_GRID,
                       x % 4 == 0 ? '.' : ' ');
        const int columns = text_columns(tick[i].label);
        if (columns > room || row >= last_row)
            continue;
        area_text(d->frame, room - columns, row, columns, tick[i].label, drawing_ink(d, ROLE_FAINT), 0);
        last_row = row;
    }
}

/* One row: a quiet line, tick labels set into it, the unit at the right end. */
static void draw_x_axis(const struct drawing *d)
{
    const int y = d->height, left = d->chart->label_width;
    for (int x = 0; x < d->width; x++)
        area_put(d->frame, left + x, y, drawing_glyph(d, 0x2500), drawing_ink(d, ROLE_GRID), 0);

    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(&d->chart->x, (size_t)at_least(d->width / 10, 1), d->chart->x_style, tick);
    int used = 0; /* columns that have a label, from the left */
    for (size_t i = 0; i < ticks; i++) {
        const int columns = text_columns(tick[i].label);
        int x = drawing_x(d, tick[i].value) - columns / 2;
        if (i == 0 && x < 0)
            x = 0;
        if (i + 1 == ticks && x + columns > d->width)
            x = d->width - columns;
        if (x < used || x + columns > d->width)
            continue;
        if (x > 0)
            area_put(d->frame, left + x - 1, y, 0, 0, 0);
        area_text(d->frame, left + x, y, columns, tick[i].label, drawing_ink(d, ROLE_FAINT), 0);
        if (x + columns < d->width)
            area_put(d->frame, left + x + columns, y, 0, 0, 0);
        used = x + columns + 2;
    }

    const int unit = d->chart->x_unit ? text_columns(d->chart->x_unit) : 0;
    const int room = d->cover.width - unit; /* where it would begin at the right end */
    if (unit == 0 || room < used)
        return;
    area_put(d->frame, left + room - 1, y, 0, 0, 0);
    area_text(d->frame, left + room, y, unit, d->chart->x_unit, drawing_ink(d, ROLE_FAINT), 0);
}

/* ---- curves ---- */

/* Each value becomes a mean of those around it, as far to the left as to the right, so that a curve neither lags nor
 * leaves its ends; the weights fall exponentially. */
static void smooth_values(const double *mean, size_t columns, double constant, double *value)
{
    size_t first = 0, end = columns;
    while (first < columns && isnan(mean[first]))
        first++;
    while (end > first && isnan(mean[end - 1]))
        end--;
    const size_t reach = (size_t)ceil(SMOOTHED_OVER * constant);
    const double keep = exp(-1 / constant);
    for (size_t i = first; i < end; i++) {
        const size_t edge = i - first < end - 1 - i ? i - first : end - 1 - i;
        double sum = mean[i], weights = 1, weight = 1;
        if (isnan(mean[i]))
            continue;
        for (size_t away = 1; away <= edge && away <= reach; away++) {
            weight *= keep;
            const double left = mean[i - away], right = mean[i + away];
            if (isnan(left) || isnan(right))
                continue;
            sum += weight * (left + right);
            weights += 2 * weight;
        }
        value[i] = sum / weights;
    }
}

/* The values to draw, one a column, NaN where there is none: means, or smoothed means; the newest as it is, for its
 * label says so. */
static void line_values(const struct drawing *d, const struct chart_line *line, bool smoothed, double *value)
{
    double *mean = smoothed ? d->means : value;
    size_t newest = SIZE_MAX;
    for (size_t i = 0; i < d->columns; i++) {
        const struct bucket *bucket = &line->column[i];
        mean[i] = value[i] = bucket->count > 0 ? bucket->sum / bucket->count : NAN;
        newest = bucket->count > 0 ? i : newest;
    }
    if (newest < d->columns)
        mean[newest] = value[newest] = (double)line->column[newest].last;
    if (smoothed)
        smooth_values(mean, d->columns, line->smoothing, value);
}

static void draw_polyline(struct drawing *d, const double *value, double top, enum texture texture, uint32_t ink,
                          int layer, char plain, bool thick)
{
    double last_x = NAN, last_y = NAN;
    for (size_t i = 0; i < d->columns; i++) {
        if (isnan(value[i]))
            continue;
        const double share = top > 0 ? value[i] / top : 0;
        const double x = (double)i + 0.5;
        const double y = drawing_y(d, top > 0 ? scale_value(&d->chart->y, share) : value[i]);
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
        line_values(d, line, false, value);
        draw_polyline(d, value, line->top, TEXTURE_SOLID, drawing_faint_ink(d, line->role, 0.35), LAYER_PALE + order,
                      line->plain, false);
        return;
    }
    const uint32_t faint = drawing_faint_ink(d, line->role, 0.42), span = drawing_faint_ink(d, line->role, 0.25);
    if (line->envelope)
        for (size_t i = 0; i < d->columns; i++) {
            const struct bucket *bucket = &line->column[i];
            if (bucket->count > 1)
                canvas_column(d->canvas, (int)i, drawing_y(d, bucket->max), drawing_y(d, bucket->min), span,
                              (uint8_t)(LAYER_FAINT + order), ':');
        }
    if (smooth) {
        line_values(d, line, false, value);
        draw_polyline(d, value, line->top, TEXTURE_SOLID, faint, LAYER_FAINT + order, '.', false);
    }
    line_values(d, line, smooth, value);
    draw_polyline(d, value, line->top, line->texture, line->faint ? faint : drawing_ink(d, line->role),
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

bool drawing_in_gap(const struct drawing *d, int x, int y)
{
    const double *low = d->gap_low, *high = d->gap_high;
    const size_t column = (size_t)x * (size_t)d->canvas->dots_x;
    if (isnan(low[column]) || isnan(high[column]) || !(high[column] > low[column]))
        return false;
    const double top = drawing_y(d, high[column]), bottom = drawing_y(d, low[column]);
    const double middle = (y + 0.5) * d->canvas->dots_y;
    return bottom - top >= 1 && middle > top && middle < bottom;
}

/* Without colour the ground of the gap is sparse dots. */
static void shade_run(struct drawing *d, int x, int y, int width)
{
    area_ground(d->cover, x, y, width, drawing_ink(d, ROLE_GAP));
    for (int i = x; i < x + width && d->palette->mono; i++)
        if ((i + y) % 2 == 0)
            area_put(d->cover, i, y, drawing_glyph(d, 0xb7), drawing_ink(d, ROLE_FAINT), 0);
}

static void shade_gap(struct drawing *d, double *work)
{
    const struct chart *chart = d->chart;
    if (chart->gap_train < 0 || chart->gap_test < 0 || (size_t)chart->gap_train >= chart->lines ||
        (size_t)chart->gap_test >= chart->lines)
        return;
    const struct chart_line *train = &chart->line[chart->gap_train], *test = &chart->line[chart->gap_test];
    double *low = work, *high = work + d->columns;
    line_values(d, train, train->smoothing > 0, low);
    line_values(d, test, test->smoothing > 0, high);
    interpolate(low, d->columns);
    interpolate(high, d->columns);
    d->gap_low = low;
    d->gap_high = high;
    for (int y = 0; y < d->height; y++) {
        int run = 0;
        for (int x = 0; x <= d->width; x++) {
            const bool inside = x < d->width && drawing_in_gap(d, x, y);
            if (!inside && run >= GAP_RUN)
                shade_run(d, x - run, y, run);
            run = inside ? run + 1 : 0;
        }
    }
}

/* Where the scale bends: what looks like twice as much is then many times as much. */
static void draw_bend(struct drawing *d)
{
    const double dot = drawing_y(d, d->chart->y.bend);
    if (d->chart->y.bend > 0)
        canvas_line(d->canvas, 0.5, dot, (double)d->columns - 0.5, dot, drawing_faint_ink(d, ROLE_FAINT, 0.6),
                    LAYER_REFERENCE, '=', TEXTURE_SOLID, false);
}

static void draw_reference(struct drawing *d)
{
    const double dot = drawing_y(d, d->chart->reference);
    if (!isfinite(d->chart->reference) || dot < 0 || dot >= d->height * d->canvas->dots_y)
        return;
    canvas_line(d->canvas, 0.5, dot, (double)d->columns - 0.5, dot, drawing_ink(d, ROLE_FAINT), LAYER_REFERENCE, '-',
                TEXTURE_DOTTED, false);
}

/* ---- marks ---- */

/* Behind curves that live and before those that were. */
static void draw_vertical(struct drawing *d, int x, uint32_t glyph, uint32_t ink)
{
    for (int y = 0; y < d->height; y++)
        if (canvas_layer(d->canvas, x, y) < LAYER_LINE && canvas_is_free(d->canvas, x, y, 1))
            area_put(d->cover, x, y, d->palette->ascii ? '|' : glyph, ink, 0);
}

int drawing_band_x(const struct drawing *d, double step)
{
    const double place = scale_position(&d->chart->x, step) * d->width;
    return place > 0 ? place < d->width ? (int)place : d->width : 0;
}

static void shade_bands(struct drawing *d)
{
    const uint32_t ground = drawing_faint_ink(d, ROLE_BAR, 0.6);
    for (size_t i = 0; i < d->chart->bands; i++) {
        const struct chart_band *band = &d->chart->band[i];
        const int left = drawing_band_x(d, band->from), right = drawing_band_x(d, band->to);
        for (int y = 0; y < d->height && band->shaded; y++)
            area_ground(d->cover, left, y, right - left, ground);
    }
}

static void draw_band_lines(struct drawing *d)
{
    for (size_t i = 0; i < d->chart->bands; i++) {
        const int x = drawing_x(d, d->chart->band[i].from);
        if (x > 0)
            draw_vertical(d, x, 0x2502, drawing_ink(d, ROLE_FAINT));
    }
}

static void draw_marker_lines(struct drawing *d)
{
    for (size_t i = 0; i < d->chart->markers; i++) {
        const struct chart_marker *marker = &d->chart->marker[i];
        const int x = drawing_x(d, marker->x);
        if (x >= 0)
            draw_vertical(d, x, marker->strong ? 0x2502 : 0x254e, drawing_faint_ink(d, marker->role, 0.7));
    }
}

static void draw_nonfinite(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++)
        for (size_t i = 0; i < d->columns; i++) {
            const int x = (int)i / d->canvas->dots_x;
            if (d->chart->line[l].column[i].nonfinite == 0 || !canvas_take(d->canvas, x, 0, 1))
                continue;
            area_put(d->cover, x, 0, drawing_glyph(d, 0x2715), drawing_ink(d, ROLE_WARN), CELL_BOLD);
        }
}

/* Where the value lies beyond the plot: 1 above, -1 below, 0 it does not. */
static int side_of(const struct drawing *d, double value)
{
    const double dot = drawing_y(d, value);
    return dot < 0 ? 1 : dot >= d->height * d->canvas->dots_y ? -1 : 0;
}

static void mark_outside(struct drawing *d, size_t column, int side, uint32_t glyph, uint32_t ink)
{
    const int x = (int)column / d->canvas->dots_x, y = side > 0 ? 0 : d->height - 1;
    if (canvas_take(d->canvas, x, y, 1))
        area_put(d->cover, x, y, drawing_glyph(d, glyph), ink, 0);
}

/* One mark where a line goes out of the scale, until it comes back. */
static void draw_outside(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        int last = 0;
        for (size_t i = 0; i < d->columns && !line->pale && line->top <= 0 && line->role != ROLE_GHOST; i++) {
            if (line->column[i].count == 0)
                continue;
            const int side = side_of(d, line->column[i].sum / line->column[i].count);
            if (side != 0 && side != last)
                mark_outside(d, i, side, side > 0 ? 0x25b2 : 0x25bc, drawing_ink(d, line->role));
            last = side;
        }
    }
}

/* Spikes of what stays behind: a small faint mark each, after all texts, where there is room. */
static void draw_spikes(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        size_t next = 0;
        for (size_t i = 0; i < d->columns && line->pale; i++) {
            const struct bucket *bucket = &line->column[i];
            if (bucket->count == 0 || i < next || side_of(d, bucket->max) <= 0)
                continue;
            mark_outside(d, i, 1, 0x25b4, drawing_faint_ink(d, line->role, 0.7));
            next = i + SPIKES_APART * (size_t)d->canvas->dots_x;
        }
    }
}

static void draw_best(struct drawing *d)
{
    const int x = drawing_x(d, d->chart->best_x), y = drawing_row(d, drawing_y(d, d->chart->best_y));
    if (x >= 0 && isfinite(d->chart->best_y) && canvas_take(d->canvas, x, y, 1))
        area_put(d->cover, x, y, drawing_glyph(d, 0x25c6), drawing_ink(d, ROLE_BEST), CELL_BOLD);
}

static void draw_cursor(struct drawing *d)
{
    const int x = drawing_x(d, d->chart->cursor);
    if (x < 0)
        return;
    draw_vertical(d, x, 0x2502, drawing_ink(d, ROLE_TEXT));
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        const double dot = isfinite(line->at_cursor) ? drawing_y(d, line->at_cursor) : -1;
        if (dot >= 0 && dot < d->height * d->canvas->dots_y)
            area_put(d->cover, x, drawing_row(d, dot), drawing_glyph(d, 0x25cf), drawing_ink(d, line->role), CELL_BOLD);
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
        canvas_resize(canvas, cover.width, cover.height, palette->ascii) ? canvas_work(canvas, 3 * columns) : NULL;
    if (!work)
        return false;
    struct drawing drawing = {.chart = chart,
                              .palette = palette,
                              .canvas = canvas,
                              .frame = area,
                              .cover = cover,
                              .width = plot.width,
                              .height = plot.height,
                              .columns = columns,
                              .means = work + 2 * columns};
    struct drawing *d = &drawing;

    shade_bands(d);
    draw_y_axis(d);
    draw_bend(d);
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
    drawing_label(d);
    draw_spikes(d);
    draw_cursor(d);
    if (chart->x_axis)
        draw_x_axis(d);
    return true;
}
