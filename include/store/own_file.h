/* Files that this program writes, where data are expected. */
#ifndef RUN_OWN_FILE_H
#define RUN_OWN_FILE_H

#include "base/status.h"

/* STATUS_FAILED, with what the file is for, where `path` leads to a journal or a checkpoint. */
enum status own_file_refuse(const char *path, struct error *error);

#endif
