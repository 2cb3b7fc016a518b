/* The log of a worker that is driven directly: a row for each logged step and event, whoever looks on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/random.h"
#include "engine/worker.h"
#include "store/sink.h"
#include "suite.h"
#include "support/workers.h"

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    char *text = mem_alloc(1 << 20, 1);
    const size_t size = fread(text, 1, (1 << 20) - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

static char *log_of(struct bench bench, bool headless)
{
    char path[] = "/tmp/downhill-worker-XXXXXX";
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    bench.spec.log_path = mem_string(path);
    start(&bench, false, headless, 0);
    struct run_event echo;
    do
        echo = hear(&bench);
    while (echo.status.state == SESSION_RUNNING);
    stop(&bench);
    char *text = read_file(path);
    unlink(path);
    return text;
}

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; (text = strchr(text, '\n')); text++)
        lines++;
    return lines;
}

START_TEST(the_log_has_a_row_for_each_logged_step_and_each_event)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 100;
    bench.spec.log_every = 25;
    spec_add_turn(&bench.spec, 30, KNOB_LR, 0.5);
    char *text = log_of(bench, true);
    ck_assert_uint_eq(lines_of(text), 1 + 6); /* header, 0 25 31 50 75 100 */
    /* The step before which the rate changed is the first that used it. */
    const char *row = strstr(text, "\n31,");
    ck_assert_ptr_nonnull(row);
    ck_assert_ptr_nonnull(strstr(row, ",0.5,10,0,"));
    ck_assert_ptr_nonnull(strstr(row, "lr 0.2 → 0.5\n"));
    /* Step 0 is an evaluation before any training: no loss of a batch. */
    ck_assert_ptr_nonnull(strstr(text, "\n0,0,0,train,,0."));
    mem_free(text);
}
END_TEST

START_TEST(the_log_does_not_know_the_screen)
{
    char *text[2];
    for (int i = 0; i < 2; i++) {
        struct bench bench = bench_of("spiral");
        bench.spec.steps = 400;
        bench.spec.points = 20;
        give(&bench.spec, KNOB_EARLY_STOP, 1);
        give(&bench.spec, KNOB_PATIENCE, 4);
        give(&bench.spec, KNOB_SPEED, i ? 20000 : 0);
        text[i] = log_of(bench, i == 0);
    }
    ck_assert_str_eq(text[0], text[1]);
    mem_free(text[0]);
    mem_free(text[1]);
}
END_TEST

START_TEST(the_log_tells_of_the_step_that_failed)
{
    struct bench bench = bench_of("sine");
    give(&bench.spec, KNOB_LR, 1000);
    char *text = log_of(bench, true);
    const char *row = strstr(text, "not finite at step");
    ck_assert_ptr_nonnull(row);
    ck_assert_uint_eq(lines_of(row), 1); /* it is the last one */
    mem_free(text);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("worker_log");
    TCase *tests = tcase_create("worker_log");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, the_log_has_a_row_for_each_logged_step_and_each_event);
    tcase_add_test(tests, the_log_does_not_know_the_screen);
    tcase_add_test(tests, the_log_tells_of_the_step_that_failed);
    suite_add_tcase(suite, tests);
    return suite;
}
