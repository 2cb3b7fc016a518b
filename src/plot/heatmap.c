/* Draws a picture of two pixels a cell from half blocks. */
#include "plot/heatmap.h"

#define UPPER_HALF 0x2580u

/* Five bits a channel: fewer colours on the screen than a gradient between two inks has steps, and a surface that
 * creeps changes few cells. */
static uint32_t rounded(uint32_t colour)
{
    uint32_t out = 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        const uint32_t channel = colour >> shift & 0xff;
        out |= (channel >= 0xfc ? 0xffu : (channel + 4) & 0xf8u) << shift;
    }
    return out;
}

static unsigned brightness(uint32_t colour)
{
    return (2 * (colour >> 16 & 0xff) + 5 * (colour >> 8 & 0xff) + (colour & 0xff)) / 8;
}

/* Without colour the brightness becomes a shade. */
static uint32_t shade(uint32_t colour, bool ascii)
{
    static const uint32_t blocks[] = {0, 0x2591, 0x2592, 0x2593, 0x2588};
    static const char plain[] = {' ', '.', ':', '%', '#'};
    const unsigned step = brightness(colour) * 5 / 256;
    return ascii ? (uint32_t)plain[step] : blocks[step];
}

void heatmap_draw(struct area area, const uint32_t *pixel, const struct palette *palette)
{
    for (int y = 0; y < area.height; y++)
        for (int x = 0; x < area.width; x++) {
            const uint32_t upper = rounded(pixel[(size_t)(2 * y) * (size_t)area.width + (size_t)x]);
            const uint32_t lower = rounded(pixel[(size_t)(2 * y + 1) * (size_t)area.width + (size_t)x]);
            const uint32_t mean = rounded(colour_mix(upper, lower, 0.5));
            if (palette->mono) {
                area_ground(area, x, y, 1, palette->role[ROLE_GROUND]);
                area_put(area, x, y, shade(mean, palette->ascii), palette->role[ROLE_FAINT], 0);
            } else if (palette->ascii || upper == lower) {
                area_ground(area, x, y, 1, mean);
                area_put(area, x, y, 0, palette->role[ROLE_TEXT], 0);
            } else {
                area_ground(area, x, y, 1, lower);
                area_put(area, x, y, UPPER_HALF, upper, 0);
            }
        }
}
