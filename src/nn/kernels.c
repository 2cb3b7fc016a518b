/* One instruction level of the kernels; compiled once for each, see nn/kernels.h. */
#include "nn/kernels_activation.h"
#include "nn/kernels_attention.h"
#include "nn/kernels_math.h"
#include "nn/kernels_norm.h"
#include "nn/kernels_product.h"
#include "nn/kernels_table.h"
#include "nn/simd.h"

#if defined(KERNEL_LEVEL_v4)
#define KERNELS             kernels_v4
#define KERNELS_NAME        "v4"
#define KERNELS_WEIGHTS_MAX ((size_t)1024 * 1024)
#elif defined(KERNEL_LEVEL_v3)
#define KERNELS             kernels_v3
#define KERNELS_NAME        "v3"
#define KERNELS_WEIGHTS_MAX ((size_t)1024 * 1024)
#else
#define KERNELS             kernels_generic
#define KERNELS_NAME        "generic"
#define KERNELS_WEIGHTS_MAX 0
#endif

#include "nn/kernels_loss.h"
#include "nn/kernels_update.h"

const struct kernels KERNELS = {
    .name = KERNELS_NAME,
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
    .update =
        {
            [OPTIMIZER_SGD] = kernel_update_sgd,
            [OPTIMIZER_MOMENTUM] = kernel_update_momentum,
            [OPTIMIZER_NESTEROV] = kernel_update_nesterov,
            [OPTIMIZER_RMSPROP] = kernel_update_rmsprop,
            [OPTIMIZER_ADAM] = kernel_update_adam,
            [OPTIMIZER_ADAMW] = kernel_update_adamw,
        },
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
