/* What the tensors of a file say of the shape of its model: its kind by a name that no other kind has, and how large it
 * is. */
#include <stdio.h>
#include <string.h>

#include "store/checkpoint_parts.h"

#define HEAD_WIDTH 64 /* of GPT-2 in all its sizes */

static const struct tensor *matrix(const struct checkpoint_file *file, const char *name)
{
    const struct tensor *tensor = checkpoint_parameter(file, name);
    return tensor && tensor->rank == 2 ? tensor : NULL;
}

static enum status no_matrix(const struct checkpoint_file *file, const char *name, const char *shape,
                             struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: has no %s %s: it is no model of this kind", file->path, name, shape);
}

/* ---- perceptrons ---- */

static const struct tensor *layer_weight(const struct checkpoint_file *file, size_t layer)
{
    char name[TENSOR_NAME_SIZE];
    snprintf(name, sizeof name, "layers.%zu.weight", layer);
    return matrix(file, name);
}

static enum status find_net(const struct checkpoint_file *file, struct model_shape *shape, struct error *error)
{
    struct net_spec *net = &shape->net;
    const struct tensor *layer = layer_weight(file, 0), *next;
    if (!layer)
        return no_matrix(file, "layers.0.weight", "[out, in]", error);
    net->inputs = layer->shape[1];
    net->hidden_count = 0;
    for (; (next = layer_weight(file, net->hidden_count + 1)); layer = next) {
        if (net->hidden_count == NET_HIDDEN_MAX)
            return error_set(error, STATUS_FAILED, "%s: has more than %d hidden layers", file->path, NET_HIDDEN_MAX);
        net->hidden[net->hidden_count++] = layer->shape[0];
    }
    net->outputs = layer->shape[0];
    net->layer_norm = checkpoint_parameter(file, "norms.0.weight") != NULL;
    return STATUS_OK;
}

/* ---- language models ---- */

static enum status find_bigram(const struct checkpoint_file *file, struct model_shape *shape, struct error *error)
{
    const struct tensor *table = matrix(file, "table.weight");
    if (!table || table->shape[0] != table->shape[1])
        return no_matrix(file, "table.weight", "[tokens, tokens]", error);
    shape->language.vocabulary = table->shape[0];
    return STATUS_OK;
}

static enum status find_window(const struct checkpoint_file *file, struct model_shape *shape, struct error *error)
{
    const struct tensor *tokens = matrix(file, "wte.weight"), *hidden = matrix(file, "mlp.0.weight");
    if (!tokens || tokens->shape[1] == 0)
        return no_matrix(file, "wte.weight", "[tokens, width]", error);
    const size_t width = tokens->shape[1];
    if (!hidden || hidden->shape[0] != width || hidden->shape[1] % width != 0)
        return no_matrix(file, "mlp.0.weight", "[width, window * width]", error);
    shape->language.vocabulary = tokens->shape[0];
    shape->language.width = width;
    shape->language.window = hidden->shape[1] / width;
    return STATUS_OK;
}

/* Blocks that are there, as far as one that is as large as the model says: a file cannot claim more than it has. */
static size_t count_blocks(const struct checkpoint_file *file, size_t width)
{
    for (size_t n = 0;; n++) {
        char name[TENSOR_NAME_SIZE];
        snprintf(name, sizeof name, "transformer.h.%zu.attn.c_attn.weight", n);
        const struct tensor *tensor = matrix(file, name);
        if (!tensor || tensor->shape[0] != 3 * width || tensor->shape[1] != width || n > LANGUAGE_LAYERS_MAX)
            return n;
    }
}

/* A tied head is left out, or is there a second time. */
static bool is_tied(const struct checkpoint_file *file, const struct tensor *tokens)
{
    const struct tensor *head = checkpoint_parameter(file, "lm_head.weight");
    return !head || (head->type == tokens->type && head->bytes == tokens->bytes &&
                     memcmp(head->data, tokens->data, head->bytes) == 0);
}

static size_t likely_heads(size_t width)
{
    return width % HEAD_WIDTH == 0 && width > 0 ? width / HEAD_WIDTH : 1;
}

static enum status find_transformer(const struct checkpoint_file *file, struct model_shape *shape, struct error *error)
{
    struct language_spec *language = &shape->language;
    const struct tensor *tokens = matrix(file, "transformer.wte.weight");
    const struct tensor *positions = matrix(file, "transformer.wpe.weight");
    const struct tensor *adapter = matrix(file, "transformer.h.0.attn.c_attn.lora_A");
    if (!tokens)
        return no_matrix(file, "transformer.wte.weight", "[tokens, width]", error);
    if (!positions)
        return no_matrix(file, "transformer.wpe.weight", "[context, width]", error);
    language->vocabulary = tokens->shape[0];
    language->width = tokens->shape[1];
    language->context = positions->shape[0];
    language->layers = count_blocks(file, language->width);
    if (language->layers == 0)
        return no_matrix(file, "transformer.h.0.attn.c_attn.weight", "[3 * width, width]", error);
    language->tie = is_tied(file, tokens);
    language->lora_rank = adapter ? adapter->shape[0] : 0;
    if (language->heads == 0)
        language->heads = likely_heads(language->width);
    return STATUS_OK;
}

/* ---- which ---- */

static const struct {
    const char *name; /* of a tensor that only this kind has */
    enum language_kind kind;
    enum status (*find)(const struct checkpoint_file *file, struct model_shape *shape, struct error *error);
} language_kinds[] = {
    {"table.weight", LANGUAGE_BIGRAM, find_bigram},
    {"wte.weight", LANGUAGE_MLP, find_window},
    {"transformer.wte.weight", LANGUAGE_TRANSFORMER, find_transformer},
};

bool checkpoint_is_language(const struct checkpoint_file *file)
{
    bool found = false;
    for (size_t i = 0; i < sizeof language_kinds / sizeof *language_kinds; i++)
        found |= checkpoint_parameter(file, language_kinds[i].name) != NULL;
    return found;
}

enum status checkpoint_find_shape(const struct checkpoint_file *file, struct model_shape *shape, struct error *error)
{
    for (size_t i = 0; i < sizeof language_kinds / sizeof *language_kinds; i++)
        if (checkpoint_parameter(file, language_kinds[i].name)) {
            shape->kind = MODEL_LANGUAGE;
            shape->language.kind = language_kinds[i].kind;
            return language_kinds[i].find(file, shape, error);
        }
    shape->kind = MODEL_NET;
    return find_net(file, shape, error);
}
