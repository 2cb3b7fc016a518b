/* Writes the corpora of the language recipes: corpora NAME >NAME. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpora/corpus.h"

static const struct corpus *const corpora[] = {&atlas, &questions, &clinic};

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof corpora / sizeof *corpora && argc == 2; i++) {
        if (strcmp(argv[1], corpora[i]->name) != 0)
            continue;
        corpus_write(corpora[i], stdout);
        if (fflush(stdout) == 0 && !ferror(stdout))
            return EXIT_SUCCESS;
        perror("corpora");
        return EXIT_FAILURE;
    }
    fputs("usage: corpora NAME, one of", stderr);
    for (size_t i = 0; i < sizeof corpora / sizeof *corpora; i++)
        fprintf(stderr, " %s", corpora[i]->name);
    fputc('\n', stderr);
    return 2;
}
