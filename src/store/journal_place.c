/* Creates the file of a new journal in its folder, and deletes the oldest journals beyond those kept. */
#include "store/journal_place.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/growing.h"
#include "base/lines.h"
#include "base/mem.h"

#define ENDING ".journal"

enum {
    TASK_MAX = 40,     /* characters of the task in a name */
    SAME_MOST = 10000, /* runs on one task that begin in one second */
    SCAN_MOST = 10000, /* files that are looked at when old ones are deleted */
};

/* ---- names ---- */

/* The task's base name without its ending, in characters that no shell and no file system minds. */
static void safe_name(const char *task, char out[TASK_MAX + 1])
{
    const char *slash = strrchr(task, '/');
    const char *from = slash ? slash + 1 : task;
    const char *dot = strrchr(from, '.');
    const size_t length = dot && dot > from ? (size_t)(dot - from) : strlen(from);
    size_t used = 0;
    for (size_t i = 0; i < length && used < TASK_MAX; i++) {
        const unsigned char c = (unsigned char)from[i];
        out[used++] = c < 0x80 && (isalnum(c) || c == '_') ? (char)c : '-';
    }
    out[used] = '\0';
    if (strspn(out, "-") == used)
        strcpy(out, "run");
}

/* "2026-11-24-171501-...journal", which nobody else calls a file by accident. */
static bool is_ours(const char *name)
{
    static const char shape[] = "dddd-dd-dd-dddddd-";
    const size_t length = strlen(name);
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == 'd' ? !(name[i] >= '0' && name[i] <= '9') : name[i] != shape[i])
            return false;
    return length > strlen(ENDING) && strcmp(name + length - strlen(ENDING), ENDING) == 0;
}

/* ---- the folder ---- */

static void make_folder(char *folder)
{
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700); /* what stands in the way shows when the file is made */
        *slash = '/';
    }
    mkdir(folder, 0700);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* False where there is no memory for the name: that file stays, too. */
static bool is_idle(const char *folder, const char *name)
{
    struct lines path = {0};
    lines_add(&path, "%s/%s", folder, name);
    const bool idle = !path.failed && !growing_is_taken(path.text);
    mem_free(path.text);
    return idle;
}

/* Deletes the oldest, so that `kept` stay, and those of runs that still write them.  What cannot be deleted stays. */
static void thin(const char *folder, size_t kept)
{
    char **name = mem_alloc(SCAN_MOST, sizeof *name);
    size_t names = 0;
    DIR *files = name ? opendir(folder) : NULL;
    for (struct dirent *file; files && names < SCAN_MOST && (file = readdir(files));)
        if (is_ours(file->d_name) && (name[names] = mem_string(file->d_name)))
            names++;
    if (name)
        qsort(name, names, sizeof *name, by_name);
    for (size_t i = 0; i + kept < names; i++)
        if (is_idle(folder, name[i]))
            unlinkat(dirfd(files), name[i], 0);
    if (files)
        closedir(files);
    for (size_t i = 0; i < names; i++)
        mem_free(name[i]);
    mem_free(name);
}

/* ---- the file ---- */

static enum status make_file(char **path, const char *folder, const char *task, struct error *error)
{
    char when[32] = "", name[TASK_MAX + 1];
    struct tm parts;
    const time_t now = time(NULL);
    if (localtime_r(&now, &parts))
        strftime(when, sizeof when, "%Y-%m-%d-%H%M%S", &parts);
    safe_name(task, name);
    for (int i = 1; i < SAME_MOST; i++) {
        struct lines full = {0};
        lines_add(&full, "%s/%s-%s-%d%s", folder, when, name, i, ENDING);
        if (full.failed) {
            mem_free(full.text);
            return error_memory(error);
        }
        const int descriptor = open(full.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (descriptor >= 0) {
            close(descriptor);
            *path = full.text;
            return STATUS_OK;
        }
        mem_free(full.text);
        if (errno != EEXIST)
            break;
    }
    return error_set(error, STATUS_FAILED, "%.300s: the journal cannot be kept there: %s", folder, strerror(errno));
}

enum status journal_place(char **path, const char *place, const char *task, struct error *error)
{
    *path = NULL;
    char *folder = place ? mem_string(place) : file_user_folder("XDG_STATE_HOME", ".local/state");
    if (!folder)
        return place ? error_memory(error) : STATUS_OK;
    make_folder(folder);
    enum status status = make_file(path, folder, task, error);
    if (status == STATUS_OK)
        thin(folder, JOURNALS_KEPT);
    mem_free(folder);
    return status;
}
