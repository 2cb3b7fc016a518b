/* One instruction level of the kernels; compiled once for each, see nn/kernels.h. */
#include "nn/kernels_activation.h"
#include "nn/kernels_attention.h"
#include "nn/kernels_math.h"
#include "nn/kernels_norm.h"
#include "nn/kernels_product.h"
#include "nn/kernels_table.h"
#include "nn/level.h"
#include "nn/simd.h"

#if defined(KERNEL_LEVEL_v4)
#define KERNELS_NAME        "v4"
#define KERNELS_WEIGHTS_MAX ((size_t)1024 * 1024)
#elif defined(KERNEL_LEVEL_v3)
#define KERNELS_NAME        "v3"
#define KERNELS_WEIGHTS_MAX ((size_t)1024 * 1024)
#else
#define KERNELS_NAME        "generic"
#define KERNELS_WEIGHTS_MAX 0
#endif

#include "nn/kernels_gradient.h"
#include "nn/kernels_loss.h"

const struct kernels LEVEL_OF(kernels) = {
    .name = KERNELS_NAME,
    .level = LEVEL_OF(LEVEL),
    .weights_max = KERNELS_WEIGHTS_MAX,
    .loss =
        {
            [LOSS_CROSS_ENTROPY] = kernel_cross_entropy,
            [LOSS_BCE] = kernel_bce,
            [LOSS_MSE] = kernel_mse,
            [LOSS_HUBER] = kernel_huber,
        },
    .likeliest = kernel_likeliest,
    .gradient_norms = kernel_gradient_norms,
    .product = product,
    .column_sums = column_sums,
    .fill_rows = fill_rows,
    .activation_forward = activation_forward,
    .activation_backward = activation_backward,
    .gelu_forward = gelu_forward,
    .multiply = multiply,
    .add = add,
    .causal_softmax = causal_softmax,
    .causal_softmax_backward = causal_softmax_backward,
    .norm_forward = norm_forward,
    .norm_backward = norm_backward,
};
