/* Views drawn into grids that no terminal shows, from a run that never was. */
#include "ui/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coach/hint.h"
#include "suite.h"
#include "support/drawn.h"
#include "support/lines.h"
#include "ui/big.h"
#include "ui/chrome.h"
#include "ui/window.h"

START_TEST(numbers_are_never_dropped)
{
    static const int size[][2] = {{40, 12},  {57, 13},  {60, 16},   {80, 24}, {100, 30},
                                  {120, 36}, {200, 60}, {300, 100}, {50, 60}};
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        draw(0, size[i][0], size[i][1]);
        ck_assert_msg(shows("train 0.0321"), "no train loss at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(shows("test 1.23"), "no test loss at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(shows("step 2,000"), "no step at %dx%d", size[i][0], size[i][1]);
        ck_assert_msg(cells_with(ROLE_TRAIN, false) > 20 && cells_with(ROLE_TEST, false) > 20, "no curves at %dx%d",
                      size[i][0], size[i][1]);
    }
}
END_TEST

START_TEST(every_size_can_be_drawn)
{
    for (size_t view = 0; view < view_count; view++)
        for (int big = 0; big < 2; big++)
            for (int width = 1; width <= 300; width += width < 90 ? 3 : 35)
                for (int height = 1; height <= 100; height += height < 40 ? 3 : 20) {
                    f.settings.big = big;
                    f.settings.other_picture = (width + height) % 2;
                    draw(view, width, height);
                }
}
END_TEST

START_TEST(the_gap_is_shaded)
{
    draw(0, 120, 36);
    ck_assert_uint_gt(cells_with(ROLE_GAP, true), 50);
    ck_assert(shows("gap 1.20 "));
    ck_assert(shows("best"));
    ck_assert(shows("guessing"));
}
END_TEST

static void explode(uint64_t from, double height)
{
    for (uint64_t step = from; step <= from + 400; step += 10) {
        push(SERIES_TRAIN_LOSS, step, height);
        push(SERIES_TEST_LOSS, step, height);
    }
    f.status.step = from + 400;
}

/* Highest row that holds a cell of the train curve in these columns of the loss chart. */
static int top_of_curve(int from, int to)
{
    for (int y = 2; y < 22; y++)
        for (int x = from; x < to; x++) {
            const struct cell *cell = &f.grid.cell[y * f.grid.width + x];
            if (cell->glyph > 0x2800 && cell->glyph < 0x2900 && cell->ink == f.palette.role[ROLE_TRAIN])
                return y;
        }
    return 22;
}

START_TEST(an_explosion_flattens_nothing)
{
    explode(STEPS + 10, 1e28);
    draw(0, 120, 36);
    ck_assert(shows("log above"));
    ck_assert(shows("train 1.00e28"));
    ck_assert_int_le(top_of_curve(9, 15), 17); /* where it began is still far above the axis, */
    ck_assert_int_le(top_of_curve(50, 75), 4); /* and the explosion reaches the top */
}
END_TEST

/* Where a number stands does not follow from its digits. */
START_TEST(legend_numbers_stand_still)
{
    static const int width[] = {80, 120, 200};
    for (size_t i = 0; i < sizeof width / sizeof width[0]; i++) {
        push(SERIES_TRAIN_LOSS, STEPS + 10, 0.02);
        push(SERIES_TEST_LOSS, STEPS + 10, 1.5);
        draw(0, width[i], 36);
        ck_assert(shows("train 0.0200 ") && shows("test 1.50 ") && shows("gap 1.48"));
        const long gap = strstr(text_of_grid(), "gap ") - text_of_grid();
        push(SERIES_TRAIN_LOSS, STEPS + 10, 0.00213);
        push(SERIES_TEST_LOSS, STEPS + 10, 0.00213);
        draw(0, width[i], 36);
        ck_assert(shows("gap 0.00000"));
        ck_assert_int_eq(strstr(text_of_grid(), "gap ") - text_of_grid(), gap);
    }
}
END_TEST

START_TEST(a_speed_near_the_one_asked_for_is_that)
{
    f.status.knobs.value[KNOB_SPEED] = 200;
    f.status.steps_per_second = 201;
    draw(0, 120, 36);
    ck_assert(shows("200/s "));
    ck_assert(!shows("201/s"));
    f.status.steps_per_second = 190;
    draw(0, 120, 36);
    ck_assert(shows("190/s"));
}
END_TEST

/* What a schedule makes of the rate: a curve, its number, and in a narrow panel rather than the whole name. */
START_TEST(the_rate_in_force_is_drawn)
{
    static const int size[][2] = {{80, 24}, {100, 30}, {120, 36}, {200, 60}};
    for (uint64_t step = 0; step <= STEPS; step += 10)
        push(SERIES_LR, step, 0.2 * (1 - (double)step / (STEPS + 1000)));
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        f.status.knobs.value[KNOB_SCHEDULE] = 0;
        draw(0, size[i][0], size[i][1]);
        ck_assert_uint_eq(cells_with(ROLE_RATE, false), 0);
        ck_assert(!shows("now 0.0667")); /* of a step before the knob was changed: it is not in force */
        f.status.knobs.value[KNOB_WARMUP] = 10;
        draw(0, size[i][0], size[i][1]);
        ck_assert(shows("now 0.0667"));
        f.status.knobs.value[KNOB_WARMUP] = 0;
        f.status.knobs.value[KNOB_SCHEDULE] = 1;
        draw(0, size[i][0], size[i][1]);
        ck_assert_msg(shows("now 0.0667"), "at %dx%d", size[i][0], size[i][1]);
        ck_assert_uint_eq(cells_with(ROLE_RATE, false) > 20, size[i][1] > 30);
    }
    const struct view_data data = view_data();
    ck_assert_str_ne(hint_keys(&data), "s");
    push(SERIES_LR, STEPS + 10, 0);
    ck_assert_str_eq(hint_keys(&data), "s");
}
END_TEST

START_TEST(huge_numbers_are_short)
{
    push(SERIES_TRAIN_LOSS, STEPS + 10, 1e27);
    push(SERIES_TEST_LOSS, STEPS + 10, 3e27);
    draw(0, 120, 36);
    ck_assert(shows("gap 2.00e27"));
}
END_TEST

START_TEST(best_is_named_once_it_is_left_behind)
{
    draw(0, 120, 36);
    ck_assert(shows("best "));
    f.status.best_step = STEPS - 10;
    draw(0, 120, 36);
    ck_assert_ptr_eq(strstr(strstr(text_of_grid(), "best ") + 1, "best"), NULL); /* in the legend only */
}
END_TEST

/* A state that is measured out of turn, at a pause or at the end, may have a lower loss than the best that was kept. */
START_TEST(a_best_above_the_newest_loss_is_not_shown)
{
    f.status.best_test_loss = 2;
    draw(0, 120, 36);
    ck_assert(!shows("best"));
}
END_TEST

/* Single batches are as noisy as they are, and do not push the curves together. */
START_TEST(batches_do_not_decide_the_scale)
{
    draw(0, 120, 36);
    const size_t pale = colour_mix(f.palette.role[ROLE_GROUND], f.palette.role[ROLE_TRAIN], 0.35);
    size_t before = 0, after = 0;
    for (int i = 0; i < f.grid.width * f.grid.height; i++)
        before += f.grid.cell[i].ink == pale;
    const int top = top_of_curve(9, 15);
    for (uint64_t step = 1; step <= STEPS; step++)
        push(SERIES_LOSS, step, step % 97 == 0 ? 50 : 0.9);
    draw(0, 120, 36);
    for (int i = 0; i < f.grid.width * f.grid.height; i++)
        after += f.grid.cell[i].ink == pale;
    ck_assert_uint_eq(before, 0);
    ck_assert_uint_gt(after, 20);
    ck_assert_int_eq(top_of_curve(9, 15), top);
}
END_TEST

START_TEST(hidden_test_data_are_given_away_nowhere)
{
    f.settings.hide_test = true;
    f.status.knobs.value[KNOB_EARLY_STOP] = 1;
    f.status.misses = 4;
    for (size_t view = 0; view < view_count; view++)
        for (int big = 0; big < 2; big++) {
            f.settings.big = big;
            draw(view, 120, 36);
            ck_assert_uint_eq(cells_with(ROLE_TEST, false), 0);
            ck_assert_uint_eq(cells_with(ROLE_GAP, true), 0);
            ck_assert(!shows("1.23") && !shows("62.3") && !shows("gap") && !shows("best") && !shows("checks"));
            ck_assert(!shows("wrong:"));
        }
    f.settings.big = false;
    draw(0, 120, 36);
    ck_assert(shows("train 0.0321"));
}
END_TEST

START_TEST(patience_counts_down)
{
    f.status.knobs.value[KNOB_EARLY_STOP] = 1;
    f.status.knobs.value[KNOB_PATIENCE] = 10;
    f.status.misses = 4;
    draw(0, 120, 36);
    ck_assert(shows("stops in 6 of 10 checks"));
}
END_TEST

START_TEST(quick_presses_are_one_marker)
{
    struct event press[] = {
        knob_event(KNOB_LR, 0.2, 0.5, "lr 0.2 → 0.5", 1, 500),
        knob_event(KNOB_LR, 0.5, 1, "lr 0.5 → 1", 2, 520),
        knob_event(KNOB_LR, 1, 2, "lr 1 → 2", 3, 900),
        knob_event(KNOB_DROPOUT, 0, 0.5, "dropout 0 → 0.5", 4, 900),
        knob_event(KNOB_LR, 2, 1, "lr 2 → 1", 0, 950),
        knob_event(KNOB_LR, 1, 2, "lr 1 → 2", 0, 951),
    };
    static const double at[] = {10, 10.5, 12, 12.1, 12.2, 12.3};
    for (size_t i = 0; i < 2; i++)
        story_take(&f.story, &press[i], "branch 1", at[i]);
    ck_assert_uint_eq(f.story.markers, 1);
    ck_assert_str_eq(f.story.marker[0].label, "lr 0.2 → 1");
    ck_assert_double_eq(f.story.marker[0].step, 500);
    ck_assert_msg(strstr(f.story.message, "learning rate up: 0.2 → 1") != NULL, "%s", f.story.message);
    for (size_t i = 2; i < 6; i++)
        story_take(&f.story, &press[i], "branch 1", at[i]);
    ck_assert_uint_eq(f.story.markers, 5); /* later, another knob, and two of the script */
    f.status.knobs.value[KNOB_LR] = 2;
    draw(0, 120, 36);
    ck_assert(shows("lr 0.2 ~ 1"));
    ck_assert(shows("learning rate"));
}
END_TEST

START_TEST(there_and_back_is_no_marker)
{
    const struct event at_once[] = {knob_event(KNOB_LR, 0.2, 0.5, "lr 0.2 → 0.5", 1, 500),
                                    knob_event(KNOB_LR, 0.5, 0.2, "lr 0.5 → 0.2", 2, 500)};
    const struct event later[] = {knob_event(KNOB_LR, 0.2, 0.5, "lr 0.2 → 0.5", 3, 500),
                                  knob_event(KNOB_LR, 0.5, 0.2, "lr 0.5 → 0.2", 4, 510)};
    story_take(&f.story, &at_once[0], "branch 1", 1);
    story_take(&f.story, &at_once[1], "branch 1", 1.2);
    ck_assert_uint_eq(f.story.markers, 0);
    story_take(&f.story, &later[0], "branch 1", 2);
    story_take(&f.story, &later[1], "branch 1", 2.2); /* ten steps had the other rate */
    ck_assert_uint_eq(f.story.markers, 2);
    ck_assert_str_eq(f.story.marker[1].label, "lr 0.5 → 0.2");
}
END_TEST

START_TEST(speed_has_no_marker)
{
    struct event turn = knob_event(KNOB_SPEED, 200, 100, "speed 200 → 100", 1, 500);
    story_take(&f.story, &turn, "branch 1", 1);
    ck_assert_uint_eq(f.story.markers, 0);
    ck_assert(strstr(f.story.message, "speed down: 200 → 100"));
    turn = knob_event(KNOB_SPEED, 100, 0, "speed 100 → max", 2, 600);
    story_take(&f.story, &turn, "branch 1", 5);
    ck_assert_msg(strstr(f.story.message, "speed up: 100 → max"), "%s", f.story.message);
}
END_TEST

START_TEST(steps_become_epochs)
{
    f.status.knobs.value[KNOB_BATCH] = 10;
    f.status.knobs.value[KNOB_TRAIN_FRACTION] = 1;
    story_free(&f.story);
    story_init(&f.story, &f.status.knobs, f.stage, f.branches.forest); /* 40 rows: 4 steps an epoch */
    struct event start = {.kind = EVENT_START};
    struct event batch = knob_event(KNOB_BATCH, 10, 20, "batch 10 → 20", 1, 400);
    story_take(&f.story, &start, "branch 1", 0);
    story_take(&f.story, &batch, "branch 1", 1);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 200), 50, 1e-9);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 400), 100, 1e-9);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 500), 150, 1e-9);
    /* The last batch of an epoch has the rows that are left: 40 rows are 2 steps of 30. */
    struct event uneven = knob_event(KNOB_BATCH, 20, 30, "batch 20 → 30", 2, 600);
    story_take(&f.story, &uneven, "branch 1", 2);
    ck_assert_double_eq_tol(story_epoch_at(&f.story, 0, 620), 210, 1e-9);
    for (double step = 0; step < 1000; step += 7)
        ck_assert_double_eq_tol(story_step_at(&f.story, 0, story_epoch_at(&f.story, 0, step)), step, 1e-6);
    f.settings.epochs = true;
    draw(0, 120, 36);
    ck_assert(shows("epochs"));
}
END_TEST

START_TEST(the_window_jumps_and_is_never_a_third_empty)
{
    struct window whole = {.mode = WINDOW_WHOLE}, follow = {.mode = WINDOW_FOLLOW, .width = 500};
    double last = 0;
    int jumps = 0;
    for (double step = 20; step < 1e6; step += step < 5000 ? 1 : 997) {
        const struct reach reach = {.newest = step};
        const struct span span = window_span(&whole, reach);
        ck_assert(span.from == 0 && span.to >= step && span.to >= last && step / span.to > 2.0 / 3);
        jumps += span.to > last;
        last = span.to;
        const struct span recent = window_span(&follow, reach);
        ck_assert(recent.to >= step);
        if (step > 500)
            ck_assert((step - recent.from) / (recent.to - recent.from) > 2.0 / 3);
    }
    ck_assert_int_lt(jumps, 100);
}
END_TEST

START_TEST(zooming_keeps_its_centre)
{
    struct window window = {.mode = WINDOW_WHOLE};
    const struct reach reach = {.newest = 900};
    window_zoom(&window, reach, 300, 0.5);
    ck_assert_int_eq(window.mode, WINDOW_FIXED);
    const struct span span = window_span(&window, reach);
    ck_assert_double_eq_tol((300 - span.from) / (span.to - span.from), 0.3, 1e-9);
    window_pan(&window, reach, -10);
    ck_assert_double_eq(window_span(&window, reach).from, 0);
    window_zoom(&window, reach, 300, 100);
    ck_assert_int_eq(window.mode, WINDOW_WHOLE);
    window_zoom(&window, reach, 900, 0.5);
    ck_assert_int_eq(window.mode, WINDOW_FOLLOW);
}
END_TEST

START_TEST(keys_stay_with_narrow_knobs)
{
    draw(0, 60, 18);
    ck_assert(shows("l L lr"));
    ck_assert(shows("b B batch"));
}
END_TEST

static void newest_losses(double train, double test)
{
    push(SERIES_TRAIN_LOSS, STEPS + 10, train);
    push(SERIES_TEST_LOSS, STEPS + 10, test);
    f.status.step = STEPS + 10;
}

START_TEST(hints_fit_what_is_seen)
{
    const struct view_data data = view_data();
    f.status.best_test_loss = 0.7;
    f.status.best_step = 100;
    ck_assert_str_eq(hint_keys(&data), "W A e"); /* train fell, test rose */
    f.status.best_test_loss = 0.03;
    f.status.best_step = STEPS;
    for (uint64_t step = STEPS + 10; step <= STEPS + 200; step += 10) {
        push(SERIES_TRAIN_LOSS, step, 0.6);
        push(SERIES_TEST_LOSS, step, 0.65);
    }
    f.status.step = STEPS + 200; /* all is lost, which is no overfitting */
    ck_assert_str_eq(hint_keys(&data), "r");
    f.status.best_test_loss = 1e-6;
    f.status.best_step = STEPS + 210;
    for (uint64_t step = STEPS + 210; step <= STEPS + 300; step += 10) {
        push(SERIES_TRAIN_LOSS, step, 1e-6);
        push(SERIES_TEST_LOSS, step, 1e-6);
    }
    f.status.step = STEPS + 300;
    ck_assert_str_eq(hint_keys(&data), "y");
    f.settings.log_loss = true;
    ck_assert_str_eq(hint_keys(&data), "n n n r");
    f.status.knobs.value[KNOB_TRAIN_FRACTION] = 0.1; /* there are few points already */
    ck_assert_str_ne(hint_keys(&data), "n n n r");
}
END_TEST

/* Forgets the run so far; the losses that follow come one a step. */
static void forget(double guess)
{
    f.model.guess.loss = guess;
    history_free(f.history);
    f.history = history_create();
    f.status.best_test_loss = INFINITY;
    f.status.best_step = 0;
}

/* Evaluations in every `every` steps from `step` on, as a run of that length has them. */
static uint64_t losses(uint64_t step, uint64_t every, size_t count, double train, double test)
{
    for (size_t i = 0; i < count; i++, step += every) {
        push(SERIES_TRAIN_LOSS, step, train);
        push(SERIES_TEST_LOSS, step, test);
        if (test < f.status.best_test_loss) {
            f.status.best_test_loss = test;
            f.status.best_step = step;
        }
        f.status.step = step;
    }
    return step;
}

static const char *keys_now(void)
{
    const struct view_data data = view_data();
    return hint_keys(&data);
}

/* A loss may begin far above that of guessing and fall: only one that rose has exploded. */
START_TEST(steps_are_too_big_only_where_the_loss_rose)
{
    static const double falling[] = {3.9, 3.7, 3.5, 3.4, 3.2, 3.1, 3.0, 2.9};
    forget(0.2);
    uint64_t step = 0;
    for (size_t i = 0; i < sizeof falling / sizeof falling[0]; i++) {
        step = losses(step, 1, 1, falling[i], falling[i]);
        ck_assert_str_ne(keys_now(), "l r");
        ck_assert_str_ne(keys_now(), "u Enter");
    }
    step = losses(step, 1, 5, 4.5, 4.5); /* not much above the start */
    ck_assert_str_ne(keys_now(), "l r");
    step = losses(step, 1, 2, 50, 50); /* a spike */
    ck_assert_str_ne(keys_now(), "l r");
    losses(step, 1, 5, 9, 9);
    ck_assert_str_eq(keys_now(), "l r");
}
END_TEST

START_TEST(a_spike_that_passes_is_not_lost)
{
    forget(0.7);
    uint64_t step = losses(0, 10, 100, 0.69, 0.69);
    step = losses(step, 10, 50, 0.1, 0.1);
    step = losses(step, 10, 6, 0.6, 0.6);
    ck_assert_str_ne(keys_now(), "r");
    step = losses(step, 10, 20, 0.6, 0.6);
    ck_assert_str_eq(keys_now(), "r");
    losses(step, 10, 6, 0.5, 0.5); /* it comes back */
    ck_assert_str_ne(keys_now(), "r");
}
END_TEST

/* A rough test loss at a high rate is none: the train loss has to have fallen. */
START_TEST(overfitting_needs_a_train_loss_that_fell)
{
    for (int fell = 0; fell < 2; fell++) {
        forget(0.7);
        uint64_t step = losses(0, 10, 20, 0.3, 0.3);
        step = losses(step, 10, 10, 0.2, 0.23);
        step = losses(step, 10, 5, 0.2, 0.22);
        losses(step, 10, 100, fell ? 0.1 : 0.21, 0.4);
        if (fell)
            ck_assert_str_eq(keys_now(), "W A e");
        else
            ck_assert_str_ne(keys_now(), "W A e");
    }
}
END_TEST

/* The train loss of a run with dropout is above that of the test data: a rising test loss is no overfitting yet. */
START_TEST(overfitting_needs_a_gap)
{
    forget(0.7);
    uint64_t step = losses(0, 10, 20, 0.65, 0.6);
    step = losses(step, 10, 10, 0.6, 0.23);
    step = losses(step, 10, 5, 0.6, 0.22);
    losses(step, 10, 100, 0.45, 0.4);
    ck_assert_str_ne(keys_now(), "W A e");
    losses(f.status.step + 10, 10, 20, 0.35, 0.4);
    ck_assert_str_eq(keys_now(), "W A e");
}
END_TEST

/* Who has turned a knob needs not be told to turn one. */
START_TEST(a_first_turn_is_proposed_once)
{
    const struct view_data data = view_data();
    const struct event turn = knob_event(KNOB_LR, 0.2, 0.5, "lr 0.2 → 0.5", 1, 500);
    newest_losses(0.3, 0.31);
    f.status.best_test_loss = 0.31;
    f.status.best_step = STEPS + 10;
    ck_assert_str_eq(hint_keys(&data), "l L");
    story_take(&f.story, &turn, "branch 1", 1);
    ck_assert_str_eq(hint_keys(&data), "u");
    draw(0, 120, 36);
    const struct view_data now = view_data();
    const struct frame_layout frame = layout_frame(120, 36);
    ck_assert_int_gt(chrome_draw_hint(&now, area_whole(&f.grid), frame.hint, false), 0);
    ck_assert(shows("look back: how was it"));
}
END_TEST

START_TEST(wrong_test_points_are_crossed)
{
    int wrong = 0;
    for (int i = 0; i < ROWS_SHOWN; i++)
        wrong += f.dataset->label[f.row[i].row] != 0;
    char text[32];
    snprintf(text, sizeof text, "wrong: %d", wrong);
    ck_assert_int_gt(wrong, 0);
    draw(0, 120, 36);
    ck_assert(shows(text));
}
END_TEST

START_TEST(layers_fit_a_narrow_column)
{
    f.settings.other_picture = true;
    for (unsigned i = 0; i < 3; i++) {
        push(series_layer_grad(i), STEPS, 0.0417);
        push(series_layer_ratio(i), STEPS, 0.00123);
    }
    draw(0, 80, 24);
    ck_assert(shows("gradient  upd/weight"));
    ck_assert(shows("1 0.0417    0.00123"));
    draw(0, 120, 36);
    ck_assert(shows("gradient norm"));
}
END_TEST

START_TEST(the_bar_names_speed_and_quit)
{
    const struct view_data data = view_data();
    ck_assert(grid_resize(&f.grid, 120, 1));
    chrome_draw_keys(&data, area_whole(&f.grid), (struct box){0, 0, 120, 1}, KEYS_GENERAL);
    ck_assert_msg(shows("- + speed") && shows("Tab view") && shows("q quit") && shows("? help"), "%s", text_of_grid());
}
END_TEST

START_TEST(big_numbers)
{
    f.settings.big = true;
    draw(0, 120, 36);
    size_t train = 0, test = 0;
    for (int i = 0; i < f.grid.width * 8; i++) {
        train += f.grid.cell[i].glyph == 0x2588 && f.grid.cell[i].ink == f.palette.role[ROLE_TRAIN];
        test += f.grid.cell[i].glyph == 0x2588 && f.grid.cell[i].ink == f.palette.role[ROLE_TEST];
    }
    ck_assert_uint_gt(train, 60);
    ck_assert_uint_gt(test, 60);
}
END_TEST

/* Text of the first big number, read off its blocks by drawing what it should be. */
static bool big_shows_at(int x_from, const char *number)
{
    struct grid wanted = {0};
    ck_assert(grid_resize(&wanted, f.grid.width, BIG_DIGIT_ROWS));
    big_text(area_whole(&wanted), 0, 0, number, 1, false);
    const int top = f.grid.height < 30 ? 2 : 3; /* below the title, the tabs and a label */
    bool same = true;
    for (int y = 0; y < BIG_DIGIT_ROWS; y++)
        for (int x = 0; x < big_columns(number) + 2 && x_from + x < f.grid.width; x++)
            same &= wanted.cell[y * wanted.width + x].glyph == f.grid.cell[(y + top) * f.grid.width + x_from + x].glyph;
    grid_free(&wanted);
    return same;
}

static bool big_shows(const char *number)
{
    return big_shows_at(1, number);
}

/* Losses and accuracies, at the size of every terminal. */
START_TEST(four_big_numbers_fit_80_columns)
{
    f.settings.big = true;
    draw(0, 80, 24);
    ck_assert_msg(big_shows_at(1, ".03") && big_shows_at(19, "1.2"), "%s", text_of_grid());
    ck_assert_msg(big_shows_at(37, "100") && big_shows_at(59, "62%"), "%s", text_of_grid());
}
END_TEST

START_TEST(big_numbers_keep_what_matters)
{
    f.settings.big = true;
    push(SERIES_TRAIN_LOSS, STEPS + 10, 0.0043);
    draw(0, 120, 36);
    ck_assert(big_shows(".004"));
    push(SERIES_TRAIN_LOSS, STEPS + 20, 2e28);
    draw(0, 120, 36);
    ck_assert(big_shows("2e28"));
}
END_TEST

/* One row in 250 is wrong: neither the big figure nor the legend says that all are right. */
START_TEST(less_than_all_is_not_100_percent)
{
    f.settings.big = true;
    push(SERIES_TRAIN_ACC, STEPS + 10, 0.996);
    draw(0, 80, 24);
    ck_assert(big_shows_at(37, "99%"));
    push(SERIES_TRAIN_ACC, STEPS + 20, 0.99961);
    draw(0, 80, 24);
    ck_assert(shows("train 99.9%") && !shows("100.0%"));
}
END_TEST

/* Without colour the matrix is shaded. */
START_TEST(mono_shades_the_matrix)
{
    f.palette = *palette_find("mono");
    draw(view_by_number(4), 120, 36);
    size_t dark = 0, light = 0;
    for (int i = 0; i < f.grid.width * f.grid.height; i++) {
        dark += f.grid.cell[i].glyph == 0x2593;
        light += f.grid.cell[i].glyph == 0x2592;
    }
    ck_assert_uint_gt(dark, 50);
    ck_assert_uint_gt(light, 20);
    ck_assert(shows(" 12 "));
}
END_TEST

START_TEST(the_crosshair_reads_exact_values)
{
    f.settings.crosshair = true;
    f.settings.cursor = 1005; /* between two evaluations: the one at 1,000 */
    draw(0, 120, 36);
    ck_assert(shows("at 1,005"));
    ck_assert(shows("train 0.361"));
    ck_assert(shows("train loss 0.36105"));
}
END_TEST

START_TEST(plain_characters_only)
{
    f.palette.ascii = true;
    for (size_t view = 0; view < view_count; view++)
        for (int big = 0; big < 2; big++) {
            f.settings.big = big;
            f.status.knobs.value[KNOB_EARLY_STOP] = 1;
            draw(view, 120, 36);
            for (int i = 0; i < f.grid.width * f.grid.height; i++)
                ck_assert_msg(f.grid.cell[i].glyph < 127, "U+%04X", f.grid.cell[i].glyph);
        }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("view");
    TCase *test = tcase_create("view");
    tcase_add_checked_fixture(test, set_up, tear_down);
    tcase_add_test(test, numbers_are_never_dropped);
    tcase_add_test(test, every_size_can_be_drawn);
    tcase_add_test(test, the_gap_is_shaded);
    tcase_add_test(test, an_explosion_flattens_nothing);
    tcase_add_test(test, legend_numbers_stand_still);
    tcase_add_test(test, a_speed_near_the_one_asked_for_is_that);
    tcase_add_test(test, the_rate_in_force_is_drawn);
    tcase_add_test(test, huge_numbers_are_short);
    tcase_add_test(test, best_is_named_once_it_is_left_behind);
    tcase_add_test(test, a_best_above_the_newest_loss_is_not_shown);
    tcase_add_test(test, batches_do_not_decide_the_scale);
    tcase_add_test(test, hidden_test_data_are_given_away_nowhere);
    tcase_add_test(test, patience_counts_down);
    tcase_add_test(test, quick_presses_are_one_marker);
    tcase_add_test(test, there_and_back_is_no_marker);
    tcase_add_test(test, speed_has_no_marker);
    tcase_add_test(test, steps_become_epochs);
    tcase_add_test(test, the_window_jumps_and_is_never_a_third_empty);
    tcase_add_test(test, zooming_keeps_its_centre);
    tcase_add_test(test, keys_stay_with_narrow_knobs);
    tcase_add_test(test, hints_fit_what_is_seen);
    tcase_add_test(test, steps_are_too_big_only_where_the_loss_rose);
    tcase_add_test(test, a_spike_that_passes_is_not_lost);
    tcase_add_test(test, overfitting_needs_a_train_loss_that_fell);
    tcase_add_test(test, overfitting_needs_a_gap);
    tcase_add_test(test, a_first_turn_is_proposed_once);
    tcase_add_test(test, wrong_test_points_are_crossed);
    tcase_add_test(test, layers_fit_a_narrow_column);
    tcase_add_test(test, the_bar_names_speed_and_quit);
    tcase_add_test(test, big_numbers);
    tcase_add_test(test, four_big_numbers_fit_80_columns);
    tcase_add_test(test, big_numbers_keep_what_matters);
    tcase_add_test(test, less_than_all_is_not_100_percent);
    tcase_add_test(test, mono_shades_the_matrix);
    tcase_add_test(test, the_crosshair_reads_exact_values);
    tcase_add_test(test, plain_characters_only);
    suite_add_tcase(suite, test);
    return suite;
}
