/* Tables from CSV files: what is found, what is refused, and with which words. */
#include <math.h>
#include <stdbool.h>

#include "suite.h"
#include "support/tables.h"

START_TEST(a_plain_table)
{
    struct dataset *d = load_text("a,b,class\n1,10,x\n2,20,y\n3,30,x\n4,40,y\n5,50,x\n6,60,y\n7,70,x\n8,80,y\n");
    ck_assert_str_eq(d->name, "t.csv");
    ck_assert_str_eq(d->report, "t.csv: 6 + 2 rows, 2 inputs, 2 classes of 'class'");
    ck_assert_int_eq(d->kind, TASK_CLASSIFY);
    ck_assert_uint_eq(d->inputs, 2);
    ck_assert_str_eq(d->input_name[1], "b");
    ck_assert_str_eq(d->target_name, "class");
    ck_assert_str_eq(d->class_name[0], "x");
    ck_assert_str_eq(d->class_name[1], "y");
    for (int i = 1; i <= 8; i++) {
        size_t row = row_with(d, i);
        ck_assert_int_eq(d->label[row], i % 2 == 0);
        ck_assert_float_eq_tol(d->x[2 * row], d->x[2 * row + 1], 1e-6f);
    }
    dataset_free(d);
}
END_TEST

/* The same table in many spellings: each must give the very same data set. */
START_TEST(spellings)
{
    static const char plain[] = "a,b,y\n1,4.5,p\n2,5.5,q\n3,-6,p\n4,7,q\n-5,8,p\n60,9,q\n";
    static const char *const spelt[] = {
        "a;b;y\n1;4.5;p\n2;5.5;q\n3;-6;p\n4;7;q\n-5;8;p\n60;9;q\n",
        "a;b;y\n1;4,5;p\n2;5,5;q\n3;-6;p\n4;7;q\n-5;8;p\n60;9;q\n",
        "a\tb\ty\n1\t4.5\tp\n2\t5.5\tq\n3\t-6\tp\n4\t7\tq\n-5\t8\tp\n60\t9\tq\n",
        "\xef\xbb\xbf"
        "a,b,y\n1,4.5,p\n2,5.5,q\n3,-6,p\n4,7,q\n-5,8,p\n60,9,q\n",
        "a,b,y\r\n1,4.5,p\r\n2,5.5,q\r\n3,-6,p\r\n4,7,q\r\n-5,8,p\r\n60,9,q\r\n",
        "a,b,y\r1,4.5,p\r2,5.5,q\r3,-6,p\r4,7,q\r-5,8,p\r60,9,q\r",
        "a,b,y\n1,4.5,p\n2,5.5,q\n3,-6,p\n4,7,q\n-5,8,p\n60,9,q",
        "\n\na,b,y\n1,4.5,p\n\n2,5.5,q\n3,-6,p\n   \n4,7,q\n-5,8,p\n60,9,q\n\n",
        "\"a\",\"b\",\"y\"\n\"1\",4.5,\"p\"\n2,\"5.5\",q\n3,-6,p\n4,7,\"q\"\n-5,8,p\n\"60\",9,q\n",
        "a , b, y\n 1,4.5 ,p \n2, 5.5,  q\n3,-6,p\n4,7,q\n-5,8,p\n60,9,q\n",
        "a,b,y\n1e0,45e-1,p\n+2,5.50,q\n3.,-6.0,p\n.4e1,7,q\n-5,8.,p\n6E1,9,q\n",
        "a,b,y\n1.000000000000000,4.5000000000000000000000,p\n2,5.5,q\n3,-6,p\n4,7,q\n-5,8,p\n60,9,q\n",
    };
    struct dataset *d = load_text(plain);
    ck_assert_uint_eq(d->rows, 6);
    for (size_t i = 0; i < sizeof spelt / sizeof *spelt; i++) {
        struct dataset *e = load_text(spelt[i]);
        ck_assert_str_eq(d->report, e->report);
        ck_assert_mem_eq(d->x, e->x, d->rows * d->inputs * sizeof *d->x);
        ck_assert_mem_eq(d->label, e->label, d->rows * sizeof *d->label);
        ck_assert_str_eq(d->input_name[0], e->input_name[0]);
        ck_assert_str_eq(d->input_name[1], e->input_name[1]);
        ck_assert_str_eq(d->class_name[1], e->class_name[1]);
        dataset_free(e);
    }
    dataset_free(d);
}
END_TEST

START_TEST(quotes_hold_separators_quotes_and_lines)
{
    struct dataset *d = load_text("\"size, in m\",\"say \"\"y\"\"\"\n1,\"a\nb\"\n2,\"c,d\"\n3,\"a\nb\"\n4,\"c,d\"\n");
    ck_assert_str_eq(d->input_name[0], "size, in m");
    ck_assert_str_eq(d->target_name, "say \"y\"");
    ck_assert_str_eq(d->class_name[0], "a\nb");
    ck_assert_str_eq(d->class_name[1], "c,d");
    dataset_free(d);
    refuse_text("a,b\n1,\"x\ny\"\n2,z\n3,4,5\n", "t.csv:5: 3 fields where the header has 2"); /* lines, not records */
}
END_TEST

START_TEST(headers_are_inferred)
{
    static const struct {
        const char *text;
        size_t rows;
        const char *first;
    } cases[] = {
        {"1,2,a\n3,4,b\n5,6,a\n7,8,b\n", 4, "column 1"},
        {"x,y,z\n3,4,b\n5,6,a\n7,8,b\n", 3, "x"},
        {"x,2,a\ny,4,b\nx,6,a\ny,8,b\n", 4, "column 1=x"},
        {"shape,taste,edible\nflat,good,yes\nflat,bad,no\nround,good,yes\nround,bad,no\n", 4, "shape=flat"},
        {"flat,good,yes\nflat,bad,no\nround,good,yes\nround,bad,no\n", 4, "column 1=flat"},
        {"country,2019,2020,growth\nFrance,0.96,0.5,1\nChad,1.5,0.7,2\nPeru,3,4,5.5\n", 3, "2019"},
        {"2018,2019,class\n1,2,x\n3,4,y\n2,5,x\n3,6,y\n", 4, "2018"},
        /* numbers that count the columns, years, whole numbers above decimals */
        {"0,1,2,3\n21,160,88,0\n73,102,195,1\n77,194,16,0\n203,71,146,1\n", 4, "0"},
        {"1,2,3,4,5\n21,160,88,9,7\n73,102,195,1,8\n77,194,16,0,3\n3,71,146,1,9\n", 4, "1"},
        {"0,1,2,label\n21,160,88,cat\n73,102,195,dog\n77,194,16,cat\n203,71,146,dog\n", 4, "0"},
        {",0,1,2\n0,21.5,160,8.5\n1,73,102.5,9.5\n2,77.5,194,1.5\n3,203,71,6.5\n", 4, "0"},
        {"2018,2019,2020\n0.5,0.6,0.9\n1.5,1.25,0.75\n0.25,0.5,0.7\n", 3, "2018"},
        {"2018,2019,2020\n0.5,0.6,0.9\n1.5,1.25,0.75\n", 3, "column 1"}, /* too few rows to tell years */
        {"400,405,410\n0.5,0.6,0.9\n1.5,1.25,0.75\n0.25,0.5,0.7\n", 3, "400"},
        {"7,9,3\n.5,.6,.9\n.4,.25,.75\n.5,.6,.9\n.4,.25,.75\n.5,.6,.9\n.4,.25,.75\n.5,.6,.9\n.4,.25,.75\n"
         ".5,.6,.9\n.4,.25,.75\n",
         10, "7"},
        {"1,2,3\n4,5,6\n7,8,9\n10,11,12\n13,14,15\n", 5, "column 1"},
        {"1,2,3,4,5,6\n2,3,4,5,6,7\n4,5,6,7,8,9\n1,2,3,4,5,6\n", 4, "column 1"},
        {"0,1\n1,0\n1,1\n0,0\n", 4, "column 1"},
        {"0,1,1\n1,0,1\n1,1,0\n0,0,0\n", 4, "column 1"},
        {"5,3,1,0\n5.1,3.5,1.4,0\n4.9,3,1.5,0\n7,3.5,4.5,1\n", 4, "column 1"},
        {"1,10,100\n2,20,200\n3,30,300\n4,40,400\n5,50,500\n", 5, "column 1"},
        {"4,5,rare\n1,2,x\n3,4,y\n2,5,x\n3,6,y\n7,6,x\n", 6, "column 1"},
        {"1,ann\n2,bob\n3,ann\n4,bob\n5,ann\n", 5, "column 1"},
        {",b,c\n5,1,x\n7,2,y\n2,3,x\n", 3, "column 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataset *d = load_text(cases[i].text);
        ck_assert_uint_eq(d->rows, cases[i].rows);
        ck_assert_str_eq(d->input_name[0], cases[i].first);
        dataset_free(d);
    }
    refuse_text("none,2,a\n3,4,b\n5,6,a\n7,8,b\n8,9,a\n9,1,b\n",
                "t.csv:1: 'column 1' is 'none' where other rows have numbers; if this line is a header, say --header");
}
END_TEST

START_TEST(a_row_that_is_left_out_lacks_nothing)
{
    struct dataset *d = load_text("a,b,y\n1,2,p\n2,3,q\n3,,p\n4,5,q\n5,6,p\n,,\n");
    ck_assert_msg(strstr(d->report, ", 1 missing value filled in, 1 row without an answer left out"), "%s", d->report);
    dataset_free(d);
    d = load_text("a,b,y\n1,u,p\n2,v,q\n3,u,p\n4,v,q\n5,u,p\n6,,\n");
    ck_assert_uint_eq(d->inputs, 3); /* a text that only such a row lacks is no input */
    dataset_free(d);
}
END_TEST

START_TEST(the_target_has_a_name_or_a_number)
{
    struct csv_options options = usual;
    write_text("t.csv", "2020,b,c\n1,10,x\n2,20,y\n3,31,x\n1,41,y\n2,51,x\n3,61,x\n");
    options.target = "b";
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_str_eq(d->target_name, "b"); /* and so the first line is a header, although it has a number */
    ck_assert_int_eq(d->kind, TASK_REGRESS);
    ck_assert_str_eq(d->input_name[0], "2020");
    dataset_free(d);
    write_text("t.csv", "1,10,x\n2,20,y\n3,30,x\n1,40,y\n2,50,x\n1,60,x\n");
    options.target = "1";
    d = load_with("t.csv", &options);
    ck_assert_str_eq(d->target_name, "column 1");
    dataset_free(d);
    write_text("t.csv", "colour,quality,age\n1,10,4\n2,20,5\n3,30,7\n");
    options.target = "qualty";
    refuse_with("t.csv", &options, STATUS_USAGE, "no column 'qualty' (there are 3): did you mean 'quality'?");
    options.target = "0";
    refuse_with("t.csv", &options, STATUS_USAGE, "no column '0'");
    options.target = "4";
    refuse_with("t.csv", &options, STATUS_USAGE, "no column '4'");
}
END_TEST

static void write_rows(const char *format, int rows)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a,y\n", file);
    for (int i = 0; i < rows; i++)
        fprintf(file, format, i * i, i % 7);
    fclose(file);
}

START_TEST(the_task_is_inferred_and_overridable)
{
    struct csv_options options = usual;
    write_rows("%d,%d\n", 70);
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_int_eq(d->kind, TASK_CLASSIFY);
    ck_assert_uint_eq(d->classes, 7);
    ck_assert_str_eq(d->class_name[6], "6");
    dataset_free(d);
    options.task = CSV_REGRESS;
    d = load_with("t.csv", &options);
    ck_assert_int_eq(d->kind, TASK_REGRESS);
    ck_assert_ptr_nonnull(strstr(d->report, "regression of 'y'"));
    dataset_free(d);
    options.task = CSV_INFER;
    write_rows("%d,%d.5\n", 70);
    d = load_with("t.csv", &options);
    ck_assert_int_eq(d->kind, TASK_REGRESS);
    dataset_free(d);
    options.task = CSV_CLASSIFY;
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->classes, 7);
    ck_assert_str_eq(d->class_name[0], "0.5");
    dataset_free(d);
    options.task = CSV_INFER;
    write_rows("%d,%d\n", 30); /* seven values, but hardly four rows each */
    d = load_with("t.csv", &options);
    ck_assert_int_eq(d->kind, TASK_REGRESS);
    dataset_free(d);
    write_text("t.csv", "a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n");
    d = load_with("t.csv", &options); /* two values are classes even in a truth table */
    ck_assert_uint_eq(d->classes, 2);
    dataset_free(d);
    options.task = CSV_REGRESS;
    write_text("t.csv", "a,y\n1,2\n2,3\n3,much\n4,5\n");
    refuse_with("t.csv", &options, STATUS_FAILED,
                "t.csv:4: target 'y' is a text, 'much', but regression needs numbers");
}
END_TEST

START_TEST(regression_is_standardised_and_leads_back)
{
    struct dataset *d = load_text("a,y\n1,1e9\n2,1000000020\n3,1000000030.5\n4,1000000041\n5,1000000050\n6,1000000061\n"
                                  "7,1000000070\n8,1000000081\n");
    double mean = 0.0, square = 0.0;
    for (size_t row = 0; row < d->train; row++)
        mean += (double)d->target[row] / (double)d->train;
    for (size_t row = 0; row < d->train; row++)
        square += (double)d->target[row] * (double)d->target[row] / (double)d->train;
    ck_assert_double_eq_tol(mean, 0.0, 1e-6);
    ck_assert_double_eq_tol(square, 1.0, 1e-6);
    size_t row = row_with(d, 3.0);
    /* a float alone knows a billion to within 64 */
    ck_assert_double_eq_tol((double)d->target[row] * d->target_sd + d->target_mean, 1000000030.5, 1e-4);
    dataset_free(d);
}
END_TEST

START_TEST(texts_become_inputs)
{
    struct dataset *d =
        load_text("n,colour,y\n1,red,0\n2,green,1\n3,,0\n4,red,1\n5,green,0\n6,blue,1\n7,blue,0\n8,red,1\n");
    ck_assert_uint_eq(d->inputs, 5);
    static const char *const names[] = {"n", "colour=blue", "colour=green", "colour=red", "colour=missing"};
    static const size_t hot[] = {0, 3, 2, 4, 3, 2, 1, 1, 3};
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(d->input_name[i], names[i]);
    for (size_t raw = 1; raw <= 8; raw++) {
        const float *x = d->x + 5 * row_with(d, (double)raw);
        for (size_t i = 1; i < 5; i++)
            ck_assert(x[i] == (i == hot[raw] ? 1.0f : 0.0f));
    }
    ck_assert_double_eq(d->input_sd[2], 1.0);
    ck_assert_double_eq(d->input_mean[2], 0.0);
    ck_assert_ptr_nonnull(strstr(d->report, "1 numeric column, 1 text column as 4 inputs"));
    dataset_free(d);
    d = load_text("n,flag,y\n1,yes,0\n2,,1\n3,yes,0\n4,,1\n"); /* one text, there or not */
    ck_assert_uint_eq(d->inputs, 3);
    ck_assert_str_eq(d->input_name[2], "flag=missing");
    dataset_free(d);
}
END_TEST

START_TEST(columns_that_teach_nothing_are_left_out)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("id,name,nothing,unit,value,y\n", file);
    for (int i = 0; i < 80; i++)
        fprintf(file, "%d,someone %d,,kg,%d,%c\n", i + 1, i, i * i, i % 2 ? 'p' : 'q');
    fclose(file);
    struct dataset *d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->inputs, 1);
    ck_assert_str_eq(d->input_name[0], "value");
    ck_assert_ptr_nonnull(strstr(d->report, "left out: 'id' (it numbers the rows), 'name' (80 different texts), "
                                            "'nothing' (empty) and 1 more"));
    dataset_free(d);
}
END_TEST

/* Numbers that ascend, but not by 1, are no numbers of rows. */
START_TEST(a_column_called_id_may_be_a_quantity)
{
    struct dataset *d = load_text("id,y\n1,p\n2,q\n3,p\n5,q\n6,p\n8,q\n");
    ck_assert_uint_eq(d->inputs, 1);
    dataset_free(d);
}
END_TEST

START_TEST(missing_values_become_the_training_mean)
{
    struct dataset *d =
        load_text("k,a,y\n1,1,p\n2,?,q\n3,NA,p\n4,,q\n5,nan,p\n6,5,q\n7,null,p\n8,9,\n9,\"\",q\n10,N/A,p\n"
                  "11,7,q\n12,3,p\n");
    ck_assert_uint_eq(d->rows, 11);
    static const int gone[] = {2, 3, 4, 5, 7, 9, 10};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        ck_assert(d->x[2 * row_with(d, gone[i]) + 1] == 0.0f);
    ck_assert_ptr_nonnull(strstr(d->report, "7 missing values filled in, 1 row without an answer left out"));
    dataset_free(d);
}
END_TEST

START_TEST(names_in_a_small_table_are_left_out)
{
    struct dataset *d = load_text("who,v,y\nann,1,p\nbob,2,q\ncid,3,p\ndan,4,q\neve,5,p\nann,6,q\n");
    ck_assert_uint_eq(d->inputs, 1);
    ck_assert_ptr_nonnull(strstr(d->report, "left out: 'who' (5 different texts)"));
    dataset_free(d);
}
END_TEST

/* Figures of the training rows only: with raw values known from another column. */
START_TEST(standardisation_uses_training_rows_only)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a,b,c,y\n", file);
    for (int i = 0; i < 101; i++)
        fprintf(file, "%d,%d,%d,%d\n", i, i * i * i % 97, 42, i % 3);
    fclose(file);
    struct dataset *d = load_with("t.csv", &usual);
    ck_assert_uint_eq(d->train, 76);
    for (size_t j = 0; j < 2; j++) {
        double mean = 0.0, square = 0.0, raw_mean = 0.0, all = 0.0;
        for (size_t row = 0; row < d->rows; row++) {
            int raw = (int)lround((double)d->x[3 * row] * d->input_sd[0] + d->input_mean[0]);
            double value = j ? raw * raw * raw % 97 : raw;
            double x = (double)d->x[3 * row + j];
            ck_assert_double_eq_tol(x, (value - d->input_mean[j]) / d->input_sd[j], 1e-5);
            all += value / (double)d->rows;
            if (row >= d->train)
                continue;
            mean += x / (double)d->train;
            square += x * x / (double)d->train;
            raw_mean += value / (double)d->train;
        }
        ck_assert_double_eq_tol(mean, 0.0, 1e-6);
        ck_assert_double_eq_tol(square, 1.0, 1e-6);
        ck_assert_double_eq_tol(d->input_mean[j], raw_mean, 1e-6);
        ck_assert(fabs(all - raw_mean) > 1e-3);
    }
    for (size_t row = 0; row < d->rows; row++) /* constant */
        ck_assert(d->x[3 * row + 2] == 0.0f);
    ck_assert_double_eq(d->input_mean[2], 42.0);
    ck_assert_double_eq(d->input_sd[2], 1.0);
    dataset_free(d);
}
END_TEST

START_TEST(the_split_is_stratified_and_seeded)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a,y\n", file);
    for (int i = 0; i < 1000; i++)
        fprintf(file, "%d,%s\n", i, i < 600 ? "many" : i < 995 ? "some" : "few");
    fclose(file);
    struct csv_options options = {.test_fraction = 0.2, .seed = 1};
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->train, 800);
    size_t seen[3] = {0};
    for (size_t row = 0; row < d->train; row++) {
        seen[d->label[row]]++;
        if (row == 2)
            for (size_t c = 0; c < 3; c++)
                ck_assert_uint_eq(seen[c], 1);
        ck_assert_double_le(fabs((double)seen[1] - 0.6 * (double)(row + 1)), 2.0);
        ck_assert_double_le(fabs((double)seen[0] - 0.005 * (double)(row + 1)), 1.01);
    }
    ck_assert_uint_eq(seen[0], 4);
    options.seed = 2;
    struct dataset *e = load_with("t.csv", &options);
    ck_assert_mem_ne(d->x, e->x, d->rows * sizeof *d->x);
    options.seed = 1;
    struct dataset *f = load_with("t.csv", &options);
    ck_assert_mem_eq(d->x, f->x, d->rows * sizeof *d->x);
    dataset_free(d);
    dataset_free(e);
    dataset_free(f);
}
END_TEST

START_TEST(a_test_file_matches_by_name)
{
    write_text("t.csv", "a,colour,y\n1,red,p\n2,blue,q\n3,red,p\n4,blue,q\n");
    write_text("u.csv", "y,extra,colour,a\np,9,blue,10\nq,9,green,20\np,9,,?\n");
    struct csv_options options = usual;
    options.test_path = "u.csv";
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->train, 4);
    ck_assert_uint_eq(d->rows, 7);
    ck_assert_double_eq_tol(d->input_mean[0], 2.5, 1e-9);
    const float *x = d->x + 4 * 3;
    ck_assert_float_eq_tol(x[0], (float)(7.5 / sqrt(1.25)), 1e-5f);
    ck_assert(x[1] == 1.0f && x[2] == 0.0f);
    ck_assert(x[4] == 0.0f && x[5] == 0.0f); /* green was never met */
    ck_assert(x[6] == 0.0f && x[7] == 0.0f && x[8] == 0.0f);
    ck_assert_int_eq(d->label[4], 0);
    ck_assert_int_eq(d->label[5], 1);
    dataset_free(d);
    write_text("u.csv", "a,y\n1,p\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "u.csv:1: no column 'colour', which the training file has");
    write_text("u.csv", "a,colour,y\n1,red,p\n1,red,r\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "u.csv:3: 'y' is 'r', a class that no training row has");
    write_text("u.csv", "a,colour,y\nten,red,p\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "u.csv:2: 'a' is 'ten' where the training rows have numbers");
    write_text("u.csv", "1,red,p\n2,red,p\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "u.csv: has no header while the training file has one");
    write_text("u.csv", "a,colour,y\n");
    refuse_with("t.csv", &options, STATUS_FAILED, "u.csv: has no rows with an answer");
    options.test_path = "none.csv";
    refuse_with("t.csv", &options, STATUS_FAILED, "none.csv: cannot be opened");
}
END_TEST

START_TEST(a_column_that_turns_into_texts)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a,b,y\n", file);
    for (int i = 0; i < 999; i++)
        fprintf(file, "%d,%d,%d\n", i % 3, i, i % 2);
    fputs("many,7,1\n", file);
    fclose(file);
    struct dataset *d = load_with("t.csv", &usual); /* three numbers and a text: four texts */
    ck_assert_uint_eq(d->inputs, 5);
    ck_assert_str_eq(d->input_name[0], "a=0");
    ck_assert_str_eq(d->input_name[3], "a=many");
    ck_assert_ptr_nonnull(strstr(d->report, "'a' read as texts because of 'many' in line 1001"));
    dataset_free(d);
    file = fopen("t.csv", "ab");
    ck_assert_ptr_nonnull(file);
    fputs("1,seven,1\n", file); /* a thousand numbers and a text: a slip */
    fclose(file);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:1002: 'b' is 'seven' where other rows have numbers");
    file = fopen("t.csv", "ab");
    ck_assert_ptr_nonnull(file);
    fputs("1,eight,1\n", file);
    fclose(file);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:1002: 'b' is 'seven' where other rows have numbers");
    struct csv_options options = usual;
    options.target = "b";
    refuse_with("t.csv", &options, STATUS_FAILED, "t.csv:1002: 'b' is 'seven' where other rows have numbers");
}
END_TEST

START_TEST(standard_input_is_read)
{
    write_text("t.csv", "a,y\n1,x\n2,y\n3,x\n4,y\n");
    ck_assert_ptr_nonnull(freopen("t.csv", "rb", stdin));
    struct dataset *d = load_with("-", &usual);
    ck_assert_str_eq(d->name, "standard input");
    ck_assert_uint_eq(d->rows, 4);
    dataset_free(d);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_plain_table);
    tcase_add_test(tests, spellings);
    tcase_add_test(tests, quotes_hold_separators_quotes_and_lines);
    tcase_add_test(tests, headers_are_inferred);
    tcase_add_test(tests, a_row_that_is_left_out_lacks_nothing);
    tcase_add_test(tests, the_target_has_a_name_or_a_number);
    tcase_add_test(tests, the_task_is_inferred_and_overridable);
    tcase_add_test(tests, regression_is_standardised_and_leads_back);
    tcase_add_test(tests, texts_become_inputs);
    tcase_add_test(tests, columns_that_teach_nothing_are_left_out);
    tcase_add_test(tests, names_in_a_small_table_are_left_out);
    tcase_add_test(tests, a_column_called_id_may_be_a_quantity);
    tcase_add_test(tests, missing_values_become_the_training_mean);
    tcase_add_test(tests, standardisation_uses_training_rows_only);
    tcase_add_test(tests, the_split_is_stratified_and_seeded);
    tcase_add_test(tests, a_test_file_matches_by_name);
    tcase_add_test(tests, a_column_that_turns_into_texts);
    tcase_add_test(tests, standard_input_is_read);
    suite_add_tcase(suite, tests);
    return suite;
}
