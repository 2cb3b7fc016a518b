#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static double seconds_for(const struct bench_work *work, uint64_t times)
{
    uint64_t (*const clock)(void) = work->own_time ? clock_thread_cpu : clock_now;
    const uint64_t start = clock();
    work->do_it(work->context, times);
    return (double)(clock() - start) * 1e-9;
}

void bench_fit(struct bench_work *work)
{
    double wanted = BENCH_SLICE_NS * 1e-9, took;
    work->times = 1;
    while ((took = seconds_for(work, work->times)) < wanted / 4)
        work->times *= 2;
    work->times = (uint64_t)((double)work->times * wanted / took);
    work->times += work->times == 0;
}

double bench_slice(const struct bench_work *work)
{
    return (double)work->times / seconds_for(work, work->times);
}

struct bench_pair bench_pairs(struct bench_work *ours, struct bench_work *yardstick, unsigned pairs)
{
    double our_speed[64], its_speed[64], ratio[64];
    pairs = pairs < 64 ? pairs : 64;
    bench_fit(ours);
    bench_fit(yardstick);
    for (unsigned i = 0; i < pairs; i++) {
        /* Each goes first in every other pair. */
        if (i % 2)
            its_speed[i] = bench_slice(yardstick);
        our_speed[i] = bench_slice(ours);
        if (i % 2 == 0)
            its_speed[i] = bench_slice(yardstick);
        ratio[i] = our_speed[i] / its_speed[i];
    }
    return (struct bench_pair){
        .ours = bench_median(our_speed, pairs),
        .yardstick = bench_median(its_speed, pairs),
        .ratio = bench_median(ratio, pairs),
    };
}

char *bench_speed(char *out, size_t size, double speed)
{
    if (speed < 1e4)
        snprintf(out, size, "%.0f/s", speed);
    else if (speed < 1e6)
        snprintf(out, size, "%.1f k/s", speed / 1e3);
    else
        snprintf(out, size, "%.3f M/s", speed / 1e6);
    return out;
}

/* On a busy machine the library's smallest products were seen to take thirty times as long for a whole process: that is
 * no yardstick. */
#define RATIO_BELIEVED 3

void bench_against_floor(const char *what, struct bench_work *ours, struct bench_work *floor, double goal)
{
    const struct bench_pair pair = bench_pairs(ours, floor, BENCH_PAIRS);
    char our_text[32], bare_text[32];
    bench_speed(our_text, sizeof our_text, pair.ours);
    bench_speed(bare_text, sizeof bare_text, pair.yardstick);
    if (pair.ratio > RATIO_BELIEVED)
        bench_note(what, "no figure: the library ran many times slower than it does; run it again");
    else
        bench_row(what, our_text, bare_text, pair.ratio, true, goal);
}

#define ROW "%-46s  %16s  %16s  %8s  %s\n"

void bench_header(void)
{
    printf(ROW, "what", "ours", "yardstick", "ratio", "goal");
}

void bench_row(const char *what, const char *ours, const char *yardstick, double ratio, bool at_least, double goal)
{
    char ratio_text[32], goal_text[48];
    bool reached = at_least ? ratio >= goal : ratio <= goal;
    snprintf(ratio_text, sizeof ratio_text, ratio < 10 ? "%.3f" : "%.1f", ratio);
    snprintf(goal_text, sizeof goal_text, "%s %g%s", at_least ? ">=" : "<=", goal, reached ? "" : "   MISSED");
    printf(ROW, what, ours, yardstick, ratio_text, goal_text);
}

void bench_note(const char *what, const char *text)
{
    printf("%-46s  %s\n", what, text);
}
