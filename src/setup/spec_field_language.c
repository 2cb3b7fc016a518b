/* Fields of language models, and of stages. */
#include <string.h>

#include "base/mem.h"
#include "setup/spec_field_parts.h"
#include "setup/spec_stage.h"

enum status field_set_model(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    const char *names[LANGUAGE_KINDS];
    size_t choice = (size_t)spec->shape.language.kind;
    for (size_t i = 0; i < LANGUAGE_KINDS; i++)
        names[i] = language_table[i].name;
    const enum status status = field_take_choice(&choice, field, value, names, LANGUAGE_KINDS, error);
    spec->shape.language.kind = (enum language_kind)choice;
    spec->shape.kind = MODEL_LANGUAGE;
    spec->language_given = true;
    return status;
}

bool field_write_model(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (spec->shape.kind == MODEL_LANGUAGE)
        lines_add(out, "%s", language_table[spec->shape.language.kind].name);
    return spec->shape.kind == MODEL_LANGUAGE;
}

enum status field_set_tie(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->shape.language.tie = true;
    return STATUS_OK;
}

bool field_write_tie(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index, (void)out;
    return spec->shape.language.tie;
}

enum status field_set_merges(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    uint64_t merges = 0;
    const enum status status = field_take_count(&merges, field, value, 0, field->most, error);
    spec->merges = (int)merges;
    return status;
}

bool field_write_merges(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    return spec->merges >= 0 && field_write_count(out, (uint64_t)spec->merges);
}

enum status field_set_stage(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    (void)field;
    return spec_stage_read(spec, value, error);
}

bool field_write_stage(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field;
    if (index < spec->stages)
        spec_stage_write(&spec->stage[index], out);
    return index < spec->stages;
}
