/* How a CSV file is written: separators, decimal marks, thousands, titles, comments and "sep=" lines are found. */
#include "data/separator.h"
#include "suite.h"
#include "support/tables.h"

/* Three inputs (1.3 1.4 5.1 in the first row) and two classes, in the words of a case. */
static void check_three(const char *text, size_t rows)
{
    struct dataset *d = load_text(text);
    ck_assert_msg(d->inputs == 3 && d->classes == 2 && d->rows == rows, "%s: %s", text, d->report);
    const float *x = d->x + 3 * row_with(d, 1.3);
    ck_assert_msg(fabs((double)x[1] * d->input_sd[1] + d->input_mean[1] - 1.4) < 1e-6, "%s", text);
    ck_assert_msg(fabs((double)x[2] * d->input_sd[2] + d->input_mean[2] - 5.1) < 1e-6, "%s", text);
    ck_assert_str_eq(d->class_name[0], "A");
    dataset_free(d);
}

/* Replaces '|' by the separator. */
static const char *with(char *to, const char *text, char separator)
{
    size_t i = 0;
    for (; text[i]; i++)
        to[i] = text[i] == '|' ? separator : text[i];
    to[i] = '\0';
    return to;
}

static const char separators[] = {';', '\t', '|'};

START_TEST(csv_cuts_at_the_separator_and_not_at_decimal_commas)
{
    static const char *const texts[] = {
        "1,3|1,4|5,1|A\n2,2|-3,1|5,0|B\n-1,0|-1,4|5,2|A\n3,1|-1,5|4,1|B\n0,0|-0,1|3,5|A\n",
        "length, cm|width, cm|depth|kind\n1,3|1,4|5,1|A\n2,2|-3,1|5|B\n-1,0|-1,4|5|A\n3,1|-1,5|4|B\n0,0|-0,1|3|A\n",
        "\"1,3\"|\"1,4\"|\"5,1\"|A\n2,2|-3,1|5,0|B\n-1,0|-1,4|5,2|\"A\"\n3,1|-1,5|4,1|B\n0,0|-0,1|3,5|A\n",
        "1.3|1.4|5.1|A\n2.2|-3.1|5.0|B\n-1.0|-1.4|5.2|A\n3.1|-1.5|4.1|B\n0.0|-0.1|3.5|A\n",
    };
    char text[400];
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (size_t s = 0; s < sizeof separators; s++)
            check_three(with(text, texts[i], separators[s]), 5);
    check_three("\"1,3\",\"1,4\",\"5,1\",A\n\"2,2\",3,5,B\n-1,\"-1,4\",\"5,2\",A\n3,\"-1,5\",4,B\n0,0,\"3,5\",A\n", 5);
}
END_TEST

static char guessed(const char *text)
{
    return separator_guess(text, text + strlen(text));
}

/* The width of most records counts, not the largest; and what a doubled quote holds together is one cell. */
START_TEST(csv_cuts_at_what_most_records_agree_on)
{
    static const char wide[] = "1,5;2;A\n2,5;3;B\n3,5;4;A\n4,5;5;B\n5,5;6;A\n6,5;7;B\nall;of;them;and;more\n";
    static const char commented[] = "# a;b;c;d\n# e;f;g;h\n# i;j;k;l\n1;2\n3;4\n", quoted[] = "\"a;b\";c;d";
    ck_assert_uint_eq(separator_width(wide, wide + sizeof wide - 1, ';'), 3);
    ck_assert_uint_eq(separator_width(commented, commented + sizeof commented - 1, ';'), 2);
    ck_assert_uint_eq(separator_count(quoted, quoted + sizeof quoted - 1, ';'), 2);
    ck_assert_int_eq(guessed("\"a \"\"p;q\"\" b\";1,5;A\n\"c \"\"r;s;t;u\"\" d\";2,5;B\n\"e \"\"v\"\" f\";3,5;A\n"
                             "\"g \"\"w;x;y\"\" h\";4,5;B\n"),
                     ';');
}
END_TEST

START_TEST(csv_keeps_the_comma_where_texts_hold_other_separators)
{
    struct dataset *d = load_text("id,title,genres,y\n1,Up,Action|Drama,p\n2,It,Comedy|Drama,q\n3,Us,Action|War,p\n"
                                  "4,Ed,Action|Drama,q\n5,Up,Comedy|Drama,p\n6,Us,Action|War,q\n");
    ck_assert_str_eq(d->target_name, "y");
    ck_assert_uint_eq(d->classes, 2);
    dataset_free(d);
    d = load_text("name;x;y\nDoe, Ann;1;p\nRoe, Bob;2;q\nDoe, Ann;3;p\nRoe, Bob;4;q\nDoe, Ann;5;p\nRoe, Bob;6;q\n");
    ck_assert_str_eq(d->input_name[0], "name=Doe, Ann");
    dataset_free(d);
    /* the comma would leave numbers, too, but a semicolon in each other cell */
    d = load_text("12, Main Street;red;p\n14, Mill Lane;blue;q\n12, Main Street;blue;p\n14, Mill Lane;red;q\n"
                  "12, Main Street;red;p\n14, Mill Lane;blue;q\n12, Main Street;blue;p\n14, Mill Lane;red;q\n");
    ck_assert_str_eq(d->class_name[0], "p");
    dataset_free(d);
    /* either would cut each row in two: the one that leaves numbers */
    d = load_text("Doe, Ann;1\nRoe, Bob;0\nDoe, Ann;1\nRoe, Bob;0\nDoe, Ann;1\nRoe, Bob;0\n");
    ck_assert_str_eq(d->class_name[0], "0");
    dataset_free(d);
}
END_TEST

/* The first input and the second of the row whose first is `raw`. */
static void check_second(const char *text, double raw, double second)
{
    struct dataset *d = load_text(text);
    ck_assert_msg(d->inputs == 2, "%s: %s", text, d->report);
    const float *x = d->x + 2 * row_with(d, raw);
    const double found = (double)x[1] * d->input_sd[1] + d->input_mean[1];
    ck_assert_msg(fabs(found - second) < 1e-4 * second, "%s: %g", text, found);
    dataset_free(d);
}

START_TEST(csv_reads_thousands_where_the_decimal_mark_is_known)
{
    static const struct {
        const char *text;
        double first, second;
    } cases[] = {
        {"area;price;y\n31,6;3.092;p\n7,3;957;q\n5,5;676;p\n38,7;4.045;q\n8,5;1.200;p\n", 31.6, 3092},
        {"area;price;y\n31,6;3.092,5;p\n7,3;957;q\n5,5;676;p\n38,7;1.004.045;q\n8,5;1.200;p\n", 31.6, 3092.5},
        {"area;price;y\n31.6;3,092;p\n7.3;957;q\n5.5;676;p\n38.7;4,045;q\n8.5;1,200;p\n", 31.6, 3092},
        {"area,price,y\n31.6,\"3,092\",p\n7.3,957,q\n5.5,676,p\n38.7,\"4,045\",q\n8.5,\"1,200\",p\n", 31.6, 3092},
        {"area,price,y\n31.6,\"3,092.5\",p\n7.3,957.25,q\n5.5,676,p\n8.7,\"1,004,045\",q\n8.5,12,p\n", 31.6, 3092.5},
        {"area,price,y\n1.5,3 092.5,p\n7.3,957.25,q\n5.5,676,p\n8.7,1 004 045,q\n8.5,12,p\n", 1.5, 3092.5},
        {"area;price;y\n1,5;3\xc2\xa0"
         "092,5;p\n7,3;957;q\n5,5;676;p\n8,7;1\xe2\x80\xaf"
         "004\xe2\x80\xaf"
         "045;q\n8,5;12;p\n",
         1.5, 3092.5},
        {"area;price;y\n1.5;3'092.5;p\n7.3;957;q\n5.5;676;p\n8.7;1'004'045;q\n8.5;12;p\n", 1.5, 3092.5},
        {"area\tprice\ty\n1.5\t3,092\tp\n7.3\t957\tq\n5.5\t676\tp\n8.7\t1,004,045\tq\n8.5\t12\tp\n", 1.5, 3092},
        /* no column shows a decimal comma: points are points */
        {"area;price;y\n31;3.092;p\n7;0.957;q\n5;6.76;p\n38;4.045;q\n8;1.200;p\n", 31, 3.092},
        {"area;price;y\n31;3.092;p\n7;957;q\n5;676;p\n38;4.045;q\n8;1.200;p\n", 31, 3.092},
        /* whole numbers of four digits: the comma parts no thousands */
        {"area;price;y\n31;3,092;p\n7;1957;q\n5;2676;p\n38;4,045;q\n8;1,200;p\n", 31, 3.092},
        /* the same where another column shows a decimal comma: 1957 beside 3.092 */
        {"area;price;y\n31,6;3.092;p\n7,3;1957;q\n5,5;2676;p\n38,7;4.045;q\n8,5;1.200;p\n", 31.6, 3.092},
        /* no thousands begin with a zero */
        {"area;price;y\n31,6;3.092;p\n7,3;0.957;q\n5,5;2.676;p\n38,7;4.045;q\n8,5;1.200;p\n", 31.6, 3.092},
        /* a number in a column of texts shows no mark */
        {"area;price;note;y\n31;3.092;ann;p\n7;2.957;1,5;q\n5;2.676;bob;p\n38;4.045;cid;q\n8;1.200;dan;p\n", 31, 3.092},
        /* each column has a mark of its own */
        {"lat;price;y\n48.1374;31,6;p\n11.575;7,3;q\n50.11;5,5;p\n8.68;38,7;q\n9.1;8,5;p\n", 48.1374, 31.6},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_second(cases[i].text, cases[i].first, cases[i].second);
}
END_TEST

START_TEST(csv_takes_no_telephone_for_a_number)
{
    struct dataset *d = load_text("tel;x;y\n555 123;1;p\n555 124;2;q\n555 125;3;p\n555 126;4;q\n555 127;5;p\n");
    ck_assert_uint_eq(d->inputs, 1);
    ck_assert_ptr_nonnull(strstr(d->report, "left out: 'tel' (5 different texts)"));
    dataset_free(d);
}
END_TEST

START_TEST(csv_says_the_line_that_contradicts_the_decimal_mark)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a;y\n", file);
    for (int i = 0; i < 5000; i++)
        fprintf(file, "%d,%d;%c\n", i % 97, i % 10, i % 2 ? 'p' : 'q');
    fputs("4.25;p\n", file);
    fclose(file);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:5002: 'a' is '4.25' where other rows have numbers");
}
END_TEST

/* One point among a hundred commas is a slip, and no second mark of the column. */
START_TEST(csv_takes_a_single_other_mark_for_a_slip)
{
    FILE *file = fopen("t.csv", "wb");
    ck_assert_ptr_nonnull(file);
    fputs("a;y\n", file);
    for (int i = 0; i < 100; i++)
        fprintf(file, i == 50 ? "4.25;p\n" : "%d,%d;%c\n", i, i % 10, i % 2 ? 'p' : 'q');
    fclose(file);
    refuse_with("t.csv", &usual, STATUS_FAILED, "t.csv:52: 'a' is '4.25' where other rows have numbers");
}
END_TEST

START_TEST(csv_obeys_a_separator_line)
{
    static const char *const lines[] = {"sep=|\n", "sep=|\r\n", "\"sep=|\"\n", "sep=| \n", "\xef\xbb\xbfsep=|\r\n",
                                        "sep=|\r"};
    static const char table[] = "a,b|b|c|y\n1,3|1,4|5,1|A\n2,2|-3,1|5,0|B\n-1,0|-1,4|5,2|A\n3,1|-1,5|4,1|B\n";
    char text[400], line[40], rows[300];
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        for (size_t s = 0; s < sizeof separators; s++) {
            snprintf(text, sizeof text, "%s%s", with(line, lines[i], separators[s]), with(rows, table, separators[s]));
            check_three(text, 4);
        }
    check_three("sep=\\t\na\tb\tc\ty\n1,3\t1,4\t5,1\tA\n2,2\t-3,1\t5,0\tB\n-1,0\t-1,4\t5,2\tA\n3\t5\t4,1\tB\n", 4);
    check_three("sep=,\na,b,c,y\n1.3,1.4,5.1,A\n2.2,3.1,5,B\n1,1.4,5.2,A\n3.1,1.5,4.1,B\n", 4);
    check_three("sep=:\na:b:c:y\n1,3:1,4:5,1:A\n2,2:-3,1:5,0:B\n-1,0:-1,4:5,2:A\n3,1:-1,5:4,1:B\n", 4);
    refuse_text("sep=;\na;y\n1;2\n3\n", "t.csv:4: 1 field where the header has 2"); /* lines of the file */
}
END_TEST

START_TEST(csv_skips_titles_and_comments)
{
    static const char *const befores[] = {
        "Report of the year\n",      "Report|||\n",
        "\n\nReport\nall of it\n\n", "# made by hand\n",
        "# a|b\n#\n# more, \"odd\n", "Date|2024-01-02\nBy|Ann\n\n",
        "Title\n# note\n",           "# note\nTitle\n",
    };
    static const char table[] = "a|b|c|y\n1,3|1,4|5,1|A\n2,2|-3,1|5,0|B\n-1,0|-1,4|5,2|A\n3,1|-1,5|4,1|B\n";
    char text[400], before[100], rows[300];
    for (size_t i = 0; i < sizeof befores / sizeof *befores; i++)
        for (size_t s = 0; s < sizeof separators; s++) {
            snprintf(text, sizeof text, "%s%s", with(before, befores[i], separators[s]),
                     with(rows, table, separators[s]));
            check_three(text, 4);
        }
    check_three("# by hand\na,b,c,y\n1.3,1.4,5.1,A\n# half of it\n2,3,5,B\n1,1.4,5.2,A\n3,1.5,4.1,B\n# end\n", 4);
    check_three("# by hand\r\na,b,c,y\r\n1.3,1.4,5.1,A\r\n2,3,5,B\r\n1,1.4,5.2,A\r\n3,1.5,4.1,B\r\n#\r\n", 4);
    check_three("# by hand\ra,b,c,y\r1.3,1.4,5.1,A\r2,3,5,B\r1,1.4,5.2,A\r3,1.5,4.1,B\r#\r", 4);
}
END_TEST

/* Only titles above a table are skipped: neither numbers, nor what stands above too few rows. */
START_TEST(csv_skips_nothing_but_titles)
{
    refuse_text("1,2\n3,4,5,6,p\n5,6,7,8,q\n6,7,8,9,p\n7,8,9,1,q\n", "t.csv:2: 5 fields where line 1 has 2");
    refuse_text("Report\na,b,c,y\n1,2,3,p\n", "t.csv:1: one column only");
}
END_TEST

START_TEST(csv_counts_the_lines_that_it_skips)
{
    refuse_text("# by hand\n# twice\na,b,y\n1,2,p\n2,q\n", "t.csv:5: 2 fields where the header has 3");
    refuse_text("# by hand\n# x,y,hp\n1,2,5.5\n2,3,6.5\n3,1\n", "t.csv:5: 2 fields where the header has 3");
}
END_TEST

START_TEST(csv_takes_a_commented_header_and_cells_that_begin_with_a_hash)
{
    struct dataset *d = load_text("#,name,hp\n1,ann,5.5\n2,bob,6.5\n3,ann,7.5\n4,bob,8.5\n");
    ck_assert_str_eq(d->target_name, "hp");
    ck_assert_uint_eq(d->rows, 4);
    dataset_free(d);
    d = load_text("# by hand\n# x,y,hp\n1,2,5.5\n2,3,6.5\n3,1,7.5\n4,7,8.5\n");
    ck_assert_str_eq(d->target_name, "hp");
    ck_assert_uint_eq(d->rows, 4);
    dataset_free(d);
    d = load_text("colour,x,y\n#ff0000,1,p\n#00ff00,2,q\n#ff0000,3,p\n#00ff00,4,q\n");
    ck_assert_uint_eq(d->rows, 4);
    dataset_free(d);
}
END_TEST

START_TEST(csv_prefers_a_name_to_a_number)
{
    struct csv_options options = usual;
    options.target = "3";
    write_text("t.csv", "0,1,2,3\n21,160,88,0\n73,102,195,1\n77,194,16,0\n203,71,146,1\n20,71,46,1\n");
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->classes, 2);
    ck_assert_str_eq(d->target_name, "3");
    ck_assert_ptr_nonnull(strstr(d->notes, "t.csv: read with a header of numbers (--no-header)"));
    dataset_free(d);
    options.form.header = CSV_HEADER_NO;
    d = load_with("t.csv", &options);
    ck_assert_str_eq(d->target_name, "column 3");
    ck_assert_uint_eq(d->rows, 6);
    dataset_free(d);
}
END_TEST

START_TEST(csv_obeys_its_form)
{
    struct csv_options options = usual;
    write_text("t.csv", "1;3,092;p\n2;4,25;q\n3;1,5;p\n4;7,125;q\n5;3,5;p\n");
    options.form = (struct csv_form){.separator = ',', .header = CSV_HEADER_NO};
    refuse_with("t.csv", &options, STATUS_FAILED, "target 'column 2'");
    options.form = (struct csv_form){.header = CSV_HEADER_YES};
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->rows, 4);
    ck_assert_str_eq(d->target_name, "p");
    dataset_free(d);
    write_text("t.csv", "a;b;y\n1;3.092;p\n2;4.250;q\n3;1.500;p\n4;7.125;q\n5;3.500;p\n");
    options.form = (struct csv_form){.decimal = ','};
    d = load_with("t.csv", &options);
    ck_assert_double_gt(d->input_mean[1], 1000);
    dataset_free(d);
    options.form = (struct csv_form){.decimal = '.'};
    d = load_with("t.csv", &options);
    ck_assert_double_lt(d->input_mean[1], 10);
    dataset_free(d);
}
END_TEST

START_TEST(csv_reads_its_test_file_like_the_training_file)
{
    struct csv_options options = usual;
    options.test_path = "u.csv";
    write_text("t.csv", "0;1;2\n1,5;3.092;p\n2,5;4.250;q\n3,5;1.500;p\n4,5;7.125;q\n");
    write_text("u.csv",
               "0,1,2\n2,5.092,p\n"); /* another separator, no proof of a mark, and too few rows to tell a header */
    struct dataset *d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->rows, 5);
    ck_assert_double_eq_tol((double)d->x[2 * 4 + 1] * d->input_sd[1] + d->input_mean[1], 5092, 1);
    dataset_free(d);
    write_text("t.csv", "2018,2019,class\n1,2,x\n3,4,y\n2,5,x\n3,6,y\n");
    write_text("u.csv", "2018,2019,class\n1,2,x\n"); /* alone it would be two rows */
    d = load_with("t.csv", &options);
    ck_assert_uint_eq(d->rows, 5);
    dataset_free(d);
}
END_TEST

START_TEST(csv_says_how_it_was_read)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"a,b,y\n1.5,3,p\n2.5,4,q\n3,5,p\n4,6,q\n", ""},
        {"a;b;y\n1.5;3;p\n2.5;4;q\n3;5;p\n4;6;q\n", "t.csv: read with semicolons between cells (--separator)"},
        {"a\tb\ty\n1,5\t3,5\tp\n2,5\t4\tq\n3\t5\tp\n4\t6\tq\n",
         "t.csv: read with tabs between cells (--separator), decimal commas (--decimal)"},
        {"a;b;y\n1,5;3.5;p\n2,5;4;q\n3;5;p\n4;6;q\n", "t.csv: read with semicolons between cells (--separator), "
                                                      "decimal commas in 'a' (--decimal), decimal points in 'b'"},
        {"area;price;y\n31,6;3.092;p\n7,3;957;q\n5,5;676;p\n38,7;4.045;q\n",
         "t.csv: read with semicolons between cells (--separator), decimal commas (--decimal), points that part "
         "thousands in 'price'"},
        {"area,price,y\n31.6,\"3,092\",p\n7.3,957,q\n5.5,676,p\n38.7,\"4,045\",q\n",
         "t.csv: read with commas that part thousands in 'price' (--decimal)"},
        {"n;price;y\n31;3,092;p\n7;957;q\n5;676;p\n38;4,045;q\n",
         "t.csv: read with semicolons between cells (--separator), decimal commas (--decimal), commas before three "
         "digits taken for decimal ones in 'price'"},
        {"1,2.5,p\n2,2,q\n3,5,p\n4,1,q\n", "t.csv: read with line 1 as a row of data, not as a header (--header)"},
        {"sep=;\nT\n\na;b;y\n1;2;p\n2;5;q\n3;4;p\n4;1;q\n", "t.csv: read with semicolons between cells (--separator), "
                                                            "3 lines above the table skipped (sep=, too few cells)"},
        {"# x\na,b,y\n1,2,p\n2,5,q\n3,4,p\n4,1,q\n", "t.csv: read with lines skipped that begin with #"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataset *d = load_text(cases[i].text);
        char *end = strchr(d->notes, '\n'); /* other notes follow */
        if (end)
            *end = '\0';
        ck_assert_str_eq(d->notes, cases[i].said);
        dataset_free(d);
    }
}
END_TEST

START_TEST(csv_bears_hostile_files)
{
    static const char *const texts[] = {
        ",",
        ";;;;\n",
        "|\n|\n|\n",
        "\"",
        "\"\n\"\n",
        "sep=",
        "sep=;",
        "sep=;\n",
        "sep=;;\n",
        "#",
        "#\n#\n",
        "\xef\xbb\xbf",
        "\xef\xbb\xbfsep=;\n",
        "#\r",
        "a;\"b\n1;2\n",
        "1\n2\n3\n",
        "a\n1,5\n2,5\n",
        "\t\t\n",
        "1;2",
        "\"\"\"\"\"\n",
        "sep=\"\n1\"2\n",
        "# a\n# b\nx",
        "\r\r\r",
        "\n#\n\n#",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct dataset *dataset = NULL;
        struct error error = {.status = STATUS_OK};
        write_text("t.csv", texts[i]);
        ck_assert_int_ne(csv_load(&dataset, "t.csv", &usual, &error), STATUS_OK);
        ck_assert_msg(strncmp(error.message, "t.csv", 5) == 0 && strlen(error.message) > 10, "'%s'", error.message);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("csv_form");
    TCase *tests = tcase_create("csv_form");
    tcase_add_unchecked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, csv_cuts_at_the_separator_and_not_at_decimal_commas);
    tcase_add_test(tests, csv_cuts_at_what_most_records_agree_on);
    tcase_add_test(tests, csv_keeps_the_comma_where_texts_hold_other_separators);
    tcase_add_test(tests, csv_reads_thousands_where_the_decimal_mark_is_known);
    tcase_add_test(tests, csv_takes_no_telephone_for_a_number);
    tcase_add_test(tests, csv_says_the_line_that_contradicts_the_decimal_mark);
    tcase_add_test(tests, csv_takes_a_single_other_mark_for_a_slip);
    tcase_add_test(tests, csv_obeys_a_separator_line);
    tcase_add_test(tests, csv_skips_titles_and_comments);
    tcase_add_test(tests, csv_skips_nothing_but_titles);
    tcase_add_test(tests, csv_counts_the_lines_that_it_skips);
    tcase_add_test(tests, csv_takes_a_commented_header_and_cells_that_begin_with_a_hash);
    tcase_add_test(tests, csv_prefers_a_name_to_a_number);
    tcase_add_test(tests, csv_obeys_its_form);
    tcase_add_test(tests, csv_reads_its_test_file_like_the_training_file);
    tcase_add_test(tests, csv_says_how_it_was_read);
    tcase_add_test(tests, csv_bears_hostile_files);
    suite_add_tcase(suite, tests);
    return suite;
}
