/* Where journals are kept when nobody says where: $XDG_STATE_HOME/downhill, or ~/.local/state/downhill, for this user's
 * eyes only.  A file's name is made of the time, the task and a number ("2026-11-24-171501-spiral-1.journal"), so that
 * names sort by age; the newest JOURNALS_KEPT stay, and those that are still being written. */
#ifndef STORE_JOURNAL_PLACE_H
#define STORE_JOURNAL_PLACE_H

#include <stddef.h>

#include "base/status.h"

#define JOURNALS_KEPT 50

/* Makes an empty file for the journal of a run on `task` in `folder` (NULL: the usual one), and deletes what is too old.  *path: to be released with
 * mem_free; NULL, without an error, when this user has no home.  STATUS_FAILED with the reason when the file cannot be
 * made. */
enum status journal_place(char **path, const char *folder, const char *task, struct error *error);

#endif
