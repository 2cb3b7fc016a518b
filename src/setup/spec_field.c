/* Holds the tables of a spec's fields, and reads and writes those that have no plain type. */
#include "setup/spec_field.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "base/number.h"
#include "data/tokenizer.h"
#include "data/toys.h"
#include "setup/spec_stage.h"

/* ---- how a table is written ---- */

static enum status read_separator(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct spec *spec = owner;
    const char separator = csv_separator(text);
    if (!separator)
        return field_wrong(field, text, "must be comma, semicolon, tab, pipe, or another character such as :", error);
    spec->csv.form.separator = separator;
    return STATUS_OK;
}

static bool write_separator(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const struct spec *spec = owner;
    const char separator = spec->csv.form.separator, word[] = {separator, '\0'};
    const char *name = csv_separator_name(separator);
    if (separator)
        lines_word(out, name ? name : word);
    return separator;
}

static enum status read_decimal(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct spec *spec = owner;
    if (strcmp(text, "comma") == 0 || strcmp(text, ",") == 0)
        spec->csv.form.decimal = ',';
    else if (strcmp(text, "point") == 0 || strcmp(text, ".") == 0)
        spec->csv.form.decimal = '.';
    else
        return field_wrong(field, text, "must be comma or point", error);
    return STATUS_OK;
}

static bool write_decimal(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const struct spec *spec = owner;
    if (spec->csv.form.decimal)
        lines_add(out, "%s", spec->csv.form.decimal == ',' ? "comma" : "point");
    return spec->csv.form.decimal;
}

/* ---- the model ---- */

/* A language model has no fields of a net. */
static bool is_net(const void *owner)
{
    const struct spec *spec = owner;
    return spec->shape.kind == MODEL_NET;
}

static enum status read_hidden(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct net_spec *net = &((struct spec *)owner)->shape.net;
    net->hidden_count = 0;
    if (strcmp(text, "none") == 0)
        return STATUS_OK;
    for (const char *at = text; at;) {
        char word[24];
        const char *comma = strchr(at, ',');
        size_t length = comma ? (size_t)(comma - at) : strlen(at);
        uint64_t width;
        snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), at);
        if (length >= sizeof word || !number_parse_u64(word, &width) || width < 1 || width > NET_WIDTH_MAX)
            return field_wrong(field, text, "must be widths from 1 to 65536 as in 8,8, or none", error);
        if (net->hidden_count == NET_HIDDEN_MAX)
            return field_wrong(field, text, "has more than 32 layers", error);
        net->hidden[net->hidden_count++] = (size_t)width;
        at = comma ? comma + 1 : NULL;
    }
    return STATUS_OK;
}

static bool write_hidden(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field, (void)index;
    const struct net_spec *net = &((const struct spec *)owner)->shape.net;
    if (net->hidden_count == 0)
        lines_add(out, "none");
    for (size_t i = 0; i < net->hidden_count; i++)
        lines_add(out, "%s%zu", i > 0 ? "," : "", net->hidden[i]);
    return true;
}

static enum status read_model(void *owner, const struct field *field, const char *text, struct error *error)
{
    struct spec *spec = owner;
    for (size_t i = 0; i < LANGUAGE_KINDS; i++)
        if (strcmp(language_table[i].name, text) == 0) {
            spec->shape.language.kind = (enum language_kind)i;
            spec->shape.kind = MODEL_LANGUAGE;
            return STATUS_OK;
        }
    return field_unknown_choice(field, text, error);
}

static bool write_model(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)index;
    const struct spec *spec = owner;
    if (spec->shape.kind == MODEL_LANGUAGE)
        lines_add(out, "%s", field->choice(spec->shape.language.kind));
    return spec->shape.kind == MODEL_LANGUAGE;
}

static const char *activation(size_t number)
{
    return number < ACTIVATION_COUNT ? activation_name[number] : NULL;
}

static const char *loss(size_t number)
{
    return number < LOSS_COUNT ? loss_table[number].name : NULL;
}

static const char *model(size_t number)
{
    return number < LANGUAGE_KINDS ? language_table[number].name : NULL;
}

/* ---- stages and the course ---- */

static enum status read_stage(void *owner, const struct field *field, const char *text, struct error *error)
{
    (void)field;
    return spec_stage_read(owner, text, error);
}

static bool write_stage(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field;
    const struct spec *spec = owner;
    if (index < spec->stages)
        spec_stage_write(&spec->stage[index], out);
    return index < spec->stages;
}

enum status spec_add_turn(struct spec *spec, uint64_t step, enum knob_id knob, double value)
{
    struct spec_turn *grown = spec->turn;
    if ((spec->turns & (spec->turns - 1)) == 0) { /* full: there is room for the next power of two */
        grown = mem_resize(spec->turn, spec->turns, spec->turns > 0 ? 2 * spec->turns : 1, sizeof *grown);
        if (!grown)
            return STATUS_FAILED;
        spec->turn = grown;
    }
    size_t at = spec->turns++;
    for (; at > 0 && grown[at - 1].step > step; at--)
        grown[at] = grown[at - 1];
    grown[at] = (struct spec_turn){.step = step, .knob = knob, .value = value};
    return STATUS_OK;
}

/* STEP:KNOB=VALUE */
static enum status read_at(void *owner, const struct field *field, const char *text, struct error *error)
{
    char step_text[24], name[32], near[256];
    const char *colon = strchr(text, ':');
    const char *equals = colon ? strchr(colon, '=') : NULL;
    uint64_t step;
    double turned;
    if (!equals || (size_t)(colon - text) >= sizeof step_text || (size_t)(equals - colon) > sizeof name)
        return field_wrong(field, text, "must be STEP:KNOB=VALUE, such as 500:lr=0.05", error);
    snprintf(step_text, sizeof step_text, "%.*s", (int)(colon - text), text);
    snprintf(name, sizeof name, "%.*s", (int)(equals - colon - 1), colon + 1);
    if (!number_parse_u64(step_text, &step))
        return field_wrong(field, text, "its step must be a whole number", error);
    const enum knob_id knob = knob_find(name);
    if (knob == KNOB_COUNT)
        return error_set(error, STATUS_USAGE, "%s %.60s: unknown knob '%s'%s", field->name, text, name,
                         knob_suggest(near, sizeof near, name));
    struct error why;
    if (knob_read(knob, equals + 1, &turned, &why) != STATUS_OK)
        return field_wrong(field, text, why.message, error);
    return spec_add_turn(owner, step, knob, turned) == STATUS_OK ? STATUS_OK : error_memory(error);
}

static bool write_at(const void *owner, const struct field *field, size_t index, struct lines *out)
{
    (void)field;
    const struct spec *spec = owner;
    if (index >= spec->turns)
        return false;
    const struct spec_turn *turn = &spec->turn[index];
    char value[40];
    lines_add(out, "%llu:%s=%s", (unsigned long long)turn->step, knob_table[turn->knob].name,
              knob_write(turn->knob, turn->value, value, sizeof value));
    return true;
}

/* ---- the tables ---- */

static_assert(sizeof(enum csv_task) == sizeof(int) && sizeof(enum csv_header) == sizeof(int) &&
                  sizeof(enum activation) == sizeof(int),
              "choices are stored as int");

#define AT(member)            .offset = offsetof(struct spec, member)
#define STRING(member)        .type = FIELD_STRING, AT(member)
#define PATH(member)          .type = FIELD_STRING, AT(member), .file = true
#define LIST(member)          .type = FIELD_LIST, AT(member), .repeats = true
#define MARK(member, value)   .type = FIELD_MARK, .store = FIELD_INT, AT(member), .sets = (value)
#define SIZE(member, largest) .type = FIELD_NUMBER, .store = FIELD_SIZE, AT(member), .min = 1, .max = (largest)
#define STEPS(member)         .type = FIELD_NUMBER, .store = FIELD_U64, AT(member), .min_open = true, .max = FIELD_UNBOUNDED
#define SEED(member)          .type = FIELD_NUMBER, .store = FIELD_U64, AT(member), .max = SEED_MAX, .unset = -1
#define OWN(what)             .type = FIELD_OWN, .read = read_##what, .write = write_##what
#define FOR_TEXTS             .only_for = SPEC_TEXT
#define FOR_TABLES            .only_for = SPEC_TABLE
#define FOR_TOYS              .only_for = SPEC_TOY
#define FOR_NETS              .only_for = SPEC_TABLE | SPEC_TOY

static const struct field origin_rows[] = {
    {.name = "task", STRING(task)},
    {.name = "folder", STRING(folder)},
    {.name = "recipe", STRING(recipe)},
};
const struct field_table spec_origin_fields = {FIELD_ROWS(origin_rows)};

static const struct field data_rows[] = {
    {
        .name = "features",
        .argument = "LIST",
        STRING(features),
        FOR_TOYS,
        .about = "inputs of a toy with two: of x,y,x2,y2,xy,sinx,siny",
    },
    {
        .name = "points",
        .type = FIELD_NUMBER,
        .store = FIELD_SIZE,
        AT(points),
        .min = TOY_POINTS_LEAST,
        .max = TOY_POINTS_MAX,
        FOR_TOYS,
        .about = "training points of a toy (as many again for the test)",
    },
    {
        .name = "noise",
        .type = FIELD_NUMBER,
        AT(noise),
        .max = TOY_NOISE_MAX,
        .unset = -1,
        FOR_TOYS,
        .about = "noise of a toy's points",
    },
    {
        .name = "target",
        .letter = 't',
        .argument = "COLUMN",
        STRING(csv.target),
        FOR_TABLES,
        .about = "column to predict, by name or number (default: the last)",
    },
    {
        .name = "test-fraction",
        .type = FIELD_NUMBER,
        AT(csv.test_fraction),
        .min_open = true,
        .max = 1,
        .max_open = true,
        .example = "0.25 or 25%",
        .against = "test",
        .conflict = "the test rows come either from a file of their own or from the same one",
        .about = "share kept for the test (default: 0.25 of a table, 0.1 of a text)",
    },
    {
        .name = "test",
        .argument = "FILE",
        PATH(csv.test_path),
        FOR_TABLES,
        .about = "test rows from a file of their own",
    },
    {
        .name = "classify",
        MARK(csv.task, CSV_CLASSIFY),
        FOR_TABLES,
        .about = "the target is a class, whatever it looks like",
    },
    {
        .name = "regress",
        MARK(csv.task, CSV_REGRESS),
        FOR_TABLES,
        .against = "classify",
        .conflict = "the target is either a class or a number",
        .about = "the target is a number",
    },
    {
        .name = "missing",
        .argument = "LIST",
        STRING(csv.form.missing),
        FOR_TABLES,
        .about = "words that count as missing (default: ?,NA,N/A,nan,null; '': none)",
    },
    {
        .name = "text",
        .key = "text-column",
        .argument = "COLUMN",
        LIST(csv.text),
        FOR_TABLES,
        .about = "its cells are texts, even if they look like numbers; may be repeated",
    },
    {
        .name = "number",
        .key = "number-column",
        .argument = "COLUMN",
        LIST(csv.number),
        FOR_TABLES,
        .about = "its cells are numbers, and texts are missing; may be repeated",
    },
};
const struct field_table spec_data_fields = {FIELD_ROWS(data_rows), .heading = "Data", .section = "data"};

static const struct field form_rows[] = {
    {
        .name = "separator",
        .argument = "NAME",
        OWN(separator),
        FOR_TABLES,
        .about = "between a table's cells: comma, semicolon, tab, pipe, or a character",
    },
    {
        .name = "decimal",
        .argument = "NAME",
        OWN(decimal),
        FOR_TABLES,
        .about = "decimal mark of a table's numbers: comma or point",
    },
    {
        .name = "header",
        MARK(csv.form.header, CSV_HEADER_YES),
        FOR_TABLES,
        .about = "a table's first row has the names of its columns",
    },
    {
        .name = "no-header",
        MARK(csv.form.header, CSV_HEADER_NO),
        FOR_TABLES,
        .against = "header",
        .conflict = "the first row either has the columns' names or is data",
        .about = "a table's first row is data, not a header",
    },
};
const struct field_table spec_form_fields = {FIELD_ROWS(form_rows), .section = "data"};

static const struct field net_rows[] = {
    {
        .name = "hidden",
        .argument = "W,W...",
        OWN(hidden),
        .applies = is_net,
        .given = offsetof(struct spec, net_given),
        .shapes_model = true,
        FOR_NETS,
        .about = "widths of the hidden layers, such as 8,8; none: a linear model",
    },
    {
        .name = "activation",
        .type = FIELD_CHOICE,
        .store = FIELD_INT,
        AT(shape.net.activation),
        .choice = activation,
        .unset = -1,
        .applies = is_net,
        .given = offsetof(struct spec, activation_given),
        .shapes_model = true,
        FOR_NETS,
    },
    {
        .name = "layer-norm",
        FIELD_FLAG(spec, shape.net.layer_norm),
        .applies = is_net,
        .shapes_model = true,
        FOR_NETS,
        .about = "normalise each hidden layer",
    },
    {
        .name = "loss",
        .type = FIELD_CHOICE,
        .store = FIELD_INT,
        AT(loss),
        .choice = loss,
        .unset = -1,
    },
};
const struct field_table spec_net_fields = {
    FIELD_ROWS(net_rows),
    .heading = "Model of a table or a toy",
    .section = "model",
};

static const struct field language_rows[] = {
    {
        .name = "model",
        .key = "kind",
        OWN(model),
        .choice = model,
        .given = offsetof(struct spec, language_given),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "the file is then a text",
    },
    {
        .name = "layers",
        SIZE(shape.language.layers, LANGUAGE_LAYERS_MAX),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "blocks of a transformer",
    },
    {
        .name = "width",
        SIZE(shape.language.width, LANGUAGE_WIDTH_MAX),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "embedding width: numbers that stand for a token inside",
    },
    {
        .name = "heads",
        SIZE(shape.language.heads, LANGUAGE_WIDTH_MAX),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "heads of attention in each block; the width is a multiple",
    },
    {
        .name = "context",
        SIZE(shape.language.context, LANGUAGE_CONTEXT_MAX),
        FOR_TEXTS,
        .about = "tokens that are read at once",
    },
    {
        .name = "window",
        SIZE(shape.language.window, LANGUAGE_CONTEXT_MAX),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "tokens that an mlp looks at",
    },
    {
        .name = "tie",
        FIELD_FLAG(spec, shape.language.tie),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "the last layer's weights are those of the first",
    },
    {
        .name = "lora",
        SIZE(shape.language.lora_rank, LANGUAGE_WIDTH_MAX),
        .shapes_model = true,
        FOR_TEXTS,
        .about = "adapters of that rank beside a transformer's weights",
    },
};
const struct field_table spec_language_fields = {
    FIELD_ROWS(language_rows),
    .heading = "Model of a text",
    .section = "model",
};

static const struct field token_rows[] = {
    {
        .name = "merges",
        .type = FIELD_NUMBER,
        .store = FIELD_INT,
        AT(merges),
        .max = TOKENIZER_MERGES_MAX,
        .unset = -1,
        FOR_TEXTS,
        .about = "pairs of tokens that become one; 0: the tokens are bytes (default: by the text's size)",
    },
};
const struct field_table spec_token_fields = {FIELD_ROWS(token_rows), .section = "data"};

static const struct field prompt_rows[] = {
    {
        .name = "prompt",
        .key = "text",
        STRING(prompt),
        FOR_TEXTS,
        .about = "what the screen goes on with",
    },
    {
        .name = "answer",
        STRING(answer),
        FOR_TEXTS,
        .about = "what should follow it",
    },
};
const struct field_table spec_prompt_fields = {
    FIELD_ROWS(prompt_rows),
    .heading = "What a text's model is shown and taught",
    .section = "prompt",
};

static const struct field stage_rows[] = {
    {
        .name = "stage",
        .argument = "LINE",
        OWN(stage),
        .repeats = true,
        .rest_of_line = true,
        .about = "'NAME KEY=VALUE ...': one of several parts of the run; may be repeated",
    },
};
const struct field_table spec_stage_fields = {FIELD_ROWS(stage_rows)};

static const struct field course_rows[] = {
    {
        .name = "seed",
        .letter = 's',
        SEED(seed),
        .about = "of everything that is random (default: 1)",
    },
    {
        .name = "data-seed",
        SEED(data_seed),
        .given = offsetof(struct spec, data_seed_given),
        .about = "of a toy's points or a file's split (default: the run's)",
    },
    {
        .name = "steps",
        .letter = 'n',
        STEPS(steps),
        .about = "stop after so many steps",
    },
    {
        .name = "epochs",
        .type = FIELD_NUMBER,
        AT(epochs),
        .min_open = true,
        .max = FIELD_UNBOUNDED,
        .about = "stop after so many passes over the training rows",
    },
    {
        .name = "end-with",
        .argument = "best|last",
        .type = FIELD_CHOICE,
        .store = FIELD_BOOL,
        AT(end_with_best),
        .choice = spec_end_with,
        .about = "best: end with the weights of the least test loss; last (default)",
    },
    {
        .name = "at",
        .argument = "STEP:KNOB=VALUE",
        OWN(at),
        .repeats = true,
        .about = "turn a knob at a step; may be repeated",
    },
};
const struct field_table spec_course_fields = {FIELD_ROWS(course_rows), .heading = "Run", .section = "run"};

const struct field_table *const spec_table[SPEC_TABLES] = {
    &spec_origin_fields, &spec_data_fields,   &spec_form_fields,  &spec_net_fields,    &spec_language_fields,
    &spec_token_fields,  &spec_prompt_fields, &spec_stage_fields, &spec_course_fields,
};

static const struct field machine_rows[] = {
    {
        .name = "threads",
        .type = FIELD_NUMBER,
        .store = FIELD_UNSIGNED,
        AT(threads),
        .min = 1,
        .max = SPEC_THREADS_MAX,
        .about = "threads of the matrix library, for large nets (default: 1)",
    },
};
const struct field_table spec_machine_fields = {FIELD_ROWS(machine_rows)};

static const struct field load_rows[] = {
    {
        .name = "load",
        .argument = "FILE",
        PATH(load_path),
        .about = "begin with this checkpoint; TASK may be left out",
    },
};
const struct field_table spec_load_fields = {FIELD_ROWS(load_rows), .heading = "Files"};

static const struct field best_rows[] = {
    {
        .name = "best",
        FIELD_FLAG(spec, load_best),
        .about = "of --load, predict and sample: the weights of the least test loss",
    },
};
const struct field_table spec_best_fields = {FIELD_ROWS(best_rows)};

static const struct field output_rows[] = {
    {
        .name = "log",
        .letter = 'o',
        .argument = "FILE",
        PATH(log_path),
        .about = "write the figures as CSV, or JSON lines if it ends in .jsonl; -: stdout",
    },
    {
        .name = "log-every",
        STEPS(log_every),
        .about = "a row each N steps (default: at each evaluation)",
    },
    {
        .name = "save",
        .argument = "FILE",
        PATH(save_path),
        .output = true,
        .about = "write a checkpoint at the end, and when the run is left",
    },
    {
        .name = "save-every",
        STEPS(save_every),
        .about = "and each N steps",
    },
};
const struct field_table spec_output_fields = {FIELD_ROWS(output_rows)};

/* ---- fields that a kind of task does not have ---- */

static const struct {
    unsigned kinds;
    const char *called;
} kind_table[] = {
    {SPEC_TOY, "toys"},
    {SPEC_TABLE, "tables"},
    {SPEC_TEXT, "texts"},
    {SPEC_TOY | SPEC_TABLE, "tables and toys"},
};

static const char *kinds_called(unsigned kinds)
{
    size_t at = 0;
    while (kind_table[at].kinds != kinds)
        at++;
    return kind_table[at].called;
}

enum status spec_refuse(const struct spec *spec, enum spec_kind kind, struct error *error)
{
    static const char *const name[] = {[SPEC_TOY] = "toy", [SPEC_TABLE] = "table", [SPEC_TEXT] = "text"};
    for (size_t i = 0; i < SPEC_TABLES; i++)
        for (size_t k = 0; k < spec_table[i]->count; k++) {
            const struct field *field = &spec_table[i]->row[k];
            const bool hint = kind == SPEC_TABLE && field->only_for == SPEC_TEXT;
            if (field->only_for && !(field->only_for & kind) && field_is_set(spec, field))
                return error_set(error, STATUS_USAGE, "--%s is for %s: %.200s is a %s%s", field->name,
                                 kinds_called(field->only_for), spec->task, name[kind],
                                 hint ? " (with --model it would be a text)" : "");
        }
    return STATUS_OK;
}

/* ---- one field of a run ---- */

static enum status unknown(const char *name, struct error *error)
{
    const char *names[FIELD_NAMES_MAX];
    char near[96];
    size_t count = 0;
    for (size_t i = 0; i < SPEC_TABLES; i++)
        count = field_names(spec_table[i], names, count);
    count = field_names(&knob_fields, names, count);
    return error_set(error, STATUS_USAGE, "%.60s: there is no such setting%s", name,
                     name_hint(near, sizeof near, "", name, names, count));
}

static enum status set_knob(struct spec *spec, const char *name, const char *value, struct error *error)
{
    const enum knob_id knob = knob_find(name);
    struct error why;
    if (knob == KNOB_COUNT)
        return unknown(name, error);
    if (!value)
        return error_set(error, STATUS_USAGE, "%s needs a value", name);
    spec->knob_given[knob] = true;
    if (knob_read(knob, value, &spec->knobs.value[knob], &why) != STATUS_OK)
        return error_set(error, why.status, "%s %.60s: %s", name, value, why.message);
    return STATUS_OK;
}

enum status spec_set(struct spec *spec, const char *name, const char *value, struct error *error)
{
    const struct field *field = field_find_in(spec_table, SPEC_TABLES, name);
    return field ? field_read(spec, field, value, error) : set_knob(spec, name, value, error);
}
