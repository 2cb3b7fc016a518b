/* Creates, checks and frees a spec, loads its toy or table, and fills in the values that the user left open. */
#include "setup/spec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/mem.h"
#include "data/batch.h"
#include "data/corpus.h"
#include "data/toys.h"
#include "learn/objective.h"
#include "setup/defaults.h"
#include "setup/spec_field.h"
#include "setup/spec_language.h"
#include "setup/spec_stage.h"

#define TABLE_TEST_FRACTION 0.25
#define FOLDER_MAX          4096 /* bytes of a path that is kept */

void spec_init(struct spec *spec)
{
    *spec = (struct spec){
        .noise = -1,
        .csv = {.task = CSV_INFER},
        .shape = {.language = {.kind = LANGUAGE_TRANSFORMER}},
        .loss = -1,
        .merges = -1,
        .seed = 1,
        .threads = 1,
    };
    knobs_default(&spec->knobs);
}

void spec_free(struct spec *spec)
{
    for (size_t i = 0; i < SPEC_TABLES; i++)
        field_free(spec_table[i], spec);
    field_free(&spec_load_fields, spec);
    field_free(&spec_output_fields, spec);
    spec_stages_free(spec);
    mem_free(spec->turn);
    *spec = (struct spec){0};
}

/* A word that can only be meant as a toy's name: nothing in it points to a file, and there is none. */
static bool means_toy(const char *task)
{
    if (file_is_stream(task) || strpbrk(task, "./"))
        return false;
    FILE *file = fopen(task, "r");
    if (file)
        fclose(file);
    return !file;
}

static enum status load_toy(struct spec *spec, const struct toy *toy, struct dataset **dataset, struct error *error)
{
    if (spec->features && toy->inputs != 2)
        return error_set(error, STATUS_USAGE, "--features is for toys of two inputs: %s has one", toy->name);
    enum status status = toy_make(dataset, toy, spec->points, spec->noise, spec->data_seed, error);
    if (status == STATUS_OK && spec->features) {
        status = toy_features(*dataset, spec->features, error);
        if (status != STATUS_OK) {
            dataset_free(*dataset);
            *dataset = NULL;
        }
    }
    return status;
}

static enum status load_table(struct spec *spec, struct dataset **dataset, struct error *error)
{
    const enum status status = file_kind_refuse_own(spec->task, error);
    if (status != STATUS_OK)
        return status;
    spec->csv.seed = spec->data_seed;
    if (spec->csv.test_fraction <= 0)
        spec->csv.test_fraction = TABLE_TEST_FRACTION;
    return csv_load(dataset, spec->task, &spec->csv, error);
}

static enum status check_loss(const struct spec *spec, const struct dataset *dataset, struct error *error)
{
    const struct loss *loss = &loss_table[spec->loss];
    const bool classify = dataset->kind == TASK_CLASSIFY;
    if (loss->classifies != classify)
        return error_set(error, STATUS_USAGE, "loss %s is for %s: %.200s is %s", loss->name,
                         loss->classifies ? "classification" : "regression", dataset->name,
                         classify ? "classification" : "regression");
    if (loss->one_logit_binary && dataset->classes != 2)
        return error_set(error, STATUS_USAGE, "loss %s is for two classes: %.200s has %zu", loss->name, dataset->name,
                         dataset->classes);
    return STATUS_OK;
}

const char *spec_reads(const struct spec *spec, const char *path)
{
    static const char data[] = "the data";
    if (!toy_find(spec->task) && (file_same(path, spec->task) || file_same(path, spec->csv.test_path)))
        return data;
    for (size_t i = 0; i < spec->stages; i++)
        if (file_same(path, spec->stage[i].data))
            return data;
    if (file_same(path, spec->recipe))
        return "the recipe";
    return file_same(path, spec->load_path) ? "the checkpoint to begin with" : NULL;
}

const char *spec_writes(const struct spec *spec, const char *path)
{
    if (file_same(path, spec->log_path))
        return "the log";
    return file_same(path, spec->save_path) ? "the checkpoint" : NULL;
}

static enum status check_output(const struct spec *spec, const char *option, const char *path, struct error *error)
{
    const char *lost = spec_reads(spec, path);
    return lost ? error_set(error, STATUS_USAGE, "%s %.200s: it would overwrite %s", option, path, lost) : STATUS_OK;
}

/* Where a run has stages it begins with the knobs of the first, unless others were said. */
static void take_first_stage(struct spec *spec)
{
    for (size_t i = 0; spec->stages > 0 && i < KNOB_COUNT; i++) {
        if (!spec->stage[0].turns[i] || spec->knob_given[i])
            continue;
        spec->knobs.value[i] = spec->stage[0].value[i];
        spec->knob_given[i] = true;
    }
}

static void fill_knob(struct spec *spec, enum knob_id knob, double value)
{
    if (!spec->knob_given[knob])
        spec->knobs.value[knob] = value;
}

/* A schedule ends where the run, or its first stage, does, as far as that is known and nothing else was said. */
static void fill_horizon(struct spec *spec, const struct dataset *dataset)
{
    const struct spec_stage *first = spec->stages > 0 ? spec->stage : NULL;
    const struct spec_end end = {
        .steps = first && first->steps > 0 ? first->steps : spec->steps,
        .epochs = first && first->epochs > 0 ? first->epochs : spec->epochs,
    };
    const double steps = spec_horizon(&end, &spec->knobs, dataset);
    if (steps > 0)
        fill_knob(spec, KNOB_HORIZON, steps);
}

double spec_horizon(const struct spec_end *end, const struct knobs *knobs, const struct dataset *dataset)
{
    double steps = (double)end->steps;
    if (end->epochs > 0) {
        const double rows = (double)batch_rows(dataset, knobs->value[KNOB_TRAIN_FRACTION]);
        const double by_epochs = ceil(end->epochs * ceil(rows / knobs->value[KNOB_BATCH]));
        steps = steps > 0 ? fmin(steps, by_epochs) : by_epochs;
    }
    return steps > 0 && knob_check(KNOB_HORIZON, steps, NULL) == STATUS_OK ? steps : 0;
}

static void fill_net(struct spec *spec, const struct dataset *dataset)
{
    const struct toy *toy = toy_find(spec->task);
    const struct task_default *row = default_for(toy ? toy->name : NULL, dataset);
    if (!spec->net_given) {
        spec->shape.net.hidden_count = 0;
        while (spec->shape.net.hidden_count < DEFAULT_HIDDEN_MAX && row->hidden[spec->shape.net.hidden_count]) {
            spec->shape.net.hidden[spec->shape.net.hidden_count] = row->hidden[spec->shape.net.hidden_count];
            spec->shape.net.hidden_count++;
        }
    }
    if (!spec->activation_given)
        spec->shape.net.activation = row->activation;
    if (row->start && spec->shape.net.hidden_count == 0 && spec->loss == LOSS_MSE) {
        spec->start = row->start;
        spec->start_count = row->start_count;
    }
    if (spec->csv.test_fraction <= 0)
        spec->csv.test_fraction = TABLE_TEST_FRACTION;
    fill_knob(spec, KNOB_OPTIMIZER, row->optimizer);
    /* A rate belongs to its optimiser. */
    const enum optimizer_id optimizer = (enum optimizer_id)spec->knobs.value[KNOB_OPTIMIZER];
    fill_knob(spec, KNOB_LR, optimizer == row->optimizer ? row->lr : optimizer_row(optimizer)->default_lr);
    fill_knob(spec, KNOB_BATCH, fmin(row->batch, (double)dataset->train));
    fill_knob(spec, KNOB_SPEED, row->speed);
}

static void fill_language(struct spec *spec, const struct dataset *dataset)
{
    const struct language_default *row = spec_language_fill(spec, dataset);
    if (spec->csv.test_fraction <= 0)
        spec->csv.test_fraction = CORPUS_TEST_FRACTION;
    fill_knob(spec, KNOB_OPTIMIZER, DEFAULT_LANGUAGE_OPTIMIZER);
    const enum optimizer_id optimizer = (enum optimizer_id)spec->knobs.value[KNOB_OPTIMIZER];
    const bool usual = optimizer == DEFAULT_LANGUAGE_OPTIMIZER;
    fill_knob(spec, KNOB_LR, usual ? row->lr : optimizer_row(optimizer)->default_lr);
    fill_knob(spec, KNOB_BATCH, fmin(row->batch, (double)dataset->train));
    fill_knob(spec, KNOB_WEIGHT_DECAY, DEFAULT_LANGUAGE_DECAY);
    fill_knob(spec, KNOB_CLIP, DEFAULT_LANGUAGE_CLIP);
    fill_knob(spec, KNOB_SPEED, DEFAULT_LANGUAGE_SPEED);
}

void spec_fill(struct spec *spec, const struct dataset *dataset)
{
    take_first_stage(spec);
    if (spec->loss < 0)
        spec->loss = (int)objective_for(dataset->kind)->usual_loss;
    (dataset->kind == TASK_TEXT ? fill_language : fill_net)(spec, dataset);
    fill_horizon(spec, dataset);
}

static bool is_relative(const char *path)
{
    return path && path[0] != '/' && strcmp(path, "-") != 0;
}

/* A journal or a checkpoint may be opened in another one.  Where there is no name for it, nothing is said. */
static enum status take_folder(struct spec *spec, struct error *error)
{
    char here[FOLDER_MAX];
    bool relative = is_relative(spec->load_path) ||
                    (!toy_find(spec->task) && (is_relative(spec->task) || is_relative(spec->csv.test_path)));
    for (size_t i = 0; i < spec->stages; i++)
        relative |= is_relative(spec->stage[i].data);
    mem_free(spec->folder);
    spec->folder = NULL;
    if (!relative || !getcwd(here, sizeof here))
        return STATUS_OK;
    return (spec->folder = mem_string(here)) ? STATUS_OK : error_memory(error);
}

enum status spec_begin(struct spec *spec, struct error *error)
{
    if (!spec->task && !(spec->task = mem_string("spiral")))
        return error_memory(error);
    if (!spec->data_seed_given)
        spec->data_seed = spec->seed;
    if (spec_is_text(spec))
        spec->shape.kind = MODEL_LANGUAGE;
    enum status status = take_folder(spec, error);
    if (status == STATUS_OK)
        status = check_output(spec, "--log", spec->log_path, error);
    if (status == STATUS_OK && file_same(spec->save_path, spec->log_path))
        return error_set(error, STATUS_USAGE, "--save %.200s: the log is there", spec->save_path);
    if (status != STATUS_OK || file_same(spec->save_path, spec->load_path)) /* a run may go on in its own checkpoint */
        return status;
    return check_output(spec, "--save", spec->save_path, error);
}

enum status spec_load(struct spec *spec, struct dataset **dataset, struct error *error)
{
    *dataset = NULL;
    enum status status = spec_begin(spec, error);
    if (status != STATUS_OK)
        return status;
    const struct toy *toy = toy_find(spec->task);
    if (!toy && means_toy(spec->task))
        return toy_unknown(spec->task, error);
    status = spec_refuse(spec, toy ? SPEC_TOY : SPEC_TABLE, error);
    if (status == STATUS_OK)
        status = toy ? load_toy(spec, toy, dataset, error) : load_table(spec, dataset, error);
    if (status != STATUS_OK)
        return status;
    spec_fill(spec, *dataset);
    status = check_loss(spec, *dataset, error);
    if (status != STATUS_OK) {
        dataset_free(*dataset);
        *dataset = NULL;
    }
    return status;
}
