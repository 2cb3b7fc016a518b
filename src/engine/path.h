/* The way of a lane (engine/lane.h): from a state that is at hand to a point of the forest of branches. */
#ifndef ENGINE_PATH_H
#define ENGINE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "engine/timeline.h"
#include "engine/track.h"
#include "learn/trainer.h"

/* A zeroed path with a target is a way along one branch by steps alone; path_free does nothing to it. */
struct path {
    const struct track *track; /* whose recorded inputs are applied on the way; NULL: none are */
    uint16_t *branch;          /* the target's branch after all its ancestors; NULL: the way is along one branch */
    size_t length, place;      /* branch[place] is the one that the lane is on */
    struct track_point target; /* steps and inputs after it are not taken */
    uint64_t begin;            /* step at which the lane was placed */
};

/* Finds the way to `target`, which track_settle has returned and whose branch is not deleted, and places the trainer at
 * the nearest point on it: a snapshot, or else the start of the root.  `placed`: the trainer is at the point *at, and
 * stays there if this is on the way and at least as near.  Fills *at.  STATUS_FAILED: out of memory; the path is empty and the
 * trainer may be in any state. */
enum status path_begin(struct path *path, const struct track *track, const struct timeline *timeline,
                       const struct track_point *target, struct trainer *trainer, bool placed, struct track_point *at,
                       struct error *error);
void path_free(struct path *path);

/* Moves a point at which a branch of the way is left onto the next branch. */
void path_follow(struct path *path, struct track_point *at);
bool path_reached(const struct path *path, const struct track_point *at);

/* Share of the steps that are done at a point, 0..1. */
double path_share(const struct path *path, const struct track_point *at);

/* Places a trainer at a start; the caller must still finish the boundary.  STATUS_FAILED: out of memory. */
enum status path_start(struct trainer *trainer, const struct trainer_start *start, struct error *error);

#endif
