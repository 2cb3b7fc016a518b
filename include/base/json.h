/* JSON (RFC 8259) as a tree, through cJSON: the headers of weight files, and what they say of a table's columns.
 *
 * Texts from files are not to be trusted: what is deep, has very many values or holds a zero byte (a string would end
 * there) is refused before memory is spent on it.  Strings are UTF-8 as they came; what is printed of them goes through
 * base/text or error_set. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#define JSON_VALUES_MAX 1000000 /* of a text that is read: some 64 MB of memory */

struct json; /* a value, and with an array or an object all that is in it */

/* NULL with *reason (constant text, "ends too soon") when text[0..length) is not one JSON value, or there is no
 * memory. */
struct json *json_parse(const char *text, size_t length, const char **reason);
void json_free(struct json *json); /* of a root; NULL is fine */

/* What is in an array or an object, in the order of the text; NULL at the end, and in anything else. */
const struct json *json_first(const struct json *json);
const struct json *json_next(const struct json *json);
const char *json_key(const struct json *json); /* of a member of an object */
/* The member of that name; NULL where there is none, or several: who means which? */
const struct json *json_member(const struct json *object, const char *key);

bool json_is_object(const struct json *json);
bool json_is_array(const struct json *json);
const char *json_string(const struct json *json); /* NULL: it is none (NULL itself is fine) */
bool json_number(const struct json *json, double *value);
bool json_bool(const struct json *json, bool *value);
/* A whole number that a double holds exactly, 0 to 2^53. */
bool json_count(const struct json *json, size_t *value);

/* Writing.  `key` NULL: a new element of an array, else a new member of an object.  What is added belongs to its
 * parent. NULL or false: out of memory; a NULL parent is the same, so that one look at the end of a chain is enough. */
struct json *json_new_object(void);
struct json *json_add_object(struct json *parent, const char *key);
struct json *json_add_array(struct json *parent, const char *key);
bool json_add_string(struct json *parent, const char *key, const char *text);
bool json_add_number(struct json *parent, const char *key, double value); /* finite; reads back the same double */
bool json_add_bool(struct json *parent, const char *key, bool value);
/* The text, without spaces; the caller frees it with mem_free.  NULL: out of memory. */
char *json_text(const struct json *json);

#endif
