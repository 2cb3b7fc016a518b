/* When steps may be taken: evenly at a speed that is asked for (engine/pace.h), or as many as the machine can, with a
 * look at the clock now and then (engine/slice.h).  Time in, number of steps out; nothing that a step computes depends on
 * it. */
#ifndef ENGINE_TEMPO_H
#define ENGINE_TEMPO_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/pace.h"

struct tempo {
    double speed;       /* steps a second, as asked for; 0: as many as the machine can */
    bool begun;         /* what follows has a beginning */
    struct pace pace;   /* at a speed */
    uint64_t slice;     /* without: steps between two looks at the clock ... */
    uint64_t looked;    /* ... and the time of the last */
    uint64_t allowance; /* steps until the next look */
};

/* Forgets the beginning: after a pause, for another speed or another model. */
void tempo_rest(struct tempo *tempo);

/* The thread did something else for so long: measured speeds leave it out. */
void tempo_skip(struct tempo *tempo, uint64_t nanoseconds);

/* With no allowance left: computes a new one, which may be 0.  `full`: ignores the speed that was asked for and takes as
 * many steps as the machine can.  Returns the steps a second when they were measured or asked for, else 0. */
double tempo_look(struct tempo *tempo, bool full, uint64_t now);

/* Nanoseconds to wait at a speed when nothing is allowed. */
uint64_t tempo_wait(const struct tempo *tempo, uint64_t now);

#endif
