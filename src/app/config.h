/* The user's own defaults, from the file $XDG_CONFIG_HOME/downhill/config or else ~/.config/downhill/config.
 *
 * Each line is `name = value`; a line that begins with # is a comment.  A name is that of an option of
 * the screen, or `journal`; no such option changes what a run computes.  The command line is read after the
 * file, so its options replace the file's values. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdio.h>

#include "app/cli.h"

/* Sets the file's values in `cli`, which owns the file's text until cli_free.  Reports a wrong line on `said` with file
 * and line number, and ignores it.  Does nothing where there is no file. */
void config_read(struct cli *cli, FILE *said);
/* Does the same with the file's text, which it changes and which must outlive `cli`; `path` is for messages. */
void config_parse(struct cli *cli, const char *path, char *text, FILE *said);

#endif
