/* Dots finer than cells: 2×4 Braille dots a cell, or one character a cell where there is only ASCII.  A chart draws
 * lines that connect, spans, marks and texts on a canvas, which is then laid onto an area.
 *
 * A cell shows one stroke: dots that have one ink.  Strokes come in planes (layer / 16): those of a higher plane
 * replace those of a lower one, so that a curve runs clean over the grid.  Where strokes of a plane meet in a cell, the
 * highest layer and the lowest are kept, and they show by turns, two columns of cells each, with their own dots only:
 * of two curves that run together each is seen in its own colour at its own height. */
#ifndef PLOT_CANVAS_H
#define PLOT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/grid.h"

enum { CANVAS_PLANE = 16 }; /* layers of one plane */

struct canvas_stroke {
    uint32_t ink;
    uint8_t dots; /* Braille bits; 0: nothing drawn */
    uint8_t layer;
    char plain; /* plain character of the layer, for ascii */
};

struct canvas_cell {
    struct canvas_stroke lowest, highest; /* of the strongest plane; one alone is the lowest */
    bool taken;                           /* text or a mark stands here: see canvas_take */
};

struct canvas {
    int width, height;  /* cells */
    int dots_x, dots_y; /* per cell: 2×4, or 1×1 with plain characters */
    bool ascii;
    struct canvas_cell *cell; /* [height][width] */
    size_t cells;             /* room of it */
    int pen_x, pen_y,
        pen_way;  /* where the last line ended, and how many dots it was long: textures run on from line to line */
    double *work; /* scratch numbers of whoever draws: see canvas_work */
    size_t work_count;
};

bool canvas_resize(struct canvas *canvas, int width, int height, bool ascii); /* and clears; keeps memory for reuse */
void canvas_free(struct canvas *canvas);

/* Room for `count` doubles, of undefined value, until the next call; NULL: out of memory. */
double *canvas_work(struct canvas *canvas, size_t count);

/* Dot coordinates grow to the right and downwards from 0; what lies outside is clipped. `plain` stands for the dot in
 * ASCII. */
void canvas_dot(struct canvas *canvas, int x, int y, uint32_t ink, uint8_t layer, char plain);

/* A connected line between two dots given as real numbers (dot i spans i … i+1); anything non-finite draws nothing.
 * A line that begins where the last one ended goes on with its texture. `thick`: two dots. */
enum texture { TEXTURE_SOLID, TEXTURE_DOTTED, TEXTURE_DASHED, TEXTURE_DASH_DOT };
void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1, uint32_t ink, uint8_t layer,
                 char plain, enum texture texture, bool thick);

/* All dots of a column from y0 to y1. */
void canvas_column(struct canvas *canvas, int x, double y0, double y1, uint32_t ink, uint8_t layer, char plain);

/* What shows of a cell; NULL: nothing there, or outside. */
const struct canvas_stroke *canvas_shown(const struct canvas *canvas, int cell_x, int cell_y);
/* Its layer, or -1. */
int canvas_layer(const struct canvas *canvas, int cell_x, int cell_y);

/* Texts that must not collide: true, and the cells are taken, if the row of `width` cells lies inside and all of them
 * were free. */
bool canvas_take(struct canvas *canvas, int cell_x, int cell_y, int width);
bool canvas_is_free(const struct canvas *canvas, int cell_x, int cell_y, int width);

void canvas_blit(const struct canvas *canvas, struct area area); /* blank cells leave the area as it is */

#endif
