/* A lane on its way back to a state, wherever it begins: at the start, at a snapshot, at a trainer that is on the way. */
#include <string.h>

#include <stdlib.h>

#include "engine/commands.h"
#include "engine/lane.h"
#include "metrics/event.h"
#include "suite.h"
#include "support/lab.h"

/* Branch 0 to step 300, with turns at 100 (two of them) and 250; branch 1 out of it at step 200, turned at once, to
 * step 260. */
struct walk {
    struct lab lab; /* the first run */
    struct lab other;
    struct track *track;
    struct timeline *timeline;
    uint64_t at_100, at_200, at_260; /* hashes: of branch 0 before its turns, of the fork, of branch 1 */
};
static struct walk walk;

static void turn(uint16_t branch, enum knob_id knob, double value)
{
    const uint64_t step = trainer_step_count(walk.lab.trainer);
    lab_set(&walk.lab, knob, value);
    track_reach(walk.track, branch, step);
    const struct request input = engine_set(knob, value);
    ck_assert(track_add(walk.track, branch, step, &input));
}

static uint64_t hash_of(struct lab *lab)
{
    return state_hash(trainer_state(lab->trainer));
}

static void keep(uint16_t branch)
{
    const struct track_point here = track_end(walk.track, branch);
    ck_assert(timeline_keep(walk.timeline, &here, here.step, trainer_state(walk.lab.trainer), false));
}

static void make_walk(void)
{
    lab_load(&walk.lab, "spiral", 1);
    lab_start(&walk.lab);
    lab_load(&walk.other, "spiral", 1);
    lab_start(&walk.other);
    walk.track = track_create();
    const struct trainer_start start = trainer_start_of(walk.lab.trainer, 1);
    ck_assert_int_eq(track_seed(walk.track, &start, 0), 0);
    walk.timeline = timeline_create(state_bytes(trainer_state(walk.lab.trainer)), (size_t)1 << 20);
    lab_run(&walk.lab, 100);
    walk.at_100 = hash_of(&walk.lab);
    turn(0, KNOB_LR, 0.1);
    turn(0, KNOB_BATCH, 25);
    lab_run(&walk.lab, 200);
    walk.at_200 = hash_of(&walk.lab);
    track_reach(walk.track, 0, 300); /* what came after on branch 0 is not asked for */
    ck_assert_int_eq(track_grow(walk.track, &(struct track_point){.step = 200, .inputs = 2}), 1);
    turn(1, KNOB_LR, 0.03);
    lab_run(&walk.lab, 260);
    track_reach(walk.track, 1, 260);
    walk.at_260 = hash_of(&walk.lab);
}

static void free_walk(void)
{
    track_free(walk.track);
    timeline_free(walk.timeline);
    lab_end(&walk.lab);
    lab_end(&walk.other);
}

static const struct lane_watch nobody;

/* With the other trainer to a point, some pieces at a time; returns the step at which the way began. */
static uint64_t go(struct track_point target, const struct track_point *here, uint64_t hash)
{
    struct lane lane = {.trainer = walk.other.trainer, .rows = 64};
    struct path path;
    struct error error = {.message = ""};
    if (here)
        lane.at = *here;
    target = track_settle(walk.track, target);
    ck_assert_msg(path_begin(&path, walk.track, walk.timeline, &target, lane.trainer, here != NULL, &lane.at, &error) ==
                      STATUS_OK,
                  "%s", error.message);
    double share = -1;
    enum lane_end end;
    while ((end = lane_advance(&lane, &path, 7, true, &nobody, &error)) == LANE_MORE) {
        ck_assert_double_ge(path_share(&path, &lane.at), share); /* evaluations are pieces, too */
        share = path_share(&path, &lane.at);
    }
    ck_assert_int_eq(end, LANE_THERE);
    ck_assert(lane.finished);
    ck_assert_double_eq(path_share(&path, &lane.at), 1);
    const uint64_t begin = path.begin;
    path_free(&path);
    ck_assert_uint_eq(lane.at.branch, target.branch);
    ck_assert_uint_eq(lane.at.inputs, target.inputs);
    ck_assert_uint_eq(trainer_step_count(walk.other.trainer), target.step);
    ck_assert_uint_eq(hash_of(&walk.other), hash);
    return begin;
}

static const struct track_point before_turns = {.step = 100}, fork_point = {.branch = 1, .step = 200},
                                end = {.branch = 1, .step = 260, .inputs = 1};

START_TEST(from_the_start)
{
    ck_assert_uint_eq(go(end, NULL, walk.at_260), 0);
    ck_assert_uint_eq(go(before_turns, NULL, walk.at_100), 0);
    ck_assert_uint_eq(go(fork_point, NULL, walk.at_200), 0);
}
END_TEST

START_TEST(from_the_nearest_snapshot)
{
    ck_assert_uint_eq(go(before_turns, NULL, walk.at_100), 0);
    ck_assert(timeline_keep(walk.timeline, &before_turns, 100, trainer_state(walk.other.trainer), false));
    ck_assert_uint_eq(go(end, NULL, walk.at_260), 100);
    keep(1); /* the first trainer is there */
    ck_assert_uint_eq(go(end, NULL, walk.at_260), 260);
    ck_assert_uint_eq(go(fork_point, NULL, walk.at_200), 100); /* not from beyond it */
}
END_TEST

START_TEST(from_where_the_trainer_stands)
{
    ck_assert_uint_eq(go(before_turns, NULL, walk.at_100), 0);
    ck_assert_uint_eq(go(end, &before_turns, walk.at_260), 100);
    ck_assert_uint_eq(go(end, &end, walk.at_260), 260);
    /* Beyond the target, or on another way, it is of no use. */
    ck_assert_uint_eq(go(before_turns, &end, walk.at_100), 0);
    const struct track_point aside = {.step = 300, .inputs = 2};
    ck_assert_uint_eq(go(end, &aside, walk.at_260), 0);
}
END_TEST

/* Places the other trainer on the way to a point. */
static void set_out(struct lane *lane, struct path *path, struct track_point target, size_t rows)
{
    *lane = (struct lane){.trainer = walk.other.trainer, .rows = rows};
    ck_assert_int_eq(path_begin(path, walk.track, walk.timeline, &target, lane->trainer, false, &lane->at, NULL),
                     STATUS_OK);
}

START_TEST(a_loaded_root_needs_its_snapshot)
{
    struct lane lane = {.trainer = walk.other.trainer};
    struct path path;
    struct error error = {.message = ""};
    ck_assert_int_eq(track_load(walk.track, 260, 0, NULL), 2);
    const struct track_point loaded = {.branch = 2, .step = 260};
    ck_assert_int_eq(path_begin(&path, walk.track, walk.timeline, &loaded, lane.trainer, false, &lane.at, &error),
                     STATUS_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "memory"));
    ck_assert(timeline_keep(walk.timeline, &loaded, 260, trainer_state(walk.lab.trainer), true));
    ck_assert_uint_eq(go(loaded, NULL, walk.at_260), 260);
}
END_TEST

/* Between two pieces a thread can hear whether anybody still wants the walk: at most a step, or a block of an
 * evaluation's rows. */
START_TEST(a_piece_is_a_step_or_less)
{
    struct lane lane;
    struct path path;
    size_t pieces = 0;
    set_out(&lane, &path, end, 1);
    for (; lane_advance(&lane, &path, 1, true, &nobody, NULL) == LANE_MORE; pieces++) {
        const uint64_t step = lane.at.step;
        ck_assert_uint_eq(trainer_step_count(walk.other.trainer), step);
        ck_assert_uint_le(step, pieces + 1);
    }
    path_free(&path);
    ck_assert_uint_eq(hash_of(&walk.other), walk.at_260);
    /* 260 steps, 3 turns, and an evaluation of two blocks at each of the first steps. */
    ck_assert_uint_ge(pieces, 260 + 3 + 2 * 20);
}
END_TEST

/* As on a machine that multiplies otherwise: the run went well and its repetition does not. */
START_TEST(a_step_that_is_no_number_is_not_a_lack_of_memory)
{
    struct lane lane;
    struct path path;
    const struct track_point far = {.branch = 0, .step = 400, .inputs = 3};
    const struct request input = engine_set(KNOB_LR, 1e30);
    ck_assert(track_add(walk.track, 0, 300, &input));
    track_reach(walk.track, 0, 400);
    set_out(&lane, &path, far, 64);
    ck_assert_int_eq(lane_advance(&lane, &path, 10000, true, &nobody, NULL), LANE_DIVERGED);
    path_free(&path);
}
END_TEST

/* An input that the program does not have: it sets the rate that its text says, up to 1. */
static double rate_of(const struct request *request)
{
    return strtod(request->text, NULL);
}

static enum status rate_check(struct trainer *trainer, const struct request *request, struct error *error)
{
    (void)trainer;
    return rate_of(request) <= 1 ? STATUS_OK : error_set(error, STATUS_USAGE, "too high");
}

static void rate_apply(struct trainer *trainer, const struct request *request, struct event *event)
{
    const enum status status =
        trainer_set_knob(trainer, KNOB_LR, rate_of(request), event->label, sizeof event->label, NULL);
    ck_assert_int_eq(status, STATUS_OK);
}

START_TEST(a_recorded_input_of_any_row_is_applied_again)
{
    static const struct command row = {.name = "rate", .check = rate_check, .apply = rate_apply};
    const struct request low = {.row = &row, .text = (char[]){"0.01"}}, high = {.row = &row, .text = (char[]){"2"}};
    struct lane lane;
    struct path path;
    ck_assert(track_add(walk.track, 0, 300, &low));
    ck_assert(track_add(walk.track, 0, 310, &high)); /* this trainer has no use for it */
    track_reach(walk.track, 0, 320);
    const struct track_point last = track_end(walk.track, 0);
    set_out(&lane, &path, last, 64);
    ck_assert_int_eq(lane_advance(&lane, &path, 10000, true, &nobody, NULL), LANE_THERE);
    path_free(&path);
    ck_assert_uint_eq(trainer_step_count(walk.other.trainer), 320);
    ck_assert_double_eq(trainer_knobs(walk.other.trainer)->value[KNOB_LR], 0.01);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("lane");
    TCase *tests = tcase_create("lane");
    tcase_add_checked_fixture(tests, make_walk, free_walk);
    tcase_add_test(tests, from_the_start);
    tcase_add_test(tests, from_the_nearest_snapshot);
    tcase_add_test(tests, from_where_the_trainer_stands);
    tcase_add_test(tests, a_loaded_root_needs_its_snapshot);
    tcase_add_test(tests, a_piece_is_a_step_or_less);
    tcase_add_test(tests, a_step_that_is_no_number_is_not_a_lack_of_memory);
    tcase_add_test(tests, a_recorded_input_of_any_row_is_applied_again);
    suite_add_tcase(suite, tests);
    return suite;
}
