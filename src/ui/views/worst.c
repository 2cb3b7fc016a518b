/* Draws the test rows with the largest loss: as images, or as a list with their inputs. */
#include "ui/views/worst.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "plot/heatmap.h"
#include "ui/draw.h"
#include "ui/views/results.h"

int worst_image_side(const struct dataset *dataset)
{
    const int side = (int)lround(sqrt((double)dataset->inputs));
    if (side < 4 || (size_t)side * (size_t)side != dataset->inputs || !dataset->input_name)
        return 0;
    const char *last = dataset->input_name[dataset->inputs - 1];
    const char *digits = last;
    while (*digits && !isdigit((unsigned char)*digits))
        digits++;
    const bool numbered = digits > last && isdigit((unsigned char)*digits);
    const long number = numbered ? strtol(digits, NULL, 10) : -1;
    return number == (long)dataset->inputs - 1 || number == (long)dataset->inputs ? side : 0;
}

#define IMAGES_LEAST 6
#define SURE_LOSS    0.05 /* of a row that is not worth a line of the list */
#define MARK         2    /* columns of the mark in front of a line */
#define GREY         0x010101u
#define VALUE        9 /* columns of a target in the list */
#define INPUT        8 /* of an input */

enum { INPUT_COLUMNS = 3 }; /* so many inputs have columns of their own */

static double raw_input(const struct dataset *dataset, size_t row, size_t input)
{
    const double value = (double)dataset->x[row * dataset->inputs + input];
    const double raw = value * dataset->input_sd[input] + dataset->input_mean[input];
    return fabs(raw) < 1e-5 * dataset->input_sd[input] ? 0 : raw; /* zero but for rounding */
}

/* In greys of no tint, which terminals with 256 colours have.  Two pixels a cell, each input `zoom` pixels wide and
 * high; an odd last row stands alone. */
static void draw_image(const struct view_data *data, struct area area, size_t row, int side, int zoom)
{
    const size_t n = (size_t)side, z = (size_t)zoom, rows = (n * z + 1) / 2 * 2;
    uint32_t *pixel = scratch_take(data->scratch, SCRATCH_PIXELS, n * z * rows, sizeof *pixel);
    if (!pixel)
        return;
    double high = 1e-9;
    for (size_t i = 0; i < n * n; i++)
        high = fmax(high, raw_input(data->dataset, row, i));
    const uint32_t ink = data->palette->role[ROLE_STRONG] & 0xff, paper = data->palette->role[ROLE_BAR] & 0xff;
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < n * z; x++) {
            const double value = y / z < n ? raw_input(data->dataset, row, y / z * n + x / z) : 0;
            pixel[y * n * z + x] = colour_mix(paper * GREY, ink * GREY, fmax(value, 0) / high);
        }
    heatmap_draw(area, pixel, data->palette);
}

struct album {
    int zoom, width, height; /* of an image with what stands around it */
    int across, down;
};

static struct album album_of(struct area area, int side, int zoom)
{
    struct album album = {.zoom = zoom, .width = side * zoom + 2, .height = (side * zoom + 1) / 2 + 2};
    album.width = album.width > 12 ? album.width : 12;
    album.across = (area.width + 2) / album.width;
    album.down = (area.height + 1) / album.height;
    return album;
}

static void draw_images(const struct view_data *data, struct area area, int side)
{
    const struct picture *picture = data->picture;
    const struct dataset *dataset = data->dataset;
    struct album album = album_of(area, side, 1);
    for (;;) { /* as large as leaves room for enough of them */
        const struct album larger = album_of(area, side, album.zoom + 1);
        if (larger.across * larger.down < IMAGES_LEAST)
            break;
        album = larger;
    }
    const int wide = side * album.zoom, tall = (wide + 1) / 2;
    for (int i = 0; i < album.across * album.down && (size_t)i < picture->worst_count; i++) {
        const struct picture_row *row = &picture->row[picture->worst[i]];
        const int x = (i % album.across) * album.width, y = (i / album.across) * album.height;
        draw_image(data, area_part(area, x, y, wide, tall), row->row, side, album.zoom);
        struct pen pen = pen_at(area, (struct box){x, y + tall, album.width - 1, 1}, data->palette);
        const bool right = row->predicted == dataset->label[row->row];
        pen_write(&pen, ROLE_STRONG, CELL_BOLD, dataset->class_name[dataset->label[row->row]]);
        pen_write(&pen, right ? ROLE_TRAIN : ROLE_FAINT, 0, right ? " ✓" : "→");
        if (!right)
            pen_write(&pen, ROLE_TEST, CELL_BOLD, dataset->class_name[row->predicted]);
        pen_format(&pen, ROLE_FAINT, 0, " %.0f%%", (double)row->p * 100);
    }
}

/* ---- the list ---- */

/* None where the column has only whole numbers. */
static int decimals_of_input(const struct view_data *data, size_t input)
{
    const struct dataset *dataset = data->dataset;
    const double sd = dataset->input_sd[input];
    bool whole = true;
    for (size_t i = 0; whole && i < data->picture->rows; i++) {
        const double value = raw_input(dataset, data->picture->row[i].row, input);
        whole = fabs(value - round(value)) < 1e-5 * sd;
    }
    return whole ? 0 : results_decimals(sd);
}

struct list {
    size_t columns; /* inputs that have a column of their own; 0: the unusual ones are named */
    int input_decimals[INPUT_COLUMNS];
    int decimals; /* of targets */
    int name;     /* columns of a class */
};

static struct list plan_list(const struct view_data *data, struct area area)
{
    const struct dataset *dataset = data->dataset;
    struct list list = {.columns = dataset->inputs <= INPUT_COLUMNS ? dataset->inputs : 0,
                        .decimals = results_decimals(dataset->target_sd),
                        .name = text_columns("predicted")};
    const int widest = area.width > 90 ? 16 : 11;
    for (size_t k = 0; k < dataset->classes; k++) {
        const int columns = text_columns(dataset->class_name[k]);
        list.name = columns > list.name ? columns : list.name;
    }
    list.name = list.name < widest ? list.name : widest;
    for (size_t i = 0; i < list.columns; i++)
        list.input_decimals[i] = decimals_of_input(data, i);
    return list;
}

/* One value of a column that stands for a word, "colour=red", is whether it is that word. */
static void describe_input(const struct dataset *dataset, size_t row, size_t input, char *out, size_t size)
{
    char number[32];
    const char *name = dataset->input_name[input], *word = strchr(name, '=');
    const double value = raw_input(dataset, row, input);
    if (word && (fabs(value) < 1e-3 || fabs(value - 1) < 1e-3))
        snprintf(out, size, "%.*s %s %s", (int)(word - name), name, value > 0.5 ? "=" : "not", word + 1);
    else
        snprintf(out, size, "%s %s", name, number_short(number, sizeof number, value));
}

/* The inputs of a row that are farthest from the training mean. */
static void write_unusual(const struct view_data *data, struct pen *pen, size_t row)
{
    const struct dataset *dataset = data->dataset;
    double last = INFINITY;
    for (size_t shown = 0; shown < dataset->inputs && shown < 6; shown++) {
        size_t best = dataset->inputs;
        double far = -1;
        for (size_t i = 0; i < dataset->inputs; i++) {
            const double z = fabs((double)dataset->x[row * dataset->inputs + i]);
            if (z < last && z > far) {
                far = z;
                best = i;
            }
        }
        if (best == dataset->inputs)
            return;
        last = far;
        char input[128], text[160];
        describe_input(dataset, row, best, input, sizeof input);
        snprintf(text, sizeof text, "%s%s", shown ? " · " : "", input);
        if (shown == 0) /* cut rather than not said at all */
            pen_write(pen, ROLE_FAINT, 0, text);
        else if (!pen_fits(pen, ROLE_FAINT, 0, text))
            return;
    }
}

static void write_inputs(const struct view_data *data, struct pen *pen, const struct list *list, size_t row)
{
    char number[32], text[40];
    if (list->columns == 0) {
        pen_skip(pen, 2);
        write_unusual(data, pen, row);
    }
    for (size_t i = 0; i < list->columns; i++) {
        results_number(number, sizeof number, raw_input(data->dataset, row, i), list->input_decimals[i]);
        snprintf(text, sizeof text, " %*s", INPUT, number);
        pen_fits(pen, ROLE_TEXT, 0, text);
    }
}

static void write_heading(const struct view_data *data, struct pen *pen, const struct list *list)
{
    const struct dataset *dataset = data->dataset;
    if (dataset->kind == TASK_CLASSIFY)
        pen_format(pen, ROLE_FAINT, 0, "%*s%-*s %-*s p(right)   loss", MARK, "", list->name, "true", list->name,
                   "predicted");
    else
        pen_format(pen, ROLE_FAINT, 0, "%*s %*s %*s", VALUE, "true", VALUE, "predicted", VALUE, "off by");
    if (list->columns == 0)
        pen_fits(pen, ROLE_FAINT, 0, "  unusual");
    for (size_t i = 0; i < list->columns; i++) {
        const char *name = dataset->input_name[i];
        const int columns = text_columns(name) < INPUT ? text_columns(name) : INPUT;
        if (pen->x + 1 + INPUT <= pen->end)
            area_text(pen->area, pen->x + 1 + INPUT - columns, pen->y, columns, name, data->palette->role[ROLE_FAINT],
                      0);
        pen_skip(pen, 1 + INPUT);
    }
}

static void write_name(struct pen *pen, enum role role, int attributes, int columns, const char *name)
{
    const int left = pen->end - pen->x;
    area_text(pen->area, pen->x, pen->y, columns < left ? columns : left, name, pen->palette->role[role],
              (uint8_t)attributes);
}

static void draw_class_row(const struct view_data *data, struct pen *pen, const struct list *list,
                           const struct picture_row *row)
{
    const struct dataset *dataset = data->dataset;
    const int start = pen->x, name = list->name;
    const bool right = row->predicted == dataset->label[row->row];
    const int weight = right ? 0 : CELL_BOLD;
    pen_write(pen, right ? ROLE_TRAIN : ROLE_TEST, weight, right ? "✓ " : "× ");
    write_name(pen, right ? ROLE_TEXT : ROLE_STRONG, weight, name, dataset->class_name[dataset->label[row->row]]);
    pen->x = start + MARK + name + 1;
    write_name(pen, right ? ROLE_TRAIN : ROLE_TEST, weight, name, dataset->class_name[row->predicted]);
    pen->x = start + MARK + 2 * (name + 1);
    pen_format(pen, ROLE_TEXT, 0, "%7.1f%%", (double)row->p * 100);
    pen_format(pen, ROLE_TEXT, 0, "%7.2f", (double)row->loss);
}

static void draw_value_row(const struct view_data *data, struct pen *pen, const struct list *list,
                           const struct picture_row *row)
{
    const struct dataset *dataset = data->dataset;
    const double target = (double)dataset->target[row->row] * dataset->target_sd + dataset->target_mean;
    const double value = (double)row->value * dataset->target_sd + dataset->target_mean;
    const enum role role = results_wrong(dataset, row) ? ROLE_TEST : ROLE_TEXT;
    char number[32];
    pen_format(pen, ROLE_STRONG, 0, "%*s", VALUE, results_number(number, sizeof number, target, list->decimals));
    pen_format(pen, role, 0, " %*s", VALUE, results_number(number, sizeof number, value, list->decimals));
    pen_format(pen, role, CELL_BOLD, " %*s", VALUE,
               results_number(number, sizeof number, value - target, list->decimals));
}

/* The rows that it has written. */
static int draw_list(const struct view_data *data, struct area area)
{
    const bool classes = data->dataset->kind == TASK_CLASSIFY;
    const struct list list = plan_list(data, area);
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    write_heading(data, &pen, &list);
    int y = 1;
    for (size_t i = 0; y < area.height && i < data->picture->worst_count; i++) {
        const struct picture_row *row = &data->picture->row[data->picture->worst[i]];
        pen = pen_at(area, (struct box){0, y++, area.width, 1}, data->palette);
        if (classes && (double)row->loss < SURE_LOSS) {
            pen_format(&pen, ROLE_FAINT, 0, "all others are right and sure: a loss below %g", SURE_LOSS);
            return y;
        }
        if (classes)
            draw_class_row(data, &pen, &list, row);
        else
            draw_value_row(data, &pen, &list, row);
        write_inputs(data, &pen, &list, row->row);
    }
    return y;
}

void worst_draw(const struct view_data *data, struct area area, bool sureness)
{
    if (!results_ready(data, area))
        return;
    const int side = worst_image_side(data->dataset);
    if (side > 0 && side <= area.width && data->dataset->kind == TASK_CLASSIFY)
        draw_images(data, area, side);
    else {
        const int used = draw_list(data, area) + 1;
        if (sureness)
            results_draw_sureness(data, area_part(area, 0, used, area.width, area.height - used));
    }
}
