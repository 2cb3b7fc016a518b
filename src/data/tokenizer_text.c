/* A tokenizer as JSON: the form is in data/tokenizer.h. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "data/tokenizer_parts.h"

#define KIND "byte-bpe"

char *tokenizer_text(const struct tokenizer *tokenizer)
{
    struct json *root = json_new_object();
    bool complete = json_add_string(root, "kind", KIND);
    struct json *list = json_add_array(root, "merges");
    complete = complete && list;
    for (size_t i = 0; i < tokenizer_merges(tokenizer) && complete; i++) {
        uint16_t left, right;
        tokenizer_merge(tokenizer, i, &left, &right);
        struct json *merge = json_add_array(list, NULL);
        complete = json_add_number(merge, NULL, left) && json_add_number(merge, NULL, right);
    }
    char *text = complete ? json_text(root) : NULL;
    json_free(root);
    return text;
}

/* The two ids of [101,32]. */
static bool take_ids(const struct json *merge, size_t id[2])
{
    const struct json *left = json_is_array(merge) ? json_first(merge) : NULL;
    const struct json *right = left ? json_next(left) : NULL;
    return right && !json_next(right) && json_count(left, &id[0]) && json_count(right, &id[1]);
}

static enum status take_merges(struct tokenizer *tokenizer, const struct json *list, struct error *error)
{
    size_t i = 0, id[2];
    for (const struct json *merge = json_first(list); merge; merge = json_next(merge), i++) {
        const char *fault = take_ids(merge, id) ? tokenizer_add(tokenizer, id[0], id[1]) : "is not a pair of ids";
        if (fault)
            return error_set(error, STATUS_FAILED, "merge %zu %s", i, fault);
    }
    return STATUS_OK;
}

static enum status take_tokenizer(struct tokenizer **out, const struct json *root, struct error *error)
{
    const struct json *list = json_member(root, "merges");
    const char *kind = json_string(json_member(root, "kind"));
    size_t merges = 0;
    if (!kind || strcmp(kind, KIND) != 0 || !json_is_array(list))
        return error_set(error, STATUS_FAILED, "it is not what this program writes");
    for (const struct json *merge = json_first(list); merge; merge = json_next(merge))
        merges++;
    if (merges > TOKENIZER_MERGES_MAX)
        return error_set(error, STATUS_FAILED, "%zu merges, where %d can be", merges, TOKENIZER_MERGES_MAX);
    struct tokenizer *tokenizer = tokenizer_create(merges);
    if (!tokenizer)
        return error_memory(error);
    const enum status status = take_merges(tokenizer, list, error);
    if (status == STATUS_OK)
        *out = tokenizer;
    else
        tokenizer_free(tokenizer);
    return status;
}

enum status tokenizer_parse(struct tokenizer **out, const char *text, struct error *error)
{
    const char *reason;
    struct json *root = json_parse(text, strlen(text), &reason);
    *out = NULL;
    if (!root)
        return error_set(error, STATUS_FAILED, "%s", reason);
    const enum status status = take_tokenizer(out, root, error);
    json_free(root);
    return status;
}
