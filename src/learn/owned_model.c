/* Makes the models that a trainer owns, and copies, clears and declares their blocks. */
#include "learn/owned_model.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

size_t owned_model_block(const struct owned_model *owned)
{
    return owned->params->size * sizeof(float);
}

enum status owned_model_create(struct owned_model *owned, const char *name, const struct model_shape *shape,
                               const struct kernels *kernels, struct error *error)
{
    owned->name = name;
    enum status status = model_create(&owned->model, shape, kernels, error);
    if (status != STATUS_OK)
        return status;
    owned->params = model_params(owned->model);
    owned->now.parameters = owned->params->value;
    const size_t size = owned->params->size;
    bool complete = (owned->best.parameters = mem_alloc(size, sizeof(float))) != NULL;
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++) {
        owned->now.moments[i] = mem_alloc(size, sizeof(float));
        owned->best.moments[i] = mem_alloc(size, sizeof(float));
        complete = complete && owned->now.moments[i] && owned->best.moments[i];
    }
    return complete ? STATUS_OK : error_memory(error);
}

void owned_model_free(struct owned_model *owned)
{
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++) {
        mem_free(owned->now.moments[i]);
        mem_free(owned->best.moments[i]);
    }
    mem_free(owned->best.parameters);
    model_free(owned->model);
}

void owned_model_declare(struct owned_model *owned, struct state *state, const char *prefix, bool best)
{
    char(*name)[sizeof owned->section[0]] = owned->section + (best ? 1 + OPTIMIZER_MOMENTS_MAX : 0);
    const struct blocks *blocks = best ? &owned->best : &owned->now;
    const char *which = best ? "best." : "";
    snprintf(name[0], sizeof name[0], "%s%sparameters", prefix, which);
    state_declare(state, name[0], blocks->parameters, owned_model_block(owned), NULL);
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++) {
        snprintf(name[1 + i], sizeof name[0], "%s%smoments.%zu", prefix, which, i);
        state_declare_optional(state, name[1 + i], blocks->moments[i], owned_model_block(owned));
    }
}

static void copy_blocks(const struct owned_model *owned, struct blocks *to, const struct blocks *from)
{
    const size_t bytes = owned_model_block(owned);
    memcpy(to->parameters, from->parameters, bytes);
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++)
        memcpy(to->moments[i], from->moments[i], bytes);
}

void owned_model_keep_best(struct owned_model *owned)
{
    copy_blocks(owned, &owned->best, &owned->now);
}

void owned_model_restore_best(struct owned_model *owned)
{
    copy_blocks(owned, &owned->now, &owned->best);
}

void owned_model_clear_moments(struct owned_model *owned)
{
    for (size_t i = 0; i < OPTIMIZER_MOMENTS_MAX; i++)
        memset(owned->now.moments[i], 0, owned_model_block(owned));
}
