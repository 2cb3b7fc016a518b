/* Rows of another file become the inputs that training had made of them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "data/csv.h"
#include "data/rows.h"
#include "suite.h"

static char folder[] = "/tmp/downhill-rows-XXXXXX";
static char train_path[64], rows_path[64];

static void make_folder(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(train_path, sizeof train_path, "%s/train.csv", folder);
    snprintf(rows_path, sizeof rows_path, "%s/rows.csv", folder);
}

static void remove_folder(void)
{
    unlink(train_path);
    unlink(rows_path);
    rmdir(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert(fputs(text, file) >= 0 && fclose(file) == 0);
}

/* A source as a checkpoint keeps it: written as text and read back. */
static struct source *learn(const char *text, struct dataset **dataset)
{
    write_text(train_path, text);
    struct error error = {.message = ""};
    struct source *source = NULL;
    const struct csv_options options = {.test_fraction = 0.25, .seed = 1};
    ck_assert_msg(csv_load(dataset, train_path, &options, &error) == STATUS_OK, "%s", error.message);
    char *json = source_text(*dataset);
    ck_assert_ptr_nonnull(json);
    ck_assert_msg(source_parse(&source, json, &error) == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(source_inputs(source), (*dataset)->inputs);
    mem_free(json);
    return source;
}

static const char mixed[] = "id;age;city;flat;ill\n"
                            "1;10;Ulm;7;no\n"
                            "2;20;Bonn;7;yes\n"
                            "3;30;;7;no\n"
                            "4;;Ulm;7;yes\n"
                            "5;50;Bonn;7;no\n"
                            "6;60;Ulm;7;yes\n"
                            "7;70;Bonn;7;no\n"
                            "8;80;Ulm;7;yes\n";

static bool printable; /* rows are opened so */

static struct rows *open_rows(const struct source *source, const char *text, struct error *error)
{
    struct rows *rows = NULL;
    write_text(rows_path, text);
    enum status status = rows_open(&rows, rows_path, source, &(struct rows_options){.printable = printable}, error);
    ck_assert(status == STATUS_OK || rows == NULL);
    return rows;
}

/* Of the same file: each row's inputs are those of a row of the data set. */
START_TEST(the_training_file_gives_the_training_inputs)
{
    struct dataset *dataset;
    struct source *source = learn(mixed, &dataset);
    struct error error = {.message = ""};
    struct rows *rows = open_rows(source, mixed, &error);
    float x[8];
    bool got;
    size_t read = 0;
    ck_assert_msg(rows != NULL, "%s", error.message);
    ck_assert_ptr_null(rows_note(rows));
    ck_assert_uint_eq(dataset->inputs, 5); /* age, Bonn, Ulm, missing, flat */
    while (rows_next(rows, x, &got, &error) == STATUS_OK && got) {
        size_t alike = 0;
        for (size_t r = 0; r < dataset->rows; r++) {
            bool same = true;
            for (size_t i = 0; i < dataset->inputs; i++)
                same &= fabsf(x[i] - dataset->x[r * dataset->inputs + i]) < 1e-6f;
            alike += same;
        }
        ck_assert_msg(alike == 1, "row %zu is like %zu", read, alike);
        read++;
    }
    ck_assert_msg(error.message[0] == '\0', "%s", error.message);
    ck_assert_uint_eq(read, 8);
    rows_close(rows);
    source_free(source);
    dataset_free(dataset);
}
END_TEST

static void next(struct rows *rows, float *x)
{
    struct error error = {.message = ""};
    bool got;
    ck_assert_msg(rows_next(rows, x, &got, &error) == STATUS_OK && got, "%s", error.message);
}

START_TEST(nothing_that_steers_a_terminal_is_written_to_one)
{
    struct dataset *dataset;
    struct source *source = learn(mixed, &dataset);
    struct error error = {.message = ""};
    char out[200] = "";
    float x[8];
    printable = true;
    struct rows *rows = open_rows(source, "age,city,\x1b[1m,flat\n1,Ulm\x1b[2J\x07,2,7\n", &error);
    printable = false;
    ck_assert_msg(rows != NULL, "%s", error.message);
    next(rows, x);
    FILE *file = fmemopen(out, sizeof out, "w");
    rows_write_header(rows, file);
    rows_write(rows, file);
    rows_write_more(rows, file, "\x1b]0;x");
    fclose(file);
    ck_assert_str_eq(out, "age,city,?[1m,flat1,Ulm?[2J?,2,7,?]0;x");
    rows_close(rows);
    source_free(source);
    dataset_free(dataset);
}
END_TEST

START_TEST(numbers_have_the_mark_of_the_file)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"age;city;flat\n1;Ulm;7\n2,5;Ulm;7\n", ";0,25"},
        {"age;city;flat\n1;Ulm;7\n2.5;Ulm;7\n", ";0.25"},
        {"age,city,flat\n1,\"Ulm, Bonn\",7\n", ",0.25"},
    };
    struct dataset *dataset;
    struct source *source = learn(mixed, &dataset);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error error = {.message = ""};
        struct rows *rows = open_rows(source, cases[i].text, &error);
        char out[40] = "";
        float x[8];
        ck_assert_msg(rows != NULL, "%s", error.message);
        next(rows, x);
        FILE *file = fmemopen(out, sizeof out, "w");
        rows_write_number(rows, file, 0.25);
        fclose(file);
        ck_assert_str_eq(out, cases[i].said);
        rows_close(rows);
    }
    source_free(source);
    dataset_free(dataset);
}
END_TEST

START_TEST(columns_are_found_by_name)
{
    struct dataset *dataset;
    struct source *source = learn(mixed, &dataset);
    struct error error = {.message = ""};
    struct rows *rows = open_rows(source, "city,flat,extra,age\nParis,8,\"a,b\",\n,1,2,40\nBonn,NA,,?\n", &error);
    float x[8];
    char out[200] = "";
    ck_assert_msg(rows != NULL, "%s", error.message);
    ck_assert_msg(strstr(rows_note(rows), "the model does not know 'extra': passed through") != NULL, "%s",
                  rows_note(rows));
    next(rows, x); /* a missing number is the mean; a text never met is all zeros; what was constant says nothing */
    for (size_t i = 0; i < 5; i++)
        ck_assert_float_eq(x[i], 0);
    ck_assert_msg(strstr(rows_stranger(rows), "rows.csv:2: 'city' is 'Paris', which no training row has") != NULL, "%s",
                  rows_stranger(rows));
    ck_assert(rows_have(rows, "flat") && !rows_have(rows, "prediction"));
    FILE *file = fmemopen(out, sizeof out, "w");
    ck_assert(rows_write_header(rows, file));
    fputc('\n', file);
    rows_write(rows, file);
    rows_write_more(rows, file, "say \"no\"");
    fclose(file);
    ck_assert_str_eq(out, "city,flat,extra,age\nParis,8,\"a,b\",,\"say \"\"no\"\"\"");
    next(rows, x);
    ck_assert_float_eq_tol(x[0], (float)((40 - dataset->input_mean[0]) / dataset->input_sd[0]), 1e-6f);
    ck_assert_float_eq(x[1] + x[2], 0);
    ck_assert_float_eq(x[3], 1);
    next(rows, x);
    ck_assert_float_eq(x[0], 0);
    ck_assert_float_eq(x[1], 1);
    rows_close(rows);

    ck_assert_ptr_null(open_rows(source, "age,flat\n1,2\n", &error));
    ck_assert_msg(strstr(error.message, "no column 'city', which the model needs") != NULL, "%s", error.message);
    ck_assert_ptr_null(open_rows(source, "a\n1\n", &error));
    ck_assert_msg(strstr(error.message, "no columns 'age', 'city', 'flat'") != NULL, "%s", error.message);
    rows = open_rows(source, "city,flat,age\nUlm,1,old\n", &error);
    bool got;
    ck_assert(rows_next(rows, x, &got, &error) == STATUS_FAILED);
    ck_assert_msg(strstr(error.message, "rows.csv:2: 'age' is 'old' where the training rows had numbers") != NULL, "%s",
                  error.message);
    rows_close(rows);
    rows = open_rows(source, "city,flat,age\nUlm,1\n", &error);
    ck_assert(rows_next(rows, x, &got, &error) == STATUS_FAILED);
    ck_assert_msg(strstr(error.message, ":2: 2 fields where the first line has 3") != NULL, "%s", error.message);
    rows_close(rows);
    source_free(source);
    dataset_free(dataset);
}
END_TEST

START_TEST(columns_without_names_are_found_by_place)
{
    struct dataset *dataset;
    struct source *source = learn("1,5,2.5\n2,4,3.5\n3,9,1.5\n4,1,8.5\n5,2,7.25\n6,0,6.5\n", &dataset);
    struct error error = {.message = ""};
    float x[2];
    bool got;
    ck_assert(!source->header && source->classes == 0);
    for (int answered = 0; answered < 2; answered++) {
        struct rows *rows = open_rows(source, answered ? "4,2,9\n" : "4,2\n", &error);
        ck_assert_msg(rows != NULL, "%s", error.message);
        next(rows, x);
        ck_assert_float_eq_tol(x[0], (float)((4 - dataset->input_mean[0]) / dataset->input_sd[0]), 1e-6f);
        ck_assert_float_eq_tol(x[1], (float)((2 - dataset->input_mean[1]) / dataset->input_sd[1]), 1e-6f);
        ck_assert(rows_next(rows, x, &got, &error) == STATUS_OK && !got);
        ck_assert(!rows_write_header(rows, stdout));
        rows_close(rows);
    }
    ck_assert_double_eq(source->target_mean, dataset->target_mean);
    ck_assert_double_eq(source->target_sd, dataset->target_sd);
    ck_assert_ptr_null(open_rows(source, "4\n", &error));
    ck_assert_msg(strstr(error.message, "1 field; the model's file had 3 and no header") != NULL, "%s", error.message);
    source_free(source);
    dataset_free(dataset);
}
END_TEST

START_TEST(what_is_no_source_is_refused)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"header\":true,\"columns\":[],\"target\":{\"name\":\"y\"}}",
        "{\"header\":1,\"columns\":[],\"target\":{\"name\":\"y\",\"mean\":0,\"sd\":1}}",
        "{\"header\":true,\"columns\":[{\"name\":\"a\",\"kind\":\"bird\"}],\"target\":{\"name\":\"y\",\"mean\":0,"
        "\"sd\":1}}",
        "{\"header\":true,\"columns\":[{\"name\":\"a\",\"kind\":\"number\",\"mean\":0,\"sd\":-1}],\"target\":{\"name\":"
        "\"y\",\"mean\":0,\"sd\":1}}",
        "{\"header\":true,\"columns\":[{\"kind\":\"target\"}],\"target\":{\"name\":\"y\",\"mean\":0,\"sd\":1}}",
        "{\"header\":true,\"columns\":[],\"target\":{\"name\":\"y\",\"classes\":[\"one\"]}}",
        "{\"header\":true,\"columns\":[],\"target\":{\"name\":\"y\",\"classes\":[1,2]}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct source *source;
        struct error error = {.message = ""};
        ck_assert_msg(source_parse(&source, texts[i], &error) == STATUS_FAILED, "%s", texts[i]);
        ck_assert_ptr_null(source);
        ck_assert_ptr_nonnull(strstr(error.message, "columns"));
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("rows");
    TCase *tests = tcase_create("rows");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, the_training_file_gives_the_training_inputs);
    tcase_add_test(tests, nothing_that_steers_a_terminal_is_written_to_one);
    tcase_add_test(tests, numbers_have_the_mark_of_the_file);
    tcase_add_test(tests, columns_are_found_by_name);
    tcase_add_test(tests, columns_without_names_are_found_by_place);
    tcase_add_test(tests, what_is_no_source_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
