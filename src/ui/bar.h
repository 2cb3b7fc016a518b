/* A bar as long as a share of its room, to an eighth of a cell. */
#ifndef UI_BAR_H
#define UI_BAR_H

#include "plot/grid.h"
#include "plot/palette.h"

void bar_draw(struct area area, int x, int y, int width, double share, const struct palette *palette, enum role role);

/* Black or white: what can be read on that ground. */
uint32_t ink_on(uint32_t ground);

#endif
