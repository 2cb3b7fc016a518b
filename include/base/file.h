/* Answers questions about files: where a path leads, whether it may be written, where a user keeps files. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* "-": standard input or output. */
bool file_is_stream(const char *path);

/* Two paths (NULL: none; "-": a stream) lead to one plain file, whether it is there or is yet to be made. */
bool file_same(const char *path, const char *other);

/* The file that a path leads to, or that writing to it would make: behind links, also one that leads to nothing yet.
 * 0, or the errno that says why there is none. */
int file_goal(const char *path, char *goal, size_t size);

/* 0, or the errno that opening it for writing would meet.  Neither makes nor opens it. */
int file_may_write(const char *path);

/* Where this user's files of one kind are: the folder downhill in $VARIABLE, or in the folder `usual` of the home
 * (XDG Base Directory Specification).  NULL without a home, or without memory.  To be released with mem_free. */
char *file_user_folder(const char *variable, const char *usual);

/* The name ends so (".jsonl"), in capitals or not. */
bool file_ends(const char *path, const char *ending);

#endif
