/* A run without a screen: the same session, to its end.
 *
 * Standard output: one line with the outcome, unless the log goes there.  Standard error: messages; and where
 * a person reads it, what was found in a table, and a line of progress that is written over itself and erased at the
 * end.  SIGINT, SIGTERM and SIGHUP end the run between two steps, with its log and its checkpoint whole; signals
 * stay caught (base/signals.h) until the caller, who has something to say about the outcome, releases them. */
#ifndef APP_HEADLESS_H
#define APP_HEADLESS_H

#include <stdbool.h>

#include "session/session.h"
#include "setup/spec.h"

/* `options`: journal and replay; the rest is set here.  `progress`: standard error is a terminal.  STATUS_USAGE when
 * nothing would end the run (steps, epochs, early stopping), STATUS_DIVERGED when the loss or the gradient was no
 * longer finite, STATUS_FAILED when interrupted, when some of the log is missing, or when a replay departs from its
 * journal; a replay that does not has ended well, however its run ended. */
enum status headless_run(struct spec *spec, const struct session_options *options, bool progress, struct error *error);

#endif
