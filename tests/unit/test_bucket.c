#include <math.h>
#include <string.h>

#include "metrics/bucket.h"
#include "metrics/series.h"
#include "suite.h"

START_TEST(a_value_is_a_bucket_of_one)
{
    struct bucket bucket = bucket_of(3, 7, 1234567890123u, -2.5f);
    ck_assert_uint_eq(bucket.series, 3);
    ck_assert_uint_eq(bucket.branch, 7);
    ck_assert_uint_eq(bucket.count, 1);
    ck_assert_uint_eq(bucket.nonfinite, 0);
    ck_assert(bucket.min == -2.5f && bucket.max == -2.5f && bucket.last == -2.5f && bucket.sum == -2.5);
    ck_assert_uint_eq(bucket.first_step, 1234567890123u);
    ck_assert_uint_eq(bucket.last_step, 1234567890123u);
}
END_TEST

START_TEST(what_is_not_finite_counts_apart)
{
    struct bucket all = bucket_of(0, 0, 1, NAN),
                  later[] = {bucket_of(0, 0, 2, INFINITY), bucket_of(0, 0, 3, 4), bucket_of(0, 0, 4, -INFINITY),
                             bucket_of(0, 0, 5, 1), bucket_of(0, 0, 6, NAN)};
    ck_assert_uint_eq(all.count, 0);
    ck_assert_uint_eq(all.nonfinite, 1);
    for (size_t i = 0; i < 5; i++)
        bucket_merge(&all, &later[i]);
    ck_assert_uint_eq(all.count, 2);
    ck_assert_uint_eq(all.nonfinite, 4);
    ck_assert(all.min == 1 && all.max == 4 && all.last == 1 && all.sum == 5);
    ck_assert_uint_eq(all.first_step, 1);
    ck_assert_uint_eq(all.last_step, 6);
    struct bucket low = bucket_of(0, 0, 1, NAN), value = bucket_of(0, 0, 2, -3);
    bucket_merge(&low, &value);
    ck_assert(low.max == -3 && low.min == -3);
}
END_TEST

START_TEST(merging_is_the_same_in_any_grouping)
{
    static const float value[] = {3, -7, 0.5f, 11, 2, -7, 8};
    for (int cut = 1; cut < 7; cut++) {
        struct bucket left = bucket_of(0, 0, 10, value[0]), right = bucket_of(0, 0, 10 + (uint64_t)cut, value[cut]);
        for (int i = 1; i < cut; i++)
            bucket_merge(&left, &(struct bucket){.count = 1,
                                                 .min = value[i],
                                                 .max = value[i],
                                                 .last = value[i],
                                                 .sum = (double)value[i],
                                                 .last_step = 10 + (uint64_t)i});
        for (int i = cut + 1; i < 7; i++)
            bucket_merge(&right, &(struct bucket){.count = 1,
                                                  .min = value[i],
                                                  .max = value[i],
                                                  .last = value[i],
                                                  .sum = (double)value[i],
                                                  .last_step = 10 + (uint64_t)i});
        bucket_merge(&left, &right);
        ck_assert(left.count == 7 && left.min == -7 && left.max == 11 && left.last == 8 && left.sum == 10.5);
        ck_assert(left.first_step == 10 && left.last_step == 16);
    }
}
END_TEST

START_TEST(counts_that_overflow_keep_the_mean)
{
    struct bucket many = {.count = 3000000000u, .min = 1, .max = 3, .last = 2, .sum = 6e9, .nonfinite = 4000000000u};
    struct bucket more = many;
    bucket_merge(&many, &more);
    ck_assert_uint_eq(many.count, UINT32_MAX);
    ck_assert_uint_eq(many.nonfinite, UINT32_MAX);
    ck_assert_double_eq_tol(many.sum / many.count, 2, 1e-12);
}
END_TEST

START_TEST(every_series_has_a_full_row)
{
    for (unsigned s = 0; s < SERIES_COUNT; s++) {
        ck_assert_ptr_nonnull(series_table[s].name);
        ck_assert_ptr_nonnull(series_table[s].label);
        ck_assert_ptr_nonnull(series_table[s].unit);
        for (unsigned other = 0; other < s; other++)
            ck_assert_str_ne(series_table[s].name, series_table[other].name);
        /* The pending buckets rely on the every-step series coming first. */
        ck_assert(series_table[s].every_step == (s <= SERIES_LR));
    }
    ck_assert_uint_eq(series_layer_ratio(LAYERS_MEASURED - 1), SERIES_TOTAL - 1);
}
END_TEST

START_TEST(the_cost_of_a_series_is_less_where_it_is_better)
{
    ck_assert_double_eq(series_cost(SERIES_TEST_LOSS, 2), 2);
    ck_assert_double_eq(series_cost(SERIES_TEST_ACC, 0.5), -0.5);
}
END_TEST

START_TEST(the_newest_value_is_known_whether_finite_or_not)
{
    struct bucket bucket = {.count = 0};
    ck_assert(isnan(bucket_newest(&bucket)));
    static const float values[] = {2, INFINITY, -INFINITY, 5};
    for (uint64_t i = 0; i < 4; i++) {
        const struct bucket next = bucket_of(0, 0, i, values[i]);
        ck_assert(bucket_newest(&next) == values[i]);
        bucket_merge(&bucket, &next);
        ck_assert(bucket_newest(&bucket) == values[i]);
    }
    const struct bucket nothing = {.count = 0}, undefined = bucket_of(0, 0, 9, NAN);
    bucket_merge(&bucket, &nothing);
    ck_assert(bucket_newest(&bucket) == 5);
    bucket_merge(&bucket, &undefined);
    ck_assert(isnan(bucket_newest(&bucket)));
    ck_assert(bucket.last == 5); /* the newest finite one */
    ck_assert(bucket_figure(&bucket) == 3.5);
    const struct bucket infinite = bucket_of(0, 0, 1, -INFINITY);
    ck_assert(bucket_figure(&infinite) == (double)-INFINITY);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("bucket");
    TCase *tests = tcase_create("bucket");
    tcase_add_test(tests, a_value_is_a_bucket_of_one);
    tcase_add_test(tests, the_newest_value_is_known_whether_finite_or_not);
    tcase_add_test(tests, what_is_not_finite_counts_apart);
    tcase_add_test(tests, merging_is_the_same_in_any_grouping);
    tcase_add_test(tests, counts_that_overflow_keep_the_mean);
    tcase_add_test(tests, every_series_has_a_full_row);
    tcase_add_test(tests, the_cost_of_a_series_is_less_where_it_is_better);
    suite_add_tcase(suite, tests);
    return suite;
}
