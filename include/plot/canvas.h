/* Dots finer than cells: 2×4 Braille dots a cell (or 1×1 with plain characters), one ink per cell (the strongest layer wins), blitted onto an area.  A chart draws lines that
 * connect, vertical spans for min/max, dotted and dashed textures, marks. */
#ifndef PLOT_CANVAS_H
#define PLOT_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/grid.h"

struct canvas {
    int width, height;          /* cells */
    int dots_x, dots_y;         /* per cell: 2×4, or 1×1 with plain characters */
    bool ascii;
    uint8_t *dots;              /* [height][width] Braille bits */
    uint32_t *ink;              /* [height][width] */
    uint8_t *layer;             /* [height][width]: of the ink; higher wins */
    char *plain;                /* [height][width] plain character of the layer, for ascii */
};

bool canvas_resize(struct canvas *canvas, int width, int height, bool ascii); /* and clears; keeps memory for reuse */
void canvas_free(struct canvas *canvas);
void canvas_dot(struct canvas *canvas, int x, int y, uint32_t ink, uint8_t layer, char plain);
enum texture { TEXTURE_SOLID, TEXTURE_DOTTED, TEXTURE_DASHED };
void canvas_line(struct canvas *canvas, double x0, double y0, double x1, double y1, uint32_t ink, uint8_t layer,
                 char plain, enum texture texture, bool thick);
void canvas_column(struct canvas *canvas, int x, double y0, double y1, uint32_t ink, uint8_t layer, char plain);
void canvas_blit(const struct canvas *canvas, struct area area); /* blank cells leave the area as it is */

#endif
