/* From 0xRRGGBB to the numbered colours of a terminal: the nearest as the eye sees it (distance in Oklab, Ottosson
 * 2020). */
#ifndef UI_COLOUR_H
#define UI_COLOUR_H

#include <stdint.h>

struct colour_table {
    unsigned first,
        count; /* numbers in use: 0..7, 0..15, or 16..255 (the first sixteen differ from terminal to terminal) */
    float lab[256][3]; /* by number: lightness 0..1, green-red, blue-yellow */
    float weight;      /* of a difference in lightness; with few colours hue matters more */
};

/* `colours`: 8, 16 or 256. */
void colour_table_init(struct colour_table *table, unsigned colours);
unsigned colour_nearest(const struct colour_table *table, uint32_t rgb);

/* 0 black … 255 white: how bright the eye finds it. */
unsigned colour_brightness(uint32_t rgb);

#endif
