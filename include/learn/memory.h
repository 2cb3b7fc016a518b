/* What a run needs memory for, in bytes.  It is what really is allocated, so that it can be checked against what shapes
 * say. */
#ifndef LEARN_MEMORY_H
#define LEARN_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct trainer;

enum memory_part {
    MEMORY_PARAMETERS,
    MEMORY_GRADIENTS,
    MEMORY_MOMENTS,
    MEMORY_BEST,        /* parameters and moments */
    MEMORY_START,       /* weights from a file, to begin with again */
    MEMORY_ACTIVATIONS, /* workspaces of a step and of an evaluation */
    MEMORY_SECOND,      /* all of the above, of trainers beside the first: for walks through time, twins and races */
    MEMORY_FRAMES,      /* copies of the parameters for pictures; none before the first is asked for */
    MEMORY_SNAPSHOTS,
    MEMORY_RECORDS, /* of all branches, for checkpoints */
    MEMORY_HISTORY, /* what the curves are drawn from */
    MEMORY_DATA,
    MEMORY_PARTS,
};

struct memory {
    size_t bytes[MEMORY_PARTS];
    size_t budget;  /* of the snapshots */
    size_t process; /* the most that the process has held at one time; 0: unknown */
};

/* Adds what a trainer holds; `second`: to that part, all in one. */
void memory_add_trainer(struct memory *memory, const struct trainer *trainer, bool second);
/* A line for each part that there is, one for what else the process has held (program, libraries, channels), and the
 * sum. */
void memory_print(FILE *out, const struct memory *memory);

#endif
