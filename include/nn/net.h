/* A multi-layer perceptron: dense → [layer norm] → activation → [dropout], repeated, then a dense output layer.
 *
 * `struct net` owns parameters and gradients; a `struct workspace` owns the activations of one batch, so that several
 * threads can run one set of weights with a workspace each (net_forward only reads the net). The step loop allocates
 * nothing: a workspace is laid out for the largest batch.
 *
 * Layers of up to 128 x 128 weights are multiplied by the project's own kernels: the same bits on every machine.  So
 * are layers of up to 1024 x 1024 weights at the levels v3 and v4 (the same bits at both), unless several BLAS threads
 * are asked for.  All others go to cblas_sgemm. */
#ifndef NN_NET_H
#define NN_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "nn/kernels.h"
#include "nn/params.h"

#define NET_HIDDEN_MAX 32
#define NET_WIDTH_MAX  65536

enum activation {
    ACTIVATION_TANH,
    ACTIVATION_RELU,
    ACTIVATION_LEAKY_RELU, /* slope 0.01 */
    ACTIVATION_SIGMOID,
    ACTIVATION_GELU, /* the tanh form, as PyTorch's approximate='tanh' */
    ACTIVATION_LINEAR,
    ACTIVATION_COUNT,
};
extern const char *const activation_name[ACTIVATION_COUNT];

struct net_spec {
    size_t inputs, outputs;
    size_t hidden_count;
    size_t hidden[NET_HIDDEN_MAX];
    enum activation activation;
    bool layer_norm; /* after each hidden dense layer, before the activation; eps 1e-5 */
    /* of cblas_sgemm, should it be needed (0 is 1): more than one, and layers of more than 128 x 128 weights go to
     * it */
    unsigned blas_threads;
};

struct net;
struct workspace;

enum status net_create(struct net **out, const struct net_spec *spec, const struct kernels *kernels,
                       struct error *error);
void net_free(struct net *net);

/* Glorot uniform for tanh, sigmoid, linear; He normal for the ReLU family and GELU; biases 0; the output layer's
 * weights × 0.1, so that the first loss is ln K. */
void net_init(struct net *net, uint64_t seed);

const struct net_spec *net_spec(const struct net *net);
struct params *net_params(struct net *net);
bool net_uses_blas(const struct net *net);                  /* above the limit: bits depend on the BLAS kernel */
bool net_is_portable(const struct net *net);                /* the same bits on every machine */
double net_step_flops(const struct net *net, size_t batch); /* multiply-adds × 2 of forward and backward */

/* `training` false: room for forward only (evaluation, pictures). */
struct workspace *workspace_create(const struct net *net, size_t largest_batch, bool training);
void workspace_free(struct workspace *workspace);
size_t workspace_bytes(const struct workspace *workspace); /* of its buffers */

/* Dropout of one step; rate 0 or a NULL pointer: none.  Kept units are scaled by 1/(1-rate). Hidden activations
 * only. */
struct net_dropout {
    double rate; /* 0 <= rate < 1 */
    uint64_t seed;
    uint64_t step;
};

/* x: [batch][x_stride], zero padded. Returns the logits, in the workspace: [batch][net_output_stride]. With
 * `parameters` NULL the net's own; otherwise a block of the same layout (frames, best parameters). */
float *net_forward(const struct net *net, const float *parameters, struct workspace *workspace, const float *x,
                   size_t x_stride, size_t batch, const struct net_dropout *dropout);
size_t net_output_stride(const struct net *net);

/* After a forward in a training workspace: d_logits [batch][net_output_stride] (may be the logits buffer itself) is the
 * gradient of the loss; fills the whole gradient block (overwrites it). `x` as in the forward call. */
void net_backward(struct net *net, struct workspace *workspace, const float *x, size_t x_stride, size_t batch,
                  float *d_logits);

/* From now on this workspace multiplies with the project's own kernels whatever the shape: for threads other than the
 * training one, since a BLAS has global threads of its own.  Forward only. */
void workspace_avoid_blas(struct workspace *workspace);

/* Outputs of a hidden layer's activation, before dropout, as the last forward left them: [batch][*stride]. For pictures
 * and for counting dead or saturated units. */

#endif
