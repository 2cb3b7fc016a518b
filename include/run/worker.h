/* The worker: the one thread that owns a trainer and drives it, step after step, and what it says and hears.
 *
 * DESIGN.  Out: samples (a ring of buckets; a full ring makes the pending buckets grow, it never stops a step), echoes (a ring of events;
 * room is kept for the answer to every accepted command), log rows (to a sink, which alone may make the worker wait).  In: commands (a ring
 * and a bell).  Frames go out on request.  Everything below worker_send is called by one other thread, the consumer.
 *
 * Between two steps s and s+1 the worker does, in this order: the evaluation that is due after step s, early stopping, the script's turns
 * of step s, the run's limit, then commands.  The clock decides only when a step is taken, never what it computes: speed and pauses are no part of
 * the state. */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/trainer.h"
#include "metrics/bucket.h"
#include "metrics/event.h"
#include "run/command.h"
#include "run/frame.h"
#include "run/session.h"
#include "run/spec.h"

struct bell;
struct journal;
struct journal_script;
struct sink;
struct worker;

/* All pointers are borrowed until worker_stop. */
struct worker_setup {
    struct trainer *trainer;
    const struct spec *spec;       /* its turns, limits and speed */
    struct sink *sink;             /* NULL: no log */
    struct frames *frames;         /* NULL: no pictures */
    struct bell *framed;           /* rung with bit 1 when a frame was published; NULL without frames */
    struct journal *journal;       /* NULL: none is kept */
    struct journal_script *script; /* of a replay; NULL: none */
    bool paused, headless;
    size_t ring; /* capacity of the sample ring and bound on commands; 0: the usual */
};

/* What the worker says: an event and what holds after it. */
struct worker_echo {
    struct event event;
    bool answer; /* to a command; else the run speaks by itself */
    enum session_state state;
    struct knobs knobs; /* speed included */
    uint64_t seed;
    double epoch;
    uint64_t state_hash; /* 0 while running, and at pauses of states above WORKER_HASH_MAX bytes */
    bool ended;          /* nothing follows but samples */
};

#define WORKER_HASH_MAX ((size_t)16 << 20)

/* Series numbers of samples that are about the run and not for the history. */
enum {
    WORKER_SAMPLE_PROGRESS = SERIES_TOTAL, /* last_step = step, sum = epoch */
    WORKER_SAMPLE_BEST, /* first_step = step of the least test loss, sum = that loss, count = misses since */
};

enum status worker_start(struct worker **out, const struct worker_setup *setup, struct error *error);

/* Ends the thread within a step (or a chunk of an evaluation) and frees the worker.  NULL is fine. */
void worker_stop(struct worker *worker);

/* False when as many commands are unanswered as the rings have room for. */
bool worker_send(struct worker *worker, const struct command *command);
/* Asks for a frame at the next step boundary. */
void worker_request_frame(struct worker *worker);

size_t worker_samples(struct worker *worker, struct bucket *out, size_t most);
bool worker_next_echo(struct worker *worker, struct worker_echo *out);
/* The thread has said everything; what is still in the rings is the rest. */
bool worker_finished(const struct worker *worker);

#endif
