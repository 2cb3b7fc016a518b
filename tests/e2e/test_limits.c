/* Limits that the system sets on memory and stack (ulimit): the program runs, or says what is lacking, and ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/process.h"
#include "unit/suite.h"

#define WIDE "samples/digits.csv --headless --steps 2 --journal none --hidden 2048,2048"

/* Runs under a limit of the shell that starts the program. */
static struct outcome run_limited(const char *limit, const char *arguments)
{
    char words[512];
    char *program = strdup(process_program());
    snprintf(words, sizeof words, "-c '%s; exec %s %s'", limit, program, arguments);
    setenv("DOWNHILL", "sh", 1);
    struct outcome run = process_run(words, NULL);
    setenv("DOWNHILL", program, 1);
    free(program);
    return run;
}

static void ends(const char *limit, const char *arguments, int status, const char *said)
{
    struct outcome run = run_limited(limit, arguments);
    ck_assert_msg(run.status == status, "%s %s: %d %s", limit, arguments, run.status, run.err);
    ck_assert_msg(strstr(run.err, said) != NULL, "%s %s: %s", limit, arguments, run.err);
    outcome_free(&run);
}

#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
/* The matrix library has begun threads that get no memory; small nets need none of it. */
START_TEST(a_run_ends_where_memory_is_short)
{
    ends("ulimit -v 100000", "spiral --headless --steps 20 --journal none", 0, "");
    ends("ulimit -v 150000", "spiral --headless --steps 20 --journal none --threads 2", 0, "");
    ends("ulimit -v 100000", "spiral --headless --no-such-option", 2, "--no-such-option");
    ends("ulimit -v 100000", WIDE, 1, "out of memory");
    ends("ulimit -v 200000", WIDE " --threads 2", 1, "the matrix library takes 274 MB for 2 threads");
}
END_TEST
#endif

START_TEST(a_small_stack_is_refused_or_raised)
{
    ends("ulimit -Ss 64", "spiral --headless --steps 20 --journal none", 0, "");
    ends("ulimit -s 64", "spiral --headless --steps 20 --journal none", 1, "the stack is limited to 64 kB");
    ends("ulimit -s 256", "spiral --headless --steps 20 --journal none", 0, "");
    ends("ulimit -s 256", WIDE " --threads 2", 0, "");
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("limits");
    TCase *tests = tcase_create("limits");
    tcase_set_timeout(tests, 120);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    tcase_add_test(tests, a_run_ends_where_memory_is_short);
#endif
    tcase_add_test(tests, a_small_stack_is_refused_or_raised);
    suite_add_tcase(suite, tests);
    return suite;
}
