/* What the bench's parts share: pairs of slices, and the table of results.
 *
 * Machines differ and drift, so every speed is a ratio: slices of ours and of the yardstick alternate, each at most
 * BENCH_SLICE_NS long, and the median over the pairs is reported. */
#ifndef TESTS_BENCH_H
#define TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_SLICE_NS 60000000u
#define BENCH_PAIRS    21

/* Something that can be done again and again; do_it does it `times` times. */
struct bench_work {
    void (*do_it)(void *context, uint64_t times);
    void *context;
    uint64_t times; /* that fill a slice: found by bench_fit */
    bool own_time;  /* of this thread alone: for shares of a percent, which a busy machine would hide */
};

/* Finds how often the work fits a slice. */
void bench_fit(struct bench_work *work);
/* Times a second in one slice. */
double bench_slice(const struct bench_work *work);

struct bench_pair {
    double ours, yardstick; /* median times a second */
    double ratio;           /* median of the pairs' ratios */
};
struct bench_pair bench_pairs(struct bench_work *ours, struct bench_work *yardstick, unsigned pairs);

/* The row of a step against its floor. */
void bench_against_floor(const char *what, struct bench_work *ours, struct bench_work *floor, double goal);

double bench_median(double *values, size_t count);

/* "1.758 M/s"; returns `out`. */
char *bench_speed(char *out, size_t size, double times_a_second);

/* Rows of the table.  `goal` is a bound on the ratio: reached when ratio >= goal (at_least) or ratio <= goal. */
void bench_header(void);
void bench_row(const char *what, const char *ours, const char *yardstick, double ratio, bool at_least, double goal);
/* A figure without a yardstick beside it. */
void bench_note(const char *what, const char *text);

#endif
