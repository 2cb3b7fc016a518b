/* A lane: a trainer on its way along the forest of branches.  The present run, a twin, a rival in a race and every seek
 * to an earlier state are lanes, which differ in their paths and in who watches them.
 *
 * DESIGN.  lane_advance is the only code that takes steps.  It finishes the boundary after a step (evaluation, early
 * stopping, next stage), applies the recorded inputs that are due there, and takes the next step, in pieces so small
 * that the caller can listen between them.  It knows no clock, ring, journal or screen, and two lanes share nothing that
 * changes: many lanes can be advanced side by side, each in its turn.  One thread.
 *
 * Inputs of the present run do not come from a path: a person, the spec or a replayed journal gives them, and the engine
 * checks them and writes them into the journal first (engine/worker_obey.c).  They end in lane_apply all the same. */
#ifndef ENGINE_LANE_H
#define ENGINE_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/command.h"
#include "engine/path.h"
#include "learn/early_stop.h"
#include "metrics/event.h"
#include "metrics/pending.h"
#include "metrics/record.h"

struct lane {
    struct trainer *trainer; /* NULL: there is no such lane.  Owned by whoever holds the lane */
    uint16_t model;          /* the number of the trainer's model */
    struct track_point at;
    bool finished;                /* the boundary is finished: the lane can take an input or a step */
    size_t rows;                  /* of an evaluation in one piece */
    struct pending *pending;      /* samples to be sent; NULL: the lane only goes somewhere, and measures for nobody */
    struct record *record;        /* of the branch; NULL where pending is.  Borrowed from the track */
    uint64_t reserved;            /* step up to which the record has room */
    bool gaps;                    /* some of the record was lost for want of memory */
    float measures[SERIES_TOTAL]; /* of the newest step and evaluation */
};

/* What is known of a stage at its end, before the next one begins. */
struct stage_end {
    struct early_stop stop;
    bool waits;       /* early stopping is on and has not stopped it */
    bool brings_best; /* it ends with its best parameters */
};
struct stage_end stage_end_of(const struct trainer *trainer);

/* Who watches a lane.  Each function may be NULL.  None may change the lane, except that it may request an
 * evaluation. */
struct lane_watch {
    void *owner;
    bool (*go_on)(void *owner);              /* between two pieces of an evaluation or a step; false: LANE_CUT */
    void (*stepped)(void *owner, bool full); /* after a step; `full`: it is time to send what is pending */
    void (*measured)(void *owner);           /* an evaluation is complete */
    void (*staged)(void *owner, const struct stage_end *before); /* the next stage has begun */
};

enum lane_end {
    LANE_MORE,       /* all pieces are done */
    LANE_THERE,      /* at the end of the path; its boundary is finished */
    LANE_CUT,        /* the watch said so, within an evaluation or a step, which is not applied then */
    LANE_EARLY_STOP, /* patience ran out: the best parameters are back */
    LANE_DIVERGED,   /* the next step is not finite and was not applied */
    LANE_NO_MEMORY,  /* for the next stage or an input: nothing has changed, and it may be tried again */
};

/* Advances by at most so many pieces.  `past_early_stop`: goes on where patience runs out.  `error` receives the reason
 * of LANE_NO_MEMORY; it may be NULL. */
enum lane_end lane_advance(struct lane *lane, struct path *path, uint64_t pieces, bool past_early_stop,
                           const struct lane_watch *watch, struct error *error);

/* Checks an input; once this has succeeded, lane_apply cannot fail.  STATUS_USAGE: this trainer has no use for it. */
enum status lane_check(struct lane *lane, const struct request *request, struct error *error);
/* Applies an input that was checked and counts it.  Fills the event but for its branch and step. */
void lane_apply(struct lane *lane, const struct request *request, struct event *event);

/* The trainer was brought to another state: the boundary is to be finished. */
void lane_place(struct lane *lane, struct track_point at);

/* Makes the lane measure for a branch: from here on its samples are pending for it, and its record is filled. */
void lane_record(struct lane *lane, const struct track *track);

/* Adds what an evaluation measured to the pending samples. */
void lane_show(struct lane *lane, const float *measures);
/* The same with the lane's own measures, and to the record. */
void lane_take_evaluation(struct lane *lane);

/* Rows of an evaluation that take some milliseconds: one piece of it. */
size_t lane_rows(const struct trainer *trainer);

/* Frees the trainer and the samples; the lane is empty then. */
void lane_free(struct lane *lane);

#endif
