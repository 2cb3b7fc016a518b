/* Writes files that grow while the program runs, under a lock, and notices what happens to them from outside. */
#include "base/growing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/signals.h"

#define OPENINGS_MOST 10  /* of a file that others remove each time before it is locked */
#define LOOK_MS       100 /* between two looks at a reader who takes nothing */
#define LOOKS_MOST    20  /* after the request to end */

struct growing {
    int descriptor;  /* -1: closed */
    char *path;      /* NULL: standard output */
    bool plain;      /* a regular file that was opened by its name */
    bool has_reader; /* a pipe or a terminal: a write may wait for somebody */
    uint64_t size;   /* bytes written */
    bool keeps_begin, moved;
    char fault[128]; /* empty: none */
};

static enum status cannot_write(const char *path, const char *what, int reason, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%.300s: the %s cannot be written: %s", path, what, strerror(reason));
}

static enum status is_taken(const char *path, const char *what, struct error *error)
{
    return error_set(error, STATUS_FAILED,
                     "%.300s: another run is writing this file: wait for its end, or name another file for the %s",
                     path, what);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* ---- opening ---- */

/* False when another open file has the lock.  A file system without locks gives none: true. */
static bool lock(int descriptor, int kind)
{
    int result;
    do
        result = flock(descriptor, kind | LOCK_NB);
    while (result != 0 && errno == EINTR);
    return result == 0 || errno != EWOULDBLOCK;
}

/* Opens and locks the file, cuts it to `keep` bytes, and opens again when the name led to another file by then: nobody
 * would find lines in a file that was removed.  Returns errno or 0.  *taken: another program has the lock. */
static int open_locked(struct growing *file, uint64_t keep, bool *taken)
{
    *taken = false;
    for (int i = 0; i < OPENINGS_MOST; i++) {
        struct stat opened, named;
        file->descriptor = open(file->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (file->descriptor < 0)
            return errno;
        if (fstat(file->descriptor, &opened) != 0)
            return errno;
        file->plain = S_ISREG(opened.st_mode);
        if (!file->plain)
            return 0;
        *taken = !lock(file->descriptor, LOCK_EX);
        if (*taken)
            return EWOULDBLOCK;
        if (stat(file->path, &named) == 0 && same_file(&opened, &named)) {
            file->size = keep;
            return ftruncate(file->descriptor, (off_t)keep) == 0 ? 0 : errno;
        }
        close(file->descriptor);
        file->descriptor = -1;
    }
    return ENOENT;
}

/* A terminal is opened once more, so that no write waits for it: that mode, set on the descriptor at hand, would also
 * be that of all who share it. */
static void find_reader(struct growing *file)
{
    struct stat opened;
    file->has_reader = fstat(file->descriptor, &opened) == 0 && !S_ISREG(opened.st_mode);
    const char *terminal = file->has_reader && isatty(file->descriptor) ? ttyname(file->descriptor) : NULL;
    const int again = terminal ? open(terminal, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
    if (again >= 0) {
        close(file->descriptor);
        file->descriptor = again;
    }
}

enum status growing_open(struct growing **out, const char *path, const char *what, struct error *error)
{
    return growing_open_at(out, path, what, 0, error);
}

enum status growing_open_at(struct growing **out, const char *path, const char *what, uint64_t keep,
                            struct error *error)
{
    *out = NULL;
    struct growing *file = mem_alloc(1, sizeof *file);
    if (!file)
        return error_memory(error);
    file->descriptor = -1;
    enum status status = STATUS_OK;
    bool taken = false;
    int reason = 0;
    if (file_is_stream(path)) {
        file->descriptor = dup(STDOUT_FILENO);
        reason = file->descriptor < 0 ? errno : 0;
    } else if ((file->path = mem_string(path)) != NULL)
        reason = open_locked(file, keep, &taken);
    else
        status = error_memory(error);
    if (taken)
        status = is_taken(path, what, error);
    else if (reason)
        status = cannot_write(file->path ? path : "standard output", what, reason, error);
    if (status == STATUS_OK) {
        find_reader(file);
        *out = file;
    } else {
        growing_free(file);
    }
    return status;
}

bool growing_is_taken(const char *path)
{
    struct stat about;
    /* Opening a pipe would wait for its other end. */
    if (file_is_stream(path) || stat(path, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false; /* growing_open says why */
    const bool taken = !lock(descriptor, LOCK_SH);
    close(descriptor);
    return taken;
}

enum status growing_check(const char *path, const char *what, struct error *error)
{
    return growing_is_taken(path) ? is_taken(path, what, error) : STATUS_OK;
}

/* ---- faults ---- */

static void fail(struct growing *file, bool keeps_begin, const char *reason)
{
    snprintf(file->fault, sizeof file->fault, "%s", reason);
    file->keeps_begin = keeps_begin;
}

static void fail_with(struct growing *file, int number)
{
    char reason[sizeof file->fault];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    fail(file, true, reason);
}

static void look(struct growing *file)
{
    struct stat opened, named;
    if (file->fault[0] || fstat(file->descriptor, &opened) != 0 || !S_ISREG(opened.st_mode))
        return;
    const bool is_named = file->plain && stat(file->path, &named) == 0;
    file->moved = file->plain && !is_named;
    if (is_named && !same_file(&opened, &named))
        fail(file, false, "another file was put in its place");
    else if (opened.st_nlink == 0)
        fail(file, false, "it was removed");
    else if (file->plain && (uint64_t)opened.st_size != file->size)
        fail(file, false, "it was changed from outside");
}

/* ---- writing ---- */

/* Waits until the reader takes something; after a request to end (base/signals.h) only a moment, then false. */
static bool await_reader(const struct growing *file)
{
    struct pollfd line = {.fd = file->descriptor, .events = POLLOUT};
    for (int looks = 0; poll(&line, 1, LOOK_MS) == 0;)
        if (signals_ending() && ++looks == LOOKS_MOST)
            return false;
    return true;
}

bool growing_write(struct growing *file, const char *text, size_t length)
{
    while (length > 0 && !file->fault[0]) {
        if (file->has_reader && !await_reader(file)) {
            fail(file, true, "nobody read it when the run was ended");
            break;
        }
        /* So much a pipe takes at once when it takes anything. */
        const size_t part = file->has_reader && length > PIPE_BUF ? PIPE_BUF : length;
        const ssize_t written = write(file->descriptor, text, part);
        if (written < 0 && (errno == EINTR || (file->has_reader && errno == EAGAIN)))
            continue;
        if (written <= 0) {
            fail_with(file, written < 0 ? errno : EIO);
            break;
        }
        file->size += (uint64_t)written;
        text += written;
        length -= (size_t)written;
    }
    look(file);
    return !file->fault[0];
}

uint64_t growing_size(const struct growing *file)
{
    return file->size;
}

/* Not every file can be brought to the disk: what it cannot do is no fault. */
static bool is_no_fault(int number)
{
    return number == EINVAL || number == EROFS || number == ENOSYS || number == EOPNOTSUPP;
}

void growing_close(struct growing *file)
{
    if (file->descriptor < 0)
        return;
    look(file);
    if (file->plain && !file->fault[0] && fsync(file->descriptor) != 0 && !is_no_fault(errno))
        fail_with(file, errno);
    if (close(file->descriptor) != 0 && errno != EINTR && !file->fault[0])
        fail_with(file, errno);
    file->descriptor = -1;
}

const char *growing_fault(const struct growing *file)
{
    return file->fault[0] ? file->fault : NULL;
}

bool growing_keeps_begin(const struct growing *file)
{
    return file->keeps_begin;
}

bool growing_moved(const struct growing *file)
{
    return !file->fault[0] && file->moved;
}

void growing_free(struct growing *file)
{
    if (!file)
        return;
    if (file->descriptor >= 0)
        close(file->descriptor);
    mem_free(file->path);
    mem_free(file);
}
