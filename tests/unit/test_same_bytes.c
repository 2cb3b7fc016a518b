/* The same commands at the same steps save the same bytes, however large the channels are and whenever somebody looks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/checkpoint.h"
#include "suite.h"
#include "support/journeys.h"
#include "support/own_folder.h"

/* What may differ between two runs of the same commands. */
struct timing {
    size_t ring;  /* capacity of the channels; 0: the usual */
    bool stalls;  /* nobody takes anything in for long: while it runs, and while it rests */
    double speed; /* 0: as fast as it goes */
};

static const struct timing timings[] = {
    {.ring = 8},
    {.ring = 65536},
    {.ring = 8, .stalls = true},
    {.ring = 65536, .stalls = true},
    {.ring = 300, .speed = 60000},
};
enum { TIMINGS = sizeof timings / sizeof *timings };

static void stall(const struct timing *timing)
{
    if (timing->stalls)
        nanosleep(&(struct timespec){.tv_nsec = 25000000}, NULL);
}

static void go_to(struct session *session, const struct timing *timing, uint64_t step)
{
    ck_assert(send_wish(session, &(struct wish){.name = "until", .number = step, .token = 1}));
    stall(timing);
    while (session_status(session)->step < step || session_status(session)->state == SESSION_RUNNING)
        session_wait(session, 50);
    ck_assert_uint_eq(session_status(session)->step, step);
    stall(timing);
    if (timing->stalls) /* a look at the parameters on which it rests comes in */
        session_wait(session, 50);
}

static struct session *open_timed(struct spec spec, const struct timing *timing)
{
    give(&spec, KNOB_SPEED, 0);
    return open_as(spec, (struct session_options){.ring = timing->ring});
}

/* Later than by the spec, which is in the file. */
static void set_speed(struct session *session, const struct timing *timing)
{
    if (timing->speed > 0)
        turn(session, KNOB_SPEED, timing->speed);
}

static struct spec spec_that_saves(uint64_t every)
{
    struct spec spec = spec_of("spiral", 0, 0);
    spec.save_path = mem_string(path);
    spec.save_every = every;
    return spec;
}

/* ---- what is done ---- */

static void straight_on(const struct timing *timing)
{
    struct session *session = open_timed(spec_that_saves(0), timing);
    set_speed(session, timing);
    go_to(session, timing, 20011);
    ck_assert(session_close(session, NULL));
}

static void with_changes(const struct timing *timing)
{
    struct session *session = open_timed(spec_that_saves(0), timing);
    set_speed(session, timing);
    go_to(session, timing, 301);
    turn(session, KNOB_LR, 0.1);
    turn(session, KNOB_BATCH, 16);
    go_to(session, timing, 511);
    step(session);
    go_to(session, timing, 2000);
    turn(session, KNOB_OPTIMIZER, OPTIMIZER_ADAM);
    go_to(session, timing, 5003);
    ck_assert(session_close(session, NULL));
}

static void back_and_on(const struct timing *timing)
{
    struct session *session = open_timed(spec_that_saves(0), timing);
    set_speed(session, timing);
    go_to(session, timing, 1500);
    ck_assert(ask(session, "rewind", 0, 777).kind == EVENT_REWIND);
    turn(session, KNOB_LR, 0.05);
    go_to(session, timing, 3000);
    ck_assert(ask(session, "rewind", 1, 2222).kind == EVENT_REWIND);
    go_to(session, timing, 6001);
    ck_assert_uint_eq(session_status(session)->branch, 2);
    ck_assert(session_close(session, NULL));
}

static void to_another_branch_and_back(const struct timing *timing)
{
    struct session *session = open_timed(spec_that_saves(0), timing);
    set_speed(session, timing);
    go_to(session, timing, 900);
    ck_assert(ask(session, "rewind", 0, 450).kind == EVENT_REWIND);
    go_to(session, timing, 1100);
    ck_assert(ask(session, "switch", 0, 0).kind == EVENT_SWITCH);
    go_to(session, timing, 4000);
    ck_assert(ask(session, "switch", 1, 0).kind == EVENT_SWITCH);
    go_to(session, timing, 1200);
    ck_assert(ask(session, "fork", 0, 0).kind == EVENT_FORK);
    go_to(session, timing, 1301);
    ck_assert(session_close(session, NULL));
}

static void with_a_twin_that_races(const struct timing *timing)
{
    struct session *session = open_timed(spec_that_saves(0), timing);
    set_speed(session, timing);
    go_to(session, timing, 600);
    ck_assert(twin(session, "lr=0.03").kind == EVENT_TWIN);
    struct event event = ask(session, "race", 1, 0);
    ck_assert_msg(event.kind == EVENT_RACE, "%s", event.label);
    go_to(session, timing, 1400);
    ck_assert(ask(session, "switch", 1, 0).kind == EVENT_SWITCH);
    go_to(session, timing, 2100);
    ck_assert(session_close(session, NULL));
}

static void started_again(const struct timing *timing)
{
    struct session *session = open_timed(spec_that_saves(0), timing);
    set_speed(session, timing);
    go_to(session, timing, 700);
    turn(session, KNOB_SPEED, 1000);
    ck_assert(ask(session, "restart", 0, 0).kind == EVENT_RESTART);
    tell(session, (struct wish){.name = "pause"});
    turn(session, KNOB_SPEED, timing->speed);
    go_to(session, timing, 3000);
    ck_assert(session_close(session, NULL));
}

static struct spec spec_of_file(void)
{
    struct checkpoint_file *file;
    struct error error = {0};
    struct spec spec;
    spec_init(&spec);
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_msg(checkpoint_spec(file, &spec, &error) == STATUS_OK, "%s", error.message);
    checkpoint_close(file);
    spec.load_path = mem_string(path);
    spec.save_path = mem_string(path);
    return spec;
}

static void loaded(const struct timing *timing)
{
    back_and_on(timing);
    struct session *session = open_timed(spec_of_file(), timing);
    set_speed(session, timing);
    go_to(session, timing, 9001);
    ck_assert(ask(session, "rewind", 0, 7001).kind == EVENT_REWIND);
    go_to(session, timing, 12000);
    ck_assert(session_close(session, NULL));
}

static void (*const done[])(const struct timing *) = {
    straight_on, with_changes, back_and_on, to_another_branch_and_back, with_a_twin_that_races, started_again, loaded,
};
enum { DONE = sizeof done / sizeof *done };

/* ---- files ---- */

struct content {
    char *byte;
    size_t size;
};

static struct content content_of(const char *name)
{
    FILE *file = fopen(name, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert(fseek(file, 0, SEEK_END) == 0);
    struct content content = {.size = (size_t)ftell(file)};
    rewind(file);
    content.byte = malloc(content.size);
    ck_assert_uint_eq(fread(content.byte, 1, content.size, file), content.size);
    fclose(file);
    return content;
}

static void check_same(const struct content *a, const struct content *b, int timing)
{
    size_t at = 0;
    while (at < a->size && at < b->size && a->byte[at] == b->byte[at])
        at++;
    ck_assert_msg(at == a->size && at == b->size, "timing %d: %zu and %zu bytes, they differ at %zu: ... %.80s", timing,
                  a->size, b->size, at, at < 40 || at > 20000 ? "" : b->byte + at - 40);
}

START_TEST(timing_does_not_change_a_checkpoint)
{
    struct content first = {0};
    for (int i = 0; i < TIMINGS; i++) {
        done[_i](&timings[i]);
        struct content content = content_of(path);
        if (i == 0)
            first = content;
        else {
            check_same(&first, &content, i);
            free(content.byte);
        }
        ck_assert_int_eq(unlink(path), 0);
    }
    free(first.byte);
}
END_TEST

/* ---- the same curves ---- */

/* All buckets of the file. */
static struct record *record_in_file(void)
{
    struct checkpoint_file *file;
    struct record *record;
    struct error error = {0};
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_msg(checkpoint_record(file, &record, &error) == STATUS_OK, "%s", error.message);
    ck_assert_ptr_nonnull(record);
    checkpoint_close(file);
    return record;
}

static bool is_same(const struct bucket *a, const struct bucket *b)
{
    return a->count == b->count && a->nonfinite == b->nonfinite && a->first_step == b->first_step &&
           a->last_step == b->last_step &&
           (a->count == 0 || (a->min == b->min && a->max == b->max && a->sum == b->sum));
}

/* Series that have a value at every step are the same in both, bucket by bucket. */
static void check_same_rows(struct record *a, struct record *b)
{
    for (unsigned series = 0; series < SERIES_EVERY_STEP; series++) {
        size_t count, others;
        const struct bucket *bucket = record_buckets(a, series, &count);
        const struct bucket *other = record_buckets(b, series, &others);
        ck_assert_uint_eq(others, count);
        for (size_t i = 0; i < count; i++)
            ck_assert(is_same(&bucket[i], &other[i]));
    }
}

/* A file that is loaded and saved at once has the same curves; the screen shows what was shown. */
START_TEST(a_load_shows_the_curves_that_were_saved)
{
    struct session *session = open_timed(spec_that_saves(0), &timings[0]);
    struct bucket before[SERIES_EVERY_STEP], after;
    size_t count, again;
    run_to(session, 2700);
    ck_assert(ask(session, "rewind", 0, 1111).kind == EVENT_REWIND);
    run_to(session, 3333);
    wait_for(session, SESSION_ENDED);
    const uint16_t branch = session_status(session)->branch;
    for (unsigned series = 0; series < SERIES_EVERY_STEP; series++)
        history_read(session_history(session), branch, series, 0, 3334, 1, &before[series]);
    ck_assert(session_close(session, NULL));

    struct record *saved = record_in_file();
    session = open_as(spec_of_file(), (struct session_options){0});
    ck_assert_uint_eq(session_status(session)->step, 3333);
    for (unsigned series = 0; series < SERIES_COUNT; series++) {
        const struct bucket *bucket = record_buckets(saved, series, &count);
        struct bucket *shown = malloc(RECORD_BUCKETS * sizeof *shown);
        again = history_all(session_history(session), 0, series, 0, 3333, RECORD_BUCKETS, shown);
        ck_assert_uint_eq(again, count);
        for (size_t i = 0; i < count; i++)
            ck_assert(is_same(&bucket[i], &shown[i]));
        free(shown);
    }
    for (unsigned series = 0; series < SERIES_EVERY_STEP; series++) {
        history_read(session_history(session), 0, series, 0, 3334, 1, &after);
        ck_assert_float_eq(after.last, before[series].last);
        /* All steps but those of the parent's bucket that lay across the origin of the branch. */
        ck_assert_uint_ge(after.count + record_width(saved), 3333);
    }
    size_t loads = 0, rewinds = 0;
    for (size_t i = 0; i < history_events(session_history(session)); i++) {
        loads += history_event(session_history(session), i)->kind == EVENT_LOAD;
        rewinds += history_event(session_history(session), i)->kind == EVENT_REWIND;
    }
    ck_assert_uint_eq(rewinds, 1);
    ck_assert_uint_le(loads, 1);
    ck_assert(session_close(session, NULL));

    struct record *kept = record_in_file();
    check_same_rows(saved, kept);
    record_free(saved);
    record_free(kept);
}
END_TEST

/* Going on from a file leaves the record of a run that never stopped. */
START_TEST(a_record_that_was_loaded_goes_on)
{
    struct session *session = open_timed(spec_that_saves(0), &timings[0]);
    run_to(session, 5000);
    ck_assert(session_close(session, NULL));
    struct record *straight = record_in_file();
    ck_assert_int_eq(unlink(path), 0);

    session = open_timed(spec_that_saves(0), &timings[0]);
    run_to(session, 2503);
    ck_assert(session_close(session, NULL));
    session = open_as(spec_of_file(), (struct session_options){0});
    run_to(session, 5000);
    ck_assert(session_close(session, NULL));
    struct record *parted = record_in_file();
    check_same_rows(straight, parted);
    record_free(straight);
    record_free(parted);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("same bytes");
    TCase *tests = tcase_create("same bytes");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, timing_does_not_change_a_checkpoint, 0, DONE);
    tcase_add_test(tests, a_load_shows_the_curves_that_were_saved);
    tcase_add_test(tests, a_record_that_was_loaded_goes_on);
    suite_add_tcase(suite, tests);
    return suite;
}
