/* Replays of journeys through time: paused when their viewer says so, and by nothing else; scripts that begin again. */
#include <stdio.h>
#include <string.h>

#include "session/session.h"
#include "setup/spec_field.h"
#include "suite.h"
#include "support/journeys.h"

/* Writes a journal of a run that goes back from 300 to 200 and begins anew at 280, and ends at 400. */
static void write_journey(char *journal, size_t size)
{
    temporary_file(journal, size);
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){.journal = journal});
    run_to(session, 300);
    ask(session, "rewind", 0, 200);
    run_to(session, 279);
    step(session); /* a person's pause holds the new start back, the end of `until` does not */
    tell(session, (struct wish){.name = "restart"});
    run_to(session, 400);
    ck_assert(session_close(session, NULL));
}

START_TEST(a_replay_may_begin_paused)
{
    char journal[64];
    struct replay replay;
    write_journey(journal, sizeof journal);
    open_replay(&replay, journal);
    tell(replay.session, (struct wish){.name = "go"});
    while (session_status(replay.session)->state == SESSION_RUNNING)
        session_wait(replay.session, 50);
    ck_assert_uint_eq(session_status(replay.session)->step, 400);
    ck_assert_uint_eq(hash_of(replay.session), straight("spiral", 400));
    close_replay(&replay);
    unlink(journal);
}
END_TEST

/* Going back is what the replay does by itself; when to pause is what its viewer says. */
START_TEST(a_replay_pauses_where_it_is_told_to)
{
    char journal[64];
    struct replay replay;
    write_journey(journal, sizeof journal);
    open_replay(&replay, journal);
    const struct session_status *status = session_status(replay.session);
    run_to(replay.session, 299);
    step(replay.session);
    ck_assert_int_eq(status->state, SESSION_PAUSED);
    ck_assert_uint_eq(status->branch, 1);
    ck_assert_uint_eq(status->step, 200);
    run_to(replay.session, 279);
    step(replay.session);
    ck_assert_uint_eq(status->branch, 2);
    ck_assert_uint_eq(status->step, 0);
    run_to(replay.session, 100);
    ck_assert_uint_eq(status->step, 100);
    tell(replay.session, (struct wish){.name = "go"});
    while (status->state == SESSION_RUNNING)
        session_wait(replay.session, 50);
    ck_assert_uint_eq(status->step, 400);
    ck_assert_uint_eq(hash_of(replay.session), straight("spiral", 400));
    close_replay(&replay);
    unlink(journal);
}
END_TEST

/* Whoever pauses a replay while it goes back sees it go on afterwards. */
START_TEST(a_pause_does_not_end_a_replay)
{
    char journal[64];
    struct replay replay;
    temporary_file(journal, sizeof journal);
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_TIMELINE, 0);
    struct session *session = open_as(spec, (struct session_options){.journal = journal});
    run_to(session, FAR);
    if (_i == 0)
        ask(session, "rewind", 0, FAR - 100);
    else
        twin(session, "lr=0.05");
    ask(session, "fork", 0, 0);
    run_to(session, FAR + 10);
    const uint64_t end = hash_of(session);
    ck_assert(session_close(session, NULL));

    open_replay(&replay, journal);
    const struct session_status *status = session_status(replay.session);
    run_to(replay.session, FAR - 1);
    const struct wish commands[] = {
        {.name = "step"}, {.name = "go"}, {.name = "scrub", .number = FAR + 9}, {.name = "pause"}, {.name = "go"}};
    tell_all(replay.session, commands, 5, (enum event_kind[5]){0});
    while (status->state != SESSION_ENDED)
        session_wait(replay.session, 50);
    ck_assert_uint_eq(hash_of(replay.session), end);
    close_replay(&replay);
    unlink(journal);
}
END_TEST

START_TEST(a_script_that_turns_at_the_first_step_is_replayed)
{
    char journal[64];
    temporary_file(journal, sizeof journal);
    struct spec spec = spec_of("spiral", 600, 0);
    ck_assert_int_eq(spec_add_turn(&spec, 0, KNOB_LR, 0.07), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 300, KNOB_DROPOUT, 0.1), STATUS_OK);
    struct session *session = open_with(&spec, &(struct session_options){.journal = journal});
    wait_for(session, SESSION_ENDED);
    const uint64_t end = hash_of(session);
    ck_assert(session_close(session, NULL));
    ck_assert_uint_eq(replay_hash(journal), end);
    unlink(journal);
}
END_TEST

START_TEST(the_script_goes_on_from_where_a_checkpoint_is)
{
    char file[64];
    temporary_file(file, sizeof file);
    struct spec spec = spec_of("spiral", 200, 0);
    spec.save_path = mem_string(file);
    struct session *session = open_plain(spec);
    wait_for(session, SESSION_ENDED);
    ck_assert(session_close(session, NULL));

    spec = spec_of("spiral", 0, 0);
    ck_assert_int_eq(spec_add_turn(&spec, 100, KNOB_LR, 0.3), STATUS_OK);
    ck_assert_int_eq(spec_add_turn(&spec, 300, KNOB_LR, 0.4), STATUS_OK);
    session = open_as(spec, (struct session_options){0});
    struct wish load = {.name = "load"};
    snprintf(load.text, sizeof load.text, "%s", file);
    run_to(session, _i == 0 ? 50 : 350);
    ck_assert_int_eq(tell(session, load).kind, EVENT_LOAD);
    run_to(session, 250);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_LR], 0.2);
    run_to(session, 320);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_LR], 0.4);
    ck_assert(session_close(session, NULL));
    unlink(file);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("time_replays");
    TCase *tests = tcase_create("time_replays");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_replay_may_begin_paused);
    tcase_add_test(tests, a_replay_pauses_where_it_is_told_to);
    tcase_add_loop_test(tests, a_pause_does_not_end_a_replay, 0, 2);
    tcase_add_test(tests, a_script_that_turns_at_the_first_step_is_replayed);
    tcase_add_loop_test(tests, the_script_goes_on_from_where_a_checkpoint_is, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}
