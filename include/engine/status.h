/* What the engine says of a run: events, each with the status that holds after it, and the progress between two events.
 * All of it travels by value. */
#ifndef ENGINE_STATUS_H
#define ENGINE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/knob.h"
#include "learn/memory.h"
#include "metrics/event.h"
#include "metrics/forest.h"
#include "nn/model.h"

#define SESSION_NAME_SIZE 32 /* bytes of a branch's name, with the zero at its end */

/* The worker takes steps in SESSION_RUNNING alone; the other states say why the run rests. */
enum session_state { SESSION_RUNNING, SESSION_PAUSED, SESSION_DIVERGED, SESSION_STOPPED_EARLY, SESSION_ENDED };

/* A model's shape, since a twin of another one can become the present branch. */
struct worker_shape {
    struct model_shape model;
    unsigned layers;
    size_t parameters;
    uint64_t cadence; /* K_shape: steps from evaluation to evaluation, at most */
    bool uses_blas;
};

/* What early stopping knows of the present branch. */
struct run_best {
    double loss; /* the lowest test loss; infinite before the first evaluation */
    uint64_t step;
    unsigned misses; /* checks since then */
};

/* Of the present branch, unless it says otherwise. */
struct run_status {
    enum session_state state;
    uint16_t branch;
    uint64_t step;
    double epoch;
    uint64_t seed;
    size_t stage;
    struct knobs knobs; /* speed and timeline included */
    struct run_best best;
    int rival;        /* the branch that races with it; -1: none */
    bool walking;     /* a seek is on its way: the present branch stands still */
    bool catching_up; /* a twin is on its way, beside the present branch */
    bool scrubbing;   /* pictures are about `shown`, not about the present; all three below */
    uint16_t shown_branch;
    uint64_t shown_step;
    struct knobs shown_knobs;
    struct worker_shape model;
    struct memory memory; /* but for the data, which are not the worker's */
    uint64_t state_hash;  /* 0 while running, and at pauses of states above WORKER_HASH_MAX bytes */
    bool replaying;       /* a journal says what comes next */
    bool lost;            /* an event was lost for want of memory */
    bool ended;           /* nothing follows but samples */
};

/* An event on its way to the consumer. */
struct run_event {
    struct event event;
    uint32_t number;             /* events are counted from 1 */
    uint64_t samples;            /* sent before it; a consumer that wants the order of things takes these first */
    bool answer;                 /* to a command; else the run speaks by itself */
    bool kept;                   /* the record of its branch keeps it, so that it is drawn in the curves */
    struct forest_origin origin; /* of the event's branch, where the event begins one */
    struct knobs line_knobs;     /* of the event's branch: a twin's or a rival's own, else those of the status */
    int left;                    /* the branch that was left since the event before; -1: none */
    uint64_t left_step;          /* its last step */
    bool left_empty;             /* it had no step of its own, and is forgotten */
    struct run_status status;    /* after it */
};

/* What moves between two events.  Only the newest is kept for the consumer, which ignores it unless the newest event
 * that it has taken is the one with this number: an older progress is outdated, a newer one comes too early. */
struct run_progress {
    uint32_t event; /* number of the newest event sent before it */
    uint64_t step;  /* of the present branch */
    double epoch;
    struct run_best best;
    double walked, caught_up; /* of a seek, of a twin that takes longer: the share done; < 0: there is none */
    bool looking;             /* pictures are about a seek on its way: at `shown_step` of `shown_branch` */
    uint16_t shown_branch;
    uint64_t shown_step;
};

#endif
