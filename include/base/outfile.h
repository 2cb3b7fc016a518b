/* A file that is written whole or not at all.
 *
 * What is written goes into a file beside it, which takes its place at the end: a full disk or a killed program leaves
 * the old one as it was.  The file beside it is called FILE.PROCESS.part; those that killed processes left of the same
 * file are removed when it is written again.  Through a link the file that it points to is replaced.  A device or a pipe is written
 * directly. */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"

struct outfile;

/* STATUS_FAILED with the reason when it cannot be written there. */
enum status outfile_open(struct outfile **out, const char *path, struct error *error);

FILE *outfile_stream(struct outfile *file);
/* Writes to the stream; why that failed, if it did, is what outfile_close says.  After a failure nothing more is
 * written. */
void outfile_write(struct outfile *file, const void *bytes, size_t size);

/* Brings it to the disk and in its place, or (`keep` false) leaves no trace of it.  Frees it (NULL is fine).
 * STATUS_FAILED with the reason when anything of it could not be written. */
enum status outfile_close(struct outfile *file, bool keep, struct error *error);

#endif
