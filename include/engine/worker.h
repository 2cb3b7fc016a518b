/* The worker: the one thread that owns a trainer and drives it, step after step, and what it says and hears.
 *
 * DESIGN.  Out: samples, events and progress (engine/status.h), and log rows to a sink.  In: commands.  Frames go out on
 * request.  Everything below worker_send is called by one other thread, the consumer.
 *
 * The worker waits for two things.  The sink makes it wait when the disk is slower than the log's rows.  A headless run
 * whose setup says `exact` waits after a step until its consumer, which does nothing but take samples, has made room for
 * them.  A consumer that shows a screen never makes it wait, whatever it does not take (engine/channel.h).
 *
 * Between two steps s and s+1 the worker does, in this order: the evaluation that is due after step s, early stopping,
 * the stages that are over give way to the next, a snapshot, the script's turns of step s, a replay's, the run's limit,
 * a checkpoint that is due, then commands.  The clock decides only when a step is taken, never what it computes: speed
 * and pauses are no part of the state. */
#ifndef ENGINE_WORKER_H
#define ENGINE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/command.h"
#include "engine/status.h"
#include "engine/track.h"
#include "learn/frame.h"
#include "learn/memory.h"
#include "learn/trainer.h"
#include "metrics/bucket.h"
#include "metrics/event.h"
#include "metrics/record.h"
#include "setup/spec.h"
#include "store/checkpoint.h"

struct bell;
struct journal;
struct journal_script;
struct sink;
struct worker;

/* Makes further trainers for the same data, on the worker's thread. */
struct worker_factory {
    void *owner;
    /* `changes` ("hidden=16,16 activation=relu", "": none) touch the model only; knobs are set afterwards. */
    enum status (*make)(void *owner, const char *changes, struct trainer **out, struct error *error);
};

/* All pointers are borrowed until worker_stop, but for the trainer, which is the worker's until then. */
struct worker_setup {
    struct trainer *trainer;
    const struct spec *spec; /* its turns, limits and speed */
    struct sink *sink;       /* NULL: no log */
    struct frames *frames;   /* NULL: no pictures */
    struct bell *framed;     /* rung with BELL_FRAMED when a frame was published; NULL without frames */
    struct worker_factory factory;
    struct journal *journal;       /* NULL: none is kept */
    struct journal_script *script; /* of a replay; NULL: none */
    bool loaded;                   /* the trainer stands where a checkpoint was made, not at a start */
    struct record *record;         /* of what led there, or NULL; copied by worker_start */
    bool paused, headless;
    bool exact;  /* of a headless run: each step is a sample of its own, for which the worker waits until there is room.
                    Without `headless` it is ignored */
    size_t ring; /* capacity of the sample ring and bound on commands; 0: the usual */
};

struct worker_shape worker_shape_of(const struct trainer *trainer);

#define WORKER_HASH_MAX ((size_t)16 << 20) /* bytes of a state that is hashed at each pause */

enum status worker_start(struct worker **out, const struct worker_setup *setup, struct error *error);

/* Ends the thread at the boundary after the present step, whose last state is then measured for the curves and the log:
 * as long as an evaluation takes.  *trainer: the caller's from here on; it need not be the one that was given, since the
 * present branch may be a twin of another shape.  Samples, events and the kept copy can still be taken. */
void worker_stop(struct worker *worker, struct trainer **trainer);
/* Call before worker_stop when nobody needs what the run leaves behind: the worker then ends at once. */
void worker_give_up(struct worker *worker);
/* After worker_stop: the losses of the newest evaluation, which is that of the last state, and its weights are
 * finite. */
bool worker_is_finite(const struct worker *worker);
/* After worker_stop: a copy of the last state, with the record of its branch.  NULL: out of memory. */
struct checkpoint *worker_checkpoint(struct worker *worker);
/* After worker_stop: the file of the next `save` that had not been obeyed, which the caller frees; NULL: there is none. */
char *worker_next_save(struct worker *worker);
void worker_free(struct worker *worker); /* after worker_stop */

/* False when as many commands are unanswered as the rings have room for; else the text is the worker's from here on. */
bool worker_send(struct worker *worker, struct request *request);
/* Asks for a frame with these parts (learn/frame.h) at the next step boundary, of the trainer that is present or, while
 * a scrubber is, of the one that it looks at.  Requests that are not yet answered become one. */
void worker_request_frame(struct worker *worker, unsigned parts);

size_t worker_samples(struct worker *worker, struct bucket *out, size_t most);
bool worker_next_event(struct worker *worker, struct run_event *out);
bool worker_progress(struct worker *worker, struct run_progress *out); /* false: there is none since the last one */
/* A copy of the trainer that is to be written, once: for `save`, or each save_every steps.  The caller frees it;
 * NULL: there is none. EVENT_SAVED as an answer says only that the copy was taken. */
struct worker_kept {
    struct checkpoint *checkpoint;
    uint16_t branch;
    uint32_t token; /* of the command; 0: it was due */
    char *path;
};
struct worker_kept *worker_take_kept(struct worker *worker);
void worker_kept_free(struct worker_kept *kept); /* NULL is fine */
/* The thread has sent everything; what can still be taken is the rest. */
bool worker_finished(const struct worker *worker);

#endif
