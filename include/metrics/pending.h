/* What the worker has measured and not yet sent: one pending bucket for each series.
 *
 * The series that are measured at every step (the batch's loss, norms, the rate, the layers') share one span of
 * steps and are kept as a structure of arrays, so that adding a step is one vectorised loop over all of them.
 * At each multiple of the stride (a power of two) they leave as buckets through a ring; a span thus ends on a
 * multiple of the stride, unless it was flushed earlier because something happened.  A ring without room leaves
 * them pending: they grow coarser, nothing is lost, nobody waits.
 *
 *     trainer_step(trainer, measures);
 *     if (pending_step(pending, step, measures))
 *         pending_flush(pending, ring);
 *
 * No allocation and no system call after pending_create. */
#ifndef METRICS_PENDING_H
#define METRICS_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ring.h"
#include "metrics/bucket.h"
#include "metrics/series.h"

struct pending;

/* `layers`: how many layers are measured, at most LAYERS_MEASURED.  NULL: out of memory. */
struct pending *pending_create(unsigned layers, uint16_t branch);
void pending_free(struct pending *pending);

/* A power of two; from the next step on. */
void pending_set_stride(struct pending *pending, uint64_t stride);
/* The stride that sends at most some ten thousand buckets of a series a second, but is at most a 512th of the steps so
 * far: a short run at full speed has fine curves, too, and each doubling of the steps costs 512 buckets at most. */
uint64_t pending_stride_for(double steps_per_second, uint64_t step);

/* Adds measures[s] of all series s that are measured at every step (SERIES_TOTAL floats, the others are not
 * looked at), made by the update that led to `step`.  True when it is time to flush: `step` is a multiple of the
 * stride. */
bool pending_step(struct pending *pending, uint64_t step, const float *measures);

/* Adds one value of a series that is measured now and then (an evaluation). */
void pending_value(struct pending *pending, unsigned series, uint64_t step, float value);

/* Moves everything pending into the ring of `struct bucket`; false when a part had no room and stays. */
bool pending_flush(struct pending *pending, struct ring *ring);

/* Takes out everything pending, at most SERIES_TOTAL buckets; their number. */
size_t pending_take(struct pending *pending, struct bucket *out);

/* Values that follow belong to another branch.  False (and nothing is changed) while something is still pending
 * of the old one. */
bool pending_branch(struct pending *pending, uint16_t branch);

#endif
