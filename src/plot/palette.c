/* Themes.  Data colours follow Okabe & Ito (2008), which colour-blind viewers tell apart; they are lightened or darkened to stand out
 * from each theme's ground. */
#include "plot/palette.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

const struct palette palette_table[] = {
    {
        .name = "dark",
        .role = {
            [ROLE_GROUND] = 0x14161b, [ROLE_TEXT] = 0xc9ccd3, [ROLE_STRONG] = 0xffffff, [ROLE_FAINT] = 0x858a95,
            [ROLE_GRID] = 0x3a3f49, [ROLE_BAR] = 0x23262e, [ROLE_KEY] = 0xf0e442, [ROLE_TRAIN] = 0x56b4e9,
            [ROLE_TEST] = 0xe69f00, [ROLE_GRADIENT] = 0x12b88a, [ROLE_RATE] = 0xb4a5ea, [ROLE_GHOST] = 0x5d626d,
            [ROLE_GAP] = 0x30271a, [ROLE_MARKER] = 0xd98cb9, [ROLE_BEST] = 0xf0e442, [ROLE_WARN] = 0xff7f3f,
            [ROLE_SELECTED] = 0x323846, [ROLE_RUNNING] = 0x56b4e9, [ROLE_PAUSED] = 0xe69f00,
        },
        .class_ground = {0x005a96, 0x8f5a10, 0x00684c, 0x74406a, 0x7d7a1e, 0x2c7d93, 0x8a3a12, 0x5e6470, 0x4c4fa0, 0x4f7022},
        .class_ink = {0xb3e0ff, 0xffd9a0, 0x8ff0cf, 0xf0bfe0, 0xf7f08a, 0xa8ecff, 0xffb494, 0xdfe2e8, 0xc9c8ff, 0xcdf08e},
        .undecided = 0x1c1d22,
    },
    {
        .name = "light",
        .role = {
            [ROLE_GROUND] = 0xfcfbf8, [ROLE_TEXT] = 0x2a2d34, [ROLE_STRONG] = 0x000000, [ROLE_FAINT] = 0x6c7079,
            [ROLE_GRID] = 0xcfcfca, [ROLE_BAR] = 0xe9e8e3, [ROLE_KEY] = 0x7d5200, [ROLE_TRAIN] = 0x0068a8,
            [ROLE_TEST] = 0xc25100, [ROLE_GRADIENT] = 0x007a58, [ROLE_RATE] = 0x6a4fb3, [ROLE_GHOST] = 0xa9abb0,
            [ROLE_GAP] = 0xfbead3, [ROLE_MARKER] = 0xa23d7c, [ROLE_BEST] = 0x7d5200, [ROLE_WARN] = 0xb83200,
            [ROLE_SELECTED] = 0xd5dfee, [ROLE_RUNNING] = 0x0068a8, [ROLE_PAUSED] = 0xc25100,
        },
        .class_ground = {0x8cc4ec, 0xf4c27a, 0x86d3b6, 0xe0aacb, 0xe8df74, 0x9fdce8, 0xeea583, 0xbfc3cb, 0xb3b4ea, 0xbcd98a},
        .class_ink = {0x003a66, 0x6e3500, 0x004a33, 0x5c1f46, 0x504b00, 0x004a58, 0x6a1c00, 0x2b2f36, 0x23256e, 0x2f4a00},
        .undecided = 0xf6f4f0,
    },
    {
        .name = "projector",
        .role = {
            [ROLE_GROUND] = 0xffffff, [ROLE_TEXT] = 0x000000, [ROLE_STRONG] = 0x000000, [ROLE_FAINT] = 0x464a52,
            [ROLE_GRID] = 0xc2c4c8, [ROLE_BAR] = 0xe2e4e8, [ROLE_KEY] = 0x8a2f00, [ROLE_TRAIN] = 0x0050b4,
            [ROLE_TEST] = 0xc83c00, [ROLE_GRADIENT] = 0x00704e, [ROLE_RATE] = 0x5a35b0, [ROLE_GHOST] = 0x9a9ca2,
            [ROLE_GAP] = 0xffdfb8, [ROLE_MARKER] = 0x96206c, [ROLE_BEST] = 0x8a2f00, [ROLE_WARN] = 0xb40000,
            [ROLE_SELECTED] = 0xbfd6f7, [ROLE_RUNNING] = 0x0050b4, [ROLE_PAUSED] = 0xc83c00,
        },
        .class_ground = {0x7ab8ec, 0xf5b45a, 0x6fcfab, 0xdd95c1, 0xe6da4e, 0x86d6e6, 0xee8e62, 0xb0b5bf, 0xa2a3ea, 0xa9d066},
        .class_ink = {0x002a52, 0x5a2800, 0x003a28, 0x4a1238, 0x403c00, 0x003a46, 0x560f00, 0x1a1d22, 0x14165c, 0x213800},
        .undecided = 0xffffff,
        .thick = true,
    },
    {
        /* Greys stand for attributes: white is bold, mid grey dim, a light ground reverse. */
        .name = "mono",
        .role = {
            [ROLE_GROUND] = 0x000000, [ROLE_TEXT] = 0xc0c0c0, [ROLE_STRONG] = 0xffffff, [ROLE_FAINT] = 0x808080,
            [ROLE_GRID] = 0x606060, [ROLE_BAR] = 0x000000, [ROLE_KEY] = 0xffffff, [ROLE_TRAIN] = 0xffffff,
            [ROLE_TEST] = 0xc0c0c0, [ROLE_GRADIENT] = 0xc0c0c0, [ROLE_RATE] = 0xc0c0c0, [ROLE_GHOST] = 0x707070,
            [ROLE_GAP] = 0x000000, [ROLE_MARKER] = 0xc0c0c0, [ROLE_BEST] = 0xffffff, [ROLE_WARN] = 0xffffff,
            [ROLE_SELECTED] = 0xd0d0d0, [ROLE_RUNNING] = 0xffffff, [ROLE_PAUSED] = 0xffffff,
        },
        .class_ground = {0x000000, 0x909090, 0x404040, 0xc0c0c0, 0x202020, 0xa8a8a8, 0x606060, 0x787878, 0x303030, 0x505050},
        .class_ink = {0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff, 0xffffff},
        .undecided = 0x000000,
        .mono = true,
    },
};

const unsigned palette_count = sizeof palette_table / sizeof *palette_table;

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
