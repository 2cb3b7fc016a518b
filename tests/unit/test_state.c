/* Sections with and without fields: copies of them, what the hash sees, and fields as texts. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "learn/knob.h"
#include "learn/state.h"
#include "nn/optimizer.h"
#include "suite.h"

struct counted {
    uint64_t steps, moments;
    double rate;
    uint32_t misses, cuts;
};

#define FIELD(member, kind)                                                                                            \
    {                                                                                                                  \
        .name = #member, .offset = offsetof(struct counted, member), .type = kind                                      \
    }

static const struct state_field counted_table[] = {
    FIELD(steps, STATE_U64),  FIELD(moments, STATE_U64), FIELD(rate, STATE_DOUBLE),
    FIELD(misses, STATE_U32), FIELD(cuts, STATE_U32),
};
static const struct state_fields counted_fields = {.count = 5, .table = counted_table};

struct fixture {
    float block[5];
    struct counted counted;
    struct state state;
};

static void declare(struct fixture *fixture)
{
    *fixture = (struct fixture){
        .block = {1, 2, 3, 4, 5},
        .counted = {.steps = 7, .moments = 6, .rate = 0.1, .misses = 3, .cuts = 2},
    };
    state_declare(&fixture->state, "block", fixture->block, sizeof fixture->block, NULL);
    state_declare(&fixture->state, "counted", &fixture->counted, sizeof fixture->counted, &counted_fields);
}

START_TEST(sections_are_found_by_name)
{
    struct fixture fixture;
    declare(&fixture);
    ck_assert_uint_eq(fixture.state.sections, 2);
    ck_assert_uint_eq(state_bytes(&fixture.state), 5 * sizeof(float) + sizeof(struct counted));
    const struct state_section *counted = state_find(&fixture.state, "counted");
    ck_assert_ptr_eq(counted->data, &fixture.counted);
    ck_assert_ptr_eq(counted->fields, &counted_fields);
    ck_assert_ptr_null(state_find(&fixture.state, "count"));
}
END_TEST

START_TEST(a_snapshot_brings_everything_back)
{
    struct fixture fixture;
    declare(&fixture);
    unsigned char snapshot[64];
    uint64_t before = state_hash(&fixture.state);
    state_copy_out(&fixture.state, snapshot);
    fixture.block[4] = -1;
    fixture.counted.steps = 0;
    ck_assert(state_hash(&fixture.state) != before);
    state_copy_in(&fixture.state, snapshot);
    ck_assert(fixture.block[4] > 4.5f);
    ck_assert_uint_eq(fixture.counted.steps, 7);
    ck_assert(state_hash(&fixture.state) == before);
}
END_TEST

START_TEST(the_hash_sees_each_byte)
{
    struct fixture fixture;
    declare(&fixture);
    uint64_t before = state_hash(&fixture.state);
    for (size_t s = 0; s < fixture.state.sections; s++) {
        unsigned char *byte = fixture.state.section[s].data;
        for (size_t i = 0; i < fixture.state.section[s].size; i++) {
            byte[i] ^= 1;
            ck_assert(state_hash(&fixture.state) != before);
            byte[i] ^= 1;
        }
    }
    ck_assert(state_hash(&fixture.state) == before);
}
END_TEST

/* The published FNV-1a value of "foobar". */
START_TEST(bytes_are_hashed_by_fnv_1a)
{
    ck_assert(hash_bytes(hash_bytes(HASH_START, "foo", 3), "bar", 3) == UINT64_C(0x85944171f73967e8));
}
END_TEST

/* Counters that grow together, as steps and moments do. */
START_TEST(the_hash_sees_two_fields_that_grow_together)
{
    struct fixture fixture;
    declare(&fixture);
    uint64_t before = state_hash(&fixture.state);
    for (int i = 0; i < 1000; i++) {
        fixture.counted.steps++;
        fixture.counted.moments++;
        ck_assert(state_hash(&fixture.state) != before);
        before = state_hash(&fixture.state);
    }
}
END_TEST

START_TEST(the_hash_does_not_depend_on_the_order_of_sections_and_fields)
{
    struct fixture fixture;
    struct state turned = {.sections = 0};
    struct state_field backwards[5];
    const struct state_fields turned_fields = {.count = 5, .table = backwards};
    declare(&fixture);
    for (size_t i = 0; i < 5; i++)
        backwards[i] = counted_table[4 - i];
    state_declare(&turned, "counted", &fixture.counted, sizeof fixture.counted, &turned_fields);
    state_declare(&turned, "block", fixture.block, sizeof fixture.block, NULL);
    ck_assert(state_hash(&turned) == state_hash(&fixture.state));
}
END_TEST

START_TEST(the_hash_sees_the_names_of_sections_and_fields)
{
    struct fixture fixture;
    declare(&fixture);
    const uint64_t before = state_hash(&fixture.state);
    fixture.state.section[0].name = "black";
    ck_assert(state_hash(&fixture.state) != before);
    fixture.state.section[0].name = "block";
    const uint64_t steps = fixture.counted.steps;
    fixture.counted.steps = fixture.counted.moments;
    fixture.counted.moments = steps;
    ck_assert(state_hash(&fixture.state) != before);
}
END_TEST

/* ---- absent values ---- */

struct grown {
    struct counted counted;
    double noise;
    uint64_t mode, last;
};

static const char *mode_name(size_t number)
{
    static const char *const names[] = {"plain", "strict"};
    return names[number];
}

static struct state_field grown_field(size_t index)
{
    static const struct state_field added[] = {
        {.name = "noise", .offset = offsetof(struct grown, noise), .type = STATE_DOUBLE, .absent = "0.1"},
        {"mode", offsetof(struct grown, mode), STATE_U64, mode_name, 2, "strict"},
        {.name = "last", .offset = offsetof(struct grown, last), .type = STATE_U64, .absent = "18446744073709551615"},
    };
    return index < 5 ? counted_table[index] : added[index - 5];
}

START_TEST(a_field_at_its_absent_value_does_not_change_the_hash)
{
    const struct state_fields fields = {.count = 8, .make = grown_field};
    struct fixture fixture;
    struct grown grown;
    struct state state = {.sections = 0};
    declare(&fixture);
    const uint64_t before = state_hash(&fixture.state);
    state_clear(&fields, &grown);
    ck_assert_uint_eq(grown.counted.steps, 0);
    ck_assert(grown.noise == 0.1 && grown.mode == 1 && grown.last == UINT64_MAX);
    grown.counted = fixture.counted;
    state_declare(&state, "counted", &grown, sizeof grown, &fields);
    state_declare(&state, "block", fixture.block, sizeof fixture.block, NULL);
    ck_assert(state_hash(&state) == before);
    grown.noise = 0;
    ck_assert(state_hash(&state) != before);
    grown.noise = 0.1;
    grown.mode = 0;
    ck_assert(state_hash(&state) != before);
    grown.mode = 1;
    grown.last = 0;
    ck_assert(state_hash(&state) != before);
    grown.last = UINT64_MAX;
    ck_assert(state_hash(&state) == before);
}
END_TEST

START_TEST(an_optional_block_of_zeros_does_not_change_the_hash)
{
    struct fixture fixture;
    float further[3] = {0};
    declare(&fixture);
    const uint64_t before = state_hash(&fixture.state);
    state_declare_optional(&fixture.state, "further", further, sizeof further);
    ck_assert(state_hash(&fixture.state) == before);
    ck_assert(state_is_absent(&fixture.state.section[2], further));
    for (size_t i = 0; i < 3; i++) {
        further[i] = -0.0f; /* other bits */
        ck_assert(state_hash(&fixture.state) != before);
        ck_assert(!state_is_absent(&fixture.state.section[2], further));
        further[i] = 0;
    }
    fixture.state.section[2].optional = false;
    ck_assert(state_hash(&fixture.state) != before);
    ck_assert(!state_is_absent(&fixture.state.section[2], further));
}
END_TEST

/* ---- choices ---- */

static const char *mode_name_later(size_t number)
{
    static const char *const names[] = {"lenient", "strict", "new", "plain"};
    return names[number];
}

START_TEST(the_hash_of_a_choice_does_not_depend_on_its_number)
{
    double mode = 0, later = 3;
    const struct state_field before = {"mode", 0, STATE_DOUBLE, mode_name, 2, NULL};
    const struct state_field after = {"mode", 0, STATE_DOUBLE, mode_name_later, 4, NULL};
    const struct state_fields fields_before = {.count = 1, .table = &before};
    const struct state_fields fields_after = {.count = 1, .table = &after};
    struct state one = {.sections = 0}, other = {.sections = 0};
    state_declare(&one, "knobs", &mode, sizeof mode, &fields_before);
    state_declare(&other, "knobs", &later, sizeof later, &fields_after);
    ck_assert(state_hash(&one) == state_hash(&other));
    later = 0;
    ck_assert(state_hash(&one) != state_hash(&other));
    mode = later = 1;
    ck_assert(state_hash(&one) == state_hash(&other));
}
END_TEST

/* ---- texts ---- */

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

START_TEST(doubles_come_back_from_their_texts)
{
    static const double values[] = {0,      -0.0,  0.1,       1.0 / 3,  1e-300,   4.9e-324, -2.5e-7,
                                    0x1p53, 1e308, -INFINITY, INFINITY, 123456.5, 1e22,     3};
    const struct state_field field = counted_table[2];
    char text[STATE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct counted from = {.rate = values[i]}, to = {.rate = 5};
        state_field_write(&field, &from, text, sizeof text);
        ck_assert_msg(state_field_read(&field, &to, text), "%s", text);
        ck_assert_msg(same_bits(from.rate, to.rate), "%s", text);
    }
    ck_assert_str_eq(state_field_write(&field, &(struct counted){.rate = INFINITY}, text, sizeof text), "inf");
    ck_assert_str_eq(state_field_write(&field, &(struct counted){.rate = -NAN}, text, sizeof text), "nan");
}
END_TEST

START_TEST(whole_numbers_come_back_from_their_texts)
{
    struct counted from = {.steps = UINT64_MAX, .misses = UINT32_MAX}, to = {.steps = 0};
    char text[STATE_TEXT_SIZE];
    state_field_write(&counted_table[0], &from, text, sizeof text);
    ck_assert_str_eq(text, "18446744073709551615");
    ck_assert(state_field_read(&counted_table[0], &to, text));
    state_field_write(&counted_table[3], &from, text, sizeof text);
    ck_assert_str_eq(text, "4294967295");
    ck_assert(state_field_read(&counted_table[3], &to, text));
    ck_assert_uint_eq(to.steps, UINT64_MAX);
    ck_assert_uint_eq(to.misses, UINT32_MAX);
    ck_assert_uint_eq(to.cuts, 0);
}
END_TEST

START_TEST(other_texts_are_refused_and_change_nothing)
{
    static const struct {
        size_t field;
        const char *text;
    } bad[] = {
        {0, ""},       {0, "-1"}, {0, "1.0"},   {0, "2k"},         {0, " 1"},   {0, "18446744073709551616"},
        {2, ""},       {2, "1%"}, {2, "abc"},   {2, "0.1 "},       {2, " 0.1"}, {2, "infinity"},
        {2, "1e9999"}, {2, "2k"}, {2, "0x1p3"}, {3, "4294967296"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct counted counted = {.steps = 1, .rate = 2, .misses = 3};
        ck_assert_msg(!state_field_read(&counted_table[bad[i].field], &counted, bad[i].text), "'%s'", bad[i].text);
        ck_assert(counted.steps == 1 && counted.rate == 2 && counted.misses == 3);
    }
}
END_TEST

/* The real table: a choice is its name, a switch on or off, a number itself. */
START_TEST(knobs_are_written_by_name)
{
    struct knobs knobs, again;
    char text[STATE_TEXT_SIZE];
    knobs_default(&knobs);
    state_clear(&knobs_fields, &again);
    knobs.value[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    knobs.value[KNOB_EARLY_STOP] = 1;
    knobs.value[KNOB_LR] = 0.25;
    for (size_t i = 0; i < knobs_fields.count; i++) {
        const struct state_field field = state_field_at(&knobs_fields, i);
        ck_assert_str_eq(field.name, knob_table[i].name);
        state_field_write(&field, &knobs, text, sizeof text);
        if (i == KNOB_OPTIMIZER || i == KNOB_EARLY_STOP || i == KNOB_LR)
            ck_assert_str_eq(text, i == KNOB_OPTIMIZER ? "adam" : i == KNOB_LR ? "0.25" : "on");
        ck_assert(state_field_read(&field, &again, text));
    }
    ck_assert(memcmp(&knobs, &again, sizeof knobs) == 0);
    const struct state_field field = state_field_at(&knobs_fields, KNOB_OPTIMIZER);
    ck_assert(!state_field_read(&field, &again, "adamant") && !state_field_read(&field, &again, "4"));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *tests = tcase_create("state");
    tcase_add_test(tests, sections_are_found_by_name);
    tcase_add_test(tests, a_snapshot_brings_everything_back);
    tcase_add_test(tests, the_hash_sees_each_byte);
    tcase_add_test(tests, bytes_are_hashed_by_fnv_1a);
    tcase_add_test(tests, the_hash_sees_two_fields_that_grow_together);
    tcase_add_test(tests, the_hash_does_not_depend_on_the_order_of_sections_and_fields);
    tcase_add_test(tests, the_hash_sees_the_names_of_sections_and_fields);
    tcase_add_test(tests, a_field_at_its_absent_value_does_not_change_the_hash);
    tcase_add_test(tests, an_optional_block_of_zeros_does_not_change_the_hash);
    tcase_add_test(tests, the_hash_of_a_choice_does_not_depend_on_its_number);
    tcase_add_test(tests, doubles_come_back_from_their_texts);
    tcase_add_test(tests, whole_numbers_come_back_from_their_texts);
    tcase_add_test(tests, other_texts_are_refused_and_change_nothing);
    tcase_add_test(tests, knobs_are_written_by_name);
    suite_add_tcase(suite, tests);
    return suite;
}
