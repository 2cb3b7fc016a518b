/* A dense layer of a model, perhaps with an adapter (LoRA: Hu 2021): y = x W + b + h B^T, with h = alpha/r x A^T. */
#ifndef NN_ADAPTED_H
#define NN_ADAPTED_H

#include "nn/dense.h"
#include "nn/params.h"

struct adapted {
    struct dense dense;
    size_t slice;          /* of its weights; the bias is frozen when they are */
    size_t rank;           /* 0: no adapter */
    struct dense down, up; /* A and B */
    size_t adapter;        /* slice of A; B is frozen when it is */
    float scale;           /* alpha/r */
};

/* What the passes need besides; unused without an adapter. */
struct adapted_rooms {
    float *h;       /* [rows][rank padded to 8], kept from the forward for the backward pass */
    float *d_h;     /* the same shape */
    float *product; /* [rows][the wider stride of the layer's two] */
};

void adapted_forward(const struct adapted *layer, const struct kernels *kernels, const float *parameters,
                     const struct dense_input *input, bool own, const struct adapted_rooms *rooms, float *y);

/* Gradients of what is not frozen, overwritten; dx [rows][in_stride], or NULL: not wanted. */
void adapted_backward(const struct adapted *layer, const struct kernels *kernels, struct params *params,
                      const struct dense_input *input, const float *d, const struct adapted_rooms *rooms, float *dx);

#endif
