#include <pthread.h>
#include <sched.h>
#include <stdint.h>

#include "base/ring.h"
#include "suite.h"

START_TEST(a_full_ring_refuses_and_an_empty_one_says_so)
{
    struct ring *ring = ring_create(3, sizeof(int)); /* rounded up to 4 */
    int out, in[5] = {1, 2, 3, 4, 5};
    ck_assert(!ring_pop(ring, &out));
    ck_assert_uint_eq(ring_room(ring), 4);
    for (int i = 0; i < 4; i++)
        ck_assert(ring_push(ring, &in[i]));
    ck_assert(!ring_push(ring, &in[4]));
    ck_assert_uint_eq(ring_room(ring), 0);
    for (int i = 0; i < 4; i++) {
        ck_assert(ring_pop(ring, &out));
        ck_assert_int_eq(out, in[i]);
    }
    ck_assert(!ring_pop(ring, &out));
    ring_free(ring);
    ring_free(NULL);
}
END_TEST

START_TEST(many_go_in_together_or_not_at_all)
{
    struct ring *ring = ring_create(8, 3); /* elements of an odd size */
    unsigned char in[9][3], out[9][3];
    for (int round = 0; round < 20; round++) { /* wraps at every offset */
        for (int i = 0; i < 9; i++)
            in[i][0] = in[i][1] = in[i][2] = (unsigned char)(round * 9 + i);
        ck_assert(!ring_push_many(ring, in, 9));
        ck_assert(ring_push_many(ring, in, 5));
        ck_assert(!ring_push_many(ring, in, 4));
        ck_assert(ring_push_many(ring, in + 5, 3));
        ck_assert_uint_eq(ring_pop_many(ring, out, 2), 2);
        ck_assert_uint_eq(ring_pop_many(ring, out + 2, 9), 6);
        ck_assert_mem_eq(in, out, 8 * 3);
        ck_assert(ring_push(ring, in) && ring_pop(ring, out)); /* moves the next round along by one */
    }
    ring_free(ring);
}
END_TEST

START_TEST(impossible_sizes_are_refused)
{
    ck_assert_ptr_null(ring_create(SIZE_MAX, 1));
    ck_assert_ptr_null(ring_create(SIZE_MAX / 4, 64));
}
END_TEST

struct message {
    uint64_t number, square;
};
enum { MESSAGES = 200000 };

static void *produce(void *argument)
{
    struct ring *ring = argument;
    struct message batch[3];
    for (uint64_t next = 0; next < MESSAGES;) {
        uint64_t size = next % 3 + 1;
        for (uint64_t i = 0; i < size; i++)
            batch[i] = (struct message){next + i, (next + i) * (next + i)};
        if (size == 1 ? ring_push(ring, batch) : ring_push_many(ring, batch, size))
            next += size;
        else
            sched_yield();
    }
    return NULL;
}

/* Two threads and a ring so small that both ends meet all the time. */
START_TEST(nothing_is_lost_torn_or_reordered_between_threads)
{
    struct ring *ring = ring_create(4, sizeof(struct message));
    pthread_t producer;
    ck_assert_int_eq(pthread_create(&producer, NULL, produce, ring), 0);
    uint64_t expected = 0, wrong = 0;
    while (expected < MESSAGES) {
        struct message got[4];
        size_t count = ring_pop_many(ring, got, expected % 4 + 1);
        if (count == 0)
            sched_yield();
        for (size_t i = 0; i < count; i++, expected++) /* an assertion for each would write 200,000 marks */
            wrong += got[i].number != expected || got[i].square != expected * expected;
    }
    pthread_join(producer, NULL);
    ck_assert_uint_eq(wrong, 0);
    ring_free(ring);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("ring");
    TCase *tests = tcase_create("ring");
    tcase_add_test(tests, a_full_ring_refuses_and_an_empty_one_says_so);
    tcase_add_test(tests, many_go_in_together_or_not_at_all);
    tcase_add_test(tests, impossible_sizes_are_refused);
    tcase_add_test(tests, nothing_is_lost_torn_or_reordered_between_threads);
    suite_add_tcase(suite, tests);
    return suite;
}
