/* Causal multi-head attention (Vaswani 2017) between the two dense layers that surround it.  For each sequence and
 * head, with queries Q, keys K and values V of [T][head's width]:
 *
 *   W = softmax of Q K^T / sqrt(head's width), row i over columns 0 to i        Y = dropout(W) V
 *   dV = dropout(W)^T dY      dW = dropout'(dY V^T)      dS = softmax'(dW) / sqrt(head's width)      dQ = dS K      dK = dS^T Q
 *
 * by the project's own products, head by head, so that all of it stays in the cache.  What is above the diagonal is
 * zero, and is left out by blocks: row i has the same bits however many rows follow it. */
#ifndef NN_ATTENTION_H
#define NN_ATTENTION_H

#include "nn/kernels_table.h"

struct attention {
    size_t sequences, length;
    size_t heads, head_width;
    size_t stride;           /* of outputs: [sequences * length][stride], heads side by side */
    size_t triple_stride;    /* of queries, keys and values, each heads * head_width floats wide, side by side */
    size_t weights_sequence; /* floats between the weights of two sequences; 0: each overwrites those before */
    const struct dropout_mask *mask; /* of the weights; NULL: none */
};

/* Floats between two rows of weights. */
static inline size_t attention_stride(size_t length)
{
    return (length + 15) / 16 * 16;
}

/* Floats of `room` that both passes need. */
size_t attention_room(const struct attention *attention);

/* weights: [sequences][heads][length][attention_stride], as weights_sequence says. */
void attention_forward(const struct attention *attention, const struct kernels *kernels, float *triple, float *weights,
                       float *y, float *room);
/* d_triple [sequences * length][triple_stride] from d, the gradient of y; its padding becomes zero. */
void attention_backward(const struct attention *attention, const struct kernels *kernels, float *triple,
                        const float *weights, float *d, float *d_triple, float *room);

#endif
