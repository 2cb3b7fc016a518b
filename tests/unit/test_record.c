/* Records of branches, against a plain array of all values. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "metrics/record.h"
#include "suite.h"

enum { STEPS = 150000 };

/* The value of a series at a step; some are not finite. */
static float value_of(unsigned series, uint64_t step)
{
    const uint32_t bits = random_bits((uint32_t)step, series);
    return bits % 97 == 0 ? (bits & 64 ? NAN : INFINITY) : random_normal((uint32_t)step, series);
}

/* Whether there is an evaluation after the step: the later, the rarer. */
static bool is_evaluated(uint64_t step)
{
    const uint64_t every = step / 20 < 1 ? 1 : step / 20 > 300 ? 300 : step / 20;
    return step % every == 0;
}

static void take(struct record *record, uint64_t step, uint64_t *reserved)
{
    float measures[SERIES_TOTAL] = {0};
    for (unsigned s = 0; s < SERIES_EVERY_STEP; s++)
        measures[s] = value_of(s, step);
    if (step > *reserved)
        ck_assert(record_reserve(record, reserved));
    record_step(record, step, measures);
    for (unsigned s = SERIES_EVERY_STEP; s < SERIES_OLD_LOSS && is_evaluated(step); s++)
        ck_assert(record_value(record, s, step, value_of(s, step)));
}

/* The buckets of (origin, end] by the rule: one add for each value, pairs merge when step / width is 512. */
struct plain {
    uint64_t width;
    struct bucket bucket[RECORD_BUCKETS];
};

static bool is_empty(const struct bucket *bucket)
{
    return bucket->count + bucket->nonfinite == 0;
}

static void widen(struct plain *plain)
{
    plain->width *= 2;
    for (size_t i = 0; i < RECORD_BUCKETS; i++) {
        struct bucket pair = {0};
        for (size_t k = 2 * i; k < 2 * i + 2 && k < RECORD_BUCKETS; k++)
            if (is_empty(&pair))
                pair = plain->bucket[k];
            else if (!is_empty(&plain->bucket[k]))
                bucket_merge(&pair, &plain->bucket[k]);
        plain->bucket[i] = pair;
    }
}

static void add_plainly(struct plain *plain, unsigned series, uint64_t step)
{
    const struct bucket one = bucket_of((uint8_t)series, 0, step, value_of(series, step));
    struct bucket *bucket = &plain->bucket[step / plain->width];
    if (is_empty(bucket))
        *bucket = one;
    else
        bucket_merge(bucket, &one);
}

static void find_plain(struct plain *plain, unsigned series, uint64_t origin, uint64_t end)
{
    *plain = (struct plain){.width = 1};
    for (uint64_t step = 0; step <= end; step++) {
        while (step / plain->width >= RECORD_BUCKETS)
            widen(plain);
        if (step > origin && (series < SERIES_EVERY_STEP || (series < SERIES_OLD_LOSS && is_evaluated(step))))
            add_plainly(plain, series, step);
    }
}

static bool same(const struct bucket *a, const struct bucket *b)
{
    return a->series == b->series && a->branch == b->branch && a->count == b->count && a->nonfinite == b->nonfinite &&
           a->tail == b->tail && a->first_step == b->first_step && a->last_step == b->last_step &&
           (a->count == 0 || (memcmp(&a->min, &b->min, sizeof a->min) == 0 && a->max == b->max && a->last == b->last &&
                              memcmp(&a->sum, &b->sum, sizeof a->sum) == 0));
}

static void check_plain(struct record *record, uint64_t origin, uint64_t end)
{
    struct plain *plain = malloc(sizeof *plain);
    for (unsigned series = 0; series < SERIES_COUNT; series++) {
        size_t count, at = 0;
        const struct bucket *bucket = record_buckets(record, series, &count);
        find_plain(plain, series, origin, end);
        for (size_t i = 0; i < RECORD_BUCKETS; i++)
            if (!is_empty(&plain->bucket[i])) {
                ck_assert_msg(at < count && same(&bucket[at], &plain->bucket[i]), "step %u, series %u, bucket %zu",
                              (unsigned)end, series, i);
                at++;
            }
        ck_assert_uint_eq(at, count);
        ck_assert_uint_eq(record_width(record), plain->width);
    }
    free(plain);
}

static const uint64_t ends[] = {1, 5, 511, 512, 513, 1023, 1024, 5000, 131071, 131072, STEPS};

START_TEST(buckets_are_those_of_all_values)
{
    struct record *record = record_create(0);
    uint64_t reserved = 0;
    size_t next = 0;
    for (uint64_t step = 1; step <= STEPS; step++) {
        take(record, step, &reserved);
        if (step == ends[next]) {
            check_plain(record, 0, step);
            next++;
        }
    }
    ck_assert_uint_eq(next, sizeof ends / sizeof *ends);
    record_free(record);
}
END_TEST

/* Reading folds what was gathered: the sums are the same wherever it is done. */
START_TEST(when_it_is_read_changes_nothing)
{
    struct record *often = record_create(0), *never = record_create(0);
    uint64_t reserved[2] = {0};
    size_t count;
    for (uint64_t step = 1; step <= 20011; step++) {
        take(often, step, &reserved[0]);
        take(never, step, &reserved[1]);
        if (random_bits((uint32_t)step, 99) % 5 == 0)
            record_buckets(often, SERIES_LOSS, &count);
    }
    check_plain(often, 0, 20011);
    check_plain(never, 0, 20011);
    record_free(often);
    record_free(never);
}
END_TEST

START_TEST(a_branch_begins_at_its_origin)
{
    static const uint64_t origins[] = {1, 100, 511, 512, 1001, 40000};
    struct record *record = record_create(origins[_i]);
    uint64_t reserved = origins[_i];
    const uint64_t end = origins[_i] + 30000;
    for (uint64_t step = origins[_i] + 1; step <= end; step++) {
        take(record, step, &reserved);
        if (step == origins[_i] + 1 || step == origins[_i] + 3)
            check_plain(record, origins[_i], step);
    }
    check_plain(record, origins[_i], end);
    record_free(record);
}
END_TEST

/* Room is made in good time: no step is lost that was reserved, and without room nothing is written. */
START_TEST(steps_find_the_room_that_was_reserved)
{
    struct record *record = record_create(700);
    uint64_t reserved;
    size_t count, grown = 0;
    const float measures[SERIES_TOTAL] = {0};
    for (uint64_t step = 701; step <= 720; step++)
        record_step(record, step, measures);
    record_buckets(record, SERIES_LOSS, &count);
    ck_assert_uint_eq(count, 0);
    const size_t empty = record_bytes(record);

    ck_assert(record_reserve(record, &reserved));
    ck_assert_uint_ge(reserved, 721);
    ck_assert_uint_eq(record_bytes(record), empty + SERIES_EVERY_STEP * 32 * sizeof(struct bucket));
    for (uint64_t step = 721; step <= 100000; step++) {
        if (step > reserved) {
            ck_assert(record_reserve(record, &reserved));
            grown++;
        }
        record_step(record, step, measures);
    }
    const struct bucket *bucket = record_buckets(record, SERIES_LOSS, &count);
    uint64_t steps = 0;
    for (size_t i = 0; i < count; i++)
        steps += bucket[i].count;
    ck_assert_uint_eq(steps, 100000 - 720);
    ck_assert_uint_le(grown, 16);
    ck_assert_uint_le(record_bytes(record), empty + SERIES_EVERY_STEP * RECORD_BUCKETS * sizeof(struct bucket));
    record_free(record);
}
END_TEST

/* A branch that left its parent at 1,001 and went on to 3,000; the parent went on to 2,000. */
START_TEST(a_branch_has_what_its_parent_had_up_to_the_origin)
{
    const uint64_t origin = 1001;
    struct record *parent = record_create(0), *own = record_create(origin);
    uint64_t reserved[2] = {0, origin};
    for (uint64_t step = 1; step <= 2000; step++) {
        take(parent, step, &reserved[0]);
        if (step == 1000 || step == origin + 1)
            ck_assert(record_event(parent, &(struct event){.kind = EVENT_KNOB, .step = step, .branch = 4, .token = 9}));
    }
    for (uint64_t step = origin + 1; step <= 3000; step++)
        take(own, step, &reserved[1]);
    ck_assert(record_event(own, &(struct event){.kind = EVENT_REWIND, .step = origin, .branch = 5}));
    struct record *whole = record_like(own);
    ck_assert(record_append(whole, parent, origin) && record_append(whole, own, UINT64_MAX));

    size_t count;
    const struct bucket *bucket = record_buckets(whole, SERIES_LOSS, &count);
    uint64_t values = 0;
    ck_assert_uint_eq(record_width(whole), 8);
    for (size_t i = 0; i < count; i++) {
        values += bucket[i].count + bucket[i].nonfinite;
        ck_assert(i == 0 || bucket[i].first_step / 8 > bucket[i - 1].last_step / 8);
        /* The parent's bucket of 1,000 .. 1,003 is neither here nor there. */
        ck_assert(bucket[i].last_step <= 999 || bucket[i].first_step >= origin + 1);
    }
    ck_assert_uint_eq(values, 999 + 3000 - origin);
    const struct event *event = record_events(whole, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert(event[0].kind == EVENT_KNOB && event[0].step == 1000 && event[0].branch == 0 && event[0].token == 0);
    ck_assert(event[1].kind == EVENT_REWIND);
    record_free(whole);
    record_free(parent);
    record_free(own);
}
END_TEST

/* Goes on from a copy exactly as from the first. */
START_TEST(a_copy_goes_on_as_the_first)
{
    struct record *first = record_create(0);
    uint64_t reserved = 0, again = 0;
    for (uint64_t step = 1; step <= 3001; step++)
        take(first, step, &reserved);
    struct record *copy = record_create(3001);
    ck_assert(record_append(copy, first, UINT64_MAX));
    record_free(first);
    for (uint64_t step = 3002; step <= 9000; step++)
        take(copy, step, &again);
    check_plain(copy, 0, 9000);
    record_free(copy);
}
END_TEST

START_TEST(the_newest_events_are_kept_in_order)
{
    struct record *record = record_create(0);
    size_t count = 1;
    record_events(record, &count);
    ck_assert_uint_eq(count, 0);
    for (uint64_t i = 1; i <= 3500; i++) {
        ck_assert(record_event(record, &(struct event){.kind = EVENT_KNOB, .step = i}));
        const struct event *event = record_events(record, &count);
        ck_assert_uint_eq(count, i < RECORD_EVENTS ? i : RECORD_EVENTS);
        ck_assert_uint_eq(event[count - 1].step, i);
        ck_assert_uint_eq(event[0].step, i + 1 - count);
    }
    record_free(record);
}
END_TEST

START_TEST(a_history_shows_all_of_it)
{
    struct record *record = record_create(0);
    struct history *history = history_create();
    uint64_t reserved = 0;
    struct bucket all;
    for (uint64_t step = 1; step <= 4000; step++)
        take(record, step, &reserved);
    ck_assert(record_event(record, &(struct event){.kind = EVENT_KNOB, .step = 17}));
    ck_assert(record_show(record, history));
    for (unsigned series = 0; series < SERIES_EVERY_STEP; series++) {
        history_read(history, 0, series, 0, 4001, 1, &all);
        ck_assert_uint_eq(all.count + all.nonfinite, 4000);
    }
    ck_assert_uint_eq(history_last(history, 0, SERIES_TEST_LOSS)->last_step, 4000);
    ck_assert_uint_eq(history_events(history), 1);
    history_free(history);
    record_free(record);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");
    tcase_add_test(tests, buckets_are_those_of_all_values);
    tcase_add_test(tests, when_it_is_read_changes_nothing);
    tcase_add_loop_test(tests, a_branch_begins_at_its_origin, 0, 6);
    tcase_add_test(tests, steps_find_the_room_that_was_reserved);
    tcase_add_test(tests, a_branch_has_what_its_parent_had_up_to_the_origin);
    tcase_add_test(tests, a_copy_goes_on_as_the_first);
    tcase_add_test(tests, the_newest_events_are_kept_in_order);
    tcase_add_test(tests, a_history_shows_all_of_it);
    suite_add_tcase(suite, tests);
    return suite;
}
