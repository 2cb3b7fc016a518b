/* Batches: which rows a step sees. */
#include <stdlib.h>
#include <string.h>

#include "data/batch.h"
#include "data/toys.h"
#include "suite.h"

static struct dataset *make(const char *name, size_t points)
{
    struct dataset *dataset = NULL;
    ck_assert_int_eq(toy_make(&dataset, toy_find(name), points, -1.0, 4, NULL), STATUS_OK);
    return dataset;
}

/* The row of the data set that a batch's example is. */
static size_t row_of(const struct dataset *dataset, const float *x)
{
    for (size_t row = 0; row < dataset->rows; row++)
        if (memcmp(x, dataset->x + row * dataset->inputs, dataset->inputs * sizeof *x) == 0)
            return row;
    ck_abort_msg("an example that is no row");
}

START_TEST(an_epoch_visits_every_row_once)
{
    static const size_t sizes[] = {1, 7, 10, 64, 200, 1000};
    struct dataset *dataset = make("spiral", 200);
    struct batch *batch = batch_create(dataset, 1000);
    struct batch_settings settings = {.seed = 1, .size = sizes[_i], .train_fraction = 1.0};
    struct batch_cursor cursor = {.epoch = 0};
    for (int epoch = 0; epoch < 3; epoch++) {
        int visits[200] = {0};
        size_t given = 0;
        while (given < 200) {
            ck_assert_uint_eq(cursor.epoch, (uint64_t)epoch);
            ck_assert_uint_eq(cursor.position, given);
            size_t size = batch_next(batch, &cursor, &settings, 0);
            size_t left = 200 - given;
            ck_assert_uint_eq(size, settings.size < left ? settings.size : left);
            for (size_t i = 0; i < size; i++) {
                size_t row = row_of(dataset, batch_x(batch) + i * batch_x_stride(batch));
                ck_assert_uint_lt(row, 200);
                ck_assert_int_eq(batch_label(batch)[i], dataset->label[row]);
                visits[row]++;
            }
            given += size;
        }
        for (size_t row = 0; row < 200; row++)
            ck_assert_int_eq(visits[row], 1);
    }
    batch_free(batch);
    dataset_free(dataset);
}
END_TEST

START_TEST(epochs_and_seeds_have_their_own_order)
{
    struct dataset *dataset = make("spiral", 200);
    struct batch *batch = batch_create(dataset, 200);
    struct batch_settings settings = {.seed = 1, .size = 200, .train_fraction = 1.0};
    float first[200 * 8];
    struct batch_cursor cursor = {.epoch = 0};
    batch_next(batch, &cursor, &settings, 0);
    memcpy(first, batch_x(batch), sizeof first);
    batch_next(batch, &cursor, &settings, 0);
    ck_assert_mem_ne(first, batch_x(batch), sizeof first);
    settings.seed = 2;
    cursor = (struct batch_cursor){.epoch = 0};
    batch_next(batch, &cursor, &settings, 0);
    ck_assert_mem_ne(first, batch_x(batch), sizeof first);
    settings.seed = 1;
    cursor = (struct batch_cursor){.epoch = 0};
    batch_next(batch, &cursor, &settings, 0);
    ck_assert_mem_eq(first, batch_x(batch), sizeof first);
    batch_free(batch);
    dataset_free(dataset);
}
END_TEST

/* A long walk with changing sizes and shares; then every step once more in random order on the same object,
 * whose caches are then all wrong. */
START_TEST(a_batch_is_a_function_of_the_cursor)
{
    enum { STEPS = 400, LARGEST = 300 };
    struct dataset *dataset = make(_i ? "plane" : "gauss", 999);
    struct batch *batch = batch_create(dataset, LARGEST);
    static struct {
        struct batch_cursor before, after;
        struct batch_settings settings;
        size_t size;
        float x[LARGEST * 8], target[LARGEST];
        int32_t label[LARGEST];
    } step[STEPS];
    struct batch_cursor cursor = {.epoch = 0};
    srand(1);
    for (size_t s = 0; s < STEPS; s++) {
        step[s].before = cursor;
        step[s].settings = (struct batch_settings){
            .seed = 9,
            .size = 1 + (size_t)rand() % LARGEST,
            .train_fraction = s / 50 % 2 ? 0.3 : 1.0,
            .label_noise = s / 25 % 2 ? 0.2 : 0.0,
            .input_noise = s / 10 % 2 ? 0.1 : 0.0,
        };
        step[s].size = batch_next(batch, &cursor, &step[s].settings, s);
        step[s].after = cursor;
        memcpy(step[s].x, batch_x(batch), step[s].size * 8 * sizeof(float));
        if (dataset->label)
            memcpy(step[s].label, batch_label(batch), step[s].size * sizeof(int32_t));
        else
            memcpy(step[s].target, batch_target(batch), step[s].size * sizeof(float));
    }
    for (int k = 0; k < 2 * STEPS; k++) {
        size_t s = (size_t)rand() % STEPS;
        cursor = step[s].before;
        ck_assert_uint_eq(batch_next(batch, &cursor, &step[s].settings, s), step[s].size);
        ck_assert_mem_eq(&cursor, &step[s].after, sizeof cursor);
        ck_assert_mem_eq(batch_x(batch), step[s].x, step[s].size * 8 * sizeof(float));
        if (dataset->label)
            ck_assert_mem_eq(batch_label(batch), step[s].label, step[s].size * sizeof(int32_t));
        else
            ck_assert_mem_eq(batch_target(batch), step[s].target, step[s].size * sizeof(float));
    }
    batch_free(batch);
    dataset_free(dataset);
}
END_TEST

START_TEST(another_size_goes_on_walking_another_share_starts_anew)
{
    struct dataset *dataset = make("spiral", 200);
    struct batch *batch = batch_create(dataset, 200);
    struct batch_settings settings = {.seed = 1, .size = 30, .train_fraction = 1.0};
    struct batch_cursor cursor = {.epoch = 0};
    batch_next(batch, &cursor, &settings, 0);
    settings.size = 50;
    batch_next(batch, &cursor, &settings, 1);
    ck_assert_uint_eq(cursor.epoch, 0);
    ck_assert_uint_eq(cursor.position, 80);
    settings.train_fraction = 0.1;
    ck_assert_uint_eq(batch_next(batch, &cursor, &settings, 2), 20);
    ck_assert_uint_eq(cursor.rows, 20);
    ck_assert_uint_eq(cursor.epoch, 2); /* the second was this one step */
    ck_assert_uint_eq(cursor.position, 0);
    for (size_t i = 0; i < 20; i++)
        ck_assert_uint_lt(row_of(dataset, batch_x(batch) + 8 * i), 20);
    settings.train_fraction = 1.0;
    batch_next(batch, &cursor, &settings, 3);
    ck_assert_uint_eq(cursor.epoch, 2); /* nothing of it had been seen */
    ck_assert_uint_eq(cursor.position, 50);
    settings.train_fraction = 0.1;
    cursor = (struct batch_cursor){.epoch = 2}; /* the same epoch of another share */
    settings.size = 5;
    size_t size = batch_next(batch, &cursor, &settings, 4);
    for (size_t i = 0; i < size; i++)
        ck_assert_uint_lt(row_of(dataset, batch_x(batch) + 8 * i), 20);
    settings.train_fraction = 0.5; /* more rows in the midst of an epoch */
    batch_next(batch, &cursor, &settings, 5);
    ck_assert_uint_eq(cursor.epoch, 3);
    ck_assert_uint_eq(cursor.position, 5);
    batch_free(batch);
    dataset_free(dataset);
}
END_TEST

START_TEST(tiny_shares_keep_a_row_of_each_class)
{
    struct dataset *gauss = make("gauss", 300), *plane = make("plane", 300);
    ck_assert_uint_eq(batch_rows(gauss, 1e-9), 3);
    ck_assert_uint_eq(batch_rows(plane, 1e-9), 2);
    ck_assert_uint_eq(batch_rows(gauss, 0.1), 30);
    ck_assert_uint_eq(batch_rows(gauss, 0.0549), 16);
    ck_assert_uint_eq(batch_rows(gauss, 0.0551), 17); /* to the nearest */
    ck_assert_uint_eq(batch_rows(gauss, 1.0), 300);
    int seen[3] = {0};
    for (size_t row = 0; row < 3; row++)
        seen[gauss->label[row]]++;
    for (int c = 0; c < 3; c++)
        ck_assert_int_eq(seen[c], 1);
    dataset_free(gauss);
    dataset_free(plane);
}
END_TEST

START_TEST(padding_stays_zero)
{
    struct dataset *dataset = make("plane", 100);
    struct batch *batch = batch_create(dataset, 64);
    struct batch_settings settings = {.seed = 1, .size = 33, .train_fraction = 1.0, .input_noise = 0.5};
    struct batch_cursor cursor = {.epoch = 0};
    ck_assert_uint_eq(batch_x_stride(batch), 8);
    for (uint64_t s = 0; s < 20; s++) {
        size_t size = batch_next(batch, &cursor, &settings, s);
        for (size_t i = 0; i < size; i++)
            for (size_t j = 2; j < 8; j++)
                ck_assert(batch_x(batch)[8 * i + j] == 0.0f);
    }
    batch_free(batch);
    dataset_free(dataset);
}
END_TEST

START_TEST(input_noise_has_its_standard_deviation_and_changes_each_step)
{
    struct dataset *dataset = make("plane", 2000);
    struct batch *batch = batch_create(dataset, 2000);
    struct batch_settings settings = {.seed = 1, .size = 2000, .train_fraction = 1.0};
    struct batch_cursor cursor = {.epoch = 0};
    static float clean[2000 * 8], noisy[2000 * 8];
    batch_next(batch, &cursor, &settings, 0);
    memcpy(clean, batch_x(batch), sizeof clean);
    settings.input_noise = 0.3;
    double squares[2] = {0};
    for (uint64_t s = 0; s < 2; s++) {
        cursor = (struct batch_cursor){.epoch = 0};
        memcpy(noisy, batch_x(batch), sizeof noisy);
        batch_next(batch, &cursor, &settings, s);
        for (size_t i = 0; i < 2000 * 8; i++) {
            double d = (double)batch_x(batch)[i] - (double)clean[i];
            squares[s] += d * d;
        }
        ck_assert_double_eq_tol(squares[s] / 4000.0, 0.09, 0.006);
    }
    ck_assert_mem_ne(noisy, batch_x(batch), sizeof noisy);
    batch_free(batch);
    dataset_free(dataset);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("batch");
    TCase *tests = tcase_create("batch");
    tcase_add_loop_test(tests, an_epoch_visits_every_row_once, 0, 6);
    tcase_add_test(tests, epochs_and_seeds_have_their_own_order);
    tcase_add_loop_test(tests, a_batch_is_a_function_of_the_cursor, 0, 2);
    tcase_add_test(tests, another_size_goes_on_walking_another_share_starts_anew);
    tcase_add_test(tests, tiny_shares_keep_a_row_of_each_class);
    tcase_add_test(tests, padding_stays_zero);
    tcase_add_test(tests, input_noise_has_its_standard_deviation_and_changes_each_step);
    suite_add_tcase(suite, tests);
    return suite;
}
