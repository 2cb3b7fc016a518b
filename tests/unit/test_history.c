/* Histories: every window of a run of any length, what is kept of many branches, events. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "metrics/history.h"
#include "suite.h"
#include "support/histories.h"

/* What came in, kept whole: the reference that a history is compared with. */
struct record {
    struct bucket *bucket;
    size_t count, room;
};

static void record_push(struct record *record, const struct bucket *bucket)
{
    if (record->count == record->room) {
        record->bucket = mem_resize(record->bucket, record->room, record->room * 2 + 64, sizeof *bucket);
        record->room = record->room * 2 + 64;
    }
    record->bucket[record->count++] = *bucket;
}

/* Random buckets of random lengths with gaps between them; some values are not finite. */
static void fill(struct history *history, struct record *record, size_t count, uint32_t key)
{
    uint64_t step = 0;
    bool whole = true;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t bits = random_bits(key, i);
        step += 1 + (bits % 11 == 0 ? bits >> 20 : 0);
        struct bucket bucket = bucket_of(SERIES_LOSS, 0, step, random_normal(key, i));
        for (uint32_t more = bits >> 8 & 3; more > 0; more--) {
            float value = random_bits(key + more, i) % 50 == 0 ? NAN : random_normal(key + more, i);
            struct bucket one = bucket_of(SERIES_LOSS, 0, ++step, value);
            bucket_merge(&bucket, &one);
        }
        if (bits % 101 == 0)
            bucket = (struct bucket){
                .series = SERIES_LOSS, .nonfinite = 2, .first_step = bucket.first_step, .last_step = step};
        whole &= history_push(history, &bucket);
        record_push(record, &bucket);
    }
    ck_assert(whole);
}

/* The window's definition, bucket by bucket and column by column. */
static size_t read_naively(const struct record *record, double from, double to, size_t columns, struct bucket *out)
{
    size_t filled = 0;
    memset(out, 0, columns * sizeof *out);
    for (size_t c = 0; c < columns; c++) {
        double low = from + (to - from) * (double)c / (double)columns;
        double high = from + (to - from) * (double)(c + 1) / (double)columns;
        for (size_t i = 0; i < record->count; i++) {
            const struct bucket *bucket = &record->bucket[i];
            double step = (double)bucket->last_step;
            if (step < low || step >= high)
                continue;
            if (out[c].count == 0 && out[c].nonfinite == 0)
                out[c] = *bucket;
            else
                bucket_merge(&out[c], bucket);
        }
        filled += out[c].count > 0 || out[c].nonfinite > 0;
    }
    return filled;
}

enum { TRIALS = 12 };

START_TEST(windows_within_the_recent_buckets_are_exact)
{
    static const size_t counts[] = {1, 2, 5, 100, HISTORY_RECENT - 1, HISTORY_RECENT, HISTORY_RECENT + 1, 20000};
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        struct history *history = history_create();
        struct record record = {0};
        fill(history, &record, counts[c], (uint32_t)c);
        size_t recent = counts[c] < HISTORY_RECENT ? counts[c] : HISTORY_RECENT;
        double oldest = (double)record.bucket[record.count - recent].first_step;
        double newest = (double)record.bucket[record.count - 1].last_step;
        for (uint32_t trial = 0; trial < TRIALS; trial++) {
            double a = oldest + (newest + 20 - oldest) * (double)random_uniform(1, trial);
            double b = oldest + (newest + 20 - oldest) * (double)random_uniform(2, trial);
            double from = a < b ? a : b, to = a < b ? b : a;
            if (trial == 0)
                from = oldest, to = newest + 1;
            size_t columns = 1 + random_bits(3, trial) % COLUMNS;
            struct bucket expected[COLUMNS], got[COLUMNS];
            size_t filled = read_naively(&record, from, to, columns, expected);
            ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, from, to, columns, got), filled);
            for (size_t i = 0; i < columns; i++)
                if (!same(&got[i], &expected[i]))
                    ck_abort_msg("%zu pushed, window %f to %f: column %zu of %zu", counts[c], from, to, i, columns);
        }
        history_free(history);
        mem_free(record.bucket);
    }
}
END_TEST

START_TEST(the_whole_run_is_complete_at_any_length)
{
    struct history *history = history_create();
    struct record record = {0};
    size_t next = 1;
    for (uint32_t part = 0; record.count < 150000; part++) {
        size_t before = record.count;
        uint64_t step = before ? record.bucket[before - 1].last_step : 0;
        for (size_t i = 0; i < next; i++) {
            float value =
                random_bits(5, (uint32_t)(before + i)) % 997 == 0 ? INFINITY : random_normal(6, (uint32_t)(before + i));
            struct bucket bucket = bucket_of(SERIES_LOSS, 0, ++step, value);
            history_push(history, &bucket);
            record_push(&record, &bucket);
        }
        next = next * 3 / 2 + 1;
        struct bucket all = record.bucket[0];
        for (size_t i = 1; i < record.count; i++)
            bucket_merge(&all, &record.bucket[i]);
        /* Any number of columns adds up to the whole. */
        for (size_t columns = 1; columns <= COLUMNS; columns += 149) {
            struct bucket got[COLUMNS], sum = {0};
            history_read(history, 0, SERIES_LOSS, 0, (double)step + 1, columns, got);
            for (size_t i = 0; i < columns; i++) {
                if (got[i].count == 0 && got[i].nonfinite == 0)
                    continue;
                if (sum.count == 0 && sum.nonfinite == 0)
                    sum = got[i];
                else
                    bucket_merge(&sum, &got[i]);
            }
            ck_assert_msg(same(&sum, &all), "%zu buckets in %zu columns", record.count, columns);
        }
    }
    history_free(history);
    mem_free(record.bucket);
}
END_TEST

/* A single spike among ten million steps is seen in the column where it belongs, give or take one. */
START_TEST(a_spike_never_disappears)
{
    enum { STEPS = 10000000, SPIKE = 3333333 };
    struct history *history = history_create();
    bool whole = true;
    for (uint64_t step = 1; step <= STEPS; step++) {
        struct bucket bucket = bucket_of(SERIES_LOSS, 0, step,
                                         step == SPIKE       ? 1000.0f
                                         : step == SPIKE + 1 ? -5.0f
                                                             : 1.0f);
        whole &= history_push(history, &bucket);
    }
    ck_assert(whole);
    struct bucket got[COLUMNS];
    ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, 0, STEPS + 1, COLUMNS, got), COLUMNS);
    size_t where = COLUMNS, count = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        count += got[i].count;
        if (got[i].max == 1000)
            where = i;
    }
    ck_assert_uint_eq(count, STEPS);
    double expected = (double)SPIKE / STEPS * COLUMNS;
    ck_assert_double_lt(fabs((double)where - expected), 1.5);
    ck_assert(history_best(history, 0, SERIES_LOSS)->min == -5);
    ck_assert_uint_eq(history_best(history, 0, SERIES_LOSS)->last_step, SPIKE + 1);
    ck_assert_uint_eq(history_last_step(history, 0), STEPS);
    ck_assert_uint_lt(history_bytes(history), (size_t)2 << 20);
    history_free(history);
}
END_TEST

/* Every trailing window, however long, must be filled densely enough to draw. */
START_TEST(zooming_out_never_finds_a_hole)
{
    enum { STEPS = 1000000 };
    struct history *history = history_create();
    for (uint64_t step = 1; step <= STEPS; step++) {
        struct bucket bucket = bucket_of(SERIES_LOSS, 0, step, (float)step);
        history_push(history, &bucket);
    }
    for (double length = 200; length < STEPS; length *= 1.37) {
        struct bucket got[COLUMNS];
        ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, STEPS - length, STEPS + 1, COLUMNS, got), COLUMNS);
        for (size_t i = 1; i < COLUMNS; i++)
            if (got[i].first_step != got[i - 1].last_step + 1)
                ck_abort_msg("length %f: a hole before column %zu", length, i);
        /* What straddles the left edge is at most a 512th of the window. */
        ck_assert_double_lt(fabs((double)got[0].first_step - (STEPS - length)), length / 256 + 2);
    }
    history_free(history);
}
END_TEST

START_TEST(gaps_stay_empty)
{
    struct history *history = history_create();
    for (uint64_t step = 0; step < 1000; step++) {
        struct bucket bucket = bucket_of(SERIES_TEST_LOSS, 0, step < 500 ? step : step + 500, 1);
        history_push(history, &bucket);
    }
    struct bucket got[15];
    ck_assert_uint_eq(history_read(history, 0, SERIES_TEST_LOSS, 0, 1500, 15, got), 10);
    for (int i = 0; i < 15; i++)
        ck_assert_uint_eq(got[i].count, i < 5 || i >= 10 ? 100 : 0);
    ck_assert_uint_eq(history_read(history, 0, SERIES_TEST_LOSS, 500, 1000, 15, got), 0);
    ck_assert_uint_eq(history_read(history, 0, SERIES_TEST_LOSS, 5000, 6000, 15, got), 0);
    history_free(history);
}
END_TEST

START_TEST(what_was_never_measured_is_empty)
{
    struct history *history = history_create();
    struct bucket got[4], odd = bucket_of(SERIES_TOTAL, 0, 1, 1);
    memset(got, 0xff, sizeof got);
    ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, 0, 10, 4, got), 0);
    ck_assert_uint_eq(got[3].count, 0);
    ck_assert_ptr_null(history_last(history, 0, SERIES_LOSS));
    ck_assert_ptr_null(history_best(history, 5, SERIES_LOSS));
    ck_assert_uint_eq(history_recent(history, 0, SERIES_LOSS, 4, got), 0);
    ck_assert_uint_eq(history_last_step(history, 9), 0);
    ck_assert(!history_push(history, &odd)); /* no such series */
    struct bucket nan = bucket_of(SERIES_LOSS, 0, 1, NAN);
    ck_assert(history_push(history, &nan));
    ck_assert_ptr_null(history_best(history, 0, SERIES_LOSS)); /* nothing finite is best */
    ck_assert_uint_eq(history_last(history, 0, SERIES_LOSS)->nonfinite, 1);
    ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, 0, 10, 4, got), 1);
    ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, 10, 0, 4, got), 0);
    ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, NAN, 10, 4, got), 0);
    history_free(history);
    history_free(NULL);
}
END_TEST

START_TEST(recent_buckets_are_as_they_came_in)
{
    struct history *history = history_create();
    struct record record = {0};
    fill(history, &record, 10000, 77);
    static struct bucket got[HISTORY_RECENT + 10];
    static const size_t most[] = {0, 1, 7, HISTORY_RECENT, HISTORY_RECENT + 10};
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        size_t count = history_recent(history, 0, SERIES_LOSS, most[i], got);
        ck_assert_uint_eq(count, most[i] < HISTORY_RECENT ? most[i] : HISTORY_RECENT);
        ck_assert_int_eq(memcmp(got, record.bucket + record.count - count, count * sizeof *got), 0);
    }
    ck_assert_int_eq(memcmp(history_last(history, 0, SERIES_LOSS), &record.bucket[record.count - 1], sizeof *got), 0);
    history_free(history);
    mem_free(record.bucket);
}
END_TEST

START_TEST(the_best_is_the_first_of_the_least)
{
    struct history *history = history_create();
    static const float value[] = {3, 2, NAN, 1, 5, 1, 4};
    for (uint64_t i = 0; i < 7; i++) {
        struct bucket bucket = bucket_of(SERIES_TEST_LOSS, 0, 10 * i, value[i]);
        history_push(history, &bucket);
    }
    ck_assert_uint_eq(history_best(history, 0, SERIES_TEST_LOSS)->last_step, 30);
    history_free(history);
}
END_TEST

START_TEST(branches_keep_apart)
{
    struct history *history = history_create();
    for (uint64_t step = 0; step < 300; step++)
        for (uint16_t branch = 0; branch < 3; branch++) {
            struct bucket bucket = bucket_of(SERIES_LOSS, (uint16_t)(branch * 100), step * (branch + 1u), branch);
            ck_assert(history_push(history, &bucket));
        }
    for (uint16_t branch = 0; branch < 3; branch++) {
        struct bucket got;
        ck_assert_uint_eq(history_read(history, (uint16_t)(branch * 100), SERIES_LOSS, 0, 1000, 1, &got), 1);
        ck_assert(got.count == 300 && got.min == branch && got.max == branch && got.branch == branch * 100);
        ck_assert_uint_eq(history_last_step(history, (uint16_t)(branch * 100)), 299u * (branch + 1u));
    }
    ck_assert_uint_eq(history_last_step(history, 50), 0);
    history_free(history);
}
END_TEST

/* Many long branches: memory stays within bounds, no branch of a lesson's length is lost, the newest stays fine. */
START_TEST(many_branches_stay_within_bounds)
{
    enum { BRANCHES = 70, STEPS = 20000 };
    struct history *history = history_create();
    size_t most = 0;
    for (uint16_t branch = 0; branch < BRANCHES; branch++) {
        for (uint64_t step = 1; step <= STEPS; step++)
            for (unsigned s = 0; s < USUAL; s++) {
                struct bucket bucket = bucket_of((uint8_t)usual[s], branch, step, step == 777 ? -1.0f : 1.0f);
                history_push(history, &bucket);
            }
        size_t bytes = history_bytes(history);
        most = bytes > most ? bytes : most;
    }
    ck_assert_uint_le(most, (size_t)60 << 20);
    for (uint16_t branch = 0; branch < BRANCHES; branch++)
        for (unsigned s = 0; s < USUAL; s++) {
            struct bucket all, last[1];
            ck_assert_uint_eq(history_read(history, branch, usual[s], 0, STEPS + 1, 1, &all), 1);
            if (all.count != STEPS || all.min != -1 || all.sum != STEPS - 2)
                ck_abort_msg("branch %u, series %u: %u values", branch, usual[s], all.count);
            if (history_recent(history, branch, usual[s], 1, last) != 1 || last[0].last_step != STEPS ||
                history_best(history, branch, usual[s])->last_step != 777)
                ck_abort_msg("branch %u, series %u: the newest or the best is wrong", branch, usual[s]);
        }
    static struct bucket recent[HISTORY_RECENT];
    ck_assert_uint_eq(history_recent(history, BRANCHES - 1, SERIES_LOSS, HISTORY_RECENT, recent), HISTORY_RECENT);
    for (size_t i = 0; i < HISTORY_RECENT; i += 5)
        ck_assert_uint_eq(recent[i].count, 1);

    /* An old branch can be written again. */
    for (uint64_t step = STEPS + 1; step <= 3 * STEPS; step++) {
        struct bucket bucket = bucket_of(SERIES_LOSS, 3, step, 2);
        history_push(history, &bucket);
    }
    struct bucket all;
    history_read(history, 3, SERIES_LOSS, 0, 3 * STEPS + 1, 1, &all);
    ck_assert(all.count == 3 * STEPS && all.sum == 5 * STEPS - 2 && all.max == 2 && all.min == -1);
    history_free(history);
}
END_TEST

/* All series of a deep net for a long time, after a long run of another branch. */
START_TEST(one_large_branch_stays_within_bounds)
{
    struct history *history = history_create();
    for (uint16_t branch = 0; branch < 2; branch++)
        for (uint64_t step = 1; step <= (branch == 0 ? 300000u : 600000u); step++)
            for (uint8_t s = 0; s < SERIES_TOTAL; s++) {
                struct bucket bucket = {.series = s,
                                        .branch = branch,
                                        .count = 1,
                                        .min = 1,
                                        .max = 1,
                                        .last = 1,
                                        .sum = 1,
                                        .first_step = step,
                                        .last_step = step};
                history_push(history, &bucket);
            }
    ck_assert_uint_le(history_bytes(history), (size_t)50 << 20);
    static struct bucket recent[HISTORY_RECENT];
    for (unsigned s = 0; s < SERIES_TOTAL; s++) {
        ck_assert_uint_eq(history_recent(history, 1, s, HISTORY_RECENT, recent), HISTORY_RECENT);
        ck_assert(recent[0].first_step == 600001 - HISTORY_RECENT && recent[0].count == 1);
        struct bucket all[2];
        ck_assert_uint_eq(history_read(history, 1, s, 0, 600001, 2, all), 2);
        ck_assert_uint_eq(all[0].count + all[1].count, 600000);
        history_read(history, 0, s, 0, 600001, 1, all);
        ck_assert_uint_eq(all[0].count, 300000);
    }
    history_free(history);
}
END_TEST

START_TEST(very_many_branches_forget_the_oldest)
{
    struct history *history = history_create();
    for (unsigned branch = 0; branch < 60000; branch++)
        for (uint64_t step = 0; step < 40; step++) {
            struct bucket bucket = bucket_of(SERIES_LOSS, (uint16_t)branch, step, (float)step);
            history_push(history, &bucket);
        }
    ck_assert_uint_le(history_bytes(history), (size_t)80 << 20);
    ck_assert_ptr_null(history_last(history, 0, SERIES_LOSS));
    struct bucket all;
    for (uint16_t branch = 59999; branch > 59900; branch--) {
        history_read(history, branch, SERIES_LOSS, 0, 40, 1, &all);
        ck_assert_uint_eq(all.count, 40);
    }
    history_free(history);
}
END_TEST

START_TEST(events_keep_their_order_and_are_bounded)
{
    struct history *history = history_create();
    ck_assert_ptr_null(history_event(history, 0));
    for (uint64_t i = 0; i < 100000; i++) {
        struct event event = {.kind = EVENT_KNOB, .step = i};
        snprintf(event.label, sizeof event.label, "lr %u", (unsigned)i);
        history_push_event(history, &event);
        if (i == 9999)
            ck_assert_uint_eq(history_events(history), 10000);
    }
    size_t count = history_events(history);
    ck_assert(count >= 8192 && count <= 16384);
    for (size_t i = 0; i < count; i += 101)
        ck_assert_uint_eq(history_event(history, i)->step, 100000 - count + i);
    ck_assert_str_eq(history_event(history, count - 1)->label, "lr 99999");
    ck_assert_ptr_null(history_event(history, count));
    history_free(history);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("history");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, windows_within_the_recent_buckets_are_exact);
    tcase_add_test(tests, the_whole_run_is_complete_at_any_length);
    tcase_add_test(tests, a_spike_never_disappears);
    tcase_add_test(tests, zooming_out_never_finds_a_hole);
    tcase_add_test(tests, gaps_stay_empty);
    tcase_add_test(tests, what_was_never_measured_is_empty);
    tcase_add_test(tests, recent_buckets_are_as_they_came_in);
    tcase_add_test(tests, the_best_is_the_first_of_the_least);
    tcase_add_test(tests, branches_keep_apart);
    tcase_add_test(tests, many_branches_stay_within_bounds);
    tcase_add_test(tests, one_large_branch_stays_within_bounds);
    tcase_add_test(tests, very_many_branches_forget_the_oldest);
    tcase_add_test(tests, events_keep_their_order_and_are_bounded);
    suite_add_tcase(suite, tests);
    return suite;
}
