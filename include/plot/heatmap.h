/* Pictures from half blocks: two pixels a cell, for decision surfaces and matrices; points drawn on top. */
#ifndef PLOT_HEATMAP_H
#define PLOT_HEATMAP_H

#include "plot/grid.h"
#include "plot/palette.h"

/* pixel: [2*area.height][area.width] colours, row 0 on top. Colours are rounded to steps so that a slowly moving surface rewrites few cells. */
void heatmap_draw(struct area area, const uint32_t *pixel, const struct palette *palette);

struct heatmap_point {
    float x, y; /* 0..1 from the left, 0..1 from the bottom */
    uint32_t ink;
    uint32_t glyph; /* ● ○ × or plain */
};
void heatmap_points(struct area area, const struct heatmap_point *point, size_t count);

#endif
