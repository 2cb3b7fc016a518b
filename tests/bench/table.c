/* A CSV of a million rows and twenty columns, read in a process of its own (so that its peak of memory can be told),
 * against `wc -l`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "bench/bench.h"
#include "bench/rows.h"
#include "data/csv.h"

#define ROWS    1000000u
#define COLUMNS 20u
#define PAIRS   3
#define MIB     (1024.0 * 1024.0)
#if defined(__APPLE__)
#define MAXRSS_UNIT 1.0 /* bytes */
#else
#define MAXRSS_UNIT 1024.0
#endif

static bool write_table(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return false;
    for (unsigned c = 0; c < COLUMNS; c++)
        fprintf(file, "c%u%c", c, c + 1 < COLUMNS ? ',' : '\n');
    uint32_t key = random_key(1, RANDOM_SAMPLE, 0);
    for (uint32_t row = 0; row < ROWS; row++) {
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

struct child {
    double seconds, peak; /* bytes */
    bool fine;
};

/* `path` NULL: does nothing, to know what a child has anyway. */
static struct child read_table(const char *path)
{
    struct child child = {0};
    struct rusage usage;
    int status = 1;
    uint64_t start = clock_now();
    pid_t process = fork();
    if (process == 0) {
        struct dataset *dataset;
        struct csv_options options = {.test_fraction = 0.25, .seed = 1};
        _exit(path ? (int)csv_load(&dataset, path, &options, NULL) : 0);
    }
    child.fine = process > 0 && wait4(process, &status, 0, &usage) == process && status == 0;
    child.seconds = (double)(clock_now() - start) * 1e-9;
    child.peak = (double)usage.ru_maxrss * MAXRSS_UNIT;
    return child;
}

static double count_lines(const char *path)
{
    uint64_t start = clock_now();
    pid_t process = fork();
    if (process == 0) {
        if (freopen("/dev/null", "w", stdout))
            execlp("wc", "wc", "-l", path, (char *)NULL);
        _exit(127);
    }
    waitpid(process, NULL, 0);
    return (double)(clock_now() - start) * 1e-9;
}

void rows_table(void)
{
    const char *folder = getenv("TMPDIR"), *what = "CSV of 1 M rows, 20 columns, against wc -l";
    char path[256], ours_text[32], other_text[32];
    snprintf(path, sizeof path, "%s/downhill-bench-%ld.csv", folder ? folder : "/tmp", (long)getpid());
    if (!write_table(path)) {
        bench_note(what, "not run: no room for its file");
        remove(path);
        return;
    }
    double ours[PAIRS], counted[PAIRS], ratio[PAIRS], peak = 0, idle = read_table(NULL).peak;
    count_lines(path); /* brings the file into memory */
    bool fine = true;
    for (int i = 0; i < PAIRS; i++) {
        struct child child = read_table(path);
        fine = fine && child.fine;
        ours[i] = child.seconds;
        counted[i] = count_lines(path);
        ratio[i] = ours[i] / counted[i];
        peak = child.peak > peak ? child.peak : peak;
    }
    remove(path);
    if (!fine) {
        bench_note(what, "it could not be read");
        return;
    }
    double table = (double)ROWS * COLUMNS * sizeof(float);
    snprintf(ours_text, sizeof ours_text, "%.2f s", bench_median(ours, PAIRS));
    snprintf(other_text, sizeof other_text, "%.3f s", bench_median(counted, PAIRS));
    bench_row(what, ours_text, other_text, bench_median(ratio, PAIRS), false, 20);
    snprintf(ours_text, sizeof ours_text, "%.0f MiB", (peak - idle) / MIB);
    snprintf(other_text, sizeof other_text, "%.0f MiB", table / MIB);
    bench_row("  its memory at most, against the parsed table", ours_text, other_text, (peak - idle) / table, false, 2);
}
