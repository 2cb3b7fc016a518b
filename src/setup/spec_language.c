/* Checks the fields of a spec for a text, and fills in the shape of its language model. */
#include "setup/spec_language.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "data/toys.h"
#include "learn/objective.h"
#include "setup/spec_field.h"

/* A text needs a window for training and one for the test, and is more use with several: a byte may be a token. */
#define BYTES_A_CONTEXT 16

/* ---- which task is a text ---- */

static const char *const text_endings[] = {
    ".txt", ".text", ".md", ".log", ".c", ".h", ".py", ".js", ".html", ".json", ".xml", ".tex",
};

bool spec_is_text(const struct spec *spec)
{
    if (spec->language_given || !spec->task || toy_find(spec->task))
        return spec->language_given;
    const char *slash = strrchr(spec->task, '/'), *dot = strrchr(slash ? slash : spec->task, '.');
    for (size_t i = 0; dot && i < sizeof text_endings / sizeof text_endings[0]; i++)
        if (strcasecmp(dot, text_endings[i]) == 0)
            return true;
    return false;
}

/* ---- what does not go together ---- */

/* A text has one loss, which its journal names. */
static enum status check_loss(const struct spec *spec, struct error *error)
{
    if (spec->loss < 0 || spec->loss == LOSS_CROSS_ENTROPY)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "--loss is for tables and toys: %.200s is a text", spec->task);
}

static enum status check_model_options(const struct spec *spec, struct error *error)
{
    const struct language_spec *model = &spec->shape.language;
    const struct language_type *type = &language_table[model->kind];
    const struct {
        const char *name;
        bool refused;
    } size[] = {
        {"width", model->width && !type->has_width},    {"window", model->window && !type->has_window},
        {"layers", model->layers && !type->has_blocks}, {"heads", model->heads && !type->has_blocks},
        {"tie", model->tie && !type->has_blocks},       {"lora", model->lora_rank && !type->has_blocks},
    };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof size / sizeof size[0] && !name; i++)
        name = size[i].refused ? size[i].name : NULL;
    if (!name)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "--%s: a model of kind %s has none", name, type->name);
}

static enum status check_knobs(const struct spec *spec, struct error *error)
{
    bool sets[KNOB_COUNT];
    for (size_t i = 0; i < KNOB_COUNT; i++)
        sets[i] = spec->knobs.value[i] > 0;
    for (size_t i = 0; i < spec->turns; i++)
        sets[spec->turn[i].knob] = true;
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const char *reason = refusal_find(objective_for(TASK_TEXT)->refuses, knob_table[i].name);
        if (sets[i] && reason)
            return error_set(error, STATUS_USAGE, "%s: %s", knob_table[i].name, reason);
    }
    return STATUS_OK;
}

enum status spec_language_check(const struct spec *spec, struct error *error)
{
    if (toy_find(spec->task) || file_is_stream(spec->task))
        return error_set(error, STATUS_USAGE, "--model is for texts: %.200s is %s", spec->task,
                         toy_find(spec->task) ? "a toy" : "standard input, and a text is read from a file");
    enum status status = spec_refuse(spec, SPEC_TEXT, error);
    if (status == STATUS_OK)
        status = check_loss(spec, error);
    if (status == STATUS_OK)
        status = check_model_options(spec, error);
    return status == STATUS_OK ? check_knobs(spec, error) : status;
}

/* ---- sizes ---- */

size_t spec_language_context(const struct spec *spec, double bytes)
{
    size_t context = DEFAULT_LANGUAGE_CONTEXT;
    if (spec->shape.language.context > 0)
        return spec->shape.language.context;
    while (context > 1 && (double)context * BYTES_A_CONTEXT > bytes)
        context /= 2;
    return context;
}

static void fill(size_t *size, bool has, size_t standard)
{
    if (has && *size == 0)
        *size = standard;
}

/* The stages that train adapters say how large these are. */
static size_t rank_of_stages(const struct spec *spec)
{
    for (size_t i = 0; i < spec->stages; i++)
        if (spec->stage[i].part == LANGUAGE_ADAPTERS)
            return spec->stage[i].rank;
    return 0;
}

const struct language_default *spec_language_fill(struct spec *spec, const struct dataset *dataset)
{
    struct language_spec *model = &spec->shape.language;
    const struct language_type *type = &language_table[model->kind];
    const struct language_default *row = default_for_language(model->kind, dataset->train * dataset->inputs);
    spec->shape.kind = MODEL_LANGUAGE;
    model->vocabulary = dataset->classes;
    fill(&model->context, true, dataset->inputs);
    fill(&model->layers, type->has_blocks, row->layers);
    fill(&model->width, type->has_width, row->width);
    fill(&model->lora_rank, type->has_blocks, rank_of_stages(spec));
    fill(&model->window, type->has_window, row->window < model->context ? row->window : model->context);
    /* As many heads as are usual and the width can be shared out among. */
    size_t heads = row->heads;
    while (heads > 1 && model->width % heads != 0)
        heads--;
    fill(&model->heads, type->has_blocks, heads);
    return row;
}

enum status spec_language_reshape(struct spec *spec, const struct dataset *dataset, struct error *error)
{
    if (spec->shape.kind != MODEL_LANGUAGE || dataset->kind != TASK_TEXT)
        return spec_refuse(spec, toy_find(spec->task) ? SPEC_TOY : SPEC_TABLE, error);
    const enum status status = spec_language_check(spec, error);
    if (status == STATUS_OK)
        spec_language_fill(spec, dataset);
    return status;
}
