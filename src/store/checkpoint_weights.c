/* Parameters between a file and a block.
 *
 * DESIGN.  A file that this program wrote has each slice's tensor under its name.  nanoGPT's state dict is the same
 * model with less or more around it, none of which changes what it computes:
 *
 *     _orig_mod.NAME                       all names, of a model that torch.compile was given
 *     transformer.h.N.attn.bias            a buffer of nanoGPT, the causal mask (GPT-2's code has masked_bias too): not looked at
 *     no tensor NAME.bias at all           a model without biases: they are zero
 *     lm_head.weight                       of a tied model: there again, with the embeddings' values
 *
 * Of adapters that the model has and the file has not, A stays and B is zero: the model computes what the file's
 * does. */
#include <stdio.h>
#include <string.h>

#include "store/checkpoint_parts.h"

static const char compiled[] = "_orig_mod.";
static const char head_name[] = "lm_head.weight", tokens_name[] = "transformer.wte.weight";

static bool begins(const char *name, const char *with)
{
    return strncmp(name, with, strlen(with)) == 0;
}

static bool ends(const char *name, const char *with)
{
    const size_t length = strlen(name), tail = strlen(with);
    return length >= tail && strcmp(name + length - tail, with) == 0;
}

static bool is_adapter_a(const char *name)
{
    return ends(name, ".lora_A");
}

static bool is_adapter_b(const char *name)
{
    return ends(name, ".lora_B");
}

static bool is_mask(const char *name)
{
    return begins(name, "transformer.h.") && (ends(name, ".attn.bias") || ends(name, ".attn.masked_bias"));
}

static const char *plain_name(const char *name)
{
    return begins(name, compiled) ? name + sizeof compiled - 1 : name;
}

bool checkpoint_is_mask(const struct checkpoint_file *file, const char *name)
{
    return !file->state && is_mask(plain_name(name));
}

static bool is_bias(const char *name)
{
    return ends(name, ".bias") && !is_mask(name);
}

const struct tensor *checkpoint_parameter(const struct checkpoint_file *file, const char *name)
{
    char longer[TENSOR_NAME_SIZE];
    snprintf(longer, sizeof longer, "%s%s", file->best ? checkpoint_block(BEST_SECTION) : compiled, name);
    if (file->best)
        return weights_find(file->weights, longer);
    const struct tensor *tensor = weights_find(file->weights, name);
    return tensor || file->state ? tensor : weights_find(file->weights, longer);
}

/* A parameter that is so called is in the file. */
static bool has_any(const struct checkpoint_file *file, bool (*is_so)(const char *name))
{
    for (size_t i = 0; i < weights_count(file->weights); i++) {
        const char *name = weights_tensor(file->weights, i)->name;
        if (!checkpoint_is_state(name) && is_so(plain_name(name)))
            return true;
    }
    return false;
}

static bool same_shape(const struct tensor *a, const struct tensor *b)
{
    bool same = a->rank == b->rank;
    for (size_t i = 0; same && i < a->rank; i++)
        same = a->shape[i] == b->shape[i];
    return same;
}

static enum status missing(const struct checkpoint_file *file, const char *name, const struct param_slice *slice,
                           struct error *error)
{
    struct tensor wanted;
    char ours[96];
    checkpoint_describe(slice, &wanted);
    return error_set(error, STATUS_FAILED, "%s: has no %s, which this model has: %s", file->path, name,
                     tensor_shape_text(&wanted, ours, sizeof ours));
}

static enum status take(const struct checkpoint_file *file, const struct tensor *tensor,
                        const struct param_slice *slice, float *block, struct error *error)
{
    struct tensor wanted;
    char theirs[96], ours[96];
    checkpoint_describe(slice, &wanted);
    if (!same_shape(tensor, &wanted))
        return error_set(error, STATUS_FAILED, "%s: %s is %s, this model has %s", file->path, tensor->name,
                         tensor_shape_text(tensor, theirs, sizeof theirs),
                         tensor_shape_text(&wanted, ours, sizeof ours));
    if (tensor->type != TENSOR_F32)
        return error_set(error, STATUS_FAILED, "%s: %s is %s, F32 is expected", file->path, tensor->name,
                         tensor_type_name(tensor->type));
    for (size_t out = 0; out < slice->out; out++)
        for (size_t in = 0; in < slice->in; in++)
            block[param_at(slice, out, in)] = tensor_float(tensor, out * slice->in + in);
    return STATUS_OK;
}

enum status checkpoint_take_block(const struct checkpoint_file *file, const char *prefix, const struct params *params,
                                  float *block, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < params->slices && status == STATUS_OK; i++) {
        char name[TENSOR_NAME_SIZE];
        snprintf(name, sizeof name, "%s%s", prefix, params->slice[i].name);
        const struct tensor *tensor = weights_find(file->weights, name);
        status = tensor ? take(file, tensor, &params->slice[i], block, error)
                        : missing(file, name, &params->slice[i], error);
    }
    return status;
}

/* ---- a start ---- */

static void clear(const struct param_slice *slice, float *block)
{
    memset(block + slice->offset, 0, slice->floats * sizeof *block);
}

/* The head of a tied model. */
static enum status check_head(const struct checkpoint_file *file, const struct tensor *head, struct error *error)
{
    const struct tensor *tokens = checkpoint_parameter(file, tokens_name);
    if (tokens && same_shape(head, tokens) && head->type == tokens->type &&
        memcmp(head->data, tokens->data, head->bytes) == 0)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED, "%s: %s is not the same as %s, to which this model ties it", file->path,
                     head_name, tokens_name);
}

enum status checkpoint_check_all_used(const struct checkpoint_file *file, const struct params *params,
                                      struct error *error)
{
    for (size_t i = 0; i < weights_count(file->weights); i++) {
        const struct tensor *tensor = weights_tensor(file->weights, i);
        const char *name = file->state ? tensor->name : plain_name(tensor->name);
        if (checkpoint_is_state(name) || params_find(params, name) || checkpoint_is_mask(file, name))
            continue;
        if (!file->state && strcmp(name, head_name) == 0 && params_find(params, tokens_name)) {
            const enum status status = check_head(file, tensor, error);
            if (status != STATUS_OK)
                return status;
            continue;
        }
        return error_set(error, STATUS_FAILED, "%s: has %.90s, which this model has not", file->path, name);
    }
    return STATUS_OK;
}

enum status checkpoint_take_parameters(const struct checkpoint_file *file, const struct params *params, float *block,
                                       struct error *error)
{
    const bool language = params_find(params, tokens_name) != NULL;
    const bool no_biases = language && !has_any(file, is_bias), no_adapters = !has_any(file, is_adapter_a);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < params->slices && status == STATUS_OK; i++) {
        const struct param_slice *slice = &params->slice[i];
        const struct tensor *tensor = checkpoint_parameter(file, slice->name);
        if (tensor)
            status = take(file, tensor, slice, block, error);
        else if ((no_biases && is_bias(slice->name)) || (no_adapters && is_adapter_b(slice->name)))
            clear(slice, block);
        else if (!no_adapters || !is_adapter_a(slice->name))
            status = missing(file, slice->name, slice, error);
    }
    return status == STATUS_OK ? checkpoint_check_all_used(file, params, error) : status;
}
