/* Recognises journals and checkpoints by their first bytes, where a data file is expected. */
#ifndef BASE_FILE_KIND_H
#define BASE_FILE_KIND_H

#include "base/status.h"

#define FILE_KIND_JOURNAL "downhill journal" /* the first bytes of each journal */

/* Refuses a journal or a checkpoint at `path`: STATUS_FAILED, with a message that names the command or option for such
 * a file.  STATUS_OK for every other file, and where no file can be opened: the caller finds that out itself. */
enum status file_kind_refuse_own(const char *path, struct error *error);

#endif
