/* Reads the files of the configuration folder, and reports wrong lines. */
#include "app/user_file.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/lines.h"
#include "base/mem.h"

enum { FILE_SIZE_MAX = 65536 };

char *user_file_trim(char *text)
{
    char *end = text + strlen(text);
    while (isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        *--end = '\0';
    return text;
}

void user_file_each(const char *path, char *text, FILE *said,
                    enum status (*take)(void *owner, char *line, struct error *error), void *owner)
{
    size_t number = 1;
    for (char *line = text, *next; line; line = next, number++) {
        struct error why = {.message = ""};
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line = user_file_trim(line);
        if (line[0] && line[0] != '#' && take(owner, line, &why) != STATUS_OK)
            fprintf(said, "downhill: %s:%zu: %s; the line is ignored\n", path, number, why.message);
    }
}

/* The file's text, which ends with a zero; NULL, with the reason, when it cannot be read. */
static char *read_text(FILE *file, const char **reason)
{
    char *text = mem_alloc(FILE_SIZE_MAX + 1, 1);
    const size_t length = text ? fread(text, 1, FILE_SIZE_MAX + 1, file) : 0;
    *reason = NULL;
    if (!text)
        *reason = "out of memory";
    else if (ferror(file))
        *reason = strerror(errno);
    else if (length > FILE_SIZE_MAX)
        *reason = "it is larger than 64 KiB";
    if (!*reason) {
        text[length] = '\0';
        return text;
    }
    mem_free(text);
    return NULL;
}

char *user_file_read(const char *name, char **path, FILE *said)
{
    struct lines place = {0};
    char *text = NULL, *folder = file_user_folder("XDG_CONFIG_HOME", ".config");
    if (folder)
        lines_add(&place, "%s/%s", folder, name);
    mem_free(folder);
    FILE *file = place.text ? fopen(place.text, "rb") : NULL;
    const char *reason = file || !place.text || errno == ENOENT || errno == ENOTDIR ? NULL : strerror(errno);
    if (file) {
        text = read_text(file, &reason);
        fclose(file);
    }
    if (reason)
        fprintf(said, "downhill: %s: %s; the file is ignored\n", place.text, reason);
    *path = place.text;
    return text;
}
