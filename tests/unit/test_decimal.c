/* Decimal numbers of tables, against the C library. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/decimal.h"
#include "suite.h"

/* Decimals against the C library. */
START_TEST(decimals_are_exact)
{
    srand(3);
    for (int i = 0; i < 100000; i++) {
        char text[64 + DECIMAL_PADDING] = "";
        int digits = 1 + rand() % 15, point = rand() % (digits + 1);
        size_t used = 0;
        if (rand() % 2)
            text[used++] = '-';
        for (int k = 0; k < digits; k++) {
            if (k == point)
                text[used++] = '.';
            text[used++] = (char)('0' + rand() % 10);
        }
        if (rand() % 8 == 0)
            used += (size_t)sprintf(text + used, "e%d", rand() % 16 - 8);
        text[used] = ',';
        double value = 0.0, expected = strtod(text, NULL);
        bool whole = decimal_read(text, '.', '.', &value) == text + used;
        if (!whole || (float)value != (float)expected || fabs(value - expected) > 4e-16 * fabs(expected))
            ck_abort_msg("%s", text); /* an assertion of Check a number would take minutes */
    }
}
END_TEST

START_TEST(odd_decimals)
{
    static const struct {
        const char *text;
        int length; /* of the number; -1: none */
    } cases[] = {
        {"1,", 1},
        {"", -1},
        {"-", -1},
        {"+.", -1},
        {".", -1},
        {".5", 2},
        {"5.", 2},
        {"1e", 1},
        {"1e+", 1},
        {"1e+2", 4},
        {"1.2.3", 3},
        {"--1", -1},
        {"0x10", 1},
        {"e5", -1},
        {"12345678901234567890123", 23},
        {"1234567890e-400x", 15},
        {"00000000000000000000000000001", 29},
        {"0.00000000000000000000000000000000000000000000001", 49},
        {"1 ", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128] = "";
        double value = 0.0;
        strcpy(text, cases[i].text);
        const char *end = decimal_read(text, '.', '.', &value);
        ck_assert_msg(cases[i].length < 0 ? !end : end == text + cases[i].length, "%s", text);
        if (end) {
            double expected = strtod(strncmp(text, "0x", 2) ? text : "0", NULL);
            ck_assert_msg(fabs(value - expected) <= 1e-15 * fabs(expected), "%s: %g", text, value);
        }
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("decimal");
    TCase *tests = tcase_create("decimal");
    tcase_add_test(tests, decimals_are_exact);
    tcase_add_test(tests, odd_decimals);
    suite_add_tcase(suite, tests);
    return suite;
}
