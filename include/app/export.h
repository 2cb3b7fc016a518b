/* `downhill export JOURNAL -o FILE`: the figures of a run, from its journal, at full resolution: each step's values are kept while it is
 * repeated without a screen, however long it is. */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "base/status.h"

/* The words after `export`.  STATUS_USAGE with what would be right, STATUS_FAILED with the reason when the journal cannot be read or the
 * file not be written, or when the run departs from its journal: the file is then written all the same. */
enum status export_command(int argc, char **argv, struct error *error);

#endif
