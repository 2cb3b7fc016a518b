/* Where a run pauses or ends, and where its spec changes a knob.  Knows steps and epochs alone. */
#ifndef ENGINE_STOP_H
#define ENGINE_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/trainer.h"
#include "setup/spec.h"

#define STOP_NEVER UINT64_MAX

struct stop {
    const struct spec *spec; /* its limits and its planned changes (--at); borrowed */
    uint64_t singles;        /* single steps that are left before a pause; 0: no pause is counted in steps */
    uint64_t epochs;         /* the same in epochs */
    uint64_t until;          /* the step of a pause; STOP_NEVER: there is none */
    bool pause_due;          /* a pause is due at this boundary, once it is finished */
    bool limit_passed;       /* the run reached its own limit, and a person continued past it */
    size_t next_change;      /* of the spec's */
    uint64_t next;           /* the step at which a change, the limit or `until` comes next */
};

/* Computes `next`, after something else has changed. */
void stop_plan(struct stop *stop);
/* Forgets the ends that a person has set. */
void stop_clear(struct stop *stop);
/* For another state: passes over the changes at its step and before. */
void stop_pass_changes(struct stop *stop, uint64_t step);
/* Returns each change that is due at `step` or before, one a call; NULL when none is left. */
const struct spec_turn *stop_take_change(struct stop *stop, uint64_t step);
/* After a step. */
void stop_count(struct stop *stop, bool epoch_ended);

/* Whether the trainer's last stage is over by its own condition. */
bool stop_stages_are_over(const struct trainer *trainer);
/* Whether the trainer is at the run's limit or behind it: steps, epochs, the end of the last stage. */
bool stop_limit_is_behind(const struct stop *stop, const struct trainer *trainer);
/* The same, unless somebody went on since. */
bool stop_limit_is_reached(const struct stop *stop, const struct trainer *trainer);

#endif
