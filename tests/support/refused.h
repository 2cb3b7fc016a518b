/* What the program refuses, for tests: with which status, and which words. */
#ifndef TESTS_SUPPORT_REFUSED_H
#define TESTS_SUPPORT_REFUSED_H

#include <check.h>
#include <string.h>

#include "support/process.h"

/* Runs; the exit status and a part of what was said on stderr must be as given. */
static inline void refuse(const char *arguments, int status, const char *said)
{
    struct outcome outcome = process_run(arguments, NULL);
    ck_assert_msg(outcome.status == status, "%s: status %d, wanted %d: %s", arguments, outcome.status, status,
                  outcome.err);
    ck_assert_msg(strstr(outcome.err, said), "%s: said '%s', wanted '%s'", arguments, outcome.err, said);
    ck_assert_msg(strncmp(outcome.err, "downhill: ", 10) == 0, "%s: said '%s'", arguments, outcome.err);
    ck_assert_str_eq(outcome.out, "");
    outcome_free(&outcome);
}

#endif
