/* Draws from what a language model expects. */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "nn/sampling.h"

#define COUNT 6

/* Probabilities 0.1, 0.4, 0.02, 0.2, 0.2, 0.08 of tokens 0 to 5. */
static void fill(float logits[COUNT])
{
    static const double probability[COUNT] = {0.1, 0.4, 0.02, 0.2, 0.2, 0.08};
    for (size_t i = 0; i < COUNT; i++)
        logits[i] = (float)log(probability[i]) + 3;
}

/* What remains, in order, with its probabilities. */
static void expect(const struct sampling *sampling, size_t count, const uint32_t *token, const double *probability)
{
    float logits[COUNT];
    struct candidate candidate[COUNT];
    fill(logits);
    ck_assert_uint_eq(sampling_narrow(sampling, logits, COUNT, candidate), count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(candidate[i].token, token[i]);
        ck_assert_double_eq_tol(candidate[i].probability, probability[i], 1e-6);
    }
}

START_TEST(nothing_is_left_out_unless_it_is_asked_for)
{
    expect(&(struct sampling){1, 0, 1}, 6, (const uint32_t[]){1, 3, 4, 0, 5, 2},
           (const double[]){0.4, 0.2, 0.2, 0.1, 0.08, 0.02});
    expect(&(struct sampling){1, 99, 1}, 6, (const uint32_t[]){1, 3, 4, 0, 5, 2},
           (const double[]){0.4, 0.2, 0.2, 0.1, 0.08, 0.02});
}
END_TEST

START_TEST(temperature_sharpens_and_flattens)
{
    expect(&(struct sampling){0.5, 2, 1}, 2, (const uint32_t[]){1, 3}, (const double[]){0.16 / 0.2, 0.04 / 0.2});
    const double one = sqrt(0.4), other = sqrt(0.2);
    expect(&(struct sampling){2, 2, 1}, 2, (const uint32_t[]){1, 3},
           (const double[]){one / (one + other), other / (one + other)});
}
END_TEST

START_TEST(temperature_zero_takes_the_largest)
{
    expect(&(struct sampling){0, 0, 1}, 1, (const uint32_t[]){1}, (const double[]){1});
    struct candidate candidate[3];
    for (int i = 0; i < 10; i++)
        ck_assert_uint_eq(
            sampling_choose(&(struct sampling){0, 3, 0.5}, (const float[]){2, 5, 5}, 3, (float)i / 10, candidate), 1);
    ck_assert_uint_eq(sampling_choose(&(struct sampling){1e-300, 0, 1}, (const float[]){2, 5, 3}, 3, 0.999f, candidate),
                      1);
}
END_TEST

START_TEST(top_k_keeps_so_many)
{
    expect(&(struct sampling){1, 3, 1}, 3, (const uint32_t[]){1, 3, 4}, (const double[]){0.5, 0.25, 0.25});
    expect(&(struct sampling){1, 1, 1}, 1, (const uint32_t[]){1}, (const double[]){1});
}
END_TEST

START_TEST(top_p_keeps_the_fewest_that_reach_it)
{
    expect(&(struct sampling){1, 0, 0.39}, 1, (const uint32_t[]){1}, (const double[]){1});
    expect(&(struct sampling){1, 0, 0.41}, 2, (const uint32_t[]){1, 3}, (const double[]){2.0 / 3, 1.0 / 3});
    expect(&(struct sampling){1, 0, 0.79}, 3, (const uint32_t[]){1, 3, 4}, (const double[]){0.5, 0.25, 0.25});
    expect(&(struct sampling){1, 0, 1e-9}, 1, (const uint32_t[]){1}, (const double[]){1});
}
END_TEST

/* Of 0.4, 0.2, 0.2 the first has half: 0.45 is reached with it alone, which it would not be of all six. */
START_TEST(top_k_comes_before_top_p)
{
    expect(&(struct sampling){1, 3, 0.45}, 1, (const uint32_t[]){1}, (const double[]){1});
}
END_TEST

START_TEST(draws_have_the_probabilities_that_were_asked_for)
{
    enum { DRAWS = 100000 };
    float logits[COUNT];
    struct candidate candidate[COUNT];
    size_t seen[COUNT] = {0};
    fill(logits);
    const struct sampling sampling = {1, 5, 1};
    for (uint32_t i = 0; i < DRAWS; i++)
        seen[sampling_choose(&sampling, logits, COUNT, random_uniform(5, i), candidate)]++;
    static const double want[COUNT] = {0.1, 0.4, 0, 0.2, 0.2, 0.08};
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_double_eq_tol((double)seen[i] / DRAWS, want[i] / 0.98, 0.005);
    ck_assert_uint_eq(sampling_draw(candidate, 5, 0), 1);
    ck_assert_uint_eq(sampling_draw(candidate, 5, 0x1.fffffep-1f), 5);
}
END_TEST

START_TEST(a_model_gone_wrong_still_gives_a_token)
{
    struct candidate candidate[4];
    const struct sampling sampling = {1, 0, 0.9};
    ck_assert_uint_eq(sampling_choose(&sampling, (const float[]){NAN, NAN, NAN, NAN}, 4, 0.5f, candidate), 0);
    ck_assert_uint_eq(sampling_choose(&sampling, (const float[]){NAN, 1, NAN, NAN}, 4, 0.99f, candidate), 1);
    ck_assert_uint_eq(sampling_choose(&sampling, (const float[]){3, 1, INFINITY, NAN}, 4, 0.99f, candidate), 2);
    ck_assert_uint_eq(
        sampling_choose(&sampling, (const float[]){-INFINITY, -INFINITY, -1e30f, NAN}, 4, 0.99f, candidate), 2);
}
END_TEST

START_TEST(impossible_settings_are_refused)
{
    struct error error;
    ck_assert_int_eq(sampling_check(&(struct sampling){0, 0, 1}, &error), STATUS_OK);
    ck_assert_int_eq(sampling_check(&(struct sampling){1.5, 40, 0.01}, &error), STATUS_OK);
    ck_assert_int_eq(sampling_check(&(struct sampling){-0.1, 0, 1}, &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, "a temperature of -0.1: 0 or more is possible");
    ck_assert_int_eq(sampling_check(&(struct sampling){NAN, 0, 1}, &error), STATUS_USAGE);
    ck_assert_int_eq(sampling_check(&(struct sampling){INFINITY, 0, 1}, &error), STATUS_USAGE);
    ck_assert_int_eq(sampling_check(&(struct sampling){1, 0, 0}, &error), STATUS_USAGE);
    ck_assert_str_eq(error.message, "top-p of 0: above 0 and up to 1 is possible");
    ck_assert_int_eq(sampling_check(&(struct sampling){1, 0, 1.01}, &error), STATUS_USAGE);
    ck_assert_int_eq(sampling_check(&(struct sampling){1, 0, NAN}, &error), STATUS_USAGE);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("sampling");
    TCase *cases = tcase_create("sampling");
    tcase_add_test(cases, nothing_is_left_out_unless_it_is_asked_for);
    tcase_add_test(cases, temperature_sharpens_and_flattens);
    tcase_add_test(cases, temperature_zero_takes_the_largest);
    tcase_add_test(cases, top_k_keeps_so_many);
    tcase_add_test(cases, top_p_keeps_the_fewest_that_reach_it);
    tcase_add_test(cases, top_k_comes_before_top_p);
    tcase_add_test(cases, draws_have_the_probabilities_that_were_asked_for);
    tcase_add_test(cases, a_model_gone_wrong_still_gives_a_token);
    tcase_add_test(cases, impossible_settings_are_refused);
    suite_add_tcase(suite, cases);
    return suite;
}
