/* A text file as blocks of whole lines, which can be read more than once: what comes through a pipe goes to a temporary
 * file first, up to a size that is far beyond a table's.
 *
 * Offsets into the block: begin <= whole <= end; [begin, whole) ends in LF.  DECIMAL_PADDING zeros follow `end`. */
#ifndef DATA_STREAM_H
#define DATA_STREAM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/status.h"

struct stream {
    const char *path;
    FILE *spool; /* owns fd when input could not be read twice */
    int fd;
    size_t size; /* bytes of the file */
    char *block;
    size_t block_size;
    size_t begin, whole, end;
    bool ended;  /* nothing more to read */
    size_t line; /* number of the one at `begin`; counted by who moves it */
};

/* "-": standard input.  `path` is borrowed.  stream_close is due also on failure, and does no harm to zeros. */
enum status stream_open(struct stream *stream, const char *path, struct error *error);
void stream_close(struct stream *stream);

/* Begins again with the first block, behind a byte order mark. */
enum status stream_rewind(struct stream *stream, struct error *error);

/* Moves what is left to the block's start and reads more behind it.  A last line without an end gets one. */
enum status stream_fill(struct stream *stream, struct error *error);

/* Lines that may hold something: no fewer than there are.  Rewinds. */
enum status stream_lines(struct stream *stream, size_t *most, struct error *error);

/* As messages say it. */
const char *stream_path(const struct stream *stream);

/* "path:line: message", or "path: message" for line 0; STATUS_FAILED. */
enum status stream_say(const struct stream *stream, size_t line, struct error *error, const char *format,
                       va_list arguments);

#endif
