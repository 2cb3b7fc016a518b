/* The channel between the engine's thread and its consumer: what is sent arrives once and in order, however late somebody
 * takes it; nothing waits for that. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "engine/channel.h"
#include "suite.h"
#include "support/scarce_memory.h"

enum { COMMANDS = 4, CHANGES = 1000, STEPS = 3 };

static struct channel *channel;
static struct pending *pending;
static float measures[SERIES_TOTAL];

static void open_channel(void)
{
    channel = channel_create(SERIES_TOTAL, COMMANDS);
    pending = pending_create(2, 0);
    ck_assert(channel && pending);
}

static void close_channel(void)
{
    pending_free(pending);
    channel_free(channel);
}

static struct run_event event_of(enum event_kind kind, uint16_t branch, const char *label)
{
    struct run_event event = {.event = {.kind = kind, .branch = branch}, .left = -1, .status.branch = branch};
    snprintf(event.event.label, sizeof event.event.label, "%s", label);
    return event;
}

static void emit(enum event_kind kind, uint16_t branch, const char *label)
{
    struct run_event event = event_of(kind, branch, label);
    channel_emit(channel, &event);
}

/* Steps first + 1 .. first + STEPS of a branch, and an evaluation after the last. */
static void take_steps(uint64_t first)
{
    for (uint64_t step = first + 1; step <= first + STEPS; step++) {
        measures[SERIES_LOSS] = (float)step;
        if (pending_step(pending, step, measures))
            channel_send(channel, pending);
    }
    pending_value(pending, SERIES_TEST_LOSS, first + STEPS, 1);
}

static void change_branch(uint16_t branch)
{
    ck_assert(channel_reserve(channel));
    channel_retire(channel, pending);
    ck_assert(pending_branch(pending, branch));
    emit(EVENT_FORK, branch, "fork");
}

/* What a consumer knows that takes everything in the order in which it was sent. */
struct consumer {
    uint32_t events;
    uint64_t samples;
    uint16_t branch; /* that the newest event is about */
    uint64_t losses, last, evaluations;
    struct run_event held;
    bool holds;
};

static void take_event(struct consumer *consumer, const struct run_event *event)
{
    ck_assert_uint_eq(event->number, ++consumer->events);
    ck_assert_uint_eq(event->samples, consumer->samples);
    ck_assert_uint_eq(event->event.branch, consumer->branch + 1);
    consumer->branch = event->event.branch;
}

static void take_sample(struct consumer *consumer, const struct bucket *sample)
{
    consumer->samples++;
    ck_assert_uint_eq(sample->branch, consumer->branch);
    if (sample->series == SERIES_LOSS) {
        ck_assert_uint_eq(sample->first_step, consumer->last + 1);
        ck_assert_uint_eq(sample->count, sample->last_step - sample->first_step + 1);
        consumer->last = sample->last_step;
        consumer->losses += sample->count;
    }
    consumer->evaluations += sample->series == SERIES_TEST_LOSS ? sample->count : 0;
}

/* The events before the next sample. */
static bool take_events(struct consumer *consumer)
{
    bool any = false;
    for (;;) {
        if (!consumer->holds)
            consumer->holds = channel_event(channel, &consumer->held);
        if (!consumer->holds || consumer->held.samples > consumer->samples)
            return any;
        take_event(consumer, &consumer->held);
        consumer->holds = false;
        any = true;
    }
}

/* At most so many samples, and the events before them; an event that was sent before a sample is there with it. */
static bool consume(struct consumer *consumer, size_t most)
{
    struct bucket sample;
    bool any = take_events(consumer);
    for (size_t i = 0; i < most && channel_samples(channel, &sample, 1) > 0; i++) {
        take_events(consumer);
        take_sample(consumer, &sample);
        take_events(consumer);
        any = true;
    }
    return any;
}

START_TEST(a_thousand_changes_of_branch_wait_for_a_late_consumer)
{
    struct consumer consumer = {0};
    for (uint16_t i = 0; i < CHANGES; i++) {
        take_steps((uint64_t)i * STEPS);
        change_branch((uint16_t)(i + 1));
    }
    take_steps(CHANGES * STEPS);
    ck_assert(!channel_send(channel, pending));
    channel_finish(channel, pending, NULL);
    while (consume(&consumer, 100)) {
    }
    ck_assert_uint_eq(consumer.branch, CHANGES);
    ck_assert_uint_eq(consumer.events, CHANGES);
    ck_assert_uint_eq(consumer.losses, (CHANGES + 1) * STEPS);
    ck_assert_uint_eq(consumer.evaluations, CHANGES + 1);
}
END_TEST

/* It takes some now and then: what waits goes out before what is newer. */
START_TEST(a_slow_consumer_gets_all_in_order)
{
    struct consumer consumer = {0};
    for (uint16_t i = 0; i < CHANGES; i++) {
        take_steps((uint64_t)i * STEPS);
        change_branch((uint16_t)(i + 1));
        channel_flush(channel);
        consume(&consumer, i % 7 * 3);
    }
    while (!channel_send(channel, pending) || consume(&consumer, 100)) {
        consume(&consumer, 100);
    }
    ck_assert_uint_eq(consumer.branch, CHANGES);
    ck_assert_uint_eq(consumer.losses, CHANGES * STEPS);
    ck_assert_uint_eq(consumer.evaluations, CHANGES);
}
END_TEST

/* The ring of events is full before that of samples. */
START_TEST(no_sample_overtakes_an_event)
{
    struct consumer consumer = {0};
    for (uint16_t branch = 1; branch <= CHANGES; branch++)
        change_branch(branch);
    take_steps(0);
    change_branch(CHANGES + 1);
    do
        channel_flush(channel);
    while (consume(&consumer, 1));
    ck_assert_uint_eq(consumer.branch, CHANGES + 1);
    ck_assert_uint_eq(consumer.losses, STEPS);
}
END_TEST

START_TEST(samples_grow_coarser_behind_those_that_wait)
{
    struct consumer consumer = {0};
    for (uint64_t i = 0; i < 100; i++)
        take_steps(i * STEPS); /* the ring has room for some of them */
    change_branch(1);
    for (uint64_t i = 100; i < 200; i++)
        take_steps(i * STEPS);
    ck_assert(!channel_send(channel, pending));
    while (!channel_send(channel, pending) || consume(&consumer, 1)) {
        consume(&consumer, 1);
    }
    ck_assert_uint_eq(consumer.losses, 200 * STEPS);
    ck_assert_uint_eq(consumer.evaluations, 200);
    ck_assert_uint_lt(consumer.samples, 3 * SERIES_TOTAL);
}
END_TEST

START_TEST(a_refusal_that_repeats_one_that_waits_takes_its_place)
{
    struct run_event event;
    size_t all = 0, refused = 0;
    uint32_t last = 0;
    for (unsigned i = 0; i < 100000; i++)
        emit(EVENT_REFUSED, 0, i % 2 ? "no memory" : "not finite");
    emit(EVENT_KNOB, 0, "lr");
    emit(EVENT_KNOB, 0, "lr"); /* each has a marker on the curves */
    channel_finish(channel, NULL, NULL);
    while (channel_event(channel, &event)) {
        ck_assert_uint_gt(event.number, last);
        last = event.number;
        all++;
        refused += event.event.kind == EVENT_REFUSED;
    }
    ck_assert_uint_eq(last, 100002);
    ck_assert_uint_eq(all - refused, 2);
    ck_assert_uint_lt(refused, 200);
}
END_TEST

START_TEST(answers_need_no_memory)
{
    struct run_event event, answer = event_of(EVENT_GO, 0, "going on");
    unsigned answers = 0, own = 0;
    bool lost = false, ended = false;
    for (unsigned i = 0; i < COMMANDS; i++)
        ck_assert(channel_command(channel, &(struct request){.token = i}));
    ck_assert(!channel_command(channel, &(struct request){.token = 9}));
    answer.answer = true;
    watch.granted_most = 0;
    watch.on = true;
    for (unsigned i = 0; i < 10000; i++)
        emit(EVENT_KNOB, 0, "lr");
    for (unsigned i = 0; i < COMMANDS; i++)
        channel_emit(channel, &answer);
    struct run_event end = event_of(EVENT_END, 0, "end");
    end.status.ended = true;
    channel_emit(channel, &end);
    watch.on = false;
    channel_finish(channel, NULL, NULL);
    while (channel_event(channel, &event)) {
        answers += event.answer;
        own += !event.answer;
        lost |= event.status.lost;
        ended |= event.status.ended;
    }
    ck_assert_uint_eq(answers, COMMANDS);
    ck_assert(lost && ended);
    ck_assert_uint_gt(own, 64);
    for (unsigned i = 0; i < COMMANDS; i++) {
        struct request request;
        ck_assert(channel_next_command(channel, &request) && request.token == i);
        ck_assert(channel_command(channel, &request));
    }
}
END_TEST

START_TEST(only_the_newest_progress_is_kept_and_names_its_event)
{
    struct run_progress progress = {.step = 10}, taken;
    ck_assert(!channel_progress(channel, &taken));
    channel_report(channel, &progress);
    emit(EVENT_GO, 0, "");
    emit(EVENT_PAUSE, 0, "");
    progress.step = 20;
    channel_report(channel, &progress);
    progress.step = 30;
    channel_report(channel, &progress);
    ck_assert(channel_progress(channel, &taken));
    ck_assert_uint_eq(taken.step, 30);
    ck_assert_uint_eq(taken.event, 2);
    ck_assert(!channel_progress(channel, &taken));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("channel");
    TCase *tests = tcase_create("channel");
    tcase_add_checked_fixture(tests, open_channel, close_channel);
    tcase_add_test(tests, a_thousand_changes_of_branch_wait_for_a_late_consumer);
    tcase_add_test(tests, a_slow_consumer_gets_all_in_order);
    tcase_add_test(tests, no_sample_overtakes_an_event);
    tcase_add_test(tests, samples_grow_coarser_behind_those_that_wait);
    tcase_add_test(tests, a_refusal_that_repeats_one_that_waits_takes_its_place);
    tcase_add_test(tests, answers_need_no_memory);
    tcase_add_test(tests, only_the_newest_progress_is_kept_and_names_its_event);
    suite_add_tcase(suite, tests);
    return suite;
}
