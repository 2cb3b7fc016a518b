#include "run/spec_field.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"

#define STEPS_MOST ((uint64_t)1 << 53)

static enum status wrong_value(const struct spec_field *field, const char *value, const char *right,
                               struct error *error)
{
    return error_set(error, STATUS_USAGE, "%s %.200s: %s", field->name, value, right);
}

static enum status set_string(const char **slot, const char *value, struct error *error)
{
    char *copy = mem_string(value);
    if (!copy)
        return error_memory(error);
    mem_free((char *)*slot); /* owned by the spec: const is for those who read */
    *slot = copy;
    return STATUS_OK;
}

static enum status set_count(uint64_t *slot, const struct spec_field *field, const char *value, uint64_t least,
                             uint64_t most, struct error *error)
{
    uint64_t count;
    if (!number_parse_u64(value, &count) || count < least || count > most) {
        char right[96], low[32], high[32];
        snprintf(right, sizeof right, "must be a whole number from %s to %s", number_count(low, sizeof low, least),
                 number_count(high, sizeof high, most));
        return wrong_value(field, value, right, error);
    }
    *slot = count;
    return STATUS_OK;
}

static enum status set_choice(size_t *slot, const struct spec_field *field, const char *value, const char *const *names,
                              size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(value, names[i]) == 0) {
            *slot = i;
            return STATUS_OK;
        }
    char near[256];
    return error_set(error, STATUS_USAGE, "%s: unknown name '%.60s'%s", field->name, value,
                     name_suggest(near, sizeof near, value, names, count));
}

static void write_double(struct lines *out, double value)
{
    char text[40];
    lines_add(out, "%s", number_double(text, sizeof text, value));
}

static bool write_string(struct lines *out, const char *value)
{
    if (value)
        lines_word(out, value);
    return value;
}

static bool write_count(struct lines *out, uint64_t value)
{
    lines_add(out, "%llu", (unsigned long long)value);
    return true;
}

/* ---- what it is about ---- */

static enum status set_task(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    (void)field;
    const char *task = spec->task;
    enum status status = set_string(&task, value, error);
    spec->task = (char *)task;
    return status;
}

static bool write_task(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return write_string(out, spec->task);
}

static enum status set_features(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error)
{
    (void)field;
    const char *features = spec->features;
    enum status status = set_string(&features, value, error);
    spec->features = (char *)features;
    return status;
}

static bool write_features(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return write_string(out, spec->features);
}

static enum status set_points(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    uint64_t points = spec->points;
    enum status status = set_count(&points, field, value, 4, 10000000, error);
    spec->points = (size_t)points;
    return status;
}

static bool write_points(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return spec->points > 0 && write_count(out, spec->points);
}

static enum status set_noise(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    double noise;
    if (!number_parse(value, &noise) || noise < 0 || noise > 100)
        return wrong_value(field, value, "must be a number from 0 to 100", error);
    spec->noise = noise;
    return STATUS_OK;
}

static bool write_noise(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    if (spec->noise >= 0)
        write_double(out, spec->noise);
    return spec->noise >= 0;
}

static enum status set_target(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    (void)field;
    return set_string(&spec->csv.target, value, error);
}

static bool write_target(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return write_string(out, spec->csv.target);
}

static enum status set_test_fraction(struct spec *spec, const struct spec_field *field, const char *value,
                                     struct error *error)
{
    double fraction;
    if (!number_parse(value, &fraction) || fraction <= 0 || fraction >= 1)
        return wrong_value(field, value, "must be above 0 and below 1, such as 0.25 or 25%", error);
    spec->csv.test_fraction = fraction;
    return STATUS_OK;
}

static bool write_test_fraction(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    write_double(out, spec->csv.test_fraction);
    return true;
}

static enum status set_test(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    (void)field;
    return set_string(&spec->csv.test_path, value, error);
}

static bool write_test(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return write_string(out, spec->csv.test_path);
}

static enum status set_classify(struct spec *spec, const struct spec_field *field, const char *value,
                                struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->csv.task = CSV_CLASSIFY;
    return STATUS_OK;
}

static bool write_classify(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index, (void)out;
    return spec->csv.task == CSV_CLASSIFY;
}

static enum status set_regress(struct spec *spec, const struct spec_field *field, const char *value,
                               struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->csv.task = CSV_REGRESS;
    return STATUS_OK;
}

static bool write_regress(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index, (void)out;
    return spec->csv.task == CSV_REGRESS;
}

/* ---- the model ---- */

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
            return wrong_value(field, value, "must be widths from 1 to 65536 as in 8,8, or none", error);
        if (net->hidden_count == NET_HIDDEN_MAX)
            return wrong_value(field, value, "has more than 32 layers", error);
        net->hidden[net->hidden_count++] = (size_t)width;
        at = comma ? comma + 1 : NULL;
    }
    return STATUS_OK;
}

static bool write_hidden(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    if (spec->shape.net.hidden_count == 0)
        lines_add(out, "none");
    for (size_t i = 0; i < spec->shape.net.hidden_count; i++)
        lines_add(out, "%s%zu", i > 0 ? "," : "", spec->shape.net.hidden[i]);
    return true;
}

static enum status set_activation(struct spec *spec, const struct spec_field *field, const char *value,
                                  struct error *error)
{
    size_t choice = (size_t)spec->shape.net.activation;
    enum status status = set_choice(&choice, field, value, activation_name, ACTIVATION_COUNT, error);
    spec->shape.net.activation = (enum activation)choice;
    spec->activation_given = true;
    return status;
}

static bool write_activation(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    lines_add(out, "%s", activation_name[spec->shape.net.activation]);
    return true;
}

static enum status set_layer_norm(struct spec *spec, const struct spec_field *field, const char *value,
                                  struct error *error)
{
    (void)field, (void)value, (void)error;
    spec->shape.net.layer_norm = true;
    return STATUS_OK;
}

static bool write_layer_norm(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index, (void)out;
    return spec->shape.net.layer_norm;
}

static enum status set_loss(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    const char *names[LOSS_COUNT];
    size_t choice = 0;
    for (size_t i = 0; i < LOSS_COUNT; i++)
        names[i] = loss_table[i].name;
    enum status status = set_choice(&choice, field, value, names, LOSS_COUNT, error);
    if (status == STATUS_OK)
        spec->loss = (int)choice;
    return status;
}

static bool write_loss(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    if (spec->loss >= 0)
        lines_add(out, "%s", loss_table[spec->loss].name);
    return spec->loss >= 0;
}

/* ---- the course ---- */

static enum status set_seed(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    return set_count(&spec->seed, field, value, 0, SEED_MAX, error);
}

static bool write_seed(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return write_count(out, spec->seed);
}

static enum status set_data_seed(struct spec *spec, const struct spec_field *field, const char *value,
                                 struct error *error)
{
    spec->data_seed_given = true;
    return set_count(&spec->data_seed, field, value, 0, SEED_MAX, error);
}

static bool write_data_seed(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return write_count(out, spec->data_seed);
}

static enum status set_steps(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    return set_count(&spec->steps, field, value, 1, STEPS_MOST, error);
}

static bool write_steps(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    return spec->steps > 0 && write_count(out, spec->steps);
}

static enum status set_epochs(struct spec *spec, const struct spec_field *field, const char *value, struct error *error)
{
    double epochs;
    if (!number_parse(value, &epochs) || epochs <= 0)
        return wrong_value(field, value, "must be a number above 0", error);
    spec->epochs = epochs;
    return STATUS_OK;
}

static bool write_epochs(const struct spec *spec, size_t index, struct lines *out)
{
    (void)index;
    if (spec->epochs > 0)
        write_double(out, spec->epochs);
    return spec->epochs > 0;
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
        return wrong_value(field, value, "must be STEP:KNOB=VALUE, such as 500:lr=0.05", error);
    snprintf(step_text, sizeof step_text, "%.*s", (int)(colon - value), value);
    snprintf(name, sizeof name, "%.*s", (int)(equals - colon - 1), colon + 1);
    if (!number_parse_u64(step_text, &step))
        return wrong_value(field, value, "its step must be a whole number", error);
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
        return wrong_value(field, value, why.message, error);
    return spec_add_turn(spec, step, knob, turned) == STATUS_OK ? STATUS_OK : error_memory(error);
}

static bool write_at(const struct spec *spec, size_t index, struct lines *out)
{
    if (index >= spec->turns)
        return false;
    const struct spec_turn *turn = &spec->turn[index];
    char value[40];
    lines_add(out, "%llu:%s=%s", (unsigned long long)turn->step, knob_table[turn->knob].name,
              knob_write(turn->knob, turn->value, value, sizeof value));
    return true;
}

const struct spec_field spec_field_table[] = {
    {.name = "task", .set = set_task, .write = write_task},
    {.name = "features", .set = set_features, .write = write_features},
    {.name = "points", .set = set_points, .write = write_points},
    {.name = "noise", .set = set_noise, .write = write_noise},
    {.name = "target", .set = set_target, .write = write_target},
    {.name = "test-fraction", .set = set_test_fraction, .write = write_test_fraction},
    {.name = "test", .set = set_test, .write = write_test},
    {.name = "classify", .is_switch = true, .set = set_classify, .write = write_classify},
    {.name = "regress", .is_switch = true, .set = set_regress, .write = write_regress},
    {.name = "hidden", .set = set_hidden, .write = write_hidden},
    {.name = "activation", .set = set_activation, .write = write_activation},
    {.name = "layer-norm", .is_switch = true, .set = set_layer_norm, .write = write_layer_norm},
    {.name = "loss", .set = set_loss, .write = write_loss},
    {.name = "seed", .set = set_seed, .write = write_seed},
    {.name = "data-seed", .set = set_data_seed, .write = write_data_seed},
    {.name = "steps", .set = set_steps, .write = write_steps},
    {.name = "epochs", .set = set_epochs, .write = write_epochs},
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
