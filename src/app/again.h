/* The command that repeats a run, printed when the screen is left. */
#ifndef APP_AGAIN_H
#define APP_AGAIN_H

#include <stdint.h>
#include <stdio.h>

#include "session/session.h"

/* "Again: " and the words that the program was started with, quoted for a POSIX shell; with the seeds in force, and
 * with each knob that was turned by hand as --at STEP:KNOB=VALUE, so that the newest branch comes about again.  Of very
 * many turns only the number is said.  That the branch went on after an early stop is said in a line of its own: the
 * words stop there. After steps back in time, which no words repeat, it is the command of the present set-up. */
void again_print(FILE *out, int argc, char **argv, const struct session *session);

/* "Replay: " and the command that repeats the run from its journal, every step back included; nothing without one.
 * `end`: the last step that an incomplete journal can replay; NULL: the journal is whole. */
void again_print_replay(FILE *out, const char *program, const char *journal, const uint64_t *end);

#endif
