/* The floor of the three nets: products on matrices of the net's shapes and strides. */
#include "bench/floor.h"
#include "bench/training.h"

#define LAYERS_MOST (NET_HIDDEN_MAX + 1)

struct floor *training_floor(const struct training_case *which)
{
    const struct net_spec *spec = &which->net;
    size_t width[LAYERS_MOST + 1], layers = spec->hidden_count + 1, B = which->batch, floats = 0;
    width[0] = spec->inputs;
    for (size_t l = 0; l < spec->hidden_count; l++)
        width[l + 1] = spec->hidden[l];
    width[layers] = spec->outputs;
    for (size_t l = 0; l <= layers; l++)
        floats += 2 * floor_floats(B * kernel_pad(width[l])) +
                  (l < layers ? 2 * floor_floats(width[l] * kernel_pad(width[l + 1])) : 0);

    struct floor *floor = floor_new(3 * layers, floats);
    if (!floor)
        return NULL;
    float *next = floor->block;
    float *x[LAYERS_MOST + 1], *d[LAYERS_MOST + 1], *weight[LAYERS_MOST], *gradient[LAYERS_MOST];
    for (size_t l = 0; l <= layers; l++) {
        x[l] = floor_take(&next, B * kernel_pad(width[l]));
        d[l] = floor_take(&next, B * kernel_pad(width[l]));
        if (l < layers) {
            weight[l] = floor_take(&next, width[l] * kernel_pad(width[l + 1]));
            gradient[l] = floor_take(&next, width[l] * kernel_pad(width[l + 1]));
        }
    }
    struct floor_dense dense[LAYERS_MOST];
    for (size_t l = 0; l < layers; l++) {
        dense[l] = (struct floor_dense){B,        width[l],    width[l + 1],       x[l], weight[l], d[l + 1],
                                        x[l + 1], gradient[l], l > 0 ? d[l] : NULL};
        floor_forward(floor, &dense[l]);
    }
    for (size_t l = layers; l-- > 0;)
        floor_backward(floor, &dense[l]);
    return floor;
}
