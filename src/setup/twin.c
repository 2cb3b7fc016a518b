/* Parses the differences of a twin ("lr=0.3 hidden=16,16") and applies them to its start or its model. */
#include "setup/twin.h"

#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/number.h"
#include "setup/spec_field.h"

static const char scratch_word[] = "scratch";

static bool is_model_word(const char *name)
{
    const struct field *field = field_find_in(spec_table, SPEC_TABLES, name);
    return field && field->shapes_model;
}

static enum status unknown(const char *name, struct error *error)
{
    const char *names[FIELD_NAMES_MAX + 2];
    size_t count = 0;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (knob_table[i].affects_state)
            names[count++] = knob_table[i].name;
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; k < spec_table[i]->count && count < FIELD_NAMES_MAX; k++)
            if (spec_table[i]->row[k].shapes_model)
                names[count++] = spec_table[i]->row[k].name;
    names[count++] = "seed";
    names[count++] = scratch_word;
    char hint[256];
    return error_set(error, STATUS_USAGE, "twin: unknown '%s'%s", name,
                     name_suggest(hint, sizeof hint, name, names, count));
}

static enum status take_seed(struct twin *twin, const char *value, struct error *error)
{
    struct spec spec;
    spec_init(&spec);
    enum status status = spec_set(&spec, "seed", value, error);
    twin->seed = spec.seed;
    twin->seed_changed = true;
    spec_free(&spec);
    return status;
}

static enum status take_model(struct twin *twin, const char *name, const char *value, struct error *error)
{
    struct spec spec;
    spec_init(&spec);
    enum status status = spec_set(&spec, name, value, error);
    spec_free(&spec);
    const size_t length = strlen(twin->model);
    snprintf(twin->model + length, sizeof twin->model - length, "%s%s%s%s", length ? " " : "", name, value ? "=" : "",
             value ? value : "");
    return status;
}

static enum status take_word(struct twin *twin, char *word, struct error *error)
{
    char *equals = strchr(word, '=');
    const char *value = equals ? equals + 1 : NULL;
    if (equals)
        *equals = '\0';
    const enum knob_id knob = knob_find(word);
    if (!value && strcmp(word, scratch_word) == 0) {
        twin->scratch = true;
        return STATUS_OK;
    }
    if (is_model_word(word))
        return take_model(twin, word, value, error);
    if (knob == KNOB_COUNT && strcmp(word, "seed") != 0)
        return unknown(word, error);
    if (knob != KNOB_COUNT && !knob_table[knob].affects_state)
        return error_set(error, STATUS_USAGE, "twin: %s changes nothing that is learnt", word);
    if (!value)
        return error_set(error, STATUS_USAGE, "twin: %s needs a value: %s=VALUE", word, word);
    if (knob == KNOB_COUNT)
        return take_seed(twin, value, error);
    twin->changed[knob] = true;
    return knob_parse(knob, value, &twin->value[knob], error);
}

enum status twin_parse(struct twin *twin, const char *text, struct error *error)
{
    char words[TWIN_TEXT_SIZE], *rest = NULL;
    *twin = (struct twin){0};
    snprintf(words, sizeof words, "%s", text);
    char *word = strtok_r(words, " ", &rest);
    if (!word)
        return error_set(error, STATUS_USAGE, "twin: what is to be different? For instance: twin lr=0.3 hidden=16,16");
    for (; word; word = strtok_r(NULL, " ", &rest)) {
        enum status status = take_word(twin, word, error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

void twin_apply(const struct twin *twin, struct trainer_start *start)
{
    char label[96];
    /* The optimiser first: it brings a rate along. */
    if (twin->changed[KNOB_OPTIMIZER])
        knobs_turn(&start->knobs, start->rates, KNOB_OPTIMIZER, twin->value[KNOB_OPTIMIZER], label, sizeof label);
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (twin->changed[i] && i != KNOB_OPTIMIZER)
            knobs_turn(&start->knobs, start->rates, (enum knob_id)i, twin->value[i], label, sizeof label);
    if (twin->seed_changed)
        start->seed = twin->seed;
}

enum status twin_model(const char *model, struct spec *spec, struct error *error)
{
    char words[TWIN_TEXT_SIZE], *rest = NULL;
    snprintf(words, sizeof words, "%s", model);
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '=');
        if (equals)
            *equals = '\0';
        enum status status = spec_set(spec, word, equals ? equals + 1 : NULL, error);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
