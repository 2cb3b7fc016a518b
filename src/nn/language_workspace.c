/* The buffers of one batch of a language model. */
#include "nn/language_parts.h"

#include "nn/cut.h"

static size_t lay_out(const struct language *language, struct language_workspace *workspace, float *memory)
{
    size_t used = 0;
    language_table[language->spec.kind].functions->lay_out_workspace(language, workspace, memory, &used);
    workspace->logits = cut(memory, &used, workspace->rows * language_stride(language));
    return used;
}

static struct language_workspace *create(const struct language *language, const struct language_workspace *shape)
{
    struct language_workspace *workspace = mem_alloc(1, sizeof *workspace);
    if (!workspace)
        return NULL;
    *workspace = *shape;
    workspace->trace = mem_alloc(language->spec.layers + 1, sizeof *workspace->trace);
    if (workspace->trace) {
        workspace->floats = lay_out(language, workspace, NULL);
        workspace->memory = mem_alloc(workspace->floats, sizeof *workspace->memory);
    }
    if (!workspace->memory) {
        language_workspace_free(workspace);
        return NULL;
    }
    lay_out(language, workspace, workspace->memory);
    return workspace;
}

struct language_workspace *language_workspace_create(const struct language *language, size_t largest_batch,
                                                     bool training)
{
    const size_t length = language->spec.context;
    return create(language, &(struct language_workspace){.rows = largest_batch * length,
                                                         .sequences = largest_batch,
                                                         .length = length,
                                                         .training = training});
}

struct language_workspace *language_workspace_for_rows(const struct language *language, size_t rows)
{
    return create(language, &(struct language_workspace){.rows = rows, .own_kernels = true});
}

void language_workspace_free(struct language_workspace *workspace)
{
    if (!workspace)
        return;
    mem_free(workspace->memory);
    mem_free(workspace->trace);
    mem_free(workspace);
}

size_t language_workspace_bytes(const struct language_workspace *workspace)
{
    return workspace->floats * sizeof *workspace->memory;
}

void language_workspace_avoid_blas(struct language_workspace *workspace)
{
    workspace->own_kernels = true;
}

const float *language_attention(const struct language *language, const struct language_workspace *workspace,
                                size_t block, size_t head, size_t sequence, size_t *stride)
{
    const size_t length = workspace->attended_length;
    *stride = attention_stride(length);
    const size_t sequences_before = workspace->training ? sequence : 0;
    return workspace->trace[block].weights + (sequences_before * language->spec.heads + head) * length * *stride;
}
