#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "suite.h"

/* FNV-1a over the bits. */
static uint64_t hash_words(uint64_t hash, uint32_t word)
{
    for (int i = 0; i < 32; i += 8)
        hash = (hash ^ (word >> i & 0xff)) * UINT64_C(0x100000001b3);
    return hash;
}

START_TEST(a_key_depends_on_all_that_it_folds)
{
    uint32_t key = random_key(1, RANDOM_INIT, 0);
    ck_assert_uint_eq(key, random_key(1, RANDOM_INIT, 0));
    ck_assert_uint_ne(key, random_key(2, RANDOM_INIT, 0));
    ck_assert_uint_ne(key, random_key(1, RANDOM_ORDER, 0));
    ck_assert_uint_ne(key, random_key(1, RANDOM_INIT, 1));
    ck_assert_uint_ne(random_key(1, RANDOM_INIT, 2), random_key(2, RANDOM_INIT, 1));
    ck_assert_uint_ne(random_key(UINT64_C(1) << 40, RANDOM_INIT, 0), random_key(UINT64_C(1) << 41, RANDOM_INIT, 0));
}
END_TEST

/* Each input bit must flip each output bit half of the time, and values must fill their range evenly. */
START_TEST(bits_are_well_mixed)
{
    enum { TRIALS = 4000 };
    double worst = 0;
    for (unsigned flipped = 0; flipped < 32; flipped++) {
        unsigned changes[32] = {0};
        for (uint32_t i = 0; i < TRIALS; i++) {
            uint32_t key = random_key(5, RANDOM_SAMPLE, i);
            uint32_t difference = random_bits(key, i * 77) ^ random_bits(key, (i * 77) ^ (1u << flipped));
            for (unsigned bit = 0; bit < 32; bit++)
                changes[bit] += difference >> bit & 1;
        }
        for (unsigned bit = 0; bit < 32; bit++)
            worst = fmax(worst, fabs((double)changes[bit] / TRIALS - 0.5));
    }
    ck_assert_double_lt(worst, 0.06);

    unsigned bin[64] = {0};
    for (uint32_t i = 0; i < 64000; i++)
        bin[(unsigned)(random_uniform(random_key(5, RANDOM_SAMPLE, 1), i) * 64)]++;
    double chi = 0;
    for (int i = 0; i < 64; i++)
        chi += (bin[i] - 1000.0) * (bin[i] - 1000.0) / 1000;
    ck_assert_double_lt(chi, 115); /* 63 degrees of freedom: one in ten thousand is above */
}
END_TEST

START_TEST(uniform_stays_below_one)
{
    float least = 1, most = 0;
    for (uint32_t i = 0; i < 1000000; i++) {
        float u = random_uniform(3, i);
        least = fminf(least, u);
        most = fmaxf(most, u);
    }
    ck_assert(least >= 0 && least < 1e-4f && most < 1 && most > 0.9999f);
}
END_TEST

/* Against Box and Muller's formula from the mathematics library, and against the moments of the distribution. */
START_TEST(normal_is_normal)
{
    double sum = 0, squares = 0, fourth = 0, worst = 0;
    enum { N = 200000 };
    unsigned far = 0;
    for (uint32_t i = 0; i < N; i++) {
        uint32_t key = random_key(11, RANDOM_INPUT_NOISE, 7);
        double x = (double)random_normal(key, i);
        double radius = ((double)(random_bits(key, i) >> 8) + 1) / 16777216;
        double angle = (double)random_uniform(key ^ 0x6a09e667u, i);
        worst = fmax(worst, fabs(x - sqrt(-2 * log(radius)) * cos(2 * acos(-1) * angle)));
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
        far += fabs(x) > 3;
    }
    ck_assert_double_lt(worst, 3e-6);
    ck_assert_double_lt(fabs(sum / N), 0.01);
    ck_assert_double_lt(fabs(squares / N - 1), 0.02);
    ck_assert_double_lt(fabs(fourth / N - 3), 0.15);
    ck_assert_double_lt(fabs((double)far / N - 0.0027), 0.0006);
}
END_TEST

static uint32_t hash_permutation(uint32_t n)
{
    struct permutation permutation;
    permutation_init(&permutation, 1234, n);
    uint32_t out[300];
    uint32_t count = n < 300 ? n : 300;
    permutation_range(&permutation, 0, count, out);
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < count; i++)
        hash = hash_words(hash, out[i]);
    return (uint32_t)(hash ^ hash >> 32);
}

/* Journals are replayed on other machines and by later versions: these figures must never change. */
START_TEST(the_numbers_are_the_same_everywhere)
{
    uint64_t normals = UINT64_C(0xcbf29ce484222325), bits = normals;
    for (uint32_t i = 0; i < 100000; i++) {
        float x = random_normal(42, i);
        uint32_t word;
        memcpy(&word, &x, sizeof word);
        normals = hash_words(normals, word);
        bits = hash_words(bits, random_bits(random_key(i, RANDOM_DROPOUT, i / 2), i));
    }
    ck_assert_uint_eq(normals, UINT64_C(0x62221ddbce23da41));
    ck_assert_uint_eq(bits, UINT64_C(0x3f35544649a2630a));
    ck_assert_uint_eq(hash_permutation(200), 0xc38074d2u);
    ck_assert_uint_eq(hash_permutation(4294967295u), 0x00b60cbcu);
}
END_TEST

START_TEST(a_permutation_names_each_index_once)
{
    static const uint32_t sizes[] = {1,  2,  3,  4,  5,   6,   7,   8,   9,    10,   15,    16,    17,
                                     31, 33, 63, 65, 127, 128, 129, 200, 1000, 1025, 65537, 100000};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        uint32_t n = sizes[s];
        uint32_t *out = mem_alloc(n, sizeof *out);
        unsigned char *seen = mem_alloc(n, 1);
        struct permutation permutation;
        permutation_init(&permutation, random_key(n, RANDOM_ORDER, s), n);
        permutation_range(&permutation, 0, n, out);
        uint32_t wrong = 0;
        for (uint32_t i = 0; i < n; i++)
            wrong += out[i] >= n || seen[out[i]]++;
        ck_assert_msg(wrong == 0, "%u of %u", wrong, n);
        mem_free(seen);
        mem_free(out);
    }
}
END_TEST

START_TEST(parts_of_a_permutation_agree)
{
    static const uint32_t sizes[] = {5, 200, 1025, 4294967295u};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        struct permutation permutation;
        permutation_init(&permutation, 99, sizes[s]);
        uint32_t whole[400], part[400], n = sizes[s] < 400 ? sizes[s] : 400;
        uint32_t base = sizes[s] - n; /* the last ones */
        permutation_range(&permutation, base, n, whole);
        for (uint32_t first = 0; first < n; first += 1 + n / 7)
            for (uint32_t count = 0; first + count <= n; count += 1 + n / 5) {
                permutation_range(&permutation, base + first, count, part);
                ck_assert_int_eq(memcmp(part, whole + first, count * sizeof *part), 0);
            }
        for (uint32_t i = 0; i < n; i += 3)
            ck_assert_uint_eq(permutation_at(&permutation, base + i), whole[i]);
    }
}
END_TEST

/* Over many keys, each index must come to each place equally often, and neighbours must not stay together. */
START_TEST(permutations_are_fair)
{
    enum { KEYS = 20000 };
    for (uint32_t n = 2; n <= 11; n += 3) {
        unsigned count[11][11] = {{0}}, together = 0;
        for (uint32_t k = 0; k < KEYS; k++) {
            struct permutation permutation;
            permutation_init(&permutation, random_key(1, RANDOM_ORDER, k), n);
            uint32_t out[11];
            permutation_range(&permutation, 0, n, out);
            for (uint32_t i = 0; i < n; i++)
                count[i][out[i]]++;
            together += out[1] == (out[0] + 1) % n;
        }
        double expected = (double)KEYS / n, chi = 0;
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n; j++)
                chi += (count[i][j] - expected) * (count[i][j] - expected) / expected;
        double freedom = (n - 1.0) * (n - 1.0);
        ck_assert_msg(chi < freedom + 5 * sqrt(2 * freedom) + 10, "n = %u: chi squared %.1f", n, chi);
        ck_assert_double_lt(fabs((double)together / KEYS - 1.0 / (n - 1)), 0.02);
    }
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");
    tcase_add_test(tests, a_key_depends_on_all_that_it_folds);
    tcase_add_test(tests, bits_are_well_mixed);
    tcase_add_test(tests, uniform_stays_below_one);
    tcase_add_test(tests, normal_is_normal);
    tcase_add_test(tests, the_numbers_are_the_same_everywhere);
    tcase_add_test(tests, a_permutation_names_each_index_once);
    tcase_add_test(tests, parts_of_a_permutation_agree);
    tcase_add_test(tests, permutations_are_fair);
    suite_add_tcase(suite, tests);
    return suite;
}
