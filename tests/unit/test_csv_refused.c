/* Tables that are refused, and those that are hard to bear: with which words, and with how much memory. */
#include <stdbool.h>
#include <sys/stat.h>

#include "suite.h"
#include "support/tables.h"

START_TEST(bad_tables_are_refused_with_the_place)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "t.csv: is empty"},
        {"\n\n \n", "t.csv: has blank lines only"},
        {"a,b,c\n", "t.csv: has a header but no rows"},
        {"a\n1\n2\n3\n", "t.csv:1: one column only"},
        {"a,b,c\n1,2,3\n4,5\n", "t.csv:3: 2 fields where the header has 3"},
        {"a,b,c\n1,2,3,4\n", "t.csv:2: 4 fields where the header has 3"},
        {"a,b,c\r\n1,2,3\r\n\r\n4,5\r\n", "t.csv:4: 2 fields where the header has 3"},
        {"1,2,3\n1,2,3\n\n1\n", "t.csv:4: 1 field where line 1 has 3"},
        {"a,y\n1,x\n2,x\n3,x\n", "target 'y' is 'x' in every row"},
        {"a,y\n1,2.5\n2,2.5\n3,2.5\n", "target 'y' is '2.5' in every row"},
        {"a,y\n1,\n2,\n3,\n", "target 'y' is empty in every row; choose another column with --target"},
        {"a,y\n1,\n2,?\n3,NA\n",
         "target 'y' is missing in every row ('?' in line 3 counts as missing: --missing '' keeps such words); choose"},
        {"a,y\n,1\n?,0\n,1\n", "no column to learn from"},
        {"a,y\n1,0\n2,1\ninf,1\n3,0\n", "t.csv:4: 'a' is 'inf'; numbers must lie between"},
        {"a,y\n1,0\n-Infinity,1\n3,0\n", "t.csv:3: 'a' is '-Infinity'"},
        {"a,y\n1,0\n2,1\n3,1e31\n3,0\n", "t.csv:4: 'y' is '1e31'"},
        {"a,y\ninf,0\n2,1\n3,1\n", "t.csv:2: 'a' is 'inf'"},
        {"a,y\n1,0\n1e99999999999999999999,1\n2,1\n", "t.csv:3: 'a' is '1e99999999999999999999'"},
        {"a,y\n1,x\n2,y\n", "2 rows: at least 2 to train and one to test"},
        {"a,y\n1,x\n2,y\n3,z\n", "target 'y' has 3 different values in 3 rows: too many for classes"},
        {"a,y\n1,x\n2,\"y\n3,x\n4,y\n", "t.csv:3: a quote that opens in this record is never closed"},
        {"a,y\n1,x\n2,\"y\"z\n", "t.csv:3: column 6: text behind a closing quote"},
        {"a,y\n1,x\n2,y\"z\"\n", "t.csv:3: column 4: a quote inside a field"},
        {"a,y\n\"multi\nline\" ,1\n\"multi\nli\"ne,1\n", "t.csv:5: column 4: text behind a closing quote"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse_text(cases[i].text, cases[i].said);
}
END_TEST

START_TEST(options_that_do_not_fit_the_table_are_named)
{
    struct csv_options options = usual;
    char *target[] = {"y", NULL};
    write_bytes("t.csv", "a,y\n1,p\n2,q\n3,p\n4,q\n", 20);
    options.form.separator = ';';
    refuse_with("t.csv", &options, STATUS_FAILED,
                "t.csv:1: no semicolon between cells, though --separator names it: leave the option out");
    options.form.separator = ':';
    refuse_with("t.csv", &options, STATUS_FAILED, "t.csv:1: no ':' between cells, though --separator names it");
    options.form.separator = 0;
    options.number = target;
    refuse_with("t.csv", &options, STATUS_FAILED,
                "t.csv:2: target 'y' is 'p' here and has no number in any row: leave --number out to predict classes");
}
END_TEST

static void write_addresses(int rows, int houses)
{
    FILE *file = fopen("t.csv", "w");
    ck_assert_ptr_nonnull(file);
    fputs("rooms,price,address\n", file);
    for (int i = 0; i < rows; i++)
        fprintf(file, "%d,%d.5,%d Mill Lane\n", i % 7, 100 + i, i % houses);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_target_that_names_its_rows_is_no_class)
{
    struct csv_options options = usual;
    write_addresses(150, 148);
    refuse_with("t.csv", &usual, STATUS_FAILED,
                "t.csv: target 'address' has 148 different values in 150 rows: too many for classes; choose another "
                "column with --target");
    options.target = "price";
    dataset_free(load_with("t.csv", &options));
    options.task = CSV_CLASSIFY;
    refuse_with("t.csv", &options, STATUS_FAILED, "target 'price' has 150 different values in 150 rows");
    write_addresses(1000, 1000);
    refuse_with("t.csv", &usual, STATUS_FAILED, "target 'address' has more than 256 different values in 1000 rows");
    write_addresses(60, 30); /* two rows a value may be classes */
    struct dataset *few = load_with("t.csv", &usual);
    ck_assert_uint_eq(few->classes, 30);
    dataset_free(few);
}
END_TEST

START_TEST(what_is_no_table_is_refused)
{
    refuse_with("none.csv", &usual, STATUS_FAILED, "none.csv: cannot be opened: No such file");
    ck_assert_int_eq(mkdir("d", 0700), 0);
    refuse_with("d", &usual, STATUS_FAILED, "d: is a directory");
    ck_assert_int_eq(rmdir("d"), 0);
    refuse_with("/dev/zero", &usual, STATUS_FAILED, "/dev/zero: is a device; a CSV file is needed");
    write_bytes("t.csv", "a,b\n1,2\n3,\0004\n", 14);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:3: a zero byte: this is not a text file");
    write_bytes("t.csv",
                "\xff\xfe"
                "a\0,\0b\0\n\0",
                10);
    refuse_with("t.csv", &usual, STATUS_FAILED,
                "t.csv: is in UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8 OLD > NEW)");
}
END_TEST

static void write_gigantic(const char *before, size_t size, const char *after)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a,y\n1,x\n", file);
    fputs(before, file);
    for (size_t i = 0; i < size; i++)
        putc('z', file);
    fputs(after, file);
    fclose(file);
}

START_TEST(gigantic_fields_are_refused)
{
    write_gigantic("2,", 100000, "\n3,x\n");
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:3: field 2 is longer than 65536 bytes");
    write_gigantic("2,", 3000000, "\n3,x\n");
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:3: field 2 is longer than 65536 bytes");
    write_gigantic("2,\"", 3000000, "\"\n3,x\n");
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:3: field 2 is longer than 65536 bytes");
    write_gigantic("2,\"", 100000, "\"\n3,x\n");
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:3: field 2 is longer than 65536 bytes");
    write_gigantic("2,\"", 3000000, "\n3,x\n"); /* a lone quote does not swallow the file */
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:3: field 2 is longer than 65536 bytes");
    write_gigantic("2,", CSV_FIELD_MAX, "\n3,x\n4,x\n5,x\n6,x\n");
    dataset_free(load_with("t.csv", &usual));
    write_gigantic("2,\"", CSV_FIELD_MAX, "\"\n3,x\n4,x\n5,x\n6,x\n");
    dataset_free(load_with("t.csv", &usual));
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < 300000; i++)
        putc(',', file);
    fclose(file);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:1: more than 16384 columns");
}
END_TEST

/* A record that does not fit the reader's block, and records that lie across its borders. */
START_TEST(long_records_and_many_of_them)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    for (int row = 0; row < 5; row++) {
        for (int i = 0; i < 10000; i++)
            fprintf(file, "%d.00000000000000000000000000%s,", i + row, row == 2 ? "\t" : "");
        fprintf(file, "%d\n", row % 2);
    }
    fclose(file);
    struct dataset *d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->inputs, 10000);
    ck_assert_uint_eq(d->rows, 5);
    for (size_t i = 0; i < 10000; i += 999)
        ck_assert_double_eq_tol(d->input_mean[i] - d->input_mean[0], (double)i, 1e-9);
    dataset_free(d);
    file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a,b,y\n", file);
    for (int i = 0; i < 50000; i++)
        fprintf(file, i % 3 ? "%d,%d,%s\n" : "%d,\"%d\",\"%s\"\r\n", i, 2 * i,
                i % 2 == 0 ? "even"
                : i % 3    ? "odd"
                           : "odd, too");
    fclose(file);
    d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->rows, 50000);
    ck_assert_uint_eq(d->classes, 3);
    double mean = d->input_mean[0];
    size_t wrong = 0;
    for (size_t row = 0; row < d->rows; row++) {
        double a = (double)d->x[2 * row] * d->input_sd[0] + mean;
        double b = (double)d->x[2 * row + 1] * d->input_sd[1] + d->input_mean[1];
        wrong += fabs(2.0 * a - b) > 0.1 || (d->label[row] == 0) != (lround(a) % 2 == 0);
    }
    ck_assert_uint_eq(wrong, 0);
    dataset_free(d);
}
END_TEST

/* Texts of a record that libcsv cut stay whole while the record grows, and lines are counted across the borders of
 * blocks. */
START_TEST(many_quoted_texts)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 2000; i++)
        fprintf(file, "\"name %d\",", i);
    fputs("y\n", file);
    for (int row = 0; row < 20; row++) {
        for (int i = 0; i < 2000; i++)
            fprintf(file, "\"%d\n%d\",", row, i);
        fprintf(file, "%d\n", row % 2);
    }
    fputs("1,2\n", file);
    fclose(file);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:40022: 2 fields where the header has 2001");
    file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 2000; i++)
        fprintf(file, "\"name %d\",", i);
    fputs("y\n", file);
    for (int row = 0; row < 20; row++) {
        for (int i = 0; i < 2000; i++)
            fprintf(file, "\"%d in %d\",", row % 3, i);
        fprintf(file, "%d\n", row % 2);
    }
    fclose(file);
    struct dataset *d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->inputs, 6000);
    ck_assert_str_eq(d->input_name[0], "name 0=0 in 0");
    ck_assert_str_eq(d->input_name[5], "name 1=2 in 1");
    ck_assert_str_eq(d->input_name[5999], "name 1999=2 in 1999");
    dataset_free(d);
}
END_TEST

START_TEST(names_are_capped_and_messages_safe)
{
    char text[400];
    memset(text, 0, sizeof text);
    strcpy(text, "a,");
    memset(text + 2, 'n', 63);
    strcat(text, "\xc3\xa9\n1,x\n2,y\n3,x\n4,y\n"); /* the accent does not fit whole */
    struct dataset *d = load_text(text);
    ck_assert_uint_eq(strlen(d->target_name), 63);
    dataset_free(d);
    refuse_text("a,y\x1b[31m\n1,x\n2,x\n", "target 'y?[31m'");
    refuse_text("a,y\xc2\x9b\n1,x\n2,x\n", "target 'y\?\?'");
    refuse_text("a,y\xc0\xaf\n1,x\n2,x\n", "target 'y\?\?'");
    refuse_text("a,y\xe2\x82\xac\n1,x\n2,x\n", "target 'y\xe2\x82\xac'");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("csv_refused");
    TCase *tests = tcase_create("csv_refused");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, bad_tables_are_refused_with_the_place);
    tcase_add_test(tests, options_that_do_not_fit_the_table_are_named);
    tcase_add_test(tests, a_target_that_names_its_rows_is_no_class);
    tcase_add_test(tests, what_is_no_table_is_refused);
    tcase_add_test(tests, gigantic_fields_are_refused);
    tcase_add_test(tests, long_records_and_many_of_them);
    tcase_add_test(tests, many_quoted_texts);
    tcase_add_test(tests, names_are_capped_and_messages_safe);
    suite_add_tcase(suite, tests);
    return suite;
}
