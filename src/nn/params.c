#include "nn/params.h"

#include <string.h>

float params_get(const struct params *params, const struct param_slice *slice, size_t out, size_t in)
{
    return params->value[slice->offset + in * slice->stride + out];
}

void params_set(struct params *params, const struct param_slice *slice, size_t out, size_t in, float value)
{
    params->value[slice->offset + in * slice->stride + out] = value;
}

const struct param_slice *params_find(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->slices; i++)
        if (strcmp(params->slice[i].name, name) == 0)
            return &params->slice[i];
    return NULL;
}
