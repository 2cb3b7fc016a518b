/* Cells, clipping, and text from hostile sources. */
#include <limits.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "plot/grid.h"
#include "suite.h"

static struct grid grid;

static void setup(void)
{
    ck_assert(grid_resize(&grid, 10, 4));
    grid_clear(&grid, 0x111111, 0x222222);
}

static void teardown(void)
{
    grid_free(&grid);
}

static const struct cell *at(int x, int y)
{
    return &grid.cell[y * grid.width + x];
}

START_TEST(clears_and_resizes)
{
    ck_assert_uint_eq(at(9, 3)->ground, 0x222222);
    ck_assert_uint_eq(at(9, 3)->glyph, 0);
    ck_assert(!grid_resize(&grid, -1, 4));
    ck_assert_int_eq(grid.width, 10);
    ck_assert(grid_resize(&grid, 0, 0));
}
END_TEST

START_TEST(parts_are_clipped)
{
    const struct area part = area_part(area_whole(&grid), -2, 1, 5, 99);
    ck_assert_int_eq(part.x, 0);
    ck_assert_int_eq(part.width, 3);
    ck_assert_int_eq(part.height, 3);
    const struct area none = area_part(part, 5, 0, 4, 4);
    ck_assert_int_eq(none.width, 0);
    area_put(none, 0, 0, 'x', 0, 0);
    area_put(part, 3, 0, 'x', 0, 0);
    area_put(part, 0, -1, 'x', 0, 0);
    for (int i = 0; i < 40; i++)
        ck_assert_uint_eq(grid.cell[i].glyph, 0);
    area_put(part, 2, 2, 'x', 7, CELL_BOLD);
    ck_assert_uint_eq(at(2, 3)->glyph, 'x');
    ck_assert_uint_eq(at(2, 3)->ground, 0x222222);
}
END_TEST

START_TEST(ground_is_clipped)
{
    area_ground(area_whole(&grid), -3, 1, 5, 5);
    area_ground(area_whole(&grid), 8, 1, 500, 6);
    area_ground(area_whole(&grid), 0, 4, 3, 7);
    ck_assert_uint_eq(at(1, 1)->ground, 5);
    ck_assert_uint_eq(at(2, 1)->ground, 0x222222);
    ck_assert_uint_eq(at(9, 1)->ground, 6);
    ck_assert_uint_eq(at(0, 2)->ground, 0x222222);
}
END_TEST

START_TEST(text_is_cut_with_an_ellipsis)
{
    const struct area whole = area_whole(&grid);
    ck_assert_int_eq(area_text(whole, 0, 0, 10, "0123456789", 0, 0), 10);
    ck_assert_uint_eq(at(9, 0)->glyph, '9');
    ck_assert_int_eq(area_text(whole, 0, 1, 4, "0123456789", 0, 0), 4);
    ck_assert_uint_eq(at(3, 1)->glyph, 0x2026);
    ck_assert_uint_eq(at(4, 1)->glyph, 0);
    ck_assert_int_eq(area_text(whole, 7, 2, 10, "abcdef", 0, 0), 3);
    ck_assert_uint_eq(at(9, 2)->glyph, 0x2026);
    ck_assert_int_eq(area_text(whole, 0, 3, 0, "abc", 0, 0), 0);
}
END_TEST

static uint32_t first(const char *text)
{
    return text_next(&text);
}

START_TEST(text_is_decoded)
{
    ck_assert_uint_eq(first("a"), 'a');
    ck_assert_uint_eq(first("\xc3\xa9"), 0xe9);
    ck_assert_uint_eq(first("\xe2\x86\x92"), 0x2192);
    ck_assert_uint_eq(first(""), 0);
    ck_assert_int_eq(text_columns("lr 0.2 \xe2\x86\x92 5"), 10);
    ck_assert_int_eq(text_columns("e\xcc\x81t\xcc\x81"), 2); /* combining accents */
}
END_TEST

START_TEST(nothing_hostile_gets_through)
{
    static const char *const bad[] = {
        "\033[2J",
        "\a",
        "\r",
        "\n",
        "\t",
        "\x7f",
        "\xc2\x9b", /* C0, DEL, the C1 form of ESC [ */
        "\x80",
        "\xff",
        "\xfe",
        "\xc0\xaf",
        "\xe0\x80\xaf",
        "\xf0\x80\x80\xaf", /* stray and overlong */
        "\xed\xa0\x80",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", /* surrogate, beyond Unicode */
        "\xc3",
        "\xe2\x86",
        "\xf0\x9f\x98", /* cut short */
        "\xe2\x80\xae",
        "\xe2\x81\xa6",
        "\xe2\x80\x8b",
        "\xef\xbb\xbf", /* direction, width zero, BOM */
        "\xee\x80\x80",
        "\xf3\xa0\x80\x81", /* private, tag */
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(first(bad[i]) == 0xfffd, "case %zu", i);
    ck_assert_uint_eq(first("\xe4\xb8\xad"), '?'); /* wide */
    ck_assert_uint_eq(first("\xf0\x9f\x98\x80"), '?');
    ck_assert_uint_eq(first("\xd7\x90"), '?'); /* right to left */
}
END_TEST

/* Every string of two bytes: whatever comes out is one column wide, and decoding ends. */
START_TEST(all_short_strings_are_safe)
{
    for (unsigned a = 1; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            const char text[3] = {(char)a, (char)b, 0};
            const char *rest = text;
            int count = 0;
            for (uint32_t code; (code = text_next(&rest)) != 0; count++)
                ck_assert(code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0));
            ck_assert_int_le(count, 2);
            ck_assert(rest == text + strlen(text));
        }
}
END_TEST

/* The table of glyphs against the C library's, which knows which code points there are; elsewhere it may know fewer. */
#ifdef __GLIBC__
START_TEST(every_glyph_takes_one_column)
{
    ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
    int drawn = 0;
    for (uint32_t code = 1; code <= 0x10ffff; code++) {
        if (code >= 0xd800 && code < 0xe000)
            continue;
        char text[MB_LEN_MAX + 1] = "";
        mbstate_t state = {0};
        wcrtomb(text, (wchar_t)code, &state);
        const char *rest = text;
        const uint32_t glyph = text_next(&rest);
        drawn += glyph == code;
        if (glyph != 0 && wcwidth((wchar_t)glyph) != 1)
            ck_abort_msg("U+%04X is drawn as U+%04X", code, glyph);
    }
    ck_assert_int_gt(drawn, 2000);
}
END_TEST
#endif

START_TEST(plain_glyphs_are_ascii)
{
    for (uint32_t glyph = 0; glyph < 0x3000; glyph++)
        ck_assert_uint_lt(glyph_plain(glyph), 0x7f);
    ck_assert_uint_eq(glyph_plain(0x2192), '>');
    ck_assert_uint_eq(glyph_plain('a'), 'a');
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("grid");
    TCase *tests = tcase_create("grid");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, clears_and_resizes);
    tcase_add_test(tests, parts_are_clipped);
    tcase_add_test(tests, ground_is_clipped);
    tcase_add_test(tests, text_is_cut_with_an_ellipsis);
    tcase_add_test(tests, text_is_decoded);
    tcase_add_test(tests, nothing_hostile_gets_through);
    tcase_add_test(tests, all_short_strings_are_safe);
#ifdef __GLIBC__
    tcase_add_test(tests, every_glyph_takes_one_column);
#endif
    tcase_add_test(tests, plain_glyphs_are_ascii);
    suite_add_tcase(suite, tests);
    return suite;
}
