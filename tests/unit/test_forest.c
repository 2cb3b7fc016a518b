/* The forest of branches: who grew out of whom, which branch took a step, and what belongs to the past of which. */
#include <math.h>

#include "base/mem.h"
#include "metrics/forest.h"
#include "suite.h"

static struct forest *forest;

static bool root(uint16_t branch, uint64_t step)
{
    return forest_begin(forest, branch, &(struct forest_origin){.step = step});
}

static bool grow(uint16_t branch, uint16_t parent, uint64_t step, bool before)
{
    return forest_begin(forest, branch,
                        &(struct forest_origin){.grown = true, .before = before, .parent = parent, .step = step});
}

/*  0 ─┬─ 1 (300, a rewind) ─┬─ 2 (600, a fork)
 *     │                     └─ 4 (300, a fork where its parent began)
 *     └─ 3 (500, a rewind)
 *  5 (a checkpoint of step 200) ─── 6 (250, a fork) */
static void make_forest(void)
{
    forest = forest_create();
    ck_assert_ptr_nonnull(forest);
    ck_assert(root(0, 0) && grow(1, 0, 300, true) && grow(2, 1, 600, false) && grow(3, 0, 500, true));
    ck_assert(grow(4, 1, 300, false) && root(5, 200) && grow(6, 5, 250, false));
}

static void free_forest(void)
{
    forest_free(forest);
}

START_TEST(a_branch_knows_its_ancestors)
{
    static const size_t depth[] = {0, 1, 2, 1, 2, 0, 1};
    static const uint16_t roots[] = {0, 0, 0, 0, 0, 5, 5};
    static const uint64_t first[] = {0, 0, 0, 0, 0, 200, 200};
    for (uint16_t i = 0; i < 7; i++) {
        ck_assert_uint_eq(forest_depth(forest, i), depth[i]);
        ck_assert_uint_eq(forest_root(forest, i), roots[i]);
        ck_assert_uint_eq(forest_first(forest, i), first[i]);
    }
    struct forest_line line = forest_line(2);
    ck_assert(line.branch == 2 && line.until == UINT64_MAX);
    ck_assert(forest_up(forest, &line) && line.branch == 1 && line.until == 600);
    ck_assert(forest_up(forest, &line) && line.branch == 0 && line.until == 300);
    ck_assert(!forest_up(forest, &line) && line.branch == 0 && line.until == 300);

    size_t length;
    uint16_t *path = forest_path(forest, 2, &length);
    ck_assert_uint_eq(length, 3);
    ck_assert(path[0] == 0 && path[1] == 1 && path[2] == 2);
    mem_free(path);
    path = forest_path(forest, 5, &length);
    ck_assert(length == 1 && path[0] == 5);
    mem_free(path);
}
END_TEST

START_TEST(a_step_was_taken_by_the_youngest_branch_that_has_it)
{
    ck_assert_uint_eq(forest_at(forest, 2, 1000), 2);
    ck_assert_uint_eq(forest_at(forest, 2, 600), 2);
    ck_assert_uint_eq(forest_at(forest, 2, 599), 1);
    ck_assert_uint_eq(forest_at(forest, 2, 300), 1);
    ck_assert_uint_eq(forest_at(forest, 2, 299), 0);
    ck_assert_uint_eq(forest_at(forest, 4, 300), 4);
    ck_assert_uint_eq(forest_at(forest, 4, 299), 0); /* its parent has no step before that either */
    ck_assert_uint_eq(forest_at(forest, 6, 0), 5);   /* nothing is before a root */
}
END_TEST

START_TEST(measurements_of_the_origin_are_shared)
{
    ck_assert(forest_measured(forest, 2, 2, 5000));
    ck_assert(forest_measured(forest, 2, 1, 600) && !forest_measured(forest, 2, 1, 601));
    ck_assert(forest_measured(forest, 2, 0, 300) && !forest_measured(forest, 2, 0, 301));
    ck_assert(!forest_measured(forest, 1, 2, 10) && !forest_measured(forest, 3, 1, 10));
    ck_assert(!forest_measured(forest, 6, 0, 0) && forest_measured(forest, 6, 5, 250));
}
END_TEST

START_TEST(events_of_the_origin_are_shared_unless_they_were_rewound)
{
    ck_assert(forest_happened(forest, 1, 0, 299) && !forest_happened(forest, 1, 0, 300)); /* a rewind */
    ck_assert(forest_happened(forest, 2, 1, 600) && !forest_happened(forest, 2, 1, 601)); /* a fork */
    ck_assert(forest_happened(forest, 2, 0, 299) && !forest_happened(forest, 2, 0, 300));
    ck_assert(forest_happened(forest, 4, 1, 300) && !forest_happened(forest, 4, 0, 300));
    ck_assert(forest_happened(forest, 2, 2, 600) && !forest_happened(forest, 0, 2, 600));
}
END_TEST

START_TEST(two_branches_part_where_their_lines_do)
{
    ck_assert_double_eq(forest_parting(forest, 0, 2), 300);
    ck_assert_double_eq(forest_parting(forest, 1, 2), 600);
    ck_assert_double_eq(forest_parting(forest, 3, 2), 500); /* where it begins itself */
    ck_assert_double_eq(forest_split(forest, 2, 1), 600);
    ck_assert_double_eq(forest_split(forest, 2, 3), 300);
    ck_assert_double_eq(forest_split(forest, 3, 2), 300); /* 2 left 0 with 1 */
    ck_assert_double_eq(forest_split(forest, 2, 2), INFINITY);
    ck_assert_double_eq(forest_split(forest, 6, 2), 0); /* nothing is shared */
}
END_TEST

START_TEST(no_branch_is_its_own_ancestor)
{
    ck_assert(!grow(0, 2, 700, false)); /* it is the grandparent of 2 */
    ck_assert(!grow(1, 1, 700, false));
    ck_assert(!forest_origin(forest, 0)->grown && forest_depth(forest, 0) == 0);
    ck_assert_uint_eq(forest_origin(forest, 1)->parent, 0);
    ck_assert(!grow(5, 3, 700, false) && !root(5, 100)); /* 6 has its past */
    ck_assert_uint_eq(forest_first(forest, 6), 200);
    ck_assert(grow(6, 3, 700, false) && forest_depth(forest, 6) == 2);
}
END_TEST

START_TEST(a_branch_of_which_nothing_was_said_is_a_root_at_step_0)
{
    ck_assert(!forest_origin(forest, 60000)->grown && forest_origin(forest, 60000)->step == 0);
    ck_assert_uint_eq(forest_root(forest, 60000), 60000);
    ck_assert_uint_eq(forest_first(forest, 60000), 0);
    ck_assert(!forest_measured(forest, 0, 60000, 0) && forest_measured(forest, 60000, 60000, 9));
    forest_forget(forest, 2);
    forest_forget(forest, 60000);
    ck_assert(!forest_origin(forest, 2)->grown && forest_depth(forest, 2) == 0);
    forest_forget(forest, 1); /* something grew out of it */
    ck_assert_uint_eq(forest_depth(forest, 4), 2);
    ck_assert_uint_eq(forest_root(forest, 4), 0);
    ck_assert(grow(2, 3, 550, false)); /* its number is free again */
    ck_assert_uint_eq(forest_depth(forest, 2), 2);
    ck_assert(grow(70, 50, 10, false)); /* neither was known */
    ck_assert_uint_eq(forest_root(forest, 70), 50);
}
END_TEST

/* Each grows out of the one before, ten steps on. */
START_TEST(a_line_of_ten_thousand_branches)
{
    struct forest *line = forest_create();
    for (uint16_t i = 1; i < 10000; i++)
        ck_assert(forest_begin(line, i,
                               &(struct forest_origin){.grown = true, .parent = (uint16_t)(i - 1), .step = 10u * i}));
    ck_assert_uint_eq(forest_depth(line, 9999), 9999);
    for (uint16_t i = 0; i < 10000; i += 333) {
        ck_assert_uint_eq(forest_at(line, 9999, 10u * i + 9), i);
        ck_assert(forest_measured(line, 9999, i, 10u * i + 10) &&
                  (i == 9999 || !forest_measured(line, 9999, i, 10u * i + 11)));
    }
    forest_free(line);
}
END_TEST

/* A branch may grow out of another at a step that this one has from its own ancestors. */
START_TEST(the_earliest_origin_on_the_way_bounds_the_past)
{
    ck_assert(grow(7, 2, 100, false)); /* a step that 2 has from its grandparent */
    ck_assert(forest_measured(forest, 7, 0, 100) && !forest_measured(forest, 7, 0, 101));
    ck_assert(!forest_happened(forest, 7, 0, 101));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("forest");
    TCase *tests = tcase_create("forest");
    tcase_add_checked_fixture(tests, make_forest, free_forest);
    tcase_add_test(tests, a_branch_knows_its_ancestors);
    tcase_add_test(tests, a_step_was_taken_by_the_youngest_branch_that_has_it);
    tcase_add_test(tests, measurements_of_the_origin_are_shared);
    tcase_add_test(tests, events_of_the_origin_are_shared_unless_they_were_rewound);
    tcase_add_test(tests, two_branches_part_where_their_lines_do);
    tcase_add_test(tests, no_branch_is_its_own_ancestor);
    tcase_add_test(tests, a_branch_of_which_nothing_was_said_is_a_root_at_step_0);
    tcase_add_test(tests, a_line_of_ten_thousand_branches);
    tcase_add_test(tests, the_earliest_origin_on_the_way_bounds_the_past);
    suite_add_tcase(suite, tests);
    return suite;
}
