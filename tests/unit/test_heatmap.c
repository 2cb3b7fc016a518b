/* Pictures from half blocks, and points on them. */
#include <math.h>

#include "plot/heatmap.h"
#include "suite.h"

static struct grid grid;
static struct palette palette;
static uint32_t pixel[2 * 5 * 10];

static void setup(void)
{
    ck_assert(grid_resize(&grid, 10, 5));
    palette = *palette_find("dark");
    for (int i = 0; i < 100; i++)
        pixel[i] = i < 10 ? 0x0000f8 : 0xf80000; /* the top row of pixels is blue */
}

static void teardown(void)
{
    grid_free(&grid);
}

START_TEST(two_pixels_a_cell)
{
    heatmap_draw(area_whole(&grid), pixel, &palette);
    ck_assert_uint_eq(grid.cell[3].glyph, 0x2580);
    ck_assert_uint_eq(grid.cell[3].ink, 0x0000f8);
    ck_assert_uint_eq(grid.cell[3].ground, 0xf80000);
    ck_assert_uint_eq(grid.cell[13].glyph, 0);
    ck_assert_uint_eq(grid.cell[13].ground, 0xf80000);
}
END_TEST

/* A surface that hardly moves is the same cells; a gradient between two colours is few colours. */
START_TEST(colours_are_rounded)
{
    uint32_t before = 1;
    int changes = 0;
    for (int i = 0; i <= 10000; i++) {
        pixel[0] = pixel[10] = colour_mix(palette.undecided, palette.class_ground[1], i / 10000.0);
        heatmap_draw(area_part(area_whole(&grid), 0, 0, 10, 5), pixel, &palette);
        changes += grid.cell[0].ground != before;
        before = grid.cell[0].ground;
    }
    ck_assert_int_ge(changes, 10);
    ck_assert_int_le(changes, 48); /* ten classes in two directions stay below 240 colours or so */
}
END_TEST

START_TEST(plain_and_mono_surfaces)
{
    palette.ascii = true;
    heatmap_draw(area_whole(&grid), pixel, &palette);
    ck_assert_uint_eq(grid.cell[3].glyph, 0);
    ck_assert_uint_eq(grid.cell[3].ground, 0x800080);
    palette.mono = true;
    pixel[30] = pixel[40] = 0xffffff; /* row 1 of cells is pixel rows 2 and 3 */
    pixel[20] = 0xffffff;
    heatmap_draw(area_whole(&grid), pixel, &palette);
    for (int i = 0; i < 50; i++)
        ck_assert_uint_lt(grid.cell[i].glyph, 0x7f);
    ck_assert_uint_eq(grid.cell[10].glyph, '#');
    ck_assert_uint_eq(grid.cell[10].ground, palette.role[ROLE_GROUND]);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("heatmap");
    TCase *tests = tcase_create("heatmap");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, two_pixels_a_cell);
    tcase_add_test(tests, colours_are_rounded);
    tcase_add_test(tests, plain_and_mono_surfaces);
    suite_add_tcase(suite, tests);
    return suite;
}
