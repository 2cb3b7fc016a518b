/* What a kind of model can do: a row of the table in model.c. */
#ifndef NN_MODEL_PARTS_H
#define NN_MODEL_PARTS_H

#include "nn/model.h"

struct model {
    struct model_shape shape;
    struct net *net;           /* MODEL_NET */
    struct language *language; /* MODEL_LANGUAGE */
};

struct model_class {
    enum status (*create)(struct model *model, const struct kernels *kernels, struct error *error);
    void (*free)(struct model *model);
    void (*init)(struct model *model, uint64_t seed);
    struct params *(*params)(struct model *model);
    bool (*uses_blas)(const struct model *model);
    bool (*is_portable)(const struct model *model);
    double (*step_flops)(const struct model *model, size_t batch);
    double (*forward_flops)(const struct model_shape *shape);
    double (*weights)(const struct model_shape *shape);
    double (*units)(const struct model_shape *shape);
    bool (*can_drop)(const struct model_shape *shape);
    bool (*same)(const struct model_shape *a, const struct model_shape *b);
    void (*describe)(const struct model_shape *shape, char *out, size_t size);
    void (*freeze)(struct model *model, enum language_part part, size_t blocks); /* NULL: all is trained, always */
};

extern const struct model_class model_class_net, model_class_language;

#endif
