#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/spool.h"
#include "suite.h"

static void push(struct history *history, uint16_t branch, unsigned series, uint64_t step, float value)
{
    struct bucket bucket = bucket_of((uint8_t)series, branch, step, value);
    ck_assert(history_push(history, &bucket));
}

/* Two steps of branch 0, one more of what grew out of it. */
static struct history *small_history(void)
{
    struct history *history = history_create();
    push(history, 0, SERIES_TEST_LOSS, 0, 0.75f);
    push(history, 0, SERIES_LOSS, 1, 0.5f);
    push(history, 0, SERIES_LOSS, 2, NAN);
    push(history, 0, SERIES_LOSS, 3, 100);
    ck_assert(history_begin(history, 1, &(struct forest_origin){.grown = true, .step = 2}));
    push(history, 1, SERIES_LOSS, 3, 0.1f);
    push(history, 1, SERIES_TEST_LOSS, 3, 0.25f);
    push(history, 1, series_layer_grad(0), 3, 2);
    struct bucket several = bucket_of(SERIES_LOSS, 1, 4, 1), more = bucket_of(SERIES_LOSS, 1, 5, 3);
    bucket_merge(&several, &more);
    ck_assert(history_push(history, &several));
    return history;
}

static const char *path_for(const char *ending)
{
    static char path[64];
    snprintf(path, sizeof path, "/tmp/downhill-export-%ld%s", (long)getpid(), ending);
    return path;
}

/* The file's text; the file is gone then. */
static const char *read_out(const char *path)
{
    static char text[4096];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    unlink(path);
    return text;
}

static const char *exported(const char *ending, const struct export_choice *choice)
{
    struct history *history = small_history();
    struct error error;
    ck_assert_int_eq(export_write(history, choice, path_for(ending), &error), STATUS_OK);
    history_free(history);
    return read_out(path_for(ending));
}

START_TEST(a_wide_table_has_a_row_for_each_step)
{
    struct export_choice choice = {.branch = 1};
    ck_assert_str_eq(exported(".csv", &choice), "step,loss,test_loss,grad_norm_1\n"
                                                "0,,0.75,\n"
                                                "1,0.5,,\n"
                                                "2,nan,,\n"
                                                "3,0.100000001,0.25,2\n"
                                                "5,2,,\n");
    ck_assert_int_eq(export_choose(&choice, "test_loss,loss", NULL), STATUS_OK);
    choice.from = 2;
    choice.to = 3;
    ck_assert_str_eq(exported(".csv", &choice), "step,test_loss,loss\n2,,nan\n3,0.25,0.100000001\n");
    ck_assert_str_eq(exported(".jsonl", &choice),
                     "{\"step\":2,\"loss\":\"nan\"}\n{\"step\":3,\"test_loss\":0.25,\"loss\":0.100000001}\n");
}
END_TEST

START_TEST(rates_and_shares_are_as_they_were_set)
{
    char out[32];
    ck_assert(series_figure(SERIES_LR, (double)0.2f, out, sizeof out));
    ck_assert_str_eq(out, "0.2");
    ck_assert(series_figure(SERIES_TEST_ACC, (double)0.49f, out, sizeof out));
    ck_assert_str_eq(out, "0.49");
    ck_assert(series_figure(SERIES_TEST_LOSS, (double)0.2f, out, sizeof out));
    ck_assert_str_eq(out, "0.200000003");
    ck_assert(series_figure(SERIES_TEST_LOSS, (double)NAN, out, sizeof out));
    ck_assert(!series_figure(SERIES_TEST_ACC, (double)NAN, out, sizeof out));
}
END_TEST

START_TEST(an_envelope_has_a_row_for_each_bucket)
{
    struct export_choice choice = {.branch = 1, .series = {SERIES_LOSS}, .count = 1, .from = 2, .envelope = true};
    ck_assert_str_eq(exported(".csv", &choice), "series,step_first,step_last,count,nonfinite,min,max,mean,last\n"
                                                "loss,2,2,0,1,nan,nan,nan,nan\n"
                                                "loss,3,3,1,0,0.100000001,0.100000001,0.100000001,0.100000001\n"
                                                "loss,4,5,2,0,1,3,2,3\n");
    choice.from = 4;
    ck_assert_str_eq(exported(".jsonl", &choice),
                     "{\"series\":\"loss\",\"step_first\":4,\"step_last\":5,\"count\":2,\"nonfinite\":0,"
                     "\"min\":1,\"max\":3,\"mean\":2,\"last\":3}\n");
}
END_TEST

/* A cell of one value that is not finite says which it was; a bucket with finite values ends with its newest. */
START_TEST(infinities_are_exported_as_such)
{
    static const float values[] = {1, INFINITY, -INFINITY, NAN, 2};
    struct history *history = history_create();
    struct bucket merged = bucket_of(SERIES_TEST_LOSS, 0, 1, 3), last = bucket_of(SERIES_TEST_LOSS, 0, 2, INFINITY);
    for (uint64_t step = 0; step < 5; step++)
        push(history, 0, SERIES_LOSS, step, values[step]);
    bucket_merge(&merged, &last);
    ck_assert(history_push(history, &merged));
    struct export_choice choice = {.series = {SERIES_LOSS}, .count = 1};
    ck_assert_int_eq(export_write(history, &choice, path_for(".csv"), NULL), STATUS_OK);
    ck_assert_str_eq(read_out(path_for(".csv")), "step,loss\n0,1\n1,inf\n2,-inf\n3,nan\n4,2\n");
    choice.from = 1;
    choice.to = 2;
    ck_assert_int_eq(export_write(history, &choice, path_for(".jsonl"), NULL), STATUS_OK);
    ck_assert_str_eq(read_out(path_for(".jsonl")), "{\"step\":1,\"loss\":\"inf\"}\n{\"step\":2,\"loss\":\"-inf\"}\n");
    choice = (struct export_choice){.series = {SERIES_TEST_LOSS}, .count = 1, .envelope = true};
    ck_assert_int_eq(export_write(history, &choice, path_for(".csv"), NULL), STATUS_OK);
    ck_assert_str_eq(read_out(path_for(".csv")), "series,step_first,step_last,count,nonfinite,min,max,mean,last\n"
                                                 "test_loss,1,2,1,1,3,3,3,inf\n");
    history_free(history);
}
END_TEST

START_TEST(what_cannot_be_exported_is_said)
{
    struct history *history = small_history();
    struct export_choice choice = {.branch = 1};
    struct error error;
    ck_assert_int_eq(export_write(history, &choice, "a.xls", &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, ".csv or .jsonl"));
    ck_assert_int_eq(export_write(history, &choice, "/nowhere/a.csv", &error), STATUS_FAILED);
    ck_assert_str_eq(error.message, "/nowhere/a.csv: cannot be written: No such file or directory");
    ck_assert_int_eq(export_choose(&choice, "loss,test_los", &error), STATUS_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "did you mean 'test_loss'?"));
    ck_assert_int_eq(export_choose(&choice, "", &error), STATUS_USAGE);
    history_free(history);
}
END_TEST

static void take(struct spool *spool, uint16_t branch, unsigned series, uint64_t step, float value)
{
    const struct bucket bucket = bucket_of((uint8_t)series, branch, step, value);
    spool_take(spool, &bucket);
}

static const char *spooled(struct spool *spool, const struct history *history, const struct export_choice *choice,
                           const char *ending)
{
    struct error error;
    ck_assert_msg(spool_write(spool, history, choice, path_for(ending), &error) == STATUS_OK, "%s", error.message);
    return read_out(path_for(ending));
}

/* The test loss of a step comes after the next step's loss, as a worker sends them; the branches take turns. */
START_TEST(a_spool_gives_each_step_of_a_branch_back)
{
    struct spool *spool;
    struct history *history = small_history();
    ck_assert_int_eq(spool_create(&spool, path_for(".csv"), NULL), STATUS_OK);
    ck_assert_int_ne(access(path_for(".csv"), F_OK), 0);
    take(spool, 1, SERIES_TEST_LOSS, 1, 8); /* before its origin: it is its parent's */
    for (uint64_t step = 1; step <= 20; step++) {
        take(spool, 0, SERIES_LOSS, step, (float)step);
        take(spool, 0, SERIES_TEST_LOSS, step - 1, 0.5f);
        if (step < 4)
            continue;
        take(spool, 1, SERIES_LOSS, step - 1, -(float)step);
        take(spool, 1, series_layer_grad(0), step - 1, NAN);
    }
    take(spool, 1, SERIES_TEST_LOSS, 2, 7); /* the state in which it began was its parent's */
    struct export_choice choice = {.branch = 1, .to = 4};
    ck_assert_str_eq(spooled(spool, history, &choice, ".csv"), "step,loss,test_loss,grad_norm_1\n"
                                                               "0,,0.5,\n"
                                                               "1,1,0.5,\n"
                                                               "2,2,0.5,\n"
                                                               "3,-4,,nan\n"
                                                               "4,-5,,nan\n");
    const struct export_branch both[] = {{1, "two"}, {0, "the \"1st\""}};
    choice = (struct export_choice){.branch_list = both, .branches = 2, .series = {SERIES_LOSS}, .count = 1, .to = 3};
    ck_assert_str_eq(spooled(spool, history, &choice, ".csv"), "branch,step,loss\n"
                                                               "two,3,-4\n"
                                                               "\"the \"\"1st\"\"\",0,\n"
                                                               "\"the \"\"1st\"\"\",1,1\n"
                                                               "\"the \"\"1st\"\"\",2,2\n"
                                                               "\"the \"\"1st\"\"\",3,3\n");
    choice.from = 3;
    ck_assert_str_eq(spooled(spool, history, &choice, ".jsonl"),
                     "{\"branch\":\"two\",\"step\":3,\"loss\":-4}\n"
                     "{\"branch\":\"the \\\"1st\\\"\",\"step\":3,\"loss\":3}\n");
    spool_free(spool);
    history_free(history);
}
END_TEST

START_TEST(a_spool_says_what_cannot_be_written)
{
    struct spool *spool;
    struct error error;
    ck_assert_int_eq(spool_create(&spool, "/nowhere/a.csv", &error), STATUS_FAILED);
    ck_assert_str_eq(error.message, "/nowhere/a.csv: cannot be written: No such file or directory");
    struct history *history = small_history();
    const struct export_choice choice = {.branch = 0};
    const char *path = path_for(".csv");
    ck_assert_int_eq(symlink("/dev/full", path), 0);
    ck_assert_int_eq(spool_create(&spool, path, &error), STATUS_OK);
    take(spool, 0, SERIES_LOSS, 1, 1);
    ck_assert_int_eq(spool_write(spool, history, &choice, path, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "No space left on device"));
    unlink(path);
    spool_free(spool);
    history_free(history);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("export");
    TCase *tests = tcase_create("export");
    tcase_add_test(tests, a_wide_table_has_a_row_for_each_step);
    tcase_add_test(tests, rates_and_shares_are_as_they_were_set);
    tcase_add_test(tests, an_envelope_has_a_row_for_each_bucket);
    tcase_add_test(tests, a_spool_gives_each_step_of_a_branch_back);
    tcase_add_test(tests, a_spool_says_what_cannot_be_written);
    tcase_add_test(tests, infinities_are_exported_as_such);
    tcase_add_test(tests, what_cannot_be_exported_is_said);
    suite_add_tcase(suite, tests);
    return suite;
}
