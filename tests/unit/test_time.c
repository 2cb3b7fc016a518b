/* Going back, branching, twins, races, replays: whatever way a state is reached, its bits are those of the straight
 * way. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nn/optimizer.h"
#include "session/session.h"
#include "setup/spec_field.h"
#include "suite.h"
#include "support/sequences.h"

static struct session *open_paused(const char *task)
{
    struct spec spec = spec_of(task, 0, 0);
    return open_with(&spec, &(struct session_options){.paused = true});
}

static void turn(struct session *session, enum knob_id knob, double value)
{
    struct event event = tell(session, (struct wish){.name = "knob", .knob = knob, .value = value});
    ck_assert_int_eq(event.kind, EVENT_KNOB);
}

static struct event rewind_to(struct session *session, uint16_t branch, uint64_t step)
{
    return tell(session, (struct wish){.name = "rewind", .branch = branch, .number = step});
}

/* The end of a run of so many steps with one turn on its way (KNOB_COUNT: none). */
static uint64_t straight(const char *task, uint64_t at, enum knob_id knob, double value, uint64_t steps)
{
    struct session *session = open_paused(task);
    if (knob != KNOB_COUNT) {
        if (at > 0)
            run_to(session, at);
        turn(session, knob, value);
    }
    run_to(session, steps);
    const uint64_t hash = hash_of(session);
    session_close(session, NULL);
    return hash;
}

START_TEST(a_rewind_is_exactly_where_the_run_was)
{
    static const char *const tasks[] = {"spiral", "samples/iris.csv", "sine"};
    struct session *session = open_paused(tasks[_i]);
    run_to(session, 700);
    const uint64_t there = hash_of(session);
    turn(session, KNOB_LR, 0.07);
    turn(session, KNOB_BATCH, 7);
    turn(session, KNOB_OPTIMIZER, OPTIMIZER_ADAMW);
    run_to(session, 2500);
    const uint64_t end = hash_of(session);

    struct event event = rewind_to(session, 0, 700);
    ck_assert_int_eq(event.kind, EVENT_REWIND);
    ck_assert_int_eq(session_status(session)->state, SESSION_PAUSED);
    ck_assert_uint_eq(session_status(session)->step, 700);
    ck_assert_uint_eq(session_status(session)->branch, 1);
    ck_assert_int_eq(parent_of(session, 1), 0);
    ck_assert_uint_eq(origin_of(session, 1)->step, 700);
    /* Before the knobs that were turned there. */
    ck_assert_uint_eq(hash_of(session), there);
    run_to(session, 2000);
    ck_assert_uint_eq(hash_of(session), straight(tasks[_i], 0, KNOB_COUNT, 0, 2000));

    /* The old branch is still there, to its last turn. */
    event = tell(session, (struct wish){.name = "switch", .branch = 0});
    ck_assert_int_eq(event.kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 2500);
    ck_assert_uint_eq(hash_of(session), end);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_rewind_through_several_branches)
{
    struct session *session = open_paused("spiral");
    run_to(session, 1000);
    rewind_to(session, 0, 600);
    turn(session, KNOB_LR, 0.1);
    run_to(session, 1200);
    const uint64_t at = hash_of(session);
    turn(session, KNOB_DROPOUT, 0.2);
    run_to(session, 1500);
    rewind_to(session, 1, 900);
    turn(session, KNOB_LR, 0.3);
    run_to(session, 1100);
    ck_assert_uint_eq(session_branches(session), 3);
    ck_assert_int_eq(parent_of(session, 2), 1);

    /* A step of the first branch, asked for on the third. */
    rewind_to(session, 2, 300);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 0, KNOB_COUNT, 0, 300));
    ck_assert_int_eq(parent_of(session, 3), 0);
    /* Of two rewinds without anything between, the first leaves nothing. */
    rewind_to(session, 1, 1200);
    ck_assert(session_branch(session, 3)->deleted);
    ck_assert_uint_eq(hash_of(session), at);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(an_early_stop_is_walked_through)
{
    struct session *session = open_paused("spiral");
    turn(session, KNOB_TRAIN_FRACTION, 0.1);
    turn(session, KNOB_PATIENCE, 3);
    turn(session, KNOB_EARLY_STOP, 1);
    tell(session, (struct wish){.name = "go"});
    while (session_status(session)->state != SESSION_STOPPED_EARLY)
        session_wait(session, 50);
    const uint64_t stop = session_status(session)->step, stopped = hash_of(session);
    turn(session, KNOB_EARLY_STOP, 0);
    run_to(session, stop + 500);
    const uint64_t end = hash_of(session);
    rewind_to(session, 0, stop);
    ck_assert_uint_eq(hash_of(session), stopped);
    turn(session, KNOB_EARLY_STOP, 0);
    run_to(session, stop + 500);
    ck_assert_uint_eq(hash_of(session), end);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(looking_changes_nothing)
{
    struct session *session = open_paused("spiral");
    const struct session_status *status = session_status(session);
    run_to(session, 400);
    turn(session, KNOB_LR, 0.05);
    run_to(session, 900);
    const uint64_t here = hash_of(session);
    struct event event = tell(session, (struct wish){.name = "scrub", .number = 400});
    ck_assert_int_eq(event.kind, EVENT_SHOWN);
    ck_assert(status->shown.scrubbing && status->shown.exact);
    ck_assert_uint_eq(status->shown.step, 400);
    ck_assert_double_eq(status->shown.knobs.value[KNOB_LR], 0.2);
    ck_assert_uint_eq(status->step, 900);
    tell(session, (struct wish){.name = "scrub", .number = 401});
    ck_assert_double_eq(status->shown.knobs.value[KNOB_LR], 0.05);
    ck_assert_uint_eq(session_branches(session), 1);

    event = tell(session, (struct wish){.name = "scrub", .number = 901});
    ck_assert_int_eq(event.kind, EVENT_REFUSED);
    event = tell(session, (struct wish){.name = "scrub", .branch = 4});
    ck_assert_int_eq(event.kind, EVENT_REFUSED);

    tell(session, (struct wish){.name = "pause"});
    ck_assert(!status->shown.scrubbing);
    ck_assert_uint_eq(status->shown.step, 900);
    ck_assert_uint_eq(hash_of(session), here);
    run_to(session, 1000);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 400, KNOB_LR, 0.05, 1000));
    ck_assert(session_close(session, NULL));
}
END_TEST

/* Whoever looks back in the middle of a run wants it to go on afterwards, as far as it was to go. */
START_TEST(a_return_gives_back_what_a_look_has_paused)
{
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_SPEED, 20);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    const struct session_status *status = session_status(session);
    /* What was paused stays so. */
    tell(session, (struct wish){.name = "scrub"});
    ck_assert_int_eq(tell(session, (struct wish){.name = "return"}).kind, EVENT_PAUSE);
    ck_assert_int_eq(status->state, SESSION_PAUSED);
    ck_assert(!status->shown.scrubbing);

    tell(session, (struct wish){.name = "until", .number = 40});
    tell(session, (struct wish){.name = "scrub"});
    tell(session, (struct wish){.name = "scrub"}); /* the second look finds it paused */
    ck_assert_int_ne(status->state, SESSION_RUNNING);
    ck_assert_int_eq(tell(session, (struct wish){.name = "return"}).kind, EVENT_GO);
    ck_assert(!status->shown.scrubbing);
    while (status->state == SESSION_RUNNING)
        session_wait(session, 50);
    ck_assert_uint_eq(status->step, 40);

    /* A pause in between is a person's own. */
    tell(session, (struct wish){.name = "go"});
    tell(session, (struct wish){.name = "scrub"});
    tell(session, (struct wish){.name = "pause"});
    tell(session, (struct wish){.name = "return"});
    ck_assert_int_eq(status->state, SESSION_PAUSED);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_storm_of_looks_is_answered_once_each)
{
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_TIMELINE, 0); /* each look is a walk from the start */
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    run_to(session, 20000);
    const uint64_t here = hash_of(session);
    uint32_t sent = 0, answered = 0;
    struct event event;
    for (uint32_t i = 0; i < 60; i++) {
        struct wish command = {.name = "scrub", .number = 20000 - 300 * i, .token = i + 1};
        if (i % 10 == 9) /* a walk that a look gives up, and one that waits for it */
            command.name = i % 20 == 9 ? "rewind" : "knob";
        sent += send_wish(session, &command);
        session_poll(session);
        while (session_echo(session, &event))
            answered += event.token != 0;
    }
    while (answered < sent) {
        session_wait(session, 50);
        while (session_echo(session, &event)) {
            answered += event.token != 0;
            if (event.kind == EVENT_REFUSED && strstr(event.label, "given up")) /* nobody needs to be told */
                ck_assert_uint_eq(event.what, EVENT_LOOKED_AWAY);
        }
    }
    tell(session, (struct wish){.name = "pause"});
    ck_assert_uint_eq(answered, sent);
    ck_assert(!session_status(session)->shown.scrubbing);
    if (session_branches(session) == 1)
        ck_assert_uint_eq(hash_of(session), here);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_picture_shows_what_the_scrubber_asks_for)
{
    struct session *session = open_paused("spiral");
    run_to(session, 900);
    const struct picture_request request = {.width = 8, .height = 8, .x0 = -3, .x1 = 3, .y0 = -3, .y1 = 3};
    session_want(session, &request, 1000);
    tell(session, (struct wish){.name = "scrub", .number = 250});
    while (!session_picture(session) || session_picture(session)->step != 250)
        session_wait(session, 20);
    tell(session, (struct wish){.name = "pause"});
    while (session_picture(session)->step != 900)
        session_wait(session, 20);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_fork_goes_on_from_here)
{
    struct session *session = open_paused("spiral");
    run_to(session, 500);
    ck_assert_int_eq(tell(session, (struct wish){.name = "fork"}).kind, EVENT_FORK);
    ck_assert_uint_eq(session_status(session)->branch, 1);
    run_to(session, 800);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 0, KNOB_COUNT, 0, 800));
    tell(session, (struct wish){.name = "switch", .branch = 0});
    ck_assert_uint_eq(session_status(session)->step, 500);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_twin_is_the_run_that_it_says)
{
    struct session *session = open_paused("spiral");
    run_to(session, 300);
    turn(session, KNOB_BATCH, 20);
    turn(session, KNOB_LR, 0.1);
    run_to(session, 1000);
    const uint64_t here = hash_of(session);
    struct event event = tell(session, (struct wish){.name = "twin", .text = "lr=0.5"});
    ck_assert_int_eq(event.kind, EVENT_TWIN);
    ck_assert_uint_eq(event.branch, 1);
    /* Its knobs are its own: from its start, and from what was turned on its way. */
    while (event.kind != EVENT_ARRIVED)
        if (!session_echo(session, &event))
            session_wait(session, 50);
    ck_assert_uint_eq(event.branch, 1);
    ck_assert_uint_eq(event.step, 1000);
    ck_assert_double_eq(session_branch(session, 1)->knobs.value[KNOB_LR], 0.5);
    ck_assert_double_eq(session_branch(session, 1)->knobs.value[KNOB_BATCH], 20);
    ck_assert_double_eq(session_status(session)->knobs.value[KNOB_LR], 0.1);
    tell(session, (struct wish){.name = "name", .branch = 1, .text = "fast"});
    ck_assert_double_eq(session_branch(session, 1)->knobs.value[KNOB_LR], 0.5);
    /* A command that waits is answered when the twin is there. */
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 1000);
    ck_assert_str_eq(session_branch(session, 1)->change, "lr=0.5");
    ck_assert_uint_eq(history_last_step(session_history(session), 1), 1000);
    const uint64_t twin = hash_of(session);
    tell(session, (struct wish){.name = "switch", .branch = 0});
    ck_assert_uint_eq(hash_of(session), here);
    ck_assert(session_close(session, NULL));

    /* The turn of the rate is not made by a twin with another rate; the batch's is. */
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_LR, 0.5);
    session = open_with(&spec, &(struct session_options){.paused = true});
    run_to(session, 300);
    turn(session, KNOB_BATCH, 20);
    run_to(session, 1000);
    ck_assert_uint_eq(hash_of(session), twin);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_twin_of_another_seed_or_optimizer_is_the_run_with_it)
{
    static const char *const other[][2] = {{"seed", "7"}, {"optimizer", "adam"}};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        struct wish command = {.name = "twin"};
        struct session *session = open_paused("spiral");
        snprintf(command.text, sizeof command.text, "%s=%s", other[i][0], other[i][1]);
        run_to(session, 400);
        ck_assert_int_eq(tell(session, command).kind, EVENT_TWIN);
        ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_SWITCH);
        const uint64_t twin = hash_of(session);
        ck_assert(session_close(session, NULL));

        struct spec spec = spec_of("spiral", 0, 0);
        if (i == 0) /* the points are those of the first run */
            ck_assert_int_eq(spec_set(&spec, "data-seed", "1", NULL), STATUS_OK);
        if (i == 0)
            ck_assert_int_eq(spec_set(&spec, other[i][0], other[i][1], NULL), STATUS_OK);
        else
            give(&spec, KNOB_OPTIMIZER, OPTIMIZER_ADAM);
        session = open_with(&spec, &(struct session_options){.paused = true});
        run_to(session, 400);
        ck_assert_uint_eq(hash_of(session), twin);
        ck_assert(session_close(session, NULL));
    }
}
END_TEST

/* SGD has no momentum to turn: the turn passes the twin by, on any way back to it too. */
START_TEST(what_means_nothing_to_a_twin_passes_it_by)
{
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_OPTIMIZER, OPTIMIZER_MOMENTUM);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    run_to(session, 100);
    turn(session, KNOB_MOMENTUM, 0.5);
    run_to(session, 200);
    ck_assert_int_eq(tell(session, (struct wish){.name = "twin", .text = "optimizer=sgd lr=0.2"}).kind, EVENT_TWIN);
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 200);
    const uint64_t twin = hash_of(session);
    ck_assert_int_eq(tell(session, (struct wish){.name = "rewind", .branch = 1, .number = 150}).kind, EVENT_REWIND);
    run_to(session, 200);
    ck_assert_uint_eq(hash_of(session), twin);
    ck_assert(session_close(session, NULL));
}
END_TEST

static struct session *open_relu(void)
{
    struct spec spec = spec_of("spiral", 0, 0);
    ck_assert_int_eq(spec_set(&spec, "hidden", "16,4", NULL), STATUS_OK);
    ck_assert_int_eq(spec_set(&spec, "activation", "relu", NULL), STATUS_OK);
    return open_with(&spec, &(struct session_options){.paused = true});
}

START_TEST(a_twin_of_another_shape_can_be_gone_on_with)
{
    struct session *other = open_relu();
    run_to(other, 400);
    const uint64_t at_400 = hash_of(other);
    run_to(other, 600);
    const uint64_t at_600 = hash_of(other);
    turn(other, KNOB_LR, 0.05);
    run_to(other, 900);
    const uint64_t at_900 = hash_of(other);
    ck_assert(session_close(other, NULL));

    struct session *session = open_paused("spiral");
    run_to(session, 600);
    const uint64_t first = hash_of(session);
    struct event event = tell(session, (struct wish){.name = "twin", .text = "hidden=16,4 activation=relu"});
    ck_assert_int_eq(event.kind, EVENT_TWIN);
    const struct picture_request request = {.width = 8, .height = 8, .x0 = -3, .x1 = 3, .y0 = -3, .y1 = 3};
    session_want(session, &request, 1000);
    event = tell(session, (struct wish){.name = "scrub", .branch = 1, .number = 300});
    ck_assert_int_eq(event.kind, EVENT_SHOWN);
    while (!session_picture(session) || session_picture(session)->branch != 1 || session_picture(session)->step != 300)
        session_wait(session, 20); /* there may be one of a step on the way */
    ck_assert_str_eq(session_model(session)->architecture, "2-8-8-2 tanh");

    event = tell(session, (struct wish){.name = "switch", .branch = 1});
    ck_assert_int_eq(event.kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 600);
    ck_assert_str_eq(session_model(session)->architecture, "2-16-4-2 relu");
    ck_assert_uint_eq(hash_of(session), at_600);
    turn(session, KNOB_LR, 0.05);
    run_to(session, 900);
    ck_assert_uint_eq(hash_of(session), at_900);
    const struct bucket *last = history_last(session_history(session), 1, SERIES_LOSS);
    ck_assert_uint_eq(last->last_step, 900);
    ck_assert_int_eq(rewind_to(session, 1, 400).kind, EVENT_REWIND);
    ck_assert_uint_eq(hash_of(session), at_400);
    while (session_picture(session)->branch != 2)
        session_wait(session, 20);

    /* And back, against a rival of the other shape. */
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 0}).kind, EVENT_SWITCH);
    ck_assert_uint_eq(hash_of(session), first);
    ck_assert_str_eq(session_model(session)->architecture, "2-8-8-2 tanh");
    ck_assert_int_eq(tell(session, (struct wish){.name = "race", .branch = 1}).kind, EVENT_RACE);
    run_to(session, 700);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 0, KNOB_COUNT, 0, 700));
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_SWITCH);
    ck_assert_uint_eq(session_status(session)->step, 1000);
    ck_assert_int_eq(tell(session, (struct wish){.name = "restart"}).kind, EVENT_RESTART);
    tell(session, (struct wish){.name = "pause"});
    ck_assert_str_eq(session_model(session)->architecture, "2-16-4-2 relu");
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(what_no_twin_can_have_is_refused)
{
    struct session *session = open_paused("spiral");
    run_to(session, 100);
    static const char *const wrong[] = {"", "lr", "lr=-1", "colour=red", "hidden=0", "speed=3", "dropout=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct wish command = {.name = "twin"};
        snprintf(command.text, sizeof command.text, "%s", wrong[i]);
        ck_assert_int_eq(tell(session, command).kind, EVENT_REFUSED);
    }
    ck_assert_uint_eq(session_branches(session), 1);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(rivals_run_step_by_step)
{
    struct session *session = open_paused("spiral");
    run_to(session, 500);
    rewind_to(session, 0, 200);
    turn(session, KNOB_LR, 0.05);
    run_to(session, 400);
    struct event event = tell(session, (struct wish){.name = "race", .branch = 0});
    ck_assert_int_eq(event.kind, EVENT_RACE);
    ck_assert_int_eq(session_status(session)->rival, 0);
    run_to(session, 1400);
    ck_assert_uint_eq(history_last_step(session_history(session), 0), 1500);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 200, KNOB_LR, 0.05, 1400));
    event = tell(session, (struct wish){.name = "race", .branch = 0});
    ck_assert_double_eq(event.to, 0);
    ck_assert_int_eq(session_status(session)->rival, -1);
    tell(session, (struct wish){.name = "switch", .branch = 0});
    ck_assert_uint_eq(session_status(session)->step, 1500);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 0, KNOB_COUNT, 0, 1500));
    ck_assert_int_eq(tell(session, (struct wish){.name = "race", .branch = 0}).kind, EVENT_REFUSED);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(branches_can_be_named_and_deleted)
{
    struct session *session = open_paused("spiral");
    run_to(session, 300);
    rewind_to(session, 0, 100);
    run_to(session, 200);
    tell(session, (struct wish){.name = "name", .branch = 0, .text = "too \033[1m fast"});
    ck_assert_ptr_null(strchr(session_branch(session, 0)->name, '\033'));
    /* Something grows out of the one, the other is the present. */
    ck_assert_int_eq(tell(session, (struct wish){.name = "delete", .branch = 0}).kind, EVENT_REFUSED);
    ck_assert_int_eq(tell(session, (struct wish){.name = "delete", .branch = 1}).kind, EVENT_REFUSED);
    rewind_to(session, 0, 150);
    run_to(session, 160);
    ck_assert_int_eq(tell(session, (struct wish){.name = "delete", .branch = 1}).kind, EVENT_DELETED);
    ck_assert(session_branch(session, 1)->deleted);
    ck_assert_int_eq(tell(session, (struct wish){.name = "switch", .branch = 1}).kind, EVENT_REFUSED);
    ck_assert_int_eq(tell(session, (struct wish){.name = "delete", .branch = 1}).kind, EVENT_REFUSED);
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(without_snapshots_going_back_is_as_exact)
{
    struct spec spec = spec_of("spiral", 0, 0);
    give(&spec, KNOB_TIMELINE, 0);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true});
    run_to(session, 3000);
    rewind_to(session, 0, 2100);
    ck_assert_uint_eq(hash_of(session), straight("spiral", 0, KNOB_COUNT, 0, 2100));
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_divergence_is_left_by_going_back)
{
    struct session *session = open_paused("line");
    run_to(session, 20);
    turn(session, KNOB_LR, 5);
    tell(session, (struct wish){.name = "go"});
    while (session_status(session)->state != SESSION_DIVERGED)
        session_wait(session, 50);
    ck_assert_int_eq(rewind_to(session, 0, 20).kind, EVENT_REWIND);
    run_to(session, 60);
    ck_assert_uint_eq(hash_of(session), straight("line", 0, KNOB_COUNT, 0, 60));
    ck_assert(session_close(session, NULL));
}
END_TEST

START_TEST(a_journal_without_entries_ends_where_it_begins)
{
    char path[64];
    temporary_file(path, sizeof path);
    struct spec spec = spec_of("spiral", 0, 0);
    struct session *session = open_with(&spec, &(struct session_options){.paused = true, .journal = path});
    ck_assert(session_close(session, NULL));
    /* As a kill leaves it: what stands before the blank line, and that. */
    char text[4096] = "";
    FILE *file = fopen(path, "r");
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    const char *end = strstr(text, "\n\n");
    ck_assert_ptr_nonnull(end);
    ck_assert_int_eq(truncate(path, end + 2 - text), 0);
    ck_assert_uint_ne(replay_hash(path), 0);
    unlink(path);
}
END_TEST

#define SEQUENCES 40

START_TEST(whatever_was_done_a_replay_has_the_same_weights)
{
    check_sequence(1000 + (uint64_t)_i);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("time");
    TCase *cases = tcase_create("time");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, a_rewind_is_exactly_where_the_run_was, 0, 3);
    tcase_add_test(cases, a_rewind_through_several_branches);
    tcase_add_test(cases, an_early_stop_is_walked_through);
    tcase_add_test(cases, looking_changes_nothing);
    tcase_add_test(cases, a_return_gives_back_what_a_look_has_paused);
    tcase_add_test(cases, a_storm_of_looks_is_answered_once_each);
    tcase_add_test(cases, a_picture_shows_what_the_scrubber_asks_for);
    tcase_add_test(cases, a_fork_goes_on_from_here);
    tcase_add_test(cases, a_twin_is_the_run_that_it_says);
    tcase_add_test(cases, a_twin_of_another_seed_or_optimizer_is_the_run_with_it);
    tcase_add_test(cases, what_means_nothing_to_a_twin_passes_it_by);
    tcase_add_test(cases, a_twin_of_another_shape_can_be_gone_on_with);
    tcase_add_test(cases, what_no_twin_can_have_is_refused);
    tcase_add_test(cases, rivals_run_step_by_step);
    tcase_add_test(cases, branches_can_be_named_and_deleted);
    tcase_add_test(cases, without_snapshots_going_back_is_as_exact);
    tcase_add_test(cases, a_divergence_is_left_by_going_back);
    tcase_add_test(cases, a_journal_without_entries_ends_where_it_begins);
    tcase_add_loop_test(cases, whatever_was_done_a_replay_has_the_same_weights, 0, SEQUENCES);
    suite_add_tcase(suite, cases);
    return suite;
}
