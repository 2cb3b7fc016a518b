/* Numbers that PyTorch was given as well (tests/reference/formula.py), and the losses that it found with them.  Tests
 * that use them run from the repository root. */
#ifndef TESTS_SUPPORT_REFERENCE_H
#define TESTS_SUPPORT_REFERENCE_H

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE_STEPS 50
#define REFERENCE_LINE  4096

/* What a tensor is for; the hash tells them apart, as in formula.py. */
enum reference_kind {
    REFERENCE_WEIGHT,
    REFERENCE_BIAS,
    REFERENCE_GAIN,
    REFERENCE_SHIFT,
    REFERENCE_INPUT,
    REFERENCE_LABEL,
    REFERENCE_TARGET
};

static inline uint32_t reference_hash(enum reference_kind kind, unsigned layer, size_t index)
{
    uint32_t h = (uint32_t)index * 2654435761u + 0x9e3779b9u * (16 * layer + (uint32_t)kind + 1);
    h ^= h >> 16;
    h *= 0x21f0aaadu;
    h ^= h >> 15;
    h *= 0x735a2d97u;
    return h ^ h >> 15;
}

static inline float reference_uniform(enum reference_kind kind, unsigned layer, size_t index)
{
    return (float)(reference_hash(kind, layer, index) >> 16) / 32768 - 1;
}

static inline int32_t reference_choice(enum reference_kind kind, unsigned layer, size_t index, size_t several)
{
    return (int32_t)((reference_hash(kind, layer, index) >> 8) % several);
}

/* The largest power of two that is at most 1 / sqrt(fan_in). */
static inline float reference_scale(size_t fan_in)
{
    float s = 1;
    while (s * s * (float)fan_in > 1)
        s /= 2;
    return s;
}

/* The named column of the figures. */
static inline void reference_figures(const char *path, const char *name, double figure[REFERENCE_STEPS])
{
    char line[REFERENCE_LINE];
    int column = -1;
    FILE *file = fopen(path, "r");
    ck_assert_msg(file != NULL, "cannot read %s", path);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    int at = 0;
    for (char *word = strtok(line, ",\n"); word; word = strtok(NULL, ",\n"), at++)
        if (strcmp(word, name) == 0)
            column = at;
    ck_assert_msg(column > 0, "no column %s in %s", name, path);
    for (size_t step = 0; step < REFERENCE_STEPS; step++) {
        ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
        char *word = strtok(line, ",\n");
        for (int i = 0; i < column; i++)
            word = strtok(NULL, ",\n");
        figure[step] = strtod(word, NULL);
    }
    fclose(file);
}

#endif
