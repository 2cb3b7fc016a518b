/* What a net and a workspace are made of, for net.c, workspace.c and pass.c. */
#ifndef NN_NET_PARTS_H
#define NN_NET_PARTS_H

#include "nn/dense.h"
#include "nn/kernels_table.h"
#include "nn/net.h"

/* A dense layer and what follows it. Offsets are into the parameter block. */
struct layer {
    struct dense dense;
    const struct param_slice *weight; /* where the weights are */
    size_t gain, shift;               /* of the layer norm: [out_stride] each; unused without */
    bool hidden;                      /* norm, activation and dropout follow */
};

struct net {
    struct net_spec spec;
    const struct kernels *kernels;
    struct params params;
    size_t layers; /* hidden_count + 1 */
    struct layer layer[NET_HIDDEN_MAX + 1];
    bool blas; /* some layer's is */
};

/* What a layer leaves behind in a forward pass; rows of `stride` floats. */
struct trace {
    size_t stride;
    float *sum;        /* x W + b, before norm and activation; the same buffer as `output` where nothing needs it */
    float *normal;     /* layer norm: normalised rows */
    float *inverse_sd; /* layer norm: [batch] */
    float *output;     /* after the activation, before dropout; the last layer: logits */
    float *dropped;    /* after dropout */
    const float *next; /* what the next layer read: output or dropped */
    struct dropout_mask mask; /* of the last forward pass, when next == dropped */
};

struct workspace {
    size_t largest_batch;
    bool training;
    bool own_kernels; /* never BLAS */
    size_t floats;    /* of the block */
    float *block;     /* all buffers below */
    struct trace trace[NET_HIDDEN_MAX + 1];
    float *d[2]; /* gradients with respect to two neighbouring layers' outputs */
};

#endif
