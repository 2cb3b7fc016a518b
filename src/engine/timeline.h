/* Snapshots of states, so that going back is cheap, under a budget of bytes.
 *
 * The budget is filled; then snapshots are thinned, so that the gap between two neighbours grows in proportion to how
 * long ago they were made (in steps of work, on whatever branch).  Pinned ones stay: they can't be worked out again.
 * Owned by one thread. */
#ifndef ENGINE_TIMELINE_H
#define ENGINE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/track.h"
#include "learn/state.h"

struct timeline;

/* `bytes`: of one state; `budget`: of all snapshots.  NULL: out of memory. */
struct timeline *timeline_create(size_t bytes, size_t budget);
void timeline_free(struct timeline *timeline);

void timeline_set_budget(struct timeline *timeline, size_t budget);
/* Whether one snapshot fits into the budget. */
bool timeline_fits(const struct timeline *timeline);
/* Bytes held for snapshots, at most the budget but for pinned ones. */
size_t timeline_bytes(const struct timeline *timeline);
size_t timeline_count(const struct timeline *timeline);

/* Copies the state, which is that of `point`; nothing when there is one already.  `work`: steps taken so far on all
 * branches together; it never falls.  Without memory or room nothing is kept: going back then takes longer.  False: a
 * pinned one was not kept. */
bool timeline_keep(struct timeline *timeline, const struct track_point *point, uint64_t work, const struct state *state,
                   bool pinned);

/* The newest snapshot of this very branch that is not beyond `limit`, or NULL; *found is its point. */
const void *timeline_find(const struct timeline *timeline, const struct track_point *limit, struct track_point *found);

/* Forgets a branch's snapshots. */
void timeline_forget(struct timeline *timeline, uint16_t branch);

/* Steps from the present snapshot to the next, so that copying costs about a hundredth of the time that training takes:
 * by shapes, never by the clock.  Until the budget is full each takes fresh memory, which costs more, so they are
 * further apart. */
uint64_t timeline_spacing(const struct timeline *timeline, double step_flops);

#endif
