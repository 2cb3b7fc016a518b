/* What a model wrote as it learnt: noise, words, sense. */
#include "ui/samples.h"

#include <string.h>

#include "suite.h"

static struct samples samples;
static struct picture_text text;
static struct dataset dataset;

static struct session_branch branch[2] = {
    {.reason = EVENT_START, .last = 100000},
    {.reason = EVENT_REWIND, .last = 500},
};
static const struct session_branch *const number[] = {&branch[0], &branch[1]};
static struct forest *forest;
static struct branch_list branches = {number, 2};

static void begin(void)
{
    memset(&samples, 0, sizeof samples);
    memset(&text, 0, sizeof text);
    text.asked.dataset = &dataset;
    text.asked.sampling = (struct sampling){.temperature = 1, .top_p = 1};
    text.right_known = true;
    forest_free(forest);
    branches.forest = forest = forest_create();
    ck_assert_ptr_nonnull(forest);
    ck_assert(forest_begin(forest, 1, &(struct forest_origin){.grown = true, .before = true, .step = 500}));
}

static bool take(uint16_t of, uint64_t step, uint64_t origin)
{
    const struct picture picture = {.branch = of, .step = step, .text = &text};
    text.right.p = (double)step;
    text.continuation_length = 1 + step % 500;
    return samples_take(&samples, &branches, &picture, origin);
}

static size_t before(uint16_t of, double step, const struct sample **out)
{
    return samples_before(&samples, &branches, of, step, out, SAMPLES_MOST);
}

START_TEST(distances_grow)
{
    const struct sample *out[SAMPLES_MOST];
    begin();
    for (uint64_t step = 0; step <= 100000; step++)
        take(0, step, 0);
    const size_t count = before(0, 1e9, out);
    ck_assert_uint_gt(count, 30);
    ck_assert_uint_lt(count, SAMPLES_MOST);
    ck_assert_uint_eq(out[count - 1]->step, 0);
    for (size_t i = 1; i + 1 < count; i++)
        ck_assert(out[i - 1]->step * 4 >= out[i]->step * 5);
    ck_assert_double_eq(out[0]->p, (double)out[0]->step);
    ck_assert_uint_eq(before(0, 10, out), 8); /* 0 1 2 3 4 5 7 9 */
    ck_assert_uint_eq(out[0]->length, 1 + out[0]->step);
}
END_TEST

START_TEST(long_ones_are_cut)
{
    begin();
    ck_assert(take(0, 499, 0));
    ck_assert_uint_eq(samples.entry[0].length, SAMPLE_BYTES);
}
END_TEST

START_TEST(a_stage_begins_its_own_count)
{
    begin();
    ck_assert(take(0, 1000, 0));
    ck_assert(!take(0, 1100, 0));
    ck_assert(take(0, 1100, 1100)); /* as the model is when the stage begins */
    ck_assert(take(0, 1101, 1100));
    ck_assert(take(0, 1102, 1100));
}
END_TEST

START_TEST(another_prompt_begins_anew)
{
    begin();
    ck_assert(take(0, 1000, 0));
    text.asked.block = 3; /* beside the prompt */
    text.asked.attention = text.asked.passage = true;
    text.asked.tokens = 99;
    ck_assert(!take(0, 1001, 0));
    ck_assert_uint_eq(samples.count, 1);
    text.asked.prompt[0] = 'a';
    text.asked.prompt_length = 1;
    ck_assert(take(0, 1001, 0));
    ck_assert_uint_eq(samples.count, 1);
    text.asked.sampling.temperature = 0.5;
    ck_assert(take(0, 1002, 0));
    ck_assert_uint_eq(samples.count, 1);
}
END_TEST

/* What a rewind went back before is not in the past of what follows, and comes back with its branch. */
START_TEST(a_rewind_leaves_the_future_behind)
{
    const struct sample *out[SAMPLES_MOST];
    begin();
    take(0, 400, 0);
    take(0, 800, 0);
    ck_assert_uint_eq(before(1, 1e9, out), 1);
    ck_assert_uint_eq(out[0]->step, 400);
    ck_assert(take(1, 600, 0)); /* though it is before the last one of the other branch */
    ck_assert_uint_eq(before(1, 1e9, out), 2);
    ck_assert_uint_eq(out[0]->step, 600);
    ck_assert_uint_eq(before(0, 1e9, out), 2);
    ck_assert_uint_eq(out[0]->step, 800);
    ck_assert_uint_eq(before(0, 500, out), 1);
}
END_TEST

START_TEST(the_oldest_are_forgotten)
{
    const struct sample *out[SAMPLES_MOST];
    begin();
    for (uint64_t stage = 0; stage < 3 * SAMPLES_MOST; stage++)
        ck_assert(take(0, stage, stage));
    ck_assert_uint_eq(before(0, 1e9, out), SAMPLES_MOST);
    ck_assert_uint_eq(out[0]->step, 3 * SAMPLES_MOST - 1);
}
END_TEST

START_TEST(pictures_without_a_text_are_left_alone)
{
    begin();
    const struct picture empty = {.step = 5};
    ck_assert(!samples_take(&samples, &branches, &empty, 0));
    text.asked.dataset = NULL;
    ck_assert(!take(0, 5, 0));
    ck_assert_uint_eq(samples.count, 0);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("samples");
    TCase *cases = tcase_create("samples");
    tcase_add_test(cases, distances_grow);
    tcase_add_test(cases, long_ones_are_cut);
    tcase_add_test(cases, a_stage_begins_its_own_count);
    tcase_add_test(cases, another_prompt_begins_anew);
    tcase_add_test(cases, a_rewind_leaves_the_future_behind);
    tcase_add_test(cases, the_oldest_are_forgotten);
    tcase_add_test(cases, pictures_without_a_text_are_left_alone);
    suite_add_tcase(suite, cases);
    return suite;
}
