/* The worker driven directly: what it says, in which order, and that time never reaches what it computes. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "engine/worker.h"
#include "store/sink.h"
#include "suite.h"
#include "support/workers.h"

/* Runs the spec to its end, undisturbed, without a screen. */
static struct run_event run_alone(struct bench bench)
{
    start(&bench, false, true, 0);
    const struct run_event end = hear_until(&bench, EVENT_END);
    ck_assert(end.status.ended);
    stop(&bench);
    return end;
}

START_TEST(a_run_starts_goes_and_ends_at_its_limit)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 500;
    start(&bench, false, false, 0);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_START).event.step, 0);
    const struct run_event end = hear_kind(&bench, EVENT_END);
    ck_assert_uint_eq(end.event.step, 500);
    ck_assert_int_eq(end.status.state, SESSION_ENDED);
    ck_assert_double_eq_tol(end.status.epoch, 25, 1e-9);
    ck_assert_uint_ne(end.status.state_hash, 0);
    ck_assert(!end.status.ended);
    /* Somebody may go on. */
    ask(&bench, (struct wish){.name = "until", .number = 600});
    ck_assert_uint_eq(hear_kind(&bench, EVENT_GO).event.step, 500);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_END).event.step, 600);
    stop(&bench);
}
END_TEST

START_TEST(epochs_limit_a_run_too)
{
    struct bench bench = bench_of("spiral");
    bench.spec.epochs = 2.5;
    ck_assert_uint_eq(run_alone(bench).event.step, 50);
}
END_TEST

START_TEST(single_steps_and_epochs_pause_again)
{
    struct bench bench = bench_of("spiral");
    start(&bench, true, false, 0);
    hear_kind(&bench, EVENT_START);
    for (uint64_t step = 1; step <= 3; step++) {
        ask_kind(&bench, "step");
        const struct run_event go = hear_kind(&bench, EVENT_GO);
        ck_assert_uint_eq(go.event.step, step - 1);
        ck_assert_uint_eq(go.event.token, bench.token);
        const struct run_event pause = hear_kind(&bench, EVENT_PAUSE);
        ck_assert_uint_eq(pause.event.step, step);
        ck_assert_int_eq(pause.status.state, SESSION_PAUSED);
    }
    ask_kind(&bench, "epoch"); /* 200 rows, batches of 10 */
    hear_kind(&bench, EVENT_GO);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_PAUSE).event.step, 20);
    ask_kind(&bench, "epoch");
    hear_kind(&bench, EVENT_GO);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_PAUSE).event.step, 40);
    stop(&bench);
}
END_TEST

START_TEST(hasty_single_steps_are_all_taken)
{
    struct bench bench = bench_of("spiral");
    start(&bench, true, false, 0);
    hear_kind(&bench, EVENT_START);
    for (int i = 0; i < 5; i++)
        ask_kind(&bench, "step");
    uint64_t last = 0;
    for (int heard = 0; heard < 5;) {
        const struct run_event echo = hear(&bench);
        heard += echo.answer;
        last = echo.event.step;
    }
    ck_assert_uint_eq(last, 4);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_PAUSE).event.step, 5);
    stop(&bench);
}
END_TEST

START_TEST(until_stops_at_its_step_and_refuses_the_past)
{
    struct bench bench = bench_of("spiral");
    start(&bench, true, false, 0);
    hear_kind(&bench, EVENT_START);
    ask(&bench, (struct wish){.name = "until", .number = 77});
    hear_kind(&bench, EVENT_GO);
    const struct run_event end = hear_kind(&bench, EVENT_END);
    ck_assert_uint_eq(end.event.step, 77);
    ask(&bench, (struct wish){.name = "until", .number = 77});
    const struct run_event refused = hear_kind(&bench, EVENT_REFUSED);
    ck_assert_ptr_nonnull(strstr(refused.event.label, "77"));
    ck_assert_int_eq(refused.status.state, SESSION_ENDED);
    stop(&bench);
}
END_TEST

START_TEST(knobs_are_echoed_with_step_values_and_label)
{
    struct bench bench = bench_of("spiral");
    start(&bench, true, false, 0);
    hear_kind(&bench, EVENT_START);
    turn(&bench, KNOB_LR, 5);
    const struct run_event echo = hear_kind(&bench, EVENT_KNOB);
    ck_assert_uint_eq(echo.event.what, KNOB_LR);
    ck_assert_double_eq(echo.event.from, 0.2);
    ck_assert_double_eq(echo.event.to, 5);
    ck_assert_double_eq(echo.status.knobs.value[KNOB_LR], 5);
    ck_assert_uint_eq(echo.event.token, bench.token);
    ck_assert_str_eq(echo.event.label, "lr 0.2 → 5");
    turn(&bench, KNOB_SPEED, 50);
    ck_assert_double_eq(hear_kind(&bench, EVENT_KNOB).status.knobs.value[KNOB_SPEED], 50);
    stop(&bench);
}
END_TEST

START_TEST(what_cannot_be_is_refused_with_a_reason)
{
    struct bench bench = bench_of("spiral");
    start(&bench, true, false, 0);
    hear_kind(&bench, EVENT_START);
    turn(&bench, KNOB_LR, -1);
    ck_assert_uint_gt(strlen(hear_kind(&bench, EVENT_REFUSED).event.label), 0);
    turn(&bench, KNOB_DROPOUT, 1);
    ck_assert_uint_gt(strlen(hear_kind(&bench, EVENT_REFUSED).event.label), 0);
    turn(&bench, KNOB_LR, 0.2);
    ck_assert_ptr_nonnull(strstr(hear_kind(&bench, EVENT_REFUSED).event.label, "already"));
    turn(&bench, KNOB_BATCH, 1000); /* all there are */
    hear_kind(&bench, EVENT_KNOB);
    turn(&bench, KNOB_BATCH, 5000);
    ck_assert_ptr_nonnull(strstr(hear_kind(&bench, EVENT_REFUSED).event.label, "200 already"));
    turn(&bench, KNOB_SPEED, NAN);
    const struct run_event echo = hear_kind(&bench, EVENT_REFUSED);
    ck_assert_double_eq(echo.status.knobs.value[KNOB_SPEED], 0);
    stop(&bench);
}
END_TEST

/* Texts of any length travel; each row says how long its own may be. */
START_TEST(a_text_that_is_too_long_is_refused)
{
    struct bench bench = bench_of("spiral");
    struct wish load = {.name = "load"};
    memset(load.text, 'x', 512);
    start(&bench, true, false, 0);
    hear_kind(&bench, EVENT_START);
    ask(&bench, load);
    ck_assert_ptr_nonnull(strstr(hear_kind(&bench, EVENT_REFUSED).event.label, "longer than 511 bytes"));
    load.text[511] = '\0';
    ask(&bench, load);
    ck_assert_ptr_null(strstr(hear_kind(&bench, EVENT_REFUSED).event.label, "longer"));
    stop(&bench);
}
END_TEST

START_TEST(restart_repeats_the_run_and_seed_does_not)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 300;
    start(&bench, false, false, 0);
    hear_kind(&bench, EVENT_START);
    const uint64_t first = hear_kind(&bench, EVENT_END).status.state_hash;
    ask_kind(&bench, "restart");
    const struct run_event again = hear_kind(&bench, EVENT_RESTART);
    ck_assert_uint_eq(again.event.branch, 1);
    ck_assert_uint_eq(again.event.step, 0);
    ck_assert_int_eq(again.status.state, SESSION_RUNNING);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_END).status.state_hash, first);
    ask(&bench, (struct wish){.name = "seed", .number = 7});
    const struct run_event seeded = hear_kind(&bench, EVENT_SEED);
    ck_assert_uint_eq(seeded.status.seed, 7);
    ck_assert_uint_eq(seeded.event.branch, 2);
    ck_assert_str_eq(seeded.event.label, "seed 7");
    ck_assert_uint_ne(hear_kind(&bench, EVENT_END).status.state_hash, first);
    stop(&bench);
}
END_TEST

START_TEST(a_pause_outlives_a_restart)
{
    struct bench bench = bench_of("spiral");
    start(&bench, false, false, 0);
    ask_kind(&bench, "pause");
    hear_until(&bench, EVENT_PAUSE);
    ask_kind(&bench, "restart");
    ck_assert_int_eq(hear_kind(&bench, EVENT_RESTART).status.state, SESSION_PAUSED);
    stop(&bench);
}
END_TEST

START_TEST(the_script_turns_knobs_at_its_steps)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 60;
    spec_add_turn(&bench.spec, 0, KNOB_LR, 0.5);
    spec_add_turn(&bench.spec, 30, KNOB_BATCH, 20);
    spec_add_turn(&bench.spec, 30, KNOB_OPTIMIZER, 0); /* is so already */
    spec_add_turn(&bench.spec, 60, KNOB_DROPOUT, 0.1);
    start(&bench, false, true, 0);
    hear_kind(&bench, EVENT_START);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_KNOB).event.step, 0);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_KNOB).event.step, 30);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_REFUSED).event.step, 30);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_KNOB).event.step, 60);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_END).event.step, 60);
    stop(&bench);
}
END_TEST

/* A turn by a person at some step and the same turn by the script give the same bits. */
START_TEST(a_hand_and_a_script_are_the_same)
{
    struct bench scripted = bench_of("spiral");
    scripted.spec.steps = 400;
    spec_add_turn(&scripted.spec, 123, KNOB_LR, 0.05);
    spec_add_turn(&scripted.spec, 200, KNOB_OPTIMIZER, 4);
    const uint64_t wanted = run_alone(scripted).status.state_hash;

    struct bench bench = bench_of("spiral");
    bench.spec.steps = 400;
    start(&bench, true, false, 0);
    ask(&bench, (struct wish){.name = "until", .number = 123});
    hear_until(&bench, EVENT_END);
    turn(&bench, KNOB_LR, 0.05);
    ask(&bench, (struct wish){.name = "until", .number = 200});
    hear_until(&bench, EVENT_END);
    turn(&bench, KNOB_OPTIMIZER, 4);
    ask_kind(&bench, "go");
    ck_assert_uint_eq(hear_until(&bench, EVENT_END).status.state_hash, wanted);
    stop(&bench);
}
END_TEST

/* Pauses, single steps and speeds at random moments: the state at the end is that of the undisturbed run. */
START_TEST(time_never_reaches_the_state)
{
    struct bench alone = bench_of("spiral");
    alone.spec.steps = 3000;
    give(&alone.spec, KNOB_DROPOUT, 0.1);
    const uint64_t wanted = run_alone(alone).status.state_hash;

    for (uint32_t trial = 0; trial < 4; trial++) {
        struct bench bench = bench_of("spiral");
        bench.spec.steps = 3000;
        give(&bench.spec, KNOB_DROPOUT, 0.1);
        give(&bench.spec, KNOB_SPEED, trial % 2 ? 0 : 10000);
        start(&bench, trial > 1, false, trial == 3 ? 2 : 0);
        struct run_event echo = {0};
        for (uint32_t i = 0; echo.event.kind != EVENT_END; i++) {
            const double speeds[] = {0, 1000, 5000, 20000};
            const uint32_t what = random_bits(trial, i) % 6;
            struct wish command = {.name = what == 0   ? "pause"
                                           : what == 1 ? "step"
                                           : what == 2 ? "knob"
                                           : what == 3 ? "epoch"
                                                       : "go",
                                   .knob = KNOB_SPEED,
                                   .value = speeds[i % 4]};
            send_to_worker(bench.worker, &command);
            drain(&bench);
            while (echo.event.kind != EVENT_END && worker_next_event(bench.worker, &echo)) {
            }
            nap();
        }
        ck_assert_uint_eq(echo.event.step, 3000);
        ck_assert_uint_eq(echo.status.state_hash, wanted);
        stop(&bench);
    }
}
END_TEST

START_TEST(early_stopping_pauses_and_brings_the_best_back)
{
    struct bench bench = bench_of("spiral");
    bench.spec.points = 20;
    give(&bench.spec, KNOB_EARLY_STOP, 1);
    give(&bench.spec, KNOB_PATIENCE, 10);
    start(&bench, false, false, 0);
    const struct run_event echo = hear_until(&bench, EVENT_EARLY_STOP);
    ck_assert_int_eq(echo.status.state, SESSION_STOPPED_EARLY);
    ck_assert_double_lt(echo.event.from, (double)echo.event.step);
    ck_assert_msg(strncmp(echo.event.label, "early stop: best ", 17) == 0, "%s", echo.event.label);
    /* The parameters that are back were measured: their test loss is the best. */
    while (drain(&bench) > 0)
        continue;
    ck_assert_double_eq_tol((double)bench.test_loss, echo.event.to, 1e-6);
    /* Going on is possible, and does not stop at once. */
    ask_kind(&bench, "step");
    hear_kind(&bench, EVENT_GO);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_PAUSE).event.step, echo.event.step + 1);
    stop(&bench);
}
END_TEST

/* Nothing holds the run then but the pause that a person would have made. */
START_TEST(switched_off_after_it_stopped_the_run_is_paused)
{
    struct bench bench = bench_of("spiral");
    bench.spec.points = 20;
    give(&bench.spec, KNOB_EARLY_STOP, 1);
    give(&bench.spec, KNOB_PATIENCE, 10);
    start(&bench, false, false, 0);
    const struct run_event stopped = hear_until(&bench, EVENT_EARLY_STOP);
    turn(&bench, KNOB_PATIENCE, 20);
    ck_assert_int_eq(hear_kind(&bench, EVENT_KNOB).status.state, SESSION_STOPPED_EARLY);
    turn(&bench, KNOB_EARLY_STOP, 0);
    const struct run_event off = hear_kind(&bench, EVENT_KNOB);
    ck_assert_int_eq(off.status.state, SESSION_PAUSED);
    ck_assert_uint_eq(off.event.step, stopped.event.step);
    turn(&bench, KNOB_EARLY_STOP, 1); /* on again it has stopped nothing yet */
    ck_assert_int_eq(hear_kind(&bench, EVENT_KNOB).status.state, SESSION_PAUSED);
    stop(&bench);
}
END_TEST

START_TEST(early_stopping_ends_a_headless_run)
{
    struct bench bench = bench_of("spiral");
    bench.spec.points = 20;
    give(&bench.spec, KNOB_EARLY_STOP, 1);
    give(&bench.spec, KNOB_PATIENCE, 10);
    start(&bench, false, true, 0);
    ck_assert(hear_until(&bench, EVENT_EARLY_STOP).status.ended);
    stop(&bench);
}
END_TEST

START_TEST(a_loss_that_is_no_number_pauses_on_the_last_finite_state)
{
    struct bench bench = bench_of("sine");
    give(&bench.spec, KNOB_LR, 1000);
    start(&bench, false, false, 0);
    const struct run_event echo = hear_until(&bench, EVENT_DIVERGED);
    ck_assert_int_eq(echo.status.state, SESSION_DIVERGED);
    ck_assert_ptr_nonnull(strstr(echo.event.label, "not finite at step"));
    /* The parameters are still numbers: nobody else touches them while it is paused. */
    const struct params *params = model_params_const(trainer_model(bench.trainer));
    for (size_t i = 0; i < params->size; i++)
        ck_assert(isfinite(params->value[i]));
    /* The same again comes to the same; another start does not. */
    ask_kind(&bench, "go");
    hear_kind(&bench, EVENT_GO);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_DIVERGED).event.step, echo.event.step);
    turn(&bench, KNOB_LR, 0.01);
    hear_kind(&bench, EVENT_KNOB);
    ask_kind(&bench, "restart");
    ck_assert_int_eq(hear_kind(&bench, EVENT_RESTART).status.state, SESSION_RUNNING);
    ask_kind(&bench, "end");
    ck_assert(hear_kind(&bench, EVENT_END).status.ended);
    stop(&bench);
}
END_TEST

START_TEST(no_answer_is_lost_when_nobody_listens)
{
    struct bench bench = bench_of("spiral");
    start(&bench, false, false, 4);
    unsigned sent = 0, answered = 0, refused = 0;
    struct run_event echo;
    for (uint32_t i = 0; i < 400; i++) {
        const struct wish command = {
            .name = i % 3   ? "knob"
                    : i % 2 ? "pause"
                            : "go",
            .knob = i % 3 == 1 ? KNOB_LR : KNOB_BATCH,
            .value = 1 + i % 7,
        };
        if (send_to_worker(bench.worker, &command))
            sent++;
        else {
            refused++;
            /* Full, or about to be: only now somebody listens. */
            nap();
            while (worker_next_event(bench.worker, &echo))
                answered += echo.answer;
        }
    }
    ck_assert_uint_gt(refused, 0);
    while (answered < sent) {
        drain(&bench);
        answered += hear(&bench).answer;
    }
    ck_assert_uint_eq(answered, sent);
    stop(&bench);
}
END_TEST

START_TEST(a_full_ring_makes_samples_coarser_and_loses_none)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 2000;
    start(&bench, false, true, 1);
    uint64_t steps = 0, last = 0;
    unsigned slow = 0;
    do {
        const size_t count = drain(&bench);
        for (size_t i = 0; i < count; i++)
            if (bench.samples[i].series == SERIES_LOSS) {
                ck_assert_uint_gt(bench.samples[i].first_step, last);
                steps += bench.samples[i].count;
                last = bench.samples[i].last_step;
            }
        if (slow++ % 4 == 0)
            nap();
    } while (last < 2000);
    ck_assert_uint_eq(steps, 2000);
    stop(&bench);
}
END_TEST

START_TEST(more_turns_than_there_is_room_for_reach_a_late_listener)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 10;
    for (unsigned i = 0; i < 3000; i++)
        spec_add_turn(&bench.spec, 5, KNOB_LR, i % 2 ? 0.1 : 0.3);
    start(&bench, false, false, 2);
    for (unsigned i = 0; i < 20; i++)
        nap();
    hear_kind(&bench, EVENT_START);
    for (unsigned i = 0; i < 3000; i++)
        ck_assert_double_eq(hear_kind(&bench, EVENT_KNOB).event.to, i % 2 ? 0.1 : 0.3);
    hear_kind(&bench, EVENT_END);
    stop(&bench);
}
END_TEST

/* Events and samples wait without holding the run up, and are there after its end. */
START_TEST(a_run_ends_though_nobody_listens)
{
    struct bench bench = bench_of("spiral");
    bench.spec.steps = 3000;
    for (unsigned i = 0; i < 3000; i++)
        spec_add_turn(&bench.spec, i, KNOB_LR, i % 2 ? 0.1 : 0.3);
    start(&bench, false, true, 2);
    while (!worker_finished(bench.worker))
        nap();
    ck_assert_uint_eq(hear_kind(&bench, EVENT_START).number, 1);
    for (unsigned i = 0; i < 3000; i++) {
        const struct run_event turned = hear_kind(&bench, EVENT_KNOB);
        ck_assert_uint_eq(turned.number, i + 2);
        ck_assert_uint_eq(turned.event.step, i);
    }
    ck_assert(hear_kind(&bench, EVENT_END).status.ended);
    stop(&bench);
}
END_TEST

/* Only how far it is: neither events nor samples. */
START_TEST(a_screen_that_takes_nothing_does_not_stop_a_run)
{
    struct bench bench = bench_of("spiral");
    struct run_progress progress = {.step = 0};
    for (unsigned i = 0; i < 3000; i++)
        spec_add_turn(&bench.spec, i, KNOB_LR, i % 2 ? 0.1 : 0.3);
    start(&bench, false, false, 2);
    while (progress.step < 4000) {
        nap();
        worker_progress(bench.worker, &progress);
    }
    ck_assert_uint_eq(progress.event, 3001);
    ck_assert_uint_eq(hear_kind(&bench, EVENT_START).number, 1);
    for (unsigned i = 0; i < 3000; i++)
        ck_assert_uint_eq(hear_kind(&bench, EVENT_KNOB).event.step, i);
    stop(&bench);
}
END_TEST

START_TEST(speed_is_kept)
{
    struct bench bench = bench_of("spiral");
    give(&bench.spec, KNOB_SPEED, 1);
    start(&bench, false, false, 0);
    hear_kind(&bench, EVENT_START);
    /* However slow the machine: the second step is a second away, and a pause does not wait for it. */
    for (unsigned i = 0; i < 20; i++)
        nap();
    ask_kind(&bench, "pause");
    ck_assert_uint_le(hear_kind(&bench, EVENT_PAUSE).event.step, 1);
    stop(&bench);
}
END_TEST

/* Leaves at any moment: paused, slow, at full speed, in the middle of an evaluation, with rings full. */
START_TEST(a_worker_can_always_be_stopped)
{
    for (uint32_t i = 0; i < 24; i++) {
        struct bench bench = bench_of(i % 4 == 3 ? "gauss" : "spiral");
        if (i % 4 == 3)
            bench.spec.points = 20000;
        give(&bench.spec, KNOB_SPEED, i % 3 == 1 ? 1 : 0);
        start(&bench, i % 3 == 2, i % 5 == 4, i % 2 ? 1 : 0);
        for (uint32_t k = 0; k < i % 6; k++)
            nap();
        stop(&bench);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("worker");
    TCase *commands = tcase_create("commands");
    tcase_set_timeout(commands, 120);
    tcase_add_test(commands, a_run_starts_goes_and_ends_at_its_limit);
    tcase_add_test(commands, epochs_limit_a_run_too);
    tcase_add_test(commands, single_steps_and_epochs_pause_again);
    tcase_add_test(commands, hasty_single_steps_are_all_taken);
    tcase_add_test(commands, until_stops_at_its_step_and_refuses_the_past);
    tcase_add_test(commands, knobs_are_echoed_with_step_values_and_label);
    tcase_add_test(commands, what_cannot_be_is_refused_with_a_reason);
    tcase_add_test(commands, a_text_that_is_too_long_is_refused);
    tcase_add_test(commands, restart_repeats_the_run_and_seed_does_not);
    tcase_add_test(commands, a_pause_outlives_a_restart);
    suite_add_tcase(suite, commands);
    TCase *truth = tcase_create("truth");
    tcase_set_timeout(truth, 120);
    tcase_add_test(truth, the_script_turns_knobs_at_its_steps);
    tcase_add_test(truth, a_hand_and_a_script_are_the_same);
    tcase_add_test(truth, time_never_reaches_the_state);
    tcase_add_test(truth, early_stopping_pauses_and_brings_the_best_back);
    tcase_add_test(truth, switched_off_after_it_stopped_the_run_is_paused);
    tcase_add_test(truth, early_stopping_ends_a_headless_run);
    tcase_add_test(truth, a_loss_that_is_no_number_pauses_on_the_last_finite_state);
    suite_add_tcase(suite, truth);
    TCase *channels = tcase_create("channels");
    tcase_set_timeout(channels, 120);
    tcase_add_test(channels, no_answer_is_lost_when_nobody_listens);
    tcase_add_test(channels, a_full_ring_makes_samples_coarser_and_loses_none);
    tcase_add_test(channels, more_turns_than_there_is_room_for_reach_a_late_listener);
    tcase_add_test(channels, a_run_ends_though_nobody_listens);
    tcase_add_test(channels, a_screen_that_takes_nothing_does_not_stop_a_run);
    tcase_add_test(channels, speed_is_kept);
    tcase_add_test(channels, a_worker_can_always_be_stopped);
    suite_add_tcase(suite, channels);
    return suite;
}
