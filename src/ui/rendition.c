/* Turns cells into what a terminal with fewer colours or without Unicode can show. */
#include "ui/rendition.h"

#include <string.h>

void renderer_init(struct renderer *renderer, unsigned colours, bool ascii)
{
    *renderer = (struct renderer){.colours = colours, .ascii = ascii};
    if (colours > 0 && colours < RENDITION_DIRECT)
        colour_table_init(&renderer->table, colours);
}

static uint32_t colour_number(struct renderer *renderer, uint32_t rgb)
{
    rgb &= 0xffffff;
    if (renderer->colours >= RENDITION_DIRECT)
        return rgb;
    const uint32_t at = rgb * 0x9e3779b9u >> 20 & (RENDITION_CACHE - 1);
    if (renderer->cache[at].rgb != rgb + 1) {
        renderer->cache[at].rgb = rgb + 1;
        renderer->cache[at].number = colour_nearest(&renderer->table, rgb);
    }
    return renderer->cache[at].number;
}

/* Ink that became the same as its ground, whose number is `ground`: the grey between them where there is one, else
 * black or white. */
static uint32_t told_apart(const struct renderer *renderer, uint32_t ink_rgb, uint32_t ground_rgb, uint32_t ground)
{
    const bool dark = colour_brightness(ground_rgb) < 128;
    if (renderer->colours >= RENDITION_DIRECT)
        return dark ? 0xffffff : 0;
    if (renderer->colours >= 256)
        return dark ? 250 : 240;
    if (renderer->colours >= 16 && ground != 8 && colour_brightness(ink_rgb) < 200)
        return 8;
    return dark && ground != 7 ? 7 : 0; /* a dark grey may have become the light one */
}

/* Without colour, brightness becomes attributes. */
static uint8_t mono_attributes(const struct cell *cell)
{
    const unsigned ink = colour_brightness(cell->ink);
    if (colour_brightness(cell->ground) >= 128)
        return CELL_REVERSE;
    return ink >= 0xf0 ? CELL_BOLD : ink < 0x90 ? CELL_DIM : 0;
}

struct rendition rendition_of(struct renderer *renderer, const struct cell *cell)
{
    struct rendition out = {.glyph = cell->glyph ? cell->glyph : ' ', .attributes = cell->attributes};
    if (renderer->ascii)
        out.glyph = glyph_plain(out.glyph);
    if (renderer->colours == 0) {
        out.attributes |= mono_attributes(cell);
        return out;
    }
    out.ground = colour_number(renderer, cell->ground);
    out.ink = out.glyph == ' ' ? told_apart(renderer, 0xffffff, cell->ground, out.ground)
                               : colour_number(renderer, cell->ink);
    if (out.ink == out.ground && out.glyph >= 0x2580 && out.glyph <= 0x259f)
        out.glyph = ' '; /* half blocks that became one colour */
    if (out.ink == out.ground)
        out.ink = told_apart(renderer, cell->ink, cell->ground, out.ground);
    if (renderer->colours == 8 && out.ink == 0)
        out.attributes &= (uint8_t)~CELL_BOLD; /* it would be a bright grey */
    if (renderer->colours == 8 && out.ink == 7 && colour_brightness(cell->ink) < 0x98)
        out.attributes |= CELL_DIM; /* the only grey there is */
    return out;
}

bool rendition_same(const struct cell *a, const struct cell *b)
{
    return a->glyph == b->glyph && a->ground == b->ground && a->attributes == b->attributes &&
           (a->ink == b->ink || a->glyph == 0 || a->glyph == ' ');
}

int pair_find(struct pair_table *table, uint32_t ink, uint32_t ground, bool *fresh)
{
    const uint64_t key = ((uint64_t)ink << 32 | ground) + 1;
    uint64_t at = (key * 0x9e3779b97f4a7c15u) >> 40 & (PAIR_SLOTS - 1);
    while (table->slot[at].key != 0 && table->slot[at].key != key)
        at = (at + 1) & (PAIR_SLOTS - 1);
    *fresh = table->slot[at].key == 0;
    if (!*fresh)
        return table->slot[at].pair;
    if (table->used >= table->most)
        return -1;
    table->slot[at].key = key;
    table->slot[at].pair = ++table->used;
    return table->used;
}

void pair_forget_all(struct pair_table *table)
{
    memset(table->slot, 0, sizeof table->slot);
    table->used = 0;
}
