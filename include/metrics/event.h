/* Something that happened at an exact step: a knob was turned, training stopped early, the loss
 * diverged, the run was started again. */
#ifndef METRICS_EVENT_H
#define METRICS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_kind {
    EVENT_START,      /* step 0 of a branch */
    EVENT_KNOB,       /* what = knob; from, to */
    EVENT_EARLY_STOP, /* paused; best parameters are back; from = step of the best, to = its test loss */
    EVENT_DIVERGED,   /* update not applied, paused on the last finite state; from = rate in force, to = loss */
    EVENT_RESTART,    /* same start again (r), on a new branch */
    EVENT_SEED,       /* another start (R), on a new branch; to = seed */
    EVENT_REWIND,     /* back to this step of `what`, on a new branch */
    EVENT_FORK,       /* a new branch from the end of `what` */
    EVENT_TWIN,       /* step 0 of a branch that repeats `what` with something changed */
    EVENT_LOAD,       /* a branch that begins with a checkpoint */
    EVENT_STAGE,      /* the next stage begins; what = its number, from 0; label = its name */
    EVENT_PAUSE,      /* an echo for the screen, as the next ones are */
    EVENT_GO,
    EVENT_REFUSED,  /* a command that could not be obeyed; label says why */
    EVENT_SHOWN,    /* a scrubber's step is on the screen */
    EVENT_SWITCH,   /* on with another branch, from its end */
    EVENT_RACE,     /* `what` runs beside from here (to = 1) or rests (0), of a run that is going (from = 1) or not */
    EVENT_NAMED,    /* this branch has another name: the label */
    EVENT_DELETED,  /* this branch is forgotten */
    EVENT_SAVED,    /* a checkpoint is on the disk: the label */
    EVENT_DEPARTED, /* a replay has other numbers than its journal */
    EVENT_END,      /* --steps, --epochs, `until` or what `what` (enum event_end) says is reached: paused */
    EVENT_ARRIVED,  /* a twin is at the step that it was to be brought to; no marker */
    EVENT_BEST,     /* the run or a stage ends with its best parameters, which are back; from, to as EVENT_EARLY_STOP */
    EVENT_CUT,      /* the run or a stage ends while early stopping waits; from, to as EVENT_EARLY_STOP */
    EVENT_KINDS,
};

/* `what` of an EVENT_END: why the run ends there. */
enum event_end { EVENT_END_ASKED, EVENT_END_OF_JOURNAL, EVENT_END_OF_STAGES, EVENT_ENDS };
extern const char *const event_end_name[EVENT_ENDS];

/* `what` of an EVENT_REFUSED that nobody needs to be told: a look at a step that was given up, mostly for the next one.
 * No knob has this number. */
#define EVENT_LOOKED_AWAY UINT16_MAX

#define EVENT_LABEL_SIZE 96

struct event {
    enum event_kind kind;
    uint16_t branch;
    uint16_t what;  /* knob id for EVENT_KNOB; another branch where the kind says so */
    uint32_t token; /* of the command that caused it; 0: raised by the run itself */
    uint64_t step;  /* parameters after this many updates were in force when it happened */
    double from, to;
    char label[EVENT_LABEL_SIZE]; /* as drawn beside the marker: "lr 0.2 → 5" */
};

/* What an event begins, besides being told of. */
enum event_begins {
    EVENT_BEGINS_NOTHING,
    EVENT_BEGINS_ANEW,     /* a branch by itself */
    EVENT_BEGINS_OFFSHOOT, /* a branch that has the past of another */
};

/* What sort of news it is, for colours and lines. */
enum event_tone {
    EVENT_TONE_PLAIN,
    EVENT_TONE_MOVE,   /* to another place in the run */
    EVENT_TONE_CHANGE, /* a knob was turned */
    EVENT_TONE_STOP,   /* by the test data: hidden with them */
    EVENT_TONE_ALARM,
};

struct event_row {
    const char *name; /* of one that is kept: checkpoints have it */
    bool kept;        /* stays with the curves: in the history, in checkpoints and exports */
    bool marks;       /* has a line on charts */
    enum event_begins begins;
    enum event_tone tone;
    const char *mark; /* said beside its line; NULL: the event's own label */
};
extern const struct event_row event_table[EVENT_KINDS];

#endif
