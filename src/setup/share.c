/* Writes the present set-up of a run as one command line for a POSIX shell. */
#include "setup/share.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "setup/spec.h"
#include "setup/spec_field.h"
#include "setup/spec_language.h"

/* ---- words ---- */

static void add_hostile(struct lines *out, const char *word)
{
    lines_add(out, "\"$(printf '%%b' '");
    for (; *word; word++) {
        const unsigned char c = (unsigned char)*word;
        if (c > ' ' && c < 0x7f && c != '\'' && c != '\\')
            lines_add(out, "%c", c);
        else
            lines_add(out, "\\0%03o", c);
    }
    lines_add(out, "')\"");
}

void share_word(struct lines *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/+%@";
    if (*word && strspn(word, plain) == strlen(word)) {
        lines_add(out, "%s", word);
        return;
    }
    if (!text_is_printable(word)) {
        add_hostile(out, word);
        return;
    }
    lines_add(out, "'");
    for (; *word; word++)
        lines_add(out, *word == '\'' ? "'\\''" : "%c", *word);
    lines_add(out, "'");
}

/* ---- what differs ---- */

/* The value of a field, for one that may be said several times its `index`th; false: it is not said.  To be released in
 * any case. */
static bool value_of(const struct spec *spec, const struct field *field, size_t index, struct lines *value)
{
    *value = (struct lines){0};
    return field_write(spec, field, index, value);
}

/* False: it is not said. */
static bool add_field(struct lines *out, const struct field *field, size_t index, const struct spec *spec,
                      const struct spec *plain)
{
    struct lines value, usual;
    const bool said = value_of(spec, field, index, &value), by_itself = value_of(plain, field, index, &usual);
    const bool same = by_itself && (!value.text || (usual.text && strcmp(value.text, usual.text) == 0));
    char *at = value.text, *word = value.text;
    if (said && !same) {
        lines_add(out, " --%s", field->name);
        if (at && (field->rest_of_line || line_word(&at, &word))) {
            lines_add(out, " ");
            share_word(out, word);
        }
    }
    out->failed |= value.failed || usual.failed;
    mem_free(value.text);
    mem_free(usual.text);
    return said;
}

/* Without their origin: the task comes first. */
static void add_fields(struct lines *out, const struct spec *spec, const struct spec *plain)
{
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; spec_table[i] != &spec_origin_fields && k < spec_table[i]->count; k++) {
            const struct field *field = &spec_table[i]->row[k];
            for (size_t index = 0; add_field(out, field, index, spec, plain) && field->repeats;)
                index++;
        }
}

static void add_knobs(struct lines *out, const struct spec *spec, const struct spec *plain,
                      const struct dataset *dataset)
{
    struct spec led = *plain;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (knob_table[i].leads) {
            led.knobs.value[i] = spec->knobs.value[i];
            led.knob_given[i] = true;
        }
    spec_fill(&led, dataset);
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (knob_table[i].leads)
            led.knobs.value[i] = plain->knobs.value[i];
    for (size_t i = 0; i < KNOB_COUNT; i++) {
        char value[40];
        if (spec->knobs.value[i] != led.knobs.value[i])
            lines_add(out, " --%s %s", knob_table[i].name,
                      knob_format((enum knob_id)i, spec->knobs.value[i], value, sizeof value));
    }
}

static void add_task(struct lines *out, const char *task)
{
    const bool looks_like_option = task[0] == '-' && task[1];
    lines_add(out, looks_like_option ? " ./" : " ");
    share_word(out, task);
}

/* Those to begin with: the present ones, or in a later stage, which has turned its own, those that the run began with,
 * and its script. */
static void take_knobs(struct spec *spec, const struct share_run *run)
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (run->stage == 0 || !knob_table[i].affects_state)
            spec->knobs.value[i] = run->knobs->value[i];
    if (run->stage == 0)
        spec->turns = 0;
}

bool share_command(const struct share_run *run, char *out, size_t size)
{
    const struct dataset *dataset = run->dataset;
    struct spec spec = *run->spec, plain; /* both borrow their strings */
    spec.seed = run->seed;
    take_knobs(&spec, run);
    spec_init(&plain);
    plain.task = spec.task;
    plain.data_seed = spec.seed;
    plain.steps = spec.steps;
    plain.epochs = spec.epochs;
    if (spec.shape.kind == MODEL_LANGUAGE)
        plain.shape.language = (struct language_spec){
            .kind = LANGUAGE_TRANSFORMER,
            .context = spec_language_context(&plain, INFINITY),
        };
    spec_fill(&plain, dataset);
    plain.shape.kind = spec_is_text(&plain) ? MODEL_LANGUAGE : MODEL_NET; /* without a word about the model */
    plain.steps = 0;
    plain.epochs = 0;

    struct lines line = {0};
    lines_add(&line, "downhill");
    add_task(&line, spec.task);
    add_fields(&line, &spec, &plain);
    plain.steps = spec.steps;
    plain.epochs = spec.epochs;
    add_knobs(&line, &spec, &plain, dataset);
    const bool fits = !line.failed && line.length < size;
    if (fits)
        memcpy(out, line.text, line.length + 1);
    mem_free(line.text);
    return fits;
}
