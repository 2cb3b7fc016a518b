#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/headless.h"
#include "base/mem.h"
#include "base/signals.h"
#include "suite.h"

/* Without a journal. */
static const struct session_options plain;

static char output[] = "/tmp/downhill-headless-XXXXXX";

/* What a run writes goes to a file. */
static void redirect(void)
{
    strcpy(output + strlen(output) - 6, "XXXXXX");
    int file = mkstemp(output);
    fflush(stdout);
    fflush(stderr);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    close(file);
}

static void tidy(void)
{
    unlink(output);
}

static const char *said(void)
{
    static char text[4000];
    fflush(stdout);
    FILE *file = fopen(output, "r");
    size_t used = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[used] = '\0';
    if (file)
        fclose(file);
    return text;
}

static void make_spec(struct spec *spec, const char *task)
{
    spec_init(spec);
    mem_free(spec->task);
    spec->task = mem_string(task);
}

static void give(struct spec *spec, enum knob_id knob, double value)
{
    spec->knobs.value[knob] = value;
    spec->knob_given[knob] = true;
}

START_TEST(a_run_needs_an_end)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "spiral");
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "--steps"));
    spec_free(&spec);
}
END_TEST

START_TEST(a_run_ends_at_its_step_and_says_how_it_went)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "spiral");
    spec.steps = 321;
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_OK);
    const char *text = said();
    ck_assert_msg(strncmp(text, "step 321  train loss 0.", 23) == 0, "%s", text);
    ck_assert_ptr_nonnull(strstr(text, " %\n"));
    ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1); /* one line, no progress */
    spec_free(&spec);
}
END_TEST

START_TEST(epochs_end_a_run_too)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "sine");
    spec.points = 40;
    spec.epochs = 3;
    give(&spec, KNOB_BATCH, 10);
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_OK);
    ck_assert_ptr_nonnull(strstr(said(), "train R² "));
    spec_free(&spec);
}
END_TEST

START_TEST(divergence_has_a_status_of_its_own)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "plane");
    spec.steps = 100000;
    give(&spec, KNOB_LR, 100);
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_DIVERGED);
    ck_assert_ptr_nonnull(strstr(error.message, "became non-finite at step "));
    ck_assert_ptr_nonnull(strstr(error.message, "learning rate 100, try a smaller --lr"));
    spec_free(&spec);
}
END_TEST

/* The rate in force, not the knob's; and a rate that a script brought is not --lr's fault. */
START_TEST(divergence_tells_the_rate_in_force_and_whence_it_came)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "plane");
    spec.steps = 100000;
    give(&spec, KNOB_LR, 100);
    give(&spec, KNOB_WARMUP, 100000);
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_DIVERGED);
    ck_assert_ptr_null(strstr(error.message, "learning rate 100"));
    ck_assert_ptr_nonnull(strstr(error.message, ", try a smaller --lr"));
    spec_free(&spec);
    make_spec(&spec, "plane");
    spec.steps = 100000;
    ck_assert_int_eq(spec_add_turn(&spec, 7, KNOB_LR, 100), STATUS_OK);
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_DIVERGED);
    ck_assert_ptr_nonnull(strstr(error.message, "learning rate 100, "));
    ck_assert_ptr_nonnull(strstr(error.message, " → 100 at step 7 was too much"));
    spec_free(&spec);
}
END_TEST

START_TEST(early_stopping_ends_a_run)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "moons");
    spec.noise = 0.5;
    give(&spec, KNOB_EARLY_STOP, 1);
    give(&spec, KNOB_PATIENCE, 2);
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_OK);
    const char *text = said();
    ck_assert_ptr_nonnull(strstr(text, "stopped early at step "));
    ck_assert_ptr_nonnull(strstr(text, "those weights are back"));
    spec_free(&spec);
}
END_TEST

START_TEST(a_log_that_cannot_be_written_is_an_error)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "spiral");
    spec.steps = 10;
    spec.log_path = mem_string("/nowhere/run.csv");
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "/nowhere/run.csv"));
    spec_free(&spec);
}
END_TEST

START_TEST(a_log_on_standard_output_has_it_for_itself)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "spiral");
    spec.steps = 10;
    spec.log_path = mem_string("-");
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_OK);
    const char *text = said();
    ck_assert_int_eq(strncmp(text, "step,epoch,", 11), 0);
    ck_assert_ptr_null(strstr(text, "train loss"));
    spec_free(&spec);
}
END_TEST

START_TEST(progress_is_erased)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "spiral");
    spec.steps = 10;
    ck_assert_int_eq(headless_run(&spec, &plain, true, &error), STATUS_OK);
    const char *text = said();
    const char *found = strstr(text, "200 train /"), *outcome = strstr(text, "\rstep 10  train");
    ck_assert_msg(found && outcome && found < outcome, "%s", text);
    ck_assert_msg(strchr(strchr(found, '\n') + 1, '\n') > outcome, "%s", text);
    spec_free(&spec);
}
END_TEST

/* As soon as the run is ready for it. */
static void *interrupt(void *argument)
{
    const struct sigaction *before = argument;
    struct sigaction now;
    do {
        usleep(10000);
        sigaction(SIGTERM, NULL, &now);
    } while (now.sa_handler == before->sa_handler);
    kill(getpid(), SIGTERM);
    return NULL;
}

START_TEST(a_signal_ends_the_run_with_its_log_whole)
{
    struct spec spec;
    struct error error = {0};
    make_spec(&spec, "spiral");
    spec.steps = UINT64_C(1) << 60;
    spec.log_path = mem_string("-");
    struct sigaction before, after;
    sigaction(SIGTERM, NULL, &before);
    pthread_t killer;
    ck_assert_int_eq(pthread_create(&killer, NULL, interrupt, &before), 0);
    ck_assert_int_eq(headless_run(&spec, &plain, false, &error), STATUS_FAILED);
    pthread_join(killer, NULL);
    signals_release(); /* the caller's, after its last message */
    sigaction(SIGTERM, NULL, &after);
    ck_assert(after.sa_handler == before.sa_handler);
    ck_assert_int_eq(strncmp(error.message, "interrupted at step ", 20), 0);
    FILE *file = fopen(output, "r");
    ck_assert_int_eq(fseek(file, -1, SEEK_END), 0);
    ck_assert_int_eq(fgetc(file), '\n'); /* the last row is whole */
    fclose(file);
    spec_free(&spec);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("headless");
    TCase *tests = tcase_create("headless");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, redirect, tidy);
    tcase_add_test(tests, a_run_needs_an_end);
    tcase_add_test(tests, a_run_ends_at_its_step_and_says_how_it_went);
    tcase_add_test(tests, epochs_end_a_run_too);
    tcase_add_test(tests, divergence_has_a_status_of_its_own);
    tcase_add_test(tests, divergence_tells_the_rate_in_force_and_whence_it_came);
    tcase_add_test(tests, early_stopping_ends_a_run);
    tcase_add_test(tests, a_log_that_cannot_be_written_is_an_error);
    tcase_add_test(tests, a_log_on_standard_output_has_it_for_itself);
    tcase_add_test(tests, progress_is_erased);
    tcase_add_test(tests, a_signal_ends_the_run_with_its_log_whole);
    suite_add_tcase(suite, tests);
    return suite;
}
