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
    return b * (1.0f + z * (-1.66666667e-1f + z * (8.33333333e-3f + z * (-1.98412698e-4f +
               z * (2.75573192e-6f + z * -2.50521084e-8f)))));
}

/* Box & Muller 1958. */
float random_normal(uint32_t key, uint32_t index)
{
    float radius_u = (float)((random_bits(key, index) >> 8) + 1) * 0x1p-24f;
    float angle_u = random_uniform(key ^ 0x6a09e667u, index);
    return sqrtf(-2.0f * log_unit(radius_u)) * cos_turn(angle_u);
}

/* DESIGN of the permutation.  An alternating Feistel network on the `low_bits + high_bits` bits that hold n: each
 * round adds to one half a hash of the other, modulo the half's size, so that it can be undone, so that all of it is a permutation of
 * 0 … 2^bits - 1.  An image that is not below n is sent through again until it is
 * (cycle walking); it ends because the cycle comes back to where it started, which is below n.  2^bits < 2n: on average less than two
 * passes. */
enum { ROUNDS = 4, BLOCK = 64 };

static inline uint32_t round_hash(uint32_t x, uint32_t key)
{
    uint32_t h = (x ^ key) * 0x9e3779b1u;
    h ^= h >> 15;
    return (h * 0x85ebca77u) >> 16;
}

static inline uint32_t scramble(const struct permutation *p, uint32_t x)
{
    uint32_t low_mask = (1u << p->low_bits) - 1, high_mask = (1u << p->high_bits) - 1;
    uint32_t low = x & low_mask, high = x >> p->low_bits;
    for (int round = 0; round < ROUNDS; round += 2) {
        high = (high + round_hash(low, p->round_key[round])) & high_mask;
        low = (low + round_hash(high, p->round_key[round + 1])) & low_mask;
    }
    return high << p->low_bits | low;
}

void permutation_init(struct permutation *permutation, uint32_t key, uint32_t n)
{
    uint32_t bits = 2;
    while (bits < 32 && (n - 1) >> bits)
        bits++;
    permutation->n = n;
    permutation->low_bits = bits / 2;
    permutation->high_bits = bits - bits / 2;
    for (uint32_t i = 0; i < ROUNDS; i++)
        permutation->round_key[i] = random_bits(key, i);
}

uint32_t permutation_at(const struct permutation *permutation, uint32_t index)
{
    do
        index = scramble(permutation, index);
    while (index >= permutation->n);
    return index;
}

void permutation_range(const struct permutation *permutation, uint32_t first, size_t count, uint32_t *out)
{
    const struct permutation p = *permutation;
    while (count > 0) {
        size_t size = count < BLOCK ? count : BLOCK;
        uint32_t image[BLOCK];
        for (uint32_t i = 0; i < BLOCK; i++)
            image[i] = scramble(&p, first + i);
        for (size_t i = 0; i < size; i++)
            out[i] = image[i] < p.n ? image[i] : permutation_at(&p, image[i]);
        out += size;
        first += (uint32_t)size;
        count -= size;
    }
}
