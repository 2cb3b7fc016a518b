/* Sessions with their real threads: what the screen sees.  Nothing here depends on how fast the machine is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "session/session.h"
#include "suite.h"
#include "support/sequences.h"

static uint64_t values_in(const struct session *session, uint16_t branch, unsigned series)
{
    struct bucket all;
    const double end = (double)history_last_step(session_history(session), branch) + 1;
    history_read(session_history(session), branch, series, 0, end, 1, &all);
    return all.count;
}

START_TEST(a_session_describes_its_model)
{
    struct session *session = open_plain(spec_of("spiral", 100, 0));
    const struct session_model *model = session_model(session);
    ck_assert_str_eq(model->task, "spiral");
    ck_assert_str_eq(model->architecture, "2-8-8-2 tanh");
    ck_assert_uint_eq(model->layers, 3);
    ck_assert_uint_eq(model->parameters, 2 * 8 + 8 + 8 * 8 + 8 + 8 * 2 + 2);
    ck_assert_double_eq_tol(model->guess.loss, log(2), 1e-6);
    ck_assert_double_eq_tol(model->guess.accuracy, 0.5, 0.02);
    ck_assert_uint_gt(model->cadence, 0);
    ck_assert_uint_gt(strlen(model->kernels), 0);
    ck_assert_uint_eq(session_dataset(session)->train, 200);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(every_step_is_in_the_history)
{
    struct session *session = open_plain(spec_of("spiral", 3000, 0));
    wait_for(session, SESSION_ENDED);
    const struct session_status *status = session_status(session);
    ck_assert_uint_eq(status->step, 3000);
    ck_assert_double_eq_tol(status->epoch, 150, 1e-9);
    ck_assert_uint_ne(status->state_hash, 0);
    ck_assert_double_eq(status->steps_per_second, 0);
    ck_assert_uint_eq(values_in(session, 0, SERIES_LOSS), 3000);
    ck_assert_uint_eq(values_in(session, 0, series_layer_grad(2)), 3000);
    const struct bucket *best = history_best(session_history(session), 0, SERIES_TEST_LOSS);
    ck_assert_double_eq_tol(status->best_test_loss, best->min, 1e-3 * best->min + 1e-6);
    /* The screen's session stays open at its limit. */
    ck_assert(!status->ended);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(headless_ends_by_itself_with_the_same_bits)
{
    struct session *screen = open_plain(spec_of("spiral", 1500, 0));
    wait_for(screen, SESSION_ENDED);
    struct spec spec = spec_of("spiral", 1500, 50); /* a speed that would take half a minute */
    struct session *headless = open_with(&spec, &(struct session_options){.headless = true});
    while (!session_status(headless)->ended)
        session_wait(headless, 50);
    ck_assert_uint_eq(session_status(headless)->state_hash, session_status(screen)->state_hash);
    ck_assert_uint_eq(values_in(headless, 0, SERIES_LOSS), 1500);
    ck_assert_ptr_null(session_picture(headless));
    ck_assert(session_close(screen, NULL));
    ck_assert(session_close(headless, NULL));
}
END_TEST

START_TEST(status_follows_the_answers)
{
    struct spec spec = spec_of("spiral", 0, 0);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    const struct session_status *status = session_status(session);
    ck_assert_int_eq(status->state, SESSION_PAUSED);
    ck_assert(isnan(status->best_test_loss));
    struct event event = tell(session, (struct wish){.name = "knob", .knob = KNOB_LR, .value = 0.5});
    ck_assert_int_eq(event.kind, EVENT_KNOB);
    ck_assert_double_eq(status->knobs.value[KNOB_LR], 0.5);
    tell(session, (struct wish){.name = "knob", .knob = KNOB_SPEED, .value = 20});
    ck_assert_double_eq(status->knobs.value[KNOB_SPEED], 20);
    tell(session, (struct wish){.name = "step"});
    wait_for(session, SESSION_PAUSED);
    ck_assert_uint_eq(status->step, 1);
    ck_assert(!isnan(status->best_test_loss));
    event = tell(session, (struct wish){.name = "knob", .knob = KNOB_BATCH, .value = -3});
    ck_assert_int_eq(event.kind, EVENT_REFUSED);
    /* Markers: the start and the rate; speed, pauses and refusals are none. */
    ck_assert_uint_eq(history_events(session_history(session)), 2);
    ck_assert_int_eq(history_event(session_history(session), 0)->kind, EVENT_START);
    ck_assert_str_eq(history_event(session_history(session), 1)->label, "lr 0.2 → 0.5");
    ck_assert(session_close(session, NULL));
}
END_TEST

/* A run of 700 steps, on its way at rest or not; returns the hash of its state. */
static uint64_t run_logged(bool rests, char *log, size_t size)
{
    static const struct wish to_rest[] = {
        {.name = "until", .number = 611}, {.name = "step"}, {.name = "step"}, {.name = "epoch"}};
    char path[40];
    temporary_file(path, sizeof path);
    struct spec spec = spec_of("spiral", 700, 0);
    spec.log_path = mem_string(path);
    struct session *session = open_with(&spec, &(struct session_options){.paused = rests});
    const struct session_status *status = session_status(session);
    for (size_t i = 0; rests && i < sizeof to_rest / sizeof to_rest[0]; i++) {
        tell(session, to_rest[i]);
        while (status->state == SESSION_RUNNING)
            session_wait(session, 50);
        /* The figures are those of the parameters on which it rests. */
        const struct bucket *last;
        do {
            session_wait(session, 50);
            last = history_last(session_history(session), 0, SERIES_TEST_LOSS);
        } while (!last || last->last_step < status->step);
        ck_assert_uint_eq(last->last_step, status->step);
    }
    if (rests)
        tell(session, (struct wish){.name = "go"});
    wait_for(session, SESSION_ENDED);
    const uint64_t hash = status->state_hash;
    ck_assert(session_close(session, NULL));
    FILE *file = fopen(path, "r");
    log[fread(log, 1, size - 1, file)] = 0;
    fclose(file);
    unlink(path);
    return hash;
}

START_TEST(figures_keep_up_with_a_run_at_rest)
{
    static char straight[1 << 16], resting[1 << 16];
    const uint64_t hash = run_logged(false, straight, sizeof straight);
    ck_assert_uint_eq(run_logged(true, resting, sizeof resting), hash);
    ck_assert_uint_gt(strlen(straight), 1000);
    ck_assert_str_eq(resting, straight);
}
END_TEST

START_TEST(a_restart_leaves_a_ghost)
{
    struct session *session = open_plain(spec_of("spiral", 200, 0));
    const struct session_status *status = session_status(session);
    ck_assert_int_eq(status->ghost, -1);
    wait_for(session, SESSION_ENDED);
    const uint64_t hash = status->state_hash;
    tell(session, (struct wish){.name = "restart"});
    ck_assert_int_eq(status->ghost, 0);
    ck_assert_uint_eq(status->branch, 1);
    wait_for(session, SESSION_ENDED);
    ck_assert_uint_eq(status->state_hash, hash);
    ck_assert_uint_eq(values_in(session, 0, SERIES_LOSS), 200);
    ck_assert_uint_eq(values_in(session, 1, SERIES_LOSS), 200);
    tell(session, (struct wish){.name = "seed", .number = 9});
    ck_assert_int_eq(status->ghost, 1);
    ck_assert_uint_eq(status->seed, 9);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(many_restarts_keep_every_branch)
{
    struct session *session = open_plain(spec_of("spiral", 20, 0));
    for (unsigned i = 1; i <= 100; i++) {
        tell(session, (struct wish){.name = "restart"});
        ck_assert_uint_eq(session_status(session)->branch, i);
    }
    wait_for(session, SESSION_ENDED);
    ck_assert_uint_eq(values_in(session, 100, SERIES_LOSS), 20);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(pictures_come_while_asked_for)
{
    struct session *session = open_plain(spec_of("spiral", 0, 500));
    const struct picture_request request = {.width = 8, .height = 6, .x0 = -2, .x1 = 2, .y0 = -2, .y1 = 2};
    session_wait(session, 20);
    ck_assert_ptr_null(session_picture(session));
    session_want(session, &request, 1000);
    uint64_t newest = 0;
    for (unsigned seen = 0; seen < 5;) {
        session_wait(session, 20);
        const struct picture *picture = session_picture(session);
        if (picture && picture->step > newest) {
            ck_assert_int_eq(picture->width, 8);
            ck_assert_uint_eq(picture->rows, 200);
            newest = picture->step;
            seen++;
        }
    }
    /* A paused run is drawn as it stands, and again when the view changes. */
    tell(session, (struct wish){.name = "pause"});
    const struct picture_request larger = {.width = 12, .height = 6, .x0 = -2, .x1 = 2, .y0 = -2, .y1 = 2};
    session_want(session, &larger, 1000);
    while (session_picture(session)->step != session_status(session)->step || session_picture(session)->width != 12)
        session_wait(session, 20);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_script_that_asks_for_the_impossible_warns)
{
    struct spec spec = spec_of("spiral", 10, 0);
    spec_add_turn(&spec, 5, KNOB_OPTIMIZER, 0); /* it is sgd already */
    struct session *session = open_plain(spec);
    wait_for(session, SESSION_ENDED);
    const char *warning = session_warning(session);
    ck_assert_ptr_nonnull(warning);
    ck_assert_ptr_nonnull(strstr(warning, "already"));
    ck_assert_ptr_null(session_warning(session));
    ck_assert(session_close(session, NULL));
}
END_TEST

/* Everything at once, with tiny rings: every command is answered, and the run is that of its branch. */
START_TEST(a_storm_of_keys_is_answered)
{
    for (uint32_t trial = 0; trial < 3; trial++) {
        struct spec spec = spec_of("spiral", 0, trial == 1 ? 3000 : 0);
        struct session *session = open_with(&spec, &(struct session_options){.ring = trial == 2 ? 1 : 0});
        const struct picture_request request = {.width = 9, .height = 9, .x1 = 1, .y1 = 1, .predictions = true};
        session_want(session, &request, 500);
        unsigned sent = 0, answered = 0;
        struct event event;
        for (uint32_t i = 0; i < 600; i++) {
            const uint32_t bits = random_bits(trial, i);
            struct wish command = {.name = engine_commands.row[bits % (engine_commands.count - 1)]->name,
                                   .token = 1 + i};
            command.knob = (enum knob_id)((bits >> 8) % KNOB_COUNT);
            command.number = strcmp(command.name, "until") == 0 ? session_status(session)->step + 50 : bits;
            command.value =
                knob_step(command.knob, session_status(session)->knobs.value[command.knob], bits & 64 ? 1 : -1);
            /* A step a second is right for an eye, not for a test. */
            if (command.knob == KNOB_SPEED && command.value > 0 && command.value < 1000)
                command.value = 1000;
            sent += send_wish(session, &command);
            if (i % 7 == 0)
                session_poll(session);
            while (session_echo(session, &event))
                answered += event.token != 0;
        }
        while (answered < sent) {
            session_wait(session, 20);
            while (session_echo(session, &event))
                answered += event.token != 0;
        }
        ck_assert_uint_eq(answered, sent);
        ck_assert(session_close(session, NULL));
    }
}
END_TEST

START_TEST(quitting_ends_the_worker_with_all_its_samples)
{
    struct session *session = open_plain(spec_of("spiral", 0, 0));
    while (session_status(session)->step < 1000)
        session_wait(session, 20);
    tell(session, (struct wish){.name = "end"});
    while (!session_status(session)->ended)
        session_wait(session, 20);
    ck_assert_uint_eq(values_in(session, 0, SERIES_LOSS), session_status(session)->step);
    ck_assert(!session_wait(session, 1));
    ck_assert(session_close(session, NULL));
}
END_TEST

/* The journal of a run that is left ends with a hash of its state, where taking that takes no noticeable time. */
START_TEST(who_leaves_a_large_model_waits_for_no_hash)
{
    for (int large = 0; large < 2; large++) {
        char path[] = "/tmp/downhill-session-XXXXXX", text[4096];
        const int descriptor = mkstemp(path);
        ck_assert_int_ge(descriptor, 0);
        struct spec spec = spec_of("spiral", 0, 0);
        if (large) {
            spec.net_given = true;
            spec.shape.net.hidden_count = 2;
            spec.shape.net.hidden[0] = spec.shape.net.hidden[1] = 1500;
        }
        struct session *session = open_with(&spec, &(struct session_options){.paused = true, .journal = path});
        tell(session, (struct wish){.name = "pause"}); /* the first evaluation is behind it */
        ck_assert(session_close(session, NULL));
        const ssize_t length = read(descriptor, text, sizeof text - 1);
        ck_assert_int_gt(length, 0);
        text[length] = '\0';
        ck_assert_ptr_nonnull(strstr(text, "\n< 0 0 end "));
        ck_assert_int_eq(strstr(text, "\n< 0 0 end 0000000000000000\n") != NULL, large);
        close(descriptor);
        unlink(path);
    }
}
END_TEST

START_TEST(a_session_can_always_be_closed)
{
    for (uint32_t i = 0; i < 16; i++) {
        struct spec spec = spec_of(i % 4 == 3 ? "gauss" : "spiral", 0, i % 3 == 1 ? 1 : 0);
        spec.points = i % 4 == 3 ? 20000 : 0;
        const struct session_options options = {.paused = i % 3 == 2, .ring = i % 2 ? 1 : 0};
        struct session *session = open_with(&spec, &options);
        const struct picture_request request = {.width = 50, .height = 50, .x1 = 1, .y1 = 1, .predictions = true};
        session_want(session, &request, 100);
        for (uint32_t k = 0; k < i % 5; k++)
            session_wait(session, 1);
        ck_assert(session_close(session, NULL));
    }
}
END_TEST

START_TEST(what_cannot_be_opened_says_why_and_leaves_nothing)
{
    const char *tasks[] = {"sprial", "no-such-file.csv", "/"};
    for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
        struct spec spec = spec_of(tasks[i], 10, 0);
        struct session *session;
        struct error error = {0};
        ck_assert_int_ne(session_open(&session, &spec, &(struct session_options){0}, &error), STATUS_OK);
        ck_assert_ptr_null(session);
        ck_assert_uint_gt(strlen(error.message), 0);
        spec_free(&spec); /* it is empty: the session took it over */
    }
    struct spec spec = spec_of("spiral", 10, 0);
    spec.log_path = mem_string("/no/such/folder/run.csv");
    struct session *session;
    struct error error = {0};
    ck_assert_int_eq(session_open(&session, &spec, &(struct session_options){0}, &error), STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "/no/such/folder/run.csv"));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("session");
    TCase *cases = tcase_create("session");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, a_session_describes_its_model);
    tcase_add_test(cases, every_step_is_in_the_history);
    tcase_add_test(cases, headless_ends_by_itself_with_the_same_bits);
    tcase_add_test(cases, status_follows_the_answers);
    tcase_add_test(cases, figures_keep_up_with_a_run_at_rest);
    tcase_add_test(cases, a_restart_leaves_a_ghost);
    tcase_add_test(cases, many_restarts_keep_every_branch);
    tcase_add_test(cases, pictures_come_while_asked_for);
    tcase_add_test(cases, a_script_that_asks_for_the_impossible_warns);
    tcase_add_test(cases, a_storm_of_keys_is_answered);
    tcase_add_test(cases, quitting_ends_the_worker_with_all_its_samples);
    tcase_add_test(cases, who_leaves_a_large_model_waits_for_no_hash);
    tcase_add_test(cases, a_session_can_always_be_closed);
    tcase_add_test(cases, what_cannot_be_opened_says_why_and_leaves_nothing);
    suite_add_tcase(suite, cases);
    return suite;
}
