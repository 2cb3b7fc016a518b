/* Tells the files that this program writes from data, by their first bytes. */
#ifndef BASE_FILE_KIND_H
#define BASE_FILE_KIND_H

#include "base/status.h"

#define FILE_KIND_JOURNAL "downhill journal" /* first words of each journal */

/* STATUS_FAILED, with a message that says what the file is for, where `path` leads to a journal or a checkpoint.
 * STATUS_OK for any other file, and where there is none. */
enum status file_kind_refuse_own(const char *path, struct error *error);

#endif
