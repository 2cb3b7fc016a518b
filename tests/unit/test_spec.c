#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/toys.h"
#include "nn/optimizer.h"
#include "setup/spec.h"
#include "suite.h"

/* Loads the spec's task and lets go of the data again. */
static enum status load(struct spec *spec, struct error *error)
{
    struct dataset *dataset = NULL;
    enum status status = spec_load(spec, &dataset, error);
    if (status != STATUS_OK)
        ck_assert_ptr_null(dataset);
    dataset_free(dataset);
    return status;
}

static struct spec spec_of(const char *task)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string(task);
    return spec;
}

/* Loading must fail with this message inside. */
static void refuse(struct spec *spec, enum status wanted, const char *message)
{
    struct error error = {0};
    ck_assert_int_eq(load(spec, &error), wanted);
    ck_assert_msg(strstr(error.message, message) != NULL, "'%s' is not in '%s'", message, error.message);
    spec_free(spec);
}

/* A table of two numeric columns and a class in a temporary file; unlink and free the path. */
static char *table_file(size_t rows)
{
    char *path = mem_string("/tmp/downhill-spec-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "w");
    fputs("a,b,kind\n", file);
    for (size_t i = 0; i < rows; i++)
        fprintf(file, "%zu.5,%zu,%s\n", i % 17, i % 5, i % 3 ? "cat" : "dog");
    fclose(file);
    return path;
}

START_TEST(no_task_is_the_spiral_with_its_defaults)
{
    struct spec spec;
    spec_init(&spec);
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_str_eq(spec.task, "spiral");
    ck_assert_uint_eq(spec.shape.net.hidden_count, 2);
    ck_assert_uint_eq(spec.shape.net.hidden[0], 8);
    ck_assert_uint_eq(spec.shape.net.hidden[1], 8);
    ck_assert_int_eq(spec.shape.net.activation, ACTIVATION_TANH);
    ck_assert_int_eq(spec.loss, LOSS_CROSS_ENTROPY);
    ck_assert_double_eq(spec.knobs.value[KNOB_OPTIMIZER], OPTIMIZER_SGD);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], 0.2);
    ck_assert_double_eq(spec.knobs.value[KNOB_BATCH], 10);
    ck_assert_double_eq(spec.knobs.value[KNOB_SPEED], 200);
    spec_free(&spec);
}
END_TEST

START_TEST(every_toy_loads_with_values_that_its_knobs_accept)
{
    for (size_t i = 0; i < toy_count; i++) {
        struct spec spec = spec_of(toy_table[i].name);
        struct error error = {0};
        ck_assert_msg(load(&spec, &error) == STATUS_OK, "%s: %s", toy_table[i].name, error.message);
        for (int k = 0; k < KNOB_COUNT; k++)
            ck_assert_msg(knob_check((enum knob_id)k, spec.knobs.value[k], &error) == STATUS_OK, "%s: %s",
                          toy_table[i].name, error.message);
        spec_free(&spec);
    }
}
END_TEST

START_TEST(what_was_said_is_kept)
{
    struct spec spec = spec_of("spiral");
    spec.net_given = spec.activation_given = true;
    spec.shape.net.hidden_count = 1;
    spec.shape.net.hidden[0] = 3;
    spec.shape.net.activation = ACTIVATION_GELU;
    spec.knob_given[KNOB_LR] = spec.knob_given[KNOB_SPEED] = true;
    spec.knobs.value[KNOB_LR] = 0.7;
    spec.knobs.value[KNOB_SPEED] = 0;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_uint_eq(spec.shape.net.hidden_count, 1);
    ck_assert_uint_eq(spec.shape.net.hidden[0], 3);
    ck_assert_int_eq(spec.shape.net.activation, ACTIVATION_GELU);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], 0.7);
    ck_assert_double_eq(spec.knobs.value[KNOB_SPEED], 0);
    spec_free(&spec);
}
END_TEST

START_TEST(another_optimiser_brings_its_own_rate)
{
    struct spec spec = spec_of("spiral");
    spec.knob_given[KNOB_OPTIMIZER] = true;
    spec.knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_double_eq(spec.knobs.value[KNOB_LR], optimizer_row(OPTIMIZER_ADAM)->default_lr);
    spec_free(&spec);
}
END_TEST

START_TEST(the_line_starts_far_up)
{
    struct spec spec = spec_of("line");
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_uint_eq(spec.shape.net.hidden_count, 0);
    ck_assert_uint_eq(spec.start_count, 2);
    ck_assert_double_eq(spec.start[0], -2);
    ck_assert_double_eq(spec.start[1], 3);
    spec_free(&spec);
    spec = spec_of("line");
    spec.net_given = true;
    spec.shape.net.hidden_count = 1;
    spec.shape.net.hidden[0] = 4;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_ptr_null(spec.start);
    spec_free(&spec);
}
END_TEST

START_TEST(a_schedule_ends_with_the_run)
{
    struct spec spec = spec_of("spiral");
    spec.steps = 1234;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_double_eq(spec.knobs.value[KNOB_HORIZON], 1234);
    spec_free(&spec);
    spec = spec_of("spiral"); /* 200 rows in batches of 10 */
    spec.epochs = 3;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_double_eq(spec.knobs.value[KNOB_HORIZON], 60);
    spec_free(&spec);
    spec = spec_of("spiral");
    spec.steps = 1234;
    spec.knob_given[KNOB_HORIZON] = true;
    spec.knobs.value[KNOB_HORIZON] = 500;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_double_eq(spec.knobs.value[KNOB_HORIZON], 500);
    spec_free(&spec);
}
END_TEST

/* 12 of 24 rows are in use, not a thirteenth: three batches of four make an epoch. */
START_TEST(a_schedule_counts_the_batches_of_the_rows_in_use)
{
    struct spec spec = spec_of("spiral");
    spec.points = 24;
    spec.epochs = 10;
    spec.knobs.value[KNOB_TRAIN_FRACTION] = 0.505;
    spec.knob_given[KNOB_BATCH] = true;
    spec.knobs.value[KNOB_BATCH] = 4;
    ck_assert_int_eq(load(&spec, NULL), STATUS_OK);
    ck_assert_double_eq(spec.knobs.value[KNOB_HORIZON], 30);
    spec_free(&spec);
}
END_TEST

START_TEST(turns_are_in_the_order_of_steps_then_of_telling)
{
    struct spec spec;
    spec_init(&spec);
    ck_assert_int_eq(spec_add_turn(&spec, 50, KNOB_LR, 1), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 10, KNOB_LR, 2), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 50, KNOB_BATCH, 3), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 0, KNOB_LR, 4), STATUS_OK);
    const double order[] = {4, 2, 1, 3};
    ck_assert_uint_eq(spec.turns, 4);
    for (size_t i = 0; i < 4; i++)
        ck_assert_double_eq(spec.turn[i].value, order[i]);
    spec_free(&spec);
}
END_TEST

START_TEST(a_wrong_name_gets_the_nearest_right_one)
{
    struct spec spec = spec_of("sprial");
    refuse(&spec, STATUS_USAGE, "unknown toy 'sprial': did you mean 'spiral'?");
}
END_TEST

START_TEST(options_of_the_other_kind_of_task_are_refused)
{
    struct spec spec = spec_of("spiral");
    spec.csv.target = mem_string("quality");
    refuse(&spec, STATUS_USAGE, "--target");
    spec = spec_of("sine");
    spec.features = mem_string("x,y,xy");
    refuse(&spec, STATUS_USAGE, "--features");
    spec = spec_of("some.csv");
    spec.points = 20;
    refuse(&spec, STATUS_USAGE, "--points");
    spec = spec_of("spiral");
    spec.features = mem_string("x,y,w");
    struct error error;
    ck_assert_int_ne(load(&spec, &error), STATUS_OK);
    spec_free(&spec);
}
END_TEST

START_TEST(a_loss_must_suit_the_task)
{
    struct spec spec = spec_of("spiral");
    spec.loss = LOSS_MSE;
    refuse(&spec, STATUS_USAGE, "regression");
    spec = spec_of("sine");
    spec.loss = LOSS_CROSS_ENTROPY;
    refuse(&spec, STATUS_USAGE, "classification");
    spec = spec_of("gauss");
    spec.loss = LOSS_BCE;
    struct error error;
    const enum status wanted = toy_find("gauss")->classes == 2 ? STATUS_OK : STATUS_USAGE;
    ck_assert_int_eq(load(&spec, &error), wanted);
    spec_free(&spec);
}
END_TEST

START_TEST(a_missing_file_is_named)
{
    struct spec spec = spec_of("no-such-file.csv");
    refuse(&spec, STATUS_FAILED, "no-such-file.csv");
}
END_TEST

START_TEST(a_table_gets_adam_and_a_batch_that_it_has)
{
    char *path = table_file(24);
    struct spec spec = spec_of(path);
    struct error error = {0};
    struct dataset *dataset = NULL;
    ck_assert_msg(spec_load(&spec, &dataset, &error) == STATUS_OK, "%s", error.message);
    ck_assert_double_eq(spec.knobs.value[KNOB_OPTIMIZER], OPTIMIZER_ADAM);
    ck_assert_double_le(spec.knobs.value[KNOB_BATCH], (double)dataset->train);
    ck_assert_uint_gt(spec.shape.net.hidden_count, 0);
    ck_assert_int_eq(spec.loss, LOSS_CROSS_ENTROPY);
    dataset_free(dataset);
    spec_free(&spec);
    unlink(path);
    mem_free(path);
}
END_TEST

START_TEST(a_log_never_overwrites_the_data)
{
    char *path = table_file(60);
    struct spec spec = spec_of(path);
    spec.log_path = mem_string(path);
    refuse(&spec, STATUS_USAGE, "overwrite");
    unlink(path);
    mem_free(path);
}
END_TEST

START_TEST(outputs_spare_the_recipe_and_the_checkpoint)
{
    char *path = table_file(60);
    struct dataset *dataset;
    struct spec spec = spec_of("spiral");
    spec.recipe = mem_string(path);
    spec.save_path = mem_string(path);
    refuse(&spec, STATUS_USAGE, "--save");
    spec = spec_of("spiral");
    spec.recipe = mem_string(path);
    spec.log_path = mem_string(path);
    refuse(&spec, STATUS_USAGE, "it would overwrite the recipe");
    spec = spec_of("spiral");
    spec.load_path = mem_string(path);
    spec.log_path = mem_string(path);
    refuse(&spec, STATUS_USAGE, "it would overwrite the checkpoint");
    spec = spec_of("spiral");
    spec.load_path = mem_string(path);
    spec.save_path = mem_string(path);
    ck_assert_int_eq(spec_load(&spec, &dataset, NULL), STATUS_OK);
    dataset_free(dataset);
    spec_free(&spec);
    unlink(path);
    mem_free(path);
}
END_TEST

START_TEST(the_split_follows_the_seed)
{
    char *path = table_file(60);
    float first[3];
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct spec spec = spec_of(path);
        struct dataset *dataset = NULL;
        spec.seed = seed;
        if (seed == 3) { /* another run on the first one's data */
            spec.data_seed = 1;
            spec.data_seed_given = true;
        }
        ck_assert_int_eq(spec_load(&spec, &dataset, NULL), STATUS_OK);
        float sum = 0;
        for (size_t i = 0; i < dataset->train; i++)
            sum += dataset->x[i * dataset->inputs] * (float)(i + 1);
        first[seed - 1] = sum;
        dataset_free(dataset);
        spec_free(&spec);
    }
    ck_assert_float_ne(first[0], first[1]);
    ck_assert_float_eq(first[2], first[0]);
    unlink(path);
    mem_free(path);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("spec");
    TCase *defaults = tcase_create("defaults");
    tcase_add_test(defaults, no_task_is_the_spiral_with_its_defaults);
    tcase_add_test(defaults, every_toy_loads_with_values_that_its_knobs_accept);
    tcase_add_test(defaults, what_was_said_is_kept);
    tcase_add_test(defaults, another_optimiser_brings_its_own_rate);
    tcase_add_test(defaults, the_line_starts_far_up);
    tcase_add_test(defaults, a_schedule_ends_with_the_run);
    tcase_add_test(defaults, a_schedule_counts_the_batches_of_the_rows_in_use);
    tcase_add_test(defaults, turns_are_in_the_order_of_steps_then_of_telling);
    suite_add_tcase(suite, defaults);
    TCase *wrong = tcase_create("wrong");
    tcase_add_test(wrong, a_wrong_name_gets_the_nearest_right_one);
    tcase_add_test(wrong, options_of_the_other_kind_of_task_are_refused);
    tcase_add_test(wrong, a_loss_must_suit_the_task);
    tcase_add_test(wrong, a_missing_file_is_named);
    suite_add_tcase(suite, wrong);
    TCase *tables = tcase_create("tables");
    tcase_add_test(tables, a_table_gets_adam_and_a_batch_that_it_has);
    tcase_add_test(tables, the_split_follows_the_seed);
    tcase_add_test(tables, a_log_never_overwrites_the_data);
    tcase_add_test(tables, outputs_spare_the_recipe_and_the_checkpoint);
    suite_add_tcase(suite, tables);
    return suite;
}
