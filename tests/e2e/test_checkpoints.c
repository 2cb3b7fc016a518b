/* Saving, going on and predicting, as a user types it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nn/weights.h"
#include "support/process.h"
#include "support/state_entries.h"
#include "unit/suite.h"

static char *folder;
static char a[128], b[128], c[128], words[600];

static void make_folder(void)
{
    folder = process_folder();
    snprintf(a, sizeof a, "%s/a", folder);
    snprintf(b, sizeof b, "%s/b", folder);
    snprintf(c, sizeof c, "%s/c", folder);
}

static void remove_folder(void)
{
    process_folder_remove(folder);
}

static struct outcome run(int status)
{
    struct outcome outcome = process_run(words, NULL);
    ck_assert_msg(outcome.status == status, "%s: status %d: %s", words, outcome.status, outcome.err);
    return outcome;
}

static void run_quietly(int status, const char *said)
{
    struct outcome outcome = run(status);
    ck_assert_msg(strstr(outcome.err, said) != NULL, "%s: said '%s', wanted '%s'", words, outcome.err, said);
    outcome_free(&outcome);
}

static struct weights *open_file(const char *path)
{
    struct weights *weights = NULL;
    struct error error = {.message = ""};
    ck_assert_msg(weights_open(&weights, path, &error) == STATUS_OK, "%s", error.message);
    return weights;
}

/* All that a next step depends on; the curves' summary may be coarser. */
static void same_state(const char *one, const char *other)
{
    struct weights *x = open_file(one), *y = open_file(other);
    size_t compared = 0;
    ck_assert_uint_eq(weights_count(x), weights_count(y));
    for (size_t i = 0; i < weights_count(x); i++) {
        const struct tensor *p = weights_tensor(x, i), *q = weights_tensor(y, i);
        ck_assert_str_eq(p->name, q->name);
        if (strncmp(p->name, "state.history.", 14) == 0 || strcmp(p->name, "state.events") == 0)
            continue;
        ck_assert_uint_eq(p->bytes, q->bytes);
        ck_assert_msg(memcmp(p->data, q->data, p->bytes) == 0, "%s is another", p->name);
        compared++;
    }
    ck_assert_uint_gt(compared, 10);
    ck_assert_uint_gt(same_state_entries(x, y), 50);
    weights_close(x);
    weights_close(y);
}

static const char *const runs[] = {
    "spiral --horizon 600 --dropout 0.1",
    "samples/iris.csv --horizon 600 --label-noise 0.1 --schedule cosine --at 250:lr=0.05 --at 450:batch=8",
};

START_TEST(two_halves_are_the_whole)
{
    snprintf(words, sizeof words, "%s --headless --steps 600 --save %s", runs[_i], a);
    struct outcome whole = run(0);
    snprintf(words, sizeof words, "%s --headless --steps 300 --save %s", runs[_i], b);
    run_quietly(0, "");
    snprintf(words, sizeof words, "--load %s --headless --steps 600 --save %s", b, c);
    struct outcome half = run(0);
    ck_assert_str_eq(half.out, whole.out);
    same_state(a, c);
    /* The file that it came from may be the one that it goes to; the words of the first half may be said again. */
    snprintf(words, sizeof words, "%s --load %s --headless --steps 600 --save %s", runs[_i], b, b);
    struct outcome again = run(0);
    ck_assert_str_eq(again.err, "");
    same_state(a, b);
    outcome_free(&whole);
    outcome_free(&half);
    outcome_free(&again);
}
END_TEST

START_TEST(what_is_said_beside_load_counts)
{
    snprintf(words, sizeof words, "spiral --headless --steps 200 --save %s", a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "--load %s --lr 0.05 --optimizer adam --headless --steps 201 --log -", a);
    struct outcome outcome = run(0);
    ck_assert_msg(strstr(outcome.out, ",0.05,") && strstr(outcome.out, "adam"), "%s", outcome.out);
    outcome_free(&outcome);
    snprintf(words, sizeof words, "--load %s --hidden 4 --headless --steps 300", a);
    run_quietly(1, "layers.0.weight is [8, 2], this model has [4, 2]");
    snprintf(words, sizeof words, "--load %s --seed 2 --headless --steps 300", a);
    run_quietly(2, "goes on with seed 1");
    snprintf(words, sizeof words, "--load %s --points 50 --headless --steps 300", a);
    run_quietly(1, "they are not the same");
    snprintf(words, sizeof words, "spiral --load tests/reference/start.safetensors --headless --steps 9");
    run_quietly(1, "layers.0.weight is [6, 4], this model has [6, 2]");
    snprintf(words, sizeof words, "samples/iris.csv --load tests/reference/start.safetensors --headless --steps 9");
    run_quietly(0, "");
}
END_TEST

/* Rows of two classes, by `format` of their number and name. */
static void write_rows(const char *header, const char *format, const char *low, const char *high)
{
    FILE *file = fopen(b, "w");
    ck_assert_ptr_nonnull(file);
    fputs(header, file);
    for (int i = 0; i < 40; i++)
        fprintf(file, format, i % 20, (i * 7) % 20, i % 20 < 10 ? low : high);
    fclose(file);
}

START_TEST(other_data_are_refused_or_told)
{
    static const char plain[] = "x,y,kind\n", rows[] = "%d,%d,%s\n";
    write_rows(plain, rows, "big", "tiny");
    snprintf(words, sizeof words, "%s --headless --steps 20 --save %s", b, a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "--load %s --headless --steps 21", a);
    struct outcome outcome = run(0);
    ck_assert_str_eq(outcome.err, "");
    outcome_free(&outcome);
    write_rows(plain, rows, "zebra", "tiny");
    run_quietly(1, "it was trained on other data: class 1 was 'big', it is 'tiny'");
    write_rows("y,x,kind\n", rows, "big", "tiny");
    run_quietly(1, "it was trained on other data: column 1 was 'x', it is 'y'");
    write_rows(plain, "%d.5,%d.5,%s\n", "big", "tiny");
    run_quietly(0, "it was trained on other rows of b than these");
}
END_TEST

START_TEST(places_that_cannot_be_are_refused)
{
    snprintf(words, sizeof words, "spiral --headless --steps 5 --save %s", folder);
    run_quietly(1, "it is a folder");
    snprintf(words, sizeof words, "spiral --headless --steps 5 --save /dev/full");
    run_quietly(1, "it is not a regular file");
    snprintf(words, sizeof words, "spiral --headless --steps 5 --save %s/none/x", folder);
    run_quietly(1, "No such file");
    snprintf(words, sizeof words, "spiral --headless --steps 5 --save -");
    run_quietly(2, "a file is needed");
    snprintf(words, sizeof words, "spiral --headless --steps 5 --save-every 5");
    run_quietly(2, "--save-every needs --save FILE");
    snprintf(words, sizeof words, "--load %s --headless --steps 5", folder);
    run_quietly(1, "is not a regular file");
    snprintf(words, sizeof words, "--load %s --headless --steps 5", a);
    run_quietly(1, "No such file");
    snprintf(words, sizeof words, "--load samples/iris.csv --headless --steps 5");
    run_quietly(1, "is not a safetensors file");
}
END_TEST

/* Waits until a file is there, for at most half a minute. */
static void await(const char *path)
{
    for (int i = 0; i < 3000 && access(path, R_OK) != 0; i++)
        usleep(10000);
}

static pid_t start(const char *every)
{
    const pid_t child = fork();
    if (child == 0) {
        /* Whoever runs the tests may have told them to ignore these. */
        signal(SIGHUP, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        freopen("/dev/null", "w", stdout);
        freopen("/dev/null", "w", stderr);
        execl(process_program(), "downhill", "spiral", "--headless", "--hidden", "200,200", "--steps", "100000000",
              "--save", a, "--save-every", every, (char *)NULL);
        _exit(127);
    }
    return child;
}

START_TEST(a_signal_ends_with_a_checkpoint)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT};
    int status;
    const pid_t child = start("5");
    await(a);
    unlink(a);
    kill(child, signals[_i]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    weights_close(open_file(a));
}
END_TEST

/* Killed in the middle of it, the file is the one before, whole. */
START_TEST(a_killed_run_leaves_a_whole_file)
{
    for (int delay = 0; delay < 5; delay++) {
        unlink(a);
        const pid_t child = start("1");
        await(a);
        usleep((useconds_t)delay * 3137);
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        weights_close(open_file(a));
    }
}
END_TEST

/* ---- predict ---- */

START_TEST(predictions_are_as_good_as_the_program_says)
{
    /* All rows of the file are test rows here, so that its accuracy is that of the file. */
    snprintf(words, sizeof words, "samples/iris.csv --test samples/iris.csv --headless --steps 300 --save %s", a);
    struct outcome trained = run(0);
    const char *test = strstr(trained.out, "  test ");
    for (const char *more; test && (more = strstr(test + 1, "  test "));)
        test = more;
    ck_assert_ptr_nonnull(test);
    const double said = atof(test + strlen("  test "));
    snprintf(words, sizeof words, "predict %s samples/iris.csv", a);
    struct outcome outcome = run(0);
    ck_assert_str_eq(outcome.err, "");
    int rows = 0, right = 0;
    char *line = strtok(outcome.out, "\n");
    ck_assert_str_eq(line, "sepal_length,sepal_width,petal_length,petal_width,species,prediction,p_setosa,"
                           "p_versicolor,p_virginica");
    while ((line = strtok(NULL, "\n"))) {
        char species[20], prediction[20];
        double p[3];
        ck_assert_int_eq(sscanf(line, "%*[^,],%*[^,],%*[^,],%*[^,],%19[^,],%19[^,],%lf,%lf,%lf", species, prediction,
                                &p[0], &p[1], &p[2]),
                         5);
        ck_assert_double_eq_tol(p[0] + p[1] + p[2], 1, 1e-5);
        rows++;
        right += strcmp(species, prediction) == 0;
    }
    ck_assert_int_eq(rows, 150);
    ck_assert_double_eq_tol(100.0 * right / rows, said, 0.051);
    outcome_free(&trained);
    outcome_free(&outcome);
}
END_TEST

START_TEST(numbers_are_predicted_in_their_own_unit)
{
    char table[4000] = "size,price\n", *path;
    for (int i = 0; i < 100; i++)
        snprintf(table + strlen(table), sizeof table - strlen(table), "%d,%d.5\n", i, 1000 + 10 * i);
    path = process_text(folder, "homes.csv", table);
    snprintf(words, sizeof words, "%s --hidden none --headless --steps 2000 --save %s", path, a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "predict %s -", a);
    struct outcome outcome = process_run(words, "note,size\n\"a, b\",42\nc,\n");
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    ck_assert_msg(strstr(outcome.err, "standard input: the model does not know 'note': passed through"), "%s",
                  outcome.err);
    double price = 0, mean = 0;
    ck_assert_int_eq(sscanf(outcome.out, "note,size,prediction\n\"a, b\",42,%lf\nc,,%lf\n", &price, &mean), 2);
    ck_assert_double_eq_tol(price, 1420.5, 5);
    ck_assert_double_eq_tol(mean, 1495.5, 40);
    outcome_free(&outcome);
    outcome = process_run(words, "note\nx\n");
    ck_assert_int_eq(outcome.status, 1);
    ck_assert_msg(strstr(outcome.err, "no column 'size', which the model needs"), "%s", outcome.err);
    outcome_free(&outcome);
    free(path);
}
END_TEST

/* Writes a table of three classes: a number tells which of `label` stands behind it. */
static char *write_labels(const char *const label[3])
{
    char table[4000] = "a,y\n";
    for (int i = 0; i < 90; i++)
        snprintf(table + strlen(table), sizeof table - strlen(table), "%d,%s\n", 10 * (i % 3) + i % 2, label[i % 3]);
    return process_text(folder, "labels.csv", table);
}

START_TEST(classes_are_answered_as_the_file_spells_them)
{
    static const char *const labels[][3] = {
        {"007", "042", "100"},
        {"12345678901234567", "12345678901234568", "12345678901234569"},
        {"1E2", "2E2", "100"},
        {"NA", "EU", "AS"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const char *const *label = labels[i];
        char *path = write_labels(label);
        snprintf(words, sizeof words, "%s --missing none --headless --steps 300 --save %s", path, a);
        run_quietly(0, "");
        snprintf(words, sizeof words, "predict %s -", a);
        struct outcome outcome = process_run(words, "a\n0\n10\n20\n");
        char *line = strtok(outcome.out, "\n"); /* the header */
        for (int row = 0; row < 3; row++) {
            char expected[64];
            snprintf(expected, sizeof expected, "%d,%s,", 10 * row, label[row]);
            line = strtok(NULL, "\n");
            ck_assert_msg(line && strncmp(line, expected, strlen(expected)) == 0, "said '%s', not '%s'", line,
                          expected);
        }
        outcome_free(&outcome);
        free(path);
    }
}
END_TEST

START_TEST(rows_that_are_left_out_are_said_without_a_terminal)
{
    static const char *const label[] = {"NA", "EU", "AS"};
    char *path = write_labels(label);
    snprintf(words, sizeof words, "%s --headless --steps 1", path);
    run_quietly(0, "30 of 90 rows are left out, since 'y' is missing there: 'NA' in line 2 counts as missing, as in 30 "
                   "rows; --missing '' keeps such words");
    snprintf(words, sizeof words, "%s --headless --steps 1 --missing= --save %s", path, a);
    struct outcome outcome = run(0);
    ck_assert_str_eq(outcome.err, "");
    outcome_free(&outcome);
    snprintf(words, sizeof words, "--load %s --headless --steps 2",
             a); /* the checkpoint knows which words were missing */
    outcome = run(0);
    ck_assert_str_eq(outcome.err, "");
    outcome_free(&outcome);
    free(path);
}
END_TEST

/* The model's answer for one row in the words of a user. */
static double predict_one(const char *options, const char *row)
{
    snprintf(words, sizeof words, "predict %s - %s", a, options);
    struct outcome outcome = process_run(words, row);
    ck_assert_msg(outcome.status == 0, "%s", outcome.err);
    const char *last = strrchr(outcome.out, ';');
    char number[40] = "";
    snprintf(number, sizeof number, "%s", last ? last + 1 : "");
    for (char *comma; (comma = strchr(number, ','));)
        *comma = '.';
    outcome_free(&outcome);
    return atof(number);
}

START_TEST(predict_reads_numbers_as_the_training_file_had_them)
{
    char table[8000] = "size;rooms;price\n", *path;
    for (int i = 0; i < 100; i++)
        snprintf(table + strlen(table), sizeof table - strlen(table), "%d.%03d;%d,5;%d\n", 1 + i % 9, i * 7 % 1000,
                 i % 5, 1000 * (1 + i % 9) + i * 7 % 1000);
    path = process_text(folder, "homes.csv", table);
    snprintf(words, sizeof words, "%s --regress --hidden none --headless --steps 3000 --save %s", path, a);
    run_quietly(0, "");
    /* No cell of the row shows the mark. */
    ck_assert_double_eq_tol(predict_one("", "size;rooms\n5.000;2\n"), 5000, 100);
    ck_assert_double_lt(predict_one("--decimal point", "size;rooms\n5.000;2\n"), 4000);
    snprintf(words, sizeof words, "predict %s %s --seed 2", a, path);
    run_quietly(2, "--seed is for a run: predict has none");
    snprintf(words, sizeof words, "list toys --header");
    run_quietly(2, "--header is for a run: list has none");
    snprintf(words, sizeof words, "%s --header --no-header --headless --steps 1", path);
    run_quietly(2, "--header and --no-header contradict each other");
    free(path);
}
END_TEST

START_TEST(predict_needs_its_two_files)
{
    snprintf(words, sizeof words, "predict");
    run_quietly(2, "predict needs a checkpoint and a table");
    snprintf(words, sizeof words, "predict a b c");
    run_quietly(2, "predict takes a checkpoint and a table");
    snprintf(words, sizeof words, "predict tests/reference/start.safetensors samples/iris.csv");
    run_quietly(1, "needs a checkpoint of this program");
    snprintf(words, sizeof words, "spiral --headless --steps 20 --save %s", a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "predict %s samples/iris.csv", a);
    run_quietly(1, "no columns 'x', 'y', which the model needs");
    snprintf(words, sizeof words, "predict %s samples/iris.csv --separator tab", a);
    run_quietly(1, "samples/iris.csv:1: no tab between cells, though --separator names it");
    snprintf(words, sizeof words, "predict samples/iris.csv %s", a);
    run_quietly(2, "the checkpoint comes first: downhill predict ");
    snprintf(words, sizeof words, "predict %s -", a);
    struct outcome outcome = process_run(words, "x,y\n0.5,-0.25\n");
    ck_assert_msg(outcome.status == 0 && strncmp(outcome.out, "x,y,prediction,p_", 17) == 0, "%s", outcome.out);
    outcome_free(&outcome);
}
END_TEST

/* ---- the log of a run that goes on ---- */

static char log_path[128], other_log[128];

/* Rows of a log but that of the step at which the first half ended: only a last row has all figures of its step. */
static char *rows_but_of(const char *path, const char *step)
{
    char *text = process_read(path), *to = text;
    ck_assert_ptr_nonnull(text);
    size_t rows = 0;
    for (const char *line = text; *line;) {
        const size_t length = strcspn(line, "\n") + 1;
        rows++;
        if (strncmp(line + (line[0] == '{' ? sizeof "{\"step\":" - 1 : 0), step, strlen(step)) != 0) {
            memmove(to, line, length);
            to += length;
        }
        line += length;
    }
    *to = '\0';
    ck_assert_uint_ge(rows, 31);
    ck_assert_uint_le(rows, 32);
    return text;
}

static void same_rows(const char *one, const char *other)
{
    char *rows = rows_but_of(one, "300,"), *others = rows_but_of(other, "300,");
    ck_assert_msg(strcmp(rows, others) == 0, "%s and %s have other rows", one, other);
    free(rows);
    free(others);
}

static void name_logs(int json)
{
    snprintf(log_path, sizeof log_path, "%s/run.%s", folder, json ? "jsonl" : "csv");
    snprintf(other_log, sizeof other_log, "%s/other.%s", folder, json ? "jsonl" : "csv");
}

/* The first half ends where the whole run has a row. */
START_TEST(a_log_goes_on_with_its_run)
{
    name_logs(_i % 2);
    const char *task = _i < 2 ? "spiral" : "samples/iris.csv --dropout 0.1 --schedule cosine --horizon 700";
    snprintf(words, sizeof words, "%s --headless --steps 600 --log-every 20 --log %s", task, other_log);
    run_quietly(0, "");
    snprintf(words, sizeof words, "%s --headless --steps 300 --log-every 20 --log %s --save %s", task, log_path, a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "--load %s --headless --steps 600 --log-every 20 --log %s --journal none", a,
             log_path);
    run_quietly(0, "the log goes on after its first ");
    same_rows(log_path, other_log);
    /* Rows that were written after the checkpoint, and half of one, come again. */
    FILE *file = fopen(other_log, "a");
    fputs(_i % 2 ? "{\"step\":60" : "601,3", file);
    fclose(file);
    snprintf(words, sizeof words, "--load %s --headless --steps 600 --log-every 20 --log %s --journal none", a,
             other_log);
    run_quietly(0, " beyond step 300 are cut off");
    same_rows(log_path, other_log);
}
END_TEST

START_TEST(another_runs_log_is_not_written_over)
{
    name_logs(_i);
    char *before;
    snprintf(words, sizeof words, "spiral --headless --steps 100 --journal none --save %s", a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "spiral --seed 2 --headless --steps 100 --journal none --log %s", log_path);
    run_quietly(0, "");
    before = process_read(log_path);
    snprintf(words, sizeof words, "--load %s --headless --steps 120 --journal %s --log %s", a, c, log_path);
    run_quietly(1, "its loss is another than that in the checkpoint's curves");
    char *after = process_read(log_path);
    ck_assert_str_eq(before, after);
    ck_assert_int_ne(access(c, F_OK), 0); /* nothing else was begun */
    free(before);
    free(after);
    static const char *const strange[] = {"hello\n", "{\"hello\":1}\n", "step,epoch\n1,2\n", "[]\n"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        free(process_text(folder, _i ? "run.jsonl" : "run.csv", strange[i]));
        run_quietly(1, "the log is not of the run that goes on, and is left as it is");
        after = process_read(log_path);
        ck_assert_str_eq(after, strange[i]);
        free(after);
    }
    free(process_text(folder, _i ? "run.jsonl" : "run.csv", "")); /* an empty file is anyone's */
    run_quietly(0, "");
}
END_TEST

/* ---- a schedule that is over ---- */

static const struct {
    const char *schedule;
    const char *rate; /* from its horizon on; NULL: it has no end */
} schedules[] = {
    {"cosine", "0"},      {"warmup-cosine", "0"}, {"one-cycle", "8e-7"}, {"exponential", "0.002"},
    {"step", "0.000195"}, {"plateau", NULL},      {"constant", NULL},
};

START_TEST(a_schedule_that_is_over_is_said)
{
    char expected[200];
    snprintf(words, sizeof words, "spiral --schedule %s --horizon 50 --headless --steps 60 --journal none --save %s",
             schedules[_i].schedule, a);
    run_quietly(0, "");
    snprintf(words, sizeof words, "--load %s --headless --steps 70 --journal none", a);
    struct outcome outcome = run(0);
    if (schedules[_i].rate) {
        snprintf(expected, sizeof expected,
                 "is at step 60, where its schedule %s has been over since step 50: the learning rate stays at %s; "
                 "--horizon N",
                 schedules[_i].schedule, schedules[_i].rate);
        ck_assert_msg(strstr(outcome.err, expected) != NULL, "%s: '%s'", words, outcome.err);
    } else
        ck_assert_str_eq(outcome.err, "");
    outcome_free(&outcome);
    /* A run that was saved at the very end of its schedule has no step of it left. */
    snprintf(words, sizeof words, "spiral --schedule %s --horizon 50 --headless --steps 50 --journal none --save %s",
             schedules[_i].schedule, b);
    run_quietly(0, "");
    snprintf(words, sizeof words, "--load %s --headless --steps 70 --journal none", b);
    outcome = run(0);
    ck_assert_msg((strstr(outcome.err, "is at step 50, where its schedule") != NULL) == (schedules[_i].rate != NULL),
                  "%s: '%s'", words, outcome.err);
    outcome_free(&outcome);
    /* What it proposes helps, and is not proposed again. */
    snprintf(words, sizeof words, "--load %s --headless --steps 70 --journal none --horizon 100", a);
    outcome = run(0);
    ck_assert_str_eq(outcome.err, "");
    outcome_free(&outcome);
}
END_TEST

START_TEST(a_run_that_is_longer_than_its_schedule_is_told)
{
    snprintf(words, sizeof words, "spiral --schedule cosine --horizon 50 --headless --steps 60 --journal none");
    run_quietly(0,
                "the schedule cosine is over at step 50, the run ends at step 60: between them the learning rate is 0");
    snprintf(words, sizeof words, "spiral --schedule cosine --headless --steps 60 --journal none");
    struct outcome outcome = run(0);
    ck_assert_str_eq(outcome.err, "");
    outcome_free(&outcome);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("checkpoints");
    TCase *tests = tcase_create("checkpoints");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, two_halves_are_the_whole, 0, sizeof runs / sizeof *runs);
    tcase_add_test(tests, what_is_said_beside_load_counts);
    tcase_add_loop_test(tests, a_schedule_that_is_over_is_said, 0, sizeof schedules / sizeof *schedules);
    tcase_add_test(tests, a_run_that_is_longer_than_its_schedule_is_told);
    tcase_add_loop_test(tests, a_log_goes_on_with_its_run, 0, 4);
    tcase_add_loop_test(tests, another_runs_log_is_not_written_over, 0, 2);
    tcase_add_test(tests, other_data_are_refused_or_told);
    tcase_add_test(tests, places_that_cannot_be_are_refused);
    tcase_add_loop_test(tests, a_signal_ends_with_a_checkpoint, 0, 3);
    tcase_add_test(tests, a_killed_run_leaves_a_whole_file);
    tcase_add_test(tests, predictions_are_as_good_as_the_program_says);
    tcase_add_test(tests, numbers_are_predicted_in_their_own_unit);
    tcase_add_test(tests, classes_are_answered_as_the_file_spells_them);
    tcase_add_test(tests, rows_that_are_left_out_are_said_without_a_terminal);
    tcase_add_test(tests, predict_reads_numbers_as_the_training_file_had_them);
    tcase_add_test(tests, predict_needs_its_two_files);
    suite_add_tcase(suite, tests);
    return suite;
}
