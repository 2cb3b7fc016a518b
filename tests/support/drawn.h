/* Views drawn into grids that no terminal shows, from a run that never was: two losses part over 2,000 steps of a
 * spiral. */
#ifndef TESTS_SUPPORT_DRAWN_H
#define TESTS_SUPPORT_DRAWN_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/keys.h"
#include "data/toys.h"
#include "ui/chrome.h"
#include "ui/story.h"
#include "ui/view.h"

#define STEPS      2000
#define ROWS_SHOWN 8

struct fixture {
    struct session_status status;
    struct session_model model;
    struct history *history;
    struct branch_list branches;
    struct comparison comparison;
    struct dataset *dataset;
    struct picture picture;
    struct picture_row row[ROWS_SHOWN];
    uint32_t confusion[9]; /* of up to three classes */
    float surface[4 * 4 * 2];
    struct samples samples;
    struct trainer_stage stage[2];
    size_t stages;
    struct story story;
    struct view_settings settings;
    struct palette palette;
    struct keymap *keymap;
    struct scratch scratch;
    struct grid grid;
};

static struct fixture f; /* of the one file that includes this */

static inline void push(unsigned series, uint64_t step, double value)
{
    const struct bucket bucket = bucket_of((uint8_t)series, 0, step, (float)value);
    ck_assert(history_push(f.history, &bucket));
}

static inline void set_up(void)
{
    memset(&f, 0, sizeof f);
    ck_assert_int_eq(toy_make(&f.dataset, toy_find("spiral"), 40, -1, 1, NULL), STATUS_OK);
    f.history = history_create();
    for (uint64_t step = 0; step <= STEPS; step += 10) {
        const double t = (double)step / STEPS;
        push(SERIES_TRAIN_LOSS, step, 0.69 * (1 - t) + 0.0321 * t);
        push(SERIES_TEST_LOSS, step, 0.69 + 0.5432 * t);
        push(SERIES_TRAIN_ACC, step, 0.5 + 0.5 * t);
        push(SERIES_TEST_ACC, step, 0.5 + 0.1234 * t);
        push(SERIES_GRAD_NORM, step, 0.5 + t);
    }
    knobs_default(&f.status.knobs);
    f.status.step = STEPS;
    f.status.epoch = 100;
    f.status.seed = 7;
    f.status.ghost = f.status.rival = -1;
    f.status.walked = f.status.caught_up = -1;
    f.status.steps_per_second = 200;
    f.status.best_test_loss = 0.69;
    f.status.best_step = 10;
    f.model = (struct session_model){.task = "spiral",
                                     .architecture = "2-8-8-2 tanh",
                                     .objective = objective_for(TASK_CLASSIFY),
                                     .guess = {.loss = log(2), .accuracy = 0.5},
                                     .layers = 3,
                                     .parameters = 114,
                                     .cadence = 10,
                                     .kernels = "generic"};
    for (int i = 0; i < ROWS_SHOWN; i++)
        f.row[i] = (struct picture_row){
            .row = (uint32_t)f.dataset->train + (uint32_t)i, .predicted = 0, .p = 0.3f, .loss = 1.2f};
    f.confusion[0] = 9;
    f.confusion[1] = 3;
    f.confusion[3] = 12;
    for (size_t i = 0; i < sizeof f.surface / sizeof f.surface[0]; i += 2) {
        f.surface[i] = 0.9f;
        f.surface[i + 1] = 0.1f;
    }
    f.picture = (struct picture){.width = 4,
                                 .height = 4,
                                 .outputs = 2,
                                 .surface = f.surface,
                                 .row = f.row,
                                 .rows = ROWS_SHOWN,
                                 .classes = 2,
                                 .confusion = f.confusion,
                                 .worst_count = ROWS_SHOWN};
    for (uint32_t i = 0; i < ROWS_SHOWN; i++)
        f.picture.worst[i] = i;
    f.stage[0].dataset = f.dataset;
    f.branches.forest = history_forest(f.history);
    story_init(&f.story, &f.status.knobs, f.stage, f.branches.forest);
    f.palette = palette_table[0];
    f.keymap = keymap_create();
    ck_assert_ptr_nonnull(f.keymap);
}

static inline void tear_down(void)
{
    keymap_free(f.keymap);
    story_free(&f.story);
    scratch_free(&f.scratch);
    grid_free(&f.grid);
    history_free(f.history);
    dataset_free(f.dataset);
}

static inline struct view_data view_data(void)
{
    f.branches.forest = f.story.forest = history_forest(f.history); /* some tests begin with another history */
    return (struct view_data){.status = &f.status,
                              .model = &f.model,
                              .stage = f.stage,
                              .stages = f.stages,
                              .history = f.history,
                              .branches = f.branches,
                              .comparison = &f.comparison,
                              .dataset = f.dataset,
                              .bounds = data_bounds_of(f.dataset),
                              .picture = &f.picture,
                              .samples = &f.samples,
                              .story = &f.story,
                              .settings = &f.settings,
                              .palette = &f.palette,
                              .scratch = &f.scratch,
                              .keymap = f.keymap,
                              .commands = &app_commands};
}

/* Draws title and view, as the screen does. */
static inline void draw(size_t view, int width, int height)
{
    const struct view_data data = view_data();
    const struct frame_layout frame = layout_frame(width, height);
    ck_assert(grid_resize(&f.grid, width, height));
    grid_clear(&f.grid, f.palette.role[ROLE_TEXT], f.palette.role[ROLE_GROUND]);
    const struct area screen = area_whole(&f.grid);
    f.settings.view = view;
    if (frame.too_small) {
        chrome_draw_too_small(&data, screen);
        return;
    }
    chrome_draw_title(&data, screen, &frame);
    view_table[view].draw(&data, screen, frame.body);
    chrome_draw_message(&data, screen, frame.message);
}

/* ASCII text of the grid's rows; every other character is '~'. */
static inline const char *text_of_grid(void)
{
    static char text[301 * 101];
    char *out = text;
    for (int y = 0; y < f.grid.height; y++) {
        for (int x = 0; x < f.grid.width; x++) {
            const uint32_t glyph = f.grid.cell[y * f.grid.width + x].glyph;
            *out++ = glyph == 0 ? ' ' : glyph < 128 ? (char)glyph : '~';
        }
        *out++ = '\n';
    }
    *out = 0;
    return text;
}

static inline bool shows(const char *what)
{
    return strstr(text_of_grid(), what) != NULL;
}

static inline size_t cells_with(enum role ink, bool ground)
{
    size_t count = 0;
    for (int i = 0; i < f.grid.width * f.grid.height; i++) {
        const struct cell *cell = &f.grid.cell[i];
        count += ground ? cell->ground == f.palette.role[ink] : cell->glyph != 0 && cell->ink == f.palette.role[ink];
    }
    return count;
}

static inline struct event knob_event(enum knob_id knob, double from, double to, const char *label, uint32_t token,
                                      uint64_t step)
{
    struct event event = {
        .kind = EVENT_KNOB, .what = (uint16_t)knob, .token = token, .step = step, .from = from, .to = to};
    snprintf(event.label, sizeof event.label, "%s", label);
    return event;
}

#endif
