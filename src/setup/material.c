/* Loads the data of all stages of a run, each file once, and the tokenizer of its texts. */
#include "setup/material.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "data/corpus.h"
#include "setup/spec_language.h"
#include "setup/spec_stage.h"

struct source_file {
    const char *path; /* the spec's */
    bool pairs;
    struct dataset *dataset;
};

struct material {
    struct source_file file[TRAINER_STAGES_MAX + 1]; /* the task's first */
    size_t files;
    const struct tokenizer *tokenizer;
    struct trainer_stage stage[TRAINER_STAGES_MAX];
    size_t stages;
};

void material_free(struct material *material)
{
    if (!material)
        return;
    /* The first text's tokenizer serves the others. */
    while (material->files > 0)
        dataset_free(material->file[--material->files].dataset);
    mem_free(material);
}

size_t material_stages(const struct material *material)
{
    return material->stages;
}

const struct trainer_stage *material_stage(const struct material *material, size_t number)
{
    return &material->stage[number];
}

size_t material_bytes(const struct material *material)
{
    size_t bytes = 0;
    for (size_t i = 0; i < material->files; i++)
        bytes += dataset_bytes(material->file[i].dataset);
    return bytes;
}

uint64_t material_hash(const struct material *material)
{
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < material->files; i++) {
        const uint64_t of_file = dataset_hash(material->file[i].dataset);
        hash = hash_bytes(hash, &of_file, sizeof of_file);
    }
    return hash;
}

const struct tokenizer *material_tokenizer(const struct material *material)
{
    return material->tokenizer;
}

/* ---- texts ---- */

/* That windows can be cut from; pairs are no windows, and any context that they fit in will do. */
static double bytes_of(const char *path)
{
    struct stat about;
    if (spec_is_pairs(path))
        return INFINITY;
    return stat(path, &about) == 0 ? (double)about.st_size : 0;
}

static enum status load_corpus(struct material *material, const struct spec *spec, struct source_file *file,
                               struct error *error)
{
    const struct corpus_options options = {
        .context = spec->shape.language.context,
        .merges = spec->merges,
        .tokenizer = material->tokenizer,
        .test_fraction = spec->csv.test_fraction,
        .seed = spec->data_seed,
    };
    struct corpus *corpus = NULL;
    if (file->pairs && !options.tokenizer)
        return error_set(
            error, STATUS_USAGE,
            "%.200s is a table, by its name: a language model learns its rows as prompts and responses only "
            "after a text: --load such a model or use a recipe; a table of its own needs no --model",
            file->path);
    enum status status = (file->pairs ? corpus_load_pairs : corpus_load_text)(&corpus, file->path, &options, error);
    if (status == STATUS_OK)
        status = dataset_from_corpus(&file->dataset, corpus, error);
    if (status == STATUS_OK)
        material->tokenizer = corpus_tokenizer(file->dataset->corpus);
    return status;
}

/* The data set of a file that is there; NULL: it is not. */
static const struct dataset *find_file(const struct material *material, const char *path, bool pairs)
{
    for (size_t i = 0; i < material->files; i++)
        if (material->file[i].pairs == pairs &&
            (strcmp(material->file[i].path, path) == 0 || file_same(material->file[i].path, path)))
            return material->file[i].dataset;
    return NULL;
}

static enum status take_file(struct material *material, const struct spec *spec, const char *path, bool pairs,
                             const struct dataset **out, struct error *error)
{
    if ((*out = find_file(material, path, pairs)) != NULL)
        return STATUS_OK;
    struct source_file *file = &material->file[material->files];
    *file = (struct source_file){.path = path, .pairs = pairs};
    enum status status = load_corpus(material, spec, file, error);
    if (status == STATUS_OK)
        material->files++;
    *out = file->dataset;
    return status;
}

static enum status load_texts(struct material *material, struct spec *spec, struct error *error)
{
    const struct dataset *dataset, *first = NULL;
    enum status status = spec_language_check(spec, error);
    if (status == STATUS_OK)
        status = spec_stages_check(spec, error);
    if (status != STATUS_OK)
        return status;
    spec->shape.language.context = spec_language_context(spec, bytes_of(spec->task));
    status = take_file(material, spec, spec->task, spec_is_pairs(spec->task), &first, error);
    for (size_t i = 0; i < spec->stages && status == STATUS_OK; i++) {
        const struct spec_stage *stage = &spec->stage[i];
        status = take_file(material, spec, spec_stage_data(spec, stage),
                           objective_table[spec_stage_objective(spec, stage)]->pairs, &dataset, error);
        if (i == 0)
            first = dataset;
    }
    if (status != STATUS_OK)
        return status;
    spec_fill(spec, first);
    return language_check(&spec->shape.language, error);
}

/* ---- stages ---- */

/* A table or a toy is one data set for all stages. */
static const struct dataset *dataset_of(const struct material *material, const struct spec *spec,
                                        const struct spec_stage *stage)
{
    if (spec->shape.kind != MODEL_LANGUAGE)
        return material->file[0].dataset;
    return find_file(material, spec_stage_data(spec, stage), objective_table[spec_stage_objective(spec, stage)]->pairs);
}

/* What a stage turns, with what follows from the data and from where it ends.  Of `knobs`, those of the stage before,
 * are made its own; the first begins with the run's, which hold already what it says. */
static void turn_knobs(struct trainer_stage *stage, const struct spec_stage *said, bool first, struct knobs *knobs)
{
    memcpy(stage->turns, said->turns, sizeof stage->turns);
    memcpy(stage->value, said->value, sizeof stage->value);
    const double rows = (double)stage->dataset->train;
    if (stage->turns[KNOB_BATCH])
        stage->value[KNOB_BATCH] = fmin(stage->value[KNOB_BATCH], rows);
    for (size_t i = 0; i < KNOB_COUNT && !first; i++)
        if (stage->turns[i])
            knobs->value[i] = stage->value[i];
    knobs->value[KNOB_BATCH] = fmin(knobs->value[KNOB_BATCH], rows);
    const struct spec_end end = {.steps = said->steps, .epochs = said->epochs};
    const double horizon = stage->turns[KNOB_HORIZON] ? 0 : spec_horizon(&end, knobs, stage->dataset);
    if (horizon > 0) {
        stage->turns[KNOB_HORIZON] = true;
        stage->value[KNOB_HORIZON] = horizon;
    }
}

static void add_stage(struct material *material, const struct spec *spec, const struct spec_stage *said,
                      struct knobs *knobs)
{
    const bool first = material->stages == 0;
    struct trainer_stage *stage = &material->stage[material->stages++];
    const struct dataset *dataset = dataset_of(material, spec, said);
    *stage = (struct trainer_stage){
        .name = said->name,
        .objective =
            dataset->kind == TASK_TEXT ? spec_stage_objective(spec, said) : objective_usual(dataset->kind, false),
        .dataset = dataset,
        .loss = (enum loss_id)spec->loss,
        .part = said->part,
        .blocks = said->blocks,
        .steps = said->steps,
        .epochs = said->epochs,
        .test_loss = said->test_loss,
        .ends_with_best = said->end_given ? said->end_with_best : spec->end_with_best,
    };
    turn_knobs(stage, said, first, knobs);
}

static void add_stages(struct material *material, const struct spec *spec)
{
    const struct spec_stage whole = {.name = "train", .objective = -1};
    struct knobs knobs = spec->knobs;
    if (spec->stages == 0)
        add_stage(material, spec, &whole, &knobs);
    for (size_t i = 0; i < spec->stages; i++)
        add_stage(material, spec, &spec->stage[i], &knobs);
}

static enum status load(struct material *material, struct spec *spec, struct error *error)
{
    enum status status = spec_begin(spec, error);
    if (status != STATUS_OK)
        return status;
    if (spec_is_text(spec)) {
        status = load_texts(material, spec, error);
    } else {
        material->file[0] = (struct source_file){.path = spec->task};
        status = spec_load(spec, &material->file[0].dataset, error);
        material->files = status == STATUS_OK;
    }
    if (status == STATUS_OK)
        status = spec_stages_check(spec, error);
    if (status == STATUS_OK)
        add_stages(material, spec);
    return status;
}

enum status material_load(struct material **out, struct spec *spec, const struct tokenizer *given, struct error *error)
{
    *out = NULL;
    struct material *material = mem_alloc(1, sizeof *material);
    if (!material)
        return error_memory(error);
    material->tokenizer = given;
    const enum status status = load(material, spec, error);
    if (status != STATUS_OK) {
        material_free(material);
        return status;
    }
    *out = material;
    return STATUS_OK;
}
