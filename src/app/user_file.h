/* Files of the configuration folder ($XDG_CONFIG_HOME/downhill, else ~/.config/downhill): text, a setting a line; lines
 * that begin with # are comments. */
#ifndef APP_USER_FILE_H
#define APP_USER_FILE_H

#include <stdio.h>

#include "base/status.h"

/* Reads the file of that name: its text, which the caller frees, and *path, to be freed too, for messages.  NULL where
 * there is none; one that cannot be read is reported on `said`. */
char *user_file_read(const char *name, char **path, FILE *said);

/* Calls `take` for each line that is no comment, without white space at its ends; it may change the line.  Reports a
 * line that it refuses on `said`, with file and line number.  The text is cut up. */
void user_file_each(const char *path, char *text, FILE *said,
                    enum status (*take)(void *owner, char *line, struct error *error), void *owner);

/* Cuts white space off both ends of `text`, in place. */
char *user_file_trim(char *text);

#endif
