/* Any bytes as text on the screen: every cell gets a character that takes one column, and none outside is touched. The
 * first four bytes say where the text goes. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "plot/grid.h"

enum { COLUMNS = 40, ROWS = 3, UNTOUCHED = 0x2588, MARGIN = 3 };

const char *const fuzz_words[] = {
    "\x1b[31m",
    "\x1b]0;t\x07",
    "\x9b",
    "\xc2\x9b",
    "\xc2\xad",
    "\xe2\x80\xae",
    "\xe2\x80\x8b",
    "\xef\xbb\xbf",
    "\xcc\x81",
    "e\xcc\x81",
    "\xe4\xb8\xad",
    "\xf0\x9f\x98\x80",
    "\xf4\x90\x80\x80",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "\xe0\x80\xaf",
    "\xe2\x80\xa6",
    "\xd7\x90",
    "\t",
    "\r",
    "\n",
    "\x7f",
    "abc",
    "\xe2\xa3\xbf",
    "\xff",
    "\xe2\x80",
    "\xf0\x9f",
    NULL,
};

static void check_glyph(uint32_t glyph)
{
    must(glyph >= 0x20 && (glyph < 0x7f || glyph >= 0xa0), "no control character");
    must(wcwidth((wchar_t)glyph) == 1, "one column");
    const uint32_t plain = glyph_plain(glyph);
    must(plain >= 0x20 && plain < 0x7f, "a plain character for it");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready)
        ready = setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8");
    must(ready, "a locale of UTF-8");
    if (size < 4)
        return 0;
    const int x = (int)data[0] % 60 - 10, y = (int)data[1] % 6 - 1, width = (int)data[2] % 60 - 5;
    const int margin = data[3] % MARGIN;
    char *text = strndup((const char *)data + 4, size - 4);
    struct grid grid = {0};
    must(grid_resize(&grid, COLUMNS, ROWS), "memory");
    for (size_t i = 0; i < COLUMNS * ROWS; i++)
        grid.cell[i].glyph = UNTOUCHED;
    const struct area area = area_part(area_whole(&grid), margin, 0, COLUMNS - 2 * margin, ROWS);

    const int used = area_text(area, x, y, width, text, 0xffffff, 0);
    must(used <= (width > 0 ? width : 0), "no wider than it may be");
    must(used <= text_columns(text), "no wider than it is");
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++) {
            const uint32_t glyph = grid.cell[row * COLUMNS + column].glyph;
            const int at = column - margin;
            const bool inside = row == y && at >= 0 && at >= x && at < x + used && at < area.width;
            must(inside || glyph == UNTOUCHED, "nothing outside");
            check_glyph(glyph);
        }
    text_clean(text);
    must_be_clean(text, "clean text stays as it is");
    grid_free(&grid);
    free(text);
    return 0;
}
