/* Runs as a user meets them: whole, with evaluations, journal and timeline, against the bare steps of the same net. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "bench/bench.h"
#include "bench/language.h"
#include "bench/rows.h"
#include "bench/sessions.h"
#include "bench/training.h"
#include "setup/material.h"

#define WHOLE_PAIRS   9
#define WHOLE_SECONDS 1.2 /* that a whole run takes, about */
#define WHOLE_GOAL    0.85
#define EARLY_STEPS   100
#define EARLY_PAIRS   5
#define EARLY_GOAL    1.5
#define WORN_STEPS    200000
#define WORN_GOAL     0.95

/* ---- Whole runs -------------------------------------------------------------------------------- */

/* The run that trains what the training case does. */
struct whole {
    const char *what, *task;
    const struct training_case *bare;
    const char *words[12]; /* names and values of fields, NULL at the end */
};

static struct spec whole_spec(const struct whole *whole, uint64_t steps)
{
    struct spec spec = bench_spec(whole->task, steps);
    for (size_t i = 0; whole->words[i]; i += 2)
        bench_set(&spec, whole->words[i], whole->words[i + 1]);
    return spec;
}

static double seconds_whole(const struct whole *whole, uint64_t steps, const char *journal)
{
    struct spec spec = whole_spec(whole, steps);
    const struct session_options options = {.headless = true, .journal = journal};
    return bench_run(&spec, &options);
}

static void whole_run(const struct whole *whole)
{
    char journal[] = "/tmp/downhill-bench-XXXXXX", ours_text[32], bare_text[32];
    const int file = mkstemp(journal);
    struct training *training = training_create(whole->bare);
    double ours[WHOLE_PAIRS], bare[WHOLE_PAIRS], ratio[WHOLE_PAIRS];
    if (file < 0 || !training) {
        bench_note(whole->what, "not run: no memory, or no room for a journal");
        training_free(training);
        return;
    }
    close(file);
    struct bench_work work = {training_steps, training, 0, false};
    bench_fit(&work);
    const uint64_t steps = (uint64_t)(bench_slice(&work) * WHOLE_SECONDS);
    for (int i = 0; i < WHOLE_PAIRS; i++) {
        if (i % 2)
            bare[i] = bench_slice(&work);
        ours[i] = (double)steps / seconds_whole(whole, steps, journal);
        if (i % 2 == 0)
            bare[i] = bench_slice(&work);
        ratio[i] = ours[i] / bare[i];
    }
    unlink(journal);
    training_free(training);
    bench_row(whole->what, bench_speed(ours_text, sizeof ours_text, bench_median(ours, WHOLE_PAIRS)),
              bench_speed(bare_text, sizeof bare_text, bench_median(bare, WHOLE_PAIRS)),
              bench_median(ratio, WHOLE_PAIRS), true, WHOLE_GOAL);
}

/* ---- Threads ----------------------------------------------------------------------------------- */

static double seconds_with_threads(const struct whole *whole, uint64_t steps, unsigned threads)
{
    struct spec spec = whole_spec(whole, steps);
    const struct session_options options = {.headless = true};
    spec.threads = threads;
    return bench_run(&spec, &options);
}

/* Speed with two threads of the matrix library as a multiple of the speed with one.  It has no goal: two threads help
 * only models whose products are large, and the machine must have two processors to spare. */
static void two_threads(const struct whole *whole, uint64_t steps)
{
    double one[EARLY_PAIRS], two[EARLY_PAIRS], ratio[EARLY_PAIRS];
    char text[64];
    for (int i = 0; i < EARLY_PAIRS; i++) {
        one[i] = seconds_with_threads(whole, steps, 1);
        two[i] = seconds_with_threads(whole, steps, 2);
        ratio[i] = one[i] / two[i];
    }
    snprintf(text, sizeof text, "%.2f s with two, %.2f s with one: %.2f times the speed",
             bench_median(two, EARLY_PAIRS), bench_median(one, EARLY_PAIRS), bench_median(ratio, EARLY_PAIRS));
    bench_note(whole->what, text);
}

/* ---- The first steps --------------------------------------------------------------------------- */

/* All that is due at a boundary between two steps. */
static void finish_boundary(struct trainer *trainer, float *measures)
{
    while (trainer_settle(trainer, SIZE_MAX, measures, NULL) > PIECE_NONE)
        ;
}

static double seconds_of_steps(struct trainer *trainer, uint64_t steps, bool evaluates)
{
    float measures[SERIES_TOTAL];
    const uint64_t start = clock_now();
    for (uint64_t i = 0; i <= steps; i++) {
        if (i > 0)
            trainer_step(trainer, measures);
        if (evaluates && i == steps)
            trainer_evaluate_now(trainer);
        if (evaluates)
            finish_boundary(trainer, measures);
    }
    return (double)(clock_now() - start) * 1e-9;
}

static void first_steps(const char *what, struct trainer *trainer)
{
    double with[EARLY_PAIRS], without[EARLY_PAIRS], ratio[EARLY_PAIRS];
    char ours_text[32], bare_text[32];
    seconds_of_steps(trainer, EARLY_STEPS / 10, false); /* brings the data into memory */
    for (int i = 0; i < EARLY_PAIRS; i++) {
        trainer_restart(trainer, (uint64_t)i);
        with[i] = seconds_of_steps(trainer, EARLY_STEPS, true);
        trainer_restart(trainer, (uint64_t)i);
        without[i] = seconds_of_steps(trainer, EARLY_STEPS, false);
        ratio[i] = with[i] / without[i];
    }
    snprintf(ours_text, sizeof ours_text, "%.2f s", bench_median(with, EARLY_PAIRS));
    snprintf(bare_text, sizeof bare_text, "%.2f s", bench_median(without, EARLY_PAIRS));
    bench_row(what, ours_text, bare_text, bench_median(ratio, EARLY_PAIRS), false, EARLY_GOAL);
}

static void first_steps_of_large(void)
{
    struct training *training = training_create(training_find("large"));
    if (training)
        first_steps("first 100 steps of the large net, evaluated", training_trainer(training));
    training_free(training);
}

static void first_steps_of_language(void)
{
    static const char what[] = "first 100 steps of the language model, evaluated";
    struct spec spec = bench_spec("samples/atlas.txt", 0);
    struct material *material = NULL;
    struct trainer *trainer = NULL;
    struct error error = {.message = "out of memory"};
    spec.shape.language.layers = language_case.layers;
    spec.shape.language.width = language_case.width;
    spec.shape.language.heads = language_case.heads;
    bench_set(&spec, "context", "64");
    bench_set(&spec, "batch", "12");
    if (material_load(&material, &spec, NULL, &error) == STATUS_OK &&
        trainer_create(&trainer,
                       &(struct trainer_spec){.dataset = material_stage(material, 0)->dataset,
                                              .shape = spec.shape,
                                              .stage = material_stage(material, 0),
                                              .stages = material_stages(material),
                                              .seed = 1,
                                              .knobs = spec.knobs},
                       kernels_choose(), &error) == STATUS_OK)
        first_steps(what, trainer);
    else
        bench_note(what, error.message);
    trainer_free(trainer);
    material_free(material);
    spec_free(&spec);
}

/* ---- A net that has long been trained ---------------------------------------------------------- */

static void worn_net(void)
{
    const struct training_case *small = training_find("small");
    struct training *worn = training_create(small), *fresh = training_create(small);
    char ours_text[32], bare_text[32];
    if (worn && fresh) {
        training_steps(worn, WORN_STEPS);
        struct bench_work old = {training_steps, worn, 0, true}, young = {training_steps, fresh, 0, true};
        const struct bench_pair pair = bench_pairs(&old, &young, BENCH_PAIRS);
        bench_row("small net after 200,000 steps, against a fresh one",
                  bench_speed(ours_text, sizeof ours_text, pair.ours),
                  bench_speed(bare_text, sizeof bare_text, pair.yardstick), pair.ratio, true, WORN_GOAL);
    }
    training_free(worn);
    training_free(fresh);
}

void rows_whole(void)
{
    static const struct whole table[] = {
        {"spiral as a whole run, against its bare steps", "spiral", NULL, {NULL}},
        {"digits as a whole run, against its bare steps",
         "samples/digits.csv",
         NULL,
         {"hidden", "64", "activation", "relu", "optimizer", "adam", "lr", "0.002", "batch", "32", NULL}},
    };
    static const char *const bare[] = {"tiny", "small"};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct whole whole = table[i];
        whole.bare = training_find(bare[i]);
        whole_run(&whole);
    }
    static const struct whole threaded[] = {
        {"--threads 2: digits with 512-512, batch 128",
         "samples/digits.csv",
         NULL,
         {"hidden", "512,512", "activation", "relu", "batch", "128", NULL}},
        {"--threads 2: language model 4x128, 12x64",
         "samples/atlas.txt",
         NULL,
         {"layers", "4", "width", "128", "context", "64", "batch", "12", NULL}},
    };
    two_threads(&threaded[0], 300);
    two_threads(&threaded[1], 20);
    first_steps_of_large();
    first_steps_of_language();
    worn_net();
}
