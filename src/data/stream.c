/* Reads a text file or a pipe in blocks of whole lines, more than once if asked. */
#include "data/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/file.h"
#include "base/mem.h"
#include "data/decimal.h"

#define BLOCK_SIZE     ((size_t)256 * 1024)
#define SPOOL_MAX      ((size_t)4 << 30)  /* bytes that are kept of what comes through a pipe */
#define LINE_MAX_BYTES ((size_t)16 << 20) /* of a line of it: as many as a record may have */

const char *stream_path(const struct stream *stream)
{
    return file_is_stream(stream->path) ? "standard input" : stream->path;
}

enum status stream_say(const struct stream *stream, size_t line, struct error *error, const char *format,
                       va_list arguments)
{
    char text[400], where[32] = "";
    vsnprintf(text, sizeof text, format, arguments);
    if (line > 0)
        snprintf(where, sizeof where, ":%zu", line);
    return error_set(error, STATUS_FAILED, "%s%s: %s", stream_path(stream), where, text);
}

static enum status stream_error(const struct stream *stream, size_t line, struct error *error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static enum status stream_error(const struct stream *stream, size_t line, struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const enum status status = stream_say(stream, line, error, format, arguments);
    va_end(arguments);
    return status;
}

static enum status zero_byte(const struct stream *stream, size_t line, struct error *error)
{
    return stream_error(stream, line, error, "a zero byte: this is not a text file");
}

/* read() that is not stopped by signals; -1 on failure. */
static ssize_t read_some(int fd, char *to, size_t size)
{
    ssize_t got;
    do
        got = read(fd, to, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* A block never needs to be longer than the file and one byte, whose lack says that the file has ended. */
static enum status make_block(struct stream *stream, size_t size, struct error *error)
{
    stream->block_size = size < BLOCK_SIZE ? size + 1 : BLOCK_SIZE;
    stream->block = mem_alloc(1, stream->block_size + 1 + DECIMAL_PADDING);
    return stream->block ? STATUS_OK : error_memory(error);
}

static enum status check_encoding(const struct stream *stream, const char *text, size_t length, struct error *error)
{
    const char *wide = encoding_wide(text, length);
    return wide ? stream_error(stream, 0, error, ENCODING_REFUSED, wide, wide) : STATUS_OK;
}

/* What has come through a pipe so far. */
struct tally {
    size_t bytes, lines, line_bytes; /* the last: since the newest line end */
};

/* Bytes that have no end, or are no text, are not kept until the disk is full. */
static enum status check_piece(const struct stream *stream, struct tally *tally, const char *piece, size_t length,
                               struct error *error)
{
    const enum status status = tally->bytes == 0 ? check_encoding(stream, piece, length, error) : STATUS_OK;
    const char *end = piece + length, *p = piece;
    if (status != STATUS_OK)
        return status;
    tally->bytes += length;
    for (; p < end && tally->line_bytes <= LINE_MAX_BYTES; p++) {
        if (*p == '\0')
            return zero_byte(stream, tally->lines + 1, error);
        tally->line_bytes = *p == '\n' || *p == '\r' ? 0 : tally->line_bytes + 1;
        tally->lines += *p == '\n';
    }
    if (p < end)
        return stream_error(stream, tally->lines + 1, error, "a line of more than %zu MiB: this is no table",
                            LINE_MAX_BYTES >> 20);
    if (tally->bytes > SPOOL_MAX)
        return stream_error(stream, 0, error, "more than %zu GiB through a pipe: save it in a file", SPOOL_MAX >> 30);
    return STATUS_OK;
}

static enum status copy_input(struct stream *stream, int from, FILE *to, struct error *error)
{
    struct tally tally = {.bytes = 0};
    for (;;) {
        const ssize_t got = read_some(from, stream->block, stream->block_size);
        if (got < 0)
            return stream_error(stream, 0, error, "cannot be read: %s", strerror(errno));
        const enum status status = check_piece(stream, &tally, stream->block, (size_t)got, error);
        if (status != STATUS_OK)
            return status;
        if (fwrite(stream->block, 1, (size_t)got, to) != (size_t)got || (got == 0 && fflush(to) != 0))
            return stream_error(stream, 0, error, "cannot be kept in a temporary file: %s", strerror(errno));
        if (got == 0)
            return STATUS_OK;
    }
}

static enum status spool_input(struct stream *stream, struct error *error)
{
    const int from = stream->fd;
    FILE *file = tmpfile();
    enum status status = file ? make_block(stream, BLOCK_SIZE, error)
                              : stream_error(stream, 0, error, "no temporary file to keep it in: %s", strerror(errno));
    if (status == STATUS_OK)
        status = copy_input(stream, from, file, error);
    if (from != STDIN_FILENO)
        close(from);
    stream->fd = -1;
    if (status == STATUS_OK) {
        stream->spool = file;
        stream->fd = fileno(file);
    } else if (file) {
        fclose(file);
    }
    return status;
}

enum status stream_fill(struct stream *stream, struct error *error)
{
    memmove(stream->block, stream->block + stream->begin, stream->end - stream->begin);
    stream->end -= stream->begin;
    stream->begin = 0;
    size_t old = stream->end;
    while (stream->end < stream->block_size && !stream->ended) {
        ssize_t got = read_some(stream->fd, stream->block + stream->end, stream->block_size - stream->end);
        if (got < 0)
            return stream_error(stream, 0, error, "cannot be read: %s", strerror(errno));
        stream->end += (size_t)got;
        stream->ended = got == 0;
    }
    const char *zero = memchr(stream->block + old, '\0', stream->end - old);
    if (zero) {
        size_t line = stream->line;
        for (const char *p = stream->block; (p = memchr(p, '\n', (size_t)(zero - p))); p++)
            line++;
        return zero_byte(stream, line, error);
    }
    if (stream->ended && stream->end > 0 && stream->block[stream->end - 1] != '\n')
        stream->block[stream->end++] = '\n';
    stream->whole = stream->end;
    while (stream->whole > 0 && stream->block[stream->whole - 1] != '\n')
        stream->whole--;
    memset(stream->block + stream->end, 0, DECIMAL_PADDING);
    return STATUS_OK;
}

enum status stream_rewind(struct stream *stream, struct error *error)
{
    if (lseek(stream->fd, 0, SEEK_SET) != 0)
        return stream_error(stream, 0, error, "cannot be read twice: %s", strerror(errno));
    stream->begin = stream->whole = stream->end = 0;
    stream->ended = false;
    stream->line = 1;
    enum status status = stream_fill(stream, error);
    if (status == STATUS_OK && stream->end >= 3)
        stream->begin = encoding_mark(stream->block, stream->end);
    return status;
}

static enum status open_file(struct stream *stream, struct error *error)
{
    bool standard_input = file_is_stream(stream->path);
    stream->fd = standard_input ? STDIN_FILENO : open(stream->path, O_RDONLY | O_CLOEXEC);
    if (stream->fd < 0)
        return stream_error(stream, 0, error, "cannot be opened: %s", strerror(errno));
    struct stat about;
    if (fstat(stream->fd, &about) != 0)
        return stream_error(stream, 0, error, "cannot be read: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return stream_error(stream, 0, error, "is a directory; a CSV file is needed");
    if (S_ISCHR(about.st_mode))
        return stream_error(stream, 0, error, "is a %s; a CSV file is needed",
                            isatty(stream->fd) ? "terminal" : "device");
    if (standard_input || !S_ISREG(about.st_mode)) {
        enum status status = spool_input(stream, error);
        if (status != STATUS_OK)
            return status;
        if (fstat(stream->fd, &about) != 0)
            return stream_error(stream, 0, error, "cannot be read: %s", strerror(errno));
    }
    stream->size = (size_t)about.st_size;
    if (stream->size == 0)
        return stream_error(stream, 0, error, "is empty; a table with an answer in every row is needed");
    return stream->block ? STATUS_OK : make_block(stream, stream->size, error);
}

enum status stream_open(struct stream *stream, const char *path, struct error *error)
{
    *stream = (struct stream){.path = path, .fd = -1};
    enum status status = open_file(stream, error);
    if (status != STATUS_OK)
        return status;
    const size_t enough = stream->block_size < ENCODING_LOOKED_AT ? stream->block_size : ENCODING_LOOKED_AT;
    const ssize_t got = pread(stream->fd, stream->block, enough, 0);
    return check_encoding(stream, stream->block, got > 0 ? (size_t)got : 0, error);
}

void stream_close(struct stream *stream)
{
    if (stream->spool)
        fclose(stream->spool);
    else if (stream->fd > STDIN_FILENO)
        close(stream->fd);
    mem_free(stream->block);
}

enum status stream_lines(struct stream *stream, size_t *most, struct error *error)
{
    if (lseek(stream->fd, 0, SEEK_SET) != 0)
        return stream_error(stream, 0, error, "cannot be read twice: %s", strerror(errno));
    size_t lines = 1;
    ssize_t got;
    while ((got = read_some(stream->fd, stream->block, stream->block_size)) > 0) {
        const char *start = stream->block, *end = stream->block + got, *p = start, *q;
        for (; (q = memchr(p, '\n', (size_t)(end - p))); p = q + 1)
            lines += q > p || p == start;
        for (p = start; (q = memchr(p, '\r', (size_t)(end - p))); p = q + 1)
            lines += q + 1 == end || q[1] != '\n';
    }
    *most = lines;
    if (got < 0)
        return stream_error(stream, 0, error, "cannot be read: %s", strerror(errno));
    return stream_rewind(stream, error);
}
