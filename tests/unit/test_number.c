#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/random.h"
#include "suite.h"

START_TEST(numbers_are_read_with_their_suffixes)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0},
        {"-1.5", -1.5},
        {"+2", 2},
        {".5", 0.5},
        {"5.", 5},
        {"1e-3", 1e-3},
        {"20%", 0.2},
        {"2k", 2000},
        {"1.5M", 1.5e6},
        {"3G", 3e9},
        {"1E5", 1e5},
        {"0.1", 0.1},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"4.9e-324", 4.9e-324},
        {"1.7976931348623157e308", DBL_MAX},
        {"9007199254740993", 9007199254740992.0},
        {"0e999", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = -77;
        ck_assert_msg(number_parse(cases[i].text, &value), "%s", cases[i].text);
        ck_assert_msg(value == cases[i].value, "%s gives %.17g", cases[i].text, value);
    }
}
END_TEST

START_TEST(what_is_no_number_is_refused)
{
    static const char *const cases[] = {"",  " ",   "abc", "1x",       "1 ",  " 1",    "nan",   "inf",
                                        "-", ".",   "1e",  "1e+",      "--1", "0x10",  "1e999", "1%%",
                                        "%", "1,5", "k",   "infinity", "1kk", "1e300G"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = -77;
        ck_assert_msg(!number_parse(cases[i], &value), "'%s' was read as %g", cases[i], value);
        ck_assert(value == -77);
    }
}
END_TEST

/* The short cut for everyday numbers must round as strtod does. */
START_TEST(reading_rounds_correctly)
{
    char text[64];
    for (uint32_t i = 0; i < 50000; i++) {
        int digits = 1 + (int)(random_bits(1, i) % 19);
        double magnitude = pow(10, (double)(random_bits(2, i) % 60) - 30);
        snprintf(text, sizeof text, i % 2 ? "%.*e" : "%.*f", digits, (double)random_normal(3, i) * magnitude);
        double value = 0, expected = strtod(text, NULL);
        ck_assert_uint_eq(number_scan(text, strlen(text), &value), strlen(text));
        ck_assert_msg(memcmp(&value, &expected, sizeof value) == 0, "%s", text);
    }
}
END_TEST

START_TEST(scanning_stops_where_the_number_ends)
{
    double value;
    ck_assert_uint_eq(number_scan("12.5,3", 6, &value), 4);
    ck_assert(value == 12.5);
    ck_assert_uint_eq(number_scan("12345", 2, &value), 2); /* not terminated */
    ck_assert(value == 12);
    ck_assert_uint_eq(number_scan("7em", 3, &value), 1);
    ck_assert_uint_eq(number_scan("x", 1, &value), 0);
    ck_assert_uint_eq(number_scan("", 0, &value), 0);
    char nines[1000];
    memset(nines, '9', sizeof nines);
    ck_assert_uint_eq(number_scan(nines, sizeof nines, &value), 0); /* too large for a double */
}
END_TEST

START_TEST(whole_numbers_are_exact)
{
    uint64_t value = 5;
    ck_assert(number_parse_u64("18446744073709551615", &value) && value == UINT64_MAX);
    ck_assert(number_parse_u64("9007199254740993", &value) && value == 9007199254740993u);
    ck_assert(number_parse_u64("2k", &value) && value == 2000);
    ck_assert(number_parse_u64("1e6", &value) && value == 1000000);
    value = 5;
    ck_assert(!number_parse_u64("18446744073709551616", &value));
    ck_assert(!number_parse_u64("-1", &value));
    ck_assert(!number_parse_u64("1.5", &value));
    ck_assert(!number_parse_u64("", &value));
    ck_assert(!number_parse_u64("1e30", &value));
    ck_assert_uint_eq(value, 5);
}
END_TEST

START_TEST(short_numbers_have_three_digits)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},          {0.02134, "0.0213"},   {1.5, "1.5"},
        {1.999, "2"},      {0.69314718, "0.693"}, {12345, "12300"},
        {100, "100"},      {-2.5e-7, "-2.5e-7"},  {1e9, "1e9"},
        {999.9, "1000"},   {0.00099999, "0.001"}, {NAN, "nan"},
        {INFINITY, "inf"}, {-INFINITY, "-inf"},   {-0.0, "0"},
        {999999, "1e6"},   {123456, "123000"},    {0.0001, "0.0001"},
    };
    char out[32];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(number_short(out, sizeof out, cases[i].value), cases[i].text);
}
END_TEST

START_TEST(steady_numbers_keep_their_zeros)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},         {0.02, "0.0200"},     {0.0999949, "0.100"}, {0.1, "0.100"},    {1.5, "1.50"},
        {9.996, "10.0"},  {123.4, "123"},       {12345, "12300"},     {2e-4, "2.00e-4"}, {1.234e27, "1.23e27"},
        {-0.5, "-0.500"}, {0.00226, "0.00226"}, {6.86e-13, "<1e-6"},  {-1e-9, ">-1e-6"}, {0.99999e-3, "0.00100"},
        {NAN, "nan"},
    };
    char out[32];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_str_eq(number_steady(out, sizeof out, cases[i].value), cases[i].text);
}
END_TEST

START_TEST(exact_numbers_read_back)
{
    char out[40];
    ck_assert_str_eq(number_exact(out, sizeof out, 0.2), "0.2");
    ck_assert_str_eq(number_exact(out, sizeof out, 1e-4), "0.0001");
    ck_assert_str_eq(number_exact(out, sizeof out, 1e-6), "1e-6");
    ck_assert_str_eq(number_exact(out, sizeof out, 100000), "100000");
    ck_assert_str_eq(number_exact(out, sizeof out, 16777216), "16777216");
    ck_assert_str_eq(number_exact(out, sizeof out, -0.3f), "-0.3");
    for (uint32_t i = 0; i < 20000; i++) {
        float wanted;
        uint32_t bits = random_bits(9, i);
        memcpy(&wanted, &bits, sizeof wanted);
        if (!isfinite(wanted))
            continue;
        number_exact(out, sizeof out, (double)wanted);
        float back = strtof(out, NULL);
        ck_assert_msg(back == wanted, "%s", out);
    }
}
END_TEST

START_TEST(less_than_all_is_never_100_percent)
{
    char text[32];
    ck_assert_str_eq(number_percent(text, sizeof text, 0.996, 0), "99");
    ck_assert_str_eq(number_percent(text, sizeof text, 0.9996, 1), "99.9");
    ck_assert_str_eq(number_percent(text, sizeof text, 1, 0), "100");
    ck_assert_str_eq(number_percent(text, sizeof text, 1, 1), "100.0");
    ck_assert_str_eq(number_percent(text, sizeof text, 0.545, 1), "54.5");
    ck_assert_str_eq(number_percent(text, sizeof text, 0.956, 0), "96");
    ck_assert_str_eq(number_percent(text, sizeof text, 0, 1), "0.0");
}
END_TEST

START_TEST(counts_have_separators)
{
    char out[32];
    ck_assert_str_eq(number_count(out, sizeof out, 0), "0");
    ck_assert_str_eq(number_count(out, sizeof out, 999), "999");
    ck_assert_str_eq(number_count(out, sizeof out, 1000), "1,000");
    ck_assert_str_eq(number_count(out, sizeof out, 1234567), "1,234,567");
    ck_assert_str_eq(number_count(out, sizeof out, UINT64_MAX), "18,446,744,073,709,551,615");
    ck_assert_str_eq(number_count(out, 4, 1234567), "1,2");
}
END_TEST

START_TEST(logged_floats_read_back)
{
    char out[32];
    ck_assert_str_eq(number_log(out, sizeof out, (double)0.1f), "0.100000001");
    ck_assert_str_eq(number_log(out, sizeof out, 0), "0");
    ck_assert_str_eq(number_log(out, sizeof out, -NAN), "nan");
    ck_assert_str_eq(number_log(out, sizeof out, -INFINITY), "-inf");
    for (uint32_t i = 0; i < 1000; i++) {
        float value = random_normal(4, i);
        ck_assert(strtof(number_log(out, sizeof out, (double)value), NULL) == value);
    }
}
END_TEST

/* The digits that a double needs, and no more. */
START_TEST(doubles_read_back_as_they_were)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"}, /* all 17 digits count */
        {1e-300, "1e-300"},
        {9007199254740991.0, "9007199254740991"},
        {-2.5e-7, "-2.5e-7"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[40];
        double back;
        ck_assert_str_eq(number_double(text, sizeof text, cases[i].value), cases[i].text);
        ck_assert(number_parse(text, &back));
        ck_assert_mem_eq(&back, &cases[i].value, sizeof back);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("number");
    TCase *tests = tcase_create("number");
    tcase_add_test(tests, numbers_are_read_with_their_suffixes);
    tcase_add_test(tests, what_is_no_number_is_refused);
    tcase_add_test(tests, reading_rounds_correctly);
    tcase_add_test(tests, scanning_stops_where_the_number_ends);
    tcase_add_test(tests, whole_numbers_are_exact);
    tcase_add_test(tests, short_numbers_have_three_digits);
    tcase_add_test(tests, steady_numbers_keep_their_zeros);
    tcase_add_test(tests, exact_numbers_read_back);
    tcase_add_test(tests, less_than_all_is_never_100_percent);
    tcase_add_test(tests, counts_have_separators);
    tcase_add_test(tests, logged_floats_read_back);
    tcase_add_test(tests, doubles_read_back_as_they_were);
    suite_add_tcase(suite, tests);
    return suite;
}
