/* Checkpoints of running sessions: what is saved, what is said of it, and that a run goes on from it as if nothing had
 * been. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "engine/worker.h"
#include "session/session.h"
#include "store/checkpoint.h"
#include "suite.h"
#include "support/lab.h"
#include "support/own_folder.h"
#include "support/wishes.h"

static struct spec spec_of(const char *task, uint64_t steps)
{
    struct spec spec;
    spec_init(&spec);
    spec.task = mem_string(task);
    spec.steps = steps;
    spec.knob_given[KNOB_SPEED] = spec.knob_given[KNOB_HORIZON] = true;
    spec.knobs.value[KNOB_HORIZON] = 700;
    return spec;
}

static struct session *open_spec(struct spec spec, bool paused)
{
    struct session *session = NULL;
    struct error error = {0};
    const struct session_options options = {.paused = paused, .headless = !paused};
    ck_assert_msg(session_open(&session, &spec, &options, &error) == STATUS_OK, "%s", error.message);
    return session;
}

static void close_whole(struct session *session)
{
    struct error error = {0};
    ck_assert_msg(session_close(session, &error), "%s", error.message);
}

/* To its end; the hash of the state there. */
static uint64_t finish(struct session *session)
{
    while (!session_status(session)->ended)
        session_wait(session, 50);
    return session_status(session)->state_hash;
}

static struct event tell(struct session *session, struct wish command)
{
    struct event event;
    command.token = 77;
    while (!send_wish(session, &command))
        session_wait(session, 5);
    for (;;) {
        while (session_echo(session, &event))
            if (event.token == command.token)
                return event;
        session_wait(session, 50);
    }
}

static struct event ask_to_save(struct session *session, const char *where)
{
    struct wish command = {.name = "save"};
    snprintf(command.text, sizeof command.text, "%s", where);
    return tell(session, command);
}

/* What the command line does with --load. */
static struct spec spec_of_file(uint64_t steps)
{
    struct checkpoint_file *file;
    struct error error = {0};
    struct spec spec;
    spec_init(&spec);
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    ck_assert_msg(checkpoint_spec(file, &spec, &error) == STATUS_OK, "%s", error.message);
    while (spec.turns_done < spec.turns && spec.turn[spec.turns_done].step <= checkpoint_file_step(file))
        spec.turns_done++;
    checkpoint_close(file);
    spec.load_path = mem_string(path);
    spec.steps = steps;
    return spec;
}

static uint64_t step_in_file(void)
{
    struct checkpoint_file *file;
    struct error error = {0};
    ck_assert_msg(checkpoint_open(&file, path, &error) == STATUS_OK, "%s", error.message);
    const uint64_t step = checkpoint_file_step(file);
    checkpoint_close(file);
    return step;
}

static struct spec with_turns(struct spec spec)
{
    static const struct spec_turn turns[] = {
        {100, KNOB_LR, 0.02},           {150, KNOB_DROPOUT, 0.2},    {300, KNOB_OPTIMIZER, OPTIMIZER_NESTEROV},
        {301, KNOB_TRAIN_FRACTION, .5}, {420, KNOB_LABEL_NOISE, .2}, {500, KNOB_SCHEDULE, SCHEDULE_PLATEAU},
    };
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        ck_assert(spec_add_turn(&spec, turns[i].step, turns[i].knob, turns[i].value) == STATUS_OK);
    return spec;
}

static const char *const tasks[] = {"spiral", "samples/iris.csv", "sine"};

/* Saved in the middle of a script, at the very step of a turn. */
START_TEST(a_session_goes_on_as_if_nothing_had_been)
{
    struct session *straight = open_spec(with_turns(spec_of(tasks[_i], 700)), false);
    const uint64_t hash = finish(straight);
    const double best = session_status(straight)->best_test_loss;
    close_whole(straight);

    struct spec spec = with_turns(spec_of(tasks[_i], 300));
    spec.save_path = mem_string(path);
    struct session *first = open_spec(spec, false);
    finish(first);
    close_whole(first);
    ck_assert_uint_eq(step_in_file(), 300);

    struct session *second = open_spec(spec_of_file(700), false);
    ck_assert(finish(second) == hash);
    ck_assert_uint_eq(session_status(second)->step, 700);
    ck_assert_double_eq(session_status(second)->best_test_loss, best);

    /* The curves reach back to the start, the turns before and after are among the events. */
    const struct history *history = session_history(second);
    struct bucket all;
    history_read(history, 0, SERIES_LOSS, 0, 701, 1, &all);
    ck_assert_uint_eq(all.count, 700);
    size_t turns = 0, loads = 0;
    for (size_t i = 0; i < history_events(history); i++) {
        turns += history_event(history, i)->kind == EVENT_KNOB;
        loads += history_event(history, i)->kind == EVENT_LOAD;
    }
    ck_assert_uint_eq(turns, 6);
    ck_assert_uint_eq(loads, 1);
    close_whole(second);
}
END_TEST

START_TEST(a_session_says_when_it_is_saved)
{
    struct session *session = open_spec(spec_of("spiral", 0), true);
    tell(session, (struct wish){.name = "until", .number = 123});
    while (session_status(session)->state != SESSION_ENDED)
        session_wait(session, 50);
    const uint64_t hash = session_status(session)->state_hash;
    struct event event = ask_to_save(session, path);
    ck_assert_msg(event.kind == EVENT_SAVED, "%s", event.label);
    ck_assert_str_eq(event.label, path);
    ck_assert_uint_eq(step_in_file(), 123);
    ck_assert(session_status(session)->state_hash == hash);

    /* What cannot be written is said, and the run goes on; what is there stays. */
    event = ask_to_save(session, folder);
    ck_assert(event.kind == EVENT_REFUSED);
    ck_assert_msg(strstr(event.label, "it is a folder") != NULL, "%s", event.label);
    event = ask_to_save(session, "");
    ck_assert(event.kind == EVENT_REFUSED);
    event = ask_to_save(session, "/nowhere/at/all");
    ck_assert(event.kind == EVENT_REFUSED);
    ck_assert_msg(strstr(event.label, "No such file") != NULL, "%s", event.label);
    tell(session, (struct wish){.name = "until", .number = 200});
    while (session_status(session)->step < 200)
        session_wait(session, 50);
    ck_assert_uint_eq(step_in_file(), 123);
    close_whole(session);
}
END_TEST

START_TEST(a_session_begins_where_its_file_is)
{
    struct spec spec = spec_of("spiral", 250);
    spec.save_path = mem_string(path);
    struct session *session = open_spec(spec, false);
    finish(session);
    close_whole(session);

    session = open_spec(spec_of_file(0), true);
    ck_assert_uint_eq(session_status(session)->step, 250);
    ck_assert_double_gt(session_status(session)->epoch, 1);
    ck_assert_ptr_nonnull(history_last(session_history(session), 0, SERIES_TEST_LOSS));
    tell(session, (struct wish){.name = "step"});
    while (session_status(session)->step < 251)
        session_wait(session, 50);
    /* A restart is one from the seed, at step 0. */
    tell(session, (struct wish){.name = "restart"});
    ck_assert_uint_eq(session_status(session)->step, 0);
    close_whole(session);

    /* A limit that is behind it already is no limit to a person, and an end to a script. */
    session = open_spec(spec_of_file(100), false);
    finish(session);
    ck_assert_uint_eq(session_status(session)->step, 250);
    close_whole(session);

    spec = spec_of_file(0);
    spec.seed = 8;
    struct error error = {.message = ""};
    ck_assert(session_open(&session, &spec, &(struct session_options){.paused = true}, &error) == STATUS_USAGE);
    ck_assert_msg(strstr(error.message, "goes on with seed 1") != NULL, "%s", error.message);
}
END_TEST

START_TEST(a_run_that_is_left_is_saved)
{
    struct spec spec = spec_of("spiral", 0);
    spec.save_path = mem_string(path);
    struct session *session = open_spec(spec, true);
    tell(session, (struct wish){.name = "go"});
    tell(session, (struct wish){.name = "end"});
    finish(session);
    const uint64_t step = session_status(session)->step;
    close_whole(session);
    ck_assert_uint_eq(step_in_file(), step);
}
END_TEST

/* A folder that goes away during the run: the run goes on and says so at the end. */
START_TEST(a_file_that_cannot_be_written_is_said_at_the_end)
{
    struct error error = {.message = ""};
    char place[80], inner[100];
    snprintf(place, sizeof place, "%s/inner", folder);
    snprintf(inner, sizeof inner, "%s/b", place);
    ck_assert(mkdir(place, 0700) == 0);
    struct spec spec = spec_of("spiral", 500);
    spec.save_path = mem_string(inner);
    struct session *session = open_spec(spec, false);
    ck_assert(rmdir(place) == 0);
    finish(session);
    ck_assert_uint_eq(session_status(session)->step, 500);
    ck_assert(!session_close(session, &error));
    ck_assert_msg(strstr(error.message, "cannot be written") != NULL, "%s", error.message);

    /* One that is not there at the start is no beginning. */
    spec = spec_of("spiral", 500);
    spec.save_path = mem_string(inner);
    ck_assert(session_open(&session, &spec, &(struct session_options){.headless = true}, &error) == STATUS_FAILED);
}
END_TEST

START_TEST(each_so_many_steps)
{
    struct spec spec = spec_of("spiral", 0);
    spec.save_path = mem_string(path);
    spec.save_every = 50;
    struct session *session = open_spec(spec, true);
    tell(session, (struct wish){.name = "until", .number = 149});
    struct checkpoint_file *file = NULL;
    struct error error;
    while (checkpoint_open(&file, path, &error) != STATUS_OK)
        session_wait(session, 5);
    ck_assert_uint_eq(checkpoint_file_step(file) % 50, 0);
    checkpoint_close(file);
    while (session_status(session)->state != SESSION_ENDED)
        session_wait(session, 50);
    close_whole(session);
    ck_assert_uint_eq(step_in_file(), 149);
}
END_TEST

/* Nobody takes what the worker has copied: it goes on, keeps the one, and refuses another. */
START_TEST(a_full_box_holds_nobody_up)
{
    struct lab lab;
    struct worker *worker;
    struct error error;
    struct run_event echo;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    lab.spec.save_path = mem_string(path);
    lab.spec.save_every = 10;
    lab.spec.steps = 500;
    const struct worker_setup setup = {.trainer = lab.trainer, .spec = &lab.spec};
    ck_assert(worker_start(&worker, &setup, &error) == STATUS_OK);
    do {
        while (!worker_next_event(worker, &echo))
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    } while (echo.event.kind != EVENT_END);
    ck_assert_uint_eq(echo.event.step, 500);
    ck_assert(send_to_worker(worker, &(struct wish){.name = "save", .token = 5, .text = "x"}));
    do {
        while (!worker_next_event(worker, &echo))
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    } while (echo.event.token != 5);
    ck_assert(echo.event.kind == EVENT_REFUSED);
    struct worker_kept *kept = worker_take_kept(worker);
    ck_assert_ptr_nonnull(kept);
    ck_assert_uint_eq(checkpoint_step(kept->checkpoint), 10);
    ck_assert_str_eq(kept->path, path);
    worker_kept_free(kept);
    worker_stop(worker, &lab.trainer);
    worker_free(worker);
    lab_end(&lab);
}
END_TEST

/* Whether the run has come to it or not: it may be in the ring, lie in the box, or be under way to the disk. */
START_TEST(what_was_asked_for_is_written_though_the_run_is_left)
{
    for (int i = 0; i < 12; i++) {
        struct session *session = open_spec(spec_of("spiral", 0), true);
        struct wish command = {.name = "save"};
        snprintf(command.text, sizeof command.text, "%s", path);
        ck_assert(send_wish(session, &(struct wish){.name = "go"}));
        for (int k = 0; k < i / 4; k++)
            session_wait(session, 1);
        ck_assert(send_wish(session, &command));
        for (int k = 0; k < i % 4; k++)
            session_wait(session, 1);
        close_whole(session);
        step_in_file();
        ck_assert_int_eq(unlink(path), 0);
    }
}
END_TEST

/* Those that come too late are known by name. */
START_TEST(a_worker_that_has_ended_knows_what_it_has_not_saved)
{
    struct lab lab;
    struct worker *worker;
    lab_load(&lab, "spiral", 1);
    lab_start(&lab);
    const struct worker_setup setup = {.trainer = lab.trainer, .spec = &lab.spec, .paused = true};
    ck_assert(worker_start(&worker, &setup, NULL) == STATUS_OK);
    worker_stop(worker, &lab.trainer);
    ck_assert(send_to_worker(worker, &(struct wish){.name = "save", .text = "a"}));
    ck_assert(send_to_worker(worker, &(struct wish){.name = "go"}));
    ck_assert(send_to_worker(worker, &(struct wish){.name = "save", .text = ""}));
    ck_assert(send_to_worker(worker, &(struct wish){.name = "save", .text = "b"}));
    char *a = worker_next_save(worker), *b = worker_next_save(worker);
    ck_assert_str_eq(a, "a");
    ck_assert_str_eq(b, "b");
    ck_assert_ptr_null(worker_next_save(worker));
    mem_free(a);
    mem_free(b);
    worker_free(worker);
    lab_end(&lab);
}
END_TEST

START_TEST(a_run_that_has_not_come_about_leaves_no_checkpoint)
{
    struct spec spec = spec_of("spiral", 0);
    spec.save_path = mem_string(path);
    spec.save_every = 1;
    struct session *session = open_spec(spec, false);
    session_abandon(session);
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("keeper");
    TCase *tests = tcase_create("keeper");
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_loop_test(tests, a_session_goes_on_as_if_nothing_had_been, 0, sizeof tasks / sizeof *tasks);
    tcase_add_test(tests, a_session_says_when_it_is_saved);
    tcase_add_test(tests, a_session_begins_where_its_file_is);
    tcase_add_test(tests, a_run_that_is_left_is_saved);
    tcase_add_test(tests, a_file_that_cannot_be_written_is_said_at_the_end);
    tcase_add_test(tests, each_so_many_steps);
    tcase_add_test(tests, a_full_box_holds_nobody_up);
    tcase_add_test(tests, what_was_asked_for_is_written_though_the_run_is_left);
    tcase_add_test(tests, a_worker_that_has_ended_knows_what_it_has_not_saved);
    tcase_add_test(tests, a_run_that_has_not_come_about_leaves_no_checkpoint);
    suite_add_tcase(suite, tests);
    return suite;
}
