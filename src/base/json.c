/* Reads and writes JSON trees through cJSON. */
#include "base/json.h"

#include <cjson/cJSON.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define COUNT_MAX 9007199254740992.0 /* 2^53 */

static const cJSON *value_of(const struct json *json)
{
    return (const cJSON *)json;
}

/* Looks through the text without building anything: NULL, or why it is not to be read. */
static const char *look_through(const char *text, size_t length)
{
    size_t values = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (c == '\0')
            return "holds a zero byte";
        if (c == '"')
            quoted = !quoted;
        else if (quoted && c == '\\') {
            if (length - i > 5 && memcmp(text + i + 1, "u0000", 5) == 0)
                return "holds a zero byte";
            i++;
        } else if (!quoted && (c == ',' || c == '[' || c == '{' || c == ':'))
            values++;
    }
    return values > JSON_VALUES_MAX ? "has too many values" : NULL;
}

struct json *json_parse(const char *text, size_t length, const char **reason)
{
    *reason = look_through(text, length);
    if (*reason)
        return NULL;
    const char *end = text;
    cJSON *value = cJSON_ParseWithLengthOpts(text, length, &end, false);
    if (!value) {
        *reason = end < text + length ? "is not JSON" : "ends too soon";
        return NULL;
    }
    while (end < text + length && strchr(" \t\r\n", *end))
        end++;
    if (end < text + length) {
        *reason = "has something behind its end";
        cJSON_Delete(value);
        return NULL;
    }
    return (struct json *)value;
}

void json_free(struct json *json)
{
    cJSON_Delete((cJSON *)json);
}

const struct json *json_first(const struct json *json)
{
    return json_is_array(json) || json_is_object(json) ? (const struct json *)value_of(json)->child : NULL;
}

const struct json *json_next(const struct json *json)
{
    return (const struct json *)value_of(json)->next;
}

const char *json_key(const struct json *json)
{
    return value_of(json)->string;
}

const struct json *json_member(const struct json *object, const char *key)
{
    const struct json *found = NULL;
    if (!json_is_object(object))
        return NULL;
    for (const struct json *member = json_first(object); member; member = json_next(member))
        if (strcmp(json_key(member), key) == 0) {
            if (found)
                return NULL;
            found = member;
        }
    return found;
}

bool json_is_object(const struct json *json)
{
    return cJSON_IsObject(value_of(json));
}

bool json_is_array(const struct json *json)
{
    return cJSON_IsArray(value_of(json));
}

const char *json_string(const struct json *json)
{
    return cJSON_GetStringValue(value_of(json));
}

bool json_number(const struct json *json, double *value)
{
    if (!cJSON_IsNumber(value_of(json)) || !isfinite(value_of(json)->valuedouble))
        return false;
    *value = value_of(json)->valuedouble;
    return true;
}

bool json_bool(const struct json *json, bool *value)
{
    *value = cJSON_IsTrue(value_of(json));
    return cJSON_IsBool(value_of(json));
}

bool json_count(const struct json *json, size_t *value)
{
    double number;
    if (!json_number(json, &number) || !(number >= 0 && number <= COUNT_MAX) || number != floor(number))
        return false;
    *value = (size_t)number;
    return true;
}

/* The parent takes over the value, also when there is none. */
static struct json *add(struct json *parent, const char *key, cJSON *value)
{
    cJSON *to = (cJSON *)parent;
    if (value && to && (key ? cJSON_AddItemToObject(to, key, value) : cJSON_AddItemToArray(to, value)))
        return (struct json *)value;
    cJSON_Delete(value);
    return NULL;
}

struct json *json_new_object(void)
{
    return (struct json *)cJSON_CreateObject();
}

struct json *json_add_object(struct json *parent, const char *key)
{
    return add(parent, key, cJSON_CreateObject());
}

struct json *json_add_array(struct json *parent, const char *key)
{
    return add(parent, key, cJSON_CreateArray());
}

bool json_add_string(struct json *parent, const char *key, const char *text)
{
    return add(parent, key, cJSON_CreateString(text)) != NULL;
}

bool json_add_number(struct json *parent, const char *key, double value)
{
    char digits[32]; /* cJSON's own are cut where the difference is small */
    snprintf(digits, sizeof digits, "%.17g", value);
    return add(parent, key, cJSON_CreateRaw(digits)) != NULL;
}

bool json_add_bool(struct json *parent, const char *key, bool value)
{
    return add(parent, key, cJSON_CreateBool(value)) != NULL;
}

char *json_text(const struct json *json)
{
    char *printed = cJSON_PrintUnformatted(value_of(json));
    char *text = printed ? mem_string(printed) : NULL;
    cJSON_free(printed);
    return text;
}
