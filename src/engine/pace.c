/* Counts how many steps are due now at a given speed in steps a second. */
#include "engine/pace.h"

#include <math.h>

void pace_start(struct pace *pace, double speed, uint64_t now)
{
    *pace = (struct pace){.speed = speed, .origin = now};
}

uint64_t pace_take(struct pace *pace, uint64_t now)
{
    const double seconds = (double)(now - pace->origin) * 1e-9;
    const uint64_t due = (uint64_t)(seconds * pace->speed) + 1;
    if (due <= pace->taken)
        return 0;
    uint64_t steps = due - pace->taken;
    const uint64_t most = (uint64_t)fmax(pace->speed * PACE_LAG, 1);
    if (steps > most) {
        pace_start(pace, pace->speed, now);
        pace->taken = 1;
        return 1;
    }
    pace->taken = due;
    return steps;
}

uint64_t pace_wait(const struct pace *pace, uint64_t now)
{
    const double at = (double)pace->taken / pace->speed * 1e9; /* the next one is due so long after the origin */
    const double wait = at - (double)(now - pace->origin);
    return wait > PACE_SLICE ? (uint64_t)wait + 1 : PACE_SLICE;
}
