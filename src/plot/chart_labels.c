/* Places and draws the texts of a chart: ticks, names at the ends of curves, markers, the gap. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "plot/chart_parts.h"

/* Lines that end within so many cells have their names below each other. */
enum { ENDS_TOGETHER = 3 };
enum { GAP_ROWS = 3 };    /* of a gap that its name has room in */
enum { GAP_NEAR = 9 };    /* columns from the newest end of a gap back to its name, at most */
enum { GHOST_SPOTS = 3 }; /* places of a ghost's name: not further from its line than a row */

/* What a text costs that hides curves: names of lines that live stand over ghosts, names of ghosts are left out where
 * they would hide what lives, or much of other ghosts. */
enum label_kind { LABEL_NOTE, LABEL_LINE, LABEL_GHOST };

static const struct {
    int line, faint; /* cost of a cell */
    int most;        /* above it the text is left out */
} care[] = {
    [LABEL_NOTE] = {1, 1, INT_MAX},
    [LABEL_LINE] = {1, 0, INT_MAX},
    [LABEL_GHOST] = {4, 1, 3},
};

struct spot {
    int x, y;
    int cost; /* as many hidden cells as this spot is worse than the others to begin with */
};

/* Writes the text at the free spot that costs least, hiding cells of curves included, the first of equals, or nowhere.
 * Texts of one row stay a column apart. */
static bool place_text(struct drawing *d, const struct spot *spot, size_t spots, enum label_kind kind, const char *text,
                       int width, uint32_t ink, uint8_t attributes)
{
    const struct spot *best = NULL;
    int least = 0;
    for (size_t i = 0; i < spots; i++) {
        const int left = at_least(spot[i].x - 1, 0), right = spot[i].x + width + 1;
        const int end = right < d->canvas->width ? right : d->canvas->width;
        if (spot[i].x < 0 || spot[i].x + width > end || !canvas_is_free(d->canvas, left, spot[i].y, end - left))
            continue;
        int hidden = 0;
        for (int x = 0; x < width; x++) {
            const int layer = canvas_layer(d->canvas, spot[i].x + x, spot[i].y);
            hidden += layer >= LAYER_LINE ? care[kind].line : layer >= LAYER_FAINT ? care[kind].faint : 0;
        }
        const int cost = spot[i].cost + hidden;
        if (hidden <= care[kind].most && (!best || cost < least)) {
            best = &spot[i];
            least = cost;
        }
    }
    if (!best)
        return false;
    canvas_take(d->canvas, best->x, best->y, width);
    area_text(d->cover, best->x, best->y, width, text, ink, attributes);
    return true;
}

#define LABEL_ROWS 10

/* Labels stand beside their lines in the top rows, right of it if there is room; where many meet, further down. */
static void label_marker(struct drawing *d, const struct chart_marker *marker)
{
    const int x = drawing_x(d, marker->x);
    if (x < 0 || !marker->label || !marker->label[0])
        return;
    const int width = text_columns(marker->label), shortest = width < 6 ? width : at_least(width * 2 / 3, 6);
    const int rows = d->height >= 12 ? 3 : d->height >= 8 ? 2 : d->height >= 4 ? 1 : 0;
    const uint32_t ink = drawing_ink(d, marker->role);
    for (int columns = width; columns >= shortest; columns--) {
        struct spot spot[2 * LABEL_ROWS];
        size_t spots = 0;
        for (int row = 0; row < rows; row++)
            spot[spots++] = (struct spot){x + 1, row, 0};
        for (int row = 0; row < rows; row++)
            spot[spots++] = (struct spot){x - columns, row, 0};
        for (int row = rows; rows > 0 && row < d->height - 1 && row < LABEL_ROWS; row++)
            spot[spots++] = (struct spot){x + 1, row, 0};
        if (place_text(d, spot, spots, LABEL_NOTE, marker->label, columns, ink, 0))
            return;
    }
}

static void label_bands(struct drawing *d)
{
    for (size_t i = 0; i < d->chart->bands; i++) {
        const struct chart_band *band = &d->chart->band[i];
        const int left = drawing_band_x(d, band->from), x = left > 0 ? left + 1 : 0;
        const struct spot spot[] = {{x, 0, 0}, {x, 1, 0}, {x, 2, 0}};
        const int width = band->label ? text_columns(band->label) : 0;
        if (width > 0 && left < d->width && x + width <= drawing_band_x(d, band->to))
            place_text(d, spot, d->height >= 8 ? 3 : 1, LABEL_NOTE, band->label, width, drawing_ink(d, ROLE_TEXT), 0);
    }
}

static void label_reference(struct drawing *d)
{
    const double dot = drawing_y(d, d->chart->reference);
    if (!d->chart->reference_label || !isfinite(d->chart->reference) || dot < 0 || dot >= d->height * d->canvas->dots_y)
        return;
    const int row = drawing_row(d, dot), width = text_columns(d->chart->reference_label);
    const int right = d->width - width, middle = right / 2;
    const struct spot spot[] = {
        {right, row, 0}, {right, row - 1, 0}, {right, row + 1, 0}, {middle, row, 0}, {middle, row - 1, 0}};
    place_text(d, spot, sizeof spot / sizeof *spot, LABEL_NOTE, d->chart->reference_label, width,
               drawing_ink(d, ROLE_FAINT), 0);
}

/* Beside the seam, at the left edge. */
static void label_bend(struct drawing *d)
{
    const double bend = d->chart->y.bend;
    if (!(bend > 0))
        return;
    char number[32], text[48];
    snprintf(text, sizeof text, "%s log above %s", d->palette->ascii ? "^" : "↑",
             number_short(number, sizeof number, bend));
    const int row = drawing_row(d, drawing_y(d, bend)), width = text_columns(text);
    const struct spot spot[] = {{0, row - 1, 0}, {0, row, 1}, {d->width / 4, row - 1, 0}, {d->width / 2, row - 1, 0}};
    place_text(d, spot, sizeof spot / sizeof *spot, LABEL_NOTE, text, width, drawing_ink(d, ROLE_TEXT), 0);
}

static void label_best(struct drawing *d)
{
    const int x = drawing_x(d, d->chart->best_x), y = drawing_row(d, drawing_y(d, d->chart->best_y));
    if (x < 0 || !isfinite(d->chart->best_y) || !d->chart->best_label)
        return;
    const int width = text_columns(d->chart->best_label), left = x - width / 2;
    const struct spot spot[] = {
        {left, y + 1, 0}, {left, y - 1, 0}, {x + 2, y, 0},         {x + 2, y + 1, 0},         {x + 2, y - 1, 0},
        {left, y + 2, 0}, {left, y - 2, 0}, {x - width - 1, y, 0}, {x - width - 1, y + 1, 0},
    };
    place_text(d, spot, sizeof spot / sizeof *spot, LABEL_NOTE, d->chart->best_label, width, drawing_ink(d, ROLE_BEST),
               0);
}

/* The newest column with a value, or `columns`. */
static size_t newest(const struct chart_line *line, size_t columns)
{
    for (size_t i = columns; i > 0; i--)
        if (line->column[i - 1].count > 0)
            return i - 1;
    return columns;
}

/* Lines that end beside each other: the higher one's label goes up, the lower one's down. */
static bool ends_above_its_neighbour(const struct drawing *d, size_t line)
{
    const struct chart_line *lines = d->chart->line;
    const double own = (double)lines[line].column[newest(&lines[line], d->columns)].last;
    double nearest = INFINITY;
    bool above = true;
    for (size_t other = 0; other < d->chart->lines; other++) {
        const size_t there = newest(&lines[other], d->columns);
        if (other == line || !lines[other].end_label || there == d->columns)
            continue;
        const double away = own - (double)lines[other].column[there].last;
        if (fabs(away) < nearest) {
            nearest = fabs(away);
            above = away >= 0;
        }
    }
    return above;
}

/* The cell behind the end of a line; -1: it has none, or no name. */
static int end_cell(const struct drawing *d, const struct chart_line *line)
{
    const size_t column = newest(line, d->columns);
    return line->end_label && column < d->columns ? (int)column / d->canvas->dots_x + 1 : -1;
}

/* Where the name of a line begins: with those that end beside it, left enough for the longest. */
static int label_column(const struct drawing *d, const struct chart_line *line)
{
    const int own = end_cell(d, line);
    int end = own, width = text_columns(line->end_label);
    for (size_t i = 0; i < d->chart->lines && line->role != ROLE_GHOST; i++) {
        const struct chart_line *other = &d->chart->line[i];
        const int there = end_cell(d, other);
        if (there < 0 || other->role == ROLE_GHOST || abs(there - own) > ENDS_TOGETHER)
            continue;
        end = at_least(end, there);
        width = at_least(width, text_columns(other->end_label));
    }
    const int room = d->canvas->width - width;
    return end + 1 <= room ? end + 1 : end <= room ? end : room;
}

static void label_ends(struct drawing *d)
{
    for (size_t l = 0; l < d->chart->lines; l++) {
        const struct chart_line *line = &d->chart->line[l];
        const size_t column = newest(line, d->columns);
        if (!line->end_label || column == d->columns)
            continue;
        const int row = drawing_row(d, drawing_y(d, (double)line->column[column].last));
        const int width = text_columns(line->end_label), x = label_column(d, line);
        const int away = ends_above_its_neighbour(d, l) ? -1 : 1;
        const struct spot spot[] = {
            {x, row, 0}, {x, row + away, 4}, {x, row - away, 4}, {x, row + 2 * away, 8}, {x, row - 2 * away, 8}};
        const bool ghost = line->role == ROLE_GHOST;
        place_text(d, spot, ghost ? GHOST_SPOTS : sizeof spot / sizeof *spot, ghost ? LABEL_GHOST : LABEL_LINE,
                   line->end_label, width, drawing_ink(d, ghost ? ROLE_FAINT : line->role), ghost ? 0 : CELL_BOLD);
    }
}

/* In the middle of the gap, at its newest end: further back it was another. */
static void label_gap(struct drawing *d)
{
    const char *text = d->chart->gap_label;
    if (!text || !d->gap_low)
        return;
    const int width = text_columns(text);
    const int end = (int)newest(&d->chart->line[d->chart->gap_test], d->columns) / d->canvas->dots_x + 1;
    for (int x = end - width - 1; x >= at_least(end - width - GAP_NEAR, 1); x--) {
        int rows = 0, sum = 0; /* that are shaded from one end of the text to the other */
        for (int y = 0; y < d->height; y++)
            if (drawing_in_gap(d, x - 1, y) && drawing_in_gap(d, x + width + 1, y)) {
                rows++;
                sum += y;
            }
        const int middle = rows > 0 ? sum / rows : 0;
        const struct spot spot[] = {{x, middle, 0}, {x, middle + 1, 0}, {x, middle - 1, 0}};
        if (rows >= GAP_ROWS && place_text(d, spot, sizeof spot / sizeof *spot, LABEL_GHOST, text, width,
                                           drawing_ink(d, ROLE_TEST), CELL_BOLD))
            return;
    }
}

void drawing_label(struct drawing *d)
{
    label_ends(d);
    label_bands(d);
    for (size_t i = d->chart->markers; i > 0; i--)
        label_marker(d, &d->chart->marker[i - 1]);
    label_best(d);
    label_reference(d);
    label_bend(d);
    label_gap(d);
}
