/* Which instruction level this machine has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nn/kernels_table.h"

size_t kernels_all(const struct kernels *out[], size_t most)
{
    size_t count = 0;
    if (count < most)
        out[count++] = &kernels_generic;
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
              __builtin_cpu_supports("bmi2");
    bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
              __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
              __builtin_cpu_supports("avx512vl");
    if (v3 && count < most)
        out[count++] = &kernels_v3;
    if (v4 && count < most)
        out[count++] = &kernels_v4;
#endif
    return count;
}

enum status kernels_check(struct error *error)
{
    const struct kernels *level[KERNEL_LEVELS];
    const size_t count = kernels_all(level, KERNEL_LEVELS);
    const char *wanted = getenv("DOWNHILL_KERNELS");
    char names[64] = "";
    for (size_t i = 0; i < count; i++) {
        if (!wanted || strcmp(level[i]->name, wanted) == 0)
            return STATUS_OK;
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i > 0 ? ", " : "", level[i]->name);
    }
    return error_set(error, STATUS_USAGE, "DOWNHILL_KERNELS=%.40s: this machine has the levels %s", wanted, names);
}

const struct kernels *kernels_choose(void)
{
    const struct kernels *level[KERNEL_LEVELS];
    size_t count = kernels_all(level, KERNEL_LEVELS);
    const char *wanted = getenv("DOWNHILL_KERNELS");
    if (wanted)
        for (size_t i = 0; i < count; i++)
            if (strcmp(level[i]->name, wanted) == 0)
                return level[i];
    return level[count - 1];
}

const char *kernels_name(const struct kernels *kernels)
{
    return kernels->name;
}
