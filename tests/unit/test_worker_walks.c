/* That a worker hears what is asked of it while it makes a twin: before the first piece of the way, and between any
 * two. */
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "engine/slice.h"
#include "engine/worker.h"
#include "suite.h"
#include "support/lab.h"
#include "support/wishes.h"

/* A worker whose next trainer is made only when the test says so. */
struct bench {
    struct lab lab;
    struct worker *worker;
    atomic_bool asked, may_make;
};

static void nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static enum status make(void *owner, const char *changes, struct trainer **out, struct error *error)
{
    struct bench *bench = owner;
    (void)changes;
    const struct trainer_spec spec = {
        .dataset = bench->lab.dataset,
        .shape = bench->lab.spec.shape,
        .loss = (enum loss_id)bench->lab.spec.loss,
        .seed = bench->lab.spec.seed,
        .knobs = bench->lab.spec.knobs,
    };
    atomic_store(&bench->asked, true);
    while (!atomic_load(&bench->may_make))
        nap();
    return trainer_create(out, &spec, kernels_choose(), error);
}

static void start(struct bench *bench)
{
    lab_load(&bench->lab, "spiral", 1);
    lab_start(&bench->lab);
    atomic_init(&bench->asked, false);
    atomic_init(&bench->may_make, false);
    const struct worker_setup setup = {
        .trainer = bench->lab.trainer,
        .spec = &bench->lab.spec,
        .factory = {bench, make},
        .paused = true,
    };
    ck_assert_int_eq(worker_start(&bench->worker, &setup, NULL), STATUS_OK);
}

static struct run_event hear(struct bench *bench)
{
    struct run_event echo;
    while (!worker_next_event(bench->worker, &echo))
        nap();
    return echo;
}

static bool measured(struct bench *bench, uint16_t branch)
{
    struct bucket samples[256];
    bool found = false;
    size_t count;
    while ((count = worker_samples(bench->worker, samples, sizeof samples / sizeof samples[0])) > 0)
        for (size_t i = 0; i < count; i++)
            found |= samples[i].branch == branch && samples[i].series == SERIES_TEST_LOSS;
    return found;
}

START_TEST(a_pause_that_is_there_already_comes_before_a_twins_first_evaluation)
{
    struct bench bench;
    start(&bench);
    ck_assert_int_eq(hear(&bench).event.kind, EVENT_START);
    ck_assert(send_to_worker(bench.worker, &(struct wish){.name = "twin", .token = 1, .text = "lr=0.1"}));
    while (!atomic_load(&bench.asked))
        nap();
    ck_assert(send_to_worker(bench.worker, &(struct wish){.name = "pause", .token = 2}));
    atomic_store(&bench.may_make, true);
    ck_assert_int_eq(hear(&bench).event.kind, EVENT_TWIN);
    ck_assert_int_eq(hear(&bench).event.kind, EVENT_DELETED);
    ck_assert_int_eq(hear(&bench).event.kind, EVENT_PAUSE);
    ck_assert(measured(&bench, 0));
    ck_assert(!measured(&bench, 1));
    worker_stop(bench.worker, &bench.lab.trainer);
    worker_free(bench.worker);
    lab_end(&bench.lab);
}
END_TEST

START_TEST(a_slice_grows_while_it_is_short_and_shrinks_to_a_piece)
{
    ck_assert_uint_eq(slice_next(1, 0), 2);
    ck_assert_uint_eq(slice_next(4, SLICE_LEAST_NS), 4);
    ck_assert_uint_eq(slice_next(4, SLICE_MOST_NS + 1), 2);
    ck_assert_uint_eq(slice_next(1, 1000u * SLICE_MOST_NS), 1);
    ck_assert_uint_eq(slice_next(SLICE_PIECES_MAX, 0), SLICE_PIECES_MAX);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("worker walks");
    TCase *tests = tcase_create("walks");
    tcase_add_test(tests, a_pause_that_is_there_already_comes_before_a_twins_first_evaluation);
    tcase_add_test(tests, a_slice_grows_while_it_is_short_and_shrinks_to_a_piece);
    suite_add_tcase(suite, tests);
    return suite;
}
