/* The worker's inside, shared by its files: worker.c (thread), worker_status.c (what it says), worker_boundary.c (what happens between two
 * steps by itself), worker_rows.c (the log), worker_record.c (the branches' records), worker_keep.c (checkpoints),
 * worker_obey.c (the order in which a command is obeyed), inputs.c and controls.c (commands), worker_branch.c (branches),
 * worker_model.c (twins of another shape), worker_walk.c (going to another state), worker_rival.c (a second trainer
 * beside the first) and worker_script.c (the journal, written and followed). */
#ifndef ENGINE_WORKER_PARTS_H
#define ENGINE_WORKER_PARTS_H

#include <pthread.h>

#include "base/bell.h"
#include "engine/channel.h"
#include "engine/commands.h"
#include "engine/journal.h"
#include "engine/lane.h"
#include "engine/pace.h"
#include "engine/worker.h"
#include "store/sink.h"

enum { BELL_COMMAND = 1, BELL_FRAME = 2, BELL_STOP = 4, BELL_ABANDON = 8 };

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
    bool exact;             /* and it is where it was asked to be */
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
    bool catching_up; /* to the end of `path`, before anything else happens */
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
    struct lane lane; /* the present run */
    const struct spec *spec;
    struct sink *sink;
    struct frames *frames;
    struct bell *framed;
    bool headless;
    bool exact;
    bool loaded; /* the first branch begins with a checkpoint */
    struct worker_factory factory;
    struct journal *journal;       /* NULL: none is kept */
    struct journal_script *script; /* NULL: nothing to follow (any more) */
    struct journal_entry entry;    /* its next */
    /* what is being obeyed comes from the script: nobody waits for the answer, and a person's pauses stand */
    bool scripted;

    struct track *track;
    struct worker_model *model; /* by number */
    size_t models;
    uint64_t work;          /* steps taken on all branches */
    uint64_t next_snapshot; /* step of the present branch */
    uint64_t next_mark;     /* step from which the journal gets another hash */
    struct worker_walk walk;
    struct worker_interrupted interrupted; /* by a walk or a look; cleared by go, pause and moves */
    struct worker_rival rival;
    struct worker_seek seek;         /* of the command that is being prepared */
    struct worker_reserved reserved; /* of the command that is being carried out */
    size_t accepted;                 /* bound on unanswered commands */
    struct request *held;            /* a ring of `accepted`: came in during a walk */
    size_t held_first, holding;
    bool gave_up; /* what is being obeyed has ended a walk */
    int left;     /* for the next event: the branch that was left, ... */
    uint64_t left_step;
    bool left_empty;
    double walked; /* of a seek or a twin that takes longer: the share done; < 0: there is none */

    enum session_state state;

    bool stop;          /* leave the loop */
    bool dismissed;     /* told to go from outside: nobody listens any more */
    bool abandoned;     /* nobody needs what the run leaves behind: an evaluation is not completed either */
    bool ending;        /* the next event is the last */
    bool commanded;     /* there may be commands in the ring */
    bool settled;       /* nothing is left to be done at this boundary; else that comes before all else */
    bool mark_due;      /* an evaluation at this boundary asks for a hash in the journal */
    bool pause_due;     /* at this boundary, once it is settled */
    uint64_t singles;   /* steps left to take before a pause; 0: no such end */
    uint64_t epochs;    /* epochs left */
    uint64_t until;     /* WORKER_NEVER: no such end */
    bool limit_passed;  /* the run's own limit was reached and somebody went on */
    size_t next_turn;   /* of the script */
    uint64_t next_stop; /* step at which turn, limit or `until` is reached */
    uint64_t next_keep; /* step at which a checkpoint is due */

    double speed;  /* as asked for; 0: unlimited */
    double budget; /* of the timeline, MiB */
    bool pacing;   /* pace and slice have a beginning */
    struct pace pace;
    uint64_t allowance;     /* steps until the next look at the clock */
    uint64_t slice, looked; /* unlimited: steps between two looks, time of the last */

    bool record_lost, loss_said; /* some of a record is lost for want of memory */
    uint16_t seen_branch;        /* where the last evaluation was */
    uint64_t seen_step;          /* WORKER_NEVER: nowhere yet */
    uint16_t look_branch;        /* where the last one was that is for the screen alone */
    uint64_t look_step;          /* WORKER_NEVER: nowhere, or something was changed there since */

    /* Where the newest evaluation is that the curves and, if there is one, the log have. */
    uint16_t measured_branch;
    uint64_t measured_step; /* WORKER_NEVER: nowhere, or something was changed there since */
    bool finite;            /* the newest evaluation on this branch, and the weights that it was of */

    bool row_open; /* `row` is about this step and not yet written */
    struct log_row row;
    char heard[LOG_EVENT_SIZE]; /* labels of what was applied since the last step */
};

static inline bool worker_running(const struct worker *worker)
{
    return worker->state == SESSION_RUNNING;
}

/* worker.c */
size_t worker_chunk(const struct trainer *trainer); /* rows of an evaluation between two looks at the bell */
void worker_find_pace(struct worker *worker);       /* how often to look at the clock, for another model */
void worker_listen(struct worker *worker);          /* takes the bell's bits */
/* Sends the pending samples of this line of steps or the one beside it, as far as there is room.  Where each step is to
 * be a sample of its own, it waits for room: only a headless run does, whose consumer makes it. */
void worker_flush_step(struct worker *worker, struct pending *pending);
/* Sends what waits for room; false: some of it still does. */
bool worker_flush(struct worker *worker);
void worker_note(struct worker *worker, const char *label); /* for the event column of the next row */

/* worker_status.c */
void worker_report(struct worker *worker);                   /* publishes the progress */
void worker_say(struct worker *worker, struct event *event); /* stamps step and branch, and emits the event */
/* Emits an event that is stamped already and may be about another branch. */
void worker_tell(struct worker *worker, const struct event *event, bool answer);
/* The trainer that the pictures are about, and where it stands. */
struct trainer *worker_shown(struct worker *worker, struct track_point *at);

/* worker_boundary.c */
void worker_settle(struct worker *worker);
/* Measures the parameters on which a run rests, for the screen: the state does not notice, and the log is not told,
 * since when a run rests is no part of it.  False when a command came between. */
bool worker_look(struct worker *worker);
/* The one rule for the end of a run, of its replay and of an export: the last state is measured for the curves and for
 * a row of the log, unless it was.  The state does not change.  False when abandoned. */
bool worker_measure(struct worker *worker);
void worker_begin(struct worker *worker); /* step 0 of a branch */
void worker_stand(struct worker *worker); /* some other step of one, where a person stays paused */
void worker_step(struct worker *worker);
void worker_plan(struct worker *worker); /* recomputes next_stop */
void worker_pause(struct worker *worker, enum session_state state);
bool worker_limit_reached(const struct worker *worker);
bool worker_limit_is_behind(const struct worker *worker);
/* After the trainer has entered its next stage: what is left to be done at this boundary is its first evaluation.
 * `end`: of the stage before.  Fills the event, which the caller sends. */
void worker_enter_stage(struct worker *worker, const struct stage_end *end, struct event *event);
/* Whether the newest evaluation is of the present state, and its test loss above the best. */
bool worker_is_past_best(const struct worker *worker);
void worker_fill_stop(struct event *event, enum event_kind kind, const char *what, const struct early_stop *stop);

/* worker_record.c */

/* Whether the event stays with the curves; then the record of its branch has it from here on. */
bool worker_record_event(struct worker *worker, const struct event *event);

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

/* worker_obey.c: takes commands until something has to happen first. */
void worker_obey(struct worker *worker);
/* Whether the boundary is finished and no single step is due: else that comes first. */
bool worker_takes_commands(const struct worker *worker);
bool worker_next_command(struct worker *worker, struct request *request); /* what was held goes first; false: none */
/* Obeys one command, from wherever; takes over its text.  A refusal is answered. */
void worker_obey_one(struct worker *worker, struct request *request, enum worker_source source);
/* The same without an answer to a refusal, whose reason it returns, and without freeing the text. */
enum status worker_try(struct worker *worker, struct request *request, enum worker_source source, struct error *error);
/* A piece of the way to the point that a command names; there it is carried out. */
void worker_seek_on(struct worker *worker);

/* worker_branch.c */
/* Before the thread starts.  `record`: of a loaded run, or NULL.  False: out of memory. */
bool worker_make_first(struct worker *worker, struct record *record);
void worker_first_branch(struct worker *worker); /* on the thread: says that it begins */
struct track_point worker_here(struct worker *worker);
void worker_snapshot(struct worker *worker);      /* a snapshot of the present state */
void worker_snapshot_plan(struct worker *worker); /* finds next_snapshot, seen from the present step */
/* STATUS_USAGE when there is no such branch. */
enum status worker_check_branch(const struct worker *worker, uint64_t branch, struct error *error);
enum status worker_refuse_full(struct error *error); /* there can be no more branches: STATUS_FAILED */
/* Leaves the present branch for `branch`, whose state the trainer has from here on.  An empty branch that is left is
 * forgotten. */
void worker_move(struct worker *worker, uint16_t branch, uint64_t step);

/* worker_model.c */
int worker_model_find(struct worker *worker,
                      const char *change); /* its number, a new one if need be; -1: out of memory */
/* A trainer of the model, and a timeline for its states. */
enum status worker_model_make(struct worker *worker, uint16_t model, struct trainer **out, struct error *error);
/* A timeline for the states of such a trainer.  False: out of memory. */
bool worker_model_prepare(struct worker *worker, uint16_t model, struct trainer *trainer);
struct timeline *worker_timeline(const struct worker *worker, uint16_t branch);
void worker_share_budget(struct worker *worker); /* among the models' timelines */
void worker_models_free(struct worker *worker);

/* worker_walk.c */
/* Makes the second trainer one of that model, unless it is. */
enum status worker_seek_trainer(struct worker *worker, uint16_t model, struct error *error);
/* Names the end of that branch as the point to reach.  STATUS_USAGE when there is no such branch. */
enum status worker_seek_end(struct worker *worker, uint64_t branch, struct error *error);
/* Sets out for the point that was named; the request moves there. */
enum status worker_seek_begin(struct worker *worker, struct request *request, struct error *error);
/* A piece of the way.  When it was the last one, the request moves to *request; an error says why it did not arrive. */
enum status worker_seek_piece(struct worker *worker, struct request *request, struct error *error);
void worker_seek_leave(struct worker *worker, struct request *request); /* ends it wherever it is */
void worker_seek_look_away(struct worker *worker);                      /* the pictures are about the present again */
/* The lane that has arrived and the present one change places; `line` as in struct worker_reserved. */
void worker_seek_take(struct worker *worker, struct pending *line);
/* Shows how much of a seek or a twin is done, where it takes longer; `started`: when. */
void worker_show_walk(struct worker *worker, uint64_t started, double share);

/* worker_rival.c */
void worker_rival_catch_up(struct worker *worker);
void worker_rival_step(struct worker *worker);
/* Whether it stands at the end of this branch. */
static inline bool worker_rival_is(const struct worker *worker, uint16_t branch)
{
    return worker->rival.lane.trainer && worker->rival.lane.at.branch == branch;
}
/* A twin that is on its way is deleted. */
void worker_rival_give_up(struct worker *worker);
void worker_rival_snapshot(struct worker *worker);
void worker_rival_rest(struct worker *worker); /* from here on it stays where it is */
void worker_rival_free(struct worker *worker);

/* worker_script.c */
void worker_write(struct worker *worker, const struct request *request); /* before it is applied */
void worker_write_outcome(struct worker *worker, enum journal_outcome outcome, uint64_t value);
void worker_mark(struct worker *worker); /* a hash, now and then */
void worker_script_begin(struct worker *worker);
void worker_script_take(struct worker *worker);               /* what stands there for this point */
bool worker_script_goes_on(const struct worker *worker);      /* a stop is none: there is more to follow */
bool worker_script_expects_divergence(struct worker *worker); /* it knows, and there is more to follow from here */
void worker_script_walked(struct worker *worker);             /* a walk is over, which may have been the script's */
void worker_script_drop(struct worker *worker);

#endif
