/* Early stopping (Prechelt 1998, with patience): remembers the best test loss, counts the checks without a better one.
 * Both go on while it is switched off; switching it on begins the count again, for a person who turns it on late wants
 * to wait as long as one who did so at the start. */
#ifndef LEARN_EARLY_STOP_H
#define LEARN_EARLY_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "learn/state.h"

#define EARLY_STOP_MINIMUM_CHANGE 1e-4 /* relative */

/* Plain data: part of the state. */
struct early_stop {
    double best; /* least test loss; +inf before the first evaluation */
    uint64_t best_step;
    uint64_t next_check; /* step of the next patience count: each K_shape steps */
    uint32_t misses;     /* checks since the best, or since the count began again */
    uint32_t stopped;    /* 1 while paused by it: going on clears it, and so does switching it off */
};

extern const struct state_fields early_stop_fields;

void early_stop_reset(struct early_stop *stop);

/* True when `loss` is a new best (the caller copies the parameters).  `cadence`: steps from check to check. */
bool early_stop_improves(struct early_stop *stop, uint64_t step, uint64_t cadence, double loss);

/* Counts a check when one is due; true when patience has run out. */
bool early_stop_check(struct early_stop *stop, uint64_t step, uint64_t cadence, uint32_t patience);

/* When the next of checks that come each `cadence` steps is due, if the one that was due at `due` is made at `step`:
 * evaluations come when they come, and one that is late does not put off the others. */
uint64_t early_stop_after(uint64_t due, uint64_t step, uint64_t cadence);

/* Going on after a stop, and switching on: the count of misses begins again, the best stays. */
void early_stop_forgive(struct early_stop *stop, uint64_t step, uint64_t cadence);

#endif
