/* How many steps may be taken now, so that a run keeps a speed: even for the eye where it is slow, in handfuls where it
 * is fast. Time in, number of steps out; nothing that a step computes depends on it. */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

#include <stdint.h>

struct pace {
    double speed;    /* steps a second, > 0 */
    uint64_t origin; /* clock when counting began */
    uint64_t taken;  /* steps allowed since */
};

void pace_start(struct pace *pace, double speed, uint64_t now);

/* Steps due at `now`: the first at once, then `speed` a second.  A run that cannot keep up is not made to
 * catch up: what is more than PACE_LAG behind is forgotten. */
uint64_t pace_take(struct pace *pace, uint64_t now);

/* Nanoseconds from `now` to the next wake: when the next step is due, at least PACE_SLICE away. */
uint64_t pace_wait(const struct pace *pace, uint64_t now);

#define PACE_LAG   0.1      /* seconds */
#define PACE_SLICE 4000000u /* nanoseconds */

#endif
