/* Dots finer than cells: 2×4 Braille dots a cell, or one character a cell where there is only ASCII.  A chart draws lines that connect,
 * spans, marks and texts on a canvas, which is then laid onto an area.
 *
 * A cell has one ink.  Its dots come in planes (layer / 16): dots of a higher plane replace those of a lower one, so that a curve runs clean
 * over the grid.  Within a plane dots meet, and the ink is by turns that of the highest layer (two columns of cells) and of the lowest (the
 * next two): where two curves run together both colours show. */
#ifndef PLOT_CANVAS_H
#define PLOT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/grid.h"

enum { CANVAS_PLANE = 16 }; /* layers of one plane */

struct canvas {
    int width, height;  /* cells */
    int dots_x, dots_y; /* per cell: 2×4, or 1×1 with plain characters */
    bool ascii;
    uint8_t *dots;  /* [height][width] Braille bits; 0: nothing drawn */
    uint32_t *ink;  /* [height][width] */
    uint8_t *layer; /* [height][width]: of the ink */
    char *plain;    /* [height][width] plain character of the layer, for ascii */
    bool *taken;    /* [height][width] text or a mark stands here: see canvas_take */
    size_t cells;   /* room of the arrays above */
    int pen_x, pen_y,
        pen_way;  /* where the last line ended, and how many dots it was long: textures run on from line to line */
    double *work; /* scratch numbers of whoever draws: see canvas_work */
    size_t work_count;
};

bool canvas_resize(struct canvas *canvas, int width, int height, bool ascii); /* and clears; keeps memory for reuse */
void canvas_free(struct canvas *canvas);

/* Room for `count` doubles, of undefined value, until the next call; NULL: out of memory. */
double *canvas_work(struct canvas *canvas, size_t count);

/* Dot coordinates grow to the right and downwards from 0; what lies outside is clipped. `plain` stands for the dot in ASCII. */
void canvas_dot(struct canvas *canvas, int x, int y, uint32_t ink, uint8_t layer, char plain);

/* A connected line between two dots given as real numbers (dot i spans i … i+1); anything non-finite draws nothing.
 * A line that begins where the last one ended goes on with its texture. `thick`: two dots. */
enum texture { TEXTURE_SOLID, TEXTURE_DOTTED, TEXTURE_DASHED, TEXTURE_DASH_DOT };
void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1, uint32_t ink, uint8_t layer,
                 char plain, enum texture texture, bool thick);

/* All dots of a column from y0 to y1. */
void canvas_column(struct canvas *canvas, int x, double y0, double y1, uint32_t ink, uint8_t layer, char plain);

/* The layer drawn in a cell, or -1: nothing there, or outside. */
int canvas_layer(const struct canvas *canvas, int cell_x, int cell_y);

/* Texts that must not collide: true, and the cells are taken, if the row of `width` cells lies inside and all of them were free. */
bool canvas_take(struct canvas *canvas, int cell_x, int cell_y, int width);
bool canvas_is_free(const struct canvas *canvas, int cell_x, int cell_y, int width);

void canvas_blit(const struct canvas *canvas, struct area area); /* blank cells leave the area as it is */

#endif
