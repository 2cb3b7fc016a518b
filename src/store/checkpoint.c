/* Takes a copy of a trainer's state, with the record of its curves, and writes it as a checkpoint. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "store/checkpoint_parts.h"

enum { OTHER_NOTES = 13, NOTE_SIZE = 96 };

/* A section of the state, copied. */
struct part {
    struct state_section section; /* its `data` are the trainer's: not used here */
    size_t offset;                /* of the copy */
};

struct checkpoint {
    unsigned char *bytes; /* all sections */
    struct part part[STATE_SECTIONS_MAX];
    size_t parts;
    struct param_slice *slice; /* the net's */
    size_t slices;
    struct record *record; /* NULL: no curves */
    struct model_shape shape;
    uint64_t step, seed;
    double epoch;
};

/* ---- taking ---- */

struct checkpoint *checkpoint_take(struct trainer *trainer, struct record *record)
{
    struct checkpoint *checkpoint = mem_alloc(1, sizeof *checkpoint);
    if (!checkpoint) {
        record_free(record);
        return NULL;
    }
    checkpoint->record = record;
    const struct state *state = trainer_state(trainer);
    const struct params *params = model_params_const(trainer_model(trainer));
    checkpoint->bytes = mem_alloc(state_bytes(state), 1);
    checkpoint->slice = mem_alloc(params->slices, sizeof *checkpoint->slice);
    if (!checkpoint->bytes || !checkpoint->slice) {
        checkpoint_free(checkpoint);
        return NULL;
    }
    state_copy_out(state, checkpoint->bytes);
    memcpy(checkpoint->slice, params->slice, params->slices * sizeof *params->slice);
    checkpoint->slices = params->slices;
    for (size_t i = 0, offset = 0; i < state->sections; offset += state->section[i++].size)
        checkpoint->part[checkpoint->parts++] = (struct part){.section = state->section[i], .offset = offset};
    checkpoint->shape = *model_shape(trainer_model(trainer));
    checkpoint->step = trainer_step_count(trainer);
    checkpoint->seed = trainer_seed(trainer);
    checkpoint->epoch = trainer_epoch(trainer);
    return checkpoint;
}

void checkpoint_free(struct checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    record_free(checkpoint->record);
    mem_free(checkpoint->bytes);
    mem_free(checkpoint->slice);
    mem_free(checkpoint);
}

uint64_t checkpoint_step(const struct checkpoint *checkpoint)
{
    return checkpoint->step;
}

uint64_t checkpoint_seed(const struct checkpoint *checkpoint)
{
    return checkpoint->seed;
}

const struct model_shape *checkpoint_model_shape(const struct checkpoint *checkpoint)
{
    return &checkpoint->shape;
}

/* ---- writing ---- */

/* A note that is made here. */
struct made {
    char key[NOTE_SIZE], text[NOTE_SIZE];
};

/* What a file is made of, while it is. */
struct draft {
    struct tensor *tensor;
    size_t tensors;
    char (*name)[TENSOR_NAME_SIZE];
    float *turned;          /* room for all blocks without their padding */
    char blocks[NOTE_SIZE]; /* names of those that are not the parameters, with spaces between them */
    struct weights_note *note;
    struct made *made; /* as many */
    size_t notes;
};

static void say(struct draft *draft, const char *key, const char *text)
{
    if (text)
        draft->note[draft->notes++] = (struct weights_note){.key = key, .text = text};
}

static void say_number(struct draft *draft, const char *key, double value)
{
    char *text = draft->made[draft->notes].text;
    snprintf(text, NOTE_SIZE, "%.17g", value);
    say(draft, key, text);
}

static void say_architecture(struct draft *draft, const struct model_shape *shape)
{
    char *text = draft->made[draft->notes].text;
    say(draft, "architecture", model_describe(shape, text, NOTE_SIZE));
}

static void say_field(struct draft *draft, const char *section, const struct state_field *field, const void *data)
{
    struct made *made = &draft->made[draft->notes];
    snprintf(made->key, NOTE_SIZE, STATE_PREFIX "%s.%s", section, field->name);
    say(draft, made->key, state_field_write(field, data, made->text, NOTE_SIZE));
}

/* Copies a slice, as the block stores it, to [out][in]; returns the end of the copy. */
static float *turn(const float *block, const struct param_slice *slice, float *to)
{
    for (size_t out = 0; out < slice->out; out++)
        for (size_t in = 0; in < slice->in; in++)
            *to++ = block[param_at(slice, out, in)];
    return to;
}

static void add_part(struct draft *draft, const struct checkpoint *checkpoint, const struct part *part, float **room)
{
    const struct state_section *section = &part->section;
    const unsigned char *bytes = checkpoint->bytes + part->offset;
    const char *prefix = state_is_absent(section, bytes) ? NULL : checkpoint_block(section->name);
    for (size_t i = 0; section->fields && i < section->fields->count; i++) {
        const struct state_field field = state_field_at(section->fields, i);
        say_field(draft, section->name, &field, bytes);
    }
    if (prefix && prefix[0]) {
        const size_t length = strlen(draft->blocks);
        snprintf(draft->blocks + length, sizeof draft->blocks - length, "%s%s", length > 0 ? " " : "", section->name);
    }
    for (size_t i = 0; prefix && i < checkpoint->slices; i++) {
        struct tensor *tensor = &draft->tensor[draft->tensors];
        char *name = draft->name[draft->tensors++];
        checkpoint_describe(&checkpoint->slice[i], tensor);
        snprintf(name, TENSOR_NAME_SIZE, "%s%s", prefix, checkpoint->slice[i].name);
        tensor->name = name;
        tensor->data = *room;
        *room = turn((const float *)(const void *)bytes, &checkpoint->slice[i], *room);
    }
}

static void add_notes(struct draft *draft, const struct checkpoint *checkpoint, const struct checkpoint_notes *notes)
{
    say(draft, "format", CHECKPOINT_FORMAT);
    say(draft, "spec", notes->spec);
    say(draft, "columns", notes->columns);
    say(draft, "data", notes->data);
    say(draft, "tokenizer", notes->tokenizer);
    say(draft, "task", notes->task);
    say_architecture(draft, &checkpoint->shape);
    say_number(draft, "step", (double)checkpoint->step);
    say_number(draft, "epoch", checkpoint->epoch);
    say_number(draft, "branch", notes->branch);
    say_number(draft, "seed", (double)checkpoint->seed);
}

enum status checkpoint_write(const struct checkpoint *checkpoint, const struct checkpoint_notes *notes,
                             const char *path, struct error *error)
{
    enum status status;
    size_t floats = 0, notes_most = OTHER_NOTES;
    for (size_t i = 0; i < checkpoint->parts; i++) {
        const struct state_section *section = &checkpoint->part[i].section;
        floats += section->fields ? 0 : section->size / sizeof(float);
        notes_most += section->fields ? section->fields->count : 0;
    }
    const size_t most = checkpoint->parts * (checkpoint->slices + 1) + SERIES_COUNT + 1;
    struct record_draft curves = {.tensors = 0};
    struct draft *draft = mem_alloc(1, sizeof *draft);
    bool complete = draft && (draft->tensor = mem_alloc(most, sizeof *draft->tensor)) &&
                    (draft->name = mem_alloc(most, sizeof *draft->name)) &&
                    (draft->note = mem_alloc(notes_most, sizeof *draft->note)) &&
                    (draft->made = mem_alloc(notes_most, sizeof *draft->made)) &&
                    (draft->turned = mem_alloc(floats, sizeof *draft->turned));
    if (!complete || (checkpoint->record && !checkpoint_record_encode(checkpoint->record, &curves))) {
        status = error_memory(error);
        goto out;
    }
    float *room = draft->turned;
    add_notes(draft, checkpoint, notes);
    for (size_t i = 0; i < checkpoint->parts; i++)
        add_part(draft, checkpoint, &checkpoint->part[i], &room);
    for (size_t i = 0; i < curves.tensors; i++)
        draft->tensor[draft->tensors++] = curves.tensor[i];
    say(draft, CHECKPOINT_LISTS_BLOCKS, draft->blocks);
    say(draft, CHECKPOINT_HISTORY, checkpoint->record ? curves.list : NULL);
    status = STATUS_OK;
    for (size_t i = 0; i < draft->tensors && status == STATUS_OK; i++)
        status = checkpoint_check_finite(path, &draft->tensor[i], error);
    if (status == STATUS_OK)
        status = weights_write(path, draft->tensor, draft->tensors, draft->note, draft->notes, error);
out:
    checkpoint_record_release(&curves);
    if (draft) {
        mem_free(draft->tensor);
        mem_free(draft->name);
        mem_free(draft->note);
        mem_free(draft->made);
        mem_free(draft->turned);
    }
    mem_free(draft);
    return status;
}
