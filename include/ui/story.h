/* What happened, as the screen tells it: markers for the charts, the last message, which knobs were touched, and how
 * steps become epochs.  Made from the session's echoes as they arrive. */
#ifndef UI_STORY_H
#define UI_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics/event.h"
#include "metrics/forest.h"
#include "session/session.h"

/* Presses of one knob within a second are one marker: from the first value to the last.  Back at the first value there
 * is no marker if no step was made, else a second one. */
struct story_marker {
    enum event_kind kind;
    uint16_t branch, what;
    bool pressed; /* by a person; the script's turns are not merged */
    double step;  /* of the first press */
    double from;  /* the knob's value before it */
    double rate;  /* the learning rate's value before it */
    double at;    /* seconds: when the last one arrived */
    char label[EVENT_LABEL_SIZE];
};

/* From `step` on, an epoch takes so many steps. */
struct story_epochs {
    uint16_t branch;
    size_t stage; /* whose rows make an epoch */
    double step, epoch, steps_per_epoch;
};

struct story {
    const struct trainer_stage *stage; /* of the run, all of them; borrowed */
    const struct forest *forest;       /* of its branches; borrowed */
    struct knobs knobs;                /* as the events tell them */
    bool touched[KNOB_COUNT];
    struct story_marker *marker; /* ascending in time */
    size_t markers, marker_room;
    struct story_epochs *epochs;
    size_t epoch_parts, epoch_room;
    char message[160];    /* the last event in words */
    enum event_kind kind; /* of that event */
    char toast[160];      /* stands in its place for a moment; "": nothing does */
    double toast_until;   /* seconds */
};

void story_init(struct story *story, const struct knobs *start, const struct trainer_stage *stage,
                const struct forest *forest);
void story_free(struct story *story);

/* Takes in an event; `branch` is what the branch is called that it is about (the rival, of a race), `now` in seconds of
 * any clock. */
void story_take(struct story *story, const struct event *event, const char *branch, double now);
/* Keeps the count of epochs, and what an epoch is, in step with the run's own. */
void story_settle(struct story *story, const struct session_status *status);

/* Says something that is no event, but stays as one does. */
void story_say(struct story *story, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Says what the run says of itself, or why it refused, as a sentence: "this is the last stage" is made one, a file's
 * name left alone. */
void story_report(struct story *story, const char *text);
/* Says for a moment what a key did to the screen, or why it did not. */
void story_toast(struct story *story, double now, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Takes a toast away that has stood long enough; true when it did. */
bool story_expire(struct story *story, double now);

double story_epoch_at(const struct story *story, uint16_t branch, double step);
double story_step_at(const struct story *story, uint16_t branch, double epoch);

#endif
