/* make bench: speed as ratios taken in one run, each against its goal.  The exit status is 0 whatever the table says: a machine that is busy
 * or old is no broken program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/training.h"
#include "nn/gemm.h"

extern char **environ;

/* An environment that forces an old kernel would halve the floor, and OpenBLAS reads it before main: start afresh without. */
static void shed_openblas_settings(char **argv)
{
    bool shed = false;
    for (char **entry = environ; *entry;) {
        char name[128];
        size_t length = strcspn(*entry, "=");
        if (strncmp(*entry, "OPENBLAS_", 9) != 0 || length >= sizeof name) {
            entry++;
            continue;
        }
        memcpy(name, *entry, length);
        name[length] = '\0';
        unsetenv(name);
        shed = true;
        entry = environ;
    }
    if (shed)
        execv("/proc/self/exe", argv);
}

static void per_second(char *out, size_t size, double speed)
{
    snprintf(out, size, speed < 1e4 ? "%.0f/s" : speed < 1e6 ? "%.1f k/s" : "%.3f M/s", speed < 1e4 ? speed : speed < 1e6 ? speed / 1e3 : speed / 1e6);
}

static void train_against_floor(const struct training_case *which)
{
    struct training *training = training_create(which);
    struct floor *floor = floor_create(which);
    if (training && floor) {
        struct bench_work ours = { training_steps, training, 0 }, bare = { floor_steps, floor, 0 };
        struct bench_pair pair = bench_pairs(&ours, &bare, BENCH_PAIRS);
        char our_text[32], bare_text[32];
        per_second(our_text, sizeof our_text, pair.ours);
        per_second(bare_text, sizeof bare_text, pair.yardstick);
        bench_row(which->what, our_text, bare_text, pair.ratio, true, which->floor_goal);
    } else {
        bench_note(which->what, "out of memory");
    }
    floor_free(floor);
    training_free(training);
}

int main(int argc, char **argv)
{
    (void)argc;
    shed_openblas_settings(argv);
    gemm_set_threads(1);
    printf("sgemm kernel %s, own kernels %s, one thread\n", gemm_kernel_name(), kernels_name(kernels_choose()));
    bench_header();
    for (size_t i = 0; i < training_count; i++)
        train_against_floor(&training_table[i]);
    return EXIT_SUCCESS;
}
