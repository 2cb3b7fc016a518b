#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *process_program(void)
{
    const char *path = getenv("DOWNHILL");
    return path ? path : "build/downhill";
}

char *process_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    size_t used = 0, room = 4096;
    char *text = malloc(room);
    for (size_t got; text && (got = fread(text + used, 1, room - used - 1, file)) > 0;) {
        used += got;
        if (used + 1 == room)
            text = realloc(text, room *= 2);
    }
    fclose(file);
    if (text)
        text[used] = '\0';
    return text;
}

char *process_folder(void)
{
    char *folder = strdup("/tmp/downhill-test-XXXXXX");
    return mkdtemp(folder);
}

void process_folder_remove(char *folder)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    int status = system(command);
    (void)status;
    free(folder);
}

char *process_file(const char *folder, const char *name, const void *bytes, size_t count)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    sprintf(path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    fwrite(bytes, 1, count, file);
    fclose(file);
    return path;
}

char *process_text(const char *folder, const char *name, const char *text)
{
    return process_file(folder, name, text, strlen(text));
}

struct outcome process_run(const char *arguments, const char *input)
{
    char *folder = process_folder();
    char *in = process_text(folder, "in", input ? input : "");
    size_t size = strlen(arguments) + strlen(folder) * 3 + strlen(process_program()) + 64;
    char *command = malloc(size);
    snprintf(command, size, "%s %s <%s/in >%s/out 2>%s/err", process_program(), arguments, folder, folder, folder);
    int status = system(command);
    struct outcome outcome = {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
    char path[128];
    snprintf(path, sizeof path, "%s/out", folder);
    outcome.out = process_read(path);
    unlink(path);
    snprintf(path, sizeof path, "%s/err", folder);
    outcome.err = process_read(path);
    unlink(path);
    unlink(in);
    rmdir(folder);
    free(folder);
    free(command);
    free(in);
    return outcome;
}

void outcome_free(struct outcome *outcome)
{
    free(outcome->out);
    free(outcome->err);
}
