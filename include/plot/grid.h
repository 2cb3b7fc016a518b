/* A grid of character cells: what all drawing writes and the screen shows.  Drawing code is pure: it reads const data
 * and writes cells. */
#ifndef PLOT_GRID_H
#define PLOT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/palette.h"

enum cell_attribute { CELL_BOLD = 1, CELL_DIM = 2, CELL_UNDERLINE = 4, CELL_REVERSE = 8 };

struct cell {
    uint32_t glyph;     /* Unicode code point of one column; 0 = blank */
    uint32_t ink;       /* 0xRRGGBB */
    uint32_t ground;    /* 0xRRGGBB */
    uint8_t attributes; /* enum cell_attribute */
};

struct grid {
    int width, height;
    struct cell *cell; /* [height][width] */
};

/* A part of a grid, with its own origin; everything drawn outside it is clipped. */
struct area {
    struct grid *grid;
    int x, y, width, height;
};

bool grid_resize(struct grid *grid, int width,
                 int height); /* blank afterwards; false: out of memory, the grid is unchanged */
void grid_free(struct grid *grid);
void grid_clear(struct grid *grid, uint32_t ink, uint32_t ground);

struct area area_whole(struct grid *grid);
struct area area_part(struct area area, int x, int y, int width, int height); /* clipped to `area` */

void area_put(struct area area, int x, int y, uint32_t glyph, uint32_t ink, uint8_t attributes); /* keeps the ground */
void area_ground(struct area area, int x, int y, int width, uint32_t ground);
/* UTF-8 text, made safe by text_next.  At most `width` columns, "…" at the end when cut.  Returns the columns used. */
int area_text(struct area area, int x, int y, int width, const char *text, uint32_t ink, uint8_t attributes);
int text_columns(const char *text);

/* The next code point that takes one column, and moves *text behind it; 0 at the end.  Text comes from files: malformed
 * bytes, control characters and whatever steers a terminal's direction of writing become U+FFFD; combining accents are
 * left out; characters that some terminal would not draw one column wide become '?'. */
uint32_t text_next(const char **text);

/* What stands for the glyph where there is only ASCII. */
uint32_t glyph_plain(uint32_t glyph);

#endif
