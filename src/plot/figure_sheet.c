/* Computes where each part of a figure goes on its sheet. */
#include "plot/figure_sheet.h"

#include <math.h>
#include <string.h>

#define TOP       122.0
#define BETWEEN   52.0 /* the two plots */
#define LOSS_PART 0.62
#define ROWS      3    /* of markers' labels */
#define BEST_AWAY 0.08 /* of the width: nearer to the end the label of the best would only follow that of the line */
#define OUTSIDE   8.0  /* as far as a text in a plot may stick out of it */
#define RAISED    0.36 /* of the size: a baseline so far below a height has the text's middle there */

/* ---- places ---- */

double sheet_x(const struct sheet *sheet, double step)
{
    return SHEET_LEFT + (SHEET_RIGHT - SHEET_LEFT) * scale_position(&sheet->plan->x, step);
}

double sheet_column_x(size_t column)
{
    return SHEET_LEFT + (SHEET_RIGHT - SHEET_LEFT) * ((double)column + 0.5) / FIGURE_COLUMNS;
}

double sheet_y(const struct sheet *sheet, size_t panel, double value)
{
    const double place = scale_position(&sheet->plan->panel[panel].y, value);
    return sheet->plot[panel].y + sheet->plot[panel].height * (1 - (place < -1 ? -1 : place > 2 ? 2 : place));
}

bool sheet_shows(const struct sheet *sheet, size_t panel, double value)
{
    const double place = scale_position(&sheet->plan->panel[panel].y, value);
    return place >= 0 && place <= 1;
}

static bool overlap(const struct box *a, const struct box *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

/* A text that stuck out of its plot would seem to belong to the other one. */
static bool is_free(const struct sheet *sheet, size_t panel, const struct box *box)
{
    const struct box *plot = &sheet->plot[panel];
    if (box->x < 0 || box->x + box->width > SHEET_WIDTH || box->y < plot->y - OUTSIDE ||
        box->y + box->height > plot->y + plot->height + OUTSIDE)
        return false;
    for (size_t i = 0; i < sheet->boxes; i++)
        if (overlap(&sheet->taken[i], box))
            return false;
    return true;
}

static void take(struct sheet *sheet, struct box box)
{
    if (sheet->boxes < SHEET_TEXTS)
        sheet->taken[sheet->boxes++] = box;
}

/* ---- markers ---- */

/* The newest labels come first; the number of rows that are kept for them. */
static int place_markers(struct sheet *sheet, const double *marker_width)
{
    const struct figure_plan *plan = sheet->plan;
    struct box taken[2 * FIGURE_MARKERS];
    size_t boxes = 0;
    int rows = 1;
    for (size_t i = plan->markers; i-- > 0;) {
        struct marker_place *place = &sheet->place[i];
        *place = (struct marker_place){.row = -1};
        const double x = sheet_x(sheet, plan->marker[i].step), width = marker_width[i] + 14;
        for (int spot = 0; spot < 2 * ROWS && place->row < 0; spot++) {
            const bool right = spot % 2 == 0;
            const int row = spot / 2;
            const struct box box = {right ? x + 2 : x - 2 - width, SHEET_ROW * row, width, SHEET_ROW};
            const struct box below = {x - 1, 0, 2, SHEET_ROW * (row + 1)}; /* its line on the way up */
            bool free = box.x >= SHEET_LEFT - 4 && box.x + width <= SHEET_WIDTH;
            for (size_t b = 0; b < boxes; b++)
                free = free && !overlap(&taken[b], &box) && !overlap(&taken[b], &below);
            if (!free)
                continue;
            *place = (struct marker_place){.row = row, .right = right};
            taken[boxes++] = box;
            taken[boxes++] = below;
            rows = row + 1 > rows ? row + 1 : rows;
        }
    }
    return rows;
}

void sheet_begin(struct sheet *sheet, const struct figure_plan *plan, const double *marker_width)
{
    *sheet = (struct sheet){.plan = plan};
    const double top = TOP + SHEET_ROW * place_markers(sheet, marker_width) + 6;
    const double loss = (SHEET_BOTTOM - top - BETWEEN) * LOSS_PART, width = SHEET_RIGHT - SHEET_LEFT;
    sheet->plot[PANEL_LOSS] = (struct box){SHEET_LEFT, top, width, loss};
    sheet->plot[PANEL_ACCURACY] =
        (struct box){SHEET_LEFT, top + loss + BETWEEN, width, SHEET_BOTTOM - top - loss - BETWEEN};
}

/* ---- texts ---- */

/* How many columns of the panel's lines (half as many of the dotted one of guessing), and how many markers, a text in
 * the box would lie on. */
static size_t hidden_by(const struct sheet *sheet, size_t panel, const struct box *box)
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    size_t hidden = 0;
    for (size_t i = 0; i < sheet->plan->markers; i++) {
        const double x = sheet_x(sheet, sheet->plan->marker[i].step);
        hidden += x > box->x && x < box->x + box->width;
    }
    const double guessing = sheet_y(sheet, panel, shown->reference);
    if (guessing > box->y && guessing < box->y + box->height)
        hidden += (size_t)(box->width / (SHEET_RIGHT - SHEET_LEFT) * FIGURE_COLUMNS / 2);
    for (size_t c = 0; c < shown->curves; c++) {
        if (shown->curve[c].band)
            continue;
        for (size_t i = 0; i < FIGURE_COLUMNS; i++) {
            const double x = sheet_column_x(i);
            if (x < box->x || x > box->x + box->width)
                continue;
            const double y = sheet_y(sheet, panel, figure_height_at(&shown->curve[c], i));
            hidden += y > box->y && y < box->y + box->height;
        }
    }
    return hidden;
}

bool sheet_place(struct sheet *sheet, size_t panel, const struct spot *spot, size_t spots, double size, double width,
                 struct spot *out)
{
    size_t best = spots, least = SIZE_MAX;
    struct box chosen = {0, 0, 0, 0};
    for (size_t i = 0; i < spots; i++) {
        const struct box box = {spot[i].x - spot[i].align * width - 4, spot[i].baseline - size, width + 8, size * 1.3};
        if (!is_free(sheet, panel, &box))
            continue;
        const size_t hidden = hidden_by(sheet, panel, &box);
        if (hidden >= least)
            continue;
        best = i;
        least = hidden;
        chosen = box;
    }
    if (best == spots)
        return false;
    take(sheet, chosen);
    *out = spot[best];
    return true;
}

void sheet_place_ends(struct sheet *sheet, size_t panel, double baseline[2])
{
    const struct figure_panel *shown = &sheet->plan->panel[panel];
    const struct box *plot = &sheet->plot[panel];
    const double apart = SHEET_LABEL * 1.25, bottom = plot->y + plot->height;
    const int index[] = {shown->train, shown->test};
    double y[2] = {NAN, NAN};
    for (size_t i = 0; i < 2; i++) {
        const struct bucket *end = index[i] < 0 ? NULL : figure_end(&shown->curve[index[i]], NULL);
        if (end)
            y[i] = fmin(fmax(sheet_y(sheet, panel, end->last), plot->y), bottom);
    }
    if (fabs(y[0] - y[1]) < apart) {
        const size_t upper = y[0] < y[1] ? 0 : 1;
        const double middle = fmin(fmax((y[0] + y[1]) / 2, plot->y + apart / 2), bottom - apart / 2);
        y[upper] = middle - apart / 2;
        y[1 - upper] = middle + apart / 2;
    }
    for (size_t i = 0; i < 2; i++) {
        baseline[i] = y[i] + SHEET_LABEL * RAISED;
        if (!isnan(y[i]))
            take(sheet, (struct box){SHEET_RIGHT + 12, y[i] - SHEET_LABEL * 0.6, SHEET_WIDTH - SHEET_RIGHT - 12,
                                     SHEET_LABEL * 1.2});
    }
}

static size_t copy_spots(struct spot *out, const struct spot *spot, size_t count)
{
    memcpy(out, spot, count * sizeof *spot);
    return count;
}

size_t sheet_ghost_spots(const struct sheet *sheet, size_t panel, const struct figure_curve *curve, struct spot *out)
{
    size_t column;
    const struct bucket *end = figure_end(curve, &column);
    if (!end || !sheet_shows(sheet, panel, end->last))
        return 0;
    const double x = sheet_column_x(column), y = sheet_y(sheet, panel, end->last) + SHEET_TICK * RAISED;
    const struct spot spot[] = {{x + 8, y, 0},      {x + 8, y - 18, 0}, {x + 8, y + 20, 0}, {x - 4, y - 18, 1},
                                {x - 4, y + 20, 1}, {x - 4, y - 42, 1}, {x - 4, y + 44, 1}, {x + 8, y - 42, 0}};
    return copy_spots(out, spot, sizeof spot / sizeof *spot);
}

size_t sheet_reference_spots(const struct sheet *sheet, size_t panel, struct spot *out)
{
    const double reference = sheet->plan->panel[panel].reference;
    if (!sheet_shows(sheet, panel, reference))
        return 0;
    const double y = sheet_y(sheet, panel, reference), middle = (SHEET_LEFT + SHEET_RIGHT) / 2;
    const double above = y - 8, below = y + SHEET_TICK + 3;
    const struct spot spot[] = {{SHEET_RIGHT - 8, above, 1}, {SHEET_RIGHT - 8, below, 1}, {middle, above, 0.5},
                                {SHEET_LEFT + 10, above, 0}, {middle, below, 0.5},        {SHEET_LEFT + 10, below, 0}};
    return copy_spots(out, spot, sizeof spot / sizeof *spot);
}

size_t sheet_best_spots(const struct sheet *sheet, struct spot *out)
{
    const double x = sheet_x(sheet, sheet->plan->best_step);
    const double y = sheet_y(sheet, PANEL_LOSS, sheet->plan->best_loss);
    if (!(x >= SHEET_LEFT && x <= SHEET_RIGHT - BEST_AWAY * (SHEET_RIGHT - SHEET_LEFT)))
        return 0;
    const struct spot spot[] = {{x, y - 20, 0.5},    {x, y + 36, 0.5},    {x + 14, y - 20, 0}, {x - 14, y - 20, 1},
                                {x - 14, y + 36, 1}, {x + 14, y + 36, 0}, {x - 14, y - 60, 1}, {x - 14, y - 100, 1}};
    return copy_spots(out, spot, sizeof spot / sizeof *spot);
}
