/* Pictures from half blocks: two pixels a cell, for decision surfaces and matrices. */
#ifndef PLOT_HEATMAP_H
#define PLOT_HEATMAP_H

#include "plot/grid.h"
#include "plot/palette.h"

/* pixel: [2*area.height][area.width] colours, row 0 on top. Colours are rounded to steps so that a slowly moving
 * surface rewrites few cells. */
void heatmap_draw(struct area area, const uint32_t *pixel, const struct palette *palette);

#endif
