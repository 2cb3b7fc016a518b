/* Draws a bar to an eighth of a cell. */
#include "ui/bar.h"

#include <math.h>

#define EIGHTHS    8
#define FULL_BLOCK 0x2588u /* the blocks of seven eighths to one follow it */

void bar_draw(struct area area, int x, int y, int width, double share, const struct palette *palette, enum role role)
{
    const double length = share > 0 ? fmin(share, 1) * width : 0;
    const int parts = share > 0 ? (int)fmax(length * EIGHTHS + 0.5, 1) : 0; /* however little is seen */
    const uint32_t ink = palette->role[role];
    for (int i = 0; i < width && i * EIGHTHS < parts; i++) {
        const int here = parts - i * EIGHTHS < EIGHTHS ? parts - i * EIGHTHS : EIGHTHS;
        if (!palette->ascii)
            area_put(area, x + i, y, FULL_BLOCK + (uint32_t)(EIGHTHS - here), ink, 0);
        else if (2 * here >= EIGHTHS || i == 0)
            area_put(area, x + i, y, '#', ink, 0);
    }
}

uint32_t ink_on(uint32_t ground)
{
    const unsigned light = (2 * (ground >> 16 & 0xff) + 5 * (ground >> 8 & 0xff) + (ground & 0xff)) / 8;
    return light > 120 ? 0x101010 : 0xf4f4f4;
}
