/* What a worker does while it makes a twin and while this catches up: it hears what is asked of it, and goes on. */
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

START_TEST(who_gives_up_is_heard_before_a_twins_first_evaluation)
{
    struct bench bench;
    start(&bench);
    ck_assert_int_eq(hear(&bench).event.kind, EVENT_START);
    ck_assert(send_to_worker(bench.worker, &(struct wish){.name = "twin", .token = 1, .text = "lr=0.1"}));
    while (!atomic_load(&bench.asked))
        nap();
    ck_assert(send_to_worker(bench.worker, &(struct wish){.name = "return", .token = 2}));
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

static void send(struct bench *bench, struct wish wish)
{
    ck_assert(send_to_worker(bench->worker, &wish));
}

static void expect_event(struct bench *bench, enum event_kind kind)
{
    const struct event event = hear(bench).event;
    ck_assert_msg(event.kind == kind, "%d, not %d: %s", event.kind, kind, event.label);
}

/* At rest at step 50, with a twin that is to be made when the test says so. */
static void start_twin(struct bench *bench)
{
    start(bench);
    expect_event(bench, EVENT_START);
    send(bench, (struct wish){.name = "until", .number = 50, .token = 1});
    expect_event(bench, EVENT_GO);
    expect_event(bench, EVENT_END);
    send(bench, (struct wish){.name = "twin", .token = 2, .text = "lr=0.1"});
    while (!atomic_load(&bench->asked))
        nap();
}

static void end(struct bench *bench)
{
    worker_stop(bench->worker, &bench->lab.trainer);
    worker_free(bench->worker);
    lab_end(&bench->lab);
}

/* About it: they name its branch, or they go somewhere.  What comes after such a command waits with it. */
START_TEST(commands_wait_for_a_twin_only_when_they_are_about_it)
{
    const struct wish wishes[] = {{.name = "switch", .token = 4, .branch = 1},
                                  {.name = "rewind", .token = 4, .branch = 0, .number = 20},
                                  {.name = "delete", .token = 4, .branch = 1}};
    static const enum event_kind kinds[] = {EVENT_SWITCH, EVENT_REWIND, EVENT_DELETED};
    static const uint16_t branches[] = {1, 2, 0};
    struct bench bench;
    start_twin(&bench);
    send(&bench, (struct wish){.name = "knob", .token = 3, .knob = KNOB_LR, .value = 0.02});
    send(&bench, wishes[_i]);
    send(&bench, (struct wish){.name = "knob", .token = 5, .knob = KNOB_LR, .value = 0.03});
    atomic_store(&bench.may_make, true);
    expect_event(&bench, EVENT_TWIN);
    const struct run_event turned = hear(&bench);
    ck_assert_int_eq(turned.event.kind, EVENT_KNOB);
    ck_assert_uint_eq(turned.event.branch, 0);
    expect_event(&bench, EVENT_ARRIVED);
    expect_event(&bench, kinds[_i]);
    const struct run_event last = hear(&bench);
    ck_assert_int_eq(last.event.kind, EVENT_KNOB);
    ck_assert_uint_eq(last.event.branch, branches[_i]);
    end(&bench);
}
END_TEST

START_TEST(a_run_goes_on_while_a_twin_catches_up)
{
    struct bench bench;
    start_twin(&bench);
    send(&bench, (struct wish){.name = "go", .token = 3});
    atomic_store(&bench.may_make, true);
    expect_event(&bench, EVENT_TWIN);
    expect_event(&bench, EVENT_GO);
    const struct run_event there = hear(&bench);
    ck_assert_int_eq(there.event.kind, EVENT_ARRIVED);
    ck_assert_uint_eq(there.event.step, 50); /* up to where the run was when it was asked for */
    ck_assert_uint_gt(there.status.step, 50);
    ck_assert(!there.status.catching_up);
    end(&bench);
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
    tcase_add_test(tests, who_gives_up_is_heard_before_a_twins_first_evaluation);
    tcase_add_loop_test(tests, commands_wait_for_a_twin_only_when_they_are_about_it, 0, 3);
    tcase_add_test(tests, a_run_goes_on_while_a_twin_catches_up);
    tcase_add_test(tests, a_slice_grows_while_it_is_short_and_shrinks_to_a_piece);
    suite_add_tcase(suite, tests);
    return suite;
}
