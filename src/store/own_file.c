#include "store/own_file.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/journal_format.h"

enum { START = sizeof JOURNAL_TITLE - 1 };
static_assert(START >= 10, "what a checkpoint begins with is as long");

enum status own_file_refuse(const char *path, struct error *error)
{
    struct stat about;
    char start[START] = "";
    /* Opening a pipe would wait for its writer. */
    FILE *file = stat(path, &about) == 0 && S_ISREG(about.st_mode) ? fopen(path, "rb") : NULL;
    if (!file)
        return STATUS_OK;
    const size_t got = fread(start, 1, sizeof start, file);
    fclose(file);
    if (got == sizeof start && memcmp(start, JOURNAL_TITLE, sizeof start) == 0)
        return error_set(error, STATUS_FAILED, "%.200s: is a journal: downhill replay does it again", path);
    /* safetensors: a length of less than 2^40 in eight bytes, then JSON */
    if (got == sizeof start && memcmp(start + 5, "\0\0\0{\"", 5) == 0)
        return error_set(error, STATUS_FAILED, "%.200s: is a checkpoint: --load goes on from it", path);
    return STATUS_OK;
}
