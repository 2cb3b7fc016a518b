/* Large files, each read in a process of its own (so that its peak of memory can be told), against `wc` of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "bench/bench.h"
#include "bench/large.h"
#include "bench/rows.h"
#include "data/corpus.h"
#include "data/csv.h"

#define COLUMNS 20u
#define PAIRS   3
#define MIB     (1024.0 * 1024.0)
#if defined(__APPLE__)
#define MAXRSS_UNIT 1.0 /* bytes */
#else
#define MAXRSS_UNIT 1024.0
#endif

static bool write_table(const char *path, uint32_t rows)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    for (unsigned c = 0; c < COLUMNS; c++)
        fprintf(file, "c%u%c", c, c + 1 < COLUMNS ? ',' : '\n');
    uint32_t key = random_key(1, RANDOM_SAMPLE, 0);
    for (uint32_t row = 0; row < rows; row++) {
        char line[COLUMNS * 10], *at = line;
        for (uint32_t c = 0; c < COLUMNS; c++) {
            uint32_t bits = random_bits(key, row * COLUMNS + c);
            *at = '-';
            at += bits >> 31;
            *at++ = (char)('0' + bits % 10);
            *at++ = '.';
            for (int digit = 0; digit < 4; digit++, bits >>= 4)
                *at++ = (char)('0' + bits % 10);
            *at++ = c + 1 < COLUMNS ? ',' : '\n';
        }
        fwrite(line, 1, (size_t)(at - line), file);
    }
    return fclose(file) == 0;
}

/* A file, how it is made and read, and what bounds the reading. */
struct large {
    const char *what, *ending;
    bool (*write)(const char *path, uint32_t rows);
    int (*read)(const char *path); /* 0: fine */
    uint32_t rows;
    const char *counts;   /* the option of wc that is the yardstick */
    double goal;          /* times its time */
    double memory, bound; /* bytes, and how often the reader may take them */
};

struct child {
    double seconds, peak; /* bytes */
    bool fine;
};

/* `path` NULL: does nothing, to know what a child has anyway. */
static struct child read_large(const struct large *large, const char *path)
{
    struct child child = {0};
    struct rusage usage;
    int status = 1;
    uint64_t start = clock_now();
    pid_t process = fork();
    if (process == 0)
        _exit(path ? large->read(path) : 0);
    child.fine = process > 0 && wait4(process, &status, 0, &usage) == process && status == 0;
    child.seconds = (double)(clock_now() - start) * 1e-9;
    child.peak = (double)usage.ru_maxrss * MAXRSS_UNIT;
    return child;
}

static double count(const char *option, const char *path)
{
    uint64_t start = clock_now();
    pid_t process = fork();
    if (process == 0) {
        if (freopen("/dev/null", "w", stdout))
            execlp("wc", "wc", option, path, (char *)NULL);
        _exit(127);
    }
    waitpid(process, NULL, 0);
    return (double)(clock_now() - start) * 1e-9;
}

static void read_against_wc(const struct large *large)
{
    const char *folder = getenv("TMPDIR");
    char path[256], ours_text[32], other_text[32];
    snprintf(path, sizeof path, "%s/downhill-bench-%ld%s", folder ? folder : "/tmp", (long)getpid(), large->ending);
    if (!large->write(path, large->rows)) {
        bench_note(large->what, "not run: no room for its file");
        remove(path);
        return;
    }
    double ours[PAIRS], counted[PAIRS], ratio[PAIRS], peak = 0, idle = read_large(large, NULL).peak;
    count(large->counts, path); /* brings the file into memory */
    bool fine = true;
    for (int i = 0; i < PAIRS; i++) {
        struct child child = read_large(large, path);
        fine = fine && child.fine;
        ours[i] = child.seconds;
        counted[i] = count(large->counts, path);
        ratio[i] = ours[i] / counted[i];
        peak = child.peak > peak ? child.peak : peak;
    }
    remove(path);
    if (!fine) {
        bench_note(large->what, "it could not be read");
        return;
    }
    snprintf(ours_text, sizeof ours_text, "%.2f s", bench_median(ours, PAIRS));
    snprintf(other_text, sizeof other_text, "%.3f s", bench_median(counted, PAIRS));
    bench_row(large->what, ours_text, other_text, bench_median(ratio, PAIRS), false, large->goal);
    snprintf(ours_text, sizeof ours_text, "%.0f MiB", (peak - idle) / MIB);
    snprintf(other_text, sizeof other_text, "%.0f MiB", large->memory / MIB);
    bench_row("  its memory at most, against what is kept of it", ours_text, other_text, (peak - idle) / large->memory,
              false, large->bound);
}

static int read_table(const char *path)
{
    struct dataset *dataset;
    struct csv_options options = {.test_fraction = 0.25, .seed = 1};
    return (int)csv_load(&dataset, path, &options, NULL);
}

void rows_table(void)
{
    read_against_wc(&(struct large){.what = "CSV of 1 M rows, 20 columns, against wc -l",
                                    .ending = ".csv",
                                    .write = write_table,
                                    .read = read_table,
                                    .rows = 1000000,
                                    .counts = "-l",
                                    .goal = 20,
                                    .memory = 1e6 * COLUMNS * sizeof(float),
                                    .bound = 2});
}

void rows_large_table(void)
{
    read_against_wc(&(struct large){.what = "CSV of 10 M rows, 20 columns, against wc -l",
                                    .ending = ".csv",
                                    .write = write_table,
                                    .read = read_table,
                                    .rows = 10000000,
                                    .counts = "-l",
                                    .goal = 20,
                                    .memory = 1e7 * COLUMNS * sizeof(float),
                                    .bound = 2});
}

/* Sentences of drawn words, so many. */
static bool write_text(const char *path, uint32_t rows)
{
    static const char *const word[] = {"the",  "river", "runs", "down", "a",    "hill",  "and", "rests", "in",
                                       "deep", "green", "lake", "of",   "cold", "water", "by",  "old",   "stones"};
    const uint32_t words = sizeof word / sizeof word[0], key = random_key(1, RANDOM_SAMPLE, 1);
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    for (uint32_t row = 0; row < rows; row++)
        for (uint32_t i = 0; i < 10; i++)
            fprintf(file, "%s%s", word[random_bits(key, row * 10 + i) % words], i < 9 ? " " : ".\n");
    return fclose(file) == 0;
}

static int read_text(const char *path)
{
    struct corpus *corpus;
    struct corpus_options options = {.context = 64, .merges = 0, .seed = 1};
    return (int)corpus_load_text(&corpus, path, &options, NULL);
}

/* A row has 49 bytes in the mean, each a token of two bytes; the text itself is there while they are made. */
void rows_large_text(void)
{
    read_against_wc(&(struct large){.what = "text of 100 MB, against wc -w",
                                    .ending = ".txt",
                                    .write = write_text,
                                    .read = read_text,
                                    .rows = 2050000,
                                    .counts = "-w",
                                    .goal = 4,
                                    .memory = 2050000 * 49.0 * 2,
                                    .bound = 2});
}
