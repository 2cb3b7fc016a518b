/* All commands of the program, and the user's own keys, from the file $XDG_CONFIG_HOME/downhill/keys or else
 * ~/.config/downhill/keys (ui/keymap.h says what its lines are). */
#ifndef APP_KEYS_H
#define APP_KEYS_H

#include <stdio.h>

#include "base/command.h"
#include "ui/keymap.h"

/* Those of the run, then those of the screen. */
extern const struct command_lists app_commands;

/* The usual bindings and those of the file, for keymap_free.  Reports a wrong line on `said` with file and line number,
 * and ignores it.  NULL: out of memory. */
struct keymap *keys_read(FILE *said);
/* Adds those of a file's text, which is cut up; `path` is for messages. */
void keys_parse(struct keymap *keymap, const char *path, char *text, FILE *said);

#endif
