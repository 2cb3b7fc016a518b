/* What was measured on one branch, for its checkpoints: a summary of bounded size that depends on the steps alone, not
 * on when anybody looked.  So the same command saves the same bytes.
 *
 * Each series of the series table has at most RECORD_BUCKETS buckets, all of one width.  The width is a power of two
 * and a function of the newest step: value s is in bucket s / width, and when step / width reaches RECORD_BUCKETS,
 * buckets 2i and 2i+1 merge and the width doubles.  Each sum is added up in the order of the steps, each merge happens
 * at a fixed step.  A bucket has the first and the last step of its values.  Events are kept besides, the newest
 * RECORD_EVENTS of them.
 *
 * The record of a branch that grew out of another holds what came after its origin; record_append puts the parts
 * together.  One thread, the owner. */
#ifndef METRICS_RECORD_H
#define METRICS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/bucket.h"
#include "metrics/event.h"
#include "metrics/history.h"
#include "metrics/series.h"

#define RECORD_BUCKETS 512
#define RECORD_EVENTS  1000

struct record;

struct record *record_create(uint64_t step); /* of a branch that begins at `step`; NULL: out of memory */
void record_free(struct record *record);     /* NULL is fine */
size_t record_bytes(const struct record *record);

/* Makes room for steps to come; *until becomes the last step that there is room for.  False: out of memory, and *until
 * is nearer. */
bool record_reserve(struct record *record, uint64_t *until);

/* Adds the measures of the series that are measured at every step, by the update that led to `step`, the one after the
 * newest.  Allocates nothing: a step beyond what record_reserve has made room for is lost. */
void record_step(struct record *record, uint64_t step, const float *measures);

/* Adds one value of a series that is measured now and then, at the newest step or later.  False: out of memory, it is
 * lost. */
bool record_value(struct record *record, unsigned series, uint64_t step, float value);

/* Adds a copy without token and branch.  False: out of memory, it is lost. */
bool record_event(struct record *record, const struct event *event);

/* Appends a bucket to its series, or merges it with the last one where both have steps in the same span of one width.
 * Its steps must be later than those of the last.  False: out of memory. */
bool record_push(struct record *record, const struct bucket *bucket);

/* Appends what `from` has up to the step `until`.  A bucket that reaches beyond is left out.  False: out of memory. */
bool record_append(struct record *to, struct record *from, uint64_t until);

/* A record with nothing in it, as wide as that one; NULL: out of memory. */
struct record *record_like(const struct record *record);

uint64_t record_width(const struct record *record);  /* steps in a bucket */
uint64_t record_newest(const struct record *record); /* the newest step, or the one at which the branch begins */

/* Valid until the record changes. */
const struct bucket *record_buckets(struct record *record, unsigned series, size_t *count);
const struct event *record_events(const struct record *record, size_t *count);

/* Copies the record into branch 0 of an empty history.  False when some of it was lost for want of memory. */
bool record_show(struct record *record, struct history *history);

#endif
