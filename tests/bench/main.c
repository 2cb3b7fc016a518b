/* make bench: speed as ratios taken in one run, each against its goal.  The exit status is 0 whatever the table says: a
 * machine that is busy or old is no broken program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/floor.h"
#include "bench/peer.h"
#include "bench/rows.h"
#include "bench/training.h"
#include "nn/gemm.h"

extern char **environ;

/* An environment that forces an old kernel would halve the floor, and OpenBLAS reads it before main: start afresh
 * without. */
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

static void train_against_floor(const struct training_case *which)
{
    struct training *training = training_create(which);
    struct floor *floor = training_floor(which);
    if (training && floor) {
        struct bench_work ours = {training_steps, training, 0, false}, bare = {floor_steps, floor, 0, false};
        bench_against_floor(which->what, &ours, &bare, which->floor_goal);
    } else {
        bench_note(which->what, "out of memory");
    }
    floor_free(floor);
    training_free(training);
}

static void train_against_peer(const struct training_case *which)
{
    char what[96];
    struct training *training = training_create(which);
    snprintf(what, sizeof what, "  %s net against PyTorch", which->name);
    if (training) {
        struct bench_work ours = {training_steps, training, 0, false};
        peer_row(what, which->name, &ours, which->peer_goal);
    } else {
        bench_note(what, "out of memory");
    }
    training_free(training);
}

static void evaluation_beside(const struct training_case *which)
{
    struct training *training = training_create(which);
    if (!training)
        return;
    char what[64], text[96];
    struct bench_work step = {training_steps, training, 0, false},
                      evaluation = {training_evaluations, training, 0, false};
    struct bench_pair pair = bench_pairs(&evaluation, &step, 5);
    snprintf(what, sizeof what, "  an evaluation of the %s net", which->name);
    snprintf(text, sizeof text, "%.1f us, as long as %.1f steps", 1e6 / pair.ours, 1 / pair.ratio);
    bench_note(what, text);
    training_free(training);
}

static void rows_training(void)
{
    for (size_t i = 0; i < training_count; i++) {
        train_against_floor(&training_table[i]);
        train_against_peer(&training_table[i]);
        evaluation_beside(&training_table[i]);
    }
}

static const struct part {
    const char *name;
    void (*rows)(void);
    bool by_name_alone; /* too long to be run with all others */
} part_table[] = {
    {"training", rows_training, false}, {"language", rows_language, false}, {"whole", rows_whole, false},
    {"samples", rows_samples, false},   {"time", rows_time, false},         {"drawing", rows_drawing, false},
    {"table", rows_table, false},       {"text", rows_text, false},         {"screen", rows_screen, false},
    {"long", rows_long, true},
};

/* Arguments: the parts to run; none: all but those that are run by name alone. */
int main(int argc, char **argv)
{
    shed_openblas_settings(argv);
    setvbuf(stdout, NULL, _IOLBF, 0); /* children must not inherit what is not yet written */
    gemm_prepare(1, NULL);
    printf("sgemm kernel %s, own kernels %s, one thread\n", gemm_kernel_name(), kernels_name(kernels_choose()));
    bench_header();
    for (size_t i = 0; i < sizeof part_table / sizeof part_table[0]; i++) {
        bool wanted = argc < 2 && !part_table[i].by_name_alone;
        for (int a = 1; a < argc; a++)
            wanted = wanted || strcmp(argv[a], part_table[i].name) == 0;
        if (wanted)
            part_table[i].rows();
    }
    return EXIT_SUCCESS;
}
