/* What only long runs and large files show: ten million rows, a hundred megabytes of text, a hundred million steps, a
 * hundred branches. */
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/large.h"
#include "bench/rows.h"
#include "bench/sessions.h"
#include "ui/view.h"

#define MIB           (1024.0 * 1024.0)
#define BRIEF_STEPS   1000000
#define ENDLESS_STEPS 100000000
#define ENDLESS_GOAL  0.95
#define ENDLESS_MORE  64 /* MiB */
#define BRANCHES      100
#define BRANCH_STEPS  2000
#define WIDTH         200
#define HEIGHT        60
#define FRAME_GOAL    3 /* ms */
#define FRAMES        50

/* Steps a second of a whole run, and the most that the process then held besides snapshots, which have a budget. */
static double whole_speed(uint64_t steps, double *peak)
{
    struct spec spec = bench_spec("spiral", steps);
    struct memory memory;
    const double seconds = bench_run_measured(&spec, &(struct session_options){.headless = true}, &memory);
    *peak = ((double)memory.process - (double)memory.bytes[MEMORY_SNAPSHOTS]) / MIB;
    return (double)steps / seconds;
}

static void endless_run(void)
{
    double brief_peak, endless_peak, more;
    char ours_text[32], bare_text[32];
    const double brief = whole_speed(BRIEF_STEPS, &brief_peak), endless = whole_speed(ENDLESS_STEPS, &endless_peak);
    bench_row("spiral over 10^8 steps, against 10^6", bench_speed(ours_text, sizeof ours_text, endless),
              bench_speed(bare_text, sizeof bare_text, brief), endless / brief, true, ENDLESS_GOAL);
    more = endless_peak - brief_peak;
    snprintf(ours_text, sizeof ours_text, "%.0f MiB", endless_peak);
    snprintf(bare_text, sizeof bare_text, "%.0f MiB", brief_peak);
    bench_row("  its memory at most, more than after 10^6 (MiB)", ours_text, bare_text, more, false, ENDLESS_MORE);
}

/* ---- Branches ---------------------------------------------------------------------------------- */

/* Each grows from a step of the one before, which a rewind went back to. */
static struct session *with_branches(void)
{
    struct spec spec = bench_spec("spiral", 0);
    struct session *session = bench_open(&spec, &(struct session_options){.paused = true});
    for (uint64_t i = 1; i < BRANCHES; i++) {
        bench_until(session, (i + 1) * BRANCH_STEPS);
        bench_send(
            session,
            (struct wish){.name = "rewind", .branch = session_status(session)->branch, .number = i * BRANCH_STEPS});
    }
    bench_until(session, (BRANCHES + 1) * BRANCH_STEPS);
    return session;
}

static double frame_ms(const struct view_data *data, struct grid *grid, const struct view *view)
{
    double ms[FRAMES];
    const struct box body = layout_frame(WIDTH, HEIGHT).body;
    for (int i = 0; i < FRAMES; i++) {
        const uint64_t start = clock_thread_cpu();
        grid_clear(grid, data->palette->role[ROLE_TEXT], data->palette->role[ROLE_GROUND]);
        view->draw(data, area_whole(grid), body);
        ms[i] = (double)(clock_thread_cpu() - start) * 1e-6;
    }
    return bench_median(ms, FRAMES);
}

static void draw_branches(struct session *session)
{
    const struct session_branch *branch[BRANCHES + 1];
    const struct session_status *status = session_status(session);
    const size_t count = session_branches(session) < BRANCHES + 1 ? session_branches(session) : BRANCHES + 1;
    struct grid grid = {0};
    struct scratch scratch = {0};
    struct story story;
    struct view_settings settings = {.branch = status->branch};
    struct view_data data = {.status = status,
                             .model = session_model(session),
                             .stage = session_stage(session, 0),
                             .stages = session_stages(session),
                             .history = session_history(session),
                             .branches = {branch, count, history_forest(session_history(session))},
                             .comparison = &(struct comparison){.open = false},
                             .dataset = session_dataset(session),
                             .bounds = data_bounds_of(session_dataset(session)),
                             .story = &story,
                             .settings = &settings,
                             .palette = palette_find(NULL),
                             .scratch = &scratch};
    char text[32], what[64];
    for (size_t i = 0; i < count; i++)
        branch[i] = session_branch(session, i);
    story_init(&story, &status->knobs, session_stage(session, 0), data.branches.forest);
    if (grid_resize(&grid, WIDTH, HEIGHT))
        for (int number = 1; number <= 5; number += 4) {
            settings.view = view_by_number(number);
            const double ms = frame_ms(&data, &grid, &view_table[settings.view]);
            snprintf(text, sizeof text, "%.2f ms", ms);
            snprintf(what, sizeof what, "view %d with %zu branches, CPU a frame (ms)", number, count);
            bench_row(what, text, "", ms, false, FRAME_GOAL);
        }
    story_free(&story);
    scratch_free(&scratch);
    grid_free(&grid);
}

static void branches(void)
{
    struct session *session = with_branches();
    const struct memory memory = session_memory(session);
    char text[64];
    draw_branches(session);
    snprintf(text, sizeof text, "%.1f MiB of history, %.1f MiB of snapshots",
             (double)memory.bytes[MEMORY_HISTORY] / MIB, (double)memory.bytes[MEMORY_SNAPSHOTS] / MIB);
    bench_note("  their memory", text);
    session_close(session, NULL);
}

void rows_long(void)
{
    branches();
    endless_run();
    rows_large_text();
    rows_large_table();
}
