/* What files are, beyond their names. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>

/* Two paths (NULL: none) lead to one plain file. */
bool file_same(const char *path, const char *other);

/* The name ends so (".jsonl"), in capitals or not. */
bool file_ends(const char *path, const char *ending);

#endif
