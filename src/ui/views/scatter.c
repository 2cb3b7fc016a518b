/* Draws the test rows of a regression as points: true value across, predicted value up. */
#include "ui/views/scatter.h"

#include <math.h>
#include <stdio.h>

#include "plot/scale.h"
#include "ui/draw.h"
#include "ui/views/results.h"

#define LABELS      7    /* columns for the labels of the vertical axis */
#define MARGIN      0.04 /* of the extent of the true values, on either side */
#define BELOW       2    /* rows under the plot: labels, and what the axes are */
#define ERRORS      7    /* rows that the errors need: a blank one, the heading, four of bars, the labels */
#define ERRORS_MOST 14
#define ERRORS_WIDE 60 /* columns at most, where they stand beside the plot */
#define BESIDE      4  /* columns between them and the plot */
#define ERRORS_FROM 24 /* rows of an area that has the errors, too */
#define BINS        15 /* odd: one is about zero */

/* Dots of the plot, from the lowest to the highest. */
enum layer { LAYER_GRID, LAYER_DIAGONAL, LAYER_NEAR = CANVAS_PLANE, LAYER_OFF };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static double in_unit(const struct dataset *dataset, double standardised)
{
    return standardised * dataset->target_sd + dataset->target_mean;
}

static double true_value(const struct view_data *data, const struct picture_row *row)
{
    return in_unit(data->dataset, (double)data->dataset->target[row->row]);
}

static double predicted_value(const struct view_data *data, const struct picture_row *row)
{
    return in_unit(data->dataset, (double)row->value);
}

/* From the lowest to the highest true value of a test row; false: there is none. */
static bool find_extent(const struct view_data *data, struct scale *out)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const double value = true_value(data, &data->picture->row[i]);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (!(high >= low))
        return false;
    const double margin = high > low ? (high - low) * MARGIN : 0.5;
    *out = (struct scale){.low = low - margin, .high = high + margin};
    return true;
}

static void draw_grid(const struct view_data *data, const struct scale *scale, const struct tick *tick, size_t ticks,
                      double width, double height)
{
    struct canvas *canvas = &data->scratch->canvas;
    const uint32_t ink = data->palette->role[ROLE_GRID];
    for (size_t i = 0; i < ticks; i++) {
        const double at = scale_position(scale, tick[i].value);
        const double x = at * (width - 1), y = (1 - at) * (height - 1);
        canvas_line(canvas, 0, y, width - 1, y, ink, LAYER_GRID, '.', TEXTURE_DOTTED, false);
        canvas_line(canvas, x, 0, x, height - 1, ink, LAYER_GRID, '.', TEXTURE_DOTTED, false);
    }
    canvas_line(canvas, 0, height - 1, width - 1, 0, data->palette->role[ROLE_FAINT], LAYER_DIAGONAL, '.',
                TEXTURE_DASHED, false);
}

/* What lies beyond the plot is drawn at its edge. */
static void draw_points(const struct view_data *data, const struct scale *scale, double width, double height)
{
    struct canvas *canvas = &data->scratch->canvas;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        const double x = scale_position(scale, true_value(data, row)) * (width - 1);
        const double at = scale_position(scale, predicted_value(data, row));
        const double y = (1 - fmin(fmax(at, 0), 1)) * (height - 1);
        if (!isfinite(at))
            continue;
        const bool off = results_wrong(data->dataset, row);
        const uint32_t ink = data->palette->role[off ? ROLE_TEST : ROLE_TEXT];
        for (int dot = 0; dot < canvas->dots_x * canvas->dots_y / 2 || dot == 0; dot++)
            canvas_dot(canvas, (int)x + (dot & 1), (int)y + (dot >> 1), ink, off ? LAYER_OFF : LAYER_NEAR, 'o');
    }
}

static void write_labels(const struct view_data *data, struct area area, const struct area *plot,
                         const struct scale *scale, const struct tick *tick, size_t ticks)
{
    const uint32_t ink = data->palette->role[ROLE_FAINT];
    const int dots_x = data->scratch->canvas.dots_x, dots_y = data->scratch->canvas.dots_y;
    const double width = (double)plot->width * dots_x, height = (double)plot->height * dots_y;
    int free = 0; /* first column that the labels below have left */
    for (size_t i = 0; i < ticks; i++) {
        const double at = scale_position(scale, tick[i].value);
        const int columns = text_columns(tick[i].label);
        area_text(area, LABELS - 1 - columns, (int)((1 - at) * (height - 1)) / dots_y, columns, tick[i].label, ink, 0);
        const int x = LABELS + (int)(at * (width - 1)) / dots_x - columns / 2;
        if (x < free || x + columns > area.width)
            continue;
        area_text(area, x, plot->height, columns, tick[i].label, ink, 0);
        free = x + columns + 2;
    }
}

static void draw_plot(const struct view_data *data, struct area area, int width, int height, const struct scale *scale)
{
    const struct dataset *dataset = data->dataset;
    const struct area plot = area_part(area, LABELS, 0, width, height);
    struct canvas *canvas = &data->scratch->canvas;
    if (!canvas_resize(canvas, plot.width, plot.height, data->palette->ascii))
        return;
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(scale, (size_t)(plot.height / 4 + 2), TICK_NUMBER, tick);
    const double dots_x = (double)plot.width * canvas->dots_x, dots_y = (double)plot.height * canvas->dots_y;
    draw_grid(data, scale, tick, ticks, dots_x, dots_y);
    draw_points(data, scale, dots_x, dots_y);
    canvas_blit(canvas, plot);
    write_labels(data, area, &plot, scale, tick, ticks);
    struct pen pen = pen_at(area, (struct box){LABELS, height + 1, area.width - LABELS, 1}, data->palette);
    pen_format(&pen, ROLE_FAINT, 0, "→ true %s, ↑ predicted", dataset->target_name ? dataset->target_name : "value");
    char number[32], text[64];
    const double tolerance = results_tolerance(dataset);
    snprintf(text, sizeof text, "■ more than %s off",
             results_number(number, sizeof number, tolerance, results_decimals(dataset->target_sd)));
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_TEST, 0, text);
}

/* ---- the errors ---- */

struct errors {
    double reach;      /* bins go from -reach to reach */
    double mean;       /* of their sizes */
    size_t bin[BINS];  /* predicted minus true */
    size_t most, rows; /* of a bin; with an error that is a number */
};

static void count_errors(const struct view_data *data, struct errors *out)
{
    double largest = 0, sum = 0;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        const double error = fabs(predicted_value(data, row) - true_value(data, row));
        if (!isfinite(error))
            continue;
        largest = fmax(largest, error);
        sum += error;
        out->rows++;
    }
    out->mean = out->rows > 0 ? sum / (double)out->rows : 0;
    out->reach = scale_nice(0, fmax(largest, results_tolerance(data->dataset)), false).high;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        const double share = (predicted_value(data, row) - true_value(data, row) + out->reach) / (2 * out->reach);
        if (!(share >= 0 && share <= 1))
            continue;
        size_t *bin = &out->bin[share < 1 ? (size_t)(share * BINS) : BINS - 1];
        if (++*bin > out->most)
            out->most = *bin;
    }
}

/* A bar that stands, to an eighth of a cell; however little is seen. */
static void draw_standing(const struct view_data *data, struct area area, double share, uint32_t ink)
{
    const int eighths = share > 0 ? (int)fmax(share * area.height * 8 + 0.5, 1) : 0;
    for (int y = 0; y < area.height; y++) {
        const int here = eighths - 8 * (area.height - 1 - y);
        if (here <= 0)
            continue;
        const uint32_t glyph = draw_glyph(data->palette, 0x2580u + (uint32_t)(here < 8 ? here : 8), '#');
        for (int x = 0; x < area.width; x++)
            area_put(area, x, y, glyph, ink, 0);
    }
}

static void draw_errors(const struct view_data *data, struct area area)
{
    struct errors errors = {0};
    char text[32], mean[32];
    count_errors(data, &errors);
    const int decimals = results_decimals(data->dataset->target_sd), wide = area.width / BINS, bars = area.height - 2;
    if (errors.rows == 0 || wide < 1 || bars < 1)
        return;
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "how far off");
    pen_format(&pen, ROLE_TEXT, 0, "  %s on average", results_number(mean, sizeof mean, errors.mean, decimals));
    const double tolerance = results_tolerance(data->dataset);
    for (int i = 0; i < BINS; i++) {
        const double centre = ((i + 0.5) * 2 / BINS - 1) * errors.reach;
        const enum role role = fabs(centre) > tolerance ? ROLE_TEST : ROLE_TEXT;
        draw_standing(data, area_part(area, i * wide, 1, wide > 2 ? wide - 1 : wide, bars),
                      (double)errors.bin[i] / (double)errors.most, data->palette->role[role]);
    }
    const char *number = results_number(text, sizeof text, errors.reach, decimals);
    pen = pen_at(area, (struct box){0, area.height - 1, wide * BINS, 1}, data->palette);
    pen_format(&pen, ROLE_FAINT, 0, "-%s", number);
    pen_right(&pen, ROLE_FAINT, 0, number);
    area_put(area, wide * BINS / 2, area.height - 1, '0', data->palette->role[ROLE_FAINT], 0);
}

void scatter_draw(const struct view_data *data, struct area area)
{
    struct scale scale;
    if (!results_ready(data, area) || area.height < 4 || area.width < 14 || !find_extent(data, &scale))
        return;
    const bool errors = area.height >= ERRORS_FROM;
    /* A cell is about twice as high as wide. */
    const int height = least(area.height - BELOW - (errors ? ERRORS : 0), (area.width - LABELS) / 2);
    const int width = 2 * height;
    draw_plot(data, area, width, height, &scale);
    const int below = area.height - height - BELOW - 1, beside = area.width - LABELS - width - BESIDE;
    if (errors && below > 0)
        draw_errors(data, area_part(area, LABELS, height + BELOW + 1, width, least(below, ERRORS_MOST)));
    else if (beside >= 2 * BINS)
        draw_errors(data, area_part(area, area.width - beside, 0, least(beside, ERRORS_WIDE), height + 1));
}
