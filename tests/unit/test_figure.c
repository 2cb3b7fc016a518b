#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "plot/figure_sheet.h"
#include "suite.h"

static void push(struct history *history, uint16_t branch, unsigned series, uint64_t step, float value)
{
    struct bucket bucket = bucket_of((uint8_t)series, branch, step, value);
    ck_assert(history_push(history, &bucket));
}

/* Losses that fall and part, on a branch that grew out of another. */
static struct history *run(void)
{
    struct history *history = history_create();
    for (uint16_t branch = 0; branch < 2; branch++) {
        if (branch == 1)
            ck_assert(history_begin(history, 1, &(struct forest_origin){.grown = true, .step = 500}));
        for (uint64_t step = branch ? 510 : 0; step <= 1000; step += 10) {
            const float part = (float)step / 1000, lag = branch ? 0.3f * part : 0.1f * part;
            push(history, branch, SERIES_TRAIN_LOSS, step, 0.7f - 0.6f * part);
            push(history, branch, SERIES_TEST_LOSS, step, 0.7f - 0.6f * part + lag);
            push(history, branch, SERIES_TRAIN_ACC, step, 0.5f + 0.5f * part);
            push(history, branch, SERIES_TEST_ACC, step, 0.5f + 0.5f * part - lag);
        }
    }
    return history;
}

static struct figure figure_of(const struct history *history, const char *theme)
{
    return (struct figure){.history = history,
                           .branch = 1,
                           .title = "spiral",
                           .subtitle = "2-8-8-2 tanh · seed 1",
                           .guess_loss = 0.693,
                           .guess_accuracy = 0.5,
                           .accuracy_label = "accuracy",
                           .accuracy_is_share = true,
                           .palette = palette_find(theme)};
}

static const char *path_for(const char *ending)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/downhill-figure-%ld%s", (long)getpid(), ending);
    return path;
}

/* The whole file; the caller frees it. */
static char *drawn(const struct figure *figure, const char *ending, size_t *size)
{
    const char *path = path_for(ending);
    struct error error;
    ck_assert_msg(figure_write(figure, path, &error) == STATUS_OK, "%s", error.message);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    char *text = mem_alloc(1 << 22, 1);
    *size = fread(text, 1, (1 << 22) - 1, file);
    fclose(file);
    unlink(path);
    return text;
}

static size_t count_of(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, word)); at++)
        count++;
    return count;
}

/* How many pixels have exactly the colour of the role; also that the picture is as large as it should be, on the
 * theme's ground. */
static size_t pixels(const struct figure *figure, enum role role)
{
    const char *path = path_for(".png");
    struct error error;
    ck_assert_msg(figure_write(figure, path, &error) == STATUS_OK, "%s", error.message);
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    unlink(path);
    ck_assert_int_eq(cairo_image_surface_get_width(surface), 1920);
    ck_assert_int_eq(cairo_image_surface_get_height(surface), 1080);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    uint32_t corner;
    memcpy(&corner, data, sizeof corner);
    ck_assert_uint_eq(corner & 0xffffff, figure->palette->role[ROLE_GROUND]);
    size_t count = 0;
    for (int y = 0; y < 1080; y++)
        for (int x = 0; x < 1920; x++) {
            uint32_t pixel;
            memcpy(&pixel, data + y * stride + x * 4, sizeof pixel);
            count += (pixel & 0xffffff) == figure->palette->role[role];
        }
    cairo_surface_destroy(surface);
    return count;
}

START_TEST(every_theme_draws_both_lines_on_its_ground)
{
    struct history *history = run();
    for (unsigned i = 0; i < palette_count; i++) {
        struct figure figure = figure_of(history, palette_table[i].name);
        ck_assert_uint_gt(pixels(&figure, ROLE_TRAIN), 3000);
        ck_assert_uint_gt(pixels(&figure, ROLE_TEST), 2000);
        figure.log_loss = true;
        ck_assert_uint_gt(pixels(&figure, ROLE_TRAIN), 3000);
    }
    history_free(history);
}
END_TEST

/* Rows of pixels of the colour within a part of the picture, as shares of its height: the first and the last. */
static bool rows_with(cairo_surface_t *surface, uint32_t colour, int from, int to, double *first, double *last)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface), height = cairo_image_surface_get_height(surface);
    *first = *last = NAN;
    for (int y = 0; y < height; y++)
        for (int x = from; x < to; x++) {
            uint32_t pixel;
            memcpy(&pixel, data + y * stride + x * 4, sizeof pixel);
            if ((pixel & 0xffffff) != colour)
                continue;
            *last = (double)y / height;
            if (isnan(*first))
                *first = *last;
        }
    return !isnan(*first);
}

/* The loss of training falls from 0.7 to 0.1 and that of the test from 0.7 to 0.4: both go down to the right, and the
 * test's ends above. */
START_TEST(a_loss_that_falls_goes_down_to_the_right)
{
    struct history *history = history_create();
    for (uint64_t step = 0; step <= 1000; step += 10) {
        push(history, 0, SERIES_TRAIN_LOSS, step, 0.7f - 0.6f * (float)step / 1000);
        push(history, 0, SERIES_TEST_LOSS, step, 0.7f - 0.3f * (float)step / 1000);
    }
    struct figure figure = figure_of(history, "light");
    figure.branch = 0;
    figure.subtitle = "";
    const char *path = path_for(".png");
    ck_assert_int_eq(figure_write(&figure, path, NULL), STATUS_OK);
    cairo_surface_t *surface = cairo_image_surface_create_from_png(path);
    unlink(path);
    const uint32_t train = figure.palette->role[ROLE_TRAIN], test = figure.palette->role[ROLE_TEST];
    const int left = (int)(SHEET_LEFT * 1920 / SHEET_WIDTH), right = (int)(SHEET_RIGHT * 1920 / SHEET_WIDTH);
    double first[4], last[4];
    ck_assert(rows_with(surface, train, left + 60, left + 120, &first[0], &last[0]));
    ck_assert(rows_with(surface, test, left + 60, left + 120, &first[1], &last[1]));
    ck_assert(rows_with(surface, train, right - 120, right - 60, &first[2], &last[2]));
    ck_assert(rows_with(surface, test, right - 120, right - 60, &first[3], &last[3]));
    cairo_surface_destroy(surface);
    ck_assert_double_gt(first[2], last[0] + 0.1);
    ck_assert_double_gt(first[3], last[1] + 0.05);
    ck_assert_double_lt(last[3], first[2]);
    history_free(history);
}
END_TEST

START_TEST(hidden_test_data_leave_no_trace)
{
    struct history *history = run();
    struct event stop = {.kind = EVENT_EARLY_STOP, .branch = 1, .step = 900};
    history_push_event(history, &stop);
    struct figure figure = figure_of(history, "dark");
    ck_assert_uint_gt(pixels(&figure, ROLE_MARKER), 0);
    ck_assert_uint_gt(pixels(&figure, ROLE_BEST), 0);
    figure.hide_test = true;
    ck_assert_uint_eq(pixels(&figure, ROLE_TEST), 0);
    ck_assert_uint_eq(pixels(&figure, ROLE_BEST), 0);
    ck_assert_uint_eq(pixels(&figure, ROLE_MARKER), 0);
    ck_assert_uint_eq(pixels(&figure, ROLE_GAP), 0);
    history_free(history);
}
END_TEST

START_TEST(what_is_not_a_number_is_marked)
{
    struct history *history = run();
    struct figure figure = figure_of(history, "dark");
    ck_assert_uint_eq(pixels(&figure, ROLE_WARN), 0);
    push(history, 1, SERIES_TRAIN_LOSS, 1010, INFINITY);
    ck_assert_uint_gt(pixels(&figure, ROLE_WARN), 20);
    history_free(history);
}
END_TEST

/* A marker's label is drawn once, and only if it is about what the branch went through. */
START_TEST(events_of_the_branch_and_its_past_have_labels)
{
    struct history *history = run();
    struct figure figure = figure_of(history, "light");
    size_t size, glyphs[4];
    const struct event events[] = {
        {.kind = EVENT_KNOB, .branch = 0, .step = 700, .label = "lr 0.2 → 1"},
        {.kind = EVENT_KNOB, .branch = 0, .step = 300, .label = "lr 0.2 → 5"},
        {.kind = EVENT_KNOB, .branch = 1, .step = 800, .what = 1, .label = "batch 5"},
    };
    for (size_t i = 0; i < 4; i++) {
        char *svg = drawn(&figure, ".svg", &size);
        ck_assert_ptr_nonnull(strstr(svg, "<svg"));
        ck_assert_uint_gt(count_of(svg, "<path"), 30);
        glyphs[i] = count_of(svg, "xlink:href=\"#glyph");
        mem_free(svg);
        if (i < 3)
            history_push_event(history, &events[i]);
    }
    ck_assert_uint_gt(glyphs[0], 100);
    ck_assert_uint_eq(glyphs[1], glyphs[0]);
    ck_assert_uint_eq(glyphs[2], glyphs[1] + 10);
    ck_assert_uint_eq(glyphs[3], glyphs[2] + 7);
    const struct figure_ghost ghost = {.branch = 0, .name = "slow"};
    figure.ghost = &ghost;
    figure.ghosts = 1;
    char *svg = drawn(&figure, ".svg", &size);
    ck_assert_uint_eq(count_of(svg, "xlink:href=\"#glyph"), glyphs[3] + 8); /* once in each chart */
    mem_free(svg);
    history_free(history);
}
END_TEST

/* A ring on the line where a branch grew out of another, in the branch's colour; what runs beside is not grey. */
START_TEST(branches_begin_with_a_ring)
{
    struct history *history = run();
    struct figure figure = figure_of(history, "light");
    const struct figure_ghost ghost = {.branch = 0, .name = "lr=0.3", .rival = true};
    struct figure_plan plan;
    ck_assert_uint_eq(pixels(&figure, ROLE_RIVAL), 0);
    figure.ghost = &ghost;
    figure.ghosts = 1;
    ck_assert_uint_gt(pixels(&figure, ROLE_RIVAL), 500);
    ck_assert(figure_plan_make(&plan, &figure));
    for (size_t i = 0; i < FIGURE_PANELS; i++) {
        ck_assert_uint_eq(plan.panel[i].starts, 1);
        ck_assert_int_eq(plan.panel[i].start[0].role, ROLE_TRAIN);
        ck_assert_double_eq_tol(plan.panel[i].start[0].value, i == PANEL_LOSS ? 0.4 : 0.75, 0.01);
        ck_assert_double_eq_tol((double)plan.panel[i].start[0].column / FIGURE_COLUMNS, 0.5, 0.01);
    }
    figure_plan_free(&plan);
    figure.from = 600; /* it is out of sight */
    figure.to = 1000;
    ck_assert(figure_plan_make(&plan, &figure));
    ck_assert_uint_eq(plan.panel[PANEL_LOSS].starts, 0);
    figure_plan_free(&plan);
    history_free(history);
}
END_TEST

/* However many end at the same place. */
START_TEST(texts_lie_apart_and_in_their_plot)
{
    struct history *history = run();
    struct figure figure = figure_of(history, "light");
    struct figure_ghost ghost[FIGURE_GHOSTS_MAX];
    for (size_t i = 0; i < FIGURE_GHOSTS_MAX; i++)
        ghost[i] = (struct figure_ghost){.branch = (uint16_t)(i % 2), .name = "name"};
    figure.ghost = ghost;
    figure.ghosts = FIGURE_GHOSTS_MAX;
    struct figure_plan plan;
    struct sheet sheet;
    double baseline[2];
    struct spot spot[SHEET_SPOTS], at;
    size_t placed = 0;
    ck_assert(figure_plan_make(&plan, &figure));
    sheet_begin(&sheet, &plan, NULL);
    for (size_t p = 0; p < FIGURE_PANELS; p++) {
        sheet_place_ends(&sheet, p, baseline);
        ck_assert_double_ge(fabs(baseline[0] - baseline[1]), SHEET_LABEL);
        for (size_t i = 0; i < plan.panel[p].curves; i++) {
            if (!plan.panel[p].curve[i].other)
                continue;
            const size_t spots = sheet_ghost_spots(&sheet, p, &plan.panel[p].curve[i], spot);
            if (!sheet_place(&sheet, p, spot, spots, SHEET_TICK, 90, &at))
                continue;
            placed++;
            ck_assert(at.baseline > sheet.plot[p].y && at.baseline < sheet.plot[p].y + sheet.plot[p].height + 8);
        }
    }
    ck_assert_uint_gt(placed, 4);
    for (size_t i = 0; i < sheet.boxes; i++)
        for (size_t j = 0; j < i; j++) {
            const struct box *a = &sheet.taken[i], *b = &sheet.taken[j];
            ck_assert(a->x >= b->x + b->width || b->x >= a->x + a->width || a->y >= b->y + b->height ||
                      b->y >= a->y + a->height);
        }
    figure_plan_free(&plan);
    history_free(history);
}
END_TEST

/* cairo numbers the surfaces of a program. */
static void strip_count(char *svg, size_t *size)
{
    static const char before[] = "id=\"surface";
    char *at = strstr(svg, before);
    ck_assert_ptr_nonnull(at);
    at += strlen(before);
    const size_t digits = strspn(at, "0123456789");
    memmove(at, at + digits, *size - (size_t)(at + digits - svg));
    *size -= digits;
}

START_TEST(the_same_figure_is_the_same_bytes)
{
    static const char *const endings[] = {".svg", ".pdf", ".png"};
    struct history *history = run();
    const struct figure figure = figure_of(history, "projector");
    for (size_t i = 0; i < 3; i++) {
        size_t size[2];
        char *first = drawn(&figure, endings[i], &size[0]);
        if (i == 1)
            sleep(1); /* a date would tell them apart */
        char *second = drawn(&figure, endings[i], &size[1]);
        if (i == 0) {
            strip_count(first, &size[0]);
            strip_count(second, &size[1]);
        }
        ck_assert(size[0] == size[1] && memcmp(first, second, size[0]) == 0);
        ck_assert(i != 1 || memcmp(first, "%PDF-1.", 7) == 0);
        mem_free(first);
        mem_free(second);
    }
    history_free(history);
}
END_TEST

START_TEST(odd_histories_and_names_are_drawn)
{
    struct history *history = history_create();
    struct figure figure = figure_of(history, NULL);
    figure.title = "not \xff UTF-8";
    figure.guess_loss = figure.guess_accuracy = NAN;
    ck_assert_uint_eq(pixels(&figure, ROLE_TRAIN), 0);
    push(history, 1, SERIES_TRAIN_LOSS, 0, 1e30f);
    push(history, 1, SERIES_TEST_LOSS, 0, -1e30f);
    push(history, 1, SERIES_TEST_LOSS, 1, NAN);
    figure.log_loss = true;
    ck_assert_uint_gt(pixels(&figure, ROLE_TRAIN), 0);
    history_free(history);
}
END_TEST

START_TEST(what_cannot_be_drawn_is_said)
{
    struct history *history = run();
    const struct figure figure = figure_of(history, "dark");
    struct error error;
    ck_assert(figure_is_for("a.svg") && !figure_is_for("a.gif") && !figure_is_for("svg") && !figure_is_for(".svg"));
    ck_assert_int_eq(figure_write(&figure, "a.gif", &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, "a.gif: a figure is a .svg, .pdf or .png file");
    ck_assert_int_eq(figure_write(&figure, "/nowhere/a.svg", &error), STATUS_FAILED);
    ck_assert_str_eq(error.message, "/nowhere/a.svg: cannot be written: No such file or directory");
    static const char *const endings[] = {".svg", ".pdf", ".png"};
    for (size_t i = 0; i < 3; i++) {
        const char *path = path_for(endings[i]);
        ck_assert_int_eq(symlink("/dev/full", path), 0);
        ck_assert_int_eq(figure_write(&figure, path, &error), STATUS_FAILED);
        ck_assert_ptr_nonnull(strstr(error.message, "No space left on device"));
        unlink(path);
    }
    history_free(history);
}
END_TEST

/* Names above the chart, every second ground shaded, and what the second stage forgets as a line; none of it where test
 * data are hidden. */
START_TEST(stages_and_what_they_forget_are_drawn)
{
    struct history *history = run();
    const struct event stage = {.kind = EVENT_STAGE, .what = 1, .branch = 1, .step = 700, .label = "fine-tune"};
    ck_assert(history_push_event(history, &stage));
    for (uint64_t step = 700; step <= 1000; step += 10)
        push(history, 1, SERIES_OLD_LOSS, step, 0.3f + (float)step / 4000);
    struct figure figure = figure_of(history, "light");
    struct figure_plan plan;
    figure.first_stage = "pre-train";
    ck_assert(figure_plan_make(&plan, &figure));
    ck_assert_uint_eq(plan.markers, 2);
    ck_assert_str_eq(plan.marker[0].label, "pre-train");
    ck_assert_str_eq(plan.marker[1].label, "fine-tune");
    ck_assert_double_eq(plan.marker[1].step, 700);
    figure_plan_free(&plan);
    ck_assert_uint_gt(pixels(&figure, ROLE_RATE), 200);
    figure.hide_test = true;
    ck_assert_uint_eq(pixels(&figure, ROLE_RATE), 0);
    history_free(history);
}
END_TEST

START_TEST(the_best_test_loss_is_marked_where_it_was)
{
    struct history *history = run();
    const struct figure figure = figure_of(history, "light");
    struct figure_plan plan;
    push(history, 1, SERIES_TEST_LOSS, 1010, 0.2f);
    push(history, 1, SERIES_TEST_LOSS, 1020, 0.5f);
    ck_assert(figure_plan_make(&plan, &figure));
    ck_assert_double_eq(plan.best_step, 1010);
    ck_assert_double_eq_tol(plan.best_loss, 0.2, 1e-6);
    figure_plan_free(&plan);
    history_free(history);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("figure");
    TCase *tests = tcase_create("figure");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_theme_draws_both_lines_on_its_ground);
    tcase_add_test(tests, a_loss_that_falls_goes_down_to_the_right);
    tcase_add_test(tests, hidden_test_data_leave_no_trace);
    tcase_add_test(tests, what_is_not_a_number_is_marked);
    tcase_add_test(tests, events_of_the_branch_and_its_past_have_labels);
    tcase_add_test(tests, branches_begin_with_a_ring);
    tcase_add_test(tests, texts_lie_apart_and_in_their_plot);
    tcase_add_test(tests, the_same_figure_is_the_same_bytes);
    tcase_add_test(tests, odd_histories_and_names_are_drawn);
    tcase_add_test(tests, what_cannot_be_drawn_is_said);
    tcase_add_test(tests, stages_and_what_they_forget_are_drawn);
    tcase_add_test(tests, the_best_test_loss_is_marked_where_it_was);
    suite_add_tcase(suite, tests);
    return suite;
}
