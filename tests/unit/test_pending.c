#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "metrics/pending.h"
#include "suite.h"

/* All series of a made-up step; some are not finite. */
static void measure(float *measures, uint64_t step)
{
    for (uint32_t s = 0; s < SERIES_TOTAL; s++) {
        uint32_t bits = random_bits((uint32_t)step, s);
        measures[s] = bits % 17 == 0 ? (bits & 64 ? NAN : INFINITY) : random_normal((uint32_t)step, s);
    }
}

static bool is_measured(unsigned series, unsigned layers)
{
    return series <= SERIES_LR || (series >= series_layer_grad(0) && series < series_layer_grad(0) + layers) ||
           (series >= series_layer_ratio(0) && series < series_layer_ratio(0) + layers);
}

static bool same(const struct bucket *a, const struct bucket *b)
{
    return a->series == b->series && a->branch == b->branch && a->count == b->count && a->nonfinite == b->nonfinite &&
           a->first_step == b->first_step && a->last_step == b->last_step &&
           (a->count == 0 ||
            (a->min == b->min && a->max == b->max && a->last == b->last && fabs(a->sum - b->sum) < 1e-9));
}

/* Against one bucket a series, merged value by value. */
START_TEST(buckets_are_those_of_their_values)
{
    static const unsigned layer_counts[] = {0, 1, 3, 4, 5, 16};
    for (size_t c = 0; c < sizeof layer_counts / sizeof layer_counts[0]; c++) {
        unsigned layers = layer_counts[c];
        struct pending *pending = pending_create(layers, 9);
        struct ring *ring = ring_create(4096, sizeof(struct bucket));
        pending_set_stride(pending, 8);
        uint64_t first = 3; /* the first span is short */
        for (uint64_t step = 3; step <= 64; step++) {
            float measures[SERIES_TOTAL];
            measure(measures, step);
            bool due = pending_step(pending, step, measures);
            ck_assert(due == (step % 8 == 0));
            if (!due)
                continue;
            ck_assert(pending_flush(pending, ring));
            unsigned found = 0;
            struct bucket got;
            while (ring_pop(ring, &got)) {
                ck_assert(is_measured(got.series, layers));
                measure(measures, first);
                struct bucket expected = bucket_of(got.series, 9, first, measures[got.series]);
                for (uint64_t s = first + 1; s <= step; s++) {
                    measure(measures, s);
                    struct bucket one = bucket_of(got.series, 9, s, measures[got.series]);
                    bucket_merge(&expected, &one);
                }
                ck_assert_msg(same(&got, &expected), "series %u to step %u", got.series, (unsigned)step);
                found++;
            }
            ck_assert_uint_eq(found, SERIES_LR + 1 + 2 * layers);
            first = step + 1;
        }
        ring_free(ring);
        pending_free(pending);
    }
}
END_TEST

START_TEST(a_full_ring_makes_buckets_grow)
{
    struct pending *pending = pending_create(2, 0);
    struct ring *ring = ring_create(8, sizeof(struct bucket)); /* a step has 8 */
    double sum = 0;
    for (uint64_t step = 1; step <= 1000; step++) {
        float measures[SERIES_TOTAL] = {0};
        measures[SERIES_LOSS] = (float)step;
        sum += (double)step;
        bool due = pending_step(pending, step, measures), flushed = pending_flush(pending, ring);
        if (!due || flushed != (step == 1))
            ck_abort_msg("step %u", (unsigned)step);
    }
    struct bucket got[8];
    ck_assert_uint_eq(ring_pop_many(ring, got, 8), 8);
    ck_assert(got[0].last_step == 1);
    ck_assert(pending_flush(pending, ring));
    ck_assert_uint_eq(ring_pop_many(ring, got, 8), 8);
    ck_assert(got[0].series == SERIES_LOSS && got[0].count == 999 && got[0].sum == sum - 1);
    ck_assert(got[0].first_step == 2 && got[0].last_step == 1000 && got[0].min == 2 && got[0].max == 1000);
    ck_assert(pending_flush(pending, ring));
    ck_assert_uint_eq(ring_pop_many(ring, got, 8), 0);
    ring_free(ring);
    pending_free(pending);
}
END_TEST

START_TEST(evaluations_go_along_and_wait_likewise)
{
    struct pending *pending = pending_create(0, 2);
    struct ring *ring = ring_create(1, sizeof(struct bucket));
    pending_value(pending, SERIES_TEST_LOSS, 10, 0.5f);
    pending_value(pending, SERIES_TEST_ACC, 10, 0.9f);
    ck_assert(!pending_flush(pending, ring)); /* room for one of them */
    pending_value(pending, SERIES_TEST_ACC, 20, 0.8f);
    struct bucket got;
    ck_assert(ring_pop(ring, &got));
    ck_assert(got.series == SERIES_TEST_LOSS && got.branch == 2 && got.count == 1 && got.last == 0.5f);
    ck_assert(pending_flush(pending, ring));
    ck_assert(ring_pop(ring, &got));
    ck_assert(got.series == SERIES_TEST_ACC && got.count == 2 && got.first_step == 10 && got.last_step == 20);
    ck_assert(got.min == 0.8f && got.max == 0.9f && got.last == 0.8f);
    ring_free(ring);
    pending_free(pending);
}
END_TEST

START_TEST(branches_are_not_mixed)
{
    struct pending *pending = pending_create(1, 0);
    struct ring *ring = ring_create(64, sizeof(struct bucket));
    float measures[SERIES_TOTAL] = {0};
    ck_assert(pending_branch(pending, 1));
    pending_set_stride(pending, 1024);
    pending_step(pending, 1, measures);
    ck_assert(!pending_branch(pending, 2));
    ck_assert(pending_flush(pending, ring)); /* before its stride */
    ck_assert(pending_branch(pending, 2));
    pending_value(pending, SERIES_TEST_LOSS, 1, 1);
    ck_assert(!pending_branch(pending, 3));
    pending_flush(pending, ring);
    struct bucket got[64];
    size_t count = ring_pop_many(ring, got, 64);
    ck_assert_uint_eq(count, SERIES_LR + 1 + 2 + 1);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(got[i].branch, i + 1 < count ? 1 : 2);
    ring_free(ring);
    pending_free(pending);
}
END_TEST

START_TEST(strides_are_powers_of_two)
{
    ck_assert_uint_eq(pending_stride_for(0, UINT64_MAX / 1024), 1);
    ck_assert_uint_eq(pending_stride_for(200, UINT64_MAX / 1024), 1);
    ck_assert_uint_eq(pending_stride_for(8192, UINT64_MAX / 1024), 1);
    ck_assert_uint_eq(pending_stride_for(8193, UINT64_MAX / 1024), 2);
    ck_assert_uint_eq(pending_stride_for(2e6, UINT64_MAX / 1024), 256);
    ck_assert_uint_eq(pending_stride_for(2e6, 1000), 1); /* of a short run: at least 512 */
    ck_assert_uint_eq(pending_stride_for(2e6, 1024), 2);
    ck_assert_uint_eq(pending_stride_for(2e6, 5000), 8);
    ck_assert_uint_eq(pending_stride_for(200, 5000), 1);
    ck_assert_uint_gt(pending_stride_for(INFINITY, UINT64_MAX / 1024), 1);
    struct pending *pending = pending_create(0, 0);
    float measures[SERIES_TOTAL] = {0};
    pending_set_stride(pending, 5); /* rounded up to 8 */
    for (uint64_t step = 1; step < 40; step++)
        ck_assert(pending_step(pending, step, measures) == (step % 8 == 0));
    pending_set_stride(pending, 1);
    ck_assert(pending_step(pending, 41, measures));
    pending_free(pending);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("pending");
    TCase *tests = tcase_create("pending");
    tcase_add_test(tests, buckets_are_those_of_their_values);
    tcase_add_test(tests, a_full_ring_makes_buckets_grow);
    tcase_add_test(tests, evaluations_go_along_and_wait_likewise);
    tcase_add_test(tests, branches_are_not_mixed);
    tcase_add_test(tests, strides_are_powers_of_two);
    suite_add_tcase(suite, tests);
    return suite;
}
