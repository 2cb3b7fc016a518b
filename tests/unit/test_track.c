/* The forest of branches: where a step was reached, where a branch ends, whose state it is. */
#include "engine/commands.h"
#include "engine/track.h"
#include "suite.h"

static struct track *track;

static void make_track(void)
{
    track = track_create();
    ck_assert_ptr_nonnull(track);
}

static void free_track(void)
{
    track_free(track);
}

static uint16_t seed(void)
{
    const int branch = track_seed(track, &(struct trainer_start){.seed = 1}, 0);
    ck_assert_int_ge(branch, 0);
    return (uint16_t)branch;
}

static uint16_t grow(uint16_t from, uint64_t step, size_t inputs)
{
    const int branch = track_grow(track, &(struct track_point){.branch = from, .step = step, .inputs = inputs});
    ck_assert_int_ge(branch, 0);
    return (uint16_t)branch;
}

static void turn(uint16_t branch, uint64_t step)
{
    track_reach(track, branch, step);
    const struct request input = engine_set(KNOB_LR, 0.1);
    ck_assert(track_add(track, branch, step, &input));
}

static void is_at(struct track_point point, uint16_t branch, uint64_t step, size_t inputs)
{
    ck_assert_uint_eq(point.branch, branch);
    ck_assert_uint_eq(point.step, step);
    ck_assert_uint_eq(point.inputs, inputs);
}

static void arrives(uint16_t on, uint64_t step, uint16_t branch, size_t inputs)
{
    struct track_point point;
    ck_assert(track_arrival(track, on, step, &point));
    is_at(point, branch, step, inputs);
}

static void does_not_arrive(uint16_t on, uint64_t step)
{
    struct track_point point;
    ck_assert(!track_arrival(track, on, step, &point));
}

START_TEST(a_step_is_reached_before_its_turns)
{
    const uint16_t first = seed();
    turn(first, 0);
    turn(first, 100);
    turn(first, 100);
    turn(first, 250);
    track_reach(track, first, 400);
    track_reach(track, first, 300); /* never back */
    arrives(first, 0, first, 0);
    arrives(first, 1, first, 1);
    arrives(first, 100, first, 1);
    arrives(first, 101, first, 3);
    arrives(first, 250, first, 3);
    arrives(first, 400, first, 4);
    does_not_arrive(first, 401);
    does_not_arrive(7, 0);
    is_at(track_end(track, first), first, 400, 4);
    track_cut(track, first, 3);
    is_at(track_end(track, first), first, 400, 3);
}
END_TEST

START_TEST(what_lies_before_a_branch_is_its_ancestors)
{
    const uint16_t first = seed();
    turn(first, 100);
    track_reach(track, first, 500);
    const uint16_t second = grow(first, 300, 1);
    turn(second, 300);
    track_reach(track, second, 700);
    const uint16_t third = grow(second, 600, 1);
    arrives(third, 600, third, 0);
    arrives(third, 599, second, 1);
    arrives(third, 300, second, 0);
    arrives(third, 299, first, 1);
    arrives(third, 100, first, 0);
    does_not_arrive(third, 601);
    does_not_arrive(first, 501);
    is_at(track_end(track, third), third, 600, 0);
    ck_assert_uint_eq(track_branch(track, first)->growing, 1);
    ck_assert_uint_eq(track_branch(track, second)->growing, 1);
}
END_TEST

START_TEST(a_state_has_the_name_of_the_oldest_branch_that_has_it)
{
    const uint16_t first = seed();
    turn(first, 100);
    track_reach(track, first, 200);
    const uint16_t second = grow(first, 200, 1), third = grow(second, 200, 0), fourth = grow(third, 200, 0);
    is_at(track_settle(track, track_end(track, fourth)), first, 200, 1);
    is_at(track_settle(track, track_end(track, first)), first, 200, 1);
    /* Once something was turned there, the state before is still the parent's and the one after is not. */
    turn(third, 200);
    is_at(track_settle(track, track_end(track, third)), third, 200, 1);
    is_at(track_settle(track, (struct track_point){.branch = third, .step = 200}), first, 200, 1);
    track_reach(track, second, 201);
    is_at(track_settle(track, track_end(track, second)), second, 201, 0);
}
END_TEST

START_TEST(a_chain_of_a_thousand_branches)
{
    uint16_t branch = seed();
    track_reach(track, branch, 10);
    for (uint16_t i = 1; i < 1000; i++) {
        branch = grow(branch, 10u * i, 0);
        ck_assert_uint_eq(branch, i);
        track_reach(track, branch, 10u * i + 10);
    }
    ck_assert_uint_eq(track_branches(track), 1000);
    for (uint16_t i = 0; i < 1000; i += 37) {
        arrives(branch, 10u * i, i, 0);
        arrives(branch, 10u * i + 9, i, 0);
    }
    /* A thousand forks without a step between. */
    for (uint16_t i = 0; i < 1000; i++)
        branch = grow(branch, 10000, 0);
    is_at(track_settle(track, track_end(track, branch)), 999, 10000, 0);
}
END_TEST

START_TEST(deleted_branches_let_their_parent_go)
{
    const uint16_t first = seed();
    track_reach(track, first, 50);
    const uint16_t second = grow(first, 20, 0);
    turn(second, 30);
    track_delete(track, second);
    ck_assert(track_branch(track, second)->deleted);
    ck_assert_uint_eq(track_branch(track, first)->growing, 0);
    does_not_arrive(second, 25);
    arrives(first, 25, first, 0);
    ck_assert_uint_eq(grow(first, 20, 0), 2); /* numbers are not used again */
    track_delete(track, first);               /* a root has no parent to let go */
    does_not_arrive(first, 0);
}
END_TEST

START_TEST(a_loaded_branch_has_no_past)
{
    seed();
    const int loaded = track_load(track, 300, 0, NULL);
    ck_assert_int_eq(loaded, 1);
    turn(1, 300);
    track_reach(track, 1, 400);
    does_not_arrive(1, 299);
    arrives(1, 300, 1, 0);
    arrives(1, 301, 1, 1);
    is_at(track_settle(track, (struct track_point){.branch = 1, .step = 300}), 1, 300, 0);
    const uint16_t grown = grow(1, 350, 1);
    arrives(grown, 300, 1, 0);
    does_not_arrive(grown, 10);
}
END_TEST

START_TEST(an_input_has_a_text_of_its_own)
{
    static const struct command row = {.name = "rank", .argument = {{.type = ARGUMENT_TEXT}}};
    char text[] = "2 1 3";
    const struct request given = {.row = &row, .value = {{.number = 7}}, .text = text};
    const uint16_t branch = seed();
    ck_assert(track_add(track, branch, 4, &given));
    ck_assert(track_add(track, branch, 5, &given));
    text[0] = '9';
    const struct track_input *kept = &track_branch(track, branch)->input[0];
    ck_assert_uint_eq(kept->step, 4);
    ck_assert_ptr_eq(kept->request.row, &row);
    ck_assert_uint_eq(kept->request.value[0].number, 7);
    ck_assert_str_eq(kept->request.text, "2 1 3");
    track_cut(track, branch, 1);
    ck_assert_uint_eq(track_branch(track, branch)->inputs, 1);
    track_delete(track, branch);
    ck_assert_uint_eq(track_branch(track, branch)->inputs, 0);
}
END_TEST

START_TEST(numbers_run_out)
{
    for (unsigned i = 0; i < TRACK_BRANCHES_MAX; i++)
        ck_assert_int_eq(track_seed(track, &(struct trainer_start){.seed = i}, 0), (int)i);
    ck_assert_int_eq(track_seed(track, &(struct trainer_start){.seed = 1}, 0), -1);
    ck_assert_int_eq(track_load(track, 1, 0, NULL), -1);
    ck_assert_int_eq(track_grow(track, &(struct track_point){.branch = 5}), -1);
    ck_assert_uint_eq(track_branch(track, 5)->growing, 0);
}
END_TEST

/* An evaluation after each of these steps of the branch, with the step as its value. */
static void measure(uint16_t branch, uint64_t from, uint64_t to)
{
    for (uint64_t step = from; step <= to; step++)
        ck_assert(record_value(track_branch(track, branch)->record, SERIES_TEST_LOSS, step, (float)step));
    ck_assert(record_event(track_branch(track, branch)->record, &(struct event){.kind = EVENT_KNOB, .step = to}));
    track_reach(track, branch, to);
}

START_TEST(a_record_is_of_the_whole_way_to_a_branch)
{
    const uint16_t first = seed();
    measure(first, 1, 100);
    const uint16_t second = grow(first, 40, 0);
    measure(second, 41, 60);
    const uint16_t other = grow(first, 80, 0), third = grow(second, 50, 0);
    measure(other, 81, 90);
    measure(third, 51, 70);
    ck_assert_uint_gt(track_record_bytes(track), 4 * 32 * sizeof(struct bucket));

    struct record *record = track_copy_record(track, third);
    size_t count;
    const struct bucket *bucket = record_buckets(record, SERIES_TEST_LOSS, &count);
    ck_assert_uint_eq(count, 70);
    for (size_t i = 0; i < count; i++)
        ck_assert(bucket[i].last_step == i + 1 && bucket[i].count == 1 && bucket[i].last == (float)(i + 1));
    const struct event *event = record_events(record, &count); /* those of the parents came later */
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(event->step, 70);
    record_free(record);

    track_delete(track, other);
    ck_assert_ptr_null(track_branch(track, other)->record);
    record = track_copy_record(track, first);
    record_buckets(record, SERIES_TEST_LOSS, &count);
    ck_assert_uint_eq(count, 100);
    record_free(record);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("track");
    TCase *tests = tcase_create("track");
    tcase_add_checked_fixture(tests, make_track, free_track);
    tcase_add_test(tests, a_step_is_reached_before_its_turns);
    tcase_add_test(tests, what_lies_before_a_branch_is_its_ancestors);
    tcase_add_test(tests, a_state_has_the_name_of_the_oldest_branch_that_has_it);
    tcase_add_test(tests, a_chain_of_a_thousand_branches);
    tcase_add_test(tests, deleted_branches_let_their_parent_go);
    tcase_add_test(tests, a_loaded_branch_has_no_past);
    tcase_add_test(tests, an_input_has_a_text_of_its_own);
    tcase_add_test(tests, a_record_is_of_the_whole_way_to_a_branch);
    tcase_add_test(tests, numbers_run_out);
    suite_add_tcase(suite, tests);
    return suite;
}
