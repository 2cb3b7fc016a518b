/* Computes counter-based random numbers and permutations. */
#include "base/random.h"

#include <math.h>
#include <string.h>

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014), variant 13 of Stafford. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    return x;
}

uint32_t random_key(uint64_t seed, enum random_purpose purpose, uint64_t step)
{
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = mix(seed + golden);
    x = mix(x + golden * ((uint64_t)purpose + 1));
    x = mix(x + golden * (step + 1));
    return (uint32_t)(x >> 32);
}

/* ln u for u in (0, 1]: u = m 2^e with m in [sqrt 1/2, sqrt 2), ln m = 2 artanh((m-1)/(m+1)) by its series. */
static float log_unit(float u)
{
    uint32_t bits;
    memcpy(&bits, &u, sizeof bits);
    uint32_t shifted = bits - 0x3f3504f3u; /* sqrt 1/2 */
    float e = (float)((int32_t)shifted >> 23);
    bits = (shifted & 0x007fffffu) + 0x3f3504f3u;
    float m;
    memcpy(&m, &bits, sizeof m);
    float s = (m - 1.0f) / (m + 1.0f);
    float z = s * s;
    float series = 2.0f + z * (2.0f / 3 + z * (2.0f / 5 + z * (2.0f / 7 + z * (2.0f / 9))));
    return e * 0.693147181f + s * series;
}

/* cos(2 pi u) for u in [0, 1), as the sine of the distance to the nearest quarter turn, by Taylor's series. */
static float cos_turn(float u)
{
    float a = u - 0.5f;
    a = a < 0 ? -a : a;
    float b = (a - 0.25f) * 6.28318531f; /* in [-pi/2, pi/2] */
    float z = b * b;
    return b * (1.0f + z * (-1.66666667e-1f +
                            z * (8.33333333e-3f + z * (-1.98412698e-4f + z * (2.75573192e-6f + z * -2.50521084e-8f)))));
}

/* Box & Muller 1958. */
float random_normal(uint32_t key, uint32_t index)
{
    float radius_u = (float)((random_bits(key, index) >> 8) + 1) * 0x1p-24f;
    float angle_u = random_uniform(key ^ 0x6a09e667u, index);
    return sqrtf(-2.0f * log_unit(radius_u)) * cos_turn(angle_u);
}

/* DESIGN of the permutation.  An alternating Feistel network on the low_bits + high_bits bits that hold n: each
 * round adds to one half a hash of the other, modulo the half's size, so that it could be undone: a permutation
 * of 0 … 2^bits - 1. An image that is not below n is sent through again until it is (cycle walking); it ends
 * because the cycle leads back to where it started, which is below n.  As 2^bits < 2n, an index needs less than
 * two passes on average.
 *
 * Halves are 16-bit numbers and go through in chunks of LANES: every machine multiplies 8 of them at once.  The
 * indices of a block that missed are gathered and go through together again. */
enum { ROUNDS = 6, LANES = 32, BLOCK = 256 };

static inline uint16_t round_hash(uint16_t x, uint32_t key)
{
    uint16_t h = (uint16_t)((x ^ (key & 0xffff)) * 0x9e3bu);
    h ^= (uint16_t)(h >> 7);
    h = (uint16_t)((h + (key >> 16)) * 0xca6bu);
    return h ^ (uint16_t)(h >> 8);
}

/* x[i] becomes its image, for LANES numbers. */
static void scramble(const struct permutation *p, uint32_t *x)
{
    uint16_t low[LANES], high[LANES];
    const uint32_t low_bits = p->low_bits;
    const uint16_t low_mask = (uint16_t)((1u << low_bits) - 1), high_mask = (uint16_t)((1u << p->high_bits) - 1);
    for (int i = 0; i < LANES; i++) {
        low[i] = (uint16_t)(x[i] & low_mask);
        high[i] = (uint16_t)(x[i] >> low_bits);
    }
    for (int round = 0; round < ROUNDS; round += 2) {
        const uint32_t key = p->round_key[round], next_key = p->round_key[round + 1];
        for (int i = 0; i < LANES; i++) {
            high[i] = (uint16_t)(high[i] + round_hash(low[i], key)) & high_mask;
            low[i] = (uint16_t)(low[i] + round_hash(high[i], next_key)) & low_mask;
        }
    }
    for (int i = 0; i < LANES; i++)
        x[i] = (uint32_t)high[i] << low_bits | low[i];
}

void permutation_init(struct permutation *permutation, uint32_t key, uint32_t n)
{
    uint32_t bits = 5;
    while (bits < 32 && (n - 1) >> bits)
        bits++;
    permutation->n = n;
    permutation->low_bits = bits / 2;
    permutation->high_bits = bits - bits / 2;
    for (uint32_t i = 0; i < ROUNDS; i++)
        permutation->round_key[i] = random_bits(key, i);
}

/* At most BLOCK indices. */
static void permute_block(const struct permutation *p, uint32_t first, size_t count, uint32_t *out)
{
    uint32_t image[BLOCK], again[BLOCK] = {0};
    uint8_t place[BLOCK]; /* which images are not below n */
    for (uint32_t i = 0; i < BLOCK; i++)
        image[i] = first + i;
    for (size_t i = 0; i < count; i += LANES)
        scramble(p, image + i);
    size_t missed = 0;
    for (size_t i = 0; i < count; i++) {
        place[missed] = (uint8_t)i;
        missed += image[i] >= p->n;
    }
    while (missed > 0) {
        for (size_t j = 0; j < missed; j++)
            again[j] = image[place[j]];
        for (size_t j = 0; j < missed; j += LANES)
            scramble(p, again + j);
        size_t still = 0;
        for (size_t j = 0; j < missed; j++) {
            image[place[j]] = again[j];
            place[still] = place[j];
            still += again[j] >= p->n;
        }
        missed = still;
    }
    memcpy(out, image, count * sizeof *out);
}

void permutation_range(const struct permutation *permutation, uint32_t first, size_t count, uint32_t *out)
{
    while (count > 0) {
        size_t size = count < BLOCK ? count : BLOCK;
        permute_block(permutation, first, size, out);
        out += size;
        first += (uint32_t)size;
        count -= size;
    }
}

uint32_t permutation_at(const struct permutation *permutation, uint32_t index)
{
    uint32_t image;
    permute_block(permutation, index, 1, &image);
    return image;
}
