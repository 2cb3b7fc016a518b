/* `downhill export JOURNAL -o FILE`: the figures of a run, from its journal, which is repeated without a screen.  A
 * table has each step's values: they go through a file beside it (store/spool.h), so that memory does not grow with
 * the run.  A figure and an envelope are made from the history, as on the screen. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "base/status.h"

/* The words after `export`.  STATUS_USAGE with what would be right, STATUS_FAILED with the reason when the journal
 * cannot be read or the file not be written, or when the run departs from its journal: the file is then written all the
 * same. */
enum status export_command(int argc, char **argv, struct error *error);

#endif
