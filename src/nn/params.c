/* Lays out the block of all parameters and finds its named slices. */
#include "nn/params.h"

#include <string.h>

#include "nn/kernels.h"

static size_t aligned(size_t floats)
{
    return (floats + PARAM_ALIGNMENT - 1) / PARAM_ALIGNMENT * PARAM_ALIGNMENT;
}

struct param_slice *params_add(struct params *params, enum param_layout layout, size_t out, size_t in, unsigned layer,
                               bool decays)
{
    const bool outward = layout == PARAM_OUTWARD;
    struct param_slice *slice = &params->slice[params->slices++];
    *slice = (struct param_slice){
        .offset = params->size,
        .floats = aligned(outward ? out * kernel_pad(in) : in * kernel_pad(out)),
        .out = out,
        .in = in,
        .out_stride = outward ? kernel_pad(in) : 1,
        .in_stride = outward ? 1 : kernel_pad(out),
        .vector = layout == PARAM_VECTOR,
        .layer = layer,
        .decays = decays,
    };
    params->size += slice->floats;
    params->count += out * in;
    return slice;
}

float params_get(const struct params *params, const struct param_slice *slice, size_t out, size_t in)
{
    return params->value[param_at(slice, out, in)];
}

void params_set(struct params *params, const struct param_slice *slice, size_t out, size_t in, float value)
{
    params->value[param_at(slice, out, in)] = value;
}

const struct param_slice *params_find(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->slices; i++)
        if (strcmp(params->slice[i].name, name) == 0)
            return &params->slice[i];
    return NULL;
}
