/* What a sample costs the training thread: into its pending bucket, out of it, into the ring.  Worst case: each step's
 * samples leave at once.  The ring is emptied between the slices that are timed, as the screen's thread would. */
#include <stdio.h>

#include "base/clock.h"
#include "base/ring.h"
#include "bench/bench.h"
#include "bench/rows.h"
#include "metrics/pending.h"

#define LAYERS    3
#define EACH_STEP 10 /* loss, gradient norm, ratio, rate, and two a layer */
#define STEPS     4096
#define SLICES    101
#define RING      65536

static double push_ns(struct pending *pending, struct ring *ring, uint64_t *step)
{
    static float measures[SERIES_TOTAL];
    static struct bucket drained[RING];
    uint64_t start = clock_now();
    for (unsigned i = 0; i < STEPS; i++) {
        measures[SERIES_LOSS] = (float)i;
        if (pending_step(pending, ++*step, measures))
            pending_flush(pending, ring);
    }
    double took = (double)(clock_now() - start);
    ring_pop_many(ring, drained, RING);
    return took / STEPS / EACH_STEP;
}

void rows_samples(void)
{
    struct pending *pending = pending_create(LAYERS, 0);
    struct ring *ring = ring_create(RING, sizeof(struct bucket));
    const uint64_t stride[] = {1, 128};
    uint64_t step = 0;
    for (size_t s = 0; pending && ring && s < 2; s++) {
        double ns[SLICES];
        char what[64], text[32];
        pending_set_stride(pending, stride[s]);
        for (int i = 0; i < SLICES; i++)
            ns[i] = push_ns(pending, ring, &step);
        double median = bench_median(ns, SLICES);
        snprintf(what, sizeof what, "pushing a sample, %s", s == 0 ? "each one sent (ns)" : "128 in a bucket (ns)");
        snprintf(text, sizeof text, "%.1f ns", median);
        bench_row(what, text, "", median, false, 20);
    }
    ring_free(ring);
    pending_free(pending);
}
