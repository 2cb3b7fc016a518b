/* Names the tensors and entries of a checkpoint, and reads the entries of one that was opened. */
#include <assert.h>
#include <string.h>

#include "base/name.h"
#include "base/number.h"
#include "store/checkpoint_parts.h"

/* ---- names ---- */

bool checkpoint_is_state(const char *name)
{
    return strncmp(name, STATE_PREFIX, sizeof STATE_PREFIX - 1) == 0;
}

static const struct {
    const char *section, *prefix;
} block_table[] = {
    {"parameters", ""},
    {"moments.0", "state.moments.0."},
    {"moments.1", "state.moments.1."},
    {BEST_SECTION, STATE_PREFIX BEST_SECTION "."},
    {"best.moments.0", "state.best.moments.0."},
    {"best.moments.1", "state.best.moments.1."},
};

static_assert(sizeof block_table / sizeof *block_table == CHECKPOINT_BLOCKS, "the number of blocks");

const char *checkpoint_block_prefix(size_t block)
{
    return block_table[block].prefix;
}

const char *checkpoint_block_section(size_t block)
{
    return block_table[block].section;
}

const char *checkpoint_block(const char *section)
{
    for (size_t i = 0; i < sizeof block_table / sizeof *block_table; i++)
        if (strcmp(block_table[i].section, section) == 0)
            return block_table[i].prefix;
    return NULL;
}

void checkpoint_describe(const struct param_slice *slice, struct tensor *tensor)
{
    *tensor = (struct tensor){
        .name = slice->name,
        .type = TENSOR_F32,
        .rank = slice->vector ? 1 : 2,
        .shape = {slice->out, slice->vector ? 0 : slice->in},
        .bytes = slice->in * slice->out * sizeof(float),
    };
}

/* ---- entries of the metadata ---- */

const char *checkpoint_note(const struct checkpoint_file *file, const char *name)
{
    return weights_note(file->weights, name);
}

uint64_t checkpoint_file_step(const struct checkpoint_file *file)
{
    uint64_t step = 0;
    const char *text = file->state ? checkpoint_note(file, "step") : NULL;
    return text && number_parse_u64(text, &step) ? step : 0;
}

bool checkpoint_has_block(const struct checkpoint_file *file, const char *section)
{
    const char *list = checkpoint_note(file, CHECKPOINT_LISTS_BLOCKS);
    return list && name_is_listed(list, section);
}
