/* Checks that a checkpoint file is whole before anything of it is used: the entries of its metadata, the tensors of its
 * blocks, and that every weight is a number.  What only going on needs (the fields of the state) is checked when a state
 * is read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "store/checkpoint_parts.h"

/* Which checkpoints must have the entry.  None may have it empty. */
enum need { NEED_ALWAYS, NEED_TABLE, NEED_NEVER };

static const struct {
    const char *name;
    enum need need;
} note_table[] = {
    {"format", NEED_ALWAYS},       {"spec", NEED_ALWAYS},
    {"columns", NEED_TABLE},       {"data", NEED_ALWAYS},
    {"tokenizer", NEED_NEVER}, /* without one a model of 256 tokens reads bytes: checkpoint_tokenizer refuses the others */
    {"architecture", NEED_ALWAYS}, {CHECKPOINT_LISTS_BLOCKS, NEED_ALWAYS},
    {"step", NEED_ALWAYS},         {"task", NEED_NEVER}, /* these four are for people: nothing is read from them */
    {"epoch", NEED_NEVER},         {"branch", NEED_NEVER},
    {"seed", NEED_NEVER},
};

static enum status no_note(const struct checkpoint_file *file, const char *name, const char *text, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: its metadata has %s entry '%.60s': the checkpoint is damaged",
                     file->path, text ? "an empty" : "no", name);
}

enum status checkpoint_need_note(const struct checkpoint_file *file, const char *name, struct error *error)
{
    const char *text = checkpoint_note(file, name);
    return text && text[0] ? STATUS_OK : no_note(file, name, text, error);
}

static enum status check_notes(const struct checkpoint_file *file, struct error *error)
{
    const bool language = checkpoint_is_language(file);
    uint64_t step;
    for (size_t i = 0; i < sizeof note_table / sizeof *note_table; i++) {
        const char *text = checkpoint_note(file, note_table[i].name);
        const bool needed = note_table[i].need == NEED_ALWAYS || (note_table[i].need == NEED_TABLE && !language);
        if (text ? !text[0] : needed)
            return no_note(file, note_table[i].name, text, error);
    }
    const char *text = checkpoint_note(file, "step");
    if (number_parse_u64(text, &step))
        return STATUS_OK;
    return error_set(error, STATUS_FAILED, "%s: the entry 'step' of its metadata is '%.40s', which is no whole number",
                     file->path, text);
}

/* ---- tensors ---- */

enum status checkpoint_check_finite(const char *path, const struct tensor *tensor, struct error *error)
{
    const size_t count = tensor->type == TENSOR_F32 ? tensor->bytes / sizeof(float) : 0;
    for (size_t i = 0; i < count; i++) {
        const float value = tensor_float(tensor, i);
        char text[32];
        if (!isfinite(value))
            return error_set(error, STATUS_FAILED, "%s: %.90s has a value that is not finite: number %zu of %zu is %s",
                             path, tensor->name, i + 1, count, number_short(text, sizeof text, (double)value));
    }
    return STATUS_OK;
}

static enum status check_filled(const struct checkpoint_file *file, const struct tensor *tensor, struct error *error)
{
    if (tensor->bytes > 0)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED, "%s: %.90s is empty", file->path, tensor->name);
}

/* Each block that the file has has a tensor for each parameter. */
static enum status check_parameter(const struct checkpoint_file *file, const struct tensor *tensor, struct error *error)
{
    for (size_t i = 1; i < CHECKPOINT_BLOCKS; i++) {
        const char *prefix = checkpoint_block_prefix(i);
        char name[2 * TENSOR_NAME_SIZE];
        snprintf(name, sizeof name, "%s%.*s", prefix, TENSOR_NAME_SIZE, tensor->name);
        if (!weights_find(file->weights, name) && checkpoint_has_block(file, checkpoint_block_section(i)))
            return error_set(error, STATUS_FAILED, "%s: has no %.90s, though it has %.90s", file->path, name,
                             tensor->name);
    }
    return STATUS_OK;
}

/* A tensor of a block belongs to a parameter, and its block is named. */
static enum status check_block(const struct checkpoint_file *file, const struct tensor *tensor, struct error *error)
{
    for (size_t i = 0; i < CHECKPOINT_BLOCKS; i++) {
        const char *prefix = checkpoint_block_prefix(i);
        const size_t length = strlen(prefix);
        if (length == 0 || strncmp(tensor->name, prefix, length) != 0)
            continue;
        if (!weights_find(file->weights, tensor->name + length))
            return error_set(error, STATUS_FAILED, "%s: has %.90s, but no %.90s", file->path, tensor->name,
                             tensor->name + length);
        if (!checkpoint_has_block(file, checkpoint_block_section(i)))
            return error_set(error, STATUS_FAILED,
                             "%s: has %.90s, which its entry '" CHECKPOINT_LISTS_BLOCKS "' does not name", file->path,
                             tensor->name);
    }
    return STATUS_OK;
}

static enum status check_tensor(const struct checkpoint_file *file, const struct tensor *tensor, struct error *error)
{
    const bool state = checkpoint_is_state(tensor->name);
    enum status status = check_filled(file, tensor, error);
    if (status == STATUS_OK)
        status = checkpoint_check_finite(file->path, tensor, error);
    if (status == STATUS_OK && file->state)
        status = (state ? check_block : check_parameter)(file, tensor, error);
    return status;
}

enum status checkpoint_check_whole(const struct checkpoint_file *file, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < weights_count(file->weights) && status == STATUS_OK; i++) {
        const struct tensor *tensor = weights_tensor(file->weights, i);
        if (!checkpoint_record_is_tensor(tensor->name) && !checkpoint_is_mask(file, tensor->name))
            status = check_tensor(file, tensor, error);
    }
    return status == STATUS_OK && file->state ? check_notes(file, error) : status;
}
