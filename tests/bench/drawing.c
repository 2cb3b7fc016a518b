/* View 1 drawn into a grid, after a run of ten thousand steps and after one of a hundred million: synthetic losses, in
 * buckets as the worker would send them. */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/rows.h"
#include "data/toys.h"
#include "learn/objective.h"
#include "metrics/history.h"
#include "metrics/pending.h"
#include "ui/view.h"

#define WIDTH          200
#define HEIGHT         60
#define SHORT_RUN      10000u
#define LONG_RUN       100000000u
#define STEPS_A_SECOND 1800000
#define LAYERS         3
#define RING           4096
#define EVALUATIONS    2000 /* evenly over the run */
#define MIB            (1024.0 * 1024.0)

struct run {
    struct history *history;
    struct session_status status;
    struct grid grid;
    struct scratch scratch;
    struct view_data data;
    struct box body;
};

static void drain(struct ring *ring, struct history *history)
{
    struct bucket bucket;
    while (ring_pop(ring, &bucket))
        history_push(history, &bucket);
}

static struct history *synthetic(uint64_t steps)
{
    struct history *history = history_create();
    struct pending *pending = pending_create(LAYERS, 0);
    struct ring *ring = ring_create(RING, sizeof(struct bucket));
    float measures[SERIES_TOTAL];
    for (unsigned i = 0; i < SERIES_TOTAL; i++)
        measures[i] = 0.1f;
    if (history && pending && ring) {
        pending_set_stride(pending, steps > SHORT_RUN ? pending_stride_for(STEPS_A_SECOND, steps) : 1);
        for (uint64_t step = 1; step <= steps; step++) {
            float noise = (float)(step * 2654435761u % 1000) / 1000, fall = (float)step / (float)steps;
            measures[SERIES_LOSS] = 0.7f - 0.6f * fall + 0.2f * noise;
            measures[SERIES_GRAD_NORM] = 0.3f + noise;
            if (step % (steps / EVALUATIONS) == 0) {
                pending_value(pending, SERIES_TRAIN_LOSS, step, 0.7f - 0.6f * fall);
                pending_value(pending, SERIES_TEST_LOSS, step, 0.7f - 0.5f * fall);
                pending_value(pending, SERIES_TRAIN_ACC, step, 0.5f + 0.5f * fall);
                pending_value(pending, SERIES_TEST_ACC, step, 0.5f + 0.4f * fall);
            }
            if (pending_step(pending, step, measures)) {
                pending_flush(pending, ring);
                drain(ring, history);
            }
        }
    }
    ring_free(ring);
    pending_free(pending);
    return history;
}

static void draw(void *context, uint64_t times)
{
    struct run *run = context;
    const struct palette *palette = run->data.palette;
    for (; times > 0; times--) {
        grid_clear(&run->grid, palette->role[ROLE_TEXT], palette->role[ROLE_GROUND]);
        view_draw_curves(&run->data, area_whole(&run->grid), run->body);
    }
}

/* Cells with Braille dots: a chart that is not there would be drawn in no time. */
static unsigned dotted_cells(const struct grid *grid)
{
    unsigned count = 0;
    for (int i = 0; i < grid->width * grid->height; i++)
        count += grid->cell[i].glyph > 0x2800 && grid->cell[i].glyph <= 0x28ff;
    return count;
}

static double cpu_ms(struct run *run)
{
    double ms[BENCH_PAIRS];
    for (int i = 0; i < BENCH_PAIRS; i++) {
        uint64_t start = clock_thread_cpu();
        draw(run, 10);
        ms[i] = (double)(clock_thread_cpu() - start) * 1e-6 / 10;
    }
    return bench_median(ms, BENCH_PAIRS);
}

static bool prepare(struct run *run, uint64_t steps, const struct session_model *model, const struct dataset *dataset,
                    const struct story *story, const struct view_settings *settings)
{
    run->history = synthetic(steps);
    run->status = (struct session_status){.state = SESSION_RUNNING,
                                          .step = steps,
                                          .seed = 1,
                                          .ghost = -1,
                                          .steps_per_second = STEPS_A_SECOND,
                                          .best_test_loss = 0.2,
                                          .best_step = steps};
    knobs_default(&run->status.knobs);
    run->data = (struct view_data){.status = &run->status,
                                   .model = model,
                                   .history = run->history,
                                   .branches.forest = story->forest,
                                   .dataset = dataset,
                                   .bounds = data_bounds_of(dataset),
                                   .story = story,
                                   .settings = settings,
                                   .palette = palette_find(NULL),
                                   .scratch = &run->scratch};
    run->body = layout_frame(WIDTH, HEIGHT).body;
    return run->history && grid_resize(&run->grid, WIDTH, HEIGHT);
}

static void release(struct run *run)
{
    history_free(run->history);
    grid_free(&run->grid);
    scratch_free(&run->scratch);
}

void rows_drawing(void)
{
    struct run brief = {0}, endless = {0};
    struct dataset *dataset = NULL;
    struct story story;
    struct knobs knobs;
    struct view_settings settings = {.view = view_by_number(1)};
    struct session_model model = {.task = "spiral",
                                  .architecture = "2-8-8-2 tanh",
                                  .objective = objective_for(TASK_CLASSIFY),
                                  .guess = {.loss = log(2), .accuracy = 0.5},
                                  .layers = LAYERS,
                                  .parameters = 114,
                                  .cadence = 30,
                                  .kernels = "v4"};
    knobs_default(&knobs);
    if (toy_make(&dataset, toy_find("spiral"), 0, -1, 1, NULL) != STATUS_OK)
        return;
    const struct trainer_stage stage = {.dataset = dataset};
    struct forest *forest = forest_create();
    story_init(&story, &knobs, &stage, forest);
    if (forest && prepare(&brief, SHORT_RUN, &model, dataset, &story, &settings) &&
        prepare(&endless, LONG_RUN, &model, dataset, &story, &settings)) {
        char ours_text[32], other_text[32];
        double brief_ms = cpu_ms(&brief), endless_ms = cpu_ms(&endless);
        struct bench_work long_work = {draw, &endless, 0}, short_work = {draw, &brief, 0};
        struct bench_pair pair = bench_pairs(&long_work, &short_work, BENCH_PAIRS);
        snprintf(ours_text, sizeof ours_text, "%.2f ms", endless_ms);
        snprintf(other_text, sizeof other_text, "%.2f ms", brief_ms);
        if (dotted_cells(&endless.grid) < WIDTH || dotted_cells(&brief.grid) < WIDTH)
            bench_note("view 1 at 200x60", "there are no curves in it: the next two rows mean nothing");
        bench_row("view 1 at 200x60, 10^8 steps against 10^4", ours_text, other_text, 1 / pair.ratio, false, 1.2);
        bench_row("  CPU of its curves a frame (ms)", ours_text, "", endless_ms, false, 3);
        double more = ((double)history_bytes(endless.history) - (double)history_bytes(brief.history)) / MIB;
        snprintf(ours_text, sizeof ours_text, "%.2f MiB", (double)history_bytes(endless.history) / MIB);
        snprintf(other_text, sizeof other_text, "%.2f MiB", (double)history_bytes(brief.history) / MIB);
        bench_row("memory after 10^8 steps, more than after 10^4 (MiB)", ours_text, other_text, more, false, 64);
    } else {
        bench_note("view 1 at 200x60", "out of memory");
    }
    release(&brief);
    release(&endless);
    story_free(&story);
    forest_free(forest);
    dataset_free(dataset);
}
