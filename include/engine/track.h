/* The branches of a run as the engine knows them: how each begins (metrics/forest.h) and which inputs were applied on
 * it, so that any state on any branch can be worked out again from a state before it; and what was measured on each
 * (metrics/record.h).
 *
 * A point on a branch is a step and how many of the branch's own inputs are behind it.  Inputs of one step come after
 * that step's evaluation.  A branch that grows out of another begins with none of its own inputs; what its parent did
 * up to there is its past. */
#ifndef ENGINE_TRACK_H
#define ENGINE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/command.h"
#include "learn/trainer.h"
#include "metrics/forest.h"
#include "metrics/record.h"

#define TRACK_BRANCHES_MAX UINT16_MAX

struct track_point {
    uint16_t branch;
    uint64_t step;
    size_t inputs; /* of this branch, at this step or before */
};

/* An input that was applied: its row and arguments, with a text of its own. */
struct track_input {
    uint64_t step;
    struct request request;
};

struct track_branch {
    /* A root that begins from `start`.  Other roots begin from a state that was loaded, which only a snapshot has; of
     * these start.weights alone counts, with which `again` begins.  The weights are held. */
    bool seeded;
    struct trainer_start start;
    struct track_input *input;
    size_t inputs, room;
    struct record *record; /* of what came after the origin; NULL once it is deleted */
    uint64_t last;         /* newest step reached */
    size_t growing;        /* branches that grow out of it */
    bool deleted;
    uint16_t model; /* number of its model, which the worker knows; what grows out of it has the same */
};

struct track;

struct track *track_create(void); /* NULL: out of memory */
void track_free(struct track *track);

/* Each adds a branch and returns its number; -1: out of memory or of numbers. */
int track_seed(struct track *track, const struct trainer_start *start, uint16_t model);
int track_load(struct track *track, uint64_t step, uint16_t model, struct start_weights *weights);
int track_grow(struct track *track, const struct track_point *from);
/* Removes the newest branch; its number is free again. */
void track_take_back(struct track *track);

/* Adds a copy of an input to a branch, at its newest point.  False: out of memory, nothing is added. */
bool track_add(struct track *track, uint16_t branch, uint64_t step, const struct request *request);
/* Removes all inputs of a branch but the first `inputs`. */
void track_cut(struct track *track, uint16_t branch, size_t inputs);
void track_reach(struct track *track, uint16_t branch, uint64_t step);
void track_delete(struct track *track, uint16_t branch);

size_t track_branches(const struct track *track);
const struct track_branch *track_branch(const struct track *track, uint16_t branch);
const struct forest *track_forest(const struct track *track);
/* The point of the parent at which the branch begins; of a root: its own first point. */
struct track_point track_origin(const struct track *track, uint16_t branch);
/* The root out of which the branch has grown; itself where it is one. */
const struct track_branch *track_root(const struct track *track, uint16_t branch);

/* The point at `step` on `branch`, or on the ancestor where the step lies, before any input of that step.  False when
 * there is none: the step is before the root or after the branch's newest step. */
bool track_arrival(const struct track *track, uint16_t branch, uint64_t step, struct track_point *out);
/* The newest point of a branch. */
struct track_point track_end(const struct track *track, uint16_t branch);
/* The same state as a point of the oldest branch that has it. */
struct track_point track_settle(const struct track *track, struct track_point point);

/* The next input of the point's branch, where it was applied at the point's step; NULL: there is none. */
const struct track_input *track_next(const struct track *track, const struct track_point *point);

/* A record of the whole way to the end of the branch: what its parents measured up to the origins, then its own.  The
 * caller frees it; NULL: out of memory. */
struct record *track_copy_record(const struct track *track, uint16_t branch);
size_t track_record_bytes(const struct track *track); /* of all branches */

/* Whether a comes before b or is b, of two points on one branch. */
static inline bool track_before(const struct track_point *a, const struct track_point *b)
{
    return a->step < b->step || (a->step == b->step && a->inputs <= b->inputs);
}

#endif
