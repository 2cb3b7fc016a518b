/* Numbers on the screen are those of the run: values at a step, gaps, units, marks for what is wrong. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"
#include "support/drawn.h"
#include "ui/curves.h"
#include "ui/lineage.h"
#include "ui/panel.h"
#include "ui/views/curves_parts.h"
#include "ui/views/layers.h"
#include "ui/views/results.h"
#include "ui/words.h"

/* The losses of the drawn run, which are pushed every ten steps. */
static double train_at(double step)
{
    return 0.69 * (1 - step / STEPS) + 0.0321 * step / STEPS;
}

START_TEST(a_value_at_a_step_is_the_newest_up_to_it)
{
    const struct view_data data = view_data();
    ck_assert_double_eq_tol(curves_value_at(&data, SERIES_TRAIN_LOSS, 1000), train_at(1000), 1e-6);
    ck_assert_double_eq_tol(curves_value_at(&data, SERIES_TRAIN_LOSS, 1009.5), train_at(1000), 1e-6);
    ck_assert_double_eq_tol(curves_value_at(&data, SERIES_TRAIN_LOSS, 0), train_at(0), 1e-6);
    ck_assert_double_eq_tol(curves_value(&data, SERIES_TRAIN_LOSS), train_at(STEPS), 1e-6);
    f.settings.crosshair = true;
    f.settings.cursor = 500;
    ck_assert_double_eq_tol(curves_value(&data, SERIES_TRAIN_LOSS), train_at(500), 1e-6);
}
END_TEST

START_TEST(the_gap_is_positive_where_the_test_is_worse)
{
    char gap[32];
    const struct view_data data = view_data();
    ck_assert(curves_gap(&data, gap, sizeof gap));
    ck_assert_str_eq(gap, "1.20"); /* 1.2332 - 0.0321 */
    push(SERIES_TEST_LOSS, STEPS + 10, 0.01);
    ck_assert(curves_gap(&data, gap, sizeof gap));
    ck_assert_str_eq(gap, "-0.0221");
}
END_TEST

START_TEST(hidden_test_data_are_not_read_out)
{
    char text[128];
    const struct view_data data = view_data();
    f.settings.cursor = STEPS;
    for (unsigned i = 0; i < curves_readable(&data); i++) {
        f.settings.cursor_series = i;
        curves_read_out(&data, text, sizeof text);
        const bool of_test = strncmp(text, "test", 4) == 0;
        f.settings.hide_test = true;
        curves_read_out(&data, text, sizeof text);
        f.settings.hide_test = false;
        ck_assert_msg((strstr(text, "hidden") != NULL) == of_test, "%s", text);
    }
}
END_TEST

/* Between the evaluations at 1,000 and 1,010: the line enters in the middle of both. */
START_TEST(a_line_enters_where_it_crosses_the_edge)
{
    struct bucket column[30];
    const struct view_data data = view_data();
    const struct curve curve = {.series = SERIES_TRAIN_LOSS, .role = ROLE_TRAIN};
    const struct scale x = {.low = 1005, .high = 1035};
    curves_read(&data, &curve, &x, 30, column);
    ck_assert_uint_eq(column[0].count, 1);
    ck_assert_double_eq_tol((double)column[0].last, train_at(1005), 1e-6);
    ck_assert_double_eq_tol((double)column[5].last, train_at(1010), 1e-6);
}
END_TEST

static void draw_panel(void)
{
    const struct view_data data = view_data();
    ck_assert(grid_resize(&f.grid, 40, KNOB_COUNT));
    grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
    panel_draw(&data, area_whole(&f.grid), (struct box){0, 0, 0, 0}, (struct box){0, 0, 40, KNOB_COUNT});
}

START_TEST(knobs_have_their_units)
{
    draw_panel();
    ck_assert_msg(shows("200/s") && shows("40 ~ 100%"), "%s", text_of_grid()); /* rows of the training data */
    f.status.knobs.value[KNOB_TRAIN_FRACTION] = 0.5;
    draw_panel();
    ck_assert_msg(shows("20 ~ 50%"), "%s", text_of_grid());
}
END_TEST

START_TEST(a_chosen_knob_is_in_the_panel_however_few_rows_it_has)
{
    enum knob_id shown[KNOB_COUNT];
    const struct view_data data = view_data();
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        f.settings.knob = i;
        ck_assert_int_eq(panel_rows(&data, 1, shown), 1);
        ck_assert_uint_eq(shown[0], i);
    }
}
END_TEST

START_TEST(a_layer_whose_steps_are_too_large_is_marked)
{
    const struct view_data data = view_data();
    for (int large = 0; large < 2; large++) {
        push(series_layer_ratio(0), STEPS, large ? 0.2 : 0.05);
        ck_assert(grid_resize(&f.grid, 60, 4));
        grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
        layers_draw(&data, area_whole(&f.grid));
        const size_t marked = cells_with(ROLE_WARN, false), bar = cells_with(ROLE_RATE, false);
        ck_assert_int_eq(marked > 6, large); /* the bar and the number */
        ck_assert_int_eq(bar > strlen("update / weight"), !large);
    }
}
END_TEST

START_TEST(an_answer_is_wrong_by_its_class_or_beyond_the_tolerance)
{
    struct picture_row row = {.row = (uint32_t)f.dataset->train};
    for (int32_t k = 0; k < 2; k++) {
        row.predicted = k;
        ck_assert_int_eq(results_wrong(f.dataset, &row), k != f.dataset->label[row.row]);
    }
    float target[] = {0, 1.5f};
    const struct dataset numbers = {.kind = TASK_REGRESS, .rows = 2, .train = 1, .target = target, .target_sd = 20};
    row = (struct picture_row){.row = 1, .value = 1.75f};
    ck_assert(!results_wrong(&numbers, &row));
    row.value = 1.85f;
    ck_assert(results_wrong(&numbers, &row));
    row.value = NAN;
    ck_assert(results_wrong(&numbers, &row));
    ck_assert_double_eq_tol(results_tolerance(&numbers), 6, 1e-12);
}
END_TEST

START_TEST(an_early_stop_names_the_step_of_the_best)
{
    char text[200];
    const struct event stop = {.kind = EVENT_EARLY_STOP, .step = 900, .from = 480, .to = 0.25};
    ck_assert(words_of_event(&stop, stop.from, "branch 1", text, sizeof text));
    ck_assert_str_eq(text, "Stopped: the best test loss was 0.25 at step 480; those weights are back.");
}
END_TEST

START_TEST(branches_are_counted_from_one)
{
    char name[LINEAGE_NAME_SIZE];
    const struct branch_list none = {.count = 0};
    ck_assert_str_eq(lineage_name(&none, 0, name, sizeof name), "branch 1");
    ck_assert_str_eq(lineage_name(&none, 6, name, sizeof name), "branch 7");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("screen_values");
    TCase *cases = tcase_create("screen_values");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_add_test(cases, a_value_at_a_step_is_the_newest_up_to_it);
    tcase_add_test(cases, the_gap_is_positive_where_the_test_is_worse);
    tcase_add_test(cases, hidden_test_data_are_not_read_out);
    tcase_add_test(cases, a_line_enters_where_it_crosses_the_edge);
    tcase_add_test(cases, knobs_have_their_units);
    tcase_add_test(cases, a_chosen_knob_is_in_the_panel_however_few_rows_it_has);
    tcase_add_test(cases, a_layer_whose_steps_are_too_large_is_marked);
    tcase_add_test(cases, an_answer_is_wrong_by_its_class_or_beyond_the_tolerance);
    tcase_add_test(cases, an_early_stop_names_the_step_of_the_best);
    tcase_add_test(cases, branches_are_counted_from_one);
    suite_add_tcase(suite, cases);
    return suite;
}
