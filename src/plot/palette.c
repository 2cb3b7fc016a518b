/* Themes.  Data colours follow Okabe & Ito (2008), which colour-blind viewers tell apart; they are lightened or
 * darkened to stand out from each theme's ground, and most of them are among the 256 colours of the terminals that have
 * no more. */
#include "plot/palette.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

const struct palette palette_table[] = {
    {
        .name = "dark",
        .role =
            {
                [ROLE_GROUND] = 0x14161b,   [ROLE_TEXT] = 0xc9ccd3,   [ROLE_STRONG] = 0xffffff,
                [ROLE_FAINT] = 0x858a95,    [ROLE_GRID] = 0x3a3f49,   [ROLE_BAR] = 0x23262e,
                [ROLE_KEY] = 0xffd75f,      [ROLE_TRAIN] = 0x5fafff,  [ROLE_TEST] = 0xff8700,
                [ROLE_GRADIENT] = 0x5fd7af, [ROLE_RATE] = 0xafafff,   [ROLE_GHOST] = 0x5d626d,
                [ROLE_RIVAL] = 0xd7ff5f,    [ROLE_GAP] = 0x3d3018,    [ROLE_MARKER] = 0xd787af,
                [ROLE_BEST] = 0xffd75f,     [ROLE_WARN] = 0xff5f5f,   [ROLE_SELECTED] = 0x323846,
                [ROLE_RUNNING] = 0x5fafff,  [ROLE_PAUSED] = 0xffaf00,
            },
        .class_ground = {0x074b79, 0x724b15, 0x075542, 0x5e3758, 0x65631f, 0x286577, 0x6f3316, 0x4e525d, 0x404381,
                         0x425b22},
        .class_ink = {0x87d7ff, 0xffd787, 0x8ff0cf, 0xf0bfe0, 0xf7f08a, 0xa8ecff, 0xffb494, 0xdfe2e8, 0xc9c8ff,
                      0xcdf08e},
        .undecided = 0x1c1d22,
    },
    {
        .name = "light",
        .role =
            {
                [ROLE_GROUND] = 0xfcfbf8,   [ROLE_TEXT] = 0x2a2d34,   [ROLE_STRONG] = 0x000000,
                [ROLE_FAINT] = 0x6c7079,    [ROLE_GRID] = 0xcfcfca,   [ROLE_BAR] = 0xe9e8e3,
                [ROLE_KEY] = 0x875f00,      [ROLE_TRAIN] = 0x005faf,  [ROLE_TEST] = 0xd75f00,
                [ROLE_GRADIENT] = 0x00875f, [ROLE_RATE] = 0x5f5fd7,   [ROLE_GHOST] = 0xa9abb0,
                [ROLE_RIVAL] = 0x5f8700,    [ROLE_GAP] = 0xffeeb0,    [ROLE_MARKER] = 0xaf005f,
                [ROLE_BEST] = 0x875f00,     [ROLE_WARN] = 0xd70000,   [ROLE_SELECTED] = 0xd7e0ff,
                [ROLE_RUNNING] = 0x005faf,  [ROLE_PAUSED] = 0xd75f00,
            },
        .class_ground = {0xaee1fa, 0xfce1ac, 0xaddfca, 0xe8c4d8, 0xede69f, 0xbde4eb, 0xf1c1a9, 0xd2d4d8, 0xcacaec,
                         0xd0e2ae},
        .class_ink = {0x00005f, 0x6e3500, 0x004a33, 0x5c1f46, 0x504b00, 0x004a58, 0x6a1c00, 0x2b2f36, 0x23256e,
                      0x2f4a00},
        .undecided = 0xf6f4f0,
    },
    {
        .name = "projector",
        .role =
            {
                [ROLE_GROUND] = 0xffffff,   [ROLE_TEXT] = 0x000000,   [ROLE_STRONG] = 0x000000,
                [ROLE_FAINT] = 0x464a52,    [ROLE_GRID] = 0xc2c4c8,   [ROLE_BAR] = 0xeceef2,
                [ROLE_KEY] = 0x870000,      [ROLE_TRAIN] = 0x005fd7,  [ROLE_TEST] = 0xd75f00,
                [ROLE_GRADIENT] = 0x00875f, [ROLE_RATE] = 0x5f00af,   [ROLE_GHOST] = 0x9a9ca2,
                [ROLE_RIVAL] = 0x4e6b00,    [ROLE_GAP] = 0xffe3c0,    [ROLE_MARKER] = 0x87005f,
                [ROLE_BEST] = 0x870000,     [ROLE_WARN] = 0xd70000,   [ROLE_SELECTED] = 0xafd7ff,
                [ROLE_RUNNING] = 0x005fd7,  [ROLE_PAUSED] = 0xd75f00,
            },
        .class_ground = {0x97cbff, 0xffcb97, 0xa1e0c8, 0xe9bad7, 0xefe78c, 0xb0e4ef, 0xf4b699, 0xcccfd5, 0xc3c3f1,
                         0xc7e09c},
        .class_ink = {0x00005f, 0x5f0000, 0x003a28, 0x4a1238, 0x403c00, 0x003a46, 0x560f00, 0x1a1d22, 0x14165c,
                      0x213800},
        .undecided = 0xffffff,
        .thick = true,
    },
    {
        /* Greys stand for attributes: white is bold, mid grey dim, a light ground reverse. */
        .name = "mono",
        .role =
            {
                [ROLE_GROUND] = 0x000000,   [ROLE_TEXT] = 0xc0c0c0,   [ROLE_STRONG] = 0xffffff,
                [ROLE_FAINT] = 0x808080,    [ROLE_GRID] = 0x606060,   [ROLE_BAR] = 0x000000,
                [ROLE_KEY] = 0xffffff,      [ROLE_TRAIN] = 0xffffff,  [ROLE_TEST] = 0xc0c0c0,
                [ROLE_GRADIENT] = 0xc0c0c0, [ROLE_RATE] = 0xc0c0c0,   [ROLE_GHOST] = 0x707070,
                [ROLE_RIVAL] = 0xc0c0c0,    [ROLE_GAP] = 0x000000,    [ROLE_MARKER] = 0xc0c0c0,
                [ROLE_BEST] = 0xffffff,     [ROLE_WARN] = 0xffffff,   [ROLE_SELECTED] = 0xd0d0d0,
                [ROLE_RUNNING] = 0xffffff,  [ROLE_PAUSED] = 0xffffff,
            },
        .class_ground = {0x000000, 0x909090, 0x404040, 0xc0c0c0, 0x202020, 0xa8a8a8, 0x606060, 0x787878, 0x303030,
                         0x505050},
        .class_ink = {0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff,
                      0xffffff},
        .undecided = 0x000000,
        .mono = true,
    },
};

const unsigned palette_count = sizeof palette_table / sizeof *palette_table;

const char *palette_name(size_t number)
{
    return number < palette_count ? palette_table[number].name : NULL;
}

const struct palette *palette_find(const char *name)
{
    for (unsigned i = 0; name && i < palette_count; i++)
        if (strcmp(palette_table[i].name, name) == 0)
            return &palette_table[i];
    return &palette_table[0];
}

uint32_t colour_mix(uint32_t a, uint32_t b, double share_of_b)
{
    const double share = share_of_b > 0 ? share_of_b < 1 ? share_of_b : 1 : 0;
    uint32_t mixed = 0;
    for (unsigned shift = 0; shift < 24; shift += 8) {
        const double from = (double)(a >> shift & 0xff), to = (double)(b >> shift & 0xff);
        mixed |= (uint32_t)(from + (to - from) * share + 0.5) << shift;
    }
    return mixed;
}
