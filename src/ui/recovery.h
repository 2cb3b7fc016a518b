/* Where to go back to when the loss is no longer a number.  A pure function of what was measured. */
#ifndef UI_RECOVERY_H
#define UI_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "metrics/history.h"
#include "ui/view.h"

/* Steps of a branch, both ends among them. */
struct recovery_span {
    uint64_t begin, end;
};

/* The last good point: the newest evaluation of the branch in the span whose train loss T is at most 1.5 min T + 0.1 L0,
 * where min T is the least train loss in the span and L0 the first one.  False when none was measured. */
bool recovery_point(const struct history *history, uint16_t branch, struct recovery_span span, uint64_t *out);

/* What Enter does after a divergence: back to the last good point of the stage, and on with half the last rate that had
 * worked.  A change of the rate (of the knob, the optimiser, the schedule or its warm-up; by hand or by --at) has worked
 * when a good evaluation came 100 steps after it or later; one that has not is undone by going back to its step.  With
 * the optimiser that is at work the rate is also at most half of the present one. */
struct recovery {
    uint64_t step;
    double rate; /* to set there; below the one that the knob has there */
};
bool recovery_plan(const struct view_data *data, struct recovery *out);

#endif
