/* The mask of one place in a model in one step. */
#ifndef NN_DROPOUT_H
#define NN_DROPOUT_H

#include "base/random.h"
#include "nn/kernels_table.h"

/* Of `places` places in the model; no two steps and places see the same mask. */
static inline struct dropout_mask dropout_draw(const struct net_dropout *dropout, uint64_t places, uint64_t place)
{
    return (struct dropout_mask){
        .key = random_key(dropout->seed, RANDOM_DROPOUT, dropout->step * places + place),
        .threshold = (uint32_t)(dropout->rate * 0x1p32),
        .scale = (float)(1 / (1 - dropout->rate)),
    };
}

#endif
