/* Draws the points of the data set over the picture of view 1, and their legend. */
#include "ui/views/points.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "ui/views/results.h"

#define POINTS_MAX 1500 /* of each kind: more would only cover each other */
#define UPPER_HALF 0x2580u

struct sign {
    uint32_t glyph;
    char plain; /* none that stands for a shade of the surface, or the cross */
};

static const struct sign class_sign[PALETTE_CLASSES] = {
    {0x25cf, 'o'}, {0x25cb, '+'}, {0x25b2, '*'}, {0x25b3, '@'}, {0x25a0, '='},
    {0x25a1, '&'}, {0x25c6, '$'}, {0x25c7, '^'}, {0x25bc, '~'}, {0x25bd, 'v'},
};

/* Numbers as answers are low, middling or high. */
enum degree { DEGREE_LOW, DEGREE_MIDDLE, DEGREE_HIGH };
static const struct sign degree_sign[] = {
    [DEGREE_LOW] = {0x25cb, '-'},
    [DEGREE_MIDDLE] = {0x25ce, 'o'},
    [DEGREE_HIGH] = {0x25cf, '+'},
};

struct look {
    uint32_t glyph, ink;
};

static struct look look_of_class(const struct palette *palette, size_t label)
{
    const size_t at = label % PALETTE_CLASSES;
    return (struct look){draw_glyph(palette, class_sign[at].glyph, class_sign[at].plain), palette->class_ink[at]};
}

static struct look look_of_degree(const struct palette *palette, enum degree degree)
{
    const uint32_t ink[] = {
        [DEGREE_LOW] = palette->class_ink[0],
        [DEGREE_MIDDLE] = palette->role[ROLE_TEXT],
        [DEGREE_HIGH] = palette->class_ink[1],
    };
    return (struct look){draw_glyph(palette, degree_sign[degree].glyph, degree_sign[degree].plain), ink[degree]};
}

struct range {
    double low, high;
};

static struct range target_range(const struct dataset *dataset)
{
    struct range range = {INFINITY, -INFINITY};
    for (size_t i = 0; i < dataset->train && dataset->target; i++) {
        range.low = fmin(range.low, (double)dataset->target[i]);
        range.high = fmax(range.high, (double)dataset->target[i]);
    }
    return range;
}

bool points_begin(const struct view_data *data, struct area area, const struct data_bounds *shown, struct points *out)
{
    const size_t cells = (size_t)(area.width * area.height);
    *out = (struct points){.area = area, .shown = *shown};
    out->taken = cells > 0 ? scratch_take(data->scratch, SCRATCH_POINTS, cells, sizeof *out->taken) : NULL;
    if (!out->taken)
        return false;
    memset(out->taken, 0, cells * sizeof *out->taken);
    return true;
}

/* The cell of a row; false: it lies outside. */
static bool place(const struct view_data *data, size_t row, const struct points *points, int *x, int *y)
{
    const struct dataset *dataset = data->dataset;
    const float *input = dataset->x + row * dataset->inputs;
    const struct data_bounds *b = &points->shown;
    const double second = dataset->inputs > 1 ? (double)input[1] : dataset->target ? (double)dataset->target[row] : 0;
    *x = (int)floor(((double)input[0] - b->x0) / (b->x1 - b->x0) * points->area.width);
    *y = (int)floor((b->y1 - second) / (b->y1 - b->y0) * points->area.height);
    return *x >= 0 && *x < points->area.width && *y >= 0 && *y < points->area.height;
}

/* Of two half blocks under the first point of a cell the mean is left. */
static void put(struct points *points, int x, int y, struct look look)
{
    const struct area area = points->area;
    struct cell *cell = &area.grid->cell[(size_t)(area.y + y) * (size_t)area.grid->width + (size_t)(area.x + x)];
    if (cell->glyph == UPPER_HALF)
        cell->ground = colour_mix(cell->ink, cell->ground, 0.5);
    points->taken[y * area.width + x] = true;
    area_put(area, x, y, look.glyph, look.ink, CELL_BOLD);
}

static struct look look_of_row(const struct view_data *data, size_t row, double label_noise, const struct range *range)
{
    const struct dataset *dataset = data->dataset;
    if (dataset->kind == TASK_CLASSIFY)
        return look_of_class(data->palette, (size_t)dataset_label(dataset, row, label_noise, data->status->seed));
    if (dataset->inputs == 1)
        return (struct look){draw_glyph(data->palette, class_sign[0].glyph, class_sign[0].plain),
                             data->palette->role[ROLE_TEXT]};
    const double target = (double)dataset_target(dataset, row, label_noise, data->status->seed);
    const double share = (target - range->low) / (range->high - range->low);
    return look_of_degree(data->palette, share < 1.0 / 3 ? DEGREE_LOW : share > 2.0 / 3 ? DEGREE_HIGH : DEGREE_MIDDLE);
}

void points_add_training(const struct view_data *data, struct points *points, const struct knobs *knobs,
                         const struct canvas *line)
{
    const size_t rows = batch_rows(data->dataset, knobs->value[KNOB_TRAIN_FRACTION]);
    const size_t stride = rows / POINTS_MAX + 1;
    const struct range range = target_range(data->dataset);
    for (size_t row = 0; row < rows; row += stride) {
        int x, y;
        if (!place(data, row, points, &x, &y))
            continue;
        struct look look = look_of_row(data, row, knobs->value[KNOB_LABEL_NOISE], &range);
        if (line && canvas_layer(line, x, y) >= 0)
            look.ink = data->palette->role[ROLE_TRAIN];
        put(points, x, y, look);
    }
}

size_t points_add_wrong(const struct view_data *data, struct points *points)
{
    size_t wrong = 0;
    const struct picture *picture = data->picture;
    const struct look cross = {draw_glyph(data->palette, 0xd7, 'x'), data->palette->role[ROLE_STRONG]};
    for (size_t i = 0; picture && i < picture->rows; i++) {
        const struct picture_row *row = &picture->row[i];
        if (row->row < data->dataset->train || !results_wrong(data->dataset, row))
            continue;
        int x, y;
        if (++wrong <= POINTS_MAX && place(data, row->row, points, &x, &y))
            put(points, x, y, cross);
    }
    return wrong;
}

/* ---- the legend ---- */

struct entry {
    struct look look;
    char name[48];
};

static size_t list_entries(const struct view_data *data, struct entry *out)
{
    const struct dataset *dataset = data->dataset;
    if (dataset->kind == TASK_CLASSIFY) {
        const size_t count = dataset->classes < PALETTE_CLASSES ? dataset->classes : PALETTE_CLASSES;
        for (size_t k = 0; k < count; k++) {
            out[k].look = look_of_class(data->palette, k);
            snprintf(out[k].name, sizeof out[k].name, "%s", dataset->class_name[k]);
        }
        return count;
    }
    if (dataset->inputs == 1)
        return 0;
    const struct range range = target_range(dataset);
    const double end[] = {range.low, range.high};
    for (size_t i = 0; i < 2; i++) {
        out[i].look = look_of_degree(data->palette, i == 0 ? DEGREE_LOW : DEGREE_HIGH);
        number_short(out[i].name, sizeof out[i].name, end[i] * dataset->target_sd + dataset->target_mean);
    }
    return 2;
}

/* With names of at most `most` columns. */
static int entries_columns(const struct entry *entry, size_t count, int most)
{
    int columns = 0;
    for (size_t i = 0; i < count; i++) {
        const int name = text_columns(entry[i].name);
        columns += (i > 0) + 1 + (most > 0 ? 1 + (name < most ? name : most) : 0);
    }
    return columns;
}

int points_legend_columns(const struct view_data *data)
{
    struct entry entry[PALETTE_CLASSES];
    return entries_columns(entry, list_entries(data, entry), (int)sizeof entry[0].name);
}

void points_legend(const struct view_data *data, struct pen *pen)
{
    struct entry entry[PALETTE_CLASSES];
    const size_t count = list_entries(data, entry);
    int most = (int)sizeof entry[0].name;
    while (most > 0 && entries_columns(entry, count, most) > pen->end - pen->x)
        most--;
    int left = pen->end - pen->x - entries_columns(entry, count, most);
    if (left < 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const int more = text_columns(entry[i].name) - most, whole = most > 0 && more > 0 && more <= left ? more : 0;
        left -= whole;
        pen_skip(pen, i > 0);
        area_put(pen->area, pen->x, pen->y, entry[i].look.glyph, entry[i].look.ink, CELL_BOLD);
        pen_skip(pen, 1 + (most > 0));
        pen->x += area_text(pen->area, pen->x, pen->y, most + whole, entry[i].name, data->palette->role[ROLE_TEXT], 0);
    }
}
