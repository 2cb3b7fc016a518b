/* The worker's inside, shared by its files: worker.c (thread and channels), worker_boundary.c (what happens between two
 * steps by itself), worker_rows.c (the log), worker_keep.c (checkpoints) and worker_obey.c (what happens on command). */
#ifndef RUN_WORKER_PARTS_H
#define RUN_WORKER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/ring.h"
#include "metrics/pending.h"
#include "run/bell.h"
#include "run/pace.h"
#include "run/sink.h"
#include "run/worker.h"

enum { BELL_COMMAND = 1, BELL_FRAME = 2, BELL_STOP = 4 };

#define WORKER_NEVER UINT64_MAX

struct worker {
    struct bell bell;
    struct ring *commands, *samples, *echoes;
    atomic_bool finished;
    _Atomic(struct worker_kept *) kept; /* the box of one: see worker_keep.c */
    pthread_t thread;
    size_t accepted;   /* bound on unanswered commands: so much room in `echoes` is theirs */
    size_t unanswered; /* the consumer's */

    /* All below: set before the thread starts, then the thread's own. */
    struct trainer *trainer;
    const struct spec *spec;
    struct sink *sink;
    struct frames *frames;
    struct bell *framed;
    bool headless;

    enum session_state state;
    uint16_t branch;
    uint64_t step;
    size_t chunk; /* rows of an evaluation between two looks at the bell */

    bool stop;          /* leave the loop */
    bool dismissed;     /* told to go from outside: nobody listens any more */
    bool ending;        /* the next echo is the last */
    bool commanded;     /* there may be commands in the ring */
    bool unsettled;     /* a new start: nothing may happen before its evaluation */
    bool pause_due;     /* at this boundary, once it is settled */
    uint64_t singles;   /* steps left to take before a pause; 0: no such end */
    uint64_t epochs;    /* epochs left */
    uint64_t until;     /* WORKER_NEVER: no such end */
    bool limit_passed;  /* the run's own limit was reached and somebody went on */
    size_t next_turn;   /* of the script */
    uint64_t next_stop; /* step at which turn, limit or `until` is reached */
    uint64_t next_keep; /* step at which a checkpoint is due */

    double speed; /* as asked for; 0: unlimited */
    bool pacing;  /* pace and slice have a beginning */
    struct pace pace;
    uint64_t allowance;     /* steps until the next look at the clock */
    uint64_t slice, looked; /* unlimited: steps between two looks, time of the last */

    struct pending *pending;
    float measures[SERIES_TOTAL];

    bool row_open; /* `row` is about this step and not yet written */
    struct log_row row;
    char heard[LOG_EVENT_SIZE]; /* labels of what was applied since the last step */
};

static inline bool worker_running(const struct worker *worker)
{
    return worker->state == SESSION_RUNNING;
}

/* worker.c */
void worker_listen(struct worker *worker);                      /* takes the bell's bits */
void worker_flush(struct worker *worker);                       /* pending samples into the ring, as far as they fit */
void worker_flush_whole(struct worker *worker);                 /* the same, waiting for room */
void worker_report(struct worker *worker);                      /* progress samples */
void worker_say(struct worker *worker, struct event *event);    /* stamps step and branch, flushes, echoes */
void worker_answer(struct worker *worker, struct event *event); /* the same, as the one answer to a command */
void worker_note(struct worker *worker, const char *label);     /* for the event column of the next row */

/* worker_boundary.c */
void worker_settle(struct worker *worker);
void worker_begin(struct worker *worker); /* step 0 of a branch */
void worker_step(struct worker *worker);
void worker_plan(struct worker *worker); /* recomputes next_stop */
void worker_pause(struct worker *worker, enum session_state state);
/* `command` NULL: the script's own. */
void worker_turn(struct worker *worker, enum knob_id knob, double value, const struct command *command);
bool worker_limit_reached(const struct worker *worker);

double worker_knob(const struct worker *worker, enum knob_id knob); /* value in force, speed included */
/* Applies a checked value; fills the event's `to` and label.  On refusal nothing has changed. */
enum status worker_set_knob(struct worker *worker, struct event *event, double value, struct error *error);

/* worker_rows.c: a row of the log about step s is opened by the step, filled by the evaluation after it and closed
 * before anything else is applied at that boundary. */
bool worker_row_due(const struct worker *worker); /* after a step: is there to be a row about it? */
void worker_open_row(struct worker *worker, uint64_t step, bool stepped); /* `stepped`: with the step's measures */
void worker_fill_row(struct worker *worker);                              /* with the evaluation's */
void worker_close_row(struct worker *worker);
void worker_last_row(struct worker *worker); /* what was applied after the last step */

/* worker_keep.c */
void worker_keep_plan(struct worker *worker); /* finds next_keep, for a new step */
void worker_keep(struct worker *worker);      /* at a settled boundary where one is due */
void worker_keep_on_command(struct worker *worker, const struct command *command);

/* worker_obey.c: takes commands until one of them wants something to happen first. */
void worker_obey(struct worker *worker);

#endif
