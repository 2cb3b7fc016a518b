/* What a person (or a script) can ask of a running session. */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include <stdint.h>

#include "learn/knob.h"

#define COMMAND_TEXT_SIZE 512

enum command_kind {
    COMMAND_KNOB,   /* knob = value */
    COMMAND_PAUSE,  /* also gives up a walk through time that is under way, and what waits for its end */
    COMMAND_RETURN, /* to the present: gives up the same, ends a look; a run that these have paused goes on */
    COMMAND_GO,
    COMMAND_STEP,    /* one step, then paused */
    COMMAND_EPOCH,   /* to the end of the epoch, then paused */
    COMMAND_UNTIL,   /* to step `number`, then paused */
    COMMAND_RESTART, /* same seed, knobs kept, new branch */
    COMMAND_SEED,    /* restart with seed `number`, new branch */
    COMMAND_SCRUB,   /* pauses and shows what was at step `number` of `branch`, without going there */
    /* goes to step `number` of `branch`, before the knobs that were turned there; a new branch, paused */
    COMMAND_REWIND,
    COMMAND_FORK,   /* a new branch from here; the old one ends */
    COMMAND_SWITCH, /* goes to the end of `branch` and goes on with it; paused */
    COMMAND_TWIN, /* the same start with `text` changed ("lr=0.3 hidden=16,16"), run to the same step beside this one */
    COMMAND_RACE, /* `branch` runs on beside this one, step by step; again: it rests */
    COMMAND_NAME, /* `branch` is called `text` */
    COMMAND_DELETE, /* `branch` is forgotten: one that nothing grows from, and not the present one */
    COMMAND_STAGE,  /* on to the next stage */
    COMMAND_BEST, /* bring the best parameters back at this step; refused when none are better than the present ones */
    COMMAND_SAVE, /* a checkpoint into the file `text` */
    COMMAND_LOAD, /* goes on from the checkpoint `text`; a new branch, paused */
    COMMAND_QUIT, /* the worker ends */
    COMMAND_KINDS,
};

struct command {
    enum command_kind kind;
    enum knob_id knob;
    double value;
    uint64_t number;
    uint16_t branch;
    uint32_t token; /* chosen by the sender, comes back in the echo */
    char text[COMMAND_TEXT_SIZE];
};

#endif
