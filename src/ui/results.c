#include "ui/results.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "plot/heatmap.h"
#include "plot/scale.h"
#include "ui/draw.h"

static void say(const struct view_data *data, struct area area, const char *text)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_FAINT, 0, text);
}

/* False, and the reason is written, when there is nothing to show. */
static bool ready(const struct view_data *data, struct area area)
{
    if (area.width <= 0 || area.height <= 0)
        return false;
    if (data->settings->hide_test) {
        say(data, area, "test data hidden: predict first, then t");
        return false;
    }
    if (!data->picture || data->picture->rows == 0) {
        say(data, area, "measuring …");
        return false;
    }
    return true;
}

/* ---- confusion matrix ---- */

struct matrix {
    size_t classes, shown; /* classes that have room */
    int name_width, cell_width, cell_height;
    bool numbers, recall, summary;
};

#define SUMMARY_ROWS 3 /* a blank one and two of text */
#define CELL_WIDEST  32

static struct matrix plan_matrix(const struct view_data *data, struct area area, bool details)
{
    struct matrix m = {.classes = data->picture->classes};
    int longest = 1;
    for (size_t k = 0; k < m.classes; k++) {
        const int width = text_columns(data->dataset->class_name[k]);
        longest = width > longest ? width : longest;
    }
    m.recall = details && area.width >= 30;
    const int most = area.width / 4;
    m.name_width = longest < most ? longest : most;
    const int across = area.width - m.name_width - 1 - (m.recall ? 14 : 0);
    m.summary = details && area.height >= 2 * (int)m.classes + 1 + SUMMARY_ROWS;
    const int down = area.height - 1 - (m.summary ? SUMMARY_ROWS : 0);
    m.shown = m.classes;
    if ((int)m.shown > down)
        m.shown = down > 0 ? (size_t)down : 0;
    if ((int)m.shown > across / 2)
        m.shown = across > 0 ? (size_t)(across / 2) : 0;
    if (m.shown == 0)
        return m;
    m.cell_width = across / (int)m.shown;
    m.cell_width = m.cell_width > CELL_WIDEST ? CELL_WIDEST : m.cell_width;
    m.cell_height = down / (int)m.shown;
    while (m.cell_height > 1 && m.cell_height > (m.cell_width + 1) / 2)
        m.cell_height--;
    m.numbers = m.cell_width >= 3;
    return m;
}

/* A blank column between cells, where they are wide enough to spare one. */
static int visible_width(const struct matrix *m)
{
    return m->cell_width > 3 ? m->cell_width - 1 : m->cell_width;
}

static uint32_t row_total(const struct picture *picture, size_t row)
{
    uint32_t total = 0;
    for (size_t k = 0; k < picture->classes; k++)
        total += picture->confusion[row * picture->classes + k];
    return total;
}

/* Right ones in a calm colour, mistakes in a loud one: a mistake of a tenth of a class can be seen from afar. */
static uint32_t heat(const struct palette *palette, double share, bool right)
{
    const double strength = right ? 0.75 * share : fmin(0.25 + share * 1.1, 0.95);
    return share > 0 ? colour_mix(palette->role[ROLE_BAR], palette->role[right ? ROLE_TRAIN : ROLE_TEST], strength)
                     : palette->role[ROLE_BAR];
}

static uint32_t readable_on(const struct palette *palette, uint32_t ground)
{
    const unsigned light = (2 * (ground >> 16 & 0xff) + 5 * (ground >> 8 & 0xff) + (ground & 0xff)) / 8;
    (void)palette;
    return light > 120 ? 0x101010 : 0xf4f4f4;
}

static void draw_cell(const struct view_data *data, struct area area, const struct matrix *m, size_t row, size_t column,
                      uint32_t total)
{
    const struct palette *palette = data->palette;
    const uint32_t count = data->picture->confusion[row * m->classes + column];
    const double share = total ? (double)count / total : 0;
    const int x = m->name_width + 1 + (int)column * m->cell_width, y = 1 + (int)row * m->cell_height;
    const int width = visible_width(m);
    const uint32_t ground = palette->mono ? palette->role[ROLE_GROUND] : heat(palette, share, row == column);
    for (int i = 0; i < m->cell_height; i++)
        area_ground(area, x, y + i, width, ground);
    if (palette->mono && count > 0) {
        static const uint32_t shade[] = {0x2591, 0x2592, 0x2593};
        static const char plain[] = ".:#";
        const int step = share < 0.2 ? 0 : share < 0.6 ? 1 : 2;
        for (int i = 0; i < m->cell_height * width; i++)
            area_put(area, x + i % width, y + i / width, draw_glyph(palette, shade[step], plain[step]),
                     palette->role[ROLE_FAINT], 0);
    }
    char text[24] = "";
    if (m->numbers && data->settings->other_picture)
        snprintf(text, sizeof text, "%.0f", share * 100);
    else if (m->numbers)
        snprintf(text, sizeof text, "%u", count);
    if (count == 0 && m->numbers)
        snprintf(text, sizeof text, "%s", palette->ascii ? "." : "·");
    const int text_width = text_columns(text);
    const uint32_t ink = count == 0      ? palette->role[ROLE_GRID]
                         : palette->mono ? palette->role[ROLE_TEXT]
                                         : readable_on(palette, ground);
    for (int i = -1; palette->mono && i <= text_width; i++) /* clear of the shade */
        area_put(area, x + (width - text_width + 1) / 2 + i, y + (m->cell_height - 1) / 2, 0, 0, 0);
    if (text_width <= m->cell_width)
        area_text(area, x + (width - text_width + 1) / 2, y + (m->cell_height - 1) / 2, text_width, text, ink,
                  row == column ? CELL_BOLD : 0);
}

static void draw_recall(const struct view_data *data, struct area area, const struct matrix *m, size_t row,
                        uint32_t total)
{
    if (total == 0)
        return;
    const double recall = (double)data->picture->confusion[row * m->classes + row] / total;
    const int x = m->name_width + 1 + (int)m->shown * m->cell_width + 1;
    const int y = 1 + (int)row * m->cell_height + (m->cell_height - 1) / 2;
    struct pen pen = pen_at(area, (struct box){x, y, 13, 1}, data->palette);
    pen_format(&pen, recall < 0.8 ? ROLE_TEST : ROLE_STRONG, CELL_BOLD, "%4.0f%% ", recall * 100);
    const int bar = (int)lround(recall * 8);
    for (int i = 0; i < 8; i++)
        pen_write(&pen, i < bar ? ROLE_TRAIN : ROLE_GRID, 0, i < bar ? "━" : "─");
}

/* In words: how many are right, and the mistake made most often. */
static void draw_summary(const struct view_data *data, struct area area, const struct matrix *m)
{
    const uint32_t *confusion = data->picture->confusion;
    size_t right = 0, total = 0, often = 0;
    for (size_t i = 0; i < m->classes * m->classes; i++) {
        const bool diagonal = i / m->classes == i % m->classes;
        total += confusion[i];
        right += diagonal ? confusion[i] : 0;
        if (!diagonal && (confusion[i] > confusion[often] || often % (m->classes + 1) == 0))
            often = i;
    }
    char rows[32], all[32];
    const int y = 1 + (int)m->shown * m->cell_height + 1;
    struct pen pen = pen_at(area, (struct box){0, y, area.width, 1}, data->palette);
    pen_format(&pen, ROLE_STRONG, CELL_BOLD, "%s of %s right", number_count(rows, sizeof rows, right),
               number_count(all, sizeof all, total));
    if (total > 0)
        pen_format(&pen, ROLE_TEXT, 0, "  %.1f%%", 100.0 * (double)right / (double)total);
    pen = pen_at(area, (struct box){0, y + 1, area.width, 1}, data->palette);
    if (right == total)
        return;
    char **name = data->dataset->class_name;
    pen_format(&pen, ROLE_TEXT, 0, "most often: %.30s taken for %.30s", name[often / m->classes],
               name[often % m->classes]);
    pen_format(&pen, ROLE_TEST, CELL_BOLD, "  %s×", number_count(rows, sizeof rows, confusion[often]));
}

void results_draw_confusion(const struct view_data *data, struct area area, bool details)
{
    if (!ready(data, area) || !data->picture->confusion)
        return;
    const struct matrix m = plan_matrix(data, area, details);
    if (m.shown == 0)
        return;
    for (size_t column = 0; column < m.shown; column++) {
        const int x = m.name_width + 1 + (int)column * m.cell_width;
        const char *name = data->dataset->class_name[column];
        const int width = visible_width(&m);
        const int columns = text_columns(name) < width ? text_columns(name) : width;
        area_text(area, x + (width - columns) / 2, 0, width, name, data->palette->role[ROLE_TEXT], 0);
    }
    if (m.recall)
        area_text(area, m.name_width + 2 + (int)m.shown * m.cell_width, 0, 13, "  recall",
                  data->palette->role[ROLE_FAINT], 0);
    for (size_t row = 0; row < m.shown; row++) {
        const uint32_t total = row_total(data->picture, row);
        const int y = 1 + (int)row * m.cell_height + (m.cell_height - 1) / 2;
        area_text(area, 0, y, m.name_width, data->dataset->class_name[row], data->palette->role[ROLE_TEXT], 0);
        for (size_t column = 0; column < m.shown; column++)
            draw_cell(data, area, &m, row, column, total);
        if (m.recall)
            draw_recall(data, area, &m, row, total);
    }
    if (m.summary)
        draw_summary(data, area, &m);
}

/* ---- predicted against true ---- */

void results_draw_scatter(const struct view_data *data, struct area area)
{
    if (!ready(data, area) || area.height < 4 || area.width < 14)
        return;
    const struct dataset *dataset = data->dataset;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        if (row->row < dataset->train)
            continue;
        const double target = (double)dataset->target[row->row] * dataset->target_sd + dataset->target_mean;
        low = fmin(low, target);
        high = fmax(high, target);
    }
    if (!(high >= low))
        return;
    const struct scale scale = scale_nice(low, high > low ? high : low + 1, false);
    const int left = 7;
    const struct area plot = area_part(area, left, 0, area.width - left, area.height - 2);
    struct canvas *canvas = &data->scratch->canvas;
    if (!canvas_resize(canvas, plot.width, plot.height, data->palette->ascii))
        return;
    const double width = (double)plot.width * canvas->dots_x, height = (double)plot.height * canvas->dots_y;
    canvas_line(canvas, 0, height - 1, width - 1, 0, data->palette->role[ROLE_FAINT], 1, '.', TEXTURE_DASHED, false);
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        if (row->row < dataset->train)
            continue;
        const double target = (double)dataset->target[row->row] * dataset->target_sd + dataset->target_mean;
        const double value = (double)row->value * dataset->target_sd + dataset->target_mean;
        const double x = scale_position(&scale, target) * (width - 1);
        const double y = (1 - fmin(fmax(scale_position(&scale, value), 0), 1)) * (height - 1);
        if (!isfinite(y))
            continue;
        for (int dot = 0; dot < (data->palette->ascii ? 1 : 4); dot++)
            canvas_dot(canvas, (int)x + (dot & 1), (int)y + (dot >> 1), data->palette->role[ROLE_TEST], 2, 'o');
    }
    canvas_blit(canvas, plot);

    struct tick tick[SCALE_TICKS_MAX];
    size_t ticks = scale_ticks(&scale, (size_t)(plot.height / 3 + 2), TICK_NUMBER, tick);
    for (size_t i = 0; i < ticks; i++) {
        const int y = (int)((1 - scale_position(&scale, tick[i].value)) * (plot.height - 1) + 0.5);
        const int columns = text_columns(tick[i].label);
        area_text(area, left - 1 - columns, y, columns, tick[i].label, data->palette->role[ROLE_FAINT], 0);
    }
    ticks = scale_ticks(&scale, (size_t)(plot.width / 10 + 2), TICK_NUMBER, tick);
    for (size_t i = 0; i < ticks; i++) {
        const int columns = text_columns(tick[i].label);
        int x = left + (int)(scale_position(&scale, tick[i].value) * (plot.width - 1)) - columns / 2;
        x = x + columns > area.width ? area.width - columns : x;
        area_text(area, x, area.height - 2, columns, tick[i].label, data->palette->role[ROLE_FAINT], 0);
    }
    struct pen pen = pen_at(area, (struct box){left, area.height - 1, area.width - left, 1}, data->palette);
    pen_format(&pen, ROLE_FAINT, 0, "across: true %s, up: predicted",
               dataset->target_name ? dataset->target_name : "value");
}

/* ---- the worst examples ---- */

int results_image_side(const struct dataset *dataset)
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
#define SURE_LOSS    0.005 /* of a row that is not worth a line of the list */

static double raw_input(const struct dataset *dataset, size_t row, size_t input)
{
    const double value = (double)dataset->x[row * dataset->inputs + input];
    if (!dataset->input_sd)
        return value;
    const double raw = value * dataset->input_sd[input] + dataset->input_mean[input];
    return fabs(raw) < 1e-5 * dataset->input_sd[input] ? 0 : raw; /* zero but for rounding */
}

/* Two pixels a cell, each input `zoom` pixels wide and high; an odd last row stands alone. */
static void draw_image(const struct view_data *data, struct area area, size_t row, int side, int zoom)
{
    const size_t n = (size_t)side, z = (size_t)zoom, rows = (n * z + 1) / 2 * 2;
    uint32_t *pixel = scratch_take(data->scratch, SCRATCH_PIXELS, n * z * rows, sizeof *pixel);
    if (!pixel)
        return;
    double high = 1e-9;
    for (size_t i = 0; i < n * n; i++)
        high = fmax(high, raw_input(data->dataset, row, i));
    const uint32_t paper = colour_mix(data->palette->role[ROLE_GROUND], data->palette->role[ROLE_STRONG], 0.08);
    for (size_t y = 0; y < rows; y++)
        for (size_t x = 0; x < n * z; x++) {
            const double value = y / z < n ? raw_input(data->dataset, row, y / z * n + x / z) : 0;
            pixel[y * n * z + x] = colour_mix(paper, data->palette->role[ROLE_STRONG], fmax(value, 0) / high);
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
        pen_write(&pen, ROLE_FAINT, 0, "→");
        pen_write(&pen, right ? ROLE_TRAIN : ROLE_TEST, CELL_BOLD, dataset->class_name[row->predicted]);
        pen_format(&pen, ROLE_FAINT, 0, " %.0f%%", (double)row->p * 100);
    }
}

/* The inputs of a row that are farthest from the training mean, as "name value". */
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
        char number[32], text[96];
        snprintf(text, sizeof text, "%s%.40s %s", shown ? " · " : "", dataset->input_name[best],
                 number_short(number, sizeof number, raw_input(dataset, row, best)));
        if (!pen_fits(pen, ROLE_FAINT, 0, text))
            return;
    }
}

static void draw_class_row(const struct view_data *data, struct pen *pen, const struct picture_row *row)
{
    const struct dataset *dataset = data->dataset;
    const int start = pen->x, name = pen->end > 90 ? 16 : 11;
    const bool right = row->predicted == dataset->label[row->row];
    const int weight = right ? 0 : CELL_BOLD;
    pen_format(pen, right ? ROLE_TEXT : ROLE_STRONG, weight, "%.*s", name,
               dataset->class_name[dataset->label[row->row]]);
    pen->x = start + name + 1;
    pen_format(pen, right ? ROLE_TRAIN : ROLE_TEST, weight, "%.*s", name, dataset->class_name[row->predicted]);
    pen->x = start + 2 * (name + 1);
    pen_format(pen, ROLE_TEXT, 0, "%5.1f%%", (double)row->p * 100);
    pen_format(pen, ROLE_TEXT, 0, "%7.2f  ", (double)row->loss);
}

static void draw_value_row(const struct view_data *data, struct pen *pen, const struct picture_row *row)
{
    const struct dataset *dataset = data->dataset;
    char truth[32], predicted[32];
    number_short(truth, sizeof truth, (double)dataset->target[row->row] * dataset->target_sd + dataset->target_mean);
    number_short(predicted, sizeof predicted, (double)row->value * dataset->target_sd + dataset->target_mean);
    pen_format(pen, ROLE_STRONG, CELL_BOLD, "%9s ", truth);
    pen_format(pen, ROLE_TEST, CELL_BOLD, "%9s ", predicted);
    pen_format(pen, ROLE_TEXT, 0, "%7.3f  ", (double)row->loss);
}

static void draw_list(const struct view_data *data, struct area area)
{
    const bool classes = data->dataset->kind == TASK_CLASSIFY;
    const int name = area.width > 90 ? 16 : 11;
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    if (classes)
        pen_format(&pen, ROLE_FAINT, 0, "%-*s %-*s p(right)   loss  unusual", name, "true", name, "predicted");
    else
        pen_format(&pen, ROLE_FAINT, 0, "%9s %9s %7s  unusual", "true", "predicted", "loss");
    for (int i = 0; i + 1 < area.height && (size_t)i < data->picture->worst_count; i++) {
        const struct picture_row *row = &data->picture->row[data->picture->worst[i]];
        pen = pen_at(area, (struct box){0, i + 1, area.width, 1}, data->palette);
        if (classes && (double)row->loss < SURE_LOSS) {
            pen_format(&pen, ROLE_FAINT, 0, "all others are right and sure: a loss below %g", SURE_LOSS);
            return;
        }
        if (classes)
            draw_class_row(data, &pen, row);
        else
            draw_value_row(data, &pen, row);
        write_unusual(data, &pen, row->row);
    }
}

void results_draw_worst(const struct view_data *data, struct area area)
{
    if (!ready(data, area))
        return;
    const int side = results_image_side(data->dataset);
    if (side > 0 && side <= area.width && data->dataset->kind == TASK_CLASSIFY)
        draw_images(data, area, side);
    else
        draw_list(data, area);
}
