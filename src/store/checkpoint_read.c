/* Reads checkpoints: what they say of their run, their model, their state. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "nn/gemm.h"
#include "setup/spec_text.h"
#include "store/checkpoint_parts.h"

#define EARLIER_FORMAT "downhill checkpoint 1"

static enum status check_format(const struct checkpoint_file *file, struct error *error)
{
    const char *format = checkpoint_note(file, "format");
    if (!file->state || !format || !format[0] || strcmp(format, CHECKPOINT_FORMAT) == 0)
        return STATUS_OK; /* a missing one is found with all other entries that are */
    if (strcmp(format, EARLIER_FORMAT) == 0)
        return error_set(error, STATUS_FAILED,
                         "%s: made by an earlier version of this program ('" EARLIER_FORMAT
                         "'); this one reads '" CHECKPOINT_FORMAT "': start the run again and save it",
                         file->path);
    return error_set(error, STATUS_FAILED, "%s: has the format '%.40s', '" CHECKPOINT_FORMAT "' is expected",
                     file->path, format);
}

enum status checkpoint_open(struct checkpoint_file **out, const char *path, struct error *error)
{
    if (file_is_stream(path))
        return error_set(error, STATUS_USAGE, "-: a checkpoint is read from a file");
    struct checkpoint_file *file = mem_alloc(1, sizeof *file);
    if (!file || !(file->path = mem_string(path))) {
        mem_free(file);
        return error_memory(error);
    }
    enum status status = weights_open(&file->weights, path, error);
    for (size_t i = 0; status == STATUS_OK && i < weights_count(file->weights); i++)
        file->state |= checkpoint_is_state(weights_tensor(file->weights, i)->name);
    if (status == STATUS_OK)
        status = check_format(file, error);
    if (status == STATUS_OK)
        status = checkpoint_check_whole(file, error);
    if (status != STATUS_OK) {
        checkpoint_close(file);
        return status;
    }
    *out = file;
    return STATUS_OK;
}

void checkpoint_close(struct checkpoint_file *file)
{
    if (!file)
        return;
    weights_close(file->weights);
    mem_free(file->path);
    mem_free(file);
}

bool checkpoint_has_state(const struct checkpoint_file *file)
{
    return file->state;
}

enum status checkpoint_use_best(struct checkpoint_file *file, struct error *error)
{
    if (!file->state)
        return error_set(error, STATUS_FAILED, "%s: holds weights alone: --best needs a checkpoint of this program",
                         file->path);
    file->best = true;
    return STATUS_OK;
}

static bool same_hidden(const struct net_spec *a, const struct net_spec *b)
{
    return a->hidden_count == b->hidden_count && a->layer_norm == b->layer_norm &&
           memcmp(a->hidden, b->hidden, a->hidden_count * sizeof *a->hidden) == 0;
}

/* Of what tensors tell. */
static bool same_language(const struct language_spec *a, const struct language_spec *b)
{
    return a->kind == b->kind && a->width == b->width && a->layers == b->layers && a->window == b->window &&
           a->lora_rank == b->lora_rank && (a->kind != LANGUAGE_TRANSFORMER || a->context == b->context);
}

/* A spec that was edited could ask for a model of any size, and memory for it. */
static enum status check_spec_shape(const struct checkpoint_file *file, const struct spec *spec, struct error *error)
{
    struct model_shape found = spec->shape;
    enum status status = checkpoint_find_shape(file, &found, error);
    if (status != STATUS_OK)
        return status;
    const bool same = found.kind == MODEL_NET
                          ? !spec->language_given && (!spec->net_given || same_hidden(&found.net, &spec->shape.net))
                          : !spec->language_given || same_language(&found.language, &spec->shape.language);
    return same ? STATUS_OK
                : error_set(error, STATUS_FAILED,
                            "%s: the model in the entry 'spec' of its metadata is another than that of its weights",
                            file->path);
}

enum status checkpoint_spec(const struct checkpoint_file *file, struct spec *spec, struct error *error)
{
    const char *text = checkpoint_note(file, "spec");
    if (!text) {
        enum status status = checkpoint_find_shape(file, &spec->shape, error);
        const bool language = spec->shape.kind == MODEL_LANGUAGE;
        spec->net_given |= status == STATUS_OK && !language;
        spec->language_given |= status == STATUS_OK && language;
        return status;
    }
    struct error why = {.message = ""};
    enum status status = spec_from_text(spec, text, &why);
    return status == STATUS_OK ? check_spec_shape(file, spec, error)
                               : error_set(error, STATUS_FAILED, "%s: its spec: %s", file->path, why.message);
}

/* ---- what goes with the model ---- */

static enum status no_tokenizer(const struct checkpoint_file *file, size_t vocabulary, struct error *error)
{
    return error_set(error, STATUS_FAILED,
                     "%s: has no tokenizer, and a vocabulary of %zu: only of %d it would be known to be bytes",
                     file->path, vocabulary, TOKENIZER_BYTES);
}

enum status checkpoint_tokenizer(const struct checkpoint_file *file, struct tokenizer **out, struct error *error)
{
    struct model_shape shape = {.kind = MODEL_NET};
    struct error why = {.message = ""};
    const char *text = checkpoint_note(file, "tokenizer");
    *out = NULL;
    enum status status = checkpoint_find_shape(file, &shape, error);
    if (status != STATUS_OK || shape.kind != MODEL_LANGUAGE)
        return status;
    const size_t vocabulary = shape.language.vocabulary;
    if (!text && vocabulary != TOKENIZER_BYTES)
        return no_tokenizer(file, vocabulary, error);
    status = text ? tokenizer_parse(out, text, &why) : tokenizer_train(out, NULL, 0, 0, &why);
    if (status != STATUS_OK)
        return error_set(error, status, "%s: its tokenizer: %s", file->path, why.message);
    if (tokenizer_vocabulary(*out) == vocabulary)
        return STATUS_OK;
    status = error_set(error, STATUS_FAILED, "%s: its tokenizer has %zu tokens, its weights are for %zu", file->path,
                       tokenizer_vocabulary(*out), vocabulary);
    tokenizer_free(*out);
    *out = NULL;
    return status;
}

enum status checkpoint_model(const struct checkpoint_file *file, const struct model_shape *shape,
                             const struct kernels *kernels, struct model **out, struct error *error)
{
    struct model_shape found = *shape;
    *out = NULL;
    enum status status = checkpoint_find_shape(file, &found, error);
    if (found.language.context == 0) /* only a transformer's is in its tensors; of the others, what they look at */
        found.language.context = found.language.window > 0 ? found.language.window : 1;
    if (status == STATUS_OK)
        status = model_create(out, &found, kernels, error);
    if (status != STATUS_OK)
        return status;
    struct params *params = model_params(*out);
    if (model_uses_blas(*out))
        status = gemm_prepare(1, error);
    if (status == STATUS_OK)
        status = checkpoint_take_parameters(file, params, params->value, error);
    if (status != STATUS_OK) {
        model_free(*out);
        *out = NULL;
    }
    return status;
}

/* ---- the state ---- */

static const char *wanted_of(const struct state_field *field)
{
    const char *number = field->type == STATE_DOUBLE ? "which is no number" : "which is no whole number";
    return field->choice ? "a choice that this program does not know" : number;
}

/* The fields of a section, from the entries of the metadata. */
static enum status take_fields(const struct checkpoint_file *file, const struct state_section *section, void *to,
                               struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < section->fields->count && status == STATUS_OK; i++) {
        const struct state_field field = state_field_at(section->fields, i);
        char name[TENSOR_NAME_SIZE];
        snprintf(name, sizeof name, STATE_PREFIX "%s.%s", section->name, field.name);
        const char *text = checkpoint_note(file, name);
        if (!text && field.absent)
            state_field_clear(&field, to);
        else if (!text || !text[0])
            status = checkpoint_need_note(file, name, error);
        else if (!state_field_read(&field, to, text))
            status = error_set(error, STATUS_FAILED, "%s: the entry '%s' of its metadata is '%.40s', %s", file->path,
                               name, text, wanted_of(&field));
    }
    return status;
}

static bool is_block(const struct state *state, const char *tensor)
{
    for (size_t i = 0; i < state->sections; i++) {
        const char *prefix = checkpoint_block(state->section[i].name);
        if (prefix && prefix[0] && strncmp(tensor, prefix, strlen(prefix)) == 0)
            return true;
    }
    return false;
}

static bool is_field(const struct state *state, const char *note)
{
    const char *entry = note + sizeof STATE_PREFIX - 1;
    for (size_t i = 0; i < state->sections; i++) {
        const struct state_section *section = &state->section[i];
        const size_t length = strlen(section->name);
        if (!section->fields || strncmp(entry, section->name, length) != 0 || entry[length] != '.')
            continue;
        for (size_t f = 0; f < section->fields->count; f++)
            if (strcmp(entry + length + 1, state_field_at(section->fields, f).name) == 0)
                return true;
    }
    return false;
}

static enum status unknown(const struct checkpoint_file *file, const char *name, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: has %.90s, which this program does not know", file->path, name);
}

/* A part of the state that this program does not know would influence steps there and not here. */
static enum status check_all_known(const struct checkpoint_file *file, const struct state *state, struct error *error)
{
    const struct json *at = NULL;
    for (size_t i = 0; i < weights_count(file->weights); i++) {
        const char *name = weights_tensor(file->weights, i)->name;
        if (checkpoint_is_state(name) && !checkpoint_record_is_tensor(name) && !is_block(state, name))
            return unknown(file, name, error);
    }
    for (const char *key; (key = weights_next_key(file->weights, &at)) != NULL;)
        if (checkpoint_is_state(key) && strcmp(key, CHECKPOINT_HISTORY) != 0 &&
            strcmp(key, CHECKPOINT_LISTS_BLOCKS) != 0 && !is_field(state, key))
            return unknown(file, key, error);
    return STATUS_OK;
}

bool checkpoint_knobs(const struct checkpoint_file *file, struct knobs *knobs)
{
    const struct state_section section = {.name = "knobs", .fields = &knobs_fields};
    return file->state && take_fields(file, &section, knobs, NULL) == STATUS_OK;
}

/* Shapes say nothing of what is between the layers. */
static enum status check_model(const struct checkpoint_file *file, const struct trainer *trainer, struct error *error)
{
    char ours[96];
    enum status status = checkpoint_check_all_used(file, model_params_const(trainer_model(trainer)), error);
    if (status != STATUS_OK)
        return status;
    const char *theirs = checkpoint_note(file, "architecture");
    model_describe(model_shape(trainer_model(trainer)), ours, sizeof ours);
    if (!theirs || strcmp(theirs, ours) == 0)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED, "%s: is a model %.90s, this one is %s", file->path, theirs, ours);
}

/* Nor of the heads of a transformer. */
static enum status check_heads(const struct checkpoint_file *file, const struct trainer *trainer, struct error *error)
{
    struct spec spec;
    const struct model_shape *ours = model_shape(trainer_model(trainer));
    if (!checkpoint_note(file, "spec"))
        return STATUS_OK;
    spec_init(&spec);
    enum status status = checkpoint_spec(file, &spec, error);
    const size_t heads = spec.shape.language.heads;
    if (status == STATUS_OK && heads > 0 && heads != ours->language.heads)
        status = error_set(error, STATUS_FAILED, "%s: is a model of %zu heads, this one has %zu", file->path, heads,
                           ours->language.heads);
    spec_free(&spec);
    return status;
}

/* The whole state as bytes, which are zero before, in the order of the sections. */
static enum status read_state(const struct checkpoint_file *file, const struct state *state,
                              const struct params *params, unsigned char *bytes, struct error *error)
{
    enum status status = check_all_known(file, state, error);
    for (size_t i = 0; i < state->sections && status == STATUS_OK; bytes += state->section[i++].size) {
        const struct state_section *section = &state->section[i];
        const char *prefix = checkpoint_block(section->name);
        if (section->fields)
            status = take_fields(file, section, bytes, error);
        else if (!section->optional || checkpoint_has_block(file, section->name))
            status = checkpoint_take_block(file, prefix, params, (float *)(void *)bytes, error);
    }
    return status;
}

/* Of a state that was copied in. */
static enum status take_up(const struct checkpoint_file *file, struct trainer *trainer, struct error *error)
{
    const enum status status = trainer_restored(trainer, error);
    const uint64_t step = trainer_step_count(trainer), told = checkpoint_file_step(file);
    if (status != STATUS_OK || step == told)
        return status;
    return error_set(error, STATUS_FAILED, "its metadata says that it is at step %llu, its state is at step %llu",
                     (unsigned long long)told, (unsigned long long)step);
}

static enum status apply_state(const struct checkpoint_file *file, struct trainer *trainer, struct error *error)
{
    struct state *state = trainer_state(trainer);
    struct error why = {.message = ""};
    const size_t size = state_bytes(state);
    unsigned char *after = mem_alloc(size, 1), *before = mem_alloc(size, 1);
    enum status status = after && before ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK)
        status = read_state(file, state, model_params_const(trainer_model(trainer)), after, error);
    if (status == STATUS_OK)
        status = check_model(file, trainer, error);
    if (status == STATUS_OK)
        status = checkpoint_check_columns(file, trainer_stage(trainer, 0)->dataset, error);
    if (status == STATUS_OK) {
        state_copy_out(state, before);
        state_copy_in(state, after);
        status = take_up(file, trainer, &why);
        if (status != STATUS_OK) {
            state_copy_in(state, before);
            trainer_restored(trainer, NULL); /* which it was in before: there is room */
            error_set(error, STATUS_FAILED, "%s: %s", file->path, why.message);
        } else if (file->best) {
            trainer_restore_best(trainer);
        }
    }
    mem_free(after);
    mem_free(before);
    return status == STATUS_OK ? STATUS_OK : STATUS_FAILED;
}

/* As a trainer takes a start: in the order of the slices. */
static void list(const struct params *params, const float *block, double *to)
{
    for (size_t i = 0; i < params->slices; i++) {
        const struct param_slice *slice = &params->slice[i];
        for (size_t out = 0; out < slice->out; out++)
            for (size_t in = 0; in < slice->in; in++)
                *to++ = (double)block[param_at(slice, out, in)];
    }
}

enum status checkpoint_start(const struct checkpoint_file *file, struct trainer *trainer, struct error *error)
{
    const struct params *params = model_params_const(trainer_model(trainer));
    double *start = mem_alloc(params->count, sizeof *start);
    float *block = mem_alloc(params->size, sizeof *block);
    enum status status = start && block ? STATUS_OK : error_memory(error);
    if (status == STATUS_OK) {
        memcpy(block, params->value, params->size * sizeof *block);
        status = checkpoint_take_parameters(file, params, block, error);
    }
    if (status == STATUS_OK)
        status = model_shape(trainer_model(trainer))->kind == MODEL_LANGUAGE ? check_heads(file, trainer, error)
                                                                             : check_model(file, trainer, error);
    if (status == STATUS_OK) {
        list(params, block, start);
        status = trainer_place(trainer, start, params->count, error);
    }
    mem_free(start);
    mem_free(block);
    return status;
}

enum status checkpoint_apply(const struct checkpoint_file *file, struct trainer *trainer, struct error *error)
{
    return file->state ? apply_state(file, trainer, error) : checkpoint_start(file, trainer, error);
}
