/* DESIGN.  figure_plan.c says what is shown; here it is laid out on a sheet of WIDTH by HEIGHT units, whatever the format, and drawn.
 * Text goes where it overlaps no other: each one that is written takes its box, and one that finds no free place is left out. */
#include "plot/figure.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/number.h"
#include "base/outfile.h"
#include "base/text.h"
#include "plot/figure_plan.h"

#define WIDTH     1600.0
#define HEIGHT    900.0
#define LEFT      140.0 /* of the plots; their labels stand left of it */
#define RIGHT     1400.0
#define TOP       122.0
#define BOTTOM    828.0
#define BETWEEN   52.0 /* the two plots */
#define LOSS_PART 0.62
#define ROW       27.0 /* of a marker's label */
#define ROWS      3
#define BEST_AWAY 0.08 /* of the width: nearer to the end the label of the best would only follow that of the line */

#define TITLE    34.0 /* sizes of text */
#define SUBTITLE 21.0
#define LABEL    21.0
#define TICK     19.0

enum { BOXES_MAX = 128 };

struct box {
    double x, y, width, height;
};

struct sheet {
    cairo_t *cairo;
    const struct figure *figure;
    const struct figure_plan *plan;
    struct box plot[FIGURE_PANELS];
    struct box taken[BOXES_MAX]; /* by texts */
    size_t boxes;
};

/* ---- pens ---- */

static void ink(const struct sheet *sheet, uint32_t colour)
{
    cairo_set_source_rgb(sheet->cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0);
}

static void role_ink(const struct sheet *sheet, enum role role)
{
    ink(sheet, sheet->figure->palette->role[role]);
}

static void faint_ink(const struct sheet *sheet, enum role role, double share)
{
    const uint32_t *colour = sheet->figure->palette->role;
    ink(sheet, colour_mix(colour[ROLE_GROUND], colour[role], share));
}

static void pen(const struct sheet *sheet, double width, const double *dashes, int count)
{
    cairo_set_line_width(sheet->cairo, width);
    cairo_set_dash(sheet->cairo, dashes, count, 0);
}

static void line(const struct sheet *sheet, double x0, double y0, double x1, double y1)
{
    cairo_move_to(sheet->cairo, x0, y0);
    cairo_line_to(sheet->cairo, x1, y1);
    cairo_stroke(sheet->cairo);
}

static double x_of(const struct sheet *sheet, double step)
{
    return LEFT + (RIGHT - LEFT) * scale_position(&sheet->plan->x, step);
}

/* Values far outside the scale stay near it: cairo's coordinates are small.  NaN stays NaN. */
static double y_of(const struct sheet *sheet, size_t panel, double value)
{
    const double place = scale_position(&sheet->plan->panel[panel].y, value);
    return sheet->plot[panel].y + sheet->plot[panel].height * (1 - (place < -1 ? -1 : place > 2 ? 2 : place));
}

/* ---- texts ---- */

static void font(const struct sheet *sheet, double size, bool bold)
{
    cairo_select_font_face(sheet->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(sheet->cairo, size);
}

static double text_width(const struct sheet *sheet, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(sheet->cairo, text, &extents);
    return extents.x_advance;
}

/* `align` 0: x is the left end, 1: the right one. */
static void write_text(const struct sheet *sheet, double x, double baseline, double align, const char *text)
{
    cairo_move_to(sheet->cairo, x - align * text_width(sheet, text), baseline);
    cairo_show_text(sheet->cairo, text);
}

static bool overlap(const struct box *a, const struct box *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static bool is_free(const struct sheet *sheet, const struct box *box)
{
    if (box->x < 0 || box->x + box->width > WIDTH || box->y < 0 || box->y + box->height > HEIGHT)
        return false;
    for (size_t i = 0; i < sheet->boxes; i++)
        if (overlap(&sheet->taken[i], box))
            return false;
    return true;
}

static void take(struct sheet *sheet, struct box box)
{
    if (sheet->boxes < BOXES_MAX)
        sheet->taken[sheet->boxes++] = box;
}

static double mean_of(const struct bucket *bucket)
{
    return bucket->sum / bucket->count;
}

/* The curve's height in the column, between its neighbours where it has none there; NaN beyond its ends. */
static double height_at(const struct figure_curve *curve, size_t column)
{
    size_t before = column, after = column;
    while (before > 0 && curve->column[before].count == 0)
        before--;
    while (after + 1 < FIGURE_COLUMNS && curve->column[after].count == 0)
        after++;
    if (curve->column[before].count == 0 || curve->column[after].count == 0)
        return NAN;
    const double low = mean_of(&curve->column[before]), high = mean_of(&curve->column[after]);
    return before == after ? low : low + (high - low) * (double)(column - before) / (double)(after - before);
}

/* How many columns of the panel's lines, and how many markers, a text in the box would lie on. */
static size_t hidden_by(const struct sheet *sheet, size_t panel, const struct box *box)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    size_t hidden = 0;
    for (size_t i = 0; i < sheet->plan->markers; i++) {
        const double x = x_of(sheet, sheet->plan->marker[i].step);
        hidden += x > box->x && x < box->x + box->width;
    }
    for (size_t c = 0; c < shown->curves; c++) {
        if (shown->curve[c].band)
            continue;
        for (size_t i = 0; i < FIGURE_COLUMNS; i++) {
            const double x = LEFT + (RIGHT - LEFT) * figure_column_at(i);
            if (x < box->x || x > box->x + box->width)
                continue;
            const double y = y_of(sheet, panel, height_at(&shown->curve[c], i));
            hidden += y > box->y && y < box->y + box->height;
        }
    }
    return hidden;
}

struct spot {
    double x, baseline, align;
};

/* Writes the text at the free spot where it hides least of the lines, the first of equals. */
static void place_text(struct sheet *sheet, size_t panel, const struct spot *spot, size_t spots, double size,
                       const char *text)
{
    const double width = text_width(sheet, text);
    size_t best = spots, least = SIZE_MAX;
    struct box chosen = {0, 0, 0, 0};
    for (size_t i = 0; i < spots; i++) {
        const struct box box = {spot[i].x - spot[i].align * width - 4, spot[i].baseline - size, width + 8, size * 1.3};
        if (!is_free(sheet, &box))
            continue;
        const size_t hidden = hidden_by(sheet, panel, &box);
        if (hidden >= least)
            continue;
        best = i;
        least = hidden;
        chosen = box;
    }
    if (best == spots)
        return;
    take(sheet, chosen);
    write_text(sheet, spot[best].x, spot[best].baseline, spot[best].align, text);
}

/* ---- axes ---- */

static void draw_y_axis(struct sheet *sheet, size_t panel)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    const struct box *plot = &sheet->plot[panel];
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(&shown->y, panel == PANEL_LOSS ? 7 : 5, shown->style, tick);
    font(sheet, TICK, false);
    for (size_t i = 0; i < ticks; i++) {
        const double y = y_of(sheet, panel, tick[i].value);
        role_ink(sheet, ROLE_GRID);
        pen(sheet, 0.8, NULL, 0);
        line(sheet, LEFT, y, RIGHT, y);
        role_ink(sheet, ROLE_TEXT);
        write_text(sheet, LEFT - 12, y + TICK * 0.36, 1, tick[i].label);
    }
    role_ink(sheet, ROLE_GRID);
    pen(sheet, 1.6, NULL, 0);
    line(sheet, LEFT, plot->y + plot->height, RIGHT, plot->y + plot->height);
    font(sheet, LABEL, true);
    role_ink(sheet, ROLE_STRONG);
    write_text(sheet, LEFT - 12, plot->y - 20, 1, shown->name);
}

static void draw_x_axis(const struct sheet *sheet)
{
    struct tick tick[SCALE_TICKS_MAX];
    const size_t ticks = scale_ticks(&sheet->plan->x, 9, TICK_COUNT, tick);
    font(sheet, TICK, false);
    for (size_t i = 0; i < ticks; i++) {
        const double x = x_of(sheet, tick[i].value);
        role_ink(sheet, ROLE_GRID);
        pen(sheet, 1.6, NULL, 0);
        line(sheet, x, BOTTOM, x, BOTTOM + 8);
        role_ink(sheet, ROLE_TEXT);
        write_text(sheet, x, BOTTOM + 32, 0.5, tick[i].label);
    }
    font(sheet, LABEL, true);
    role_ink(sheet, ROLE_STRONG);
    write_text(sheet, RIGHT + 64, BOTTOM + 32, 0, "step");
}

static void draw_reference(const struct sheet *sheet, size_t panel)
{
    static const double dots[] = {2, 7};
    const double reference = sheet->plan->panel[panel].reference;
    const double place = scale_position(&sheet->plan->panel[panel].y, reference);
    if (!(place >= 0 && place <= 1))
        return;
    role_ink(sheet, ROLE_FAINT);
    pen(sheet, 2, dots, 2);
    line(sheet, LEFT, y_of(sheet, panel, reference), RIGHT, y_of(sheet, panel, reference));
}

/* ---- curves ---- */

static void draw_band(const struct sheet *sheet, size_t panel, const struct figure_curve *curve)
{
    cairo_t *cairo = sheet->cairo;
    size_t first = FIGURE_COLUMNS;
    for (size_t i = 0; i < FIGURE_COLUMNS; i++)
        if (curve->column[i].count > 0) {
            first = i < first ? i : first;
            cairo_line_to(cairo, LEFT + (RIGHT - LEFT) * figure_column_at(i),
                          y_of(sheet, panel, curve->column[i].max) - 0.6);
        }
    if (first == FIGURE_COLUMNS)
        return;
    for (size_t i = FIGURE_COLUMNS; i-- > 0;)
        if (curve->column[i].count > 0)
            cairo_line_to(cairo, LEFT + (RIGHT - LEFT) * figure_column_at(i),
                          y_of(sheet, panel, curve->column[i].min) + 0.6);
    cairo_close_path(cairo);
    faint_ink(sheet, curve->role, 0.15);
    cairo_fill(cairo);
}

/* The last column with a value. */
static bool curve_end(const struct figure_curve *curve, size_t *column)
{
    for (size_t i = FIGURE_COLUMNS; i-- > 0;)
        if (curve->column[i].count > 0) {
            *column = i;
            return true;
        }
    return false;
}

/* The last value is the newest one as it is, not the mean of its column: it stands beside its label. */
static void draw_curve(const struct sheet *sheet, size_t panel, const struct figure_curve *curve)
{
    static const double dashes[] = {13, 7};
    const bool ghost = curve->role == ROLE_GHOST;
    const double usual = sheet->figure->palette->thick ? 4.5 : 3.2;
    size_t points = 0, last;
    double x = 0, y = 0;
    if (!curve_end(curve, &last))
        return;
    for (size_t i = 0; i <= last; i++)
        if (curve->column[i].count > 0) {
            x = LEFT + (RIGHT - LEFT) * figure_column_at(i);
            y = y_of(sheet, panel, i == last ? curve->column[i].last : mean_of(&curve->column[i]));
            cairo_line_to(sheet->cairo, x, y);
            points++;
        }
    role_ink(sheet, curve->role);
    pen(sheet, ghost ? usual * 0.6 : usual, dashes, curve->dashed ? 2 : 0);
    cairo_stroke(sheet->cairo);
    if (points == 1) {
        cairo_arc(sheet->cairo, x, y, usual, 0, 2 * M_PI);
        cairo_fill(sheet->cairo);
    }
}

static void shade_gap(const struct sheet *sheet)
{
    const struct figure_panel *loss = &sheet->plan->panel[PANEL_LOSS];
    if (loss->train < 0 || loss->test < 0)
        return;
    const double half = (RIGHT - LEFT) / FIGURE_COLUMNS / 2;
    role_ink(sheet, ROLE_GAP);
    for (size_t i = 0; i < FIGURE_COLUMNS;) {
        size_t end = i; /* of a stretch in which test is above */
        double low[2] = {0, 0};
        while (end < FIGURE_COLUMNS) {
            low[0] = height_at(&loss->curve[loss->train], end);
            low[1] = height_at(&loss->curve[loss->test], end);
            if (!(low[1] > low[0]))
                break;
            const double x = LEFT + (RIGHT - LEFT) * figure_column_at(end);
            cairo_line_to(sheet->cairo, end == i ? x - half : x, y_of(sheet, PANEL_LOSS, low[1]));
            end++;
        }
        for (size_t back = end; back-- > i;)
            cairo_line_to(sheet->cairo, LEFT + (RIGHT - LEFT) * figure_column_at(back),
                          y_of(sheet, PANEL_LOSS, height_at(&loss->curve[loss->train], back)));
        if (end > i) {
            cairo_close_path(sheet->cairo);
            cairo_fill(sheet->cairo);
        }
        i = end + 1;
    }
}

static void draw_nonfinite(const struct sheet *sheet, size_t panel)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    const double y = sheet->plot[panel].y + 9;
    role_ink(sheet, ROLE_WARN);
    pen(sheet, 3, NULL, 0);
    for (size_t c = 0; c < shown->curves; c++) {
        if (shown->curve[c].role == ROLE_GHOST)
            continue;
        double last = -INFINITY;
        for (size_t i = 0; i < FIGURE_COLUMNS; i++) {
            const double x = LEFT + (RIGHT - LEFT) * figure_column_at(i);
            if (shown->curve[c].column[i].nonfinite == 0 || x - last < 16)
                continue;
            line(sheet, x - 7, y - 7, x + 7, y + 7);
            line(sheet, x - 7, y + 7, x + 7, y - 7);
            last = x;
        }
    }
}

static void draw_panel(struct sheet *sheet, size_t panel)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    const struct box *plot = &sheet->plot[panel];
    cairo_save(sheet->cairo);
    cairo_rectangle(sheet->cairo, LEFT, plot->y - 3, RIGHT - LEFT, plot->height + 6);
    cairo_clip(sheet->cairo);
    for (size_t i = 0; i < shown->curves; i++)
        if (shown->curve[i].band)
            draw_band(sheet, panel, &shown->curve[i]);
    if (panel == PANEL_LOSS)
        shade_gap(sheet);
    cairo_restore(sheet->cairo);
    draw_y_axis(sheet, panel);

    cairo_save(sheet->cairo);
    cairo_rectangle(sheet->cairo, LEFT, plot->y - 3, RIGHT - LEFT, plot->height + 6);
    cairo_clip(sheet->cairo);
    draw_reference(sheet, panel);
    for (size_t i = 0; i < shown->curves; i++)
        if (!shown->curve[i].band)
            draw_curve(sheet, panel, &shown->curve[i]);
    draw_nonfinite(sheet, panel);
    cairo_restore(sheet->cairo);
}

/* ---- labels ---- */

static void format_value(char *out, size_t size, const struct figure_panel *shown, double value)
{
    if (shown->style == TICK_PERCENT)
        snprintf(out, size, "%.1f%%", 100 * value);
    else
        number_short(out, size, value);
}

/* Names and newest values of train and test stand right of the plot, apart from each other. */
static void label_lines(struct sheet *sheet, size_t panel)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    const struct box *plot = &sheet->plot[panel];
    const int index[] = {shown->train, shown->test};
    double y[2] = {0, 0};
    const struct bucket *end[2] = {NULL, NULL};
    for (size_t i = 0; i < 2; i++) {
        size_t column;
        if (index[i] < 0 || !curve_end(&shown->curve[index[i]], &column))
            continue;
        end[i] = &shown->curve[index[i]].column[column];
        y[i] = fmin(fmax(y_of(sheet, panel, end[i]->last), plot->y), plot->y + plot->height);
    }
    const double apart = LABEL * 1.25;
    if (end[0] && end[1] && fabs(y[0] - y[1]) < apart) {
        const size_t upper = y[0] < y[1] ? 0 : 1;
        const double middle = fmin(fmax((y[0] + y[1]) / 2, plot->y + apart / 2), plot->y + plot->height - apart / 2);
        y[upper] = middle - apart / 2;
        y[1 - upper] = middle + apart / 2;
    }
    for (size_t i = 0; i < 2; i++) {
        if (!end[i])
            continue;
        char value[24], text[48];
        format_value(value, sizeof value, shown, end[i]->last);
        snprintf(text, sizeof text, "%s %s", shown->curve[index[i]].label, value);
        font(sheet, LABEL, true);
        role_ink(sheet, shown->curve[index[i]].role);
        write_text(sheet, RIGHT + 18, y[i] + LABEL * 0.36, 0, text);
        take(sheet, (struct box){RIGHT + 12, y[i] - LABEL * 0.6, WIDTH - RIGHT - 12, LABEL * 1.2});
    }
}

static void label_ghosts(struct sheet *sheet, size_t panel)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    font(sheet, TICK, false);
    for (size_t i = 0; i < shown->curves; i++) {
        const struct figure_curve *curve = &shown->curve[i];
        size_t column;
        if (curve->role != ROLE_GHOST || !curve->label || !curve_end(curve, &column))
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s", curve->label);
        text_clean(name);
        const double x = LEFT + (RIGHT - LEFT) * figure_column_at(column);
        const double y = y_of(sheet, panel, mean_of(&curve->column[column])) + TICK * 0.36;
        if (y < sheet->plot[panel].y || y > sheet->plot[panel].y + sheet->plot[panel].height)
            continue;
        const struct spot spot[] = {
            {x + 8, y, 0}, {x + 8, y - 14, 0}, {x + 8, y + 14, 0}, {x - 4, y - 18, 1}, {x - 4, y + 20, 1}};
        faint_ink(sheet, ROLE_FAINT, 0.9);
        place_text(sheet, panel, spot, sizeof spot / sizeof *spot, TICK, name);
    }
}

static void label_reference(struct sheet *sheet, size_t panel)
{
    const double reference = sheet->plan->panel[panel].reference;
    const double place = scale_position(&sheet->plan->panel[panel].y, reference);
    if (!(place >= 0 && place <= 1))
        return;
    const double y = y_of(sheet, panel, reference), middle = (LEFT + RIGHT) / 2;
    const struct spot spot[] = {{RIGHT - 8, y - 8, 1}, {RIGHT - 8, y + TICK + 3, 1}, {middle, y - 8, 0.5},
                                {LEFT + 10, y - 8, 0}, {middle, y + TICK + 3, 0.5},  {LEFT + 10, y + TICK + 3, 0}};
    font(sheet, TICK, false);
    role_ink(sheet, ROLE_FAINT);
    place_text(sheet, panel, spot, sizeof spot / sizeof *spot, TICK, "guessing");
}

static void draw_best(struct sheet *sheet)
{
    const double x = x_of(sheet, sheet->plan->best_step), y = y_of(sheet, PANEL_LOSS, sheet->plan->best_loss);
    const double size = 10;
    if (!(x >= LEFT && x <= RIGHT))
        return;
    cairo_move_to(sheet->cairo, x, y - size);
    cairo_line_to(sheet->cairo, x + size, y);
    cairo_line_to(sheet->cairo, x, y + size);
    cairo_line_to(sheet->cairo, x - size, y);
    cairo_close_path(sheet->cairo);
    role_ink(sheet, ROLE_BEST);
    cairo_fill_preserve(sheet->cairo);
    role_ink(sheet, ROLE_GROUND);
    pen(sheet, 2, NULL, 0);
    cairo_stroke(sheet->cairo);

    if (x > RIGHT - BEST_AWAY * (RIGHT - LEFT))
        return;
    char loss[24], step[32], text[80];
    snprintf(text, sizeof text, "best %s at step %s", number_short(loss, sizeof loss, sheet->plan->best_loss),
             number_count(step, sizeof step, (uint64_t)sheet->plan->best_step));
    const struct spot spot[] = {{x, y - 20, 0.5},    {x, y + 36, 0.5},    {x + 14, y - 20, 0}, {x - 14, y - 20, 1},
                                {x - 14, y + 36, 1}, {x + 14, y + 36, 0}, {x - 14, y - 60, 1}, {x - 14, y - 100, 1}};
    font(sheet, TICK, false);
    role_ink(sheet, ROLE_BEST);
    place_text(sheet, PANEL_LOSS, spot, sizeof spot / sizeof *spot, TICK, text);
}

/* ---- markers ---- */

/* Rows of labels above the plots, counted from the lowest; -1: left out.  `right` tells on which side of its line it stands. */
struct marker_place {
    int row;
    bool right;
};

/* The newest labels come first; the number of rows that are kept for them. */
static int place_markers(const struct sheet *sheet, struct marker_place *place)
{
    const struct figure_plan *plan = sheet->plan;
    struct box taken[2 * FIGURE_MARKERS];
    size_t boxes = 0;
    int rows = 1;
    font(sheet, TICK, false);
    for (size_t i = plan->markers; i-- > 0;) {
        place[i] = (struct marker_place){.row = -1};
        const double x = x_of(sheet, plan->marker[i].step), width = text_width(sheet, plan->marker[i].label) + 14;
        for (int spot = 0; spot < 2 * ROWS && place[i].row < 0; spot++) {
            const bool right = spot % 2 == 0;
            const int row = spot / 2;
            const struct box box = {right ? x + 2 : x - 2 - width, ROW * row, width, ROW};
            const struct box below = {x - 1, 0, 2, ROW * (row + 1)}; /* its line on the way up */
            bool free = box.x >= LEFT - 4 && box.x + width <= WIDTH;
            for (size_t b = 0; b < boxes; b++)
                free = free && !overlap(&taken[b], &box) && !overlap(&taken[b], &below);
            if (!free)
                continue;
            place[i] = (struct marker_place){.row = row, .right = right};
            taken[boxes++] = box;
            taken[boxes++] = below;
            rows = row + 1 > rows ? row + 1 : rows;
        }
    }
    return rows;
}

static void draw_markers(const struct sheet *sheet, const struct marker_place *place)
{
    static const double dashes[] = {5, 5};
    const double top = sheet->plot[PANEL_LOSS].y;
    font(sheet, TICK, false);
    for (size_t i = 0; i < sheet->plan->markers; i++) {
        const struct figure_marker *marker = &sheet->plan->marker[i];
        const double x = x_of(sheet, marker->step);
        const double rise = place[i].row >= 0 ? ROW * (place[i].row + 1) : 0;
        faint_ink(sheet, marker->role, 0.75);
        pen(sheet, 1.6, dashes, marker->strong ? 0 : 2);
        line(sheet, x, top - rise, x, top + sheet->plot[PANEL_LOSS].height);
        line(sheet, x, sheet->plot[PANEL_ACCURACY].y, x, BOTTOM);
        if (place[i].row < 0)
            continue;
        role_ink(sheet, marker->role);
        write_text(sheet, place[i].right ? x + 6 : x - 6, top - rise + ROW * 0.72, place[i].right ? 0 : 1,
                   marker->label);
    }
}

/* ---- the sheet ---- */

static void draw_titles(const struct sheet *sheet)
{
    char text[160];
    snprintf(text, sizeof text, "%s", sheet->figure->title);
    text_clean(text);
    font(sheet, TITLE, true);
    role_ink(sheet, ROLE_STRONG);
    write_text(sheet, LEFT, 56, 0, text);
    snprintf(text, sizeof text, "%s", sheet->figure->subtitle);
    text_clean(text);
    font(sheet, SUBTITLE, false);
    role_ink(sheet, ROLE_FAINT);
    write_text(sheet, LEFT, 92, 0, text);
}

static void draw(cairo_t *cairo, const struct figure *figure, const struct figure_plan *plan)
{
    struct sheet sheet = {.cairo = cairo, .figure = figure, .plan = plan};
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    role_ink(&sheet, ROLE_GROUND);
    cairo_paint(cairo);

    struct marker_place place[FIGURE_MARKERS];
    const double top = TOP + ROW * place_markers(&sheet, place) + 6;
    const double loss = (BOTTOM - top - BETWEEN) * LOSS_PART;
    sheet.plot[PANEL_LOSS] = (struct box){LEFT, top, RIGHT - LEFT, loss};
    sheet.plot[PANEL_ACCURACY] = (struct box){LEFT, top + loss + BETWEEN, RIGHT - LEFT, BOTTOM - top - loss - BETWEEN};

    for (size_t i = 0; i < FIGURE_PANELS; i++)
        draw_panel(&sheet, i);
    draw_x_axis(&sheet);
    draw_markers(&sheet, place);
    draw_titles(&sheet);
    for (size_t i = 0; i < FIGURE_PANELS; i++)
        label_lines(&sheet, i);
    draw_best(&sheet);
    for (size_t i = 0; i < FIGURE_PANELS; i++) {
        label_ghosts(&sheet, i);
        label_reference(&sheet, i);
    }
}

/* ---- files ---- */

static cairo_status_t write_bytes(void *stream, const unsigned char *data, unsigned length)
{
    return fwrite(data, 1, length, stream) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

struct format {
    const char *ending;
    double scale; /* pixels or points a unit */
    cairo_surface_t *(*create)(FILE *stream, double width, double height);
    bool is_pixels; /* written when all is drawn */
};

static cairo_surface_t *create_svg(FILE *stream, double width, double height)
{
    return cairo_svg_surface_create_for_stream(write_bytes, stream, width, height);
}

/* Without a date: the same run gives the same bytes. */
static cairo_surface_t *create_pdf(FILE *stream, double width, double height)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(write_bytes, stream, width, height);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    return surface;
}

static cairo_surface_t *create_png(FILE *stream, double width, double height)
{
    (void)stream;
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
}

static const struct format format_table[] = {
    {.ending = ".svg", .scale = 1, .create = create_svg},
    {.ending = ".pdf", .scale = 0.6, .create = create_pdf},
    {.ending = ".png", .scale = 1.2, .create = create_png, .is_pixels = true},
};

static const struct format *format_of(const char *path)
{
    const size_t length = strlen(path);
    for (size_t i = 0; i < sizeof format_table / sizeof *format_table; i++) {
        const size_t ending = strlen(format_table[i].ending);
        if (length > ending && strcmp(path + length - ending, format_table[i].ending) == 0)
            return &format_table[i];
    }
    return NULL;
}

bool figure_is_for(const char *path)
{
    return format_of(path) != NULL;
}

/* NULL, or what is wrong besides what the stream itself can tell. */
static const char *draw_into(FILE *stream, const struct format *format, const struct figure *figure,
                             const struct figure_plan *plan)
{
    cairo_surface_t *surface = format->create(stream, WIDTH * format->scale, HEIGHT * format->scale);
    cairo_t *cairo = cairo_create(surface);
    cairo_scale(cairo, format->scale, format->scale);
    draw(cairo, figure, plan);
    cairo_status_t status = cairo_status(cairo);
    cairo_destroy(cairo);
    if (status == CAIRO_STATUS_SUCCESS && format->is_pixels)
        status = cairo_surface_write_to_png_stream(surface, write_bytes, stream);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR ? NULL : cairo_status_to_string(status);
}

enum status figure_write(const struct figure *figure, const char *path, struct error *error)
{
    const struct format *format = format_of(path);
    if (!format)
        return error_set(error, STATUS_USAGE, "%s: a figure is a .svg, .pdf or .png file", path);
    struct figure_plan plan;
    if (!figure_plan_make(&plan, figure))
        return error_memory(error);
    struct outfile *file = NULL;
    enum status status = outfile_open(&file, path, error);
    if (status == STATUS_OK) {
        const char *wrong = draw_into(outfile_stream(file), format, figure, &plan);
        status = outfile_close(file, !wrong, error);
        if (wrong)
            status = error_set(error, STATUS_FAILED, "%s: cannot be drawn: %s", path, wrong);
    }
    figure_plan_free(&plan);
    return status;
}
