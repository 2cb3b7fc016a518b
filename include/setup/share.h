/* Writes the present set-up of a run as one command line for a POSIX shell, for people to pass on. */
#ifndef SETUP_SHARE_H
#define SETUP_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lines.h"
#include "data/dataset.h"
#include "learn/knob.h"
#include "setup/spec.h"

/* The run at its present step. */
struct share_run {
    const struct spec *spec;       /* that the run began with, with the present model's shape */
    uint64_t seed;                 /* of the present branch */
    const struct knobs *knobs;     /* the present ones */
    size_t stage;                  /* the present one, from 0 */
    const struct dataset *dataset; /* of the first stage */
};

/* Writes the command that starts a run with the present set-up into out[size]: task, model, stages, seeds and present
 * knobs, without the values that the program chooses by itself.  When the run is in a later stage, the command has the
 * knobs and the scripted changes that the run began with instead, because a new run begins with the first stage.  The
 * command is one line of printable characters.  False when it does not fit or memory is out. */
bool share_command(const struct share_run *run, char *out, size_t size);

/* Adds a word, quoted where a shell needs quotes.  A word with bytes that are not printable becomes a printf command
 * substitution with these bytes as octal numbers, so that showing the command cannot control a terminal. */
void share_word(struct lines *out, const char *word);

#endif
