/* The learning rate of each step, as trainers apply it and as a run's log tells it: every schedule, with and without
 * warm-up, in the first and in a later stage, after a checkpoint, after a rewind and after live changes.  The figures
 * are PyTorch's (tests/reference/schedules.csv) or follow from the formula beside them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "setup/spec_field.h"
#include "suite.h"
#include "support/lab.h"
#include "support/sessions.h"

#define FIGURES  "tests/reference/schedules.csv"
#define RATE     0.1
#define HORIZON  40
#define STEPS    44
#define WARMUP   5
#define CADENCE  4 /* steps between two checks of the plateau schedule */
#define BATCH    180
#define CASES    (2 * SCHEDULE_COUNT)
#define BRANCHES 8

/* Case `number` of CASES: a schedule, and whether it warms up. */
struct rate_case {
    size_t schedule;
    double warmup;
    double rate[STEPS]; /* of each step, the first is rate[0] */
};

static struct rate_case case_of(int number)
{
    struct rate_case wanted = {.schedule = (size_t)number / 2, .warmup = number % 2 ? WARMUP : 0};
    const char *name = schedule_table[wanted.schedule].name;
    FILE *file = fopen(FIGURES, "r");
    ck_assert_ptr_nonnull(file);
    char line[128], read[32];
    unsigned step, warmup, found = 0;
    double rate;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "%31[^,],%u,%u,%lf", read, &warmup, &step, &rate) == 4 && strcmp(read, name) == 0 &&
            warmup == (unsigned)wanted.warmup && step < STEPS) {
            wanted.rate[step] = rate;
            found++;
        }
    fclose(file);
    ck_assert_msg(found == STEPS, "%u figures of %s", found, name);
    return wanted;
}

/* Gradients are cut to almost nothing: the loss stays, and the plateau schedule finds no better one. */
static void set_knobs(struct knobs *knobs, const struct rate_case *wanted)
{
    double *knob = knobs->value;
    knob[KNOB_LR] = RATE;
    knob[KNOB_SCHEDULE] = (double)wanted->schedule;
    knob[KNOB_HORIZON] = HORIZON;
    knob[KNOB_WARMUP] = wanted->warmup;
    knob[KNOB_BATCH] = BATCH;
    knob[KNOB_CLIP] = 1e-9;
}

static void assert_rate(double rate, double wanted, const struct rate_case *at, uint64_t step)
{
    ck_assert_msg(fabs(rate - wanted) <= 1e-6 * wanted + 1e-12, "%s, warm-up %g, step %llu: rate %.9g instead of %.9g",
                  schedule_table[at->schedule].name, at->warmup, (unsigned long long)step, rate, wanted);
}

static void assert_rates(struct lab *lab, const struct rate_case *wanted, uint64_t begin)
{
    for (uint64_t step = begin; step < begin + STEPS; step++) {
        lab_run(lab, step + 1);
        assert_rate((double)lab->measures[SERIES_LR], wanted->rate[step - begin], wanted, step);
    }
}

START_TEST(a_trainer_applies_the_rates_of_pytorch)
{
    const struct rate_case wanted = case_of(_i);
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    set_knobs(&lab.spec.knobs, &wanted);
    lab_start(&lab);
    ck_assert_uint_eq(trainer_cadence(lab.trainer), CADENCE);
    assert_rates(&lab, &wanted, 0);
    lab_end(&lab);
}
END_TEST

/* The rates begin anew with a stage, whether it has a schedule of its own or keeps that of the stage before. */
START_TEST(a_stage_begins_its_schedule_anew)
{
    const struct rate_case wanted = case_of(_i / 2);
    const bool own = _i % 2;
    struct lab lab;
    lab_load(&lab, "spiral", 1);
    struct trainer_stage stage[] = {{.name = "first", .dataset = lab.dataset},
                                    {.name = "second", .dataset = lab.dataset}};
    struct knobs second = lab.spec.knobs;
    set_knobs(&second, &wanted);
    if (own) {
        memcpy(stage[1].value, second.value, sizeof stage[1].value);
        for (size_t i = 0; i < KNOB_COUNT; i++)
            stage[1].turns[i] = true;
    } else
        lab.spec.knobs = second;
    const struct trainer_spec spec = {
        .dataset = lab.dataset,
        .shape = lab.spec.shape,
        .loss = LOSS_CROSS_ENTROPY,
        .stage = stage,
        .stages = 2,
        .seed = 1,
        .knobs = lab.spec.knobs,
    };
    ck_assert_int_eq(trainer_create(&lab.trainer, &spec, kernels_choose(), NULL), STATUS_OK);
    lab_run(&lab, 2);
    ck_assert_int_eq(trainer_next_stage(lab.trainer, NULL), STATUS_OK);
    assert_rates(&lab, &wanted, 2);
    lab_end(&lab);
}
END_TEST

/* ---- the log ---- */

static char log_path[40], middle[56], later[56];

static void make_files(void)
{
    snprintf(log_path, sizeof log_path, "/tmp/downhill-rates-XXXXXX");
    const int descriptor = mkstemp(log_path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    snprintf(middle, sizeof middle, "%s.middle", log_path);
    snprintf(later, sizeof later, "%s.later", log_path);
}

static void remove_files(void)
{
    unlink(log_path);
    unlink(middle);
    unlink(later);
}

/* The rates in a log: [branch][step]; NaN where it tells none. */
struct logged {
    double rate[BRANCHES][STEPS + 1];
};

static struct logged read_log(void)
{
    struct logged logged;
    for (size_t i = 0; i < BRANCHES * (STEPS + 1); i++)
        logged.rate[i / (STEPS + 1)][i % (STEPS + 1)] = NAN;
    FILE *file = fopen(log_path, "r");
    ck_assert_ptr_nonnull(file);
    char line[512], *cell[12];
    while (fgets(line, sizeof line, file)) {
        char *rest = line;
        for (size_t i = 0; i < 12; i++)
            ck_assert_ptr_nonnull(cell[i] = strsep(&rest, ","));
        const unsigned long step = strtoul(cell[0], NULL, 10), branch = strtoul(cell[2], NULL, 10);
        if (*cell[10] && step > 0 && step <= STEPS && branch < BRANCHES)
            logged.rate[branch][step] = strtod(cell[10], NULL);
    }
    fclose(file);
    return logged;
}

static void assert_logged(const struct logged *logged, const struct rate_case *wanted, uint16_t branch, uint64_t from,
                          uint64_t to)
{
    for (uint64_t step = from; step < to; step++) {
        const double rate = logged->rate[branch][step + 1];
        ck_assert_msg(!isnan(rate), "branch %u has no row of step %llu", branch, (unsigned long long)step + 1);
        assert_rate(rate, wanted->rate[step], wanted, step);
    }
}

static struct session *open_logged(struct spec spec)
{
    spec.log_path = mem_string(log_path);
    spec.log_every = 1;
    return open_with(&spec, &(struct session_options){.paused = true});
}

static struct spec spec_for(const struct rate_case *wanted)
{
    struct spec spec = spec_of("spiral", 0, 0);
    spec.seed = 1;
    set_knobs(&spec.knobs, wanted);
    static const enum knob_id given[] = {KNOB_LR, KNOB_SCHEDULE, KNOB_HORIZON, KNOB_WARMUP, KNOB_BATCH, KNOB_CLIP};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        spec.knob_given[given[i]] = true;
    return spec;
}

static void save(struct session *session, const char *path)
{
    struct wish command = {.name = "save"};
    snprintf(command.text, sizeof command.text, "%s", path);
    ck_assert_int_eq(tell(session, command).kind, EVENT_SAVED);
}

static void load(struct session *session, const char *path)
{
    struct wish command = {.name = "load"};
    snprintf(command.text, sizeof command.text, "%s", path);
    ck_assert_int_eq(tell(session, command).kind, EVENT_LOAD);
}

/* In the middle of the warm-up and after it: a rewind, a checkpoint loaded into the run, and one that a run begins
 * with go on where the schedule was. */
START_TEST(a_log_has_the_rates_that_were_in_force)
{
    const struct rate_case wanted = case_of(_i);
    struct session *session = open_logged(spec_for(&wanted));
    run_to(session, 3);
    save(session, middle);
    run_to(session, 9);
    save(session, later);
    run_to(session, STEPS);
    static const uint64_t back[] = {3, 9};
    for (size_t i = 0; i < 2; i++) {
        const struct wish rewind = {.name = "rewind", .number = back[i]};
        ck_assert_int_eq(tell(session, rewind).kind, EVENT_REWIND);
        run_to(session, 20);
    }
    load(session, middle);
    run_to(session, 20);
    load(session, later);
    run_to(session, 20);
    ck_assert(session_close(session, NULL));
    struct logged logged = read_log();
    assert_logged(&logged, &wanted, 0, 0, STEPS);
    for (uint16_t branch = 1; branch < 5; branch++)
        assert_logged(&logged, &wanted, branch, back[(branch + 1) % 2], 20);

    for (size_t i = 0; i < 2; i++) {
        unlink(log_path);
        struct spec spec = spec_for(&wanted);
        spec.load_path = mem_string(i ? later : middle);
        session = open_logged(spec);
        run_to(session, STEPS);
        ck_assert(session_close(session, NULL));
        logged = read_log();
        assert_logged(&logged, &wanted, 0, back[i], STEPS);
    }
}
END_TEST

static void set(struct session *session, enum knob_id knob, double value)
{
    ck_assert_int_eq(tell(session, (struct wish){.name = "knob", .knob = knob, .value = value}).kind, EVENT_KNOB);
}

static void assert_sequence(const struct logged *logged, uint64_t from, const double *rate, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(fabs(logged->rate[0][from + i] - rate[i]) <= 1e-6 * rate[i], "step %llu: %.9g instead of %.9g",
                      (unsigned long long)(from + i), logged->rate[0][from + i], rate[i]);
}

START_TEST(live_changes_of_rate_schedule_and_warmup)
{
    const struct rate_case begin = {.schedule = SCHEDULE_CONSTANT, .warmup = WARMUP};
    struct session *session = open_logged(spec_for(&begin));
    run_to(session, 2);
    set(session, KNOB_LR, 0.2); /* goes on with the warm-up */
    run_to(session, 8);
    set(session, KNOB_WARMUP, 4); /* begins it anew */
    run_to(session, 14);
    set(session, KNOB_SCHEDULE, SCHEDULE_COSINE);
    run_to(session, 20);
    set(session, KNOB_OPTIMIZER, OPTIMIZER_ADAM); /* has a rate of its own; the cosine goes on */
    set(session, KNOB_LR, 0.05);
    run_to(session, 22);
    set(session, KNOB_SCHEDULE, SCHEDULE_CONSTANT);
    run_to(session, 24);
    set(session, KNOB_WARMUP, 0); /* ends it */
    run_to(session, 26);
    set(session, KNOB_HORIZON, 10); /* a constant rate has no horizon */
    run_to(session, 28);
    set(session, KNOB_WARMUP, 10);
    run_to(session, 29);
    set(session, KNOB_OPTIMIZER, OPTIMIZER_SGD); /* its own rate again, on with the warm-up */
    run_to(session, 31);
    ck_assert(session_close(session, NULL));
    double rate[31] = {
        0.02, 0.04, 0.2 * 3 / 5, 0.2 * 4 / 5, 0.2, 0.2, 0.2, 0.2, /* lr at step 2 */
        0.05, 0.1,  0.15,        0.2,         0.2, 0.2,           /* warm-up 4 at 8 */
    };
    for (int i = 0; i < 8; i++) /* half a cosine over 40 steps, times the rise over 4 */
        rate[14 + i] = (i < 6 ? 0.2 : 0.05) * fmin((i + 1) / 4.0, 1) * 0.5 * (1 + cos(3.141592653589793 * i / 40));
    static const double rest[] = {0.05 / 4, 0.05 * 2 / 4, 0.05,         0.05,        0.05,
                                  0.05,     0.05 / 10,    0.2 * 2 / 10, 0.2 * 3 / 10};
    memcpy(rate + 22, rest, sizeof rest);
    const struct logged logged = read_log();
    assert_sequence(&logged, 1, rate, 31);
}
END_TEST

/* The same by a script, and the screen's history has what the log has. */
START_TEST(scripted_changes_and_the_history)
{
    const struct rate_case begin = {.schedule = SCHEDULE_CONSTANT, .warmup = WARMUP};
    struct spec spec = spec_for(&begin);
    ck_assert_int_eq(spec_add_turn(&spec, 2, KNOB_LR, 0.2), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 8, KNOB_WARMUP, 4), STATUS_OK);
    struct session *session = open_logged(spec);
    static const double rate[] = {0.02, 0.04, 0.12, 0.16, 0.2, 0.2, 0.2, 0.2, 0.05, 0.1, 0.15, 0.2};
    enum { COUNT = sizeof rate / sizeof rate[0] };
    for (uint64_t step = 1; step <= COUNT; step++) {
        run_to(session, step);
        while (session_wait(session, 20))
            continue;
        const struct bucket *last = history_last(session_history(session), 0, SERIES_LR);
        ck_assert_double_eq_tol((double)last->last, rate[step - 1], 1e-7);
    }
    ck_assert(session_close(session, NULL));
    const struct logged logged = read_log();
    assert_sequence(&logged, 1, rate, COUNT);
}
END_TEST

static void say(struct spec *spec, const char *name, const char *value)
{
    struct error error = {.message = ""};
    ck_assert_msg(spec_set(spec, name, value, &error) == STATUS_OK, "%s", error.message);
}

/* One that keeps the knobs begins the warm-up anew, one with a warm-up and a rate of its own uses those. */
START_TEST(the_log_of_stages)
{
    FILE *file = fopen(middle, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 100; i++)
        fprintf(file, "the %s sees the %s.\n", i % 2 ? "owl" : "fox", i % 3 ? "hen" : "cat");
    ck_assert_int_eq(fclose(file), 0);
    struct spec spec;
    spec_init(&spec);
    say(&spec, "task", middle);
    say(&spec, "model", "bigram");
    say(&spec, "lr", "0.1");
    say(&spec, "warmup", "5");
    say(&spec, "stage", "first steps=7");
    say(&spec, "stage", "second steps=6");
    say(&spec, "stage", "third warmup=2 lr=0.3");
    struct session *session = open_logged(spec);
    run_to(session, 16);
    ck_assert(session_close(session, NULL));
    static const double rate[] = {0.02, 0.04, 0.06, 0.08, 0.1, 0.1,  0.1, 0.02,
                                  0.04, 0.06, 0.08, 0.1,  0.1, 0.15, 0.3, 0.3};
    const struct logged logged = read_log();
    assert_sequence(&logged, 1, rate, 16);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("rates");
    TCase *tests = tcase_create("rates");
    tcase_set_timeout(tests, 120);
    tcase_add_checked_fixture(tests, make_files, remove_files);
    tcase_add_loop_test(tests, a_trainer_applies_the_rates_of_pytorch, 0, CASES);
    tcase_add_loop_test(tests, a_stage_begins_its_schedule_anew, 0, 2 * CASES);
    tcase_add_loop_test(tests, a_log_has_the_rates_that_were_in_force, 0, CASES);
    tcase_add_test(tests, live_changes_of_rate_schedule_and_warmup);
    tcase_add_test(tests, scripted_changes_and_the_history);
    tcase_add_test(tests, the_log_of_stages);
    suite_add_tcase(suite, tests);
    return suite;
}
