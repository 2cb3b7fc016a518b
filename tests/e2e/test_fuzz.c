/* Each parser's fuzzer for a moment, so that what it expects stays true: `make fuzz` is the long form.  The crashing
 * input is left in ./fuzz-crash. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/process.h"
#include "unit/suite.h"

#define MUTATIONS 20000

static const char *const fuzzers[] = {"cli",    "corpus", "csv",    "features", "journal",   "line",
                                      "number", "recipe", "source", "text",     "tokenizer", "weights"};

START_TEST(a_fuzzer_finds_nothing)
{
    char folder[512], command[1200];
    snprintf(folder, sizeof folder, "%s", process_program());
    char *name = strrchr(folder, '/');
    ck_assert_ptr_nonnull(name);
    *name = '\0';
    snprintf(command, sizeof command, "%s/tests/fuzz/fuzz_%s tests/fuzz/corpus/%s %d >/dev/null", folder, fuzzers[_i],
             fuzzers[_i], MUTATIONS);
    ck_assert_msg(system(command) == 0, "%s", command);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("fuzz");
    TCase *cases = tcase_create("fuzz");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, a_fuzzer_finds_nothing, 0, sizeof fuzzers / sizeof fuzzers[0]);
    suite_add_tcase(suite, cases);
    return suite;
}
