/* Dots, lines that connect, planes, room for texts. */
#include <math.h>

#include "plot/canvas.h"
#include "suite.h"

static struct canvas canvas;

static void setup(void)
{
    ck_assert(canvas_resize(&canvas, 20, 10, false));
}

static void teardown(void)
{
    canvas_free(&canvas);
}

static bool has_dot(int x, int y)
{
    static const uint8_t bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x < 0 || y < 0 || x >= 40 || y >= 40)
        return false;
    const struct canvas_stroke *stroke = canvas_shown(&canvas, x / 2, y / 4);
    return stroke && stroke->dots & bit[y % 4][x % 2];
}

static int count_dots(void)
{
    int count = 0;
    for (int y = 0; y < 40; y++)
        for (int x = 0; x < 40; x++)
            count += has_dot(x, y);
    return count;
}

START_TEST(a_dot_is_its_braille_bit)
{
    canvas_dot(&canvas, 3, 6, 0xabcdef, 1, '*');
    ck_assert_uint_eq(canvas_shown(&canvas, 1, 1)->dots, 0x20);
    ck_assert_uint_eq(canvas_shown(&canvas, 1, 1)->ink, 0xabcdef);
    canvas_dot(&canvas, -1, 0, 1, 1, '*');
    canvas_dot(&canvas, 40, 0, 1, 1, '*');
    canvas_dot(&canvas, 0, 40, 1, 1, '*');
    ck_assert_int_eq(count_dots(), 1);
}
END_TEST

/* From one end to the other every dot of a line touches the next, also diagonally. */
START_TEST(lines_connect)
{
    static const double line[][4] = {{0.5, 0.5, 39.5, 39.5}, {0.5, 39.5, 39.5, 0.5}, {2.5, 1.5, 4.5, 38.5},
                                     {1.5, 3.5, 38.5, 5.5},  {30.5, 30.5, 3.5, 7.5}, {5.5, 5.5, 5.5, 5.5}};
    for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
        canvas_resize(&canvas, 20, 10, false);
        const double *l = line[i];
        canvas_line(&canvas, l[0], l[1], l[2], l[3], 1, 1, '*', TEXTURE_SOLID, false);
        ck_assert(has_dot((int)l[0], (int)l[1]) && has_dot((int)l[2], (int)l[3]));
        const int far = (int)fmax(fabs(l[2] - l[0]), fabs(l[3] - l[1]));
        ck_assert_int_eq(count_dots(), far + 1);
        for (int y = 0; y < 40; y++)
            for (int x = 0; x < 40; x++) {
                int near = 0;
                for (int dot = 0; dot < 9; dot++)
                    near += dot != 4 && has_dot(x + dot % 3 - 1, y + dot / 3 - 1);
                ck_assert(!has_dot(x, y) || far == 0 || near >= 1);
            }
    }
}
END_TEST

START_TEST(far_lines_are_clipped_in_place)
{
    canvas_line(&canvas, 10.5, 20.5, 10.5, -1e30, 1, 1, '*', TEXTURE_SOLID, false);
    ck_assert_int_eq(count_dots(), 21);
    canvas_resize(&canvas, 20, 10, false);
    canvas_line(&canvas, -1e9, 20.5, 1e9, 20.5, 1, 1, '*', TEXTURE_SOLID, false);
    ck_assert_int_eq(count_dots(), 40);
    canvas_line(&canvas, -5, -5, 45, -1, 1, 1, '*', TEXTURE_SOLID, false);
    canvas_line(&canvas, NAN, 0, 3, 3, 1, 1, '*', TEXTURE_SOLID, false);
    canvas_line(&canvas, 0, 0, 3, INFINITY, 1, 1, '*', TEXTURE_SOLID, false);
    ck_assert_int_eq(count_dots(), 40);
}
END_TEST

START_TEST(textures_run_on_over_joints)
{
    for (int x = 0; x < 39; x++)
        canvas_line(&canvas, x + 0.5, 8.5, x + 1.5, 8.5, 1, 1, '*', TEXTURE_DASHED, false);
    int longest_gap = 0, gap = 0;
    for (int x = 0; x < 40; x++) {
        gap = has_dot(x, 8) ? 0 : gap + 1;
        longest_gap = gap > longest_gap ? gap : longest_gap;
    }
    ck_assert_int_eq(longest_gap, 2); /* one cell: the eye goes on over it */
    ck_assert_int_eq(count_dots(), 30);
}
END_TEST

START_TEST(thick_lines_are_two_dots)
{
    canvas_line(&canvas, 0.5, 8.5, 39.5, 8.5, 1, 1, '*', TEXTURE_SOLID, true);
    ck_assert_int_eq(count_dots(), 80);
}
END_TEST

static void shows_stroke(int x, uint8_t dots, uint32_t ink)
{
    ck_assert_ptr_nonnull(canvas_shown(&canvas, x, 0));
    ck_assert_uint_eq(canvas_shown(&canvas, x, 0)->dots, dots);
    ck_assert_uint_eq(canvas_shown(&canvas, x, 0)->ink, ink);
}

/* Each dot has its own ink, in whatever order layers come. */
START_TEST(planes_replace_layers_take_turns)
{
    for (int way = 0; way < 2; way++) {
        canvas_resize(&canvas, 20, 10, false);
        for (int x = 0; x < 8; x += 4) {
            for (int i = 0; i < 2; i++)
                if (i == way)
                    canvas_dot(&canvas, x, 0, 1, 1, '.');
                else
                    canvas_dot(&canvas, x + 1, 0, 2, 2, 'o');
            canvas_dot(&canvas, x, 1, 1, 1, '.');
        }
        shows_stroke(0, 0x08, 2);
        shows_stroke(2, 0x03, 1);
    }
    canvas_dot(&canvas, 4, 3, 3, 3, '+'); /* of three the highest and the lowest are left */
    shows_stroke(2, 0x03, 1);
    canvas_dot(&canvas, 0, 3, 3, 3, '+');
    shows_stroke(0, 0x40, 3);
    canvas_dot(&canvas, 1, 0, 2, 2, 'o');
    shows_stroke(0, 0x40, 3);
    canvas_dot(&canvas, 1, 3, 4, CANVAS_PLANE, '*');
    shows_stroke(0, 0x80, 4);
    canvas_dot(&canvas, 0, 0, 1, 1, '.');
    shows_stroke(0, 0x80, 4);
    ck_assert_int_eq(canvas_layer(&canvas, 0, 0), CANVAS_PLANE);
    ck_assert_int_eq(canvas_layer(&canvas, 1, 0), -1);
    ck_assert_int_eq(canvas_layer(&canvas, 20, 0), -1);
}
END_TEST

START_TEST(lines_that_run_together_show_by_turns)
{
    canvas_line(&canvas, 0.5, 8.5, 39.5, 8.5, 111, 1, '*', TEXTURE_SOLID, false);
    canvas_line(&canvas, 0.5, 9.5, 39.5, 9.5, 222, 2, 'o', TEXTURE_SOLID, false);
    for (int x = 0; x < 20; x++) {
        const struct canvas_stroke *stroke = canvas_shown(&canvas, x, 2);
        ck_assert_uint_eq(stroke->ink, x % 4 < 2 ? 222 : 111);
        ck_assert_uint_eq(stroke->dots, x % 4 < 2 ? 0x12 : 0x09);
    }
}
END_TEST

START_TEST(taken_cells_refuse)
{
    ck_assert(canvas_take(&canvas, 5, 2, 6));
    ck_assert(!canvas_take(&canvas, 10, 2, 3));
    ck_assert(canvas_is_free(&canvas, 11, 2, 3)); /* a refusal takes nothing */
    ck_assert(canvas_take(&canvas, 11, 2, 9));
    ck_assert(!canvas_take(&canvas, 15, 3, 6));
    ck_assert(!canvas_take(&canvas, -1, 3, 3));
    ck_assert(!canvas_take(&canvas, 0, 10, 3));
    canvas_resize(&canvas, 20, 10, false);
    ck_assert(canvas_take(&canvas, 5, 2, 6));
}
END_TEST

START_TEST(blitting_leaves_blank_cells)
{
    struct grid grid = {0};
    ck_assert(grid_resize(&grid, 20, 10));
    grid_clear(&grid, 1, 2);
    area_put(area_whole(&grid), 4, 4, 'q', 9, 0);
    canvas_dot(&canvas, 0, 0, 3, 1, '*');
    canvas_blit(&canvas, area_whole(&grid));
    ck_assert_uint_eq(grid.cell[0].glyph, 0x2801);
    ck_assert_uint_eq(grid.cell[84].glyph, 'q');
    ck_assert(canvas_resize(&canvas, 20, 10, true));
    canvas_dot(&canvas, 19, 9, 3, 1, '*');
    canvas_blit(&canvas, area_whole(&grid));
    ck_assert_uint_eq(grid.cell[199].glyph, '*');
    grid_free(&grid);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("canvas");
    TCase *tests = tcase_create("canvas");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_dot_is_its_braille_bit);
    tcase_add_test(tests, lines_connect);
    tcase_add_test(tests, far_lines_are_clipped_in_place);
    tcase_add_test(tests, textures_run_on_over_joints);
    tcase_add_test(tests, thick_lines_are_two_dots);
    tcase_add_test(tests, planes_replace_layers_take_turns);
    tcase_add_test(tests, lines_that_run_together_show_by_turns);
    tcase_add_test(tests, taken_cells_refuse);
    tcase_add_test(tests, blitting_leaves_blank_cells);
    suite_add_tcase(suite, tests);
    return suite;
}
