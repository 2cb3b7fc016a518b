/* All that was measured, for any zoom, in bounded memory.
 *
 * For each (branch, series) a pyramid of buckets: the finest level holds the newest HISTORY_RECENT buckets as
 * they came in; each level above stands for twice as many steps a bucket and reaches further back, the highest
 * to the start of the run.  So memory grows with the logarithm of the run and the cost of drawing does not grow;
 * minimum and maximum survive every merge (a spike never disappears), counts and sums are kept exactly.  Old
 * branches become coarser when there are many.  Owned by one thread.  Events are kept in order (the newest ten
 * thousand or so). */
#ifndef METRICS_HISTORY_H
#define METRICS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/bucket.h"
#include "metrics/event.h"
#include "metrics/forest.h"
#include "metrics/series.h"

struct history;

#define HISTORY_RECENT 4096 /* buckets */

struct history *history_create(void); /* NULL: out of memory */
void history_free(struct history *history);

/* Buckets of one (branch, series) come in the order of their steps; they may have gaps.
 * False when out of memory (the value is then lost, the history stays whole). */
bool history_push(struct history *history, const struct bucket *bucket);
bool history_push_event(struct history *history, const struct event *event);

/* Says how the empty branch begins; one of which this is not said is a root.  All functions read a branch that grew out
 * of another from its ancestors up to and including the origin.  They skip buckets of the parent that reach beyond the
 * origin, and buckets of the branch that end before it.  They use what the branch measures at the origin itself only
 * where no ancestor has measured it.  False when out of memory (the branch is a root then), or when something grew
 * out of it already (nothing is changed then). */
bool history_begin(struct history *history, uint16_t branch, const struct forest_origin *origin);
/* Of all its branches; valid as long as the history. */
const struct forest *history_forest(const struct history *history);
/* Forgets what came into a branch; what grows out of it loses those steps too, but not the best and the last of
 * them. */
void history_forget(struct history *history, uint16_t branch);

/* Fills out[0..columns) with summaries of the half-open step windows
 * [from + (to-from)*i/columns, from + (to-from)*(i+1)/columns); a column without values has count 0 and nonfinite 0.
 * A bucket that spans several columns counts in that of its last step.
 *
 * The finest level that reaches back to `from` is read: exact within the recent window, else columns are filled from
 * buckets of at most 1/2048 of the run (1/512 of the way from `from` to the newest step; 1/1536 of the steps before the
 * branch where it has many parents).  However long the run and the line of its parents, at most 2 HISTORY_RECENT
 * buckets are looked at.  Returns the number of non-empty columns. */
size_t history_read(const struct history *history, uint16_t branch, unsigned series, double from, double to,
                    size_t columns, struct bucket *out);

/* The newest bucket of the series, as it came in, or NULL. Valid until the next push. */
const struct bucket *history_last(const struct history *history, uint16_t branch, unsigned series);

/* The bucket with the least minimum (where lower is better) of the whole branch, as it came in (the
 * first of equals), or NULL. Valid until the next push. */
const struct bucket *history_best(const struct history *history, uint16_t branch, unsigned series);

/* The newest `most` buckets as they came in (bounded by the recent window), oldest first; their number. */
size_t history_recent(const struct history *history, uint16_t branch, unsigned series, size_t most, struct bucket *out);

/* All buckets that end in [from, to], as fine as they are still there: first coarser ones, in the end those that came
 * in. Their number; at most `room` of them go into `out`. */
size_t history_all(const struct history *history, uint16_t branch, unsigned series, uint64_t from, uint64_t to,
                   size_t room, struct bucket *out);

/* Steps covered by the branch: last step of any series; 0 when empty. */
uint64_t history_last_step(const struct history *history, uint16_t branch);

size_t history_events(const struct history *history);
const struct event *history_event(const struct history *history, size_t index); /* 0 = oldest */

size_t history_bytes(const struct history *history); /* memory held */

#endif
