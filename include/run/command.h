/* What a person (or a script) can ask of a running session. */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include <stdint.h>

#include "learn/knob.h"

enum command_kind {
    COMMAND_KNOB, /* knob = value */
    COMMAND_PAUSE,
    COMMAND_GO,
    COMMAND_STEP,    /* one step, then paused */
    COMMAND_EPOCH,   /* to the end of the epoch, then paused */
    COMMAND_UNTIL,   /* to step `number`, then paused */
    COMMAND_RESTART, /* same seed, knobs kept, new branch */
    COMMAND_SEED,    /* restart with seed `number`, new branch */
    COMMAND_QUIT,    /* the worker ends */
};

struct command {
    enum command_kind kind;
    enum knob_id knob;
    double value;
    uint64_t number;
    uint32_t token; /* chosen by the sender, comes back in the echo */
};

#endif
