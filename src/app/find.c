/* Looks for the files that a journal or a checkpoint names, in the folders where they may be now. */
#include "app/find.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/lines.h"
#include "base/mem.h"
#include "data/toys.h"

enum { PLACES = 2 };

/* Where else a file may be; NULL for none.  False: out of memory. */
static bool list_places(char *place[PLACES], const struct spec *spec, const char *kept, const char *path)
{
    const char *folder = strrchr(kept, '/'), *base = strrchr(path, '/');
    struct lines there = {0}, beside = {0};
    if (spec->folder && path[0] != '/')
        lines_add(&there, "%s/%s", spec->folder, path);
    lines_add(&beside, "%.*s%s", folder ? (int)(folder + 1 - kept) : 0, kept, base ? base + 1 : path);
    place[0] = there.text;
    place[1] = beside.text;
    return !there.failed && !beside.failed;
}

static enum status find_file(const char **path, const struct spec *spec, const char *kept, struct error *error)
{
    char *place[PLACES] = {NULL};
    if (!*path || file_is_stream(*path) || access(*path, F_OK) == 0)
        return STATUS_OK;
    struct lines tried = {0};
    const char *reason = strerror(errno), *found = NULL;
    enum status status = list_places(place, spec, kept, *path) ? STATUS_OK : error_memory(error);
    for (size_t i = 0; i < PLACES && status == STATUS_OK && !found; i++) {
        if (place[i] && access(place[i], F_OK) == 0)
            found = place[i];
        else if (place[i] && strcmp(place[i], *path) != 0)
            lines_add(&tried, "%s%.150s", tried.text ? " or at " : " (nor at ", place[i]);
    }
    if (status == STATUS_OK && !found)
        status = error_set(error, STATUS_FAILED, "%.150s: %s%s%s", *path, reason, tried.text ? tried.text : "",
                           tried.text ? ")" : "");
    for (size_t i = 0; i < PLACES; i++) {
        if (found && place[i] == found) {
            mem_free((char *)*path); /* owned by the spec */
            *path = found;
        } else {
            mem_free(place[i]);
        }
    }
    mem_free(tried.text);
    return status;
}

enum status find_files(struct spec *spec, const char *kept, struct error *error)
{
    const char *task = spec->task, *load = spec->load_path;
    const bool toy = toy_find(task) != NULL;
    enum status status = STATUS_OK;
    if (!toy)
        status = find_file(&task, spec, kept, error);
    if (!toy && status == STATUS_OK)
        status = find_file(&spec->csv.test_path, spec, kept, error);
    if (status == STATUS_OK)
        status = find_file(&load, spec, kept, error);
    for (size_t i = 0; i < spec->stages && status == STATUS_OK; i++) {
        const char *data = spec->stage[i].data;
        status = find_file(&data, spec, kept, error);
        spec->stage[i].data = (char *)data;
    }
    spec->task = (char *)task;
    spec->load_path = (char *)load;
    return status;
}
