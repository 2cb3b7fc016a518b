/* Writing pieces of text one after the other, in the colours of roles. */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include <stdbool.h>

#include "plot/grid.h"
#include "plot/palette.h"
#include "ui/layout.h"

struct pen {
    struct area area;
    const struct palette *palette;
    int x, y; /* next cell */
    int end;  /* first column that is not written */
};

struct area box_area(struct area screen, struct box box);

/* A pen at the start of the box's first row. */
struct pen pen_at(struct area screen, struct box box, const struct palette *palette);

/* Writes as far as there is room. */
void pen_write(struct pen *pen, enum role role, int attributes, const char *text);
void pen_format(struct pen *pen, enum role role, int attributes, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Writes only if the whole text has room, and says whether it had. */
bool pen_fits(struct pen *pen, enum role role, int attributes, const char *text);
void pen_skip(struct pen *pen, int columns);
/* Right-aligned in what is left, which becomes shorter by it and one blank; nothing when there is no room. */
bool pen_right(struct pen *pen, enum role role, int attributes, const char *text);

/* Text with its symbols (→ · × ²) as plain characters where the palette wants that. */
const char *draw_plain(const struct palette *palette, const char *text, char *out, size_t size);
/* One glyph, or its stand-in. */
uint32_t draw_glyph(const struct palette *palette, uint32_t glyph, char plain);

void draw_ground(struct area screen, struct box box, uint32_t ground);

#endif
