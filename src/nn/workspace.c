/* The buffers of one batch: a single block, cut up in one order by one function that first only counts. */
#include "base/mem.h"
#include "nn/cut.h"
#include "nn/net_parts.h"

static size_t lay_out(struct workspace *workspace, const struct net *net, float *block)
{
    const size_t batch = workspace->largest_batch;
    size_t used = 0, widest = 0;
    for (size_t l = 0; l < net->layers; l++) {
        const struct layer *layer = &net->layer[l];
        struct trace *trace = &workspace->trace[l];
        const size_t floats = batch * layer->dense.out_stride;
        trace->stride = layer->dense.out_stride;
        trace->output = cut(block, &used, floats);
        trace->sum = trace->output;
        if (layer->hidden && workspace->training) {
            if (net->spec.activation == ACTIVATION_GELU)
                trace->sum = cut(block, &used, floats);
            trace->dropped = cut(block, &used, floats);
        }
        if (layer->hidden && net->spec.layer_norm) {
            trace->normal = cut(block, &used, floats);
            trace->inverse_sd = cut(block, &used, batch);
        }
        trace->next = trace->output;
        if (layer->dense.out_stride > widest)
            widest = layer->dense.out_stride;
    }
    if (workspace->training) {
        workspace->d[0] = cut(block, &used, batch * widest);
        workspace->d[1] = cut(block, &used, batch * widest);
    }
    return used;
}

struct workspace *workspace_create(const struct net *net, size_t largest_batch, bool training)
{
    struct workspace *workspace = mem_alloc(1, sizeof *workspace);
    if (!workspace)
        return NULL;
    workspace->largest_batch = largest_batch;
    workspace->training = training;
    workspace->floats = lay_out(workspace, net, NULL);
    workspace->block = mem_alloc(workspace->floats, sizeof *workspace->block);
    if (!workspace->block) {
        mem_free(workspace);
        return NULL;
    }
    lay_out(workspace, net, workspace->block);
    return workspace;
}

void workspace_free(struct workspace *workspace)
{
    if (!workspace)
        return;
    mem_free(workspace->block);
    mem_free(workspace);
}

size_t workspace_bytes(const struct workspace *workspace)
{
    return workspace->floats * sizeof *workspace->block;
}

void workspace_avoid_blas(struct workspace *workspace)
{
    workspace->own_kernels = true;
}
