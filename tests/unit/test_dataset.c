/* Wrong labels: training rows only, always the same, growing with the noise. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "data/toys.h"
#include "suite.h"

static struct dataset *make(const char *name, size_t points)
{
    struct dataset *dataset = NULL;
    ck_assert_int_eq(toy_make(&dataset, toy_find(name), points, -1.0, 4, NULL), STATUS_OK);
    return dataset;
}

START_TEST(noise_touches_its_share_of_training_rows_only)
{
    static const double shares[] = {0.0, 0.05, 0.4, 1.0};
    struct dataset *dataset = make("gauss", 500);
    for (size_t k = 0; k < 4; k++) {
        double wrong = 0.0;
        for (size_t row = 0; row < dataset->train; row++) {
            wrong += dataset_label(dataset, row, shares[k], 1) != dataset->label[row];
            ck_assert_double_le(fabs(wrong - shares[k] * (double)(row + 1)), 2.5);
        }
        for (size_t row = dataset->train; row < dataset->rows; row++)
            ck_assert_int_eq(dataset_label(dataset, row, shares[k], 1), dataset->label[row]);
    }
    dataset_free(dataset);
}
END_TEST

START_TEST(noise_grows_without_moving)
{
    struct dataset *dataset = make("gauss", 300);
    for (size_t row = 0; row < dataset->train; row++) {
        int32_t before = dataset->label[row];
        for (int percent = 0; percent <= 100; percent += 5) {
            int32_t now = dataset_label(dataset, row, percent / 100.0, 1);
            ck_assert_int_eq(now, dataset_label(dataset, row, percent / 100.0, 1));
            if (before != dataset->label[row])
                ck_assert_int_eq(now, before); /* once wrong, wrong in the same way */
            before = now;
        }
        ck_assert_int_ne(before, dataset->label[row]);
    }
    dataset_free(dataset);
}
END_TEST

START_TEST(every_other_class_is_as_likely)
{
    struct dataset *dataset = make("gauss", 3000);
    int drawn[3][3] = {{0}};
    for (size_t row = 0; row < dataset->train; row++)
        drawn[dataset->label[row]][dataset_label(dataset, row, 1.0, 1)]++;
    for (int c = 0; c < 3; c++)
        for (int d = 0; d < 3; d++)
            ck_assert_int_eq(drawn[c][d] > 0, c != d);
    for (int c = 0; c < 3; c++)
        for (int d = 0; d < 3; d++)
            if (c != d)
                ck_assert_int_le(abs(drawn[c][d] - 500), 80); /* five standard deviations */
    dataset_free(dataset);
}
END_TEST

START_TEST(seeds_choose_other_rows)
{
    struct dataset *dataset = make("spiral", 200);
    size_t differ = 0;
    for (size_t row = 0; row < dataset->train; row++)
        differ += dataset_label(dataset, row, 0.3, 1) != dataset_label(dataset, row, 0.3, 2);
    ck_assert_uint_gt(differ, 40);
    dataset_free(dataset);
}
END_TEST

START_TEST(regression_takes_another_rows_answer)
{
    struct dataset *dataset = make("plane", 200);
    size_t wrong = 0;
    for (size_t row = 0; row < dataset->rows; row++) {
        float given = dataset_target(dataset, row, 0.5, 1);
        if (given == dataset->target[row])
            continue;
        wrong++;
        ck_assert_uint_lt(row, dataset->train);
        bool found = false;
        for (size_t other = 0; other < dataset->train; other++)
            found |= other != row && dataset->target[other] == given;
        ck_assert(found);
    }
    ck_assert_double_eq_tol((double)wrong, 100.0, 3.0);
    dataset_free(dataset);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    dataset_free(NULL);
}
END_TEST

/* All that is learnt from counts: a checkpoint of other data must not pass for one of these. */
START_TEST(the_hash_tells_of_every_part)
{
    for (int regression = 0; regression < 2; regression++) {
        struct dataset *dataset = make(regression ? "plane" : "spiral", 50);
        const uint64_t hash = dataset_hash(dataset);
        double *number[] = {&dataset->input_mean[0], &dataset->input_mean[1], &dataset->input_sd[0],
                            &dataset->input_sd[1],   &dataset->target_mean,   &dataset->target_sd};
        for (size_t i = 0; i < sizeof number / sizeof number[0]; i++) {
            *number[i] += 1;
            ck_assert_msg(dataset_hash(dataset) != hash, "number %zu", i);
            *number[i] -= 1;
        }
        float *last = &dataset->x[2 * dataset->rows - 1];
        const float before = *last;
        *last += 1;
        ck_assert_uint_ne(dataset_hash(dataset), hash);
        *last = before;
        dataset->train--;
        ck_assert_uint_ne(dataset_hash(dataset), hash);
        dataset->train++;
        ck_assert_uint_eq(dataset_hash(dataset), hash);
        if (regression)
            dataset->target[dataset->rows - 1] += 1;
        else
            dataset->label[dataset->rows - 1] = 1 - dataset->label[dataset->rows - 1];
        ck_assert_uint_ne(dataset_hash(dataset), hash);
        dataset_free(dataset);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("dataset");
    TCase *tests = tcase_create("dataset");
    tcase_add_test(tests, noise_touches_its_share_of_training_rows_only);
    tcase_add_test(tests, noise_grows_without_moving);
    tcase_add_test(tests, every_other_class_is_as_likely);
    tcase_add_test(tests, seeds_choose_other_rows);
    tcase_add_test(tests, regression_takes_another_rows_answer);
    tcase_add_test(tests, freeing_nothing_is_fine);
    tcase_add_test(tests, the_hash_tells_of_every_part);
    suite_add_tcase(suite, tests);
    return suite;
}
