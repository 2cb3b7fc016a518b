/* Finds the terminal's numbered colour nearest to an RGB colour. */
#include "ui/colour.h"

#include <math.h>
#include <stdbool.h>

/* The sixteen colours as xterm has them; other terminals stay near. */
static const uint32_t named[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
                                   0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};

/* A cube of six levels a channel from 16 on, then a ramp of 24 greys. */
static uint32_t numbered(unsigned number)
{
    static const uint32_t level[6] = {0, 0x5f, 0x87, 0xaf, 0xd7, 0xff};
    if (number < 16)
        return named[number];
    if (number >= 232)
        return (8 + 10 * (number - 232)) * 0x010101u;
    const unsigned cube = number - 16;
    return level[cube / 36] << 16 | level[cube / 6 % 6] << 8 | level[cube % 6];
}

static double linear(uint32_t channel)
{
    const double c = (double)channel / 255;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static void to_lab(uint32_t rgb, float lab[3])
{
    const double r = linear(rgb >> 16 & 0xff), g = linear(rgb >> 8 & 0xff), b = linear(rgb & 0xff);
    const double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    lab[0] = (float)(0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s);
    lab[1] = (float)(1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s);
    lab[2] = (float)(0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
}

static bool is_grey(const float lab[3])
{
    return lab[1] * lab[1] + lab[2] * lab[2] < 0.045f * 0.045f;
}

void colour_table_init(struct colour_table *table, unsigned colours)
{
    table->first = colours >= 256 ? 16 : 0;
    table->count = colours >= 256 ? 240 : colours >= 16 ? 16 : 8;
    table->weight = colours >= 256 ? 1.0f : 0.4f;
    for (unsigned i = 0; i < table->count; i++)
        to_lab(numbered(table->first + i), table->lab[table->first + i]);
}

unsigned colour_nearest(const struct colour_table *table, uint32_t rgb)
{
    float lab[3];
    to_lab(rgb, lab);
    const bool grey = is_grey(lab), few = table->count <= 16;
    unsigned nearest = table->first;
    float least = INFINITY;
    for (unsigned i = table->first; i < table->first + table->count; i++) {
        if (few && is_grey(table->lab[i]) != grey)
            continue; /* with so few, the nearest to a dark orange is a grey: hue tells more */
        const float dl = lab[0] - table->lab[i][0], da = lab[1] - table->lab[i][1], db = lab[2] - table->lab[i][2];
        const float distance = table->weight * dl * dl + da * da + db * db;
        if (distance < least) {
            least = distance;
            nearest = i;
        }
    }
    return nearest;
}

unsigned colour_brightness(uint32_t rgb)
{
    return (54 * (rgb >> 16 & 0xff) + 183 * (rgb >> 8 & 0xff) + 19 * (rgb & 0xff)) / 256;
}
