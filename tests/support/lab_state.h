/* What the state of a laboratory's trainer holds: its sections, by name. */
#ifndef TESTS_SUPPORT_LAB_STATE_H
#define TESTS_SUPPORT_LAB_STATE_H

#include <math.h>

#include "support/lab.h"

static inline const struct params *params_of(const struct lab *lab)
{
    return model_params_const(trainer_model(lab->trainer));
}

static inline uint64_t hash_of(struct lab *lab)
{
    return state_hash(trainer_state(lab->trainer));
}

static inline const void *section(struct lab *lab, const char *name, size_t *size)
{
    const struct state_section *found = state_find(trainer_state(lab->trainer), name);
    ck_assert_msg(found != NULL, "no section %s", name);
    *size = found->size;
    return found->data;
}

static inline void *copy_of(struct lab *lab, const char *name)
{
    size_t size;
    const void *data = section(lab, name, &size);
    void *copy = malloc(size);
    ck_assert_ptr_nonnull(copy);
    return memcpy(copy, data, size);
}

static inline void assert_section_is(struct lab *lab, const char *name, const void *wanted)
{
    size_t size;
    const void *data = section(lab, name, &size);
    ck_assert_msg(memcmp(data, wanted, size) == 0, "section %s differs", name);
}

static inline bool all_zero(struct lab *lab, const char *name)
{
    size_t size;
    const unsigned char *byte = section(lab, name, &size);
    for (size_t i = 0; i < size; i++)
        if (byte[i])
            return false;
    return true;
}

static inline bool finite_parameters(const struct lab *lab)
{
    for (size_t i = 0; i < params_of(lab)->size; i++)
        if (!isfinite(params_of(lab)->value[i]))
            return false;
    return true;
}

#endif
