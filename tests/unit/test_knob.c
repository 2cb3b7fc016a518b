/* The knob table and what is made from it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "learn/knob.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "suite.h"

static void same(double a, double b)
{
    ck_assert_msg(!(a < b) && !(a > b), "%.17g is not %.17g", a, b);
}

START_TEST(names_and_keys_are_unique)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        const struct field *a = &knob_table[i];
        ck_assert_ptr_nonnull(a->name);
        ck_assert_ptr_nonnull(a->label);
        ck_assert_ptr_nonnull(a->marker);
        const bool ladder = a->type == FIELD_NUMBER; /* only there is a low and a high */
        ck_assert(ladder == (a->too_low != NULL) && ladder == (a->too_high != NULL) && ladder == (a->about == NULL));
        ck_assert_int_eq(knob_find(a->name), i);
        if (a->alias)
            ck_assert_int_eq(knob_find(a->alias), i);
        for (int j = 0; j < i; j++) {
            const struct field *b = &knob_table[j];
            ck_assert_str_ne(a->marker, b->marker);
            ck_assert_str_ne(a->label, b->label);
            if (a->key_down)
                ck_assert(a->key_down != b->key_down && a->key_down != b->key_up);
            if (a->key_up)
                ck_assert(a->key_up != b->key_down && a->key_up != b->key_up);
        }
    }
    ck_assert_int_eq(knob_find("sprial"), KNOB_COUNT);
}
END_TEST

START_TEST(standard_values_are_accepted)
{
    struct knobs knobs;
    knobs_default(&knobs);
    for (int i = 0; i < KNOB_COUNT; i++)
        ck_assert_int_eq(knob_check((enum knob_id)i, knobs.value[i], NULL), STATUS_OK);
}
END_TEST

/* Every rung is accepted, reads back as itself, and lies above the one before ("max" above all). */
START_TEST(rungs)
{
    enum knob_id knob = (enum knob_id)_i;
    const struct field *row = &knob_table[knob];
    double rung[KNOB_RUNGS_MAX];
    size_t count = knob_rungs(knob, rung, KNOB_RUNGS_MAX);
    ck_assert_uint_gt(count, 1);
    ck_assert_uint_lt(count, KNOB_RUNGS_MAX);
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg(knob_check(knob, rung[i], NULL) == STATUS_OK, "%s: %g", row->name, rung[i]);
        char text[40];
        double back = -1;
        knob_format(knob, rung[i], text, sizeof text);
        ck_assert_msg(knob_parse(knob, text, &back, NULL) == STATUS_OK, "%s: '%s'", row->name, text);
        same(back, rung[i]);
        if (i > 0)
            ck_assert(rung[i] > rung[i - 1] || (row->zero_is_most && i + 1 == count));
    }
    if (row->choice)
        return;
    double value = rung[0];
    same(knob_step(knob, value, -1), value);
    for (size_t i = 1; i < count; i++) {
        value = knob_step(knob, value, 1);
        same(value, rung[i]);
        same(knob_step(knob, value, -1), rung[i - 1]);
    }
    same(knob_step(knob, value, 1), value);
}
END_TEST

START_TEST(steps_from_between_rungs_go_to_the_next)
{
    same(knob_step(KNOB_LR, 0.3, 1), 0.5);
    same(knob_step(KNOB_LR, 0.3, -1), 0.2);
    same(knob_step(KNOB_BATCH, 32, 1), 50);
    same(knob_step(KNOB_BATCH, 32, -1), 20);
    same(knob_step(KNOB_SPEED, 50000, 1), 0);
    same(knob_step(KNOB_SPEED, 0, -1), 10000);
    same(knob_step(KNOB_WEIGHT_DECAY, 0.0001, -1), 0);
}
END_TEST

START_TEST(four_presses_explode_the_spiral)
{
    double lr = 0.2;
    for (int i = 0; i < 4; i++)
        lr = knob_step(KNOB_LR, lr, 1);
    same(lr, 5);
}
END_TEST

START_TEST(choices_wrap_and_switches_flip)
{
    same(knob_step(KNOB_OPTIMIZER, OPTIMIZER_ADAMW, 1), OPTIMIZER_SGD);
    same(knob_step(KNOB_OPTIMIZER, OPTIMIZER_SGD, -1), OPTIMIZER_ADAMW);
    same(knob_step(KNOB_EARLY_STOP, 0, 1), 1);
    same(knob_step(KNOB_EARLY_STOP, 0, -1), 1);
    same(knob_step(KNOB_EARLY_STOP, 1, -1), 0);
}
END_TEST

static const struct {
    enum knob_id knob;
    const char *text;
    double value;
} good[] = {
    {KNOB_LR, "0.1", 0.1},
    {KNOB_LR, "1e-3", 1e-3},
    {KNOB_TRAIN_FRACTION, "20%", 0.2},
    {KNOB_TRAIN_FRACTION, "1", 1},
    {KNOB_LABEL_NOISE, "0.4", 0.4},
    {KNOB_OPTIMIZER, "adam", OPTIMIZER_ADAM},
    {KNOB_EARLY_STOP, "on", 1},
    {KNOB_EARLY_STOP, "off", 0},
    {KNOB_SPEED, "max", 0},
    {KNOB_SPEED, "2k", 2000},
    {KNOB_CLIP, "off", 0},
    {KNOB_CLIP, "0.5", 0.5},
    {KNOB_DROPOUT, "0.999", 0.999},
    {KNOB_SCHEDULE, "cosine", SCHEDULE_COSINE},
    {KNOB_HORIZON, "1000000", 1e6},
};

START_TEST(good_values_are_read)
{
    double value = -1;
    struct error error = {.message = ""};
    enum status status = knob_parse(good[_i].knob, good[_i].text, &value, &error);
    ck_assert_msg(status == STATUS_OK, "%s: %s", good[_i].text, error.message);
    same(value, good[_i].value);
}
END_TEST

static const struct {
    enum knob_id knob;
    const char *text, *message; /* the whole of it, or (unknown names) its start */
} bad[] = {
    {KNOB_LR, "-1", "learning rate -1: must be above 0 and at most 100"},
    {KNOB_LR, "0", "learning rate 0: must be above 0 and at most 100"},
    {KNOB_LR, "fast", "learning rate 'fast': not a number (must be above 0 and at most 100)"},
    {KNOB_LR, "0,01", "learning rate '0,01': not a number: write a decimal point, not a comma"},
    {KNOB_LR, "nan", "learning rate 'nan': not a number (must be above 0 and at most 100)"},
    {KNOB_LR, "1e-220", "learning rate 1e-220: must be above 0 and at most 100"}, /* as a float it is 0 */
    {KNOB_BATCH, "0", "batch size 0: must be a whole number from 1 to 100000"},
    {KNOB_BATCH, "2.5", "batch size 2.5: must be a whole number from 1 to 100000"},
    {KNOB_DROPOUT, "1", "dropout 1: must be at least 0 and below 1"},
    {KNOB_DROPOUT, "0.99999999999", "dropout 0.99999999999: must be at least 0 and below 1"}, /* as a float, 1 */
    {KNOB_CLIP, "-2", "gradient clip -2: must be from 0 to 1000000, 0 is off"},
    {KNOB_TRAIN_FRACTION, "20", "train data 20: must be above 0 and at most 1 (100%)"},
    {KNOB_SPEED, "warp", "speed 'warp': not a number (must be a whole number from 0 to 1000000, or max)"},
    {KNOB_OPTIMIZER, "adm", "unknown optimizer 'adm'"},
    {KNOB_EARLY_STOP, "maybe", "unknown early stopping 'maybe'"},
};

START_TEST(bad_values_are_explained)
{
    double value = -7;
    struct error error;
    ck_assert_int_eq(knob_parse(bad[_i].knob, bad[_i].text, &value, &error), STATUS_USAGE);
    if (strncmp(bad[_i].message, "unknown", 7) == 0)
        error.message[strlen(bad[_i].message)] = '\0';
    ck_assert_str_eq(error.message, bad[_i].message);
    same(value, -7);
}
END_TEST

START_TEST(check_refuses_what_is_no_number)
{
    for (int i = 0; i < KNOB_COUNT; i++) {
        ck_assert_int_eq(knob_check((enum knob_id)i, NAN, NULL), STATUS_USAGE);
        ck_assert_int_eq(knob_check((enum knob_id)i, INFINITY, NULL), STATUS_USAGE);
        ck_assert_int_eq(knob_check((enum knob_id)i, -1, NULL), STATUS_USAGE);
    }
    ck_assert_int_eq(knob_check(KNOB_OPTIMIZER, OPTIMIZER_COUNT, NULL), STATUS_USAGE);
    ck_assert_int_eq(knob_check(KNOB_EARLY_STOP, 0.5, NULL), STATUS_USAGE);
}
END_TEST

/* A journal keeps what knob_format writes: it must be the value that was in force. */
START_TEST(what_was_typed_reads_back_as_what_is_in_force)
{
    static const char *const typed[] = {"0.12345678901234", "1e-5", "33.333333333", "0.3%"};
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        double value, again;
        char text[40];
        ck_assert_int_eq(knob_parse(KNOB_LR, typed[i], &value, NULL), STATUS_OK);
        ck_assert_int_eq(knob_parse(KNOB_LR, knob_format(KNOB_LR, value, text, sizeof text), &again, NULL), STATUS_OK);
        same(value, again);
    }
}
END_TEST

START_TEST(turning_tells_what_happened)
{
    struct knobs knobs;
    knobs_default(&knobs);
    double rates[OPTIMIZER_COUNT];
    for (size_t i = 0; i < OPTIMIZER_COUNT; i++)
        rates[i] = optimizer_row(i)->default_lr;
    char label[96];
    knobs_turn(&knobs, rates, KNOB_LR, 5, label, sizeof label);
    ck_assert_str_eq(label, "lr 0.2 → 5");
    knobs_turn(&knobs, rates, KNOB_TRAIN_FRACTION, 0.5, label, sizeof label);
    ck_assert_str_eq(label, "data 100% → 50%");
    knobs_turn(&knobs, rates, KNOB_EARLY_STOP, 1, label, sizeof label);
    ck_assert_str_eq(label, "early stop on");
    knobs_turn(&knobs, rates, KNOB_SPEED, 0, label, sizeof label);
    ck_assert_str_eq(label, "speed 200 → max");
    knobs_turn(&knobs, rates, KNOB_CLIP, 1, label, sizeof label);
    ck_assert_str_eq(label, "clip off → 1");
}
END_TEST

START_TEST(an_optimiser_brings_its_own_rate_and_finds_it_again)
{
    struct knobs knobs;
    knobs_default(&knobs);
    double rates[OPTIMIZER_COUNT];
    for (size_t i = 0; i < OPTIMIZER_COUNT; i++)
        rates[i] = 0.01;
    rates[OPTIMIZER_SGD] = 0.2;
    char label[96];
    knobs_turn(&knobs, rates, KNOB_OPTIMIZER, OPTIMIZER_ADAM, label, sizeof label);
    ck_assert_str_eq(label, "sgd 0.2 → adam 0.01");
    same(knobs.value[KNOB_LR], 0.01);
    knobs_turn(&knobs, rates, KNOB_LR, 0.02, label, sizeof label);
    knobs_turn(&knobs, rates, KNOB_OPTIMIZER, OPTIMIZER_SGD, label, sizeof label);
    ck_assert_str_eq(label, "adam 0.02 → sgd 0.2");
    knobs_turn(&knobs, rates, KNOB_OPTIMIZER, OPTIMIZER_ADAM, label, sizeof label);
    same(knobs.value[KNOB_LR], 0.02);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("knob");
    TCase *tests = tcase_create("knob");
    tcase_add_test(tests, names_and_keys_are_unique);
    tcase_add_test(tests, standard_values_are_accepted);
    tcase_add_loop_test(tests, rungs, 0, KNOB_COUNT);
    tcase_add_test(tests, steps_from_between_rungs_go_to_the_next);
    tcase_add_test(tests, four_presses_explode_the_spiral);
    tcase_add_test(tests, choices_wrap_and_switches_flip);
    tcase_add_loop_test(tests, good_values_are_read, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(tests, bad_values_are_explained, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(tests, check_refuses_what_is_no_number);
    tcase_add_test(tests, what_was_typed_reads_back_as_what_is_in_force);
    tcase_add_test(tests, turning_tells_what_happened);
    tcase_add_test(tests, an_optimiser_brings_its_own_rate_and_finds_it_again);
    suite_add_tcase(suite, tests);
    return suite;
}
