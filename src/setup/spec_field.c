/* Holds the table of a spec's fields, and sets and writes those of the task, the net and the run's end. */
#include "setup/spec_field.h"

#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/number.h"
#include "data/tokenizer.h"
#include "data/toys.h"
#include "setup/spec_field_parts.h"

/* ---- what it is about ---- */

static enum status set_points(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    uint64_t points = spec->points;
    enum status status = field_take_count(&points, field, value, TOY_POINTS_LEAST, TOY_POINTS_MAX, error);
    spec->points = (size_t)points;
    return status;
}

static bool write_points(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    return spec->points > 0 && field_write_count(out, spec->points);
}

static enum status set_noise(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    double noise;
    char what[64];
    snprintf(what, sizeof what, "must be a number from 0 to %g", TOY_NOISE_MAX);
    if (!number_parse(value, &noise) || noise < 0 || noise > TOY_NOISE_MAX)
        return field_wrong(field, value, what, error);
    spec->noise = noise;
    return STATUS_OK;
}

static bool write_noise(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (spec->noise >= 0)
        field_write_double(out, spec->noise);
    return spec->noise >= 0;
}

static enum status set_test_fraction(struct spec *spec, const struct spec_field *field, const char *value,
                                     struct error *error)
{
    double fraction;
    if (!number_parse(value, &fraction) || fraction <= 0 || fraction >= 1)
        return field_wrong(field, value, "must be above 0 and below 1, such as 0.25 or 25%", error);
    spec->csv.test_fraction = fraction;
    return STATUS_OK;
}

static bool write_test_fraction(const struct spec *spec, const struct spec_field *field, size_t index,
                                struct lines *out)
{
    (void)field, (void)index;
    if (spec->csv.test_fraction > 0)
        field_write_double(out, spec->csv.test_fraction);
    return spec->csv.test_fraction > 0;
}

static enum status set_test(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    return value[0] ? field_set_string(spec, field, value, error) : field_wrong(field, "''", "a file is needed", error);
}

static enum status set_classify(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->csv.task = CSV_CLASSIFY;
    return STATUS_OK;
}

static bool write_classify(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index, (void)out;
    return spec->csv.task == CSV_CLASSIFY;
}

static enum status set_regress(struct spec *spec, const struct spec_field *field, const char *value,
                               struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->csv.task = CSV_REGRESS;
    return STATUS_OK;
}

static bool write_regress(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index, (void)out;
    return spec->csv.task == CSV_REGRESS;
}

/* ---- the model of a table or a toy ---- */

/* A language model has none of these. */
static bool is_net(const struct spec *spec)
{
    return spec->shape.kind == MODEL_NET;
}

static enum status set_hidden(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    struct net_spec *net = &spec->shape.net;
    net->hidden_count = 0;
    spec->net_given = true;
    if (strcmp(value, "none") == 0)
        return STATUS_OK;
    for (const char *at = value; at;) {
        char word[24];
        const char *comma = strchr(at, ',');
        size_t length = comma ? (size_t)(comma - at) : strlen(at);
        uint64_t width;
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), at);
        if (length >= sizeof word || !number_parse_u64(word, &width) || width < 1 || width > NET_WIDTH_MAX)
            return field_wrong(field, value, "must be widths from 1 to 65536 as in 8,8, or none", error);
        if (net->hidden_count == NET_HIDDEN_MAX)
            return field_wrong(field, value, "has more than 32 layers", error);
        net->hidden[net->hidden_count++] = (size_t)width;
        at = comma ? comma + 1 : NULL;
    }
    return STATUS_OK;
}

static bool write_hidden(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (is_net(spec) && spec->shape.net.hidden_count == 0)
        lines_add(out, "none");
    for (size_t i = 0; is_net(spec) && i < spec->shape.net.hidden_count; i++)
        lines_add(out, "%s%zu", i > 0 ? "," : "", spec->shape.net.hidden[i]);
    return is_net(spec);
}

static enum status set_activation(struct spec *spec, const struct spec_field *field, const char *value,
                                  struct error *error)
{
    size_t choice = (size_t)spec->shape.net.activation;
    enum status status = field_take_choice(&choice, field, value, activation_name, ACTIVATION_COUNT, error);
    spec->shape.net.activation = (enum activation)choice;
    spec->activation_given = true;
    return status;
}

static bool write_activation(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (is_net(spec))
        lines_add(out, "%s", activation_name[spec->shape.net.activation]);
    return is_net(spec);
}

static enum status set_layer_norm(struct spec *spec, const struct spec_field *field, const char *value,
                                  struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->shape.net.layer_norm = true;
    return STATUS_OK;
}

static bool write_layer_norm(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index, (void)out;
    return is_net(spec) && spec->shape.net.layer_norm;
}

static enum status set_loss(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    const char *names[LOSS_COUNT];
    size_t choice = 0;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        names[i] = loss_table[i].name;
    enum status status = field_take_choice(&choice, field, value, names, LOSS_COUNT, error);
    if (status == STATUS_OK)
        spec->loss = (int)choice;
    return status;
}

static bool write_loss(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (spec->loss >= 0)
        lines_add(out, "%s", loss_table[spec->loss].name);
    return spec->loss >= 0;
}

/* ---- the course ---- */

static enum status set_seed(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    return field_take_count(&spec->seed, field, value, 0, SEED_MAX, error);
}

static bool write_seed(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    return field_write_count(out, spec->seed);
}

static enum status set_data_seed(struct spec *spec, const struct spec_field *field, const char *value,
                                 struct error *error)
{
    spec->data_seed_given = true;
    return field_take_count(&spec->data_seed, field, value, 0, SEED_MAX, error);
}

static bool write_data_seed(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    return field_write_count(out, spec->data_seed);
}

static enum status set_steps(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    return field_take_count(&spec->steps, field, value, 1, SPEC_STEPS_MAX, error);
}

static bool write_steps(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    return spec->steps > 0 && field_write_count(out, spec->steps);
}

static enum status set_epochs(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    double epochs;
    if (!number_parse(value, &epochs) || epochs <= 0)
        return field_wrong(field, value, "must be a number above 0", error);
    spec->epochs = epochs;
    return STATUS_OK;
}

static bool write_epochs(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (spec->epochs > 0)
        field_write_double(out, spec->epochs);
    return spec->epochs > 0;
}

static const char *const end_name[] = {"last", "best"};

static enum status set_end_with(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error)
{
    size_t choice = spec->end_with_best;
    const enum status status = field_take_choice(&choice, field, value, end_name, 2, error);
    spec->end_with_best = choice == 1;
    return status;
}

static bool write_end_with(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    if (spec->end_with_best)
        lines_add(out, "%s", end_name[1]);
    return spec->end_with_best;
}

/* STEP:KNOB=VALUE */
static enum status set_at(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    char step_text[24], name[32];
    const char *colon = strchr(value, ':');
    const char *equals = colon ? strchr(colon, '=') : NULL;
    uint64_t step;
    double turned;
    if (!equals || (size_t)(colon - value) >= sizeof step_text || (size_t)(equals - colon) > sizeof name)
        return field_wrong(field, value, "must be STEP:KNOB=VALUE, such as 500:lr=0.05", error);
    snprintf(step_text, sizeof step_text, "%.*s", (int)(colon - value), value);
    snprintf(name, sizeof name, "%.*s", (int)(equals - colon - 1), colon + 1);
    if (!number_parse_u64(step_text, &step))
        return field_wrong(field, value, "its step must be a whole number", error);
    const enum knob_id knob = knob_find(name);
    if (knob == KNOB_COUNT) {
        const char *names[KNOB_COUNT];
        char near[256];
        for (size_t i = 0; i < KNOB_COUNT; i++)
            names[i] = knob_table[i].name;
        return error_set(error, STATUS_USAGE, "%s %.60s: unknown knob '%s'%s", field->name, value, name,
                         name_suggest(near, sizeof near, name, names, KNOB_COUNT));
    }
    struct error why;
    if (knob_read(knob, equals + 1, &turned, &why) != STATUS_OK)
        return field_wrong(field, value, why.message, error);
    return spec_add_turn(spec, step, knob, turned) == STATUS_OK ? STATUS_OK : error_memory(error);
}

static bool write_at(const struct spec *spec, const struct spec_field *field, size_t index, struct lines *out)
{
    (void)field;
    if (index >= spec->turns)
        return false;
    const struct spec_turn *turn = &spec->turn[index];
    char value[40];
    lines_add(out, "%llu:%s=%s", (unsigned long long)turn->step, knob_table[turn->knob].name,
              knob_write(turn->knob, turn->value, value, sizeof value));
    return true;
}

#define STRING(member) .set = field_set_string, .write = field_write_string, .offset = offsetof(struct spec, member)
#define LIST(member)                                                                                                   \
    .repeats = true, .set = field_set_list, .write = field_write_list, .offset = offsetof(struct spec, member)
#define SIZE(member, largest)                                                                                          \
    .set = field_set_size, .write = field_write_size, .offset = offsetof(struct spec, member), .most = (largest)

const struct spec_field spec_field_table[] = {
    {.name = "task", STRING(task)},
    {.name = "folder", .is_origin = true, STRING(folder)},
    {.name = "recipe", .is_origin = true, STRING(recipe)},
    {.name = "features", STRING(features)},
    {.name = "points", .set = set_points, .write = write_points},
    {.name = "noise", .set = set_noise, .write = write_noise},
    {.name = "target", STRING(csv.target)},
    {.name = "test-fraction", .set = set_test_fraction, .write = write_test_fraction},
    {.name = "test", .set = set_test, .write = field_write_string, .offset = offsetof(struct spec, csv.test_path)},
    {.name = "classify", .is_switch = true, .set = set_classify, .write = write_classify},
    {.name = "regress", .is_switch = true, .set = set_regress, .write = write_regress},
    {.name = "missing", STRING(csv.form.missing)},
    {.name = "text", LIST(csv.text)},
    {.name = "number", LIST(csv.number)},
    {.name = "separator", .of_rows = true, .set = field_set_separator, .write = field_write_separator},
    {.name = "decimal", .of_rows = true, .set = field_set_decimal, .write = field_write_decimal},
    {.name = "header", .of_rows = true, .is_switch = true, .set = field_set_header, .write = field_write_header},
    {.name = "no-header",
     .of_rows = true,
     .is_switch = true,
     .set = field_set_no_header,
     .write = field_write_no_header},
    {.name = "hidden", .set = set_hidden, .write = write_hidden},
    {.name = "activation", .set = set_activation, .write = write_activation},
    {.name = "layer-norm", .is_switch = true, .set = set_layer_norm, .write = write_layer_norm},
    {.name = "loss", .set = set_loss, .write = write_loss},
    {.name = "model", .set = field_set_model, .write = field_write_model},
    {.name = "layers", SIZE(shape.language.layers, LANGUAGE_LAYERS_MAX)},
    {.name = "width", SIZE(shape.language.width, LANGUAGE_WIDTH_MAX)},
    {.name = "heads", SIZE(shape.language.heads, LANGUAGE_WIDTH_MAX)},
    {.name = "context", SIZE(shape.language.context, LANGUAGE_CONTEXT_MAX)},
    {.name = "window", SIZE(shape.language.window, LANGUAGE_CONTEXT_MAX)},
    {.name = "tie", .is_switch = true, .set = field_set_tie, .write = field_write_tie},
    {.name = "lora", SIZE(shape.language.lora_rank, LANGUAGE_WIDTH_MAX)},
    {.name = "merges", .set = field_set_merges, .write = field_write_merges, .most = TOKENIZER_MERGES_MAX},
    {.name = "prompt", STRING(prompt)},
    {.name = "answer", STRING(answer)},
    {.name = "stage", .repeats = true, .is_words = true, .set = field_set_stage, .write = field_write_stage},
    {.name = "seed", .set = set_seed, .write = write_seed},
    {.name = "data-seed", .set = set_data_seed, .write = write_data_seed},
    {.name = "steps", .set = set_steps, .write = write_steps},
    {.name = "epochs", .set = set_epochs, .write = write_epochs},
    {.name = "end-with", .set = set_end_with, .write = write_end_with},
    {.name = "at", .repeats = true, .set = set_at, .write = write_at},
};
const size_t spec_field_count = sizeof spec_field_table / sizeof spec_field_table[0];

const struct spec_field *spec_field_find(const char *name)
{
    for (size_t i = 0; i < spec_field_count; i++)
        if (strcmp(spec_field_table[i].name, name) == 0)
            return &spec_field_table[i];
    return NULL;
}

static enum status unknown(const char *name, struct error *error)
{
    const char *names[sizeof spec_field_table / sizeof spec_field_table[0] + KNOB_COUNT];
    for (size_t i = 0; i < spec_field_count; i++)
        names[i] = spec_field_table[i].name;
    for (size_t i = 0; i < KNOB_COUNT; i++)
        names[spec_field_count + i] = knob_table[i].name;
    const int near = name_nearest(name, names, spec_field_count + KNOB_COUNT);
    return error_set(error, STATUS_USAGE, "%.60s: there is no such setting%s%s%s", name,
                     near < 0 ? "" : ": did you mean '", near < 0 ? "" : names[near], near < 0 ? "" : "'?");
}

enum status spec_set(struct spec *spec, const char *name, const char *value, struct error *error)
{
    const struct spec_field *field = spec_field_find(name);
    const enum knob_id knob = field ? KNOB_COUNT : knob_find(name);
    if (!field && knob == KNOB_COUNT)
        return unknown(name, error);
    if (field && field->is_switch && value)
        return error_set(error, STATUS_USAGE, "%s takes no value", name);
    if (!(field && field->is_switch) && !value)
        return error_set(error, STATUS_USAGE, "%s needs a value", name);
    if (field)
        return field->set(spec, field, value, error);
    spec->knob_given[knob] = true;
    struct error why;
    if (knob_read(knob, value, &spec->knobs.value[knob], &why) != STATUS_OK)
        return error_set(error, why.status, "%s %.60s: %s", name, value, why.message);
    return STATUS_OK;
}
