/* A run as one command line for a POSIX shell: what can be said, mailed and written on a board. */
#ifndef RUN_SHARE_H
#define RUN_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lines.h"

struct session;

/* The command that makes the present set-up: task, model, stages, seeds and the knobs as they are now, as far as they
 * are not what the program takes by itself.  In a later stage the knobs are those that the run began with, and its
 * script is said too: the command begins with the first.  Printable, one line.  False when it does not fit. */
bool share_command(const struct session *session, char *out, size_t size);

/* Adds a word, quoted where a shell needs it; bytes that would steer a terminal are made by the shell out of
 * numbers. */
void share_word(struct lines *out, const char *word);

#endif
