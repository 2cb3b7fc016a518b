/* Going back in time where it could go wrong: in the middle of something else, with channels that are nearly full,
 * after what was refused. */
#include <stdio.h>
#include <string.h>

#include "session/session.h"
#include "setup/spec_field.h"
#include "suite.h"
#include "support/journeys.h"

/* A run of so many steps without snapshots, with room for so many commands. */
static struct session *open_without_snapshots(size_t ring, uint64_t steps)
{
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_TIMELINE, 0);
    struct session *session = open_as(spec, (struct session_options){.ring = ring});
    run_to(session, steps);
    return session;
}

START_TEST(a_look_in_the_middle_of_a_walk)
{
    struct session *session = open_without_snapshots(4, FAR);
    const struct wish commands[] = {
        {.name = "scrub", .number = FAR - 10},
        {.name = "scrub", .number = FAR - 3},
        {.name = "scrub", .number = FAR - 5},
    };
    enum event_kind kinds[3];
    tell_all(session, commands, 3, kinds);
    ck_assert_int_eq(kinds[2], EVENT_SHOWN);
    tell_all(session, commands, 3, kinds);
    /* What is shown is what was there. */
    ck_assert_int_eq(ask(session, "rewind", 0, FAR - 5).kind, EVENT_REWIND);
    ck_assert_uint_eq(hash_of(session), straight("spiral", FAR - 5));
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_pause_in_the_middle_of_a_twin)
{
    struct session *session = open_without_snapshots(4, FAR);
    const struct wish commands[] = {{.name = "twin", .text = "lr=0.05"}, {.name = "pause"}};
    enum event_kind kinds[2];
    tell_all(session, commands, 2, kinds);
    /* All the room for commands is there again, and no more. */
    const struct wish naming = {.name = "name", .token = 7, .text = "a"};
    tell_all(session, (struct wish[]){naming, naming, naming, naming}, 4, (enum event_kind[4]){0});
    ck_assert(session_close(session, NULL));
}
END_TEST

static size_t count_lines(const char *path, const char *words)
{
    char line[1024];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        count += strstr(line, words) != NULL;
    fclose(file);
    return count;
}

/* What is refused was never an input. */
START_TEST(a_refused_turn_is_not_in_the_journal)
{
    char journal[64];
    temporary_file(journal, sizeof journal);
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){.journal = journal});
    run_to(session, 50);
    struct wish turn = {.name = "knob", .knob = KNOB_LR, .value = 0.1};
    ck_assert_int_eq(tell(session, turn).kind, EVENT_KNOB);
    const struct event again = tell(session, turn);
    ck_assert_int_eq(again.kind, EVENT_REFUSED);
    ck_assert_str_eq(again.label, "learning rate is 0.1 already");
    turn = (struct wish){.name = "knob", .knob = KNOB_BATCH, .value = 100000}; /* all rows */
    ck_assert_int_eq(tell(session, turn).kind, EVENT_KNOB);
    ck_assert_int_eq(tell(session, turn).kind, EVENT_REFUSED);
    run_to(session, 100);
    const uint64_t end = hash_of(session);
    ck_assert(session_close(session, NULL));
    ck_assert_uint_eq(count_lines(journal, "knob lr"), 1);
    ck_assert_uint_eq(count_lines(journal, "knob batch"), 1);
    ck_assert_uint_eq(replay_hash(journal), end);
    unlink(journal);
}
END_TEST

START_TEST(a_run_goes_on_when_its_rewind_is_given_up)
{
    struct session *session = open_without_snapshots(4, FAR);
    tell(session, (struct wish){.name = "go"});
    const struct wish commands[] = {{.name = "rewind", .number = FAR - 10}, {.name = "return"}};
    enum event_kind kinds[2];
    tell_all(session, commands, 2, kinds);
    ck_assert(kinds[0] == EVENT_REFUSED || kinds[0] == EVENT_REWIND);
    ck_assert_int_eq(session_status(session)->state, kinds[0] == EVENT_REFUSED ? SESSION_RUNNING : SESSION_PAUSED);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_load_that_fails_leaves_no_branch)
{
    char file[64], journal[64];
    temporary_file(file, sizeof file);
    temporary_file(journal, sizeof journal);
    struct spec spec = spec_of("spiral", 20, 0);
    spec.save_path = mem_string(file);
    ck_assert_int_eq(spec_set(&spec, "hidden", "3", NULL), STATUS_OK);
    struct session *session = open_plain(spec);
    wait_for(session, SESSION_ENDED);
    ck_assert(session_close(session, NULL));

    session = open_as(spec_of("spiral", 0, 0), (struct session_options){.journal = journal});
    run_to(session, 100);
    struct wish load = {.name = "load"};
    snprintf(load.text, sizeof load.text, "%s", file);
    ck_assert_int_eq(tell(session, load).kind, EVENT_REFUSED);
    ck_assert_int_eq(tell(session, (struct wish){.name = "fork"}).kind, EVENT_FORK);
    ck_assert_uint_eq(session_status(session)->branch, 1);
    ck_assert_uint_eq(session_branches(session), 2);
    run_to(session, 200);
    const uint64_t end = hash_of(session);
    ck_assert(session_close(session, NULL));
    ck_assert_uint_eq(replay_hash(journal), end);
    unlink(file);
    unlink(journal);
}
END_TEST

/* The text of the journal; the caller frees it. */
static char *text_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = mem_alloc(65536, 1);
    ck_assert(file && text);
    fread(text, 1, 65535, file);
    fclose(file);
    return text;
}

/* A file that is refused only once it is being read: its state is of another model. */
START_TEST(load_is_written_before_it_is_applied_and_not_when_it_is_refused)
{
    char good[64], bad[64], journal[64], line[128];
    temporary_file(good, sizeof good);
    temporary_file(bad, sizeof bad);
    temporary_file(journal, sizeof journal);
    struct spec spec = spec_of("spiral", 20, 0);
    spec.save_path = mem_string(bad);
    ck_assert_int_eq(spec_set(&spec, "activation", "relu", NULL), STATUS_OK);
    struct session *session = open_plain(spec);
    wait_for(session, SESSION_ENDED);
    ck_assert(session_close(session, NULL));

    session = open_as(spec_of("spiral", 0, 0), (struct session_options){.journal = journal});
    run_to(session, 100);
    const uint64_t saved = hash_of(session);
    struct wish save = {.name = "save"}, load = {.name = "load"};
    snprintf(save.text, sizeof save.text, "%s", good);
    ck_assert_int_eq(tell(session, save).kind, EVENT_SAVED);
    run_to(session, 150);
    const uint64_t present = hash_of(session);
    snprintf(load.text, sizeof load.text, "%s", bad);
    ck_assert_int_eq(tell(session, load).kind, EVENT_REFUSED);
    ck_assert_uint_eq(hash_of(session), present);
    char *text = text_of(journal);
    ck_assert_ptr_null(strstr(text, " load "));
    mem_free(text);

    snprintf(load.text, sizeof load.text, "%s", good);
    while (access(good, F_OK) != 0) /* it is written by another thread */
        session_wait(session, 10);
    ck_assert_int_eq(tell(session, load).kind, EVENT_LOAD);
    ck_assert_uint_eq(hash_of(session), saved);
    text = text_of(journal);
    snprintf(line, sizeof line, "> 0 150 load %s\n< 1 100 state %016llx\n", good, (unsigned long long)saved);
    ck_assert_ptr_nonnull(strstr(text, line));
    mem_free(text);
    ck_assert(session_close(session, NULL));
    unlink(good);
    unlink(bad);
    unlink(journal);
}
END_TEST

START_TEST(a_rival_that_was_gone_on_with_races_from_its_end)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){0});
    run_to(session, 500);
    ask(session, "rewind", 0, 200);
    run_to(session, 300);
    ask(session, "race", 0, 0);
    run_to(session, 400);
    ask(session, "race", 0, 0); /* it rests, at 600 */
    ask(session, "switch", 0, 0);
    run_to(session, 1000);
    ask(session, "switch", 1, 0);
    ck_assert_int_eq(ask(session, "race", 0, 0).kind, EVENT_RACE);
    run_to(session, 450);
    ask(session, "race", 0, 0);
    ask(session, "switch", 0, 0);
    ck_assert_uint_eq(session_status(session)->step, 1050);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 1050));
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_racing_branch_can_be_looked_at_and_switched_to)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){0});
    run_to(session, 500);
    ask(session, "rewind", 0, 200);
    run_to(session, 300);
    ask(session, "race", 0, 0);
    run_to(session, 700); /* the other is at 900 */
    ck_assert_int_eq(ask(session, "scrub", 0, 850).kind, EVENT_SHOWN);
    ck_assert_int_eq(ask(session, "switch", 0, 0).kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 900);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 900));
    ck_assert_int_eq(session_status(session)->rival, -1);
    ck_assert(session_close(session, NULL));
}
END_TEST

/* A twin whose loss runs away has made none of the turns that come later. */
START_TEST(a_twin_that_diverged_can_be_gone_on_with)
{
    struct spec spec = spec_of("line", 0, 0);
    give(&spec, KNOB_TIMELINE, _i);
    struct session *session = open_as(spec, (struct session_options){0});
    run_to(session, 4000);
    turn(session, KNOB_BATCH, 3);
    run_to(session, 5000);
    ck_assert_int_eq(twin(session, "lr=5").kind, EVENT_TWIN);
    const struct event event = ask(session, "switch", 1, 0);
    ck_assert_msg(event.kind == EVENT_SWITCH, "%s", event.label);
    const uint64_t step = session_status(session)->step, there = hash_of(session);
    ck_assert_uint_lt(step, 4000);
    ck_assert_int_eq(turn(session, KNOB_LR, 0.01).kind, EVENT_KNOB);
    ck_assert_int_eq(ask(session, "rewind", 1, step).kind, EVENT_REWIND);
    ck_assert_uint_eq(hash_of(session), there);
    ck_assert_int_eq(ask(session, "switch", 1, 0).kind, EVENT_SWITCH);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_LR], 0.01);
    ck_assert(session_close(session, NULL));
}
END_TEST

/* What is refused stands in no journal: it changes nothing, a race that goes on least of all. */
START_TEST(a_race_goes_on_when_something_is_refused)
{
    char journal[64];
    temporary_file(journal, sizeof journal);
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){.journal = journal});
    run_to(session, 300);
    ask(session, "rewind", 0, 200);
    run_to(session, 250);
    ask(session, "race", 0, 0);
    run_to(session, 300);
    ck_assert_int_eq(twin(session, "hidden=0").kind, EVENT_REFUSED);
    ck_assert_int_eq(twin(session, "hidden=16 dropout=1").kind, EVENT_REFUSED);
    ck_assert_int_eq(ask(session, "race", 9, 0).kind, EVENT_REFUSED);
    ck_assert_int_eq(session_status(session)->rival, 0);
    run_to(session, 400);
    ask(session, "switch", 0, 0);
    ck_assert_uint_eq(session_status(session)->step, 450);
    run_to(session, 500);
    const uint64_t end = hash_of(session);
    ck_assert(session_close(session, NULL));
    ck_assert_uint_eq(replay_hash(journal), end);
    unlink(journal);
}
END_TEST

START_TEST(the_step_that_diverged_is_not_reached)
{
    struct session *session = open_as(spec_of("line", 0, 0), (struct session_options){0});
    turn(session, KNOB_LR, 5);
    tell(session, (struct wish){.name = "go"});
    wait_for(session, SESSION_DIVERGED);
    const uint64_t last = session_branch(session, 0)->last;
    ck_assert_uint_eq(last, session_status(session)->step);
    ck_assert_int_eq(ask(session, "scrub", 0, last).kind, EVENT_SHOWN);
    ck_assert(session_close(session, NULL));
}
END_TEST

/* A pause gives up the walk and all that waited for its end. */
START_TEST(a_pause_has_the_last_word)
{
    struct session *session = open_without_snapshots(8, FAR);
    const uint64_t here = hash_of(session);
    const struct wish commands[] = {
        {.name = "rewind", .number = FAR - 1},
        {.name = "knob", .knob = KNOB_LR, .value = 0.01},
        {.name = "go"},
        {.name = "pause"},
    };
    enum event_kind kinds[4];
    tell_all(session, commands, 4, kinds);
    ck_assert_int_ne(session_status(session)->state, SESSION_RUNNING);
    if (kinds[0] == EVENT_REFUSED) {
        ck_assert_int_eq(kinds[1], EVENT_REFUSED);
        ck_assert_int_eq(kinds[2], EVENT_REFUSED);
        ck_assert_uint_eq(hash_of(session), here);
    }
    ck_assert(session_close(session, NULL));
}
END_TEST

/* Nothing is left behind: a matter for the address sanitiser. */
START_TEST(a_session_may_be_closed_on_the_way)
{
    static const struct wish commands[] = {{.name = "rewind", .number = FAR - 1}, {.name = "twin", .text = "lr=0.05"}};
    struct session *session = open_without_snapshots(0, FAR);
    ck_assert(send_wish(session, &commands[_i]));
    ck_assert(session_close(session, NULL));
}
END_TEST

/* The net that the file's weights are of. */
static struct spec spec_of_start(bool load)
{
    struct spec spec = spec_of("samples/iris.csv", 0, 0);
    ck_assert_int_eq(spec_set(&spec, "hidden", "6,5", NULL), STATUS_OK);
    ck_assert_int_eq(spec_set(&spec, "activation", "tanh", NULL), STATUS_OK);
    ck_assert_int_eq(spec_set(&spec, "layer-norm", NULL, NULL), STATUS_OK);
    if (load)
        spec.load_path = mem_string("tests/reference/start.safetensors");
    return spec;
}

/* Weights without a state, as Python writes them, begin at step 0 and are evaluated there first. */
START_TEST(weights_from_elsewhere_can_be_gone_back_to)
{
    static const char file[] = "tests/reference/start.safetensors";
    char journal[64];
    temporary_file(journal, sizeof journal);
    struct spec spec = spec_of_start(_i == 0);
    give(&spec, KNOB_TIMELINE, 0);
    struct session *session = open_as(spec, (struct session_options){.journal = journal});
    if (_i == 1) {
        struct wish load = {.name = "load"};
        snprintf(load.text, sizeof load.text, "%s", file);
        const struct event loaded = tell(session, load);
        ck_assert_msg(loaded.kind == EVENT_LOAD, "%s", loaded.label);
    }
    run_to(session, 300);
    const uint64_t there = hash_of(session);
    run_to(session, 500);
    const uint16_t branch = session_status(session)->branch;
    ck_assert_int_eq(ask(session, "rewind", branch, 300).kind, EVENT_REWIND);
    ck_assert_uint_eq(hash_of(session), there);
    /* And begun with again. */
    step(session);
    tell(session, (struct wish){.name = "restart"});
    run_to(session, 300);
    const uint16_t again = session_status(session)->branch;
    const uint64_t restarted = hash_of(session);
    ck_assert_uint_eq(restarted, there); /* it began with the same weights */
    run_to(session, 310);
    ck_assert_int_eq(ask(session, "rewind", again, 300).kind, EVENT_REWIND);
    ck_assert_uint_eq(hash_of(session), restarted);
    ck_assert(session_close(session, NULL));
    ck_assert_uint_eq(replay_hash(journal), restarted);
    unlink(journal);
}
END_TEST

/* Closes a session that is at step 100, whose twin on that branch must be where a run of that spec is. */
static void expect_twin_to_be(struct session *session, uint16_t branch, struct spec spec)
{
    ck_assert_int_eq(ask(session, "switch", branch, 0).kind, EVENT_SWITCH);
    const uint64_t hash = hash_of(session);
    ck_assert(session_close(session, NULL));
    session = open_as(spec, (struct session_options){0});
    run_to(session, 100);
    ck_assert_uint_eq(hash_of(session), hash);
    ck_assert(session_close(session, NULL));
}

/* Its twin has the same weights to begin with, as a run with the other rate would have. */
START_TEST(a_run_that_began_with_weights_has_twins)
{
    struct session *session = open_as(spec_of_start(true), (struct session_options){0});
    run_to(session, 100);
    const struct event event = twin(session, "lr=0.003"), shape = twin(session, "hidden=4");
    ck_assert_msg(event.kind == EVENT_TWIN, "%s", event.label);
    ck_assert_int_eq(shape.kind, EVENT_REFUSED); /* the weights fit no other model */
    struct spec spec = spec_of_start(true);
    give(&spec, KNOB_LR, 0.003);
    expect_twin_to_be(session, event.branch, spec);
}
END_TEST

/* Weights that were loaded since belong to another branch. */
START_TEST(a_branch_begins_again_as_its_root_did)
{
    struct session *session = open_as(spec_of_start(false), (struct session_options){0});
    struct wish load = {.name = "load", .text = "tests/reference/start.safetensors"};
    run_to(session, 100);
    const uint64_t hash = hash_of(session);
    ck_assert_int_eq(tell(session, load).kind, EVENT_LOAD);
    run_to(session, 50);
    ck_assert_int_eq(ask(session, "switch", 0, 0).kind, EVENT_SWITCH);
    tell(session, (struct wish){.name = "restart"});
    run_to(session, 100);
    ck_assert_uint_eq(hash_of(session), hash);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_twin_is_clamped_as_its_run_would_be)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){0});
    run_to(session, 100);
    const struct event event = twin(session, "batch=5000");
    ck_assert_msg(event.kind == EVENT_TWIN, "%s", event.label);
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_BATCH, 5000);
    expect_twin_to_be(session, event.branch, spec);
}
END_TEST

START_TEST(a_seed_that_no_journal_can_say_is_refused)
{
    struct session *session = open_as(spec_of("spiral", 0, 0), (struct session_options){0});
    ck_assert_int_eq(ask(session, "seed", 0, (uint64_t)SEED_MAX + 1).kind, EVENT_REFUSED);
    ck_assert_int_eq(ask(session, "seed", 0, SEED_MAX).kind, EVENT_SEED);
    ck_assert(session_close(session, NULL));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("time faults");
    TCase *cases = tcase_create("time faults");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, a_look_in_the_middle_of_a_walk);
    tcase_add_test(cases, a_pause_in_the_middle_of_a_twin);
    tcase_add_test(cases, a_refused_turn_is_not_in_the_journal);
    tcase_add_test(cases, a_run_goes_on_when_its_rewind_is_given_up);
    tcase_add_test(cases, a_load_that_fails_leaves_no_branch);
    tcase_add_test(cases, load_is_written_before_it_is_applied_and_not_when_it_is_refused);
    tcase_add_test(cases, a_rival_that_was_gone_on_with_races_from_its_end);
    tcase_add_test(cases, a_racing_branch_can_be_looked_at_and_switched_to);
    tcase_add_loop_test(cases, a_twin_that_diverged_can_be_gone_on_with, 0, 2);
    tcase_add_test(cases, a_race_goes_on_when_something_is_refused);
    tcase_add_test(cases, the_step_that_diverged_is_not_reached);
    tcase_add_test(cases, a_pause_has_the_last_word);
    tcase_add_loop_test(cases, a_session_may_be_closed_on_the_way, 0, 2);
    tcase_add_loop_test(cases, weights_from_elsewhere_can_be_gone_back_to, 0, 2);
    tcase_add_test(cases, a_run_that_began_with_weights_has_twins);
    tcase_add_test(cases, a_branch_begins_again_as_its_root_did);
    tcase_add_test(cases, a_twin_is_clamped_as_its_run_would_be);
    tcase_add_test(cases, a_seed_that_no_journal_can_say_is_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
