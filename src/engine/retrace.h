/* Recomputes an earlier state: from the nearest snapshot or start before it, by the same steps and inputs that led to
 * it. */
#ifndef ENGINE_RETRACE_H
#define ENGINE_RETRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "engine/timeline.h"
#include "engine/track.h"
#include "learn/trainer.h"

/* Everything is borrowed but `path`. */
struct retrace {
    struct trainer *trainer; /* is at `at` */
    const struct track *track;
    struct track_point at, target;
    uint64_t begin; /* step at which the walk began */
    size_t rows;    /* of an evaluation in one piece */
    uint16_t *path; /* branches from the one of `at` to that of `target` */
    size_t path_length, place;
};

/* Places the trainer at the nearest state before `target` (settled, on a branch that is there).  Where the trainer
 * itself is at a point on the way that is at least as near, `here`, it stays; NULL: it is nowhere.  `rows`: of an
 * evaluation that are one piece of the way.  STATUS_FAILED: out of memory, the trainer may be anywhere. */
enum status retrace_begin(struct retrace *retrace, struct trainer *trainer, size_t rows, const struct track *track,
                          const struct timeline *timeline, const struct track_point *here,
                          const struct track_point *target, struct error *error);

enum retrace_result {
    RETRACE_ON_THE_WAY,
    RETRACE_ARRIVED,
    RETRACE_NO_MEMORY, /* for an input or a stage that succeeded the first time */
    RETRACE_NONFINITE, /* at a step that was finite the first time: the arithmetic is another */
};

/* Does at most `pieces` pieces: steps, inputs, parts of evaluations. */
enum retrace_result retrace_walk(struct retrace *retrace, uint64_t pieces);

/* Share of the steps that are done, 0..1. */
double retrace_share(const struct retrace *retrace);

void retrace_end(struct retrace *retrace); /* the trainer stays where it is */

/* Re-applies one recorded input; the caller must still finish the boundary.  An input that this model has no use for (a
 * twin's may have none) is skipped, here as on each later way.  False: out of memory. */
bool retrace_input(struct trainer *trainer, const struct request *request);

/* Puts a trainer at a start; the caller must still finish the boundary. */
enum status retrace_start(struct trainer *trainer, const struct trainer_start *start, struct error *error);

#endif
