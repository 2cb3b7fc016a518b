/* Draws the picture of view 1: the model's output over the input plane or line, with the data on it. */
#include "ui/views/surface.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "plot/heatmap.h"
#include "plot/scale.h"
#include "ui/views/points.h"
#include "ui/views/results.h"

#define MARGIN       0.06 /* of the extent, around the points */
#define RANGES_FROM  9    /* rows from which a fitted curve has the range of its axis below it */
#define COUNT_DIGITS 3    /* of wrong test points, for which the heading has room without changing its wording */
#define RANGE_TICKS  4    /* of an axis, of which the outer ones are written */

struct data_bounds data_bounds_of(const struct dataset *dataset)
{
    struct data_bounds bounds = {INFINITY, -INFINITY, INFINITY, -INFINITY};
    for (size_t i = 0; i < dataset->rows && dataset->x; i++) {
        const float *row = dataset->x + i * dataset->inputs;
        const double y = dataset->inputs > 1 ? (double)row[1] : dataset->target ? (double)dataset->target[i] : 0;
        bounds.x0 = fmin(bounds.x0, (double)row[0]);
        bounds.x1 = fmax(bounds.x1, (double)row[0]);
        bounds.y0 = fmin(bounds.y0, y);
        bounds.y1 = fmax(bounds.y1, y);
    }
    if (!(bounds.x1 > bounds.x0))
        bounds.x1 = bounds.x0 + 1;
    if (!(bounds.y1 > bounds.y0))
        bounds.y1 = bounds.y0 + 1;
    return bounds;
}

bool surface_possible(const struct view_data *data)
{
    return data->dataset->kind != TASK_TEXT && (data->dataset->inputs <= 2 || data->model->features);
}

static bool is_curve(const struct view_data *data)
{
    return data->dataset->inputs == 1;
}

/* The area that the box shows: the points with a margin, and for planes the same scale on both axes (a cell is two
 * pixels, which are about square). */
static struct data_bounds shown_area(const struct view_data *data, struct box box)
{
    struct data_bounds b = data->bounds;
    const double mx = (b.x1 - b.x0) * MARGIN, my = (b.y1 - b.y0) * MARGIN;
    b = (struct data_bounds){b.x0 - mx, b.x1 + mx, b.y0 - my, b.y1 + my};
    if (is_curve(data))
        return b;
    const double per_pixel = fmax((b.x1 - b.x0) / box.width, (b.y1 - b.y0) / (2.0 * box.height));
    const double more_x = (per_pixel * box.width - (b.x1 - b.x0)) / 2;
    const double more_y = (per_pixel * 2 * box.height - (b.y1 - b.y0)) / 2;
    return (struct data_bounds){b.x0 - more_x, b.x1 + more_x, b.y0 - more_y, b.y1 + more_y};
}

void surface_request(const struct view_data *data, struct box box, struct picture_request *request)
{
    const struct data_bounds area = shown_area(data, box);
    request->width = is_curve(data) ? 2 * box.width : box.width;
    request->height = is_curve(data) ? 1 : 2 * box.height;
    request->x0 = (float)area.x0;
    request->x1 = (float)area.x1;
    request->y0 = (float)area.y0;
    request->y1 = (float)area.y1;
}

/* ---- the surface ---- */

/* Classes by their colours, fainter where the model is unsure. */
static uint32_t class_colour(const struct palette *palette, const float *p, size_t classes)
{
    size_t best = 0;
    for (size_t k = 1; k < classes; k++)
        if (p[k] > p[best])
            best = k;
    const double chance = 1.0 / (double)classes;
    const double sure = fmin(fmax(((double)p[best] - chance) / (1 - chance), 0), 1);
    return colour_mix(palette->undecided, palette->class_ground[best % PALETTE_CLASSES], isnan(sure) ? 0 : sure);
}

/* Low values in one colour, high ones in another. */
static uint32_t value_colour(const struct palette *palette, double value, double largest)
{
    const double share = fmin(fabs(value) / fmax(largest, 1e-9), 1);
    return colour_mix(palette->undecided, palette->class_ground[value < 0 ? 0 : 1], isnan(share) ? 0 : share);
}

static double largest_target(const struct dataset *dataset)
{
    double largest = 0;
    for (size_t i = 0; i < dataset->train && dataset->target; i++)
        largest = fmax(largest, fabs((double)dataset->target[i]));
    return largest;
}

static bool sampled(const struct view_data *data)
{
    return data->picture && data->picture->surface && data->picture->width > 0 &&
           (is_curve(data) || data->picture->height > 1);
}

static void draw_plane(const struct view_data *data, struct area area)
{
    const struct picture *picture = data->picture;
    const size_t width = (size_t)area.width, height = 2 * (size_t)area.height;
    uint32_t *pixel = scratch_take(data->scratch, SCRATCH_PIXELS, width * height, sizeof *pixel);
    if (!pixel)
        return;
    const double largest = largest_target(data->dataset);
    const size_t outputs = picture->outputs;
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const size_t sx = x * (size_t)picture->width / width, sy = y * (size_t)picture->height / height;
            const float *value = picture->surface + (sy * (size_t)picture->width + sx) * outputs;
            pixel[y * width + x] = data->dataset->kind == TASK_CLASSIFY
                                       ? class_colour(data->palette, value, outputs)
                                       : value_colour(data->palette, (double)*value, largest);
        }
    heatmap_draw(area, pixel, data->palette);
}

static void draw_fit(const struct view_data *data, const struct points *points)
{
    const struct area area = points->area;
    const struct data_bounds *b = &points->shown;
    const struct picture *picture = data->picture;
    struct canvas *canvas = &data->scratch->canvas;
    if (!canvas_resize(canvas, area.width, area.height, data->palette->ascii))
        return;
    const double dots_x = (double)area.width * canvas->dots_x, dots_y = (double)area.height * canvas->dots_y;
    double last_x = 0, last_y = NAN;
    for (int i = 0; i < picture->width; i++) {
        const double value = (double)picture->surface[(size_t)i * picture->outputs];
        const double x = (i + 0.5) / picture->width * dots_x;
        const double y = fmin(fmax((b->y1 - value) / (b->y1 - b->y0), -1), 2) * dots_y;
        if (isfinite(last_y) && isfinite(value))
            canvas_line(canvas, last_x, last_y, x, y, data->palette->role[ROLE_TRAIN], 2, '*', TEXTURE_SOLID, true);
        last_x = x;
        last_y = isfinite(value) ? y : NAN;
    }
    canvas_blit(canvas, area);
}

enum side { SIDE_LEFT, SIDE_RIGHT, SIDES };

struct height {
    int y;
    const char *label;
};

static int height_column(const struct points *points, const struct height *height, enum side side)
{
    return side == SIDE_LEFT ? 0 : points->area.width - text_columns(height->label);
}

/* Whether no point and no line stands where the label would be. */
static bool height_is_free(const struct view_data *data, const struct points *points, const struct height *height,
                           enum side side)
{
    const struct area area = points->area;
    const int x = height_column(points, height, side), columns = text_columns(height->label);
    bool free = x >= 0 && height->y >= 0 && height->y < area.height;
    for (int i = 0; free && i < columns; i++)
        free = !points->taken[height->y * area.width + x + i] &&
               (!sampled(data) || canvas_layer(&data->scratch->canvas, x + i, height->y) < 0);
    return free;
}

/* Writes the labels on the side where more of them are free, the left one if in doubt, so that they are read as one
 * axis. */
static void write_heights(const struct view_data *data, const struct points *points, const struct height *height,
                          size_t heights)
{
    size_t free[SIDES] = {0};
    for (enum side side = 0; side < SIDES; side++)
        for (size_t i = 0; i < heights; i++)
            free[side] += height_is_free(data, points, &height[i], side);
    const enum side side = free[SIDE_RIGHT] > free[SIDE_LEFT] ? SIDE_RIGHT : SIDE_LEFT;
    for (size_t i = 0; i < heights; i++)
        if (height_is_free(data, points, &height[i], side))
            area_text(points->area, height_column(points, &height[i], side), height[i].y, text_columns(height[i].label),
                      height[i].label, data->palette->role[ROLE_FAINT], 0);
}

/* The lowest and the highest round number on both axes. */
static void draw_ranges(const struct view_data *data, const struct points *points, struct area below)
{
    const struct dataset *dataset = data->dataset;
    const struct data_bounds *b = &points->shown;
    const double x_sd = dataset->input_sd[0], x_mean = dataset->input_mean[0];
    const struct scale x = {.low = b->x0 * x_sd + x_mean, .high = b->x1 * x_sd + x_mean};
    const struct scale y = {.low = b->y0 * dataset->target_sd + dataset->target_mean,
                            .high = b->y1 * dataset->target_sd + dataset->target_mean};
    struct tick tick[SCALE_TICKS_MAX];
    struct height height[2];
    size_t heights = 0, ticks = scale_ticks(&y, RANGE_TICKS, TICK_NUMBER, tick);
    for (size_t i = 0; i<ticks; i += ticks> 1 ? ticks - 1 : 1)
        height[heights++] =
            (struct height){(int)((1 - scale_position(&y, tick[i].value)) * points->area.height), tick[i].label};
    write_heights(data, points, height, heights);
    ticks = scale_ticks(&x, RANGE_TICKS, TICK_NUMBER, tick);
    for (size_t i = 0; i<ticks; i += ticks> 1 ? ticks - 1 : 1) {
        const int columns = text_columns(tick[i].label);
        const int middle = (int)(scale_position(&x, tick[i].value) * below.width) - columns / 2;
        const int last = below.width - columns;
        area_text(below,
                  middle < 0      ? 0
                  : middle > last ? last
                                  : middle,
                  0, columns, tick[i].label, data->palette->role[ROLE_FAINT], 0);
    }
}

/* What stands at the right of the heading, in a long and a short wording. */
struct remark {
    char text[2][64];
    int columns[2]; /* that it may come to take while its number grows */
    enum role role;
};

static void remark_step(const struct view_data *data, struct remark *out)
{
    char step[32];
    const bool exact = data->status->shown.exact;
    number_count(step, sizeof step, data->picture->step);
    out->role = exact ? ROLE_TEXT : ROLE_KEY;
    snprintf(out->text[0], sizeof out->text[0], exact ? "at step %s" : "nearest snapshot, step %s …", step);
    snprintf(out->text[1], sizeof out->text[1], exact ? "%s" : "near: %s …", step);
}

/* What a cross is, and how many there are. */
static void remark_wrong(const struct view_data *data, size_t wrong, struct remark *out)
{
    char off[32];
    number_short(off, sizeof off, results_tolerance(data->dataset));
    for (int i = 0; i < 2; i++) {
        char *text = out->text[i];
        const size_t size = sizeof out->text[i];
        if (data->dataset->kind == TASK_CLASSIFY)
            snprintf(text, size, i == 0 ? "× test point wrong: " : "× wrong: ");
        else
            snprintf(text, size, i == 0 ? "× more than %s off: " : "× >%s off: ", off);
        const size_t used = strlen(text);
        out->columns[i] = text_columns(text) + COUNT_DIGITS;
        snprintf(text + used, size - used, "%zu", wrong);
    }
}

/* The title gives way to a legend that needs its place. */
static void draw_heading(const struct view_data *data, struct area screen, struct box heading, size_t wrong)
{
    struct remark remark = {.text = {"test data hidden", "test hidden"}, .role = ROLE_FAINT};
    const bool steps = data->status->shown.scrubbing && data->picture;
    if (steps)
        remark_step(data, &remark);
    else if (!data->settings->hide_test)
        remark_wrong(data, wrong, &remark);
    for (int i = 0; i < 2; i++)
        if (remark.columns[i] == 0)
            remark.columns[i] = text_columns(remark.text[i]);
    const char *title = is_curve(data) ? "fit" : "data";
    const int named = text_columns(title) + 1, legend = points_legend_columns(data);
    struct pen pen = pen_at(screen, heading, data->palette);
    const bool titled = steps || legend == 0 || named + legend + 1 + remark.columns[1] <= heading.width;
    if (titled)
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, title);
    const int before = steps ? named : (titled ? named + 1 : 0) + legend + 1;
    pen_right(&pen, remark.role, 0, remark.text[before + remark.columns[0] <= heading.width ? 0 : 1]);
    pen_skip(&pen, titled ? pen.end - pen.x > legend + 1 ? 2 : 1 : 0);
    points_legend(data, &pen);
}

/* The plot, and below a fitted curve a row for the range of its axis, where there are rows to spare. */
static struct box cut_plot(const struct view_data *data, struct box *box)
{
    struct box plot = *box;
    const bool ranges = is_curve(data) && box->height >= RANGES_FROM && box->width >= 2 * RANGES_FROM;
    plot.height -= ranges;
    box->y += plot.height;
    box->height = ranges;
    return plot;
}

static void draw_points(const struct view_data *data, struct area screen, struct box box, const struct knobs *knobs,
                        bool test, size_t *wrong)
{
    struct points points;
    const struct box plot = cut_plot(data, &box);
    const struct data_bounds shown = shown_area(data, plot);
    if (!points_begin(data, box_area(screen, plot), &shown, &points))
        return;
    const bool curve = is_curve(data);
    if (sampled(data) && !curve)
        draw_plane(data, points.area);
    else
        draw_ground(screen, plot, data->palette->role[ROLE_BAR]);
    if (sampled(data) && curve)
        draw_fit(data, &points);
    points_add_training(data, &points, knobs, sampled(data) && curve ? &data->scratch->canvas : NULL);
    if (test)
        *wrong = points_add_wrong(data, &points);
    if (box_present(box))
        draw_ranges(data, &points, box_area(screen, box));
}

void surface_draw_alone(const struct view_data *data, struct area screen, struct box box, const struct knobs *knobs)
{
    draw_points(data, screen, box, knobs, false, NULL);
}

void surface_draw(const struct view_data *data, struct area screen, struct box heading, struct box box)
{
    size_t wrong = 0;
    draw_points(data, screen, box, view_knobs(data), !data->settings->hide_test, &wrong);
    draw_heading(data, screen, heading, wrong);
}
