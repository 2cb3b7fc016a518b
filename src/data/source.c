/* Writes and reads, as JSON, how a table's columns became a model's inputs and answer. */
#include "data/source.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "data/column.h"

static const char *const kind_name[SOURCE_KINDS] = {
    [SOURCE_NUMBER] = "number",
    [SOURCE_TEXT] = "text",
    [SOURCE_LEFT_OUT] = "left out",
    [SOURCE_TARGET] = "target",
};

struct source *source_create(size_t columns)
{
    struct source *source = mem_alloc(1, sizeof *source);
    if (!source || !(source->column = mem_alloc(columns + 1, sizeof *source->column))) {
        mem_free(source);
        return NULL;
    }
    source->columns = columns;
    return source;
}

static void free_strings(char **string, size_t count)
{
    for (size_t i = 0; string && i < count; i++)
        mem_free(string[i]);
    mem_free(string);
}

void source_free(struct source *source)
{
    if (!source)
        return;
    for (size_t i = 0; i < source->columns; i++) {
        mem_free(source->column[i].name);
        free_strings(source->column[i].category, source->column[i].categories);
    }
    free_strings(source->class_name, source->classes);
    mem_free(source->target_name);
    mem_free(source->missing_words);
    mem_free(source->column);
    mem_free(source);
}

static size_t column_inputs(const struct source_column *column)
{
    return column->kind == SOURCE_NUMBER ? 1 : column->kind == SOURCE_TEXT ? column->categories + column->missing : 0;
}

size_t source_inputs(const struct source *source)
{
    size_t inputs = 0;
    for (size_t i = 0; i < source->columns; i++)
        inputs += column_inputs(&source->column[i]);
    return inputs;
}

/* ---- comparing ---- */

static bool same_strings(char *const *a, size_t as, char *const *b, size_t bs, const char *what, char *why, size_t size)
{
    size_t at = 0;
    while (at < as && at < bs && (strcmp(a[at], b[at]) == 0 || label_same_value(a[at], b[at])))
        at++;
    if (at == as && at == bs)
        return true;
    snprintf(why, size, "%s %zu was %s%.64s%s, it is %s%.64s%s", what, at + 1, at < as ? "'" : "",
             at < as ? a[at] : "not there", at < as ? "'" : "", at < bs ? "'" : "", at < bs ? b[at] : "not there",
             at < bs ? "'" : "");
    return false;
}

/* The next column from *at on that is part of the model; NULL: there is none. */
static const struct source_column *next_used(const struct source *source, size_t *at)
{
    while (*at < source->columns && source->column[*at].kind == SOURCE_LEFT_OUT)
        ++*at;
    return *at < source->columns ? &source->column[(*at)++] : NULL;
}

static bool same_column(const struct source_column *then, const struct source_column *now, char *why, size_t size)
{
    char what[120];
    char *const was = then ? then->name : NULL, *const is = now ? now->name : NULL;
    if (!same_strings(&was, was != NULL, &is, is != NULL, "column", why, size))
        return false;
    if (then->kind != now->kind || then->missing != now->missing) {
        snprintf(why, size, "column '%.64s' was of another kind", then->name);
        return false;
    }
    snprintf(what, sizeof what, "column '%.64s': value", then->name);
    return same_strings(then->category, then->categories, now->category, now->categories, what, why, size);
}

bool source_same(const struct source *then, const struct source *now, char *why, size_t size)
{
    size_t at_then = 0, at_now = 0;
    for (;;) {
        const struct source_column *a = next_used(then, &at_then), *b = next_used(now, &at_now);
        if (!a && !b)
            return same_strings(then->class_name, then->classes, now->class_name, now->classes, "class", why, size);
        if (!same_column(a, b, why, size))
            return false;
    }
}

/* ---- writing ---- */

static bool add_strings(struct json *parent, const char *key, char *const *string, size_t count)
{
    struct json *list = json_add_array(parent, key);
    bool complete = list != NULL;
    for (size_t i = 0; i < count && complete; i++)
        complete = json_add_string(list, NULL, string[i]);
    return complete;
}

static bool add_column(struct json *list, const struct source_column *column)
{
    struct json *entry = json_add_object(list, NULL);
    bool complete =
        json_add_string(entry, "name", column->name) && json_add_string(entry, "kind", kind_name[column->kind]);
    if (column->kind == SOURCE_NUMBER)
        complete = complete && json_add_number(entry, "mean", column->mean) &&
                   json_add_number(entry, "sd", column->sd) &&
                   (!column->as_number || json_add_bool(entry, "texts missing", true));
    if (column->kind == SOURCE_TEXT)
        complete = complete && add_strings(entry, "categories", column->category, column->categories) &&
                   json_add_bool(entry, "missing", column->missing);
    return complete;
}

static bool add_toy(struct json *list, const struct dataset *dataset)
{
    bool complete = list != NULL;
    for (size_t i = 0; i < dataset->inputs && complete; i++)
        complete = add_column(list, &(struct source_column){
                                        .name = dataset->input_name[i],
                                        .kind = SOURCE_NUMBER,
                                        .mean = dataset->input_mean[i],
                                        .sd = dataset->input_sd[i],
                                    });
    return complete && add_column(list, &(struct source_column){.name = dataset->target_name, .kind = SOURCE_TARGET});
}

char *source_text(const struct dataset *dataset)
{
    const struct source *source = dataset->source;
    struct json *root = json_new_object();
    bool complete = json_add_bool(root, "header", !source || source->header);
    if (source && source->as_spelt)
        complete = complete && json_add_bool(root, "as spelt", true);
    if (source && source->missing_words)
        complete = complete && json_add_string(root, "missing", source->missing_words);
    const char mark[] = {source ? source->decimal : '\0', '\0'};
    if (mark[0])
        complete = complete && json_add_string(root, "decimal", mark);
    struct json *list = json_add_array(root, "columns");
    for (size_t i = 0; source && i < source->columns && complete; i++)
        complete = add_column(list, &source->column[i]);
    if (!source)
        complete = complete && add_toy(list, dataset);
    struct json *target = json_add_object(root, "target");
    complete = complete && json_add_string(target, "name", dataset->target_name);
    if (dataset->kind == TASK_CLASSIFY)
        complete = complete && add_strings(target, "classes", dataset->class_name, dataset->classes);
    else
        complete = complete && json_add_number(target, "mean", dataset->target_mean) &&
                   json_add_number(target, "sd", dataset->target_sd);
    char *text = complete ? json_text(root) : NULL;
    json_free(root);
    return text;
}

/* ---- reading ---- */

/* All of these are false for what is not as it should be, and when memory runs out: then *lost is true. */

static bool take_string(const struct json *json, char **out, bool *lost)
{
    const char *string = json_string(json);
    if (!string)
        return false;
    *out = mem_string(string);
    *lost |= !*out;
    return *out != NULL;
}

static bool take_strings(const struct json *list, char ***out, size_t *count, bool *lost)
{
    size_t found = 0;
    for (const struct json *at = json_first(list); at; at = json_next(at))
        found++;
    if (!json_is_array(list))
        return false;
    *out = mem_alloc(found + 1, sizeof **out);
    *lost |= !*out;
    if (!*out)
        return false;
    for (const struct json *at = json_first(list); at; at = json_next(at))
        if (!take_string(at, &(*out)[(*count)++], lost))
            return false;
    return true;
}

static bool take_scale(const struct json *json, double *mean, double *sd)
{
    return json_number(json_member(json, "mean"), mean) && json_number(json_member(json, "sd"), sd) && *sd >= 0;
}

/* A flag that may lack: false then. */
static bool take_flag(const struct json *json, const char *key, bool *flag)
{
    const struct json *member = json_member(json, key);
    return !member || json_bool(member, flag);
}

static bool take_column(const struct json *entry, struct source_column *column, bool *lost)
{
    const char *kind = json_string(json_member(entry, "kind"));
    while (kind && column->kind < SOURCE_KINDS && strcmp(kind_name[column->kind], kind) != 0)
        column->kind++;
    if (!kind || column->kind == SOURCE_KINDS || !take_string(json_member(entry, "name"), &column->name, lost))
        return false;
    if (column->kind == SOURCE_NUMBER)
        return take_flag(entry, "texts missing", &column->as_number) && take_scale(entry, &column->mean, &column->sd);
    if (column->kind == SOURCE_TEXT)
        return take_strings(json_member(entry, "categories"), &column->category, &column->categories, lost) &&
               json_bool(json_member(entry, "missing"), &column->missing);
    return true;
}

static bool take_target(const struct json *target, struct source *source, bool *lost)
{
    const struct json *classes = json_member(target, "classes");
    if (!take_string(json_member(target, "name"), &source->target_name, lost))
        return false;
    if (classes)
        return take_strings(classes, &source->class_name, &source->classes, lost) && source->classes >= 2;
    return take_scale(target, &source->target_mean, &source->target_sd) && source->target_sd > 0;
}

/* None, "." or ",". */
static bool take_decimal(const struct json *decimal, char *mark)
{
    const char *text = decimal ? json_string(decimal) : "";
    *mark = text ? text[0] : '\0';
    return text && (!*text || strcmp(text, ".") == 0 || strcmp(text, ",") == 0);
}

static struct source *take_source(const struct json *root, bool *lost)
{
    const struct json *list = json_member(root, "columns");
    size_t columns = 0;
    for (const struct json *at = json_first(list); at; at = json_next(at))
        columns++;
    struct source *source = source_create(columns);
    *lost = !source;
    if (!source)
        return NULL;
    const struct json *missing = json_member(root, "missing");
    bool right = json_is_array(list) && json_bool(json_member(root, "header"), &source->header) &&
                 take_flag(root, "as spelt", &source->as_spelt) &&
                 (!missing || take_string(missing, &source->missing_words, lost)) &&
                 take_decimal(json_member(root, "decimal"), &source->decimal) &&
                 take_target(json_member(root, "target"), source, lost);
    columns = 0;
    for (const struct json *at = json_first(list); at && right; at = json_next(at))
        right = take_column(at, &source->column[columns++], lost);
    if (right)
        return source;
    source_free(source);
    return NULL;
}

enum status source_parse(struct source **out, const char *text, struct error *error)
{
    const char *reason;
    bool lost = false;
    struct json *root = json_parse(text, strlen(text), &reason);
    *out = root ? take_source(root, &lost) : NULL;
    if (root && !*out)
        reason = "are not what this program writes";
    json_free(root);
    if (lost)
        return error_memory(error);
    return *out ? STATUS_OK : error_set(error, STATUS_FAILED, "its columns: %s", reason);
}
