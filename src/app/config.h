/* The file `config` in the folder $XDG_CONFIG_HOME/downhill, or ~/.config/downhill: defaults of the screen and the
 * place of journals, one `name = value` a line; # begins a comment.  It takes the options whose row in the option table
 * says so, none of which changes what a run computes; the command line comes after it. */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include <stdio.h>

#include "app/cli.h"

/* Takes the file's settings into `cli`, which keeps its text until cli_free.  A line that is wrong is said on `said`
 * with file and line, and ignored.  No file: nothing happens. */
void config_read(struct cli *cli, FILE *said);
/* The same of a text, which is changed and must outlive `cli`. */
void config_parse(struct cli *cli, const char *path, char *text, FILE *said);

#endif
