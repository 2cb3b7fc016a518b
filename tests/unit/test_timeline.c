/* Snapshots under a budget: what is found, what is thinned, what is held. */
#include <string.h>

#include "engine/timeline.h"
#include "suite.h"

/* A state of one section; its numbers say of which step it is. */
#define NUMBERS 32
static uint64_t numbers[NUMBERS];
static struct state state;
enum { BYTES = sizeof numbers };

static void make_state(void)
{
    memset(&state, 0, sizeof state);
    state_declare(&state, "numbers", numbers, sizeof numbers, NULL);
}

static bool keep(struct timeline *timeline, uint16_t branch, uint64_t step, size_t inputs, uint64_t work, bool pinned)
{
    const struct track_point point = {.branch = branch, .step = step, .inputs = inputs};
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = branch * 1000000u + step + i;
    return timeline_keep(timeline, &point, work, &state, pinned);
}

/* The step of the newest snapshot up to `step`, whose numbers must be its own; -1: there is none. */
static int64_t found(const struct timeline *timeline, uint16_t branch, uint64_t step)
{
    const struct track_point limit = {.branch = branch, .step = step, .inputs = SIZE_MAX};
    struct track_point at;
    const uint64_t *data = timeline_find(timeline, &limit, &at);
    if (!data)
        return -1;
    bool own = at.branch == branch;
    for (size_t i = 0; i < NUMBERS; i++)
        own &= data[i] == branch * 1000000u + at.step + i;
    ck_assert(own);
    return (int64_t)at.step;
}

START_TEST(the_newest_before_a_point_is_found)
{
    struct timeline *timeline = timeline_create(BYTES, 100 * BYTES);
    ck_assert_int_eq(found(timeline, 0, 100), -1);
    for (uint64_t step = 10; step <= 50; step += 10)
        ck_assert(keep(timeline, 3, step, 0, step, false));
    ck_assert_int_eq(found(timeline, 3, 9), -1);
    ck_assert_int_eq(found(timeline, 3, 10), 10);
    ck_assert_int_eq(found(timeline, 3, 39), 30);
    ck_assert_int_eq(found(timeline, 3, 1000), 50);
    ck_assert_int_eq(found(timeline, 2, 1000), -1);
    ck_assert_int_eq(found(timeline, 60000, 1000), -1);

    /* Of one step, those whose inputs are no more. */
    keep(timeline, 3, 50, 2, 50, false);
    struct track_point at;
    ck_assert_ptr_nonnull(timeline_find(timeline, &(struct track_point){.branch = 3, .step = 50, .inputs = 1}, &at));
    ck_assert_uint_eq(at.inputs, 0);
    ck_assert_ptr_nonnull(timeline_find(timeline, &(struct track_point){.branch = 3, .step = 50, .inputs = 2}, &at));
    ck_assert_uint_eq(at.inputs, 2);

    /* One point, one snapshot. */
    ck_assert_uint_eq(timeline_count(timeline), 6);
    keep(timeline, 3, 50, 2, 51, false);
    ck_assert_uint_eq(timeline_count(timeline), 6);
    timeline_free(timeline);
}
END_TEST

/* The steps that are kept of branch 0, newest first. */
static size_t kept_steps(const struct timeline *timeline, uint64_t from, uint64_t *out, size_t most)
{
    size_t count = 0;
    for (int64_t step = found(timeline, 0, from); step >= 0 && count < most;) {
        out[count++] = (uint64_t)step;
        step = step > 0 ? found(timeline, 0, (uint64_t)step - 1) : -1;
    }
    return count;
}

START_TEST(the_budget_holds_and_gaps_grow_with_age)
{
    static const size_t most[] = {1, 2, 3, 10, 64, 1000};
    const size_t budget = most[_i] * BYTES + BYTES / 2;
    struct timeline *timeline = timeline_create(BYTES, budget);
    uint64_t steps[1000];
    bool well = true;
    for (uint64_t step = 0; step < 20000; step++) {
        well &= keep(timeline, 0, step, 0, step, false) && timeline_bytes(timeline) <= budget;
        well &= step % 16 > 0 || found(timeline, 0, step) == (int64_t)step;
    }
    ck_assert(well);
    const size_t count = kept_steps(timeline, 20000, steps, 1000);
    ck_assert_uint_eq(count, timeline_count(timeline));
    ck_assert_uint_ge(count, most[_i] / 2); /* powers of two are coarse */
    if (most[_i] < 64) {
        timeline_free(timeline);
        return;
    }
    /* Twice the share of their age that survives a thinning of so many: neighbours of what was dropped were nearly as
     * far away. */
    const double share = most[_i] == 64 ? 0x1p-1 : 0x1p-5;
    for (size_t i = 0; i + 1 < count; i++) {
        const double gap = (double)(steps[i] - steps[i + 1]), age = (double)(20000 - steps[i + 1]);
        ck_assert_msg(gap <= share * age + 1, "a gap of %g behind %g", gap, (double)steps[i]);
    }
    /* And near the present they are closer than long ago. */
    ck_assert_uint_lt(steps[0] - steps[1], steps[count - 2] - steps[count - 1]);
    timeline_free(timeline);
}
END_TEST

START_TEST(what_is_pinned_stays)
{
    struct timeline *timeline = timeline_create(BYTES, 8 * BYTES);
    keep(timeline, 0, 3, 0, 3, false);
    ck_assert(keep(timeline, 0, 7, 0, 7, true));
    for (uint64_t step = 10; step < 5000; step++)
        keep(timeline, 0, step, 0, step, false);
    ck_assert_int_eq(found(timeline, 0, 9), 7);
    ck_assert_uint_le(timeline_bytes(timeline), 8 * BYTES);

    /* Beyond the budget, where all of it is pinned. */
    for (uint16_t branch = 1; branch <= 20; branch++)
        ck_assert(keep(timeline, branch, 5, 0, 5000, true));
    ck_assert_uint_eq(timeline_bytes(timeline), 21 * BYTES);
    ck_assert(keep(timeline, 0, 6000, 0, 6000, false));
    ck_assert_uint_eq(timeline_bytes(timeline), 21 * BYTES);
    for (uint16_t branch = 1; branch <= 20; branch++)
        ck_assert_int_eq(found(timeline, branch, 5), 5);
    timeline_set_budget(timeline, 0);
    ck_assert_int_eq(found(timeline, 0, 8), 7);
    ck_assert_uint_eq(timeline_bytes(timeline), 21 * BYTES);
    timeline_free(timeline);

    /* A pinned one that stands where a plain one stood. */
    timeline = timeline_create(BYTES, 2 * BYTES);
    keep(timeline, 0, 1, 0, 1, false);
    keep(timeline, 0, 1, 0, 1, true);
    for (uint64_t step = 2; step < 50; step++)
        keep(timeline, 0, step, 0, step, false);
    ck_assert_int_eq(found(timeline, 0, 1), 1);
    timeline_free(timeline);
}
END_TEST

START_TEST(a_budget_can_shrink_and_grow)
{
    struct timeline *timeline = timeline_create(BYTES, 1000 * BYTES);
    for (uint64_t step = 1; step <= 900; step++)
        keep(timeline, (uint16_t)(step > 600), step, 0, step, false);
    static const size_t budgets[] = {400, 100, 7, 2, 1};
    for (size_t i = 0; i < sizeof budgets / sizeof budgets[0]; i++) {
        timeline_set_budget(timeline, budgets[i] * BYTES);
        ck_assert_uint_le(timeline_bytes(timeline), budgets[i] * BYTES);
        ck_assert_uint_ge(timeline_count(timeline), budgets[i] / 4);
        ck_assert_int_eq(found(timeline, 1, 2000), 900);
    }
    timeline_set_budget(timeline, BYTES - 1);
    ck_assert(!timeline_fits(timeline));
    ck_assert_uint_eq(timeline_bytes(timeline), 0);
    ck_assert_int_eq(found(timeline, 1, 2000), -1);
    ck_assert(keep(timeline, 1, 901, 0, 901, false)); /* nothing is kept, and that is no failure */
    ck_assert_uint_eq(timeline_count(timeline), 0);

    timeline_set_budget(timeline, 50 * BYTES);
    for (uint64_t step = 1000; step < 1050; step++)
        keep(timeline, 1, step, 0, step, false);
    ck_assert_uint_eq(timeline_count(timeline), 50);
    timeline_free(timeline);
}
END_TEST

START_TEST(of_too_many_branches_the_oldest_go)
{
    struct timeline *timeline = timeline_create(BYTES, 20 * BYTES);
    for (uint16_t branch = 0; branch < 500; branch++) {
        keep(timeline, branch, 10, 0, branch, false);
        ck_assert_uint_le(timeline_bytes(timeline), 20 * BYTES);
    }
    ck_assert_uint_ge(timeline_count(timeline), 10);
    for (uint16_t branch = 490; branch < 500; branch++)
        ck_assert_int_eq(found(timeline, branch, 10), 10);
    ck_assert_int_eq(found(timeline, 300, 10), -1);
    timeline_free(timeline);
}
END_TEST

START_TEST(a_forgotten_branch_makes_room)
{
    struct timeline *timeline = timeline_create(BYTES, 10 * BYTES);
    for (uint64_t step = 0; step < 10; step++)
        keep(timeline, (uint16_t)(step % 2), step, 0, step, false);
    timeline_forget(timeline, 1);
    timeline_forget(timeline, 1);
    timeline_forget(timeline, 77);
    ck_assert_uint_eq(timeline_count(timeline), 5);
    ck_assert_int_eq(found(timeline, 1, 100), -1);
    for (uint64_t step = 20; step < 25; step++)
        keep(timeline, 0, step, 0, step, false);
    ck_assert_uint_eq(timeline_count(timeline), 10);
    ck_assert_int_eq(found(timeline, 0, 19), 8); /* none had to go */
    ck_assert_int_eq(found(timeline, 0, 3), 2);
    timeline_free(timeline);
}
END_TEST

START_TEST(copies_are_rare_where_they_are_dear)
{
    struct timeline *small = timeline_create(BYTES, 10 * BYTES), *large = timeline_create(1u << 20, 10u << 20);
    ck_assert_uint_gt(timeline_spacing(large, 1e6), timeline_spacing(small, 1e6));
    ck_assert_uint_gt(timeline_spacing(large, 1e6), timeline_spacing(large, 1e8));
    ck_assert_uint_ge(timeline_spacing(small, 1e15), 1);
    /* Memory that was used before is copied into faster. */
    const uint64_t fresh = timeline_spacing(small, 1e3);
    for (uint64_t step = 0; step < 11; step++)
        keep(small, 0, step, 0, step, false);
    ck_assert_uint_lt(timeline_spacing(small, 1e3), fresh);
    timeline_free(small);
    timeline_free(large);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tests = tcase_create("timeline");
    tcase_add_checked_fixture(tests, make_state, NULL);
    tcase_add_test(tests, the_newest_before_a_point_is_found);
    tcase_add_loop_test(tests, the_budget_holds_and_gaps_grow_with_age, 0, 6);
    tcase_add_test(tests, what_is_pinned_stays);
    tcase_add_test(tests, a_budget_can_shrink_and_grow);
    tcase_add_test(tests, of_too_many_branches_the_oldest_go);
    tcase_add_test(tests, a_forgotten_branch_makes_room);
    tcase_add_test(tests, copies_are_rare_where_they_are_dear);
    suite_add_tcase(suite, tests);
    return suite;
}
