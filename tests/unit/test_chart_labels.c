/* Texts on a chart: beside what they are about, never over each other or over a curve. */
#include <string.h>

#include "suite.h"
#include "support/charts.h"

START_TEST(a_high_gap_has_its_name_in_it)
{
    int row = 0;
    for (size_t i = 0; i < 132; i++) {
        set(0, i, 0.1);
        set(1, i, i < 40 ? 0.1 : 0.9);
    }
    chart.gap_train = 0;
    chart.gap_test = 1;
    chart.gap_label = "gap 0.80";
    draw();
    const int x = find("gap 0.80", &row);
    ck_assert_int_gt(x, 6 + 33);
    for (int i = -1; i <= 8; i++)
        for (int y = row - 1; y <= row + 1; y++)
            ck_assert_uint_eq(at(x + i, y)->ground, palette.role[ROLE_GAP]);
    for (size_t i = 100; i < 132; i++) /* high a while ago, but not now */
        set(1, i, 0.16);
    draw();
    ck_assert_int_eq(find("gap 0.80", &row), -1);
    for (size_t i = 0; i < 132; i++)
        set(1, i, 0.16);
    draw();
    ck_assert_int_eq(find("gap 0.80", &row), -1);
}
END_TEST

START_TEST(labels_stand_at_the_ends_of_lines)
{
    int row = 0;
    set(0, 80, 0.5);
    set(1, 80, 0.5); /* both at one place: the labels still have rows of their own */
    line[0].end_label = "train";
    line[1].end_label = "test";
    draw();
    const int train = find("train", &row), train_row = row, test = find("test", &row);
    ck_assert_int_eq(train, 48);
    ck_assert_int_eq(test, 48);
    ck_assert_int_ne(train_row, row);
    ck_assert_int_le(train_row > row ? train_row - row : row - train_row, 2);
}
END_TEST

/* Two evaluations in one column: a stop has brought other parameters back.  The end is the newest, not their mean. */
START_TEST(a_line_ends_at_its_newest_value)
{
    int train = 0, test = 0;
    for (size_t i = 0; i < 100; i++) {
        set(0, i, 0.2);
        set(1, i, 0.9);
    }
    column[0][99] = (struct bucket){.count = 2, .min = 0.2f, .max = 0.8f, .last = 0.8f, .sum = 1};
    column[1][99] = (struct bucket){.count = 2, .min = 0.4f, .max = 0.9f, .last = 0.4f, .sum = 1.3};
    line[0].end_label = "train";
    line[1].end_label = "test";
    draw();
    ck_assert_int_gt(find("train", &train), 0);
    ck_assert_int_gt(find("test", &test), 0);
    ck_assert_int_lt(train, test); /* rows count down from the top */
}
END_TEST

START_TEST(end_labels_stay_beside_their_lines)
{
    int row = 0;
    set(0, 80, 0.5);
    for (size_t i = 90; i < 96; i++) /* another curve crosses where the label belongs */
        set(1, i, 0.5);
    line[0].end_label = "train";
    draw();
    ck_assert_int_eq(find("train", &row), 48);
    ck_assert_int_eq(row, 9);
}
END_TEST

/* Of a ghost that runs on, and of a marker: what lives and what was done come first. */
START_TEST(ghosts_give_way)
{
    const struct chart_marker marker = {250, "lr up", ROLE_MARKER, false};
    int row = 0;
    for (size_t i = 0; i < 132; i++) {
        if (i <= 80)
            set(0, i, 0.5);
        set(1, i, 0.5);
    }
    line[0].end_label = "train";
    line[1].role = ROLE_GHOST;
    chart.marker = &marker;
    chart.markers = 1;
    draw();
    ck_assert_int_eq(find("train", &row), 48);
    ck_assert_int_eq(row, 9);
    for (size_t i = 0; i <= 80; i++)
        column[0][i].count = 0;
    draw();
    for (int y = 0; y < 19; y++)
        ck_assert_uint_eq(at(22, y)->glyph, 0x254e);
}
END_TEST

/* A ghost that ends under a curve that lives has no name there. */
START_TEST(names_of_ghosts_hide_no_curve)
{
    int row = 0;
    for (size_t i = 0; i < 132; i++) {
        set(0, i, i % 2 ? 0.3 : 0.7);
        if (i <= 60)
            set(1, i, 0.5);
    }
    line[1].role = ROLE_GHOST;
    line[1].end_label = "ab";
    draw();
    ck_assert_int_eq(find("ab", &row), -1);
    for (size_t i = 0; i < 132; i++)
        set(0, i, 0.9);
    draw();
    ck_assert_int_eq(find("ab", &row), 38);
}
END_TEST

START_TEST(markers_have_lines_and_labels)
{
    const struct chart_marker marker[] = {{500, "lr up", ROLE_MARKER, false}, {2000, "outside", ROLE_MARKER, false}};
    int row = 0;
    chart.marker = marker;
    chart.markers = 2;
    draw();
    for (int y = 0; y < 19; y++)
        ck_assert_uint_eq(at(39, y)->glyph, 0x254e);
    ck_assert_int_eq(find("lr up", &row), 40);
    ck_assert_int_eq(row, 0);
    ck_assert_int_eq(find("outside", &row), -1);
}
END_TEST

/* Labels made of one letter each: a letter's run is whole, or cut with an ellipsis, or absent; two labels never
 * touch. */
START_TEST(crowded_labels_never_collide)
{
    static const char *const text[] = {"aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc", "dddddddddddd", "eeeeeeeeeeee",
                                       "ffffffffffff", "gggggggggggg", "hhhhhhhhhhhh", "iiiiiiiiiiii", "jjjjjjjjjjjj"};
    struct chart_marker marker[10];
    for (double spread = 0; spread < 120; spread += 7) {
        for (int i = 0; i < 10; i++)
            marker[i] = (struct chart_marker){300 + spread * i, text[i], ROLE_MARKER, false};
        chart.marker = marker;
        chart.markers = 10;
        draw();
        for (int y = 0; y < 19; y++)
            for (int x = 6; x < WIDTH - 1; x++) {
                const uint32_t here = at(x, y)->glyph, next = at(x + 1, y)->glyph;
                const bool letter = here >= 'a' && here <= 'j', other = next >= 'a' && next <= 'j';
                ck_assert(!letter || !other || here == next);
            }
        int newest = 0;
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < WIDTH; x++)
                newest += at(x, y)->glyph == 'j';
        const int inside = 300 + spread * 9 <= 1000;
        ck_assert_int_eq(newest, inside ? 12 : 0);
    }
}
END_TEST

START_TEST(markers_at_one_step_all_have_labels)
{
    static const char *const text[] = {"aaaaaa", "bbbbbb", "cccccc", "dddddd", "eeeeee"};
    struct chart_marker marker[5];
    int row = 0;
    for (int i = 0; i < 5; i++)
        marker[i] = (struct chart_marker){0, text[i], ROLE_MARKER, false};
    chart.marker = marker;
    chart.markers = 5;
    draw();
    for (int i = 0; i < 5; i++)
        ck_assert_msg(find(text[i], &row) > 0, "%s is missing", text[i]);
}
END_TEST

START_TEST(labels_avoid_curves)
{
    const struct chart_marker marker = {500, "label", ROLE_MARKER, false};
    int row = 0;
    for (size_t i = 0; i < 132; i++)
        set(0, i, 1);
    chart.marker = &marker;
    chart.markers = 1;
    draw();
    ck_assert_int_eq(find("label", &row), 40);
    ck_assert_int_eq(row, 1);
}
END_TEST

START_TEST(axis_labels_stand_under_their_steps)
{
    int row = 0;
    chart.x_unit = "steps";
    draw();
    ck_assert_int_eq(find("400", &row), 31); /* centred under cell 6 + 26 */
    ck_assert_int_eq(row, 19);
    ck_assert_int_eq(find("steps", &row), 75);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("chart_labels");
    TCase *tests = tcase_create("chart_labels");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_high_gap_has_its_name_in_it);
    tcase_add_test(tests, labels_stand_at_the_ends_of_lines);
    tcase_add_test(tests, a_line_ends_at_its_newest_value);
    tcase_add_test(tests, end_labels_stay_beside_their_lines);
    tcase_add_test(tests, ghosts_give_way);
    tcase_add_test(tests, names_of_ghosts_hide_no_curve);
    tcase_add_test(tests, markers_have_lines_and_labels);
    tcase_add_test(tests, crowded_labels_never_collide);
    tcase_add_test(tests, markers_at_one_step_all_have_labels);
    tcase_add_test(tests, labels_avoid_curves);
    tcase_add_test(tests, axis_labels_stand_under_their_steps);
    suite_add_tcase(suite, tests);
    return suite;
}
