/* What an update needs to know of its step, worked out once a step by nn/optimizer.c for the kernels. The bias
 * corrections of Adam are folded into `rate` and `epsilon`, so that a vector costs one root and one division. */
#ifndef NN_OPTIMIZER_CONSTANTS_H
#define NN_OPTIMIZER_CONSTANTS_H

struct update_constants {
    float scale; /* of the gradient: clipping */
    float rate;
    float decay;        /* weight decay of slices that decay; AdamW: already times the learning rate */
    float keep1, rest1; /* first moment: m = keep1 m + rest1 g */
    float keep2, rest2; /* second moment */
    float epsilon;
};

#endif
