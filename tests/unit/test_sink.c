#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/log_past.h"
#include "store/sink.h"
#include "suite.h"

#define HEADER "step,epoch,branch,stage,loss,train_loss,test_loss,train_acc,test_acc,grad_norm,lr,batch,dropout,event\n"

static char folder[] = "/tmp/downhill-sink-XXXXXX";
static char path[64];

static void make_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    unlink(path);
    rmdir(folder);
}

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void read_back(char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    size_t used = fread(text, 1, size - 1, file);
    text[used] = '\0';
    fclose(file);
}

/* A row before any step, one with everything, one with what is hard to write. */
static void write_three(struct sink *sink)
{
    struct log_row start = {.batch = NAN, .dropout = NAN};
    log_row_set(&start, SERIES_TRAIN_LOSS, 0.693147182f);
    log_row_set(&start, SERIES_TEST_LOSS, 0.7f);
    log_row_set(&start, SERIES_MISSES, 0);
    sink_write(sink, &start);

    struct log_row full = {
        .step = 18446744073709551615u, .epoch = 1.25, .branch = 3, .stage = "fine-tune", .batch = 10, .dropout = 0.5};
    for (unsigned s = 0; s < SERIES_COUNT; s++)
        log_row_set(&full, s, (float)s + 0.5f);
    sink_write(sink, &full);

    struct log_row odd = {.step = 2, .batch = 5, .dropout = 0, .event = "lr 0.2 → 5, then \"max\"\n\\"};
    log_row_set(&odd, SERIES_LOSS, NAN);
    log_row_set(&odd, SERIES_GRAD_NORM, INFINITY);
    log_row_set(&odd, SERIES_TEST_ACC, 0.95f); /* these two as short as they can be */
    log_row_set(&odd, SERIES_LR, 0.01f);
    sink_write(sink, &odd);
}

START_TEST(csv_has_a_header_and_empty_cells)
{
    struct sink *sink;
    struct error error = {0};
    ck_assert_int_eq(sink_open(&sink, in_folder("run.csv"), &error), STATUS_OK);
    write_three(sink);
    ck_assert_ptr_null(sink_warning(sink));
    ck_assert_int_eq(sink_close(sink, &error), STATUS_OK);
    ck_assert_str_eq(error.message, "");
    char text[2000];
    read_back(text, sizeof text);
    ck_assert_str_eq(text, HEADER "0,0,0,train,,0.693147182,0.699999988,,,,,,,\n"
                                  "18446744073709551615,1.25,3,fine-tune,0.5,4.5,5.5,6.5,7.5,1.5,3.5,10,0.5,\n"
                                  "2,0,0,train,nan,,,,0.95,inf,0.01,5,0,\"lr 0.2 → 5, then \"\"max\"\"\n\\\"\n");
}
END_TEST

START_TEST(json_lines_leave_out_what_was_not_measured)
{
    struct sink *sink;
    ck_assert_int_eq(sink_open(&sink, in_folder("run.jsonl"), NULL), STATUS_OK);
    write_three(sink);
    ck_assert_int_eq(sink_close(sink, NULL), STATUS_OK);
    char text[2000];
    read_back(text, sizeof text);
    ck_assert_str_eq(
        text,
        "{\"step\":0,\"epoch\":0,\"branch\":0,\"stage\":\"train\",\"train_loss\":0.693147182,\"test_loss\":0.699999988}"
        "\n"
        "{\"step\":18446744073709551615,\"epoch\":1.25,\"branch\":3,\"stage\":\"fine-tune\",\"loss\":0.5,"
        "\"train_loss\":4.5,\"test_loss\":5.5,\"train_acc\":6.5,\"test_acc\":7.5,\"grad_norm\":1.5,\"lr\":3.5,"
        "\"batch\":10,\"dropout\":0.5}\n"
        "{\"step\":2,\"epoch\":0,\"branch\":0,\"stage\":\"train\",\"loss\":\"nan\",\"test_acc\":0.95,\"grad_norm\":"
        "\"inf\",\"lr\":0.01,\"batch\":5,"
        "\"dropout\":0,\"event\":\"lr 0.2 → 5, then \\\"max\\\"\\u000a\\\\\"}\n");
}
END_TEST

START_TEST(an_event_that_was_cut_stays_text)
{
    struct sink *sink;
    struct log_row row = {.batch = NAN, .dropout = NAN};
    memset(row.event, 'a', sizeof row.event - 2);
    memcpy(row.event + sizeof row.event - 3, "\xe2\x86", 2); /* two thirds of an arrow */
    row.event[sizeof row.event - 1] = '\0';
    ck_assert_int_eq(sink_open(&sink, in_folder("run.csv"), NULL), STATUS_OK);
    sink_write(sink, &row);
    ck_assert_int_eq(sink_close(sink, NULL), STATUS_OK);
    char text[1000];
    read_back(text, sizeof text);
    ck_assert_ptr_null(strchr(text, '\xe2'));
    ck_assert_str_eq(text + strlen(text) - 3, "aa\n");
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_is_named)
{
    struct sink *sink = NULL;
    struct error error = {0};
    ck_assert_int_eq(sink_open(&sink, "/nowhere/at/all.csv", &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "/nowhere/at/all.csv"));
    ck_assert_ptr_nonnull(strstr(error.message, "No such file"));
    ck_assert_int_eq(sink_open(&sink, "/tmp", &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "directory"));
    ck_assert_ptr_null(sink);
    ck_assert_int_eq(sink_close(NULL, &error), STATUS_OK);
}
END_TEST

START_TEST(a_full_disk_is_remembered_and_the_run_goes_on)
{
    struct sink *sink;
    struct error error = {0};
    if (sink_open(&sink, "/dev/full", &error) != STATUS_OK)
        return; /* a system without such a device */
    struct log_row row = {.event = "something"};
    for (uint64_t step = 0; step < 20000; step++) {
        row.step = step;
        sink_write(sink, &row); /* must not wait for ever */
    }
    const char *warning = sink_warning(sink);
    ck_assert_ptr_nonnull(warning);
    ck_assert_ptr_nonnull(strstr(warning, "the run goes on without its log: No space left on device: /dev/full"));
    ck_assert_int_eq(sink_close(sink, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "the log is incomplete, it holds no row: No space left"));

    /* Also when it shows only at the end. */
    ck_assert_int_eq(sink_open(&sink, "/dev/full", &error), STATUS_OK);
    ck_assert_int_eq(sink_close(sink, &error), STATUS_FAILED);
}
END_TEST

static void limit_files(rlim_t size)
{
    struct rlimit limit;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size;
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A disk with room for the header and ten rows and a half: the last whole one is said. */
START_TEST(an_incomplete_log_says_where_it_ends)
{
    struct sink *sink;
    struct error error = {0};
    ck_assert_int_eq(sink_open(&sink, in_folder("run.csv"), &error), STATUS_OK);
    limit_files(strlen(HEADER) + 10 * strlen("0,0,0,train,,,,,,,,0,0,\n") + 12);
    for (uint64_t step = 0; step < 200; step++)
        sink_write(sink, &(struct log_row){.step = step});
    const enum status closed = sink_close(sink, &error);
    limit_files(RLIM_INFINITY);
    ck_assert_int_eq(closed, STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "the log is incomplete, it ends at step 9: File too large"));
}
END_TEST

START_TEST(a_file_that_was_removed_is_noticed)
{
    struct sink *sink;
    struct error error = {0};
    ck_assert_int_eq(sink_open(&sink, in_folder("gone.csv"), &error), STATUS_OK);
    ck_assert_int_eq(unlink(path), 0);
    sink_write(sink, &(struct log_row){.step = 1});
    ck_assert_int_eq(sink_close(sink, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "gone.csv: the log is lost: it was removed"));
}
END_TEST

enum { ROWS = 20000 };

static void *write_rows(void *argument)
{
    struct sink *sink;
    if (sink_open(&sink, argument, NULL) != STATUS_OK)
        return argument;
    struct log_row row = {.batch = 1};
    for (uint64_t step = 0; step < ROWS; step++) {
        row.step = step;
        log_row_set(&row, SERIES_LOSS, (float)step / 3);
        sink_write(sink, &row);
    }
    return sink_close(sink, NULL) == STATUS_OK ? NULL : argument;
}

/* A pipe that nobody empties for a while is a slow disk: the writer waits, and then every row is there, in order. */
START_TEST(a_slow_disk_loses_nothing)
{
    ck_assert_int_eq(mkfifo(in_folder("fifo"), 0600), 0);
    pthread_t writer;
    ck_assert_int_eq(pthread_create(&writer, NULL, write_rows, path), 0);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    char line[300];
    usleep(50000);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    ck_assert_str_eq(line, HEADER);
    unsigned wrong = 0, rows = 0;
    for (; fgets(line, sizeof line, file); rows++) {
        wrong += strtoul(line, NULL, 10) != rows;
        if (rows % 4000 == 0)
            usleep(5000);
    }
    void *failed;
    pthread_join(writer, &failed);
    fclose(file);
    ck_assert_ptr_null(failed);
    ck_assert_uint_eq(rows, ROWS);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(minus_is_standard_output)
{
    fflush(stdout);
    int before = dup(STDOUT_FILENO), file = open(in_folder("out"), O_CREAT | O_RDWR | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    struct sink *sink;
    enum status opened = sink_open(&sink, "-", NULL), closed = STATUS_FAILED;
    if (opened == STATUS_OK)
        closed = sink_close(sink, NULL);
    dup2(before, STDOUT_FILENO);
    close(before);
    close(file);
    ck_assert_int_eq(opened, STATUS_OK);
    ck_assert_int_eq(closed, STATUS_OK);
    char text[1000];
    read_back(text, sizeof text);
    ck_assert_str_eq(text, HEADER);
}
END_TEST

/* ---- a log that goes on ---- */

static void write_log(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* The curves of the run: losses at the steps 0 and 10. */
static struct history *curves(void)
{
    struct history *history = history_create();
    const struct bucket bucket[] = {bucket_of(SERIES_TRAIN_LOSS, 0, 0, 0.7f), bucket_of(SERIES_TEST_LOSS, 0, 0, 0.8f),
                                    bucket_of(SERIES_LOSS, 0, 10, 0.5f)};
    for (size_t i = 0; i < sizeof bucket / sizeof *bucket; i++)
        ck_assert(history_push(history, &bucket[i]));
    return history;
}

#define FIRST  "0,0,0,train,,0.7,0.8,,,,,,,\n"
#define TENTH  "10,1,0,train,0.5,,,,,,,10,0,\"lr 0.2 → 5, then \"\"max\"\"\"\n"
#define FIRST_ "{\"step\":0,\"branch\":0,\"train_loss\":0.7,\"test_loss\":0.8}\n"
#define TENTH_ "{\"step\":10,\"branch\":0,\"loss\":0.5,\"event\":\"lr 0.2 → 5, then \\\"max\\\"\"}\n"

START_TEST(rows_up_to_the_checkpoint_stay)
{
    static const char *const names[] = {"run.csv", "run.jsonl"}, *const stays[] = {HEADER FIRST TENTH, FIRST_ TENTH_},
                             *const goes[] = {"12,2,0,train,,9,,,,,,,,\n14,2,", "{\"step\":12,\"branch\":0}\n{\"st"};
    char text[1000];
    snprintf(text, sizeof text, "%s%s", stays[_i], goes[_i]);
    write_log(names[_i], text);
    struct history *history = curves();
    struct log_past past;
    struct error error = {.message = ""};
    ck_assert_msg(log_past_read(&past, path, 10, history, &error) == STATUS_OK, "%s", error.message);
    ck_assert_uint_eq(past.kept, 2);
    ck_assert_uint_eq(past.cut, 1);
    ck_assert_uint_eq(past.last_step, 10);
    ck_assert_uint_eq(past.bytes, strlen(stays[_i]));
    history_free(history);
    /* What the run says of the tenth step comes again only where something happened there. */
    struct sink *sink;
    ck_assert_int_eq(sink_go_on(&sink, path, &past, &error), STATUS_OK);
    sink_write(sink, &(struct log_row){.step = 10, .batch = NAN, .dropout = NAN});
    sink_write(sink, &(struct log_row){.step = 10, .batch = NAN, .dropout = NAN, .event = "batch 20"});
    sink_write(sink, &(struct log_row){.step = 11, .batch = NAN, .dropout = NAN});
    ck_assert_int_eq(sink_close(sink, &error), STATUS_OK);
    char now[1000];
    read_back(now, sizeof now);
    snprintf(text, sizeof text, "%s%s", stays[_i],
             _i ? "{\"step\":10,\"epoch\":0,\"branch\":0,\"stage\":\"train\",\"event\":\"batch 20\"}\n"
                  "{\"step\":11,\"epoch\":0,\"branch\":0,\"stage\":\"train\"}\n"
                : "10,0,0,train,,,,,,,,,,batch 20\n11,0,0,train,,,,,,,,,,\n");
    ck_assert_str_eq(now, text);
}
END_TEST

START_TEST(a_log_of_another_run_is_refused_with_its_line)
{
    static const struct {
        const char *name, *text, *said;
    } cases[] = {
        {"run.csv", "step,epoch\n" FIRST, "run.csv:1: not the header of a log"},
        {"run.csv", HEADER "0,0,0,train\n", "run.csv:2: no row of a log"},
        {"run.csv", HEADER FIRST "10,1,1,train,0.5,,,,,,,,,\n", "run.csv:3: a row of another branch"},
        {"run.csv", HEADER TENTH FIRST, "run.csv:3: its step is before that of the row above"},
        {"run.csv", HEADER "0,0,0,train,,0.6,0.8,,,,,,,\n", "run.csv:2: its loss is another"},
        {"run.csv", HEADER "0,0,0,train,,0.7,0.9,,,,,,,\n", "run.csv:2: its loss is another"},
        {"run.csv", HEADER "10,1,0,train,0.4,,,,,,,,,\n", "run.csv:2: its loss is another"},
        {"run.jsonl", FIRST_ "{\"step\":10,\"branch\":1}\n", "run.jsonl:2: a row of another branch"},
        {"run.jsonl", TENTH_ FIRST_, "run.jsonl:2: its step is before that of the row above"},
        {"run.jsonl", "{\"step\":0,\"branch\":0,\"test_loss\":0.9}\n", "run.jsonl:1: its loss is another"},
        {"run.jsonl", "{\"step\":0}\n", "run.jsonl:1: no row of a log"},
    };
    struct history *history = curves();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct log_past past;
        struct error error = {.message = ""};
        write_log(cases[i].name, cases[i].text);
        ck_assert_int_eq(log_past_read(&past, path, 10, history, &error), STATUS_FAILED);
        ck_assert_msg(strstr(error.message, cases[i].said) != NULL, "said '%s', not '%s'", error.message,
                      cases[i].said);
        ck_assert_int_eq(unlink(path), 0);
    }
    history_free(history);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("sink");
    TCase *tests = tcase_create("sink");
    tcase_set_timeout(tests, 30);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, csv_has_a_header_and_empty_cells);
    tcase_add_test(tests, json_lines_leave_out_what_was_not_measured);
    tcase_add_test(tests, an_event_that_was_cut_stays_text);
    tcase_add_test(tests, a_file_that_cannot_be_opened_is_named);
    tcase_add_test(tests, a_full_disk_is_remembered_and_the_run_goes_on);
    tcase_add_test(tests, an_incomplete_log_says_where_it_ends);
    tcase_add_test(tests, a_file_that_was_removed_is_noticed);
    tcase_add_test(tests, a_slow_disk_loses_nothing);
    tcase_add_test(tests, minus_is_standard_output);
    tcase_add_loop_test(tests, rows_up_to_the_checkpoint_stay, 0, 2);
    tcase_add_test(tests, a_log_of_another_run_is_refused_with_its_line);
    suite_add_tcase(suite, tests);
    return suite;
}
