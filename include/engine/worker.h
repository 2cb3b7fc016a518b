/* The worker: the one thread that owns a trainer and drives it, step after step, and what it says and hears.
 *
 * DESIGN.  Out: samples (a ring of buckets; a full ring makes the pending buckets grow, it never stops a step), echoes
 * (a ring of events; room is kept for the answer to every accepted command), log rows (to a sink, which alone may make
 * the worker wait).  In: commands (a ring and a bell).  Frames go out on request.  Everything below worker_send is
 * called by one other thread, the consumer.
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
#include "engine/session_state.h"
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
    bool exact;  /* each step is a sample of its own, and waits for room */
    size_t ring; /* capacity of the sample ring and bound on commands; 0: the usual */
};

/* A model's shape, since a twin of another one can become the present branch. */
struct worker_shape {
    struct model_shape model;
    unsigned layers;
    size_t parameters;
    uint64_t cadence;
    bool uses_blas;
};
struct worker_shape worker_shape_of(const struct trainer *trainer);

/* What the worker says: an event and what holds after it. */
struct worker_echo {
    struct event event;
    uint16_t branch;             /* the present one; the event may be about another */
    uint64_t step;               /* the present one */
    struct forest_origin origin; /* of the event's branch, where the event begins one */
    int dropped;                 /* an empty branch that was left and is forgotten; -1: none */
    int rival;                   /* -1: none */
    bool walking;                /* a walk or a twin is on its way */
    bool scrubbing;              /* shown is not the present */
    struct track_point shown;
    struct knobs shown_knobs;
    struct worker_shape model; /* of the present branch */
    struct memory memory;      /* but for the data, which are not the worker's */
    size_t stage;              /* that it is in */
    bool answer;               /* to a command; else the run speaks by itself */
    bool kept;                 /* the event stays with the curves */
    enum session_state state;
    struct knobs knobs;      /* speed included */
    struct knobs line_knobs; /* of the event's branch: a twin's or a rival's own, else the same */
    uint64_t seed;
    double epoch;
    uint64_t state_hash; /* 0 while running, and at pauses of states above WORKER_HASH_MAX bytes */
    bool replaying;      /* a journal says what comes next */
    bool ended;          /* nothing follows but samples */
};

#define WORKER_HASH_MAX ((size_t)16 << 20)

/* Series numbers of samples that are about the run and not for the history. */
enum {
    WORKER_SAMPLE_PROGRESS = SERIES_TOTAL, /* last_step = step, sum = epoch */
    WORKER_SAMPLE_WALK,                    /* sum = share of a long walk that is done, < 0: it is over */
    WORKER_SAMPLE_SHOWN,                   /* branch, last_step: what a scrubber sees until the exact step is there;
                                              count: echoes told before, any later one outdates it */
    WORKER_SAMPLE_BEST, /* first_step = step of the least test loss, sum = that loss, count = misses since */
};

enum status worker_start(struct worker **out, const struct worker_setup *setup, struct error *error);

/* Ends the thread at the boundary after the present step, whose last state is then measured for the curves and the log:
 * as long as an evaluation takes.  *trainer: the caller's from here on; it need not be the one that was given, since the
 * present branch may be a twin of another shape.  Samples, echoes and the kept copy can still be taken. */
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
/* Asks for a frame at the next step boundary. */
void worker_request_frame(struct worker *worker);

size_t worker_samples(struct worker *worker, struct bucket *out, size_t most);
bool worker_next_echo(struct worker *worker, struct worker_echo *out);
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
/* The thread has said everything; what is still in the rings is the rest. */
bool worker_finished(const struct worker *worker);

#endif
