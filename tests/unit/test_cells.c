/* Cells and columns of tables: which are numbers, codes, texts, missing; labels as they are spelt; and what is said. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "data/rows.h"
#include "data/source.h"
#include "suite.h"
#include "support/tables.h"

/* A table of `rows` rows: a number that grows, then a column that goes through `cell`, NULL behind the last. */
static void write_column(const char *header, const char *const *cell, size_t rows)
{
    char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "%s\n", header);
    for (size_t row = 0, at = 0; row < rows; row++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%zu.5,%s\n", row * row, cell[at]);
        at = cell[at + 1] ? at + 1 : 0;
    }
    ck_assert_uint_lt(used, sizeof text);
    write_text("t.csv", text);
}

static void say(const struct dataset *dataset, const char *note)
{
    ck_assert_ptr_nonnull(dataset->notes);
    ck_assert_msg(strstr(dataset->notes, note) != NULL, "said '%s', not '%s'", dataset->notes, note);
}

START_TEST(labels_stay_the_texts_that_they_were)
{
    static const struct {
        const char *cell[6], *name[4];
        size_t classes;
    } cases[] = {
        {{"1", "01", "2"}, {"01", "1", "2"}, 3},
        {{"1E2", "2E2", "100"}, {"100", "1E2", "2E2"}, 3},
        {{"007", "042", "100"}, {"007", "042", "100"}, 3},
        {{"007", "7", "7A"}, {"007", "7", "7A"}, 3},
        {{"+1", "-1"}, {"-1", "+1"}, 2},
        {{"1.0", "1", "+1", "2.0", "2"}, {"1.0", "2.0"}, 2}, /* whole numbers are called as the first is spelt */
        {{"0", "00", "-0"}, {"0", "00"}, 2},
        {{"12345678901234567", "12345678901234568", "12345678901234569"},
         {"12345678901234567", "12345678901234568", "12345678901234569"},
         3},
        {{"0x1F", "1F"}, {"0x1F", "1F"}, 2},
        {{"inf", "low"}, {"inf", "low"}, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_column("a,y", cases[i].cell, 40);
        struct dataset *d = load_with("t.csv", &usual);
        ck_assert_msg(d->classes == cases[i].classes, "case %zu: %zu classes", i, d->classes);
        for (size_t j = 0; j < d->classes; j++)
            ck_assert_str_eq(d->class_name[j], cases[i].name[j]);
        dataset_free(d);
    }
    struct csv_options options = usual;
    options.task = CSV_CLASSIFY;
    write_text("t.csv", "a,y\n1,3.1\n2,3.10\n3,3.1\n4,3.10\n");
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->classes, 2);
    dataset_free(d);
}
END_TEST

START_TEST(codes_make_a_column_of_texts)
{
    static const char *const codes[] = {"07,p", "19,q", "110,p", NULL}, *const numbers[] = {"0,p", "0.5,q", "-0.5,p",
                                                                                            "00.5,q", NULL};
    write_column("a,c,y", codes, 40);
    struct dataset *d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->inputs, 4);
    ck_assert_str_eq(d->input_name[1], "c=07");
    say(d,
        "column 'c' is read as 3 texts because of '07' in line 2, which looks like a name: --number c reads numbers");
    dataset_free(d);

    struct csv_options options = usual;
    options.number = (char *[]){"c", NULL};
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->inputs, 2);
    ck_assert_str_eq(d->notes, "");
    dataset_free(d);

    write_column("a,c,y", numbers, 40);
    d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->inputs, 2);
    dataset_free(d);

    options = usual;
    options.text = (char *[]){"2", NULL};
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->inputs, 5);
    dataset_free(d);
}
END_TEST

/* Numbers of so many digits that doubles no longer tell neighbours apart. */
START_TEST(long_ids_are_no_numbers)
{
    char text[8192] = "id,b,y\n";
    for (size_t i = 0, used = strlen(text); i < 60; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "123456789012345%02zu,%zu,%c\n", i, i * i, "pq"[i % 2]);
    struct dataset *d = load_text(text);
    ck_assert_uint_eq(d->inputs, 1);
    say(d, "column 'id' is left out: 60 different texts because of '12345678901234500' in line 2, which looks like a "
           "name");
    dataset_free(d);
    d = load_text("b,y\n1,9007199254740991\n2,5\n3,9007199254740991\n4,5\n5,5\n6,9007199254740991\n");
    ck_assert_str_eq(d->class_name[1], "9007199254740991");
    dataset_free(d);
}
END_TEST

START_TEST(words_for_missing_are_said_and_can_be_chosen)
{
    static const char *const cells[] = {"NA", "EU", "AS", NULL}, *const marks[] = {"-999,p", "2,q", "3,p", "-999.0,q",
                                                                                   NULL};
    struct csv_options options = usual;
    write_column("a,continent", cells, 90);
    struct dataset *d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->rows, 60);
    say(d, "30 of 90 rows are left out, since 'continent' is missing there: 'NA' in line 2 counts as missing, as in 30 "
           "rows; --missing '' keeps such words");
    dataset_free(d);

    options.form.missing = "";
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->rows, 90);
    ck_assert_uint_eq(d->classes, 3);
    ck_assert_str_eq(d->notes, "");
    dataset_free(d);

    options.form.missing = " eu ,none";
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->rows, 60);
    ck_assert_str_eq(d->class_name[1], "NA");
    dataset_free(d);

    write_column("a,b,y", marks, 40);
    options.form.missing = "-999";
    d = load_with("t.csv", &options);
    say(d, "column 'b': 20 missing values are filled in with the mean, 20 of them a word for that ('-999' in line 2");
    ck_assert_double_eq_tol(d->input_mean[1], 2.5, 0.2);
    dataset_free(d);
    options.form.missing = "-999.0"; /* the same number, written otherwise */
    d = load_with("t.csv", &options);
    ck_assert_double_eq_tol(d->input_mean[1], 2.5, 0.2);
    dataset_free(d);
    write_text("t.csv", "a,b,y\n1,\" -999\",p\n2,\"2\",q\n3,\"-999.00\",p\n4,\"3\",q\n5,\"2\",p\n6,\"3\",q\n");
    d = load_with("t.csv", &options);
    ck_assert_double_eq_tol(d->input_mean[1], 2.5, 0.6);
    dataset_free(d);

    char list[4096] = "a";
    for (int i = 0; i < 32; i++)
        strcat(list, ",a");
    options.form.missing = list;
    refuse_with("t.csv", &options, STATUS_USAGE, "--missing: at most 32 words");
    memset(list, 'a', 60);
    refuse_with("t.csv", &options, STATUS_USAGE, "a word may have 48 bytes at most");
}
END_TEST

START_TEST(the_word_that_prevents_numbers_is_named)
{
    char text[8192] = "b,my col,y\n";
    for (size_t i = 0, used = strlen(text); i < 88; i++)
        used += (size_t)(i % 4 ? snprintf(text + used, sizeof text - used, "%zu,%zu.25,%c\n", i, i * i, "pq"[i % 2])
                               : snprintf(text + used, sizeof text - used, "%zu,None,%c\n", i, "pq"[i % 2]));
    struct dataset *d = load_text(text);
    say(d,
        "column 'my col' is left out: 67 different texts because of 'None' in 22 rows: --number 'my col' takes texts "
        "for missing numbers");
    dataset_free(d);
    struct csv_options options = usual;
    options.number = (char *[]){"my col", NULL};
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->inputs, 2);
    say(d, "column 'my col': 22 missing values are filled in with the mean, 22 of them no number ('None' in line 2)");
    dataset_free(d);
}
END_TEST

START_TEST(columns_are_chosen_by_names_that_exist)
{
    struct csv_options options = usual;
    write_text("t.csv", "a,b,y\n1,2,p\n2,3,q\n3,4,p\n4,5,q\n");
    options.number = (char *[]){"bb", NULL};
    refuse_with("t.csv", &options, STATUS_USAGE, "no column 'bb'");
    options.number = (char *[]){"b", NULL};
    options.text = (char *[]){"2", NULL};
    refuse_with("t.csv", &options, STATUS_USAGE, "column 'b' cannot be read both as numbers and as texts");
}
END_TEST

START_TEST(quoted_and_padded_numbers_are_numbers)
{
    struct dataset *d = load_text("\"a\",\"b\",\"y\"\n\"   -1.45\",\"\t2 \",\"x\"\n\"  2.72\",\"\xc2\xa0-.5\",\"y\"\n"
                                  "\"0.97\",\"+1.\xe2\x80\xaf\",\"x\"\n\" 1\",\"  \",\"y\"\n");
    ck_assert_uint_eq(d->inputs, 2);
    ck_assert_uint_eq(d->classes, 2);
    say(d, "column 'b': 1 missing value is filled in with the mean");
    row_with(d, -1.45);
    dataset_free(d);
    d = load_text("a,y\n\" 7\",p\n\"  7A\",q\n\"7 \",p\n\"  7A\",q\n\" 7\",p\n");
    ck_assert_str_eq(d->input_name[0], "a=7"); /* a text keeps its blanks, a number does not */
    ck_assert_str_eq(d->input_name[1], "a=  7A");
    dataset_free(d);
}
END_TEST

START_TEST(numbers_too_large_are_called_so)
{
    struct csv_options options = usual;
    refuse_text("a,y\n1,2\n2,-1e31\n3,4\n", "t.csv:3: 'y' is '-1e31'; numbers must lie between -1e30 and 1e30");
    refuse_text("a,y\n1,1e308\n2,1.1e308\n3,1.2e308\n",
                "t.csv:2: 'y' is '1e308'; numbers must lie between -1e30 and 1e30");
    refuse_text("a,y\n1e39,1\n2e39,2\n3e39,3\n", "t.csv:2: 'a' is '1e39'; numbers must lie between");
    refuse_text("a,y\n1,1\n2,2\ninf,3\n", "leave the field empty if it is missing, or say --text a if these are names");
    options.task = CSV_REGRESS;
    write_text("t.csv", "a,y\n1,1e308\n2,1.1e308\n3,-inf\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "'y' is '1e308'; numbers must lie between");
    write_text("t.csv", "a,y\n1,0x1p3\n2,2\n3,3\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "t.csv:2: target 'y' is a text, '0x1p3', but regression");
}
END_TEST

START_TEST(a_column_constant_but_for_rounding_is_constant)
{
    char text[8192] = "a,total,y\n";
    for (size_t i = 0, used = strlen(text); i < 60; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%zu,%s,%zu.5\n", i,
                                 i % 3 ? "0.6" : "0.6000000000000001", 3 * i);
    struct dataset *d = load_text(text);
    struct error error = {.message = ""};
    struct source *source;
    for (size_t row = 0; row < d->rows; row++)
        ck_assert_float_eq(d->x[2 * row + 1], 0);
    ck_assert_double_eq(d->input_sd[1], 1);
    say(d, "the same in every training row, and 0 to the model: 'total'");
    char *json = source_text(d);
    ck_assert_int_eq(source_parse(&source, json, &error), STATUS_OK);
    ck_assert_double_eq(source->column[1].sd, 0);
    mem_free(json);
    source_free(source);
    dataset_free(d);
    refuse_text("a,y\n1,0.6\n2,0.6000000000000001\n3,0.6\n4,0.6000000000000001\n5,0.6\n",
                "target 'y' is the same in every row but for rounding");
}
END_TEST

static struct source *parse(const char *json)
{
    struct source *source = NULL;
    struct error error = {.message = ""};
    ck_assert_msg(source_parse(&source, json, &error) == STATUS_OK, "%s", error.message);
    return source;
}

/* One row of a file whose header is "a,b". */
static void read_row(const struct source *source, const char *row, float x[8])
{
    char text[200];
    struct rows *rows = NULL;
    struct error error = {.message = ""};
    bool got = false;
    snprintf(text, sizeof text, "a,b\n%s\n", row);
    write_text("r.csv", text);
    ck_assert_msg(rows_open(&rows, "r.csv", source, &(struct rows_options){.printable = false}, &error) == STATUS_OK,
                  "%s", error.message);
    ck_assert_msg(rows_next(rows, x, &got, &error) == STATUS_OK && got, "%s", error.message);
    rows_close(rows);
}

START_TEST(rows_for_a_model_are_read_as_in_training)
{
    struct source *source =
        parse("{\"header\":true,\"as spelt\":true,\"missing\":\"none,-9\",\"columns\":["
              "{\"name\":\"a\",\"kind\":\"text\",\"categories\":[\"007\",\"7\",\"7A\"],\"missing\":true},"
              "{\"name\":\"b\",\"kind\":\"number\",\"mean\":1,\"sd\":2,\"texts missing\":true},"
              "{\"name\":\"y\",\"kind\":\"target\"}],"
              "\"target\":{\"name\":\"y\",\"classes\":[\"01\",\"1\"]}}");
    float x[8];
    static const struct {
        const char *row;
        float x[5];
    } cases[] = {
        {"007,3", {1, 0, 0, 0, 1}},     {"7,5", {0, 1, 0, 0, 2}},    {"+7.0,5", {0, 1, 0, 0, 2}},
        {"7A,003", {0, 0, 1, 0, 1}},    {"None,x", {0, 0, 0, 1, 0}}, {"NA,-9.", {0, 0, 0, 0, 0}},
        {"07,\" 3\"", {0, 0, 0, 0, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_row(source, cases[i].row, x);
        for (size_t j = 0; j < 5; j++)
            ck_assert_msg(fabsf(x[j] - cases[i].x[j]) < 1e-6f, "%s: input %zu is %g", cases[i].row, j, (double)x[j]);
    }
    struct rows *rows = NULL;
    struct error error = {.message = ""};
    bool got;
    write_text("r.csv", "a,b\n7,x\n");
    ck_assert_msg(rows_open(&rows, "r.csv", source, &(struct rows_options){.printable = false}, &error) == STATUS_OK,
                  "%s", error.message);
    ck_assert_int_eq(rows_next(rows, x, &got, &error), STATUS_OK);
    ck_assert_str_eq(rows_stranger(rows), "r.csv:2: 'b' is 'x', which is no number: it counts as missing");
    rows_close(rows);
    source_free(source);
}
END_TEST

/* Sources of before say nothing of spellings: numbers among texts have their value's name. */
START_TEST(older_sources_read_as_before)
{
    struct source *source = parse("{\"header\":true,\"columns\":["
                                  "{\"name\":\"a\",\"kind\":\"text\",\"categories\":[\"7\",\"7A\"],\"missing\":false},"
                                  "{\"name\":\"b\",\"kind\":\"number\",\"mean\":0.6,\"sd\":5e-17},"
                                  "{\"name\":\"y\",\"kind\":\"target\"}],"
                                  "\"target\":{\"name\":\"y\",\"classes\":[\"7\",\"100\"]}}");
    struct source *now = parse("{\"header\":true,\"as spelt\":true,\"columns\":["
                               "{\"name\":\"a\",\"kind\":\"text\",\"categories\":[\"7\",\"7A\"],\"missing\":false},"
                               "{\"name\":\"b\",\"kind\":\"number\",\"mean\":0.6,\"sd\":0},"
                               "{\"name\":\"y\",\"kind\":\"target\"}],"
                               "\"target\":{\"name\":\"y\",\"classes\":[\"7.0\",\"1E2\"]}}");
    float x[8];
    char why[200];
    read_row(source, "007,0.61", x);
    ck_assert_float_eq(x[0], 1);
    ck_assert_float_eq(x[2], 0); /* a deviation that is rounding */
    ck_assert_msg(source_same(source, now, why, sizeof why), "%s", why);
    source_free(source);
    source_free(now);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("cells");
    TCase *tests = tcase_create("cells");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, labels_stay_the_texts_that_they_were);
    tcase_add_test(tests, codes_make_a_column_of_texts);
    tcase_add_test(tests, long_ids_are_no_numbers);
    tcase_add_test(tests, words_for_missing_are_said_and_can_be_chosen);
    tcase_add_test(tests, the_word_that_prevents_numbers_is_named);
    tcase_add_test(tests, columns_are_chosen_by_names_that_exist);
    tcase_add_test(tests, quoted_and_padded_numbers_are_numbers);
    tcase_add_test(tests, numbers_too_large_are_called_so);
    tcase_add_test(tests, a_column_constant_but_for_rounding_is_constant);
    tcase_add_test(tests, rows_for_a_model_are_read_as_in_training);
    tcase_add_test(tests, older_sources_read_as_before);
    suite_add_tcase(suite, tests);
    return suite;
}
