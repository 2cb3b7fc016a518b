/* Lists the optimizers, and applies one update of the chosen one. */
#include "nn/optimizer.h"

#include <math.h>

#include "nn/kernels_table.h"

/* The rows of each instruction level; they differ in `update` alone. */
#if defined(__x86_64__)
#define ROW_DECLARED(number, name)                                                                                     \
    extern const struct optimizer optimizer_##name##_generic, optimizer_##name##_v3, optimizer_##name##_v4;
#else
#define ROW_DECLARED(number, name) extern const struct optimizer optimizer_##name##_generic;
#endif
OPTIMIZER_LIST(ROW_DECLARED)

#define ROW_generic(number, name) &optimizer_##name##_generic,
#define ROW_v3(number, name)      &optimizer_##name##_v3,
#define ROW_v4(number, name)      &optimizer_##name##_v4,

static const struct optimizer *const optimizer_table[KERNEL_LEVELS][OPTIMIZER_COUNT] = {
    [LEVEL_generic] = {OPTIMIZER_LIST(ROW_generic)},
#if defined(__x86_64__)
    [LEVEL_v3] = {OPTIMIZER_LIST(ROW_v3)},
    [LEVEL_v4] = {OPTIMIZER_LIST(ROW_v4)},
#endif
};

const struct optimizer *optimizer_row(size_t number)
{
    return optimizer_table[LEVEL_generic][number];
}

const char *optimizer_name(size_t number)
{
    return optimizer_row(number)->name;
}

bool optimizer_step(enum optimizer_id optimizer, const struct kernels *kernels, struct params *params,
                    float *const moments[], const struct optimizer_settings *settings, struct step_report *report)
{
    float scale = 1;
    kernels->gradient_norms(params, report);
    if (!isfinite(report->gradient_norm))
        return false;
    if (settings->clip > 0 && report->gradient_norm > settings->clip)
        scale = settings->clip / report->gradient_norm;
    optimizer_table[kernels->level][optimizer]->update(params, moments, settings, scale, report);
    return true;
}
