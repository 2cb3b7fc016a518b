/* A model that a trainer owns, by the name under which objectives use it, with what training needs besides: the moments
 * of its optimizer, and the best of its parameters so far with their moments. */
#ifndef LEARN_OWNED_MODEL_H
#define LEARN_OWNED_MODEL_H

#include <stddef.h>

#include "base/status.h"
#include "learn/state.h"
#include "nn/model.h"
#include "nn/optimizer.h"

#define OWNED_MODEL_SECTIONS (2 * (1 + OPTIMIZER_MOMENTS_MAX))

/* A set of blocks of params->size floats, of which one is trained and one kept as the best. */
struct blocks {
    float *parameters;
    float *moments[OPTIMIZER_MOMENTS_MAX];
};

struct owned_model {
    const char *name; /* "policy" */
    struct model *model;
    struct params *params;   /* of the model */
    struct blocks now, best; /* now.parameters is the model's own block */
    char section[OWNED_MODEL_SECTIONS][48];
};

/* A failure leaves what owned_model_free releases. */
enum status owned_model_create(struct owned_model *owned, const char *name, const struct model_shape *shape,
                               const struct kernels *kernels, struct error *error);
void owned_model_free(struct owned_model *owned);

/* Adds the model's blocks to the state: "parameters", "moments.0" ..., with the prefix in front.  `best`: the best ones,
 * as "best.parameters" ... */
void owned_model_declare(struct owned_model *owned, struct state *state, const char *prefix, bool best);

size_t owned_model_block(const struct owned_model *owned); /* bytes of one block */
void owned_model_clear_moments(struct owned_model *owned);
void owned_model_keep_best(struct owned_model *owned);
void owned_model_restore_best(struct owned_model *owned);

#endif
