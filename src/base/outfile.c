#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

struct outfile {
    FILE *stream;
    int reason;                 /* why a write failed; 0: none did */
    bool direct;                /* a device: nothing to rename */
    mode_t mode;                /* of the file that is replaced, or 0 */
    char *path;                 /* as it was named, for messages */
    char goal[PATH_MAX];        /* behind links */
    char beside[PATH_MAX + 32]; /* what is written first */
};

static enum status cannot_write(const char *path, int reason, struct error *error)
{
    return error_set(error, STATUS_FAILED, "%s: cannot be written: %s", path, strerror(reason));
}

/* A name of its own beside the goal; what a killed process of the same number left there goes. */
static FILE *open_beside(struct outfile *file)
{
    snprintf(file->beside, sizeof file->beside, "%s.%ld.part", file->goal, (long)getpid());
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int handle = open(file->beside, flags, 0666);
    if (handle < 0 && errno == EEXIST && unlink(file->beside) == 0)
        handle = open(file->beside, flags, 0666);
    FILE *stream = handle >= 0 ? fdopen(handle, "wb") : NULL;
    if (handle >= 0 && !stream) {
        const int reason = errno;
        close(handle);
        unlink(file->beside);
        errno = reason;
    }
    return stream;
}

/* errno, or 0. */
static int open_for(struct outfile *file)
{
    struct stat about;
    const bool there = stat(file->path, &about) == 0;
    if (!there && errno != ENOENT)
        return errno;
    if (there && S_ISDIR(about.st_mode))
        return EISDIR;
    if (there && !S_ISREG(about.st_mode)) {
        file->direct = true;
        file->stream = fopen(file->path, "wb");
        return file->stream ? 0 : errno;
    }
    file->mode = there ? about.st_mode & 0777 : 0;
    if (there && access(file->path, W_OK) != 0)
        return errno;
    const int reason = file_goal(file->path, file->goal, sizeof file->goal);
    if (reason)
        return reason;
    file->stream = open_beside(file);
    return file->stream ? 0 : errno;
}

static void release(struct outfile *file)
{
    mem_free(file->path);
    mem_free(file);
}

enum status outfile_open(struct outfile **out, const char *path, struct error *error)
{
    struct outfile *file = mem_alloc(1, sizeof *file);
    if (!file)
        return error_memory(error);
    file->path = mem_string(path);
    if (!file->path) {
        release(file);
        return error_memory(error);
    }
    const int reason = open_for(file);
    if (reason) {
        release(file);
        return cannot_write(path, reason, error);
    }
    *out = file;
    return STATUS_OK;
}

FILE *outfile_stream(struct outfile *file)
{
    return file->stream;
}

void outfile_write(struct outfile *file, const void *bytes, size_t size)
{
    if (size == 0 || file->reason)
        return;
    errno = 0;
    if (fwrite(bytes, 1, size, file->stream) != size)
        file->reason = errno ? errno : EIO;
}

/* The new name is on the disk only when the folder is.  Not every file system can say so: what it cannot do is no
 * failure. */
static void sync_folder(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash)
        slash[slash == path] = '\0';
    const int folder = open(slash ? path : ".", O_RDONLY | O_CLOEXEC);
    if (folder >= 0) {
        fsync(folder);
        close(folder);
    }
}

/* errno, or 0: what a write that failed before has left behind counts too. */
static int finish(struct outfile *file, bool keep)
{
    const bool failed = ferror(file->stream) != 0;
    if (failed && !file->reason) /* somebody wrote to the stream: one more byte says again what was wrong */
        putc('\n', file->stream);
    errno = 0;
    const bool flushed = fflush(file->stream) == 0;
    int reason = file->reason ? file->reason : !flushed ? errno : failed ? EIO : 0;
    if (keep && !reason && !file->direct &&
        ((file->mode && fchmod(fileno(file->stream), file->mode) != 0) || fsync(fileno(file->stream)) != 0))
        reason = errno;
    if (fclose(file->stream) != 0 && !reason)
        reason = errno;
    if (!keep || reason || file->direct)
        return reason;
    if (rename(file->beside, file->goal) != 0)
        return errno;
    sync_folder(file->goal);
    return 0;
}

enum status outfile_close(struct outfile *file, bool keep, struct error *error)
{
    if (!file)
        return STATUS_OK;
    const int reason = finish(file, keep);
    if (!file->direct && (!keep || reason))
        unlink(file->beside);
    const enum status status = keep && reason ? cannot_write(file->path, reason, error) : STATUS_OK;
    release(file);
    return status;
}
