/* `downhill sample CHECKPOINT --prompt TEXT`: a trained language model goes on with a text, token by token. */
#ifndef APP_SAMPLE_H
#define APP_SAMPLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"

/* The words after `sample`.  The prompt and what the model writes go to `out`, each token at once: as bytes, or where
 * `terminal` says that `out` is one, as text without what could steer it.  What was guessed of the model goes to
 * standard error.  STATUS_USAGE with what would be right. */
enum status sample_command(int argc, char **argv, FILE *out, bool terminal, struct error *error);

#endif
