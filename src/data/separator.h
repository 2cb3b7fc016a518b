/* Which character parts the fields of a table: comma, semicolon or tab. */
#ifndef DATA_SEPARATOR_H
#define DATA_SEPARATOR_H

#include <stddef.h>

/* Separators outside quotes in the line from `p`; *next: where it has ended. */
size_t separator_count(const char *p, const char *end, char separator, const char **next);

/* The candidate that cuts most of the first lines into as many fields as the first one; then the one that cuts it into
 * most. */
char separator_guess(const char *from, const char *end);

#endif
