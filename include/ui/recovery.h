/* Where to go back to when the loss is no longer a number.  A pure function of what was measured. */
#ifndef UI_RECOVERY_H
#define UI_RECOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "metrics/history.h"
#include "ui/view.h"

/* The last good point: the newest evaluation of the branch at or before `step` whose train loss T is at most 1.5 min T
 * + 0.1 L0, where min T is the least train loss up to there and L0 the first one.  False when none was measured. */
bool recovery_point(const struct history *history, uint16_t branch, uint64_t step, uint64_t *out);

/* What Enter does after a divergence: back there, and on with a rate that is at most half of the one that was too
 * large, and no larger than the one at that step. */
struct recovery {
    uint64_t step;
    double rate;
    bool turn; /* the rate has to be turned down; else it is that of the step */
};
bool recovery_plan(const struct view_data *data, struct recovery *out);

#endif
