/* What a chart must never do: hide a value, break a line, let texts run into each other. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "support/charts.h"

START_TEST(plot_area_leaves_room)
{
    const struct area plot = chart_plot_area(&chart, area_whole(&grid));
    ck_assert_int_eq(plot.x, 6);
    ck_assert_int_eq(plot.width, 66);
    ck_assert_int_eq(plot.height, 19);
    ck_assert_uint_eq(chart_columns(&chart, area_whole(&grid), false), 132);
    ck_assert_uint_eq(chart_columns(&chart, area_whole(&grid), true), 66);
}
END_TEST

START_TEST(lines_reach_over_empty_columns)
{
    set(0, 0, 0.9);
    set(0, 131, 0.1);
    draw();
    for (int x = 6; x < 72; x++)
        ck_assert_int_ge(rows_of(palette.role[ROLE_TRAIN], x), 1);
}
END_TEST

/* The row of the line's dots in the column of cells, the first from the top. */
static int row_of_line(int x)
{
    for (int y = 0; y < HEIGHT; y++)
        if (is_braille(at(x, y)) && at(x, y)->ink == palette.role[ROLE_TRAIN])
            return y;
    ck_abort_msg("no line in column %d", x);
}

/* Values grow upwards and steps to the right; the labels of the axes stand where their values are. */
START_TEST(a_line_that_falls_goes_from_the_upper_left_to_the_lower_right)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, 1 - (double)i / 131);
    draw();
    ck_assert_int_le(row_of_line(6), 1);
    ck_assert_int_ge(row_of_line(71), 17);
    for (int x = 7; x < 72; x++)
        ck_assert_int_ge(row_of_line(x), row_of_line(x - 1));
    int row, low, high;
    ck_assert_int_ge(find("0.2", &low), 0);
    ck_assert_int_ge(find("0.8", &high), 0);
    ck_assert_int_le(abs(high - row_of_line(6 + 66 / 5)), 1);
    ck_assert_int_le(abs(low - row_of_line(6 + 66 * 4 / 5)), 1);
    const int left = find("200", &row), right = find("800", &row);
    ck_assert(left > 6 && left < right);
}
END_TEST

START_TEST(a_spike_is_connected_both_ways)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, i == 60 ? 0.97 : 0.05);
    draw();
    ck_assert_int_ge(rows_of(palette.role[ROLE_TRAIN], 36), 17);
}
END_TEST

START_TEST(envelopes_keep_extremes)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, 0.5);
    column[0][60].count = 100;
    column[0][60].sum = 50;
    column[0][60].max = 0.98f;
    column[0][60].min = 0.02f;
    line[0].envelope = true;
    draw();
    int rows = 0;
    for (int y = 0; y < 19; y++)
        rows += is_braille(at(36, y)) && at(36, y)->ink != palette.role[ROLE_GRID];
    ck_assert_int_eq(rows, 19);
}
END_TEST

START_TEST(nonfinite_values_are_marked)
{
    column[0][40].nonfinite = 1; /* and no finite one */
    draw();
    ck_assert_uint_eq(at(26, 0)->glyph, 0x2715);
    ck_assert_uint_eq(at(26, 0)->ink, palette.role[ROLE_WARN]);
}
END_TEST

START_TEST(values_outside_stay_outside)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, i % 2 ? 1e30 : -1e30);
    chart.end_width = 0;
    draw();
    set(1, 5, 7);
    draw();
    ck_assert_int_eq(rows_of(palette.role[ROLE_TEST], 8), 0);
}
END_TEST

/* One mark where the line goes out, not one a column; a value at the very edge is inside. */
START_TEST(lines_that_leave_the_scale_are_marked)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, i >= 40 && i < 80 ? 3 : i >= 100 ? -2 : i < 10 ? 1 : 0.5);
    draw();
    int up = 0, down = 0;
    for (int x = 0; x < WIDTH; x++) {
        up += at(x, 0)->glyph == 0x25b2;
        down += at(x, 18)->glyph == 0x25bc;
    }
    ck_assert_int_eq(up, 1);
    ck_assert_int_eq(down, 1);
    ck_assert_uint_eq(at(26, 0)->glyph, 0x25b2);
    ck_assert_uint_eq(at(26, 0)->ink, palette.role[ROLE_TRAIN]);
    ck_assert_uint_eq(at(56, 18)->glyph, 0x25bc);
}
END_TEST

START_TEST(a_bent_scale_says_so)
{
    int row = 0;
    for (size_t i = 0; i < 132; i++)
        set(0, i, i < 100 ? 0.5 : 1e12);
    draw();
    ck_assert_int_eq(find("log above", &row), -1);
    chart.y = (struct scale){.high = 1e12, .bend = 1};
    draw();
    ck_assert_int_ge(find("log above 1", &row), 6);
    ck_assert_int_le(row, 8);
    for (int x = 6; x < 54; x++) /* the seam runs across */
        ck_assert_uint_eq(at(x, row + 1)->glyph, 0x28c0);
    ck_assert(is_braille(at(20, 13)) && at(20, 13)->ink == palette.role[ROLE_TRAIN]); /* half of the lower part */
}
END_TEST

START_TEST(pale_lines_stay_behind)
{
    for (size_t i = 0; i < 132; i++) {
        set(0, i, i % 2 ? 0.9 : 0.1);
        set(1, i, 0.5);
    }
    line[0].pale = true;
    draw();
    for (int x = 6; x < 72; x++)
        ck_assert_int_ge(rows_of(palette.role[ROLE_TEST], x), 1);
    for (int x = 6; x < 72; x++)
        ck_assert_int_eq(rows_of(palette.role[ROLE_TRAIN], x), 0);
    const struct cell *pale = at(30, 5);
    ck_assert(is_braille(pale) && pale->ink != palette.role[ROLE_GRID]);
}
END_TEST

/* Spikes of a pale line that the scale leaves out are still told. */
START_TEST(spikes_of_pale_lines_are_marked)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, i == 40 || i == 80 || i == 82 || i == 84 ? 3 : 0.5);
    line[0].pale = true;
    draw();
    int marks = 0;
    for (int x = 0; x < WIDTH; x++)
        marks += at(x, 0)->glyph == 0x25b4;
    ck_assert_int_eq(marks, 2);
    ck_assert_uint_eq(at(26, 0)->glyph, 0x25b4);
    ck_assert_uint_eq(at(46, 0)->glyph, 0x25b4);
}
END_TEST

START_TEST(the_gap_is_shaded_where_test_is_worse)
{
    for (size_t i = 0; i < 132; i++) {
        set(0, i, 0.5);
        set(1, i, i < 66 ? 0.2 : 0.9);
    }
    chart.gap_train = 0;
    chart.gap_test = 1;
    draw();
    ck_assert_uint_eq(at(60, 5)->ground, palette.role[ROLE_GAP]);
    ck_assert_uint_eq(at(60, 15)->ground, palette.role[ROLE_GROUND]);
    ck_assert_uint_eq(at(60, 0)->ground, palette.role[ROLE_GROUND]);
    for (int y = 0; y < 19; y++)
        ck_assert_uint_eq(at(20, y)->ground, palette.role[ROLE_GROUND]);
}
END_TEST

/* Curves that cross all the time have no squares between them. */
START_TEST(noise_between_curves_is_not_shaded)
{
    for (size_t i = 0; i < 132; i++) {
        set(0, i, 0.5);
        set(1, i, i / 4 % 2 ? 0.3 : 0.9);
    }
    chart.gap_train = 0;
    chart.gap_test = 1;
    draw();
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_uint_ne(grid.cell[i].ground, palette.role[ROLE_GAP]);
}
END_TEST

START_TEST(the_gap_shows_without_colour)
{
    palette = *palette_find("mono");
    for (size_t i = 0; i < 132; i++) {
        set(0, i, 0.1);
        set(1, i, 0.9);
    }
    chart.gap_train = 0;
    chart.gap_test = 1;
    draw();
    int dots = 0;
    for (int x = 6; x < 72; x++) {
        dots += at(x, 10)->glyph == 0xb7;
        ck_assert_uint_ne(at(x, 0)->glyph, 0xb7);
    }
    ck_assert_int_eq(dots, 33);
}
END_TEST

START_TEST(smoothing_does_not_lag)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, (double)i / 131);
    line[0].smoothing = 9;
    draw();
    int rows = 0;
    for (int y = 8; y <= 10; y++) /* the middle of the ramp is still in the middle */
        rows += at(39, y)->ink == palette.role[ROLE_TRAIN];
    ck_assert_int_ge(rows, 1);
}
END_TEST

/* A curve that falls early and then lies low still begins high and ends low. */
START_TEST(smoothing_leaves_the_ends)
{
    for (size_t i = 0; i < 132; i++)
        set(0, i, 0.02 + 0.96 * exp(-(double)i / 6));
    line[0].smoothing = 9;
    line[0].end_label = "train";
    draw();
    bool high = false;
    for (int y = 0; y < 2; y++)
        high |= at(6, y)->ink == palette.role[ROLE_TRAIN];
    for (int x = 45; x < 72; x++)
        for (int y = 0; y < 18; y++)
            ck_assert(at(x, y)->ink != palette.role[ROLE_TRAIN] || !is_braille(at(x, y)));
    ck_assert(high);
    ck_assert_uint_eq(at(71, 18)->ink, palette.role[ROLE_TRAIN]);
}
END_TEST

START_TEST(best_mark_and_reference)
{
    int row = 0;
    chart.best_x = 500;
    chart.best_y = 0.5;
    chart.best_label = "best";
    chart.reference = 0.69;
    chart.reference_label = "chance";
    draw();
    ck_assert_uint_eq(at(39, 9)->glyph, 0x25c6);
    ck_assert_int_gt(find("best", &row), 30);
    ck_assert_int_eq(find("chance", &row), 66);
    ck_assert_int_eq(row, 6);
    chart.reference = 3; /* outside: neither line nor label */
    draw();
    ck_assert_int_eq(find("chance", &row), -1);
}
END_TEST

START_TEST(cursor_marks_each_curve_once)
{
    for (size_t i = 0; i < 132; i++) {
        set(0, i, 0.3 + 0.2 * (double)(i % 2));
        set(1, i, 0.8);
    }
    chart.cursor = 500;
    line[0].at_cursor = 0.05; /* of its step, whatever else is in that column */
    line[1].at_cursor = 0.8;
    draw();
    int marks = 0;
    for (int y = 0; y < 19; y++)
        marks += at(39, y)->glyph == 0x25cf;
    ck_assert_int_eq(marks, 2);
    ck_assert_uint_eq(at(39, 17)->glyph, 0x25cf);
    line[0].at_cursor = NAN;
    draw();
    ck_assert_uint_ne(at(39, 17)->glyph, 0x25cf);
}
END_TEST

/* Labels stand in the rows of their lines, as far apart as each other; none of the lines runs beside that of
 * guessing. */
START_TEST(grid_lines_are_even)
{
    chart.y = scale_on_rows(0, 0.71, HEIGHT - 1, false);
    chart.reference = chart.y.step * 2 + 0.01;
    draw();
    int last = -1, apart = 0;
    for (int y = 0; y < HEIGHT - 1; y++) {
        const bool label = at(4, y)->glyph != 0,
                   dots = at(20, y)->glyph != 0 && at(20, y)->ink == palette.role[ROLE_GRID];
        ck_assert(!dots || label);
        ck_assert(!dots || at(20, y)->glyph == 0x2804);
        if (label && last >= 0) {
            ck_assert(apart == 0 || y - last == apart);
            apart = y - last;
        }
        last = label ? y : last;
    }
    ck_assert_int_ge(apart, 2);
    ck_assert_uint_ne(at(20, 18)->glyph, 0);
    const int second = 18 - 2 * apart;
    ck_assert_uint_ne(at(20, second)->ink, palette.role[ROLE_GRID]);
}
END_TEST

START_TEST(plain_text_is_ascii)
{
    const struct chart_marker marker = {500, "lr", ROLE_MARKER, true};
    palette.ascii = true;
    for (size_t i = 0; i < 66; i++)
        set(0, i, (double)i / 66);
    column[0][3].nonfinite = 1;
    chart.marker = &marker;
    chart.markers = 1;
    chart.reference = 0.5;
    chart.best_x = 100;
    chart.best_y = 0.9;
    chart.cursor = 800;
    draw();
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        ck_assert_uint_lt(grid.cell[i].glyph, 0x7f);
    ck_assert_uint_eq(at(6, 18)->glyph, '*');
}
END_TEST

/* No size, however small, and no layout makes it write outside of its area or fail. */
START_TEST(every_size_is_fine)
{
    static const struct chart_marker marker[] = {{10, "one", ROLE_MARKER, false},
                                                 {990, "another one", ROLE_MARKER, true}};
    for (size_t i = 0; i < COLUMNS_MOST; i++) {
        set(0, i, 0.5);
        set(1, i, 0.6);
    }
    chart.marker = marker;
    chart.markers = 2;
    chart.gap_train = 0;
    chart.gap_test = 1;
    chart.reference = 0.69;
    chart.reference_label = "chance";
    chart.best_x = chart.cursor = 500;
    chart.best_y = 0.4;
    chart.best_label = "best";
    chart.x_unit = "steps";
    line[0].end_label = line[1].end_label = "end";
    for (int width = 0; width <= 40; width++)
        for (int height = 0; height <= 12; height++) {
            ck_assert(grid_resize(&grid, width + 2, height + 2));
            grid_clear(&grid, 0, 0x777777);
            const struct area area = area_part(area_whole(&grid), 1, 1, width, height);
            chart.columns = chart_columns(&chart, area, false);
            ck_assert(chart_draw(&chart, area, &palette, &canvas));
            for (int y = 0; y < height + 2; y++)
                for (int x = 0; x < width + 2; x++)
                    ck_assert((x > 0 && y > 0 && x <= width && y <= height) ||
                              (at(x, y)->glyph == 0 && at(x, y)->ground == 0x777777));
        }
    ck_assert(grid_resize(&grid, 300, 100));
    draw();
}
END_TEST

/* A bucket of many steps whose mean, extremes and newest value differ. */
static void set_rough(size_t at)
{
    column[0][at] = (struct bucket){.count = 4, .min = 0.1f, .max = 0.9f, .last = 0.9f, .sum = 2};
}

START_TEST(a_line_is_of_means_and_ends_at_the_newest_value)
{
    for (size_t i = 0; i < 132; i++)
        set_rough(i);
    draw();
    const int middle = row_of_line(30);
    for (int x = 10; x < 68; x++)
        ck_assert_int_eq(row_of_line(x), middle);
    ck_assert_int_le(abs(middle - 9), 1);          /* 0.5 */
    ck_assert_int_le(abs(row_of_line(71) - 2), 1); /* 0.9 */
}
END_TEST

/* Smoothing takes as many neighbours on the left as on the right: a straight line stays where it is, up to its ends. */
START_TEST(a_smoothed_straight_line_stays_in_place)
{
    int row[66];
    for (size_t i = 0; i < 132; i++)
        set(0, i, 1 - (double)i / 131);
    draw();
    for (int x = 0; x < 66; x++)
        row[x] = row_of_line(6 + x);
    line[0].smoothing = 8;
    draw();
    for (int x = 0; x < 66; x++)
        ck_assert_int_le(abs(row_of_line(6 + x) - row[x]), 1);
    ck_assert_int_eq(row_of_line(71), row[65]);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("chart");
    TCase *tests = tcase_create("chart");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, plot_area_leaves_room);
    tcase_add_test(tests, lines_reach_over_empty_columns);
    tcase_add_test(tests, a_line_that_falls_goes_from_the_upper_left_to_the_lower_right);
    tcase_add_test(tests, a_spike_is_connected_both_ways);
    tcase_add_test(tests, envelopes_keep_extremes);
    tcase_add_test(tests, nonfinite_values_are_marked);
    tcase_add_test(tests, values_outside_stay_outside);
    tcase_add_test(tests, lines_that_leave_the_scale_are_marked);
    tcase_add_test(tests, a_bent_scale_says_so);
    tcase_add_test(tests, pale_lines_stay_behind);
    tcase_add_test(tests, spikes_of_pale_lines_are_marked);
    tcase_add_test(tests, the_gap_is_shaded_where_test_is_worse);
    tcase_add_test(tests, noise_between_curves_is_not_shaded);
    tcase_add_test(tests, the_gap_shows_without_colour);
    tcase_add_test(tests, smoothing_does_not_lag);
    tcase_add_test(tests, smoothing_leaves_the_ends);
    tcase_add_test(tests, best_mark_and_reference);
    tcase_add_test(tests, cursor_marks_each_curve_once);
    tcase_add_test(tests, grid_lines_are_even);
    tcase_add_test(tests, plain_text_is_ascii);
    tcase_add_test(tests, every_size_is_fine);
    tcase_add_test(tests, a_line_is_of_means_and_ends_at_the_newest_value);
    tcase_add_test(tests, a_smoothed_straight_line_stays_in_place);
    suite_add_tcase(suite, tests);
    return suite;
}
