/* What it costs to be able to go back: snapshots beside training, a rewind, a replay. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "bench/bench.h"
#include "bench/rows.h"
#include "bench/sessions.h"
#include "bench/training.h"
#include "engine/journal.h"
#include "engine/timeline.h"

#define SNAPSHOT_PAIRS 15
#define REWINDS        20
#define REWIND_RUN     1000000u
#define REWIND_GOAL    0.3 /* seconds */
#define REPLAYS        7
#define REPLAY_STEPS   600000u
#define REPLAY_TURNS   6

/* ---- Snapshots --------------------------------------------------------------------------------- */

/* From one snapshot to the next: the unit of work, so that a slice has its share of copies, however far apart they
 * are. */
struct stretch {
    struct training *training;
    struct timeline *timeline;
    uint64_t steps, work;
};

static void train(void *context, uint64_t times)
{
    struct stretch *stretch = context;
    training_steps(stretch->training, times * stretch->steps);
}

/* As worker_settle does it. */
static void train_and_keep(void *context, uint64_t times)
{
    struct stretch *stretch = context;
    struct trainer *trainer = training_trainer(stretch->training);
    for (; times > 0; times--) {
        const struct track_point here = {.step = trainer_step_count(trainer)};
        stretch->work += stretch->steps;
        timeline_keep(stretch->timeline, &here, stretch->work, trainer_state(trainer), false);
        training_steps(stretch->training, stretch->steps);
    }
}

/* Young timelines: those that are full have their memory already, and copy faster. */
static void snapshots_beside(const struct training_case *which)
{
    char what[64], ours[32], bare[32];
    struct stretch stretch = {.training = training_create(which)};
    snprintf(what, sizeof what, "%s net with snapshots, against none", which->name);
    if (stretch.training) {
        struct trainer *trainer = training_trainer(stretch.training);
        stretch.timeline =
            timeline_create(state_bytes(trainer_state(trainer)), (size_t)knob_table[KNOB_TIMELINE].standard << 20);
        if (stretch.timeline)
            stretch.steps = timeline_spacing(stretch.timeline, model_step_flops(trainer_model(trainer), which->batch));
    }
    if (stretch.timeline) {
        struct bench_work kept = {train_and_keep, &stretch, 0, true}, plain = {train, &stretch, 0, true};
        const struct bench_pair pair = bench_pairs(&kept, &plain, SNAPSHOT_PAIRS);
        bench_row(what, bench_speed(ours, sizeof ours, pair.ours * (double)stretch.steps),
                  bench_speed(bare, sizeof bare, pair.yardstick * (double)stretch.steps), pair.ratio, true, 0.98);
    } else {
        bench_note(what, "out of memory");
    }
    timeline_free(stretch.timeline);
    training_free(stretch.training);
}

/* ---- Going back -------------------------------------------------------------------------------- */

static void rewinds(void)
{
    struct spec spec = bench_spec("spiral", 0);
    struct session *session = bench_open(&spec, &(struct session_options){.paused = true});
    double took[REWINDS];
    char median[32], goal[32], most[64];
    bench_until(session, REWIND_RUN);
    for (uint32_t i = 0; i < REWINDS; i++) {
        const uint64_t step = random_bits(random_key(1, RANDOM_SAMPLE, 0), i) % REWIND_RUN;
        const uint64_t begun = clock_now();
        bench_send(session, (struct wish){.name = "rewind", .number = step});
        took[i] = (double)(clock_now() - begun) * 1e-9;
    }
    session_close(session, NULL);
    const double seconds = bench_median(took, REWINDS);
    snprintf(median, sizeof median, "%.1f ms", seconds * 1e3);
    snprintf(goal, sizeof goal, "%.0f ms", REWIND_GOAL * 1e3);
    bench_row("rewind to a random one of a million tiny steps", median, goal, seconds / REWIND_GOAL, false, 1);
    snprintf(most, sizeof most, "%.1f ms", took[REWINDS - 1] * 1e3); /* they are sorted now */
    bench_note("  the slowest of them", most);
}

/* ---- Replays ----------------------------------------------------------------------------------- */

/* A run with turns, which goes back once, writes its journal.  How many steps it took. */
static uint64_t write_journal(const char *path)
{
    struct spec spec = bench_spec("spiral", 0);
    struct session *session = bench_open(&spec, &(struct session_options){.paused = true, .journal = path});
    const uint64_t part = REPLAY_STEPS / (REPLAY_TURNS + 1), back = REPLAY_STEPS / 4;
    for (uint64_t i = 1; i <= REPLAY_TURNS; i++) {
        bench_until(session, i * part);
        bench_send(session, (struct wish){.name = "knob", .knob = KNOB_LR, .value = 0.2 - 0.02 * (double)i});
    }
    bench_until(session, REPLAY_STEPS);
    bench_send(session, (struct wish){.name = "rewind", .number = REPLAY_STEPS - back});
    bench_until(session, REPLAY_STEPS);
    session_close(session, NULL);
    return REPLAY_STEPS + back;
}

static double replay(const char *path)
{
    struct spec spec;
    struct journal_facts facts;
    struct journal_script *script = NULL;
    spec_init(&spec);
    if (journal_read(&script, path, &spec, &facts, NULL) != STATUS_OK)
        return 0;
    const double took = bench_run(&spec, &(struct session_options){.headless = true, .script = script});
    journal_script_free(script);
    return took;
}

static double train_headless(uint64_t steps)
{
    struct spec spec = bench_spec("spiral", steps);
    return bench_run(&spec, &(struct session_options){.headless = true});
}

static void replays(void)
{
    double ours[REPLAYS], bare[REPLAYS], ratio[REPLAYS];
    char path[] = "/tmp/downhill-bench-XXXXXX", our_text[32], bare_text[32];
    const int file = mkstemp(path);
    if (file < 0) {
        bench_note("replays", "not run: no room for a journal");
        return;
    }
    close(file);
    const uint64_t steps = write_journal(path);
    for (int i = 0; i < REPLAYS; i++) {
        if (i % 2)
            bare[i] = (double)steps / train_headless(steps);
        ours[i] = (double)steps / replay(path);
        if (i % 2 == 0)
            bare[i] = (double)steps / train_headless(steps);
        ratio[i] = ours[i] / bare[i];
    }
    unlink(path);
    bench_row("a replay with turns and a way back", bench_speed(our_text, sizeof our_text, bench_median(ours, REPLAYS)),
              bench_speed(bare_text, sizeof bare_text, bench_median(bare, REPLAYS)), bench_median(ratio, REPLAYS), true,
              0.9);
}

void rows_time(void)
{
    for (size_t i = 0; i < training_count; i++)
        snapshots_beside(&training_table[i]);
    rewinds();
    replays();
}
