/* Lines of words, for files that people may read and edit: words are separated by spaces; one that is empty or holds
 * spaces, quotes, control characters or bytes that are no UTF-8 stands in double quotes, with \n, \t, \", \\ and \xNN
 * inside.  Read, but not written, is a word whose value alone is quoted: key="a b". */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A text that grows; {0} is the empty one. */
struct lines {
    char *text; /* NUL-terminated; NULL while empty; to be released with mem_free */
    size_t length, room;
    bool failed; /* out of memory: what was added from then on is missing */
};

void lines_add(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One word, quoted where it must be. */
void lines_word(struct lines *lines, const char *word);

/* Cuts the next word off a line, unquoted in place: *at moves behind it.  False when there is none; *word is NULL
 * where a quote is not closed, followed by something, or holds what it may not. */
bool line_word(char **at, char **word);

#endif
