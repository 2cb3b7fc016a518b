/* A run as one command line for a POSIX shell: what can be said, mailed and written on a board. */
#ifndef SETUP_SHARE_H
#define SETUP_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lines.h"
#include "data/dataset.h"
#include "learn/knob.h"
#include "setup/spec.h"

/* A run as it is now. */
struct share_run {
    const struct spec *spec; /* that it began with */
    uint64_t seed;
    const struct knobs *knobs;
    size_t stage;                  /* that it is in, from 0 */
    const struct dataset *dataset; /* of the first stage */
};

/* The command that makes the present set-up: task, model, stages, seeds and the knobs as they are now, as far as they
 * are not what the program takes by itself.  In a later stage the knobs are those that the run began with, and its
 * script is said too: the command begins with the first.  Printable, one line.  False when it does not fit. */
bool share_command(const struct share_run *run, char *out, size_t size);

/* Adds a word, quoted where a shell needs it; bytes that would steer a terminal are made by the shell out of
 * numbers. */
void share_word(struct lines *out, const char *word);

#endif
