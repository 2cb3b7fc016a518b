/* Stores the cells of a screen and writes texts and boxes into them. */
#include "plot/grid.h"

#include <string.h>

#include "base/mem.h"

#define REPLACEMENT 0xfffdu
#define ELLIPSIS    0x2026u

bool grid_resize(struct grid *grid, int width, int height)
{
    if (width < 0 || height < 0)
        return false;
    struct cell *cell = mem_alloc((size_t)width * (size_t)height + 1, sizeof *cell);
    if (!cell)
        return false;
    mem_free(grid->cell);
    *grid = (struct grid){.width = width, .height = height, .cell = cell};
    return true;
}

void grid_free(struct grid *grid)
{
    mem_free(grid->cell);
    *grid = (struct grid){0};
}

void grid_clear(struct grid *grid, uint32_t ink, uint32_t ground)
{
    const size_t cells = (size_t)grid->width * (size_t)grid->height;
    for (size_t i = 0; i < cells; i++)
        grid->cell[i] = (struct cell){.ink = ink, .ground = ground};
}

struct area area_whole(struct grid *grid)
{
    return (struct area){.grid = grid, .width = grid->width, .height = grid->height};
}

struct area area_part(struct area area, int x, int y, int width, int height)
{
    if (x < 0) {
        width += x;
        x = 0;
    }
    if (y < 0) {
        height += y;
        y = 0;
    }
    if (width > area.width - x)
        width = area.width - x;
    if (height > area.height - y)
        height = area.height - y;
    return (struct area){.grid = area.grid,
                         .x = area.x + x,
                         .y = area.y + y,
                         .width = width > 0 ? width : 0,
                         .height = height > 0 ? height : 0};
}

static struct cell *cell_at(struct area area, int x, int y)
{
    if (x < 0 || y < 0 || x >= area.width || y >= area.height)
        return NULL;
    return &area.grid->cell[(size_t)(area.y + y) * (size_t)area.grid->width + (size_t)(area.x + x)];
}

void area_put(struct area area, int x, int y, uint32_t glyph, uint32_t ink, uint8_t attributes)
{
    struct cell *cell = cell_at(area, x, y);
    if (!cell)
        return;
    cell->glyph = glyph;
    cell->ink = ink;
    cell->attributes = attributes;
}

void area_ground(struct area area, int x, int y, int width, uint32_t ground)
{
    if (x < 0) {
        width += x;
        x = 0;
    }
    if (width > area.width - x)
        width = area.width - x;
    struct cell *cell = width > 0 ? cell_at(area, x, y) : NULL;
    for (int i = 0; cell && i < width; i++)
        cell[i].ground = ground;
}

/* ---- text ---- */

struct range {
    uint32_t first, last;
};

/* Code points that terminals agree to draw in one column, left to right: European scripts, punctuation, arrows,
 * mathematics, boxes, blocks, Braille.  Ascending. */
static const struct range one_column[] = {
    {0x20, 0x7e},     {0xa0, 0xac},     {0xae, 0x2ff},    {0x370, 0x377},   {0x37a, 0x37f},   {0x384, 0x38a},
    {0x38c, 0x38c},   {0x38e, 0x3a1},   {0x3a3, 0x482},   {0x48a, 0x52f},   {0x531, 0x556},   {0x559, 0x58a},
    {0x10a0, 0x10c5}, {0x10c7, 0x10c7}, {0x10cd, 0x10cd}, {0x10d0, 0x10ff}, {0x1e00, 0x1f15}, {0x1f18, 0x1f1d},
    {0x1f20, 0x1f45}, {0x1f48, 0x1f4d}, {0x1f50, 0x1f57}, {0x1f59, 0x1f59}, {0x1f5b, 0x1f5b}, {0x1f5d, 0x1f5d},
    {0x1f5f, 0x1f7d}, {0x1f80, 0x1fb4}, {0x1fb6, 0x1fbc}, {0x2010, 0x2027}, {0x2030, 0x205e}, {0x2070, 0x2071},
    {0x2074, 0x208e}, {0x2090, 0x209c}, {0x20a0, 0x20bf}, {0x2100, 0x218b}, {0x2190, 0x2319}, {0x231c, 0x2328},
    {0x232b, 0x23e8}, {0x2400, 0x2426}, {0x2460, 0x25fc}, {0x25ff, 0x2613}, {0x2616, 0x2647}, {0x2654, 0x267e},
    {0x2680, 0x2692}, {0x2694, 0x26a0}, {0x26a2, 0x26a9}, {0x2701, 0x2704}, {0x2706, 0x2709}, {0x270c, 0x2727},
    {0x2729, 0x274b}, {0x274d, 0x274d}, {0x2758, 0x2794}, {0x2798, 0x27af}, {0x27b1, 0x27be}, {0x27c0, 0x28ff},
    {0x2900, 0x2b1a}, {0xfffd, 0xfffd},
};

static bool in_one_column(uint32_t code)
{
    size_t low = 0, high = sizeof one_column / sizeof *one_column;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (code > one_column[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof one_column / sizeof *one_column && code >= one_column[low].first;
}

static bool is_hidden_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || (code >= 0x200b && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
           (code >= 0xd800 && code <= 0xf8ff) || (code >= 0xfff0 && code <= 0xffff) || code >= 0xe0000;
}

/* Decodes one code point (RFC 3629); a malformed byte is a replacement of its own, so that decoding finds its feet
 * again at the next. */
static uint32_t decode(const unsigned char **at)
{
    const unsigned char *s = *at;
    const uint32_t lead = s[0];
    *at = s + 1;
    if (lead < 0x80)
        return lead;
    const unsigned more = lead >= 0xf0 && lead <= 0xf4  ? 3
                          : lead >= 0xe0 && lead < 0xf0 ? 2
                          : lead >= 0xc2 && lead < 0xe0 ? 1
                                                        : 0;
    if (more == 0)
        return REPLACEMENT;
    uint32_t code = lead & (0x3fu >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return REPLACEMENT;
        code = code << 6 | (s[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return REPLACEMENT;
    *at = s + 1 + more;
    return code;
}

uint32_t text_next(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    uint32_t code = 0;
    while (*at) {
        code = decode(&at);
        if (code < 0x300 || code > 0x36f)
            break;
        code = 0; /* a combining accent */
    }
    *text = (const char *)at;
    if (code == 0 || in_one_column(code))
        return code;
    return is_hidden_control(code) ? REPLACEMENT : '?';
}

int text_columns(const char *text)
{
    int columns = 0;
    while (text_next(&text) != 0)
        columns++;
    return columns;
}

int area_text(struct area area, int x, int y, int width, const char *text, uint32_t ink, uint8_t attributes)
{
    int used = 0;
    if (width > area.width - x)
        width = area.width - x;
    for (uint32_t code = text_next(&text); code != 0 && used < width; used++) {
        const uint32_t next = text_next(&text);
        const bool cut = used == width - 1 && next != 0;
        area_put(area, x + used, y, cut ? ELLIPSIS : code, ink, attributes);
        code = next;
    }
    return used;
}

uint32_t glyph_plain(uint32_t glyph)
{
    static const struct {
        uint32_t glyph;
        char plain;
    } table[] = {
        {0xa0, ' '},   {0xb1, '~'},   {0xb2, '2'},   {0xb5, 'u'},   {0xb7, '.'},    {0xd7, 'x'},    {0x2010, '-'},
        {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201c, '"'},
        {0x201d, '"'}, {0x2022, '*'}, {0x2026, '.'}, {0x2190, '<'}, {0x2191, '^'},  {0x2192, '>'},  {0x2193, 'v'},
        {0x2212, '-'}, {0x221a, 'V'}, {0x2248, '~'}, {0x2264, '<'}, {0x2265, '>'},  {0x2500, '-'},  {0x2501, '='},
        {0x2502, '|'}, {0x2503, '|'}, {0x2504, '-'}, {0x2506, ':'}, {0x2508, '.'},  {0x250a, ':'},  {0x254c, '-'},
        {0x254e, ':'}, {0x2580, '"'}, {0x2584, '_'}, {0x2588, '#'}, {0x2591, '.'},  {0x2592, ':'},  {0x2593, '#'},
        {0x25a0, '#'}, {0x25b2, '^'}, {0x25b4, '^'}, {0x25b6, '>'}, {0x25b8, '>'},  {0x25bc, 'v'},  {0x25be, 'v'},
        {0x25c0, '<'}, {0x25c2, '<'}, {0x25c6, '#'}, {0x25c7, '#'}, {0x25cb, 'o'},  {0x25cf, '*'},  {0x2713, 'y'},
        {0x2715, 'X'}, {0x2717, 'x'}, {0x23f8, '='}, {0x2800, ' '},
    };
    if (glyph < 0x7f)
        return glyph;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].glyph == glyph)
            return (uint32_t)table[i].plain;
    if (glyph >= 0x2500 && glyph < 0x2580)
        return '+';
    if (glyph >= 0x2800 && glyph < 0x2900)
        return '*';
    return '?';
}
