/* A run as one object, and the only door to it from the screen.
 *
 * DESIGN.  session_open loads the data, builds a trainer and starts the worker thread, which alone owns the trainer.
 * Samples, events, progress and log rows lead out, commands lead in; frames (copies of the parameters) are published on
 * request and turned into pictures on a picture thread.  The thread that calls session_poll owns history and status: all
 * functions here are for that one thread.  A thread that does not call it makes no run wait but an `exact` one. */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/command.h"
#include "base/status.h"
#include "data/batch.h"
#include "data/corpus.h"
#include "data/dataset.h"
#include "engine/status.h"
#include "learn/knob.h"
#include "learn/memory.h"
#include "learn/objective.h"
#include "learn/stage.h"
#include "metrics/history.h"
#include "probe/picture.h"
#include "setup/share.h"
#include "setup/spec.h"
#include "store/spool.h"

struct journal_facts;
struct journal_script;
struct session;
struct tokenizer;

/* What a run writes. */
enum session_output { SESSION_JOURNAL, SESSION_LOG, SESSION_CHECKPOINT, SESSION_OUTPUTS };

/* Whose parameters the pictures are about: the present ones, or those that a scrubber has asked for. */
struct session_shown {
    bool scrubbing; /* else all below is the present */
    uint16_t branch;
    uint64_t step;
    bool exact; /* false: the nearest snapshot before the step that was asked for, which is being worked out */
    struct knobs knobs;
};

/* What is known of the run, from events, progress and samples alone. */
struct session_status {
    enum session_state state;
    uint64_t step; /* newest step heard of */
    double epoch;
    uint64_t seed;
    size_t stage;            /* that the run is in: 0 .. session_stages - 1 */
    uint16_t branch;         /* that is being written */
    int ghost;               /* the branch left last, or -1 */
    struct knobs knobs;      /* as echoed by the trainer */
    double steps_per_second; /* measured over about a second; 0 while paused */
    double best_test_loss;   /* of this branch; NaN before the first evaluation */
    uint64_t best_step;
    unsigned misses;  /* early-stopping checks since the best */
    int rival;        /* branch that runs beside it, or -1 */
    double walked;    /* of a walk through time that takes longer (rewind, switch): the share done; < 0: none */
    double caught_up; /* of a twin that catches up beside the run and takes longer: the same */
    struct session_shown shown;
    bool replaying;      /* a journal says what is done; until its end, a departure, or a person who takes over */
    uint64_t state_hash; /* of all that a step depends on, as of the last pause or end; 0 while running */
    bool lost[SESSION_OUTPUTS]; /* it could not be written whole; a checkpoint: as of the last one that was due */
    bool ended; /* the worker has finished: a limit reached in a headless run, or quit; all samples are in */
};

/* A line of steps.  How it begins is in the forest of the history (history_forest). */
struct session_branch {
    uint64_t last;          /* newest step heard of */
    enum event_kind reason; /* EVENT_START, _RESTART, _SEED, _REWIND, _FORK, _TWIN or _LOAD */
    uint64_t seed;
    struct knobs knobs;           /* in force at its end */
    char name[SESSION_NAME_SIZE]; /* "2", or what a twin has otherwise, until it is given another */
    char change[64];              /* what a twin has otherwise: "lr=0.3 hidden=16,16"; else empty */
    bool hidden, deleted;
};

/* What changes only where a twin of another shape is switched to, or (objective and guess) with the stage. */
struct session_model {
    const char *task;      /* "spiral", "wine.csv" */
    char architecture[96]; /* "2-8-8-2 tanh" */
    const struct objective *objective;
    struct guess guess;
    unsigned layers;
    size_t parameters;
    uint64_t cadence;     /* K_shape */
    const char *kernels;  /* "v4" or "sgemm (Zen)" */
    const char *features; /* of a toy, or NULL */
    uint64_t data_seed;   /* of the toy's points, or of the table's split */
};

struct session_options {
    bool paused;   /* start paused */
    bool headless; /* ends by itself at the limit, an early stop or a divergence; no pictures; speed knob ignored */
    bool exact; /* of a headless run, for exports: each step's values come by themselves.  The run waits until they are
                      taken, so whoever opens it has to poll */
    struct spool *spool;        /* takes them, too (store/spool.h); borrowed until session_close, NULL: none */
    size_t ring;                /* capacity of the channels, for tests of full ones; 0: the usual */
    const char *journal;        /* file for the run's journal; not to be writable is an error.  NULL: none, but ... */
    const char *journal_folder; /* where journal_usual makes its files; NULL: the usual place */
    bool journal_usual;         /* ... one in the usual place (store/journal_place.h), if it can be had */
    bool verbose;               /* session_close says on standard error what memory it took */
    struct journal_script *script;         /* a replay: what it says is done; borrowed until session_close */
    const struct journal_facts *made_with; /* the facts of its journal; NULL without one */
};

/* Takes over the contents of `spec` (also on failure). */
enum status session_open(struct session **out, struct spec *spec, const struct session_options *options,
                         struct error *error);
/* Ends the worker, writes the checkpoints that were asked for (those that the run did not come to are made of its end)
 * and the one that the spec wants at the end, closes log and journal.  Then questions may still be asked.
 * STATUS_DIVERGED when the last state is not finite, or the run diverged and a checkpoint was asked for: none is written
 * at the end then.  STATUS_FAILED when one of the files that a person named is not whole: the first such loss is the message.  All others,
 * and those of the journal in its usual place, are printed on `said` (NULL: nowhere), a line each. */
enum status session_finish(struct session *session, FILE *said, struct error *error);
/* After session_finish, or in its place (then the other losses are not said): frees everything.  False with a message
 * when session_finish fails. */
bool session_close(struct session *session, struct error *error);
/* The same for a run that has not come about: no checkpoint is left at its end.  NULL is fine for both. */
void session_abandon(struct session *session);

/* The run's command of that name; NULL: there is none. */
const struct command *session_command(const char *name);
/* Sets a knob. */
struct request session_set(enum knob_id knob, double value);
/* False when the command ring or the room for its echo is full: say so and try again.  Else the request's text is the
 * run's from here on. */
bool session_send(struct session *session, struct request *request);

/* Takes in what has arrived; true when something has.  Never waits. */
bool session_poll(struct session *session);
/* Waits until something arrives, at most so long.  True when something did. */
bool session_wait(struct session *session, unsigned milliseconds);

/* The next answer to a command, and everything else that the run has said (a limit reached, a divergence), oldest
 * first: what a toast shows.  False when there is none.  Only the newest 512 are kept.  The history gets those that
 * event_table has as kept, but for turns of knobs that do not affect the state (speed). */
bool session_echo(struct session *session, struct event *out);

const struct session_status *session_status(const struct session *session);
const struct session_model *session_model(const struct session *session);
const struct history *session_history(const struct session *session);
/* Of the present stage. */
const struct dataset *session_dataset(const struct session *session);
/* At least one; their names, data and ends. */
size_t session_stages(const struct session *session);
const struct trainer_stage *session_stage(const struct session *session, size_t number);
/* With the shape of the present model. */
const struct spec *session_spec(const struct session *session);
/* The present set-up as one command line (setup/share.h); false when it does not fit. */
bool session_share(const struct session *session, char *out, size_t size);
/* As of the last echo. */
struct memory session_memory(const struct session *session);
/* Some rows of the log could not be written. */
bool session_log_lost(const struct session *session);
/* Path of the journal that is being written; NULL: none. */
const char *session_journal(const struct session *session);
/* After session_finish: whether a replay of the journal does what the run did, up to step *end. */
bool session_replays(const struct session *session, uint64_t *end);
/* What the run reads or writes in the file that the path leads to ("the data", "the log"), which must not be written
 * over; NULL: it has nothing there but checkpoints. */
const char *session_claims(const struct session *session, const char *path);
/* A problem that does not stop the run (log or journal could not be written): NULL, or the message, once. */
const char *session_warning(struct session *session);

/* Branches by number, 0 .. session_branches - 1, deleted ones among them. */
size_t session_branches(const struct session *session);
const struct session_branch *session_branch(const struct session *session, size_t number);
/* Whether its curve is drawn; a matter of the screen alone. */
void session_hide(struct session *session, size_t number, bool hidden);

/* Says what pictures the visible view needs (NULL: none); computed again whenever the parameters have moved, at most
 * `per_second` times. */
void session_want(struct session *session, const struct picture_request *request, unsigned per_second);
/* The newest picture, or NULL; valid until the next session_poll or session_wait. */
const struct picture *session_picture(const struct session *session);

#endif
