/* Counter-based random numbers: a value is a pure function of
 * (seed, purpose, step, index).  There is no generator state to save, so a step can be
 * repeated at any time, on any thread, in any order.
 *
 * A key folds seed, purpose and step with 64-bit mixing; from a key, `random_bits` draws
 * 32 bits for an index with a multiply-xorshift hash that vectorises. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Every use of randomness has a purpose of its own, so that no two uses see the same numbers. */
enum random_purpose {
    RANDOM_INIT,        /* initial weights; step = layer */
    RANDOM_ORDER,       /* order of an epoch; step = epoch */
    RANDOM_DROPOUT,     /* masks; step = optimiser step, folded with the layer */
    RANDOM_LABEL_NOISE, /* which labels are wrong, and how; index = row */
    RANDOM_INPUT_NOISE, /* noise on inputs; step = optimiser step */
    RANDOM_TOY,         /* points of a toy data set */
    RANDOM_SPLIT,       /* train/test split */
    RANDOM_EVALUATION,  /* subset of rows that is evaluated */
    RANDOM_SAMPLE,      /* anything drawn for the eye only */
    RANDOM_WINDOW,      /* where a text's windows begin; step = epoch, index = block */
};

uint32_t random_key(uint64_t seed, enum random_purpose purpose, uint64_t step);

static inline uint32_t random_bits(uint32_t key, uint32_t index)
{
    /* Two rounds of the "lowbias32" family (Wellons 2018): xorshift-multiply with
     * constants of low bias; the key enters before each round. */
    uint32_t h = index * 0x9e3779b9u ^ key;
    h ^= h >> 16;
    h *= 0x21f0aaadu;
    h ^= h >> 15;
    h += key;
    h *= 0x735a2d97u;
    h ^= h >> 15;
    return h;
}

/* In [0, 1), 24 bits. */
static inline float random_uniform(uint32_t key, uint32_t index)
{
    return (float)(random_bits(key, index) >> 8) * 0x1p-24f;
}

/* Standard normal; the same bits on every machine (own log, sqrt and cos: no libm). */
float random_normal(uint32_t key, uint32_t index);

/* A keyed permutation of 0 … n-1 without an array: a Feistel network over the next power of two, at least four,
 * cycle-walked into range (Black & Rogaway 2002).  n from 1 to 2^32 - 1. */
struct permutation {
    uint32_t n;
    uint32_t low_bits, high_bits; /* of the two halves of an index */
    uint32_t round_key[6];
};

void permutation_init(struct permutation *permutation, uint32_t key, uint32_t n);
uint32_t permutation_at(const struct permutation *permutation, uint32_t index);

/* out[i] = permutation_at(first + i) for i < count; first + count <= n. */
void permutation_range(const struct permutation *permutation, uint32_t first, size_t count, uint32_t *out);

#endif
