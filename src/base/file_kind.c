/* Recognises journals and checkpoints where a data file is expected. */
#include "base/file_kind.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { START = sizeof FILE_KIND_JOURNAL - 1 };
static_assert(START >= 10, "a checkpoint is known by its first ten bytes");

enum status file_kind_refuse_own(const char *path, struct error *error)
{
    struct stat about;
    char start[START] = "";
    /* Opening a pipe would wait for its writer. */
    FILE *file = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    if (!file)
        return STATUS_OK;
    const size_t got = fread(start, 1, sizeof start, file);
    fclose(file);
    if (got == sizeof start && memcmp(start, FILE_KIND_JOURNAL, sizeof start) == 0)
        return error_set(error, STATUS_FAILED, "%.200s: is a journal: downhill replay does it again", path);
    /* safetensors: a length of less than 2^40 in eight bytes, then JSON */
    if (got == sizeof start && memcmp(start + 5, "\0\0\0{\"", 5) == 0)
        return error_set(error, STATUS_FAILED, "%.200s: is a checkpoint: --load goes on from it", path);
    return STATUS_OK;
}
