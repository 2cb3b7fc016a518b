/* Answers questions about paths: where they lead, whether they may be written, and where a user keeps files. */
#include "base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"

#define LINKS_MOST 40 /* one after the other: as Linux has it */

/* Cuts the file's own name off; returns it. */
static const char *cut_folder(char *path, const char **folder)
{
    char *slash = strrchr(path, '/');
    *folder = !slash ? "." : slash == path ? "/" : path;
    if (!slash)
        return path;
    *slash = '\0';
    return slash + 1;
}

int file_goal(const char *path, char *goal, size_t size)
{
    char next[PATH_MAX];
    if (strlen(path) >= size)
        return ENAMETOOLONG;
    strcpy(goal, path);
    for (int links = 0; links < LINKS_MOST; links++) {
        const ssize_t length = readlink(goal, next, sizeof next);
        if (length < 0)
            return errno == EINVAL || errno == ENOENT ? 0 : errno;
        const char *slash = strrchr(goal, '/');
        const size_t folder = slash && next[0] != '/' ? (size_t)(slash - goal) + 1 : 0;
        if ((size_t)length == sizeof next || folder + (size_t)length >= size)
            return ENAMETOOLONG;
        memcpy(goal + folder, next, (size_t)length);
        goal[folder + (size_t)length] = '\0';
    }
    return ELOOP;
}

/* Of files that are not there: one name in one folder. */
static bool same_goal(const char *path, const char *other)
{
    char goal[2][PATH_MAX];
    const char *folder[2];
    struct stat about[2];
    if (file_goal(path, goal[0], sizeof goal[0]) != 0 || file_goal(other, goal[1], sizeof goal[1]) != 0)
        return false;
    if (strcmp(cut_folder(goal[0], &folder[0]), cut_folder(goal[1], &folder[1])) != 0)
        return false;
    return stat(folder[0], &about[0]) == 0 && stat(folder[1], &about[1]) == 0 && about[0].st_dev == about[1].st_dev &&
           about[0].st_ino == about[1].st_ino;
}

bool file_is_stream(const char *path)
{
    return strcmp(path, "-") == 0;
}

bool file_same(const char *path, const char *other)
{
    struct stat a, b;
    if (!path || !other || file_is_stream(path) || file_is_stream(other))
        return false;
    const bool there = stat(path, &a) == 0, other_there = stat(other, &b) == 0;
    if (there && other_there)
        return S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    return !there && !other_there && same_goal(path, other);
}

int file_may_write(const char *path)
{
    char goal[PATH_MAX];
    const char *folder;
    struct stat about;
    if (stat(path, &about) == 0)
        return S_ISDIR(about.st_mode) ? EISDIR : access(path, W_OK) == 0 ? 0 : errno;
    if (errno != ENOENT)
        return errno;
    const int reason = file_goal(path, goal, sizeof goal);
    if (reason)
        return reason;
    cut_folder(goal, &folder);
    return access(folder, W_OK | X_OK) == 0 ? 0 : errno;
}

bool file_ends(const char *path, const char *ending)
{
    const size_t length = strlen(path), size = strlen(ending);
    return length > size && strcasecmp(path + length - size, ending) == 0;
}

char *file_user_folder(const char *variable, const char *usual)
{
    struct lines path = {0};
    const char *given = getenv(variable), *home = getenv("HOME");
    if (given && given[0] == '/') /* the specification ignores a relative one */
        lines_add(&path, "%s/downhill", given);
    else if (home && home[0] == '/')
        lines_add(&path, "%s/%s/downhill", home, usual);
    return path.text;
}
