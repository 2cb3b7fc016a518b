/* Finds the nearest right name for a wrong one, words the proposal, and looks for a name in a list. */
#include "base/name.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 };

static int lower(char c)
{
    return tolower((unsigned char)c);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Damerau-Levenshtein distance in its restricted form ("optimal string alignment"): letters inserted, deleted,
 * replaced, or two neighbours swapped.  Both strings are shorter than LONGEST. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[3][LONGEST + 1]; /* rows i-2, i-1 and i of the table, in turn */
    size_t m = strlen(a), n = strlen(b);
    for (unsigned j = 0; j <= n; j++)
        row[0][j] = j;
    for (unsigned i = 1; i <= m; i++) {
        unsigned *now = row[i % 3], *above = row[(i + 2) % 3], *two_above = row[(i + 1) % 3];
        now[0] = i;
        for (unsigned j = 1; j <= n; j++) {
            int x = lower(a[i - 1]), y = lower(b[j - 1]);
            now[j] = least(least(above[j], now[j - 1]) + 1, above[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
                now[j] = least(now[j], two_above[j - 2] + 1);
        }
    }
    return row[m % 3][n];
}

int name_nearest(const char *typed, const char *const *names, size_t count)
{
    size_t length = strlen(typed);
    if (length == 0 || length >= LONGEST)
        return -1;
    /* One slip for every three letters: a fifth of a word may be guessed, half of one may not. */
    unsigned allowed = length < 3 ? 1 : (unsigned)(length + 2) / 3;
    unsigned best = allowed + 1;
    int nearest = -1;
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) >= LONGEST)
            continue;
        unsigned d = distance(typed, names[i]);
        /* A name of which nothing is left is not near. */
        if (d < best && d < length && d < strlen(names[i])) {
            best = d;
            nearest = (int)i;
        }
    }
    return nearest;
}

char *name_hint(char *out, size_t size, const char *prefix, const char *typed, const char *const *names, size_t count)
{
    const int nearest = name_nearest(typed, names, count);
    out[0] = '\0';
    if (nearest >= 0)
        snprintf(out, size, ": did you mean '%s%s'?", prefix, names[nearest]);
    return out;
}

char *name_suggest(char *out, size_t size, const char *typed, const char *const *names, size_t count)
{
    static const char more[] = ", ...";
    if (name_hint(out, size, "", typed, names, count)[0])
        return out;
    size_t used = (size_t)snprintf(out, size, count == 0 ? "" : ": one of ");
    for (size_t i = 0; i < count && used < size; i++) {
        const char *comma = i == 0 ? "" : ", ";
        size_t needed = strlen(comma) + strlen(names[i]) + (i + 1 < count ? sizeof more - 1 : 0);
        if (used + needed >= size) {
            snprintf(out + used, size - used, "%s", more);
            break;
        }
        used += (size_t)snprintf(out + used, size - used, "%s%s", comma, names[i]);
    }
    return out;
}

bool name_is_listed(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (size_t word; *list; list += word + (list[word] == ' ')) {
        word = strcspn(list, " ");
        if (word == length && strncmp(list, name, length) == 0)
            return true;
    }
    return false;
}
