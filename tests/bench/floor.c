/* The least that a step could cost with the library: its products, alone, on matrices of the net's shapes and strides. */
#include <cblas.h>

#include "base/mem.h"
#include "bench/training.h"

#define LAYERS_MOST (NET_HIDDEN_MAX + 1)

struct product {
    CBLAS_TRANSPOSE left_turned, right_turned;
    blasint rows, columns, depth;
    const float *left, *right;
    blasint left_stride, right_stride, result_stride;
    float *result;
};

struct floor {
    struct product product[3 * LAYERS_MOST];
    size_t products;
    float *block; /* all matrices */
};

static float *take(float **next, size_t floats)
{
    float *block = *next;
    *next += (floats + 15) / 16 * 16;
    for (size_t i = 0; i < floats; i++)
        block[i] = (float)((i * 37) % 101) / 101 - 0.5f;
    return block;
}

struct floor *floor_create(const struct training_case *which)
{
    const struct net_spec *spec = &which->net;
    size_t width[LAYERS_MOST + 1], layers = spec->hidden_count + 1, B = which->batch, floats = 0;
    width[0] = spec->inputs;
    for (size_t l = 0; l < spec->hidden_count; l++)
        width[l + 1] = spec->hidden[l];
    width[layers] = spec->outputs;
    for (size_t l = 0; l <= layers; l++)
        floats +=
            2 * (B * kernel_pad(width[l]) + 16) + (l < layers ? 2 * (width[l] * kernel_pad(width[l + 1]) + 16) : 0);

    struct floor *floor = mem_alloc(1, sizeof *floor);
    float *next = floor ? floor->block = mem_alloc(floats, sizeof(float)) : NULL;
    if (!next) {
        mem_free(floor);
        return NULL;
    }
    float *x[LAYERS_MOST + 1], *d[LAYERS_MOST + 1], *weight[LAYERS_MOST], *gradient[LAYERS_MOST];
    for (size_t l = 0; l <= layers; l++) {
        x[l] = take(&next, B * kernel_pad(width[l]));
        d[l] = take(&next, B * kernel_pad(width[l]));
        if (l < layers) {
            weight[l] = take(&next, width[l] * kernel_pad(width[l + 1]));
            gradient[l] = take(&next, width[l] * kernel_pad(width[l + 1]));
        }
    }
    for (size_t l = 0; l < layers; l++) {
        blasint in = (blasint)width[l], out = (blasint)width[l + 1], in_stride = (blasint)kernel_pad(width[l]),
                out_stride = (blasint)kernel_pad(width[l + 1]);
        floor->product[floor->products++] =
            (struct product){CblasNoTrans, CblasNoTrans, (blasint)B, out,        in,      x[l],
                             weight[l],    in_stride,    out_stride, out_stride, x[l + 1]};
    }
    for (size_t l = layers; l-- > 0;) {
        blasint in = (blasint)width[l], out = (blasint)width[l + 1], in_stride = (blasint)kernel_pad(width[l]),
                out_stride = (blasint)kernel_pad(width[l + 1]);
        floor->product[floor->products++] =
            (struct product){CblasTrans, CblasNoTrans, in,         out,        (blasint)B, x[l],
                             d[l + 1],   in_stride,    out_stride, out_stride, gradient[l]};
        if (l > 0)
            floor->product[floor->products++] =
                (struct product){CblasNoTrans, CblasTrans, (blasint)B, in,        out, d[l + 1],
                                 weight[l],    out_stride, out_stride, in_stride, d[l]};
    }
    return floor;
}

void floor_free(struct floor *floor)
{
    if (floor)
        mem_free(floor->block);
    mem_free(floor);
}

void floor_steps(void *context, uint64_t steps)
{
    const struct floor *floor = context;
    for (uint64_t step = 0; step < steps; step++)
        for (size_t i = 0; i < floor->products; i++) {
            const struct product *p = &floor->product[i];
            cblas_sgemm(CblasRowMajor, p->left_turned, p->right_turned, p->rows, p->columns, p->depth, 1, p->left,
                        p->left_stride, p->right, p->right_stride, 0, p->result, p->result_stride);
        }
}
