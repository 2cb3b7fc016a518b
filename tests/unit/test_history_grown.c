/* Histories of branches that grew out of others: whose values a line of them has, and how much memory many take. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "metrics/history.h"
#include "suite.h"
#include "support/histories.h"

static void push_loss(struct history *history, uint16_t branch, uint64_t step, float value)
{
    struct bucket bucket = bucket_of(SERIES_LOSS, branch, step, value);
    ck_assert(history_push(history, &bucket));
}

/* One bucket for all that is in [from, to]. */
static struct bucket sum_of(const struct history *history, uint16_t branch, uint64_t from, uint64_t to)
{
    struct bucket all;
    history_read(history, branch, SERIES_LOSS, (double)from, (double)to + 1, 1, &all);
    return all;
}

START_TEST(a_grown_branch_has_its_parents_values_up_to_the_origin)
{
    struct history *history = history_create();
    for (uint64_t step = 1; step <= 1000; step++)
        push_loss(history, 0, step, step == 601 ? 1e6f : (float)step);
    ck_assert(grow(history, 1, 0, 600));
    ck_assert_uint_eq(history_last_step(history, 1), 600);
    ck_assert_uint_eq(history_last(history, 1, SERIES_LOSS)->last_step, 600);
    push_loss(history, 1, 600, 5e5f); /* the parent has it */
    for (uint64_t step = 601; step <= 700; step++)
        push_loss(history, 1, step, -(float)step);
    push_loss(history, 0, 1001, 2e6f);

    struct bucket own[700], parents[600];
    ck_assert_uint_eq(history_read(history, 1, SERIES_LOSS, 1, 701, 700, own), 700);
    ck_assert_uint_eq(history_read(history, 0, SERIES_LOSS, 1, 601, 600, parents), 600);
    for (size_t i = 0; i < 700; i++)
        ck_assert(i < 600 ? same(&own[i], &parents[i]) : own[i].sum == -(double)(i + 1));
    struct bucket all = sum_of(history, 1, 0, 10000);
    ck_assert(all.count == 700 && all.max == 600 && all.min == -700);
    ck_assert_uint_eq(history_last_step(history, 1), 700);
    ck_assert_uint_eq(sum_of(history, 0, 0, 10000).count, 1001);

    struct bucket recent[150];
    ck_assert_uint_eq(history_recent(history, 1, SERIES_LOSS, 150, recent), 150);
    for (size_t i = 0; i < 150; i++)
        ck_assert_uint_eq(recent[i].last_step, 551 + i);

    const struct forest *forest = history_forest(history);
    const struct forest_origin *origin = forest_origin(forest, 1);
    ck_assert(origin->grown && origin->parent == 0 && origin->step == 600);
    ck_assert(!forest_origin(forest, 0)->grown);
    ck_assert(forest_measured(forest, 1, 0, 600) && !forest_measured(forest, 1, 0, 601));
    ck_assert(forest_measured(forest, 1, 1, 5000) && !forest_measured(forest, 0, 1, 1));
    ck_assert(!grow(history, 0, 1, 5)); /* nobody is its own grandparent */
    history_free(history);
}
END_TEST

/* What a coarse bucket of the parent holds from beyond the origin must not come along, wherever the origin is. */
START_TEST(no_value_from_beyond_the_origin_is_taken)
{
    enum { STEPS = 100000 };
    static const uint64_t origins[] = {0, 1, 100, 4095, 33333, 65536, 70001, STEPS - 4000, STEPS - 5, STEPS};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        const uint64_t origin = origins[i];
        struct history *history = history_create();
        for (uint64_t step = 1; step <= STEPS; step++)
            push_loss(history, 0, step, step > origin ? 1e6f : step == origin / 2 ? -7 : 1);
        ck_assert(grow(history, 1, 0, origin));
        struct bucket all = sum_of(history, 1, 0, STEPS);
        /* Up to one bucket of the coarsest level is out of reach where the finer ones no longer are. */
        ck_assert(all.count <= origin && all.count + STEPS / 2048 >= origin);
        ck_assert(all.count == 0 || (all.max == 1 && all.last_step <= origin));
        const struct bucket *best = history_best(history, 1, SERIES_LOSS);
        if (origin >= 4095)
            ck_assert(best->min == -7 && best->first_step <= origin / 2 && best->last_step >= origin / 2);
        push_loss(history, 1, origin + 1, 3);
        ck_assert_float_eq(sum_of(history, 1, origin + 1, origin + 1).max, 3);
        if (origin >= STEPS - 4000) { /* within the recent window nothing is missing */
            struct bucket recent[50];
            ck_assert_uint_eq(history_recent(history, 1, SERIES_LOSS, 50, recent), 50);
            for (size_t k = 0; k < 50; k++)
                ck_assert(recent[k].count == 1 && recent[k].last_step == origin - 48 + k);
        }
        history_free(history);
    }
}
END_TEST

START_TEST(the_best_of_a_branch_may_be_its_parents)
{
    struct history *history = history_create();
    for (uint64_t step = 1; step <= 100; step++)
        push_loss(history, 0, step, step == 40 ? 2 : step == 80 ? 1 : 10);
    ck_assert(grow(history, 1, 0, 60) && grow(history, 2, 0, 90) && grow(history, 3, 1, 30));
    ck_assert_uint_eq(history_best(history, 0, SERIES_LOSS)->last_step, 80);
    ck_assert_uint_eq(history_best(history, 1, SERIES_LOSS)->last_step, 40);
    ck_assert_uint_eq(history_best(history, 2, SERIES_LOSS)->last_step, 80);
    ck_assert_uint_eq(history_best(history, 3, SERIES_LOSS)->last_step, 1);
    push_loss(history, 1, 61, 2);
    ck_assert_uint_eq(history_best(history, 1, SERIES_LOSS)->last_step, 40); /* the first of equals */
    push_loss(history, 1, 62, 0);
    ck_assert_uint_eq(history_best(history, 1, SERIES_LOSS)->last_step, 62);
    ck_assert(grow(history, 4, 1, 61));
    ck_assert_uint_eq(history_best(history, 4, SERIES_LOSS)->last_step, 40);
    history_free(history);
}
END_TEST

/* Each branch grows out of the middle of the one before it: a long line, of which every part is read. */
START_TEST(a_line_of_many_branches_is_whole)
{
    enum { BRANCHES = 300, OWN = 600, KEPT = 400 };
    struct history *history = history_create();
    for (uint16_t branch = 0; branch < BRANCHES; branch++) {
        if (branch > 0)
            ck_assert(grow(history, branch, (uint16_t)(branch - 1), (uint64_t)branch * KEPT));
        for (uint64_t i = 1; i <= OWN; i++)
            push_loss(history, branch, (uint64_t)branch * KEPT + i, i > KEPT ? 1e6f : branch == 70 ? -1 : 1);
    }
    const uint16_t last = BRANCHES - 1;
    const uint64_t origin = (uint64_t)last * KEPT;
    struct bucket all = sum_of(history, last, 0, origin);
    ck_assert(all.count == origin && all.max == 1 && all.min == -1);
    struct bucket column[COLUMNS];
    ck_assert_uint_eq(history_read(history, last, SERIES_LOSS, 0, (double)origin, COLUMNS, column), COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++)
        ck_assert_double_lt(fabs((double)column[i].count - (double)origin / COLUMNS), (double)origin / 500);
    /* A window of a few thousand steps is exact, wherever the parents' ends lie in it. */
    static struct bucket raw[3000];
    ck_assert_uint_eq(history_read(history, last, SERIES_LOSS, (double)origin - 2999, (double)origin + 1, 3000, raw),
                      3000);
    for (size_t i = 0; i < 3000; i++)
        ck_assert(raw[i].count == 1 && raw[i].max == 1 && raw[i].last_step == origin - 2999 + i);
    ck_assert_uint_eq(history_best(history, last, SERIES_LOSS)->last_step, 70 * KEPT + 1);
    ck_assert_uint_eq(history_recent(history, last, SERIES_LOSS, 3000, raw), 3000);
    for (size_t i = 1; i < 3000; i++)
        ck_assert_uint_eq(raw[i].last_step, raw[i - 1].last_step + 1);
    ck_assert_uint_le(history_bytes(history), (size_t)60 << 20);
    history_free(history);
}
END_TEST

START_TEST(all_of_a_line_is_there_once_and_in_order)
{
    enum { STEPS = 50000 };
    static struct bucket all[4 * HISTORY_RECENT];
    struct history *history = history_create();
    for (uint64_t step = 1; step <= STEPS; step++)
        push_loss(history, 0, step, (float)step);
    ck_assert(grow(history, 1, 0, STEPS - 1000));
    for (uint64_t step = STEPS - 999; step <= STEPS; step++)
        push_loss(history, 1, step, (float)step);
    for (uint16_t branch = 0; branch < 2; branch++) {
        const size_t count = history_all(history, branch, SERIES_LOSS, 0, STEPS, sizeof all / sizeof *all, all);
        ck_assert_uint_le(count, sizeof all / sizeof *all);
        uint64_t step = 0;
        for (size_t i = 0; i < count; i++) {
            ck_assert(all[i].first_step == step + 1 && all[i].last_step + 1 - all[i].first_step == all[i].count);
            ck_assert_uint_le(all[i].count, i == 0 ? all[i].count : all[i - 1].count);
            step = all[i].last_step;
        }
        ck_assert_uint_eq(step, STEPS);
        ck_assert_uint_eq(all[count - 2000].count, 1);
        ck_assert_uint_eq(history_all(history, branch, SERIES_LOSS, STEPS - 9, STEPS - 5, 2, all), 5);
        ck_assert_uint_eq(all[1].last_step, STEPS - 8);
    }
    history_free(history);
}
END_TEST

START_TEST(a_forgotten_branch_leaves_its_children_what_is_theirs)
{
    struct history *history = history_create();
    for (uint64_t step = 1; step <= 10; step++)
        push_loss(history, 0, step, (float)step);
    ck_assert(grow(history, 1, 0, 10));
    for (uint64_t step = 11; step <= 20; step++)
        push_loss(history, 1, step, (float)step);
    ck_assert(grow(history, 2, 1, 20));
    for (uint64_t step = 21; step <= 30; step++)
        push_loss(history, 2, step, (float)step);
    const size_t before = history_bytes(history);
    history_forget(history, 1);
    ck_assert_uint_lt(history_bytes(history), before);
    struct bucket all = sum_of(history, 2, 0, 30);
    ck_assert(all.count == 20 && all.sum == 55 + 255);
    ck_assert_uint_eq(history_last_step(history, 1), 0);
    ck_assert_uint_eq(history_best(history, 2, SERIES_LOSS)->last_step, 1);
    history_forget(history, 2); /* the one that is being written */
    history_forget(history, 9);
    ck_assert_uint_eq(sum_of(history, 2, 0, 30).count, 10);
    push_loss(history, 3, 1, 1);
    ck_assert_uint_eq(sum_of(history, 3, 0, 30).count, 1);
    history_free(history);
}
END_TEST

/* Long branches out of each other: memory stays within bounds, and no part of the last one's line is lost. */
START_TEST(many_grown_branches_stay_within_bounds)
{
    enum { BRANCHES = 60, STEPS = 20000 };
    struct history *history = history_create();
    for (uint16_t branch = 0; branch < BRANCHES; branch++) {
        if (branch > 0)
            ck_assert(grow(history, branch, (uint16_t)(branch - 1), (uint64_t)branch * STEPS));
        for (uint64_t step = 1; step <= STEPS; step++)
            for (unsigned s = 0; s < USUAL; s++) {
                struct bucket bucket = bucket_of((uint8_t)usual[s], branch, (uint64_t)branch * STEPS + step, 1.0f);
                history_push(history, &bucket);
            }
        ck_assert_uint_le(history_bytes(history), (size_t)50 << 20);
    }
    struct bucket all = sum_of(history, BRANCHES - 1, 0, (uint64_t)BRANCHES * STEPS);
    ck_assert_uint_eq(all.count, BRANCHES * STEPS);
    history_free(history);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("history_grown");
    TCase *tests = tcase_create("history_grown");
    tcase_add_test(tests, a_grown_branch_has_its_parents_values_up_to_the_origin);
    tcase_add_test(tests, no_value_from_beyond_the_origin_is_taken);
    tcase_add_test(tests, the_best_of_a_branch_may_be_its_parents);
    tcase_add_test(tests, a_line_of_many_branches_is_whole);
    tcase_add_test(tests, all_of_a_line_is_there_once_and_in_order);
    tcase_add_test(tests, a_forgotten_branch_leaves_its_children_what_is_theirs);
    tcase_add_test(tests, many_grown_branches_stay_within_bounds);
    suite_add_tcase(suite, tests);
    return suite;
}
