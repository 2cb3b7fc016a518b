/* All parameters of a model in one contiguous block, all gradients in a parallel one, and a table of named slices.
 * Optimisers, snapshots, norms and weight files see only blocks and slices.
 * A slice has PyTorch's shape [out][in]; how it lies in the block is the model's business, told by two strides. */
#ifndef NN_PARAMS_H
#define NN_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#define PARAM_NAME_SIZE 48
#define PARAM_ALIGNMENT 16 /* floats: a whole vector of the kernels */

struct param_slice {
    char name[PARAM_NAME_SIZE]; /* PyTorch's: "layers.0.weight" */
    size_t offset;              /* floats from the start of the block; a multiple of PARAM_ALIGNMENT */
    size_t floats;              /* that it takes up there, its padding included; a multiple of PARAM_ALIGNMENT */
    size_t out, in;             /* its shape; of a vector (a bias, a gain) in = 1 */
    size_t out_stride;          /* floats from [out][in] to [out + 1][in] ... */
    size_t in_stride;           /* ... and to [out][in + 1]: one of the two is 1 */
    bool vector;                /* of rank 1 */
    unsigned layer;             /* 0-based layer that it belongs to */
    bool decays;                /* weight decay applies: not for biases and norms */
    bool frozen;                /* not trained at present: neither updated nor measured */
};

struct params {
    size_t size;     /* floats in each block, padding included (padding stays zero) */
    size_t count;    /* parameters that are learnt, without padding */
    float *value;    /* [size] */
    float *gradient; /* [size] */
    struct param_slice *slice;
    size_t slices;
    unsigned layers; /* layers that have parameters */
};

/* How a slice lies in the block. */
enum param_layout {
    PARAM_VECTOR,  /* in = 1 */
    PARAM_INWARD,  /* [in][out padded to 8] */
    PARAM_OUTWARD, /* [out][in padded to 8], as PyTorch has it */
};
/* Appends a slice to a block that is being laid out; `params->slice` has room for it.  The caller names it. */
struct param_slice *params_add(struct params *params, enum param_layout layout, size_t out, size_t in, unsigned layer,
                               bool decays);

/* Where element [out][in] of the slice is in the block. */
static inline size_t param_at(const struct param_slice *slice, size_t out, size_t in)
{
    return slice->offset + out * slice->out_stride + in * slice->in_stride;
}
float params_get(const struct params *params, const struct param_slice *slice, size_t out, size_t in);
void params_set(struct params *params, const struct param_slice *slice, size_t out, size_t in, float value);
const struct param_slice *params_find(const struct params *params, const char *name);

#endif
