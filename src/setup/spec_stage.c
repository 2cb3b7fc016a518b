/* Reads, writes and checks the stages of a spec. */
#include "setup/spec_stage.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/field.h"
#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "base/text.h"
#include "learn/trainer.h"

/* ---- keys ---- */

/* Those that ask something of a text. */
static size_t text_objectives(const char *names[OBJECTIVE_COUNT])
{
    size_t count = 0;
    for (size_t i = 0; i < OBJECTIVE_COUNT; i++)
        if (objective_table[i]->takes == TASK_TEXT)
            names[count++] = objective_table[i]->name;
    return count;
}

static enum status read_objective(void *owner, const struct field *field, const char *value, struct error *error)
{
    struct spec_stage *stage = owner;
    for (size_t i = 0; i < OBJECTIVE_COUNT; i++)
        if (objective_table[i]->takes == TASK_TEXT && strcmp(objective_table[i]->name, value) == 0) {
            stage->objective = (int)i;
            return STATUS_OK;
        }
    const char *names[OBJECTIVE_COUNT];
    char near[256];
    const size_t count = text_objectives(names);
    return error_set(error, STATUS_USAGE, "%s: unknown name '%.60s'%s", field->name, value,
                     name_suggest(near, sizeof near, value, names, count));
}

static bool write_objective(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const struct spec_stage *stage = owner;
    if (stage->objective >= 0)
        lines_add(out, "%s", objective_table[stage->objective]->name);
    return stage->objective >= 0;
}

/* What is trained; a number goes with all but the first. */
static const char *const part_name[] = {
    [LANGUAGE_ALL] = "all",
    [LANGUAGE_LAST] = "last-blocks",
    [LANGUAGE_ADAPTERS] = "lora",
};
enum { PARTS = sizeof part_name / sizeof part_name[0] };
static_assert(PARTS == LANGUAGE_ADAPTERS + 1, "a name for each part");

static enum status read_train(void *owner, const struct field *field, const char *value, struct error *error)
{
    struct spec_stage *stage = owner;
    const size_t length = strcspn(value, ": ");
    const char *number = value[length] ? value + length + 1 + strspn(value + length + 1, " ") : NULL;
    size_t part = 0;
    uint64_t count = 0;
    while (part < PARTS && !(strlen(part_name[part]) == length && strncmp(part_name[part], value, length) == 0))
        part++;
    if (part == PARTS || (part == LANGUAGE_ALL) != !number ||
        (number && (!number_parse_u64(number, &count) || count < 1 || count > LANGUAGE_WIDTH_MAX)))
        return field_wrong(field, value, "must be all, last-blocks:N or lora:N", error);
    stage->part = (enum language_part)part;
    stage->blocks = part == LANGUAGE_LAST ? (size_t)count : 0;
    stage->rank = part == LANGUAGE_ADAPTERS ? (size_t)count : 0;
    return STATUS_OK;
}

static bool write_train(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const struct spec_stage *stage = owner;
    if (stage->part != LANGUAGE_ALL)
        lines_add(out, "%s:%zu", part_name[stage->part], stage->part == LANGUAGE_LAST ? stage->blocks : stage->rank);
    return stage->part != LANGUAGE_ALL;
}

/* Not quoted by itself: the whole word is. */
static bool write_data(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const struct spec_stage *stage = owner;
    if (stage->data)
        lines_add(out, "%s", stage->data);
    return stage->data;
}

const char *spec_end_with(size_t number)
{
    static const char *const name[] = {"last", "best"};
    return number < 2 ? name[number] : NULL;
}

static bool end_is_given(const void *owner)
{
    return ((const struct spec_stage *)owner)->end_given;
}

#define AT(member) .offset = offsetof(struct spec_stage, member)
#define ABOVE_0    .min_open = true, .max = FIELD_UNBOUNDED

static const struct field key_rows[] = {
    {.name = "objective", .type = FIELD_OWN, .read = read_objective, .write = write_objective},
    {.name = "data", .type = FIELD_STRING, AT(data), .file = true, .output = true, .write = write_data},
    {.name = "train", .type = FIELD_OWN, .read = read_train, .write = write_train},
    {.name = "steps", .type = FIELD_NUMBER, .store = FIELD_U64, AT(steps), ABOVE_0},
    {.name = "epochs", .type = FIELD_NUMBER, AT(epochs), ABOVE_0},
    {.name = "loss", .type = FIELD_NUMBER, AT(test_loss), ABOVE_0},
    {
        .name = "end-with",
        .type = FIELD_CHOICE,
        .store = FIELD_BOOL,
        AT(end_with_best),
        .choice = spec_end_with,
        .unset = -1,
        .given = offsetof(struct spec_stage, end_given),
        .applies = end_is_given,
    },
};
static const struct field_table key_table = {FIELD_ROWS(key_rows)};

static enum status unknown_key(const char *key, struct error *error)
{
    const char *names[FIELD_NAMES_MAX];
    char near[96];
    size_t count = field_names(&key_table, names, 0);
    for (size_t i = 0; i < KNOB_COUNT && count < FIELD_NAMES_MAX; i++)
        if (knob_table[i].affects_state)
            names[count++] = knob_table[i].name;
    return error_set(error, STATUS_USAGE, "%.60s: a stage has no such setting%s", key,
                     name_hint(near, sizeof near, "", key, names, count));
}

static enum status set_knob(struct spec_stage *stage, enum knob_id knob, const char *value, struct error *error)
{
    struct error why;
    double turned;
    if (!knob_table[knob].affects_state)
        return error_set(error, STATUS_USAGE,
                         "%s %.100s: it changes nothing that is learnt, and is said of the whole run",
                         knob_table[knob].name, value);
    const enum status status = knob_read(knob, value, &turned, &why);
    if (status != STATUS_OK)
        return error_set(error, status, "%s %.60s: %s", knob_table[knob].name, value, why.message);
    stage->turns[knob] = true;
    stage->value[knob] = turned;
    return STATUS_OK;
}

enum status spec_stage_set(struct spec_stage *stage, const char *key, const char *value, struct error *error)
{
    const struct field *field = field_find(&key_table, key);
    if (field)
        return field_read(stage, field, value, error);
    const enum knob_id knob = knob_find(key);
    return knob == KNOB_COUNT ? unknown_key(key, error) : set_knob(stage, knob, value, error);
}

/* ---- stages ---- */

static bool is_name(const char *name)
{
    const size_t length = strlen(name);
    return length > 0 && length <= SPEC_STAGE_NAME_MAX && text_is_printable(name);
}

enum status spec_stage_find(struct spec *spec, const char *name, struct spec_stage **stage, struct error *error)
{
    for (size_t i = 0; i < spec->stages; i++)
        if (strcmp(spec->stage[i].name, name) == 0) {
            *stage = &spec->stage[i];
            return STATUS_OK;
        }
    if (!is_name(name))
        return error_set(error, STATUS_USAGE, "stage: a name has 1 to %d characters that can be printed",
                         SPEC_STAGE_NAME_MAX);
    if (spec->stages == TRAINER_STAGES_MAX)
        return error_set(error, STATUS_USAGE, "stage %s: there are %d already, which is the most", name,
                         TRAINER_STAGES_MAX);
    char *copy = mem_string(name);
    struct spec_stage *grown = copy ? mem_resize(spec->stage, spec->stages, spec->stages + 1, sizeof *grown) : NULL;
    if (!grown) {
        mem_free(copy);
        return error_memory(error);
    }
    spec->stage = grown;
    *stage = &grown[spec->stages++];
    **stage = (struct spec_stage){.name = copy, .objective = -1};
    return STATUS_OK;
}

void spec_stages_free(struct spec *spec)
{
    for (size_t i = 0; i < spec->stages; i++) {
        mem_free(spec->stage[i].name);
        mem_free(spec->stage[i].data);
    }
    mem_free(spec->stage);
    spec->stage = NULL;
    spec->stages = 0;
}

static enum status take_word(struct spec_stage *stage, char *word, struct error *error)
{
    char *equals = word ? strchr(word, '=') : NULL;
    struct error why;
    if (!word)
        return error_set(error, STATUS_USAGE, "stage %s: a quoted word is not whole", stage->name);
    if (!equals)
        return error_set(error, STATUS_USAGE, "stage %s: '%.60s': must be KEY=VALUE, such as steps=500", stage->name,
                         word);
    *equals = '\0';
    const enum status status = spec_stage_set(stage, word, equals + 1, &why);
    return status == STATUS_OK ? status : error_set(error, status, "stage %s: %s", stage->name, why.message);
}

enum status spec_stage_read(struct spec *spec, const char *words, struct error *error)
{
    char *copy = mem_string(words), *at = copy, *word;
    struct spec_stage *stage;
    struct error why;
    if (!copy)
        return error_memory(error);
    enum status status = line_word(&at, &word)
                             ? STATUS_OK
                             : error_set(error, STATUS_USAGE, "stage: a name is needed, such as fine-tune");
    if (status == STATUS_OK && !word)
        status = error_set(error, STATUS_USAGE, "stage: a quoted word is not whole");
    if (status == STATUS_OK && (status = spec_stage_find(spec, word, &stage, &why)) != STATUS_OK)
        error_set(error, status, "%s", why.message);
    while (status == STATUS_OK && line_word(&at, &word))
        status = take_word(stage, word, error);
    mem_free(copy);
    return status;
}

static void write_word(struct lines *out, const char *key, struct lines *value)
{
    struct lines word = {0};
    lines_add(&word, "%s=%s", key, value->text ? value->text : "");
    lines_add(out, " ");
    if (word.text)
        lines_word(out, word.text);
    out->failed |= word.failed || value->failed;
    mem_free(word.text);
}

void spec_stage_write(const struct spec_stage *stage, struct lines *out)
{
    lines_word(out, stage->name);
    for (size_t i = 0; i < key_table.count; i++) {
        struct lines value = {0};
        if (field_write(stage, &key_rows[i], 0, &value))
            write_word(out, key_rows[i].name, &value);
        mem_free(value.text);
    }
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        char value[40];
        if (stage->turns[i])
            lines_add(out, " %s=%s", knob_table[i].name,
                      knob_write((enum knob_id)i, stage->value[i], value, sizeof value));
    }
}

bool spec_is_pairs(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcasecmp(dot, ".tsv") == 0 || strcasecmp(dot, ".csv") == 0);
}

const char *spec_stage_data(const struct spec *spec, const struct spec_stage *stage)
{
    return stage->data ? stage->data : spec->task;
}

enum objective_id spec_stage_objective(const struct spec *spec, const struct spec_stage *stage)
{
    if (stage->objective >= 0)
        return (enum objective_id)stage->objective;
    return objective_usual(TASK_TEXT, spec_is_pairs(spec_stage_data(spec, stage)));
}

/* ---- checks ---- */

/* The objective, the data and the part of a model are matters of texts. */
static enum status check_plain(const struct spec *spec, const struct spec_stage *stage, struct error *error)
{
    const char *said = stage->objective >= 0         ? "objective"
                       : stage->data                 ? "data"
                       : stage->part != LANGUAGE_ALL ? "train"
                                                     : NULL;
    if (!said)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "stage %s: %s is for texts: %.100s is none", stage->name, said, spec->task);
}

static enum status check_data(const struct spec *spec, const struct spec_stage *stage, struct error *error)
{
    const bool pairs = spec_is_pairs(spec_stage_data(spec, stage));
    const struct objective *objective = objective_table[spec_stage_objective(spec, stage)];
    if (objective->pairs && !pairs)
        return error_set(error, STATUS_USAGE, "stage %s: %s needs data: a .tsv or .csv file of prompts and responses",
                         stage->name, objective->name);
    if (!objective->pairs && pairs)
        return error_set(error, STATUS_USAGE, "stage %s: %s needs a text: %.100s holds pairs", stage->name,
                         objective->name, spec_stage_data(spec, stage));
    return STATUS_OK;
}

/* The rank of the model's adapters, as far as it was said: of the model itself, or of the first stage that trains
 * them. */
static size_t said_rank(const struct spec *spec)
{
    for (size_t i = 0; spec->shape.language.lora_rank == 0 && i < spec->stages; i++)
        if (spec->stage[i].part == LANGUAGE_ADAPTERS)
            return spec->stage[i].rank;
    return spec->shape.language.lora_rank;
}

/* Layers that are 0 are not known yet. */
static enum status check_part(const struct spec *spec, const struct spec_stage *stage, struct error *error)
{
    const struct language_spec *model = &spec->shape.language;
    const struct language_type *type = &language_table[model->kind];
    const size_t blocks = type->has_blocks ? model->layers : type->has_window ? 1 : 0;
    const bool known = !type->has_blocks || model->layers > 0;
    if (stage->part == LANGUAGE_ADAPTERS && !type->has_blocks)
        return error_set(error, STATUS_USAGE, "stage %s: lora needs a transformer: the model is of kind %s",
                         stage->name, type->name);
    if (stage->part == LANGUAGE_ADAPTERS && stage->rank != said_rank(spec))
        return error_set(error, STATUS_USAGE, "stage %s: lora %zu: the model's adapters have rank %zu", stage->name,
                         stage->rank, said_rank(spec));
    if (stage->part == LANGUAGE_LAST && known && stage->blocks > blocks)
        return error_set(error, STATUS_USAGE, "stage %s: last-blocks %zu: the model has %zu", stage->name,
                         stage->blocks, blocks);
    return STATUS_OK;
}

static enum status check_knobs(const struct spec *spec, const struct spec_stage *stage, struct error *error)
{
    const struct objective *objective = objective_table[spec_stage_objective(spec, stage)];
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        const char *reason = refusal_find(objective->refuses, knob_table[i].name);
        if (stage->turns[i] && reason)
            return error_set(error, STATUS_USAGE, "stage %s: %s: %s", stage->name, knob_table[i].name, reason);
    }
    return STATUS_OK;
}

enum status spec_stage_check(const struct spec *spec, const struct spec_stage *stage, struct error *error)
{
    if (spec->shape.kind != MODEL_LANGUAGE)
        return check_plain(spec, stage, error);
    enum status status = check_data(spec, stage, error);
    if (status == STATUS_OK)
        status = check_part(spec, stage, error);
    return status == STATUS_OK ? check_knobs(spec, stage, error) : status;
}

static enum status check_dropout(const struct spec *spec, const struct spec_stage *stage, struct error *error)
{
    if (!stage->turns[KNOB_DROPOUT] || stage->value[KNOB_DROPOUT] <= 0 || model_can_drop(&spec->shape))
        return STATUS_OK;
    return error_set(error, STATUS_USAGE, "stage %s: dropout: the model has no hidden layer to drop units from",
                     stage->name);
}

enum status spec_stages_check(const struct spec *spec, struct error *error)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < spec->stages && status == STATUS_OK; i++)
        if ((status = spec_stage_check(spec, &spec->stage[i], error)) == STATUS_OK)
            status = check_dropout(spec, &spec->stage[i], error);
    return status;
}
