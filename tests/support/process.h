/* Runs the program without a terminal and keeps what it said. */
#ifndef TESTS_SUPPORT_PROCESS_H
#define TESTS_SUPPORT_PROCESS_H

#include <stddef.h>

struct outcome {
    int status; /* exit status, or 128 + signal */
    char *out;  /* standard output, NUL-terminated */
    char *err;
};

/* `arguments`: words after the program's name, as a shell would take them (quotes allowed). The program's path is in
 * $DOWNHILL, or build/downhill. The result is to be released with outcome_free. */
struct outcome process_run(const char *arguments, const char *input);
void outcome_free(struct outcome *outcome);

const char *process_program(void);

/* A fresh folder for files of a test, removed by process_folder_remove. */
char *process_folder(void);
void process_folder_remove(char *folder);
/* Writes folder/name; returns its path, to be freed. */
char *process_file(const char *folder, const char *name, const void *bytes, size_t count);
char *process_text(const char *folder, const char *name, const char *text);
char *process_read(const char *path); /* NULL when there is none */

#endif
