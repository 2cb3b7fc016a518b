/* The session's fields and internal functions, shared by the files session*.c of this room. */
#ifndef SESSION_SESSION_PARTS_H
#define SESSION_SESSION_PARTS_H

#include "engine/journal.h"
#include "engine/worker.h"
#include "learn/trainer.h"
#include "session/keeper.h"
#include "session/meter.h"
#include "session/painter.h"
#include "session/session.h"
#include "setup/material.h"

#define WARNINGS_MAX 4
#define ECHOES_KEPT  512 /* more than the answers that can be under way at once */

/* An output that could not be written whole; filled by session_finish. */
struct session_loss {
    bool named;        /* a person named the file on the command line */
    char message[512]; /* empty: nothing is lost */
};

struct session {
    struct spec spec;
    struct session_options options;
    struct session_model model;
    char kernels[48]; /* the model's */
    const struct kernels *kernel_set;
    bool uses_blas;                 /* the first model does: the library is prepared */
    struct model_shape first_shape; /* of the spec, which follows the present model */
    struct session_status status;
    struct memory memory; /* as last heard of, but for the data */
    struct material *material;
    struct guess guess[TRAINER_STAGES_MAX]; /* of each stage */
    struct trainer *trainer;                /* the worker's while there is one */
    struct history *history;
    struct sink *sink;
    struct keeper *keeper;
    char *columns;                /* what a checkpoint says of the data's columns, ... */
    char *tokenizer;              /* ... or of their tokens */
    struct checkpoint_file *load; /* that the run begins with, while it is opened */
    struct tokenizer *given;      /* its tokenizer; NULL: it has none */
    struct record *record;        /* of its curves, until the worker has a copy; NULL: none */
    struct journal *journal;
    struct frames *frames;
    struct painter *painter;
    struct worker *worker;

    struct session_branch *branch;
    size_t branches, branch_room;

    struct event echo[ECHOES_KEPT]; /* a ring, oldest at echo_first */
    size_t echo_first, echoes;
    uint32_t heard;               /* number of the newest event that was taken in */
    uint64_t samples;             /* taken in */
    struct run_event held;        /* the next event, which may wait for the samples that were sent before it; ... */
    bool holds;                   /* ... there is one */
    struct run_progress progress; /* the newest; ... */
    bool moves;                   /* ... which is not yet shown */
    struct meter meter;
    bool last_said;   /* the worker's last event is in */
    bool goes_on;     /* with the state of --load's file */
    bool warned_rate; /* the warning that the schedule is over was given */
    bool warned_memory, warned_sink, warned_journal;
    bool finished;        /* the worker has ended, what it wrote is closed */
    struct error unsound; /* why the last state is no checkpoint; STATUS_OK: it may be one */
    struct session_loss loss[SESSION_OUTPUTS];
    char warning[WARNINGS_MAX][512]; /* not yet fetched, oldest first */
    size_t warnings;
    char warned[512]; /* fetched */

    bool wanted;
    struct picture_request request;
    uint64_t picture_period; /* nanoseconds */
    uint64_t picture_asked;  /* when */
    bool moved;              /* since the last picture was asked for */
};

/* A new one where the number is one above the last; NULL: out of memory. */
struct session_branch *session_branch_at(struct session *session, uint16_t number);

/* Describes the model and the stage that the run begins with.  False: out of memory. */
bool session_describe(struct session *session);

/* Updates the description and the spec when the present model has another shape. */
void session_take_model(struct session *session, const struct worker_shape *shape);

/* Makes the stage the present one, with its objective and what guessing is worth on its data. */
void session_take_stage(struct session *session, size_t number);

/* What the worker has said, after worker_stop. */
void session_take_rest(struct session *session);

/* Queues a warning for session_warning.  False, and it is dropped, when WARNINGS_MAX warnings wait already or the
 * newest one says the same. */
bool session_warn(struct session *session, const char *message);

/* session_schedule.c: warns before the first step when the schedule is over or ends before the run does, and on a
 * screen when it ends. */
void session_warn_of_schedule(struct session *session);
void session_watch_rate(struct session *session);

#endif
