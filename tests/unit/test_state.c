/* Named sections: copying out and in, and what the hash sees. */
#include <string.h>

#include "learn/state.h"
#include "suite.h"

struct fixture {
    float block[5];
    uint64_t counter;
    struct state state;
};

static void declare(struct fixture *fixture)
{
    *fixture = (struct fixture){.block = {1, 2, 3, 4, 5}, .counter = 7};
    state_declare(&fixture->state, "block", fixture->block, sizeof fixture->block, 1);
    state_declare(&fixture->state, "counter", &fixture->counter, sizeof fixture->counter, 2);
}

START_TEST(sections_are_found_by_name)
{
    struct fixture fixture;
    declare(&fixture);
    ck_assert_uint_eq(fixture.state.sections, 2);
    ck_assert_uint_eq(state_bytes(&fixture.state), 5 * sizeof(float) + sizeof(uint64_t));
    const struct state_section *counter = state_find(&fixture.state, "counter");
    ck_assert_ptr_eq(counter->data, &fixture.counter);
    ck_assert_uint_eq(counter->version, 2);
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
    fixture.counter = 0;
    ck_assert(state_hash(&fixture.state) != before);
    state_copy_in(&fixture.state, snapshot);
    ck_assert(fixture.block[4] > 4.5f);
    ck_assert_uint_eq(fixture.counter, 7);
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
START_TEST(the_hash_is_fnv_1a)
{
    char text[] = "foobar";
    struct state state = {.sections = 0};
    state_declare(&state, "first", text, 3, 1);
    state_declare(&state, "second", text + 3, 3, 1);
    ck_assert(state_hash(&state) == UINT64_C(0x85944171f73967e8));
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("state");
    TCase *tests = tcase_create("state");
    tcase_add_test(tests, sections_are_found_by_name);
    tcase_add_test(tests, a_snapshot_brings_everything_back);
    tcase_add_test(tests, the_hash_sees_each_byte);
    tcase_add_test(tests, the_hash_is_fnv_1a);
    suite_add_tcase(suite, tests);
    return suite;
}
