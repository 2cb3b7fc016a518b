/* Names that people type or files list: the nearest right one for a wrong one. */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Index of the name in names[0..count) with the smallest Damerau-Levenshtein distance to `typed`
 * (letters of either case count as equal), or -1 when none is near enough to be meant. */
int name_nearest(const char *typed, const char *const *names, size_t count);

/* Writes ": did you mean 'x'?" into `out` where a near name exists, else ": one of a, b, c" as far as
 * it fits.  Returns `out`. */
char *name_suggest(char *out, size_t size, const char *typed, const char *const *names, size_t count);

/* Writes ": did you mean 'x'?" with `prefix` before the name where a near name exists, else "".  Returns `out`. */
char *name_hint(char *out, size_t size, const char *prefix, const char *typed, const char *const *names, size_t count);

/* Whether `name` is one of the words of `list`, which have single spaces between them. */
bool name_is_listed(const char *list, const char *name);

#endif
