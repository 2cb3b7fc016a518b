/* What is trained, whatever its kind: its shape, its parameters, what it costs.  How a batch goes through it is a
 * matter of its kind (nn/net.h, nn/language.h), which only those who ask it something need to know. */
#ifndef NN_MODEL_H
#define NN_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "nn/kernels.h"
#include "nn/language.h"
#include "nn/net.h"
#include "nn/params.h"

enum model_kind { MODEL_NET, MODEL_LANGUAGE, MODEL_KINDS };

/* Plain data; only the part of its kind counts. */
struct model_shape {
    enum model_kind kind;
    struct net_spec net;
    struct language_spec language;
};

struct model;

enum status model_create(struct model **out, const struct model_shape *shape, const struct kernels *kernels,
                         struct error *error);
void model_free(struct model *model); /* NULL is fine */

/* All parameters as they are before the first step. */
void model_init(struct model *model, uint64_t seed);

const struct model_shape *model_shape(const struct model *model);
struct params *model_params(struct model *model);
const struct params *model_params_const(const struct model *model);
bool model_uses_blas(const struct model *model);   /* above a limit: bits depend on the BLAS kernel */
bool model_is_portable(const struct model *model); /* the same bits on every machine */
double model_step_flops(const struct model *model,
                        size_t batch); /* multiply-adds x 2 of the products, forward and backward */

/* The model itself; it must be of that kind. */
struct net *model_net(struct model *model);
const struct net *model_net_const(const struct model *model);
struct language *model_language(struct model *model);
const struct language *model_language_const(const struct model *model);

/* What is trained of it from now on; of a net always all. */
void model_freeze(struct model *model, enum language_part part, size_t blocks);

/* Told from the shape alone. */
double model_forward_flops(
    const struct model_shape *shape); /* of one row's way forward; of a text, a row is a whole context */
double model_weights(const struct model_shape *shape); /* about so many */
double model_units(const struct model_shape *shape);   /* activations that a row leaves behind, about */
bool model_can_drop(const struct model_shape *shape);  /* there is something for dropout to drop */
bool model_same_shape(const struct model_shape *a, const struct model_shape *b);

/* "2-8-8-2 tanh" into `out`, which is returned; names of many layers are cut. */
char *model_describe(const struct model_shape *shape, char *out, size_t size);

#endif
