/* Runs a libFuzzer entry point without libFuzzer: mutates the files of a corpus, the same way each time.
 *
 *     fuzz_csv CORPUS_FOLDER [ITERATIONS [SEED]]      every file as it is, then that many mutations
 *     fuzz_csv FILE                                   one file as it is
 *
 * The input that ends in a crash or an abort is left in ./fuzz-crash. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "base/text.h"
#include "fuzz/fuzz.h"

enum { LONGEST = 1 << 16, FILES_MOST = 1000 };

struct input {
    uint8_t bytes[LONGEST];
    size_t size;
};

struct corpus {
    struct input *file[FILES_MOST];
    size_t files;
};

/* Draws of one mutation. */
struct draws {
    uint32_t key, index;
};

static size_t below(struct draws *draws, size_t n)
{
    return n == 0 ? 0 : random_bits(draws->key, draws->index++) % n;
}

static struct input *read_input(const char *path)
{
    struct input *input = calloc(1, sizeof *input);
    FILE *file = fopen(path, "rb");
    if (!input || !file) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    input->size = fread(input->bytes, 1, LONGEST, file);
    fclose(file);
    return input;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_corpus(struct corpus *corpus, const char *folder)
{
    char *name[FILES_MOST];
    size_t names = 0;
    DIR *dir = opendir(folder);
    if (!dir) {
        fprintf(stderr, "%s: %s\n", folder, strerror(errno));
        exit(1);
    }
    for (struct dirent *entry; (entry = readdir(dir)) && names < FILES_MOST;)
        if (entry->d_name[0] != '.')
            name[names++] = strdup(entry->d_name);
    closedir(dir);
    qsort(name, names, sizeof *name, by_name);
    for (size_t i = 0; i < names; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, name[i]);
        corpus->file[corpus->files++] = read_input(path);
        free(name[i]);
    }
}

/* Replaces input[at, at + cut) by `size` bytes; what becomes too long is cut off. */
static void replace(struct input *input, size_t at, size_t cut, const uint8_t *bytes, size_t size)
{
    static struct input made;
    made.size = 0;
    const struct {
        const uint8_t *bytes;
        size_t size;
    } part[] = {{input->bytes, at}, {bytes, size}, {input->bytes + at + cut, input->size - at - cut}};
    for (size_t i = 0; i < 3; i++) {
        size_t room = LONGEST - made.size, n = part[i].size < room ? part[i].size : room;
        if (n > 0)
            memcpy(made.bytes + made.size, part[i].bytes, n);
        made.size += n;
    }
    memcpy(input->bytes, made.bytes, made.size);
    input->size = made.size;
}

static void mutate(struct input *input, const struct corpus *corpus, struct draws *draws)
{
    uint8_t byte = (uint8_t)below(draws, 256);
    size_t at = below(draws, input->size + 1), left = input->size - at, cut = below(draws, left < 30 ? left + 1 : 30);
    const struct input *other = corpus->file[below(draws, corpus->files)];
    size_t from = below(draws, other->size + 1), most = other->size - from,
           take = below(draws, most < 60 ? most + 1 : 60);
    switch (below(draws, 8)) {
    case 0:
        replace(input, at, left > 0, &byte, 1);
        break;
    case 1:
        replace(input, at, 0, &byte, 1);
        break;
    case 2:
        replace(input, at, cut, NULL, 0);
        break;
    case 3:
        replace(input, at, cut, other->bytes + from, take);
        break;
    case 4:
        replace(input, at, left, other->bytes + from, other->size - from);
        break;
    case 5: { /* the same again, many times */
        uint8_t again[60];
        take = cut < sizeof again ? cut : sizeof again;
        memcpy(again, input->bytes + at, take);
        for (size_t times = below(draws, 20); times > 0; times--)
            replace(input, at, 0, again, take);
        break;
    }
    default: {
        size_t words = 0;
        while (fuzz_words[words])
            words++;
        const char *word = fuzz_words[below(draws, words)];
        replace(input, at, below(draws, 2) ? 0 : left > 0, (const uint8_t *)word, strlen(word));
        break;
    }
    }
}

void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

void must_be_clean(const char *text, const char *what)
{
    char copy[4096];
    must(strlen(text) < sizeof copy, what);
    strcpy(copy, text);
    text_clean(copy);
    must(strcmp(copy, text) == 0, what);
}

static char kept_path[2][64];

static void remove_kept(void)
{
    for (size_t i = 0; i < 2; i++)
        if (kept_path[i][0] != '\0')
            unlink(kept_path[i]);
}

const char *keep_file(size_t which, const uint8_t *data, size_t size)
{
    char *path = kept_path[which];
    if (path[0] == '\0') {
        if (kept_path[!which][0] == '\0')
            atexit(remove_kept);
        strcpy(path, access("/dev/shm", W_OK) == 0 ? "/dev/shm/downhill_fuzz_XXXXXX" : "/tmp/downhill_fuzz_XXXXXX");
        int made = mkstemp(path);
        must(made >= 0, "a temporary file");
        close(made);
    }
    FILE *file = fopen(path, "wb");
    must(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0, "the file was written");
    return path;
}

/* What is being tried, for on_abort. */
static const struct input *trying;

static void on_abort(int number)
{
    (void)number;
    int file = open("fuzz-crash", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0 && trying && write(file, trying->bytes, trying->size) >= 0)
        close(file);
    signal(SIGABRT, SIG_DFL);
}

/* Sanitizers end by a signal, so that on_abort sees it.  What an input has freed need not be kept for long: it is not
 * used again. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "abort_on_error=1:quarantine_size_mb=16";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}

static void try(const struct input *input)
{
    trying = input;
    uint8_t *exact = malloc(input->size + (input->size == 0)); /* so that a byte too far is seen */
    if (!exact)
        exit(1);
    if (input->size > 0)
        memcpy(exact, input->bytes, input->size);
    LLVMFuzzerTestOneInput(exact, input->size);
    free(exact);
}

int main(int count, char **words)
{
    static struct corpus corpus;
    static struct input input;
    struct stat about;
    if (count < 2 || stat(words[1], &about) != 0) {
        fprintf(stderr, "usage: %s CORPUS [ITERATIONS [SEED]]\n", words[0]);
        return 2;
    }
    if (S_ISDIR(about.st_mode))
        read_corpus(&corpus, words[1]);
    else
        corpus.file[corpus.files++] = read_input(words[1]);
    signal(SIGABRT, on_abort);
    unsigned long iterations = count > 2 ? strtoul(words[2], NULL, 10) : 0;
    uint64_t seed = count > 3 ? strtoull(words[3], NULL, 10) : 1;
    for (size_t i = 0; i < corpus.files; i++)
        try(corpus.file[i]);
    for (unsigned long i = 0; i < iterations && corpus.files > 0; i++) {
        struct draws draws = {.key = random_key(seed, RANDOM_SAMPLE, i)};
        const struct input *file = corpus.file[below(&draws, corpus.files)];
        memcpy(input.bytes, file->bytes, file->size);
        input.size = file->size;
        for (size_t times = 1 + below(&draws, 6); times > 0; times--)
            mutate(&input, &corpus, &draws);
        try(&input);
    }
    printf("%s: %zu files and %lu mutations without a finding\n", words[0], corpus.files, iterations);
    for (size_t i = 0; i < corpus.files; i++)
        free(corpus.file[i]);
    return 0;
}
