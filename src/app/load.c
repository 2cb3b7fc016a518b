/* Decides whether --load continues a run or starts another one from its weights, whose shape it takes over. */
#include "app/load.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "setup/spec_stage.h"

static bool same_path(const char *a, const char *b)
{
    return strcmp(a, b) == 0 || file_same(a, b);
}

static bool same_stage(const struct spec *x, const struct spec *y, size_t number)
{
    const struct spec_stage *a = &x->stage[number], *b = &y->stage[number];
    return strcmp(a->name, b->name) == 0 && spec_stage_objective(x, a) == spec_stage_objective(y, b) &&
           same_path(spec_stage_data(x, a), spec_stage_data(y, b)) && a->part == b->part && a->blocks == b->blocks &&
           a->rank == b->rank;
}

static bool same_course(const struct spec *x, const struct spec *y)
{
    bool same = x->task && y->task && same_path(x->task, y->task) && x->stages == y->stages;
    for (size_t i = 0; same && i < x->stages; i++)
        same = same_stage(x, y, i);
    return same;
}

enum status load_no_task(const struct checkpoint_file *file, const char *path, struct error *error)
{
    if (checkpoint_has_state(file))
        return error_set(error, STATUS_FAILED, "%s: the entry 'spec' of its metadata names no task", path);
    return error_set(error, STATUS_USAGE, "--load %s: its weights are a start: say what is to be learnt from there",
                     path);
}

enum status load_is_start(const struct checkpoint_file *file, const struct spec *said, bool *start, struct error *error)
{
    const bool language = checkpoint_is_language(file), state = checkpoint_has_state(file);
    *start = language && said->task;
    if (language && !said->task && !state)
        return load_no_task(file, said->load_path, error);
    if (!*start || !state)
        return STATUS_OK;
    struct spec theirs;
    spec_init(&theirs);
    const enum status status = checkpoint_spec(file, &theirs, error);
    *start = status == STATUS_OK && !same_course(&theirs, said);
    spec_free(&theirs);
    return status;
}

static void fill(size_t *size, size_t found)
{
    if (*size == 0)
        *size = found;
}

enum status load_take_shape(const struct checkpoint_file *file, struct spec *spec, struct error *error)
{
    struct spec theirs;
    spec_init(&theirs);
    struct language_spec *ours = &spec->shape.language;
    theirs.shape.language.heads = ours->heads;
    const enum status status = checkpoint_spec(file, &theirs, error);
    const struct language_spec *found = &theirs.shape.language;
    if (status == STATUS_OK) {
        if (!spec->language_given)
            ours->kind = found->kind;
        if (!checkpoint_note(file, "spec") && ours->heads == 0 && found->heads > 0)
            fprintf(stderr, "downhill: %s: does not say how many heads it has: taken to be %zu (--heads)\n",
                    spec->load_path, found->heads);
        fill(&ours->context, found->context);
        fill(&ours->width, found->width);
        fill(&ours->window, found->window);
        fill(&ours->layers, found->layers);
        fill(&ours->heads, found->heads);
        fill(&ours->lora_rank, found->lora_rank);
        ours->tie |= found->tie;
        spec->language_given = spec->load_weights = true;
    }
    spec_free(&theirs);
    return status;
}
