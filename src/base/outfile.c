/* Writes a file whole or not at all: into a temporary file that is synced and renamed. */
#include "base/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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

/* Whether nobody writes the part file any more: its process is gone (of another machine or container its number says
 * nothing), and so is the lock that a writer has on it. */
static bool is_dead(const char *path, long process)
{
    struct stat about;
    if (kill((pid_t)process, 0) == 0 || errno != ESRCH)
        return false;
    const int handle = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    const bool dead =
        handle >= 0 && fstat(handle, &about) == 0 && S_ISREG(about.st_mode) && flock(handle, LOCK_EX | LOCK_NB) == 0;
    if (handle >= 0)
        close(handle);
    return dead;
}

/* The process in "GOAL.123.part"; 0: no part file of that goal. */
static long part_process(const char *name, const char *goal)
{
    const size_t length = strlen(goal);
    char *end;
    if (strncmp(name, goal, length) != 0 || name[length] != '.' || name[length + 1] < '1' || name[length + 1] > '9')
        return 0;
    errno = 0;
    const long process = strtol(name + length + 1, &end, 10);
    return errno == 0 && process <= INT_MAX && strcmp(end, ".part") == 0 ? process : 0;
}

/* What killed processes left of the same file. */
static void remove_dead_parts(const char *goal)
{
    char folder[PATH_MAX], path[PATH_MAX + 32];
    const char *slash = strrchr(goal, '/'), *name = slash ? slash + 1 : goal;
    const size_t length = (size_t)(name - goal); /* with the slash */
    snprintf(folder, sizeof folder, "%.*s", (int)length, goal);
    DIR *entries = opendir(length > 0 ? folder : ".");
    if (!entries)
        return;
    for (const struct dirent *entry; (entry = readdir(entries));) {
        const long process = part_process(entry->d_name, name);
        if (process == 0)
            continue;
        const int fits = snprintf(path, sizeof path, "%s%s", folder, entry->d_name);
        if ((size_t)fits < sizeof path && is_dead(path, process))
            unlink(path);
    }
    closedir(entries);
}

/* A name of its own beside the goal; what a killed process of the same number left there goes. */
static FILE *open_beside(struct outfile *file)
{
    snprintf(file->beside, sizeof file->beside, "%s.%ld.part", file->goal, (long)getpid());
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int handle = open(file->beside, flags, 0666);
    if (handle < 0 && errno == EEXIST && unlink(file->beside) == 0)
        handle = open(file->beside, flags, 0666);
    if (handle >= 0)
        flock(handle,
              LOCK_EX | LOCK_NB); /* tells others that it is being written; where there are no locks, so be it */
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
    remove_dead_parts(file->goal);
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
