#include <check.h>
#include <string.h>

#include "base/hash.h"

enum { LONGEST = 200 };

static void fill(unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(i * 37 + 11);
}

START_TEST(a_block_has_the_same_hash_wherever_it_lies)
{
    unsigned char first[LONGEST], shifted[LONGEST + 8];
    fill(first, LONGEST);
    for (size_t shift = 0; shift < 8; shift++) {
        memcpy(shifted + shift, first, LONGEST);
        for (size_t size = 0; size <= LONGEST; size++)
            ck_assert(hash_block(3, first, size) == hash_block(3, shifted + shift, size));
    }
}
END_TEST

START_TEST(each_bit_of_a_block_changes_its_hash)
{
    unsigned char bytes[LONGEST];
    fill(bytes, LONGEST);
    for (size_t size = 1; size <= LONGEST; size += 7) {
        const uint64_t hash = hash_block(HASH_START, bytes, size);
        ck_assert(hash != hash_block(HASH_START + 1, bytes, size));
        for (size_t bit = 0; bit < 8 * size; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
            ck_assert_msg(hash != hash_block(HASH_START, bytes, size), "bit %zu of %zu bytes", bit, size);
            bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
    }
}
END_TEST

START_TEST(blocks_of_zeros_and_swapped_words_differ)
{
    unsigned char zeros[LONGEST] = {0}, words[128], swapped[128];
    for (size_t size = 1; size <= LONGEST; size++)
        ck_assert_msg(hash_block(HASH_START, zeros, size) != hash_block(HASH_START, zeros, size - 1), "%zu", size);
    fill(words, sizeof words);
    for (size_t i = 0; i < 16; i++)
        for (size_t j = 0; j < i; j++) {
            memcpy(swapped, words, sizeof words);
            memcpy(swapped + 8 * i, words + 8 * j, 8);
            memcpy(swapped + 8 * j, words + 8 * i, 8);
            ck_assert_msg(hash_block(HASH_START, words, 128) != hash_block(HASH_START, swapped, 128), "%zu %zu", i, j);
        }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("hash");
    TCase *cases = tcase_create("hash");
    tcase_add_test(cases, a_block_has_the_same_hash_wherever_it_lies);
    tcase_add_test(cases, each_bit_of_a_block_changes_its_hash);
    tcase_add_test(cases, blocks_of_zeros_and_swapped_words_differ);
    suite_add_tcase(suite, cases);
    return suite;
}
