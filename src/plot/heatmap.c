#include "plot/heatmap.h"

#define UPPER_HALF  0x2580u
#define DARK_SHADE  0x2593u
#define BRAILLE     0x2800u
#define POINT_CELLS 30 /* pictures this wide have room for points of two by two dots */

/* Five bits a channel: fewer colours on the screen than a gradient between two inks has steps, and a surface that creeps changes few cells. */
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

/* Keeps what can be kept of the surface under a character: the mean of the cell's two pixels. */
static struct cell *cell_under(struct area area, int x, int y)
{
    struct cell *cell = &area.grid->cell[(size_t)(area.y + y) * (size_t)area.grid->width + (size_t)(area.x + x)];
    if (cell->glyph == UPPER_HALF)
        cell->ground = rounded(colour_mix(cell->ink, cell->ground, 0.5));
    return cell;
}

/* One Braille dot; dots of several points share a cell, whole characters stay. */
static void put_dot(struct area area, int x, int y, uint32_t ink)
{
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x < 0 || y < 0 || x >= area.width * 2 || y >= area.height * 4)
        return;
    const struct cell *cell = cell_under(area, x / 2, y / 4);
    const bool dots = cell->glyph >= BRAILLE && cell->glyph < BRAILLE + 256;
    const bool surface = cell->glyph == 0 || (cell->glyph >= UPPER_HALF && cell->glyph <= DARK_SHADE);
    if (dots || surface)
        area_put(area, x / 2, y / 4, BRAILLE | (dots ? cell->glyph : 0) | bit[y % 4][x % 2], ink, 0);
}

void heatmap_points(struct area area, const struct heatmap_point *point, size_t count)
{
    const int wide = area.width >= POINT_CELLS ? 2 : 1, tall = 2; /* dots of a point */
    for (size_t i = 0; i < count; i++) {
        const float across = point[i].x * (float)area.width, down = (1 - point[i].y) * (float)area.height;
        if (area.width == 0 || area.height == 0 ||
            !(across >= 0 && across <= (float)area.width && down >= 0 && down <= (float)area.height))
            continue;
        if (point[i].glyph != 0) {
            const int x = across < (float)area.width ? (int)across : area.width - 1;
            const int y = down < (float)area.height ? (int)down : area.height - 1;
            cell_under(area, x, y);
            area_put(area, x, y, point[i].glyph, point[i].ink, 0);
            continue;
        }
        const int left = (int)(across * 2 - (float)(wide - 1) * 0.5f), top = (int)(down * 4 - (float)(tall - 1) * 0.5f);
        for (int dot = 0; dot < wide * tall; dot++)
            put_dot(area, left + dot % wide, top + dot / wide, point[i].ink);
    }
}
