/* All parameters of a net in one contiguous block, all gradients in a parallel one, and a table of named slices.
 * Optimisers, snapshots, norms and weight files see only blocks and slices.
 * A weight is stored [in][out padded to 8] here; PyTorch's [out][in] appears only in files and in params_get/set. */
#ifndef NN_PARAMS_H
#define NN_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#define PARAM_NAME_SIZE 48

struct param_slice {
    char name[PARAM_NAME_SIZE]; /* PyTorch's: "layers.0.weight" */
    size_t offset;              /* floats from the start of the block; a multiple of 16 */
    size_t in, out;             /* a weight: in x out; a bias or gain: in = 1 */
    size_t stride;              /* floats from row to row: out padded to 8 */
    unsigned layer;             /* 0-based layer that it belongs to */
    bool decays;                /* weight decay applies: not for biases and norms */
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

/* Element [out][in] of the slice, PyTorch's orientation. */
float params_get(const struct params *params, const struct param_slice *slice, size_t out, size_t in);
void params_set(struct params *params, const struct param_slice *slice, size_t out, size_t in, float value);
const struct param_slice *params_find(const struct params *params, const char *name);

#endif
