#include "ui/surface.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "plot/heatmap.h"
#include "ui/draw.h"

#define POINTS_MAX    1500 /* of each kind: more would only cover each other */
#define CELLS_A_POINT 20   /* from so much room for each, points are whole characters */
#define MARGIN        0.06 /* of the extent, around the points */
#define WRONG_BY      0.3  /* regression: off by so much, in the unit of the (standardised) target */

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

/* The area that the box shows: the points with a margin, and for planes the same scale on both axes (a cell is two pixels,
 * which are about square). */
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

struct point_writer {
    struct area area;
    struct data_bounds shown;
    uint8_t *mask; /* [cells]: quadrants that points cover; WHOLE where a character stands */
};

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

/* Over the points; where the curve hides one, the ground of its cell stays light. */
static void draw_fit(const struct view_data *data, const struct point_writer *writer)
{
    const struct area area = writer->area;
    const struct data_bounds *b = &writer->shown;
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
    const uint32_t ground = colour_mix(data->palette->role[ROLE_BAR], data->palette->role[ROLE_TEXT], 0.4);
    for (int y = 0; y < area.height && !data->palette->mono; y++)
        for (int x = 0; x < area.width; x++)
            if (writer->mask[y * area.width + x] && canvas_layer(canvas, x, y) >= 0)
                area_ground(area, x, y, 1, ground);
}

/* ---- the points ---- */

#define WHOLE      0x10
#define UPPER_HALF 0x2580u

/* Place of a row in the area: 0..1 from the left and from the top. */
static void place(const struct view_data *data, size_t row, const struct point_writer *writer, float *x, float *y)
{
    const struct dataset *dataset = data->dataset;
    const float *input = dataset->x + row * dataset->inputs;
    const struct data_bounds *b = &writer->shown;
    const double second = dataset->inputs > 1 ? (double)input[1] : dataset->target ? (double)dataset->target[row] : 0;
    *x = (float)(((double)input[0] - b->x0) / (b->x1 - b->x0));
    *y = (float)((b->y1 - second) / (b->y1 - b->y0));
}

static struct cell *cell_at(struct area area, int x, int y)
{
    return &area.grid->cell[(size_t)(area.y + y) * (size_t)area.grid->width + (size_t)(area.x + x)];
}

/* A point that stands alone, as one character. */
static void add_glyph(struct point_writer *writer, float x, float y, uint32_t glyph, uint32_t ink)
{
    const struct area area = writer->area;
    const int cx = (int)floorf(x * (float)area.width), cy = (int)floorf(y * (float)area.height);
    if (cx < 0 || cx >= area.width || cy < 0 || cy >= area.height)
        return;
    uint8_t *mask = &writer->mask[cy * area.width + cx];
    struct cell *cell = cell_at(area, cx, cy);
    if (*mask == 0 && cell->glyph == UPPER_HALF)
        cell->ground = colour_mix(cell->ink, cell->ground, 0.5);
    *mask = WHOLE;
    area_put(area, cx, cy, glyph, ink, CELL_BOLD);
}

/* A point among many: as wide as a cell and half as high, it stands where it belongs to half a cell in both directions. */
static void add_block(struct point_writer *writer, float x, float y, uint32_t ink)
{
    static const uint32_t quadrants[] = {0,      0x2598, 0x259d, 0x2580, 0x2596, 0x258c, 0x259e, 0x259b,
                                         0x2597, 0x259a, 0x2590, 0x259c, 0x2584, 0x2599, 0x259f, 0x2588};
    const struct area area = writer->area;
    const int left = (int)floorf(x * 2 * (float)area.width - 0.5f), row = (int)floorf(y * 2 * (float)area.height);
    const int cy = row >> 1;
    for (int column = left; column <= left + 1; column++) {
        const int cx = column >> 1;
        if (cx < 0 || cx >= area.width || cy < 0 || cy >= area.height)
            continue;
        uint8_t *mask = &writer->mask[cy * area.width + cx];
        if (*mask == WHOLE)
            continue;
        /* What is left of the surface in this cell keeps the colour of the half that the point does not cover. */
        struct cell *cell = cell_at(area, cx, cy);
        if (*mask == 0 && cell->glyph == UPPER_HALF && (row & 1))
            cell->ground = cell->ink;
        *mask |= (uint8_t)(1 << ((column & 1) + 2 * (row & 1)));
        area_put(area, cx, cy, quadrants[*mask], ink, 0);
    }
}

static uint32_t point_ink(const struct view_data *data, size_t row, double label_noise)
{
    const struct dataset *dataset = data->dataset;
    if (dataset->kind == TASK_CLASSIFY) {
        const int32_t label = dataset_label(dataset, row, label_noise, data->status->seed);
        return data->palette->class_ink[(size_t)label % PALETTE_CLASSES];
    }
    if (dataset->inputs == 1)
        return data->palette->role[ROLE_TEXT];
    const float target = dataset_target(dataset, row, label_noise, data->status->seed);
    return data->palette->class_ink[target < 0 ? 0 : 1];
}

static void add_training(const struct view_data *data, struct point_writer *writer, const struct knobs *knobs)
{
    const size_t rows = batch_rows(data->dataset, knobs->value[KNOB_TRAIN_FRACTION]);
    const size_t stride = rows / POINTS_MAX + 1;
    const bool few = rows * CELLS_A_POINT <= (size_t)(writer->area.width * writer->area.height);
    for (size_t row = 0; row < rows; row += stride) {
        float x, y;
        place(data, row, writer, &x, &y);
        const uint32_t ink = point_ink(data, row, knobs->value[KNOB_LABEL_NOISE]);
        if (data->palette->ascii || few)
            add_glyph(writer, x, y, draw_glyph(data->palette, 0x25cf, 'o'), ink);
        else
            add_block(writer, x, y, ink);
    }
}

static bool is_wrong(const struct view_data *data, const struct picture_row *row)
{
    if (data->dataset->kind == TASK_CLASSIFY)
        return row->predicted != data->dataset->label[row->row];
    return fabs((double)row->value - (double)data->dataset->target[row->row]) > WRONG_BY;
}

static size_t add_wrong(const struct view_data *data, struct point_writer *writer)
{
    size_t wrong = 0;
    const struct picture *picture = data->picture;
    for (size_t i = 0; picture && i < picture->rows; i++) {
        const struct picture_row *row = &picture->row[i];
        if (row->row < data->dataset->train || !is_wrong(data, row))
            continue;
        if (++wrong > POINTS_MAX)
            continue;
        float x, y;
        place(data, row->row, writer, &x, &y);
        add_glyph(writer, x, y, draw_glyph(data->palette, 0xd7, 'x'), data->palette->role[ROLE_STRONG]);
    }
    return wrong;
}

static void draw_heading(const struct view_data *data, struct area screen, struct box heading, size_t wrong)
{
    char text[64];
    struct pen pen = pen_at(screen, heading, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, is_curve(data) ? "fit" : "data");
    if (data->status->shown.scrubbing && data->picture) {
        char step[32];
        number_count(step, sizeof step, data->picture->step);
        const bool exact = data->status->shown.exact;
        snprintf(text, sizeof text, exact ? "at step %s" : "nearest snapshot, step %s …", step);
        if (pen_right(&pen, exact ? ROLE_TEXT : ROLE_KEY, 0, text))
            return;
        snprintf(text, sizeof text, exact ? "%s" : "near: %s …", step);
        pen_right(&pen, exact ? ROLE_TEXT : ROLE_KEY, 0, text);
        return;
    }
    if (data->settings->hide_test)
        snprintf(text, sizeof text, "test hidden");
    else
        snprintf(text, sizeof text, heading.width >= 30 ? "× test point that is wrong: %zu" : "× wrong: %zu", wrong);
    pen_right(&pen, ROLE_FAINT, 0, text);
}

static bool begin(const struct view_data *data, struct area screen, struct box box, struct point_writer *out)
{
    *out = (struct point_writer){.area = box_area(screen, box)};
    const size_t cells = (size_t)(out->area.width * out->area.height);
    out->mask = cells > 0 ? scratch_take(data->scratch, SCRATCH_POINTS, cells, 1) : NULL;
    if (!out->mask)
        return false;
    memset(out->mask, 0, cells);
    out->shown = shown_area(data, box);
    return true;
}

static bool sampled(const struct view_data *data)
{
    return data->picture && data->picture->surface && data->picture->width > 0 &&
           (is_curve(data) || data->picture->height > 1);
}

static void draw_base(const struct view_data *data, struct point_writer *writer, const struct knobs *knobs)
{
    const struct area area = writer->area;
    if (sampled(data) && !is_curve(data))
        draw_plane(data, area);
    else
        draw_ground(area, (struct box){0, 0, area.width, area.height}, data->palette->role[ROLE_BAR]);
    add_training(data, writer, knobs);
}

void surface_draw_alone(const struct view_data *data, struct area screen, struct box box, const struct knobs *knobs)
{
    struct point_writer writer;
    if (!begin(data, screen, box, &writer))
        return;
    draw_base(data, &writer, knobs);
    if (sampled(data) && is_curve(data))
        draw_fit(data, &writer);
}

void surface_draw(const struct view_data *data, struct area screen, struct box heading, struct box box)
{
    struct point_writer writer;
    if (!begin(data, screen, box, &writer))
        return;
    draw_base(data, &writer, view_knobs(data));
    const size_t wrong = data->settings->hide_test ? 0 : add_wrong(data, &writer);
    if (sampled(data) && is_curve(data))
        draw_fit(data, &writer);
    draw_heading(data, screen, heading, wrong);
}
