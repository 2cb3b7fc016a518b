/* Draws lines, spans and marks in Braille dots, or in characters where there is only ASCII. */
#include "plot/canvas.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"

/* Bit of the Braille pattern for the dot at [y][x] of a cell (Unicode, U+2800). */
static const uint8_t braille_bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

static bool reserve(struct canvas *canvas, size_t cells)
{
    if (cells <= canvas->cells)
        return true;
    struct canvas_cell *cell = mem_alloc(cells, sizeof *cell);
    if (!cell)
        return false;
    mem_free(canvas->cell);
    canvas->cell = cell;
    canvas->cells = cells;
    return true;
}

bool canvas_resize(struct canvas *canvas, int width, int height, bool ascii)
{
    if (width < 0 || height < 0)
        return false;
    const size_t cells = (size_t)width * (size_t)height;
    if (!reserve(canvas, cells))
        return false;
    canvas->width = width;
    canvas->height = height;
    canvas->ascii = ascii;
    canvas->dots_x = ascii ? 1 : 2;
    canvas->dots_y = ascii ? 1 : 4;
    canvas->pen_x = canvas->pen_y = -1;
    if (cells > 0)
        memset(canvas->cell, 0, cells * sizeof *canvas->cell);
    return true;
}

void canvas_free(struct canvas *canvas)
{
    mem_free(canvas->cell);
    mem_free(canvas->work);
    *canvas = (struct canvas){0};
}

double *canvas_work(struct canvas *canvas, size_t count)
{
    if (count > canvas->work_count) {
        double *work = mem_alloc(count, sizeof *work);
        if (!work)
            return NULL;
        mem_free(canvas->work);
        canvas->work = work;
        canvas->work_count = count;
    }
    return canvas->work;
}

static struct canvas_cell *cell_at(const struct canvas *canvas, int x, int y)
{
    return &canvas->cell[(size_t)y * (size_t)canvas->width + (size_t)x];
}

void canvas_dot(struct canvas *canvas, int x, int y, uint32_t ink, uint8_t layer, char plain)
{
    if (x < 0 || y < 0 || x >= canvas->width * canvas->dots_x || y >= canvas->height * canvas->dots_y)
        return;
    struct canvas_cell *cell = cell_at(canvas, x / canvas->dots_x, y / canvas->dots_y);
    struct canvas_stroke *low = &cell->lowest, *high = &cell->highest;
    const int plane = low->dots ? low->layer / CANVAS_PLANE : -1;
    if (layer / CANVAS_PLANE < plane)
        return;
    if (layer / CANVAS_PLANE > plane)
        low->dots = high->dots = 0;
    struct canvas_stroke *stroke = low;
    if (low->dots && layer < low->layer) {
        if (!high->dots)
            *high = *low;
        low->dots = 0;
    } else if (low->dots && layer > low->layer) {
        if (high->dots && layer < high->layer)
            return;
        stroke = high;
        if (layer > high->layer)
            high->dots = 0;
    }
    const uint8_t bit = canvas->ascii ? 1 : braille_bit[y % 4][x % 2];
    *stroke = (struct canvas_stroke){.ink = ink, .dots = stroke->dots | bit, .layer = layer, .plain = plain};
}

/* The part of the line inside [0, width] x [0, height] (Liang & Barsky 1984); false: none.  A line that runs to a value
 * of 1e30 would otherwise take for ever. */
static bool clip(double *x0, double *y0, double *x1, double *y1, double width, double height)
{
    const double dx = *x1 - *x0, dy = *y1 - *y0;
    const double speed[4] = {-dx, dx, -dy, dy}, room[4] = {*x0, width - *x0, *y0, height - *y0};
    double enter = 0, leave = 1;
    for (int edge = 0; edge < 4; edge++) {
        if (speed[edge] == 0) {
            if (room[edge] < 0)
                return false;
            continue;
        }
        const double at = room[edge] / speed[edge];
        if (speed[edge] < 0)
            enter = fmax(enter, at);
        else
            leave = fmin(leave, at);
    }
    if (enter > leave)
        return false;
    const double from_x = *x0, from_y = *y0;
    *x0 = from_x + enter * dx;
    *y0 = from_y + enter * dy;
    *x1 = from_x + leave * dx;
    *y1 = from_y + leave * dy;
    return true;
}

/* Dashes would look like missing values where a dot is a whole cell. */
static bool texture_inks(enum texture texture, int way, bool ascii)
{
    switch (texture) {
    case TEXTURE_DOTTED:
        return way % (ascii ? 3 : 4) == 0;
    case TEXTURE_DASHED:
        return ascii || way % 8 < 6;
    case TEXTURE_DASH_DOT:
        return ascii || way % 12 < 7 || way % 12 == 9;
    case TEXTURE_SOLID:
        break;
    }
    return true;
}

void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1, uint32_t ink, uint8_t layer,
                 char plain, enum texture texture, bool thick)
{
    if (!isfinite(x0) || !isfinite(y0) || !isfinite(x1) || !isfinite(y1))
        return;
    if (!clip(&x0, &y0, &x1, &y1, canvas->width * canvas->dots_x, canvas->height * canvas->dots_y))
        return;
    const int from_x = (int)floor(x0), from_y = (int)floor(y0), to_x = (int)floor(x1), to_y = (int)floor(y1);
    const int dx = to_x - from_x, dy = to_y - from_y;
    const int far_x = dx < 0 ? -dx : dx, far_y = dy < 0 ? -dy : dy;
    const int steps = far_x > far_y ? far_x : far_y;
    const bool flat = far_x >= far_y;
    if (canvas->pen_x != from_x || canvas->pen_y != from_y)
        canvas->pen_way = 0;
    for (int i = 0; i <= steps; i++) {
        const double t = steps > 0 ? (double)i / steps : 0;
        const int x = from_x + (int)lrint(dx * t), y = from_y + (int)lrint(dy * t);
        if (!texture_inks(texture, canvas->pen_way + i, canvas->ascii))
            continue;
        canvas_dot(canvas, x, y, ink, layer, plain);
        if (thick && !canvas->ascii)
            canvas_dot(canvas, flat ? x : x + 1, flat ? y + 1 : y, ink, layer, plain);
    }
    canvas->pen_x = to_x;
    canvas->pen_y = to_y;
    canvas->pen_way += steps;
}

void canvas_column(struct canvas *canvas, int x, double y0, double y1, uint32_t ink, uint8_t layer, char plain)
{
    canvas_line(canvas, x, y0, x, y1, ink, layer, plain, TEXTURE_SOLID, false);
}

const struct canvas_stroke *canvas_shown(const struct canvas *canvas, int cell_x, int cell_y)
{
    if (cell_x < 0 || cell_y < 0 || cell_x >= canvas->width || cell_y >= canvas->height)
        return NULL;
    const struct canvas_cell *cell = cell_at(canvas, cell_x, cell_y);
    const bool highest = cell->highest.dots && cell_x % 4 < 2;
    const struct canvas_stroke *stroke = highest ? &cell->highest : &cell->lowest;
    return stroke->dots ? stroke : NULL;
}

int canvas_layer(const struct canvas *canvas, int cell_x, int cell_y)
{
    const struct canvas_stroke *stroke = canvas_shown(canvas, cell_x, cell_y);
    return stroke ? stroke->layer : -1;
}

bool canvas_is_free(const struct canvas *canvas, int cell_x, int cell_y, int width)
{
    if (cell_x < 0 || cell_y < 0 || width < 0 || cell_x > canvas->width - width || cell_y >= canvas->height)
        return false;
    for (int i = 0; i < width; i++)
        if (cell_at(canvas, cell_x + i, cell_y)->taken)
            return false;
    return true;
}

bool canvas_take(struct canvas *canvas, int cell_x, int cell_y, int width)
{
    if (!canvas_is_free(canvas, cell_x, cell_y, width))
        return false;
    for (int i = 0; i < width; i++)
        cell_at(canvas, cell_x + i, cell_y)->taken = true;
    return true;
}

void canvas_blit(const struct canvas *canvas, struct area area)
{
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            const struct canvas_stroke *stroke = canvas_shown(canvas, x, y);
            if (!stroke)
                continue;
            const uint32_t glyph = canvas->ascii ? (uint32_t)(unsigned char)stroke->plain : 0x2800u | stroke->dots;
            area_put(area, x, y, glyph, stroke->ink, 0);
        }
}
