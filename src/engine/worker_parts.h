/* The inside of the worker: what its files share.  Each file below calls those above it alone.
 *
 *     pace, tempo, stop, row, script, lane, path, channel   structs of their own, which cannot see the worker
 *     worker_record, worker_model                           records of branches; models of a run
 *     worker_status, worker_frame, worker_listen            sends events; receives commands
 *     worker_script                                         the lines of this run's journal; the end of a replay
 *     worker_keep                                           copies for checkpoints
 *     worker_state                                          where the present lane is, and that it pauses
 *     worker_present, worker_rival, worker_seek             the three lanes
 *     controls, inputs, branches, load, seeks, rivals       commands: nobody calls them but by their rows
 *     worker_obey                                           a command: check, reach its point, journal, apply, reply
 *     worker_boundary                                       all that is due between two steps
 *     worker                                                the thread and its loop */
#ifndef ENGINE_WORKER_PARTS_H
#define ENGINE_WORKER_PARTS_H

#include <pthread.h>

#include "base/bell.h"
#include "engine/channel.h"
#include "engine/commands.h"
#include "engine/journal.h"
#include "engine/lane.h"
#include "engine/row.h"
#include "engine/script.h"
#include "engine/stop.h"
#include "engine/tempo.h"
#include "engine/worker.h"

/* BELL_FRAMES times the parts of a frame that are asked for (learn/frame.h). */
enum { BELL_COMMAND = 1, BELL_STOP = 2, BELL_ABANDON = 4, BELL_FRAMES = 8 };

#define WORKER_NEVER    UINT64_MAX
#define WORKER_HERE     TRACK_BRANCHES_MAX  /* of an answer: the branch and the step that are present after it */
#define WORKER_STEP_MAX ((uint64_t)1 << 53) /* of a command */
#define WORKER_TEXT_MAX 511                 /* bytes of a command's text, unless its row says otherwise */

/* A model that the run has come to have: the first, or that of a twin of another shape. */
struct worker_model {
    char *change;              /* what is otherwise than in the run's spec: "hidden=16,16"; "": nothing */
    struct timeline *timeline; /* of the branches that have it; NULL: no trainer was made of it yet */
};

/* What the run was doing when a walk paused it. */
struct worker_interrupted {
    bool running; /* else nothing was interrupted */
    uint64_t epochs, until;
};

/* A seek to another state: on a lane of its own, so that giving up leaves everything as it was. */
struct worker_walk {
    struct lane lane; /* its trainer is made when first needed */
    bool placed;      /* lane.at is where the trainer is */
    bool under_way;   /* towards the end of `path`, because of `request` */
    struct path path;
    struct request request; /* its text is owned */
    uint64_t slice;         /* pieces of it between two looks at the bell */
    uint64_t started;       /* when; for showing that it takes longer */
    bool scrubbing;         /* the pictures are about this trainer */
    bool exact;             /* the trainer has reached the step that was asked for */
};

/* Where a command wants the run to be before it is carried out. */
struct worker_seek {
    bool wanted;
    bool look;   /* the pictures are about that state from here on */
    bool beside; /* the run goes on meanwhile */
    struct track_point target;
};

/* A twin or a rival: the branch that is worked on beside the present one. */
struct worker_rival {
    struct lane lane; /* without a trainer: there is none */
    bool catching_up; /* to the end of `path`, in turns with the present lane */
    struct path path;
    bool racing;      /* a step for each of the present branch */
    uint64_t started; /* when it began to catch up */
    uint64_t slice;   /* pieces between two looks at the bell */
};

/* What a command has reserved when it is carried out. */
struct worker_reserved {
    int branch;                /* a new one */
    struct pending *line;      /* for the samples of a model with other layers; NULL: the present ones fit */
    struct worker_rival rival; /* without a trainer: the one that is there stays */
    struct stage_end stage_end;
};

/* Who wants a command to be obeyed. */
enum worker_source {
    WORKER_ASKED,   /* a person, or a replay: it is answered */
    WORKER_OWN,     /* the run itself: it is told as an event, and is in the journal like the former */
    WORKER_PLANNED, /* the spec (--at): the journal has it in the spec */
};

struct worker {
    struct bell bell;
    struct channel *channel;
    pthread_t thread;

    /* All below: set before the thread starts, then the thread's own. */
    const struct spec *spec;
    struct worker_factory factory;
    struct frames *frames;
    struct bell *framed;
    bool headless;
    bool exact;  /* each step is a sample of its own: see struct worker_setup */
    bool loaded; /* the first branch begins with a checkpoint */

    enum session_state state;
    struct tempo tempo;
    struct stop stop;
    struct row_writer rows;
    struct script script;
    struct worker_interrupted interrupted; /* by a seek; cleared by go, pause and moves */
    struct journal *journal;               /* NULL: none is kept */
    uint64_t next_mark;                    /* step from which the journal gets another hash */
    uint64_t next_snapshot;                /* steps of the present branch */
    uint64_t next_keep;                    /* at which a checkpoint is due */

    struct lane lane; /* the present run */
    struct worker_walk walk;
    struct worker_rival rival;
    struct track *track;
    struct worker_model *model; /* by number */
    size_t models;
    double budget; /* of the timelines, MiB */
    uint64_t work; /* steps taken on all branches */

    struct worker_seek seek;         /* of the command that is being prepared */
    struct worker_reserved reserved; /* of the command that is being carried out */
    size_t accepted;                 /* bound on unanswered commands */
    struct request *held;            /* a ring of `accepted`: came in during a seek */
    size_t held_first, holding;
    const char *gave_up; /* what the command that is being obeyed has ended, in words; NULL: nothing */

    bool leaving;   /* leave the loop */
    bool dismissed; /* told to go from outside: nobody listens any more */
    bool abandoned; /* nobody needs what the run leaves behind: an evaluation is not completed either */
    bool ending;    /* the next event is the last */
    bool commanded; /* there may be commands in the ring */
    bool settled;   /* nothing is left to be done at this boundary; else that comes before all else */
    bool mark_due;  /* an evaluation at this boundary asks for a hash in the journal */

    /* Points of evaluations (branch and step alone).  The step is WORKER_NEVER where there is none, or where something
     * was changed since. */
    struct track_point seen;     /* the newest evaluation of the run */
    struct track_point looked;   /* the newest one that was made for the screen alone */
    struct track_point measured; /* the newest one that is in the curves and, if there is one, in the log */
    bool finite;                 /* the newest evaluation on this branch, and the weights that it was of */
    bool record_lost, loss_said; /* some of a record is lost for want of memory */
    int left;                    /* for the next event: the branch that was left; -1: none */
    uint64_t left_step;          /* and where */
    bool left_empty;             /* nothing had happened on it: it is forgotten */
    double walked, caught_up;    /* of a seek, of a twin that takes longer: the share done; < 0: there is none */
};

static inline bool worker_running(const struct worker *worker)
{
    return worker->state == SESSION_RUNNING;
}

/* Whether the present lane stands still: during a seek; and in a replay while a twin catches up, since what the journal
 * has next may need the twin at its end. */
static inline bool worker_waits(const struct worker *worker)
{
    return worker->walk.under_way || (worker->rival.catching_up && worker->script.obeying);
}

/* Whether an evaluation was of the present state. */
static inline bool worker_is_at(const struct worker *worker, const struct track_point *evaluated)
{
    return evaluated->branch == worker->lane.at.branch && evaluated->step == worker->lane.at.step;
}

/* worker_record.c */

/* Whether the event stays with the curves; then the record of its branch has it from here on. */
bool worker_record_event(struct worker *worker, const struct event *event);

/* worker_model.c */

/* The number of that model, a new one if need be; -1: out of memory. */
int worker_model_find(struct worker *worker, const char *change);
/* A trainer of the model, and a timeline for its states. */
enum status worker_model_make(struct worker *worker, uint16_t model, struct trainer **out, struct error *error);
/* A timeline for the states of such a trainer.  False: out of memory. */
bool worker_model_prepare(struct worker *worker, uint16_t model, struct trainer *trainer);
struct timeline *worker_timeline(const struct worker *worker, uint16_t branch);
void worker_share_budget(struct worker *worker); /* among the models' timelines */
void worker_models_free(struct worker *worker);

/* worker_status.c */

void worker_report(struct worker *worker);                   /* publishes the progress */
void worker_say(struct worker *worker, struct event *event); /* stamps step and branch, and emits the event */
/* Emits an event that is stamped already and may be about another branch. */
void worker_tell(struct worker *worker, const struct event *event, bool answer);
/* The trainer that the pictures are about, and where it stands. */
struct trainer *worker_shown(struct worker *worker, struct track_point *at);

/* worker_frame.c */

/* With those of the parts that can be had. */
void worker_publish_frame(struct worker *worker, unsigned parts);

/* worker_listen.c */

#define RETRY_NS 5000000u /* until a full ring is tried again */
/* Takes the bell's bits. */
void worker_listen(struct worker *worker);
/* Sends the pending samples of a lane, as far as there is room.  Where each step is to be a sample of its own, it waits
 * for room: only a headless run does, whose consumer makes it. */
void worker_flush_step(struct worker *worker, struct pending *pending);
/* Sends what waits for room; false: some of it still does. */
bool worker_flush(struct worker *worker);
/* Shows how much of a seek or a twin is done in *shown, where it takes longer; `started`: when. */
void worker_show_share(struct worker *worker, double *shown, uint64_t started, double share);

/* worker_script.c */

void worker_write(struct worker *worker, const struct request *request); /* before it is applied */
void worker_write_outcome(struct worker *worker, enum journal_outcome outcome, uint64_t value);
void worker_mark(struct worker *worker);                     /* writes a hash, now and then */
void worker_depart(struct worker *worker, const char *what); /* ends a replay that does not do what the journal says */
void worker_arrive(struct worker *worker);                   /* ends one that has done all of it */
void worker_script_walked(struct worker *worker);            /* a seek or a twin is over, which may be the script's */

/* worker_keep.c */

void worker_keep_plan(struct worker *worker); /* finds next_keep, for a new step */
void worker_keep(struct worker *worker);      /* at a settled boundary where one is due */

/* worker_state.c */

/* Before the thread starts.  `record`: of a loaded run, or NULL.  False: out of memory. */
bool worker_make_first(struct worker *worker, struct record *record);
void worker_first_branch(struct worker *worker); /* on the thread: says that it begins */
struct track_point worker_here(struct worker *worker);
void worker_snapshot(struct worker *worker);      /* keeps a snapshot of the present state */
void worker_snapshot_plan(struct worker *worker); /* finds next_snapshot, seen from the present step */
/* STATUS_USAGE when there is no such branch. */
enum status worker_check_branch(const struct worker *worker, uint64_t branch, struct error *error);
enum status worker_refuse_full(struct error *error); /* there can be no more branches: STATUS_FAILED */
void worker_forget(struct worker *worker, uint16_t branch);
/* Leaves the present branch for `branch`, whose state the trainer has from here on.  An empty branch that is left is
 * forgotten. */
void worker_move(struct worker *worker, uint16_t branch, uint64_t step);
void worker_begin(struct worker *worker); /* at step 0 of a branch */
void worker_stand(struct worker *worker); /* at some other step of one, where a person stays paused */
void worker_pause(struct worker *worker, enum session_state state);

/* worker_present.c */

/* Takes a step; false: it was not finite, which is said and pauses the run. */
bool worker_take_step(struct worker *worker);
/* Finishes the lane's part of the boundary, however the run is being driven: it depends on the state alone.  Without
 * memory for the next stage the run pauses and says so.  False when abandoned in the middle. */
bool worker_finish_boundary(struct worker *worker);
/* Measures the parameters on which a run rests, for the screen: the state does not notice, and the log is not told,
 * since when a run rests is no part of it.  False when a command came between. */
bool worker_look(struct worker *worker);
/* The one rule for the end of a run, of its replay and of an export: the last state is measured for the curves and for
 * a row of the log, unless it was.  The state does not change.  False when abandoned. */
bool worker_measure(struct worker *worker);
/* Emits the event for a stage or a run that ends after its best step: the best is brought back, or was missed. */
void worker_say_stage_end(struct worker *worker, const struct stage_end *end);
/* After the trainer has entered its next stage: what is left to be done at this boundary is its first evaluation.
 * `end`: of the stage before.  Fills the event, which the caller sends. */
void worker_enter_stage(struct worker *worker, const struct stage_end *end, struct event *event);
/* Whether the newest evaluation is of the present state, and its test loss above the best. */
bool worker_is_past_best(const struct worker *worker);
void worker_fill_stop(struct event *event, enum event_kind kind, const char *what, const struct early_stop *stop);

/* worker_rival.c */

/* Whether it stands at the end of this branch. */
static inline bool worker_rival_is(const struct worker *worker, uint16_t branch)
{
    return worker->rival.lane.trainer && worker->rival.lane.at.branch == branch;
}
void worker_rival_catch_up(struct worker *worker); /* some pieces of the way */
/* Ends that, wherever the twin is.  Inputs that it did not reach or could not apply leave its branch. */
void worker_rival_end_catch_up(struct worker *worker);
void worker_rival_step(struct worker *worker); /* the race's, after one of the present lane */
void worker_rival_snapshot(struct worker *worker);
void worker_rival_rest(struct worker *worker); /* from here on it stays where it is */
void worker_rival_free(struct worker *worker);
void worker_fill_race(const struct worker *worker, bool on, const char *label, struct event *event);

/* worker_seek.c */

/* Makes the second trainer one of that model, unless it is. */
enum status worker_seek_trainer(struct worker *worker, uint16_t model, struct error *error);
/* Name the point to reach: the end of a branch, or the branch and step of the request's arguments.  STATUS_USAGE when
 * there is no such point. */
enum status worker_seek_end(struct worker *worker, uint64_t branch, struct error *error);
enum status worker_seek_step(void *room, const struct request *request, struct error *error);
/* Sets out for the point that was named; the request moves there. */
enum status worker_seek_begin(struct worker *worker, struct request *request, struct error *error);
/* Some pieces of the way.  When it was the last one, the request moves to *request; an error says why it did not
 * arrive. */
enum status worker_seek_piece(struct worker *worker, struct request *request, struct error *error);
void worker_seek_leave(struct worker *worker, struct request *request); /* ends it wherever it is */
void worker_seek_look_away(struct worker *worker);                      /* the pictures are about the present again */
/* Reserves all memory for going on from the state that was found: new pending samples where its model is another. */
enum status worker_seek_reserve(struct worker *worker, struct error *error);
/* The lane that has arrived and the present one change places; `line` as in struct worker_reserved. */
void worker_seek_take(struct worker *worker, struct pending *line);

/* worker_obey.c */

void worker_obey(struct worker *worker); /* takes commands until something has to happen first */
/* Whether the boundary is finished and no single step is due: else that comes first. */
bool worker_takes_commands(const struct worker *worker);
bool worker_next_command(struct worker *worker, struct request *request); /* what was held goes first; false: none */
/* Obeys one command, from wherever; takes over its text.  A refusal is answered. */
void worker_obey_one(struct worker *worker, struct request *request, enum worker_source source);
/* The same without an answer to a refusal, whose reason it returns, and without freeing the text. */
enum status worker_try(struct worker *worker, struct request *request, enum worker_source source, struct error *error);
/* Some pieces of the way to the point that a command names; there it is carried out. */
void worker_seek_on(struct worker *worker);

/* worker_boundary.c */

/* Does all that is due at the boundary after the present step.  A second call at the same step does nothing. */
void worker_settle(struct worker *worker);

#endif
