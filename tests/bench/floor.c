#include "bench/floor.h"

#include "base/mem.h"
#include "nn/kernels.h"

struct floor *floor_new(size_t most, size_t floats)
{
    struct floor *floor = mem_alloc(1, sizeof *floor);
    if (!floor)
        return NULL;
    floor->most = most;
    floor->product = mem_alloc(most, sizeof *floor->product);
    floor->block = mem_alloc(floats, sizeof *floor->block);
    if (floor->product && floor->block)
        return floor;
    floor_free(floor);
    return NULL;
}

void floor_free(struct floor *floor)
{
    if (!floor)
        return;
    mem_free(floor->block);
    mem_free(floor->product);
    mem_free(floor);
}

size_t floor_floats(size_t floats)
{
    return (floats + 15) / 16 * 16;
}

float *floor_take(float **next, size_t floats)
{
    float *block = *next;
    *next += floor_floats(floats);
    for (size_t i = 0; i < floats; i++)
        block[i] = (float)((i * 37) % 101) / 101 - 0.5f;
    return block;
}

void floor_add(struct floor *floor, const struct floor_product *product)
{
    if (floor->products < floor->most)
        floor->product[floor->products++] = *product;
}

void floor_forward(struct floor *floor, const struct floor_dense *dense)
{
    const blasint in_stride = (blasint)kernel_pad(dense->in), out_stride = (blasint)kernel_pad(dense->out);
    floor_add(floor, &(struct floor_product){CblasNoTrans, CblasNoTrans, (blasint)dense->rows, (blasint)dense->out,
                                             (blasint)dense->in, dense->x, dense->weight, in_stride, out_stride,
                                             out_stride, dense->y});
}

void floor_backward(struct floor *floor, const struct floor_dense *dense)
{
    const blasint in_stride = (blasint)kernel_pad(dense->in), out_stride = (blasint)kernel_pad(dense->out);
    floor_add(floor, &(struct floor_product){CblasTrans, CblasNoTrans, (blasint)dense->in, (blasint)dense->out,
                                             (blasint)dense->rows, dense->x, dense->dy, in_stride, out_stride,
                                             out_stride, dense->gradient});
    if (dense->dx)
        floor_add(floor, &(struct floor_product){CblasNoTrans, CblasTrans, (blasint)dense->rows, (blasint)dense->in,
                                                 (blasint)dense->out, dense->dy, dense->weight, out_stride, out_stride,
                                                 in_stride, dense->dx});
}

void floor_steps(void *context, uint64_t steps)
{
    const struct floor *floor = context;
    for (uint64_t step = 0; step < steps; step++)
        for (size_t i = 0; i < floor->products; i++) {
            const struct floor_product *p = &floor->product[i];
            cblas_sgemm(CblasRowMajor, p->left_turned, p->right_turned, p->rows, p->columns, p->depth, 1, p->left,
                        p->left_stride, p->right, p->right_stride, 0, p->result, p->result_stride);
        }
}
