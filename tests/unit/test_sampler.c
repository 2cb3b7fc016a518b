/* Draws from what a language model expects. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "nn/sampler.h"

#define COUNT 6

/* Probabilities 0.1, 0.4, 0.02, 0.2, 0.2, 0.08 of tokens 0 to 5. */
static void fill(float logits[COUNT])
{
    static const double probability[COUNT] = {0.1, 0.4, 0.02, 0.2, 0.2, 0.08};
    for (size_t i = 0; i < COUNT; i++)
        logits[i] = (float)log(probability[i]) + 3;
}

/* The share of [0, 1) that falls on each token. */
static void expect(const struct sampling *sampling, const double share[COUNT])
{
    enum { DRAWS = 20000 };
    float logits[COUNT];
    size_t seen[COUNT] = {0};
    struct sampler *sampler = sampler_create(COUNT);
    fill(logits);
    for (int i = 0; i < DRAWS; i++)
        seen[sampler_draw(sampler, logits, sampling, ((float)i + 0.5f) / DRAWS)]++;
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_double_eq_tol((double)seen[i] / DRAWS, share[i], 2e-4);
    sampler_free(sampler);
}

START_TEST(nothing_is_left_out_unless_it_is_asked_for)
{
    static const double all[COUNT] = {0.1, 0.4, 0.02, 0.2, 0.2, 0.08};
    expect(&(struct sampling){1, 0, 1}, all);
    expect(&(struct sampling){1, 99, 1}, all);
}
END_TEST

START_TEST(temperature_sharpens_and_flattens)
{
    expect(&(struct sampling){0.5, 2, 1}, (const double[COUNT]){0, 0.8, 0, 0.2, 0, 0});
    const double one = sqrt(0.4), other = sqrt(0.2);
    expect(&(struct sampling){2, 2, 1}, (const double[COUNT]){0, one / (one + other), 0, other / (one + other), 0, 0});
}
END_TEST

START_TEST(temperature_zero_takes_the_largest)
{
    static const double largest[COUNT] = {0, 1, 0, 0, 0, 0};
    expect(&(struct sampling){0, 0, 1}, largest);
    expect(&(struct sampling){0, 3, 0.5}, largest);
    expect(&(struct sampling){1e-300, 0, 1}, largest);
}
END_TEST

START_TEST(top_k_keeps_so_many_and_of_equals_the_first)
{
    expect(&(struct sampling){1, 2, 1}, (const double[COUNT]){0, 2.0 / 3, 0, 1.0 / 3, 0, 0});
    expect(&(struct sampling){1, 3, 1}, (const double[COUNT]){0, 0.5, 0, 0.25, 0.25, 0});
}
END_TEST

START_TEST(top_p_keeps_the_fewest_that_reach_it)
{
    expect(&(struct sampling){1, 0, 0.39}, (const double[COUNT]){0, 1, 0, 0, 0, 0});
    expect(&(struct sampling){1, 0, 0.41}, (const double[COUNT]){0, 2.0 / 3, 0, 1.0 / 3, 0, 0});
    expect(&(struct sampling){1, 0, 0.79}, (const double[COUNT]){0, 0.5, 0, 0.25, 0.25, 0});
    expect(&(struct sampling){1, 0, 1e-9}, (const double[COUNT]){0, 1, 0, 0, 0, 0});
}
END_TEST

/* Of 0.4, 0.2, 0.2 the first has half: 0.45 is reached with it alone, which it would not be of all six. */
START_TEST(top_k_comes_before_top_p)
{
    expect(&(struct sampling){1, 3, 0.45}, (const double[COUNT]){0, 1, 0, 0, 0, 0});
}
END_TEST

START_TEST(a_model_gone_wrong_still_gives_a_token)
{
    struct sampler *sampler = sampler_create(4);
    const struct sampling sampling = {1, 0, 0.9};
    ck_assert_uint_eq(sampler_draw(sampler, (const float[]){NAN, NAN, NAN, NAN}, &sampling, 0.5f), 0);
    ck_assert_uint_eq(sampler_draw(sampler, (const float[]){NAN, 1, NAN, NAN}, &sampling, 0.99f), 1);
    ck_assert_uint_lt(sampler_draw(sampler, (const float[]){3, 1, INFINITY, NAN}, &sampling, 0.99f), 2);
    ck_assert_uint_eq(sampler_draw(sampler, (const float[]){-INFINITY, -INFINITY, -1e30f, NAN}, &sampling, 0.99f), 2);
    sampler_free(sampler);
}
END_TEST

START_TEST(impossible_settings_are_refused)
{
    static const struct sampling possible[] = {{0, 0, 1}, {1.5, 40, 0.01}, {SAMPLING_TEMPERATURE_MAX, 1, 1}};
    static const struct sampling impossible[] = {{-0.1, 0, 1}, {NAN, 0, 1},  {INFINITY, 0, 1},
                                                 {1, 0, 0},    {1, 0, 1.01}, {1, 0, NAN}};
    struct error error;
    for (size_t i = 0; i < sizeof possible / sizeof *possible; i++)
        ck_assert_int_eq(sampling_check(&possible[i], &error), STATUS_OK);
    for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++)
        ck_assert_int_eq(sampling_check(&impossible[i], &error), STATUS_USAGE);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("sampler");
    TCase *cases = tcase_create("sampler");
    tcase_add_test(cases, nothing_is_left_out_unless_it_is_asked_for);
    tcase_add_test(cases, temperature_sharpens_and_flattens);
    tcase_add_test(cases, temperature_zero_takes_the_largest);
    tcase_add_test(cases, top_k_keeps_so_many_and_of_equals_the_first);
    tcase_add_test(cases, top_p_keeps_the_fewest_that_reach_it);
    tcase_add_test(cases, top_k_comes_before_top_p);
    tcase_add_test(cases, a_model_gone_wrong_still_gives_a_token);
    tcase_add_test(cases, impossible_settings_are_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
