/* One instruction level of the kernels; compiled once for each, see nn/kernels.h. */
#include "nn/kernels_table.h"
#include "nn/simd.h"

#if defined(KERNEL_LEVEL_v4)
#define KERNELS kernels_v4
#define KERNELS_NAME "v4"
#elif defined(KERNEL_LEVEL_v3)
#define KERNELS kernels_v3
#define KERNELS_NAME "v3"
#else
#define KERNELS kernels_generic
#define KERNELS_NAME "generic"
#endif

/* Losses are in kernels_loss.h, updates and norms in kernels_update.h. */

const struct kernels KERNELS = {
    .name = KERNELS_NAME,
};
