#include "ui/results.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "plot/scale.h"
#include "ui/draw.h"

static void say(const struct view_data *data, struct area area, const char *text)
{
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_FAINT, 0, text);
}

#define OFF_BY 0.3 /* in the unit of the data set's targets */

bool results_wrong(const struct dataset *dataset, const struct picture_row *row)
{
    if (dataset->kind == TASK_CLASSIFY)
        return row->predicted != dataset->label[row->row];
    return !(fabs((double)row->value - (double)dataset->target[row->row]) <= OFF_BY);
}

double results_tolerance(const struct dataset *dataset)
{
    return OFF_BY * dataset->target_sd;
}

bool results_ready(const struct view_data *data, struct area area)
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
#define RECALL_BAR   6 /* columns; before it stand " 100% " */

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
    const int across = area.width - m.name_width - 1 - (m.recall ? RECALL_BAR + 6 : 0);
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
    struct pen pen = pen_at(area, (struct box){x, y, RECALL_BAR + 5, 1}, data->palette);
    pen_format(&pen, recall < 0.8 ? ROLE_TEST : ROLE_STRONG, CELL_BOLD, "%4.0f%% ", recall * 100);
    const int bar = (int)(recall * RECALL_BAR); /* full when all are right */
    for (int i = 0; i < RECALL_BAR; i++)
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
    if (!results_ready(data, area) || !data->picture->confusion)
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
        area_text(area, m.name_width + 2 + (int)m.shown * m.cell_width, 0, RECALL_BAR + 5, "  recall",
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

/* ---- how sure ---- */

#define BINS        10
#define LABEL       8 /* columns: "90-100% " */
#define COUNT       6 /* columns behind a bar */
#define BAR_LONGEST 60
#define PITCH_MOST  3 /* rows from bar to bar */

struct bin {
    int wrong, right;
};

static void draw_bar(const struct palette *palette, struct area area, const struct bin *bin, int most)
{
    const int all = bin->wrong + bin->right;
    const int longest = area.width - COUNT < BAR_LONGEST ? area.width - COUNT : BAR_LONGEST;
    const int length = (all * longest + most - 1) / most; /* a single row is seen */
    const int wrong = all > 0 ? (bin->wrong * length + all - 1) / all : 0;
    const uint32_t wrong_glyph = draw_glyph(palette, palette->mono ? 0x2592 : 0x2588, 'x');
    for (int i = 0; i < length * area.height; i++) {
        const int x = i % length, y = i / length;
        if (x < wrong)
            area_put(area, x, y, wrong_glyph, palette->role[ROLE_TEST], 0);
        else
            area_put(area, x, y, draw_glyph(palette, 0x2588, '#'), palette->role[ROLE_TRAIN], 0);
    }
    struct pen pen = pen_at(area, (struct box){length + 1, 0, COUNT - 1, 1}, palette);
    if (all > 0)
        pen_format(&pen, ROLE_TEXT, 0, "%d", all);
}

void results_draw_sureness(const struct view_data *data, struct area area)
{
    struct bin bin[BINS] = {0};
    int most = 1;
    if (area.height <= BINS || area.width < LABEL + COUNT + 20)
        return;
    for (size_t i = 0; i < data->picture->rows; i++) {
        const struct picture_row *row = &data->picture->row[i];
        const float p = row->p > 0 ? row->p : 0; /* no number is as bad as nought */
        struct bin *at = &bin[p < 1 ? (int)(p * BINS) : BINS - 1];
        *(row->predicted == data->dataset->label[row->row] ? &at->right : &at->wrong) += 1;
        most = at->wrong + at->right > most ? at->wrong + at->right : most;
    }
    struct pen pen = pen_at(area, (struct box){0, 0, area.width, 1}, data->palette);
    pen_write(&pen, ROLE_STRONG, CELL_BOLD, "how sure");
    pen_skip(&pen, 2);
    pen_fits(&pen, ROLE_FAINT, 0, "test rows by p(right)");
    const int room = area.height / BINS, pitch = room < PITCH_MOST ? room : PITCH_MOST;
    for (int i = 0; i < BINS; i++) {
        const int y = 1 + i * pitch;
        char label[16];
        snprintf(label, sizeof label, "%d-%d%%", i * 100 / BINS, (i + 1) * 100 / BINS);
        pen = pen_at(area, (struct box){0, y, LABEL, 1}, data->palette);
        pen_format(&pen, ROLE_FAINT, 0, "%*s", LABEL - 1, label);
        draw_bar(data->palette, area_part(area, LABEL, y, area.width - LABEL, pitch > 1 ? pitch - 1 : 1), &bin[i],
                 most);
    }
}

/* ---- predicted against true ---- */

void results_draw_scatter(const struct view_data *data, struct area area)
{
    if (!results_ready(data, area) || area.height < 4 || area.width < 14)
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
