/* What passes between the engine's thread and its one consumer, which has a thread of its own.
 *
 * Out: samples (buckets) and events, each in the order in which they were sent, and an event with the number of samples
 * sent before it; progress, of which only the newest is kept; one checkpoint at a time.  In: commands.  A channel knows
 * nothing of trainers, lanes and what commands do.
 *
 * Nothing here waits, neither side for the other.  What finds no room in a ring waits in a list of the engine's, and
 * goes out in the same order later (channel_flush), or after the engine's thread has ended.  The lists stay short: only
 * a command, a planned change, a stage or a line of a replayed journal adds to them, each a few elements, and a refusal
 * replaces an equal one that still waits.  Without memory for a list an event that nobody waits for is lost, which the
 * status of the next event says. */
#ifndef ENGINE_CHANNEL_H
#define ENGINE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/command.h"
#include "engine/status.h"
#include "metrics/bucket.h"
#include "metrics/pending.h"

struct channel;
struct worker_kept;

/* Rings for at least so many samples, and for the answers to so many commands and the events that nobody asked for.
 * NULL: out of memory. */
struct channel *channel_create(size_t samples, size_t commands);
/* The requests and the checkpoint that are still in it must have been taken.  NULL is fine. */
void channel_free(struct channel *channel);

/* ---- the engine's thread ---- */

/* Makes room for what one command causes: two calls of channel_retire and some events.  False: out of memory. */
bool channel_reserve(struct channel *channel);

/* Sends what waits, as far as there is room; true: nothing waits any more. */
bool channel_flush(struct channel *channel);
/* Sends what is pending, after all that waits, as far as there is room; true: nothing waits or is pending any more.
 * What stays pending grows coarser. */
bool channel_send(struct channel *channel, struct pending *pending);
/* The same, and what finds no room waits on its own: nothing is pending afterwards.  Needs channel_reserve, else the
 * samples that find neither room nor memory are lost. */
void channel_retire(struct channel *channel, struct pending *pending);
/* Sends an event; fills its number, its count of samples, and status.lost. */
void channel_emit(struct channel *channel, struct run_event *event);
/* Publishes the progress; fills the number of its event. */
void channel_report(struct channel *channel, struct run_progress *progress);

bool channel_next_command(struct channel *channel, struct request *request);

bool channel_box_is_full(struct channel *channel);
void channel_put(struct channel *channel, struct worker_kept *kept); /* into the empty box */

/* The last call on this thread.  What waits, and what is pending in the two lines (each may be NULL; borrowed until
 * channel_free), the consumer gets as it makes room. */
void channel_finish(struct channel *channel, struct pending *present, struct pending *beside);

/* ---- the consumer's thread ---- */

/* False when as many commands are unanswered as there may be; else the request's text is the engine's from here on. */
bool channel_command(struct channel *channel, const struct request *request);
size_t channel_samples(struct channel *channel, struct bucket *out, size_t most);
bool channel_event(struct channel *channel, struct run_event *out);
bool channel_progress(struct channel *channel, struct run_progress *out); /* false: there is none since the last one */
struct worker_kept *channel_take(struct channel *channel);                /* NULL: the box is empty */
/* The engine's thread has sent everything: what can still be taken is the rest. */
bool channel_finished(const struct channel *channel);

#endif
