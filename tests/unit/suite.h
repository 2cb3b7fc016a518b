/* Each test file defines one suite; main.c runs it. */
#ifndef TESTS_UNIT_SUITE_H
#define TESTS_UNIT_SUITE_H

#include <check.h>

Suite *make_suite(void);

#endif
