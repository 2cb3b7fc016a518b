/* A worker driven directly, for tests: what is asked of it, and what it says. */
#ifndef TESTS_SUPPORT_WORKERS_H
#define TESTS_SUPPORT_WORKERS_H

#include <check.h>
#include <time.h>

#include "base/mem.h"
#include "engine/worker.h"
#include "store/sink.h"
#include "support/wishes.h"

/* A worker on a toy and all that it borrows. */
struct bench {
    struct spec spec;
    struct dataset *dataset;
    struct trainer *trainer;
    struct sink *sink;
    struct worker *worker;
    uint32_t token;
    float test_loss; /* newest heard of */
    struct bucket samples[4096];
};

static inline void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static inline void give(struct spec *spec, enum knob_id knob, double value)
{
    spec->knob_given[knob] = true;
    spec->knobs.value[knob] = value;
}

/* At unlimited speed unless the caller says otherwise afterwards. */
static inline struct bench bench_of(const char *task)
{
    struct bench bench = {.token = 100};
    spec_init(&bench.spec);
    bench.spec.task = mem_string(task);
    give(&bench.spec, KNOB_SPEED, 0);
    return bench;
}

static inline void start(struct bench *bench, bool paused, bool headless, size_t ring)
{
    struct error error = {0};
    ck_assert_msg(spec_load(&bench->spec, &bench->dataset, &error) == STATUS_OK, "%s", error.message);
    struct trainer_spec wanted = {
        .dataset = bench->dataset,
        .shape = bench->spec.shape,
        .loss = (enum loss_id)bench->spec.loss,
        .seed = bench->spec.seed,
        .knobs = bench->spec.knobs,
    };
    wanted.knobs.value[KNOB_SPEED] = 0; /* as a session does: speed is the worker's */
    ck_assert_int_eq(trainer_create(&bench->trainer, &wanted, kernels_choose(), &error), STATUS_OK);
    if (bench->spec.log_path)
        ck_assert_int_eq(sink_open(&bench->sink, bench->spec.log_path, &error), STATUS_OK);
    const struct worker_setup setup = {
        .trainer = bench->trainer,
        .spec = &bench->spec,
        .sink = bench->sink,
        .paused = paused,
        .headless = headless,
        .ring = ring,
    };
    ck_assert_int_eq(worker_start(&bench->worker, &setup, &error), STATUS_OK);
}

static inline void stop(struct bench *bench)
{
    worker_stop(bench->worker, &bench->trainer);
    worker_free(bench->worker);
    ck_assert_int_eq(sink_close(bench->sink, NULL), STATUS_OK);
    trainer_free(bench->trainer);
    dataset_free(bench->dataset);
    spec_free(&bench->spec);
}

static inline size_t drain(struct bench *bench)
{
    const size_t count =
        worker_samples(bench->worker, bench->samples, sizeof bench->samples / sizeof bench->samples[0]);
    for (size_t i = 0; i < count; i++)
        if (bench->samples[i].series == SERIES_TEST_LOSS)
            bench->test_loss = bench->samples[i].last;
    return count;
}

/* The next thing that the worker says; samples are thrown away meanwhile. */
static inline struct run_event hear(struct bench *bench)
{
    struct run_event echo;
    while (!worker_next_event(bench->worker, &echo)) {
        drain(bench);
        nap();
    }
    return echo;
}

static inline struct run_event hear_kind(struct bench *bench, enum event_kind kind)
{
    const struct run_event echo = hear(bench);
    ck_assert_msg(echo.event.kind == kind, "heard kind %d (%s), wanted %d", echo.event.kind, echo.event.label, kind);
    return echo;
}

static inline struct run_event hear_until(struct bench *bench, enum event_kind kind)
{
    for (;;) {
        const struct run_event echo = hear(bench);
        if (echo.event.kind == kind)
            return echo;
    }
}

static inline void ask(struct bench *bench, struct wish command)
{
    command.token = ++bench->token;
    ck_assert(send_to_worker(bench->worker, &command));
}

static inline void ask_kind(struct bench *bench, const char *kind)
{
    ask(bench, (struct wish){.name = kind});
}

static inline void turn(struct bench *bench, enum knob_id knob, double value)
{
    ask(bench, (struct wish){.name = "knob", .knob = knob, .value = value});
}

#endif
