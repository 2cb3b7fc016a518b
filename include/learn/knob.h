/* Knobs: everything that a person may turn while training runs.  One table row each; options, panel, keys, `:`
 * completion, events, help and man page are made from it. */
#ifndef LEARN_KNOB_H
#define LEARN_KNOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/field.h"
#include "base/status.h"
#include "learn/state.h"

enum knob_id {
    KNOB_LR,
    KNOB_BATCH,
    KNOB_DROPOUT,
    KNOB_EARLY_STOP, /* 0 off, 1 on */
    KNOB_PATIENCE,   /* evaluations without a better test loss */
    KNOB_WEIGHT_DECAY,
    KNOB_MOMENTUM,
    KNOB_OPTIMIZER,      /* enum optimizer_id */
    KNOB_SCHEDULE,       /* enum schedule_id */
    KNOB_HORIZON,        /* steps over which the schedule runs */
    KNOB_WARMUP,         /* steps */
    KNOB_CLIP,           /* largest gradient norm; 0: off */
    KNOB_LABEL_NOISE,    /* share of wrong training labels */
    KNOB_INPUT_NOISE,    /* standard deviation */
    KNOB_TRAIN_FRACTION, /* share of the training rows in use */
    KNOB_SPEED,          /* steps a second; 0: unlimited ("max") */
    KNOB_TIMELINE,       /* MiB of snapshots kept for going back */
    KNOB_COUNT,
};

/* The rows of a struct knobs. */
extern const struct field knob_table[KNOB_COUNT];
extern const struct field_table knob_fields;

/* Values in force: plain data, part of a run's state. */
struct knobs {
    double value[KNOB_COUNT];
};

/* The fields of a struct knobs, a row each, and of an array of one rate for each optimiser. */
extern const struct state_fields knobs_fields, rates_fields;

void knobs_default(struct knobs *knobs);

/* By name or alias; KNOB_COUNT when there is none. */
enum knob_id knob_find(const char *name);
/* Writes ": did you mean 'x'?" with the name nearest to a wrong one, or else all names; returns `out`. */
char *knob_suggest(char *out, size_t size, const char *typed);

/* Parses and checks: "0.1", "20%", "adam", "on", "max".  The message says the accepted range or the nearest name. */
enum status knob_parse(enum knob_id knob, const char *text, double *value, struct error *error);
/* Checks a value. */
enum status knob_check(enum knob_id knob, double value, struct error *error);

/* Most rungs that any knob has. */
#define KNOB_RUNGS_MAX 64

/* The values that the keys of a knob stop at, lowest first, into out[0..most); their number.  Choices and switches
 * list their numbers. */
size_t knob_rungs(enum knob_id knob, double *out, size_t most);

/* One rung up (direction 1) or down (-1) from the present value; the same value at the end.  From between two rungs it
 * goes to the next one.  Choices wrap around, switches flip. */
double knob_step(enum knob_id knob, double value, int direction);

/* Order on the ladder, for telling up from down: "max", stored as 0, stands above everything. */
double knob_height(enum knob_id knob, double value);

/* As shown and as accepted by knob_parse: "0.2", "50%", "adam", "off", "max". */
char *knob_format(enum knob_id knob, double value, char *out, size_t size);

/* As files keep it: the same names for choices and 0, and numbers that knob_read takes back as the same double. */
char *knob_write(enum knob_id knob, double value, char *out, size_t size);
/* As knob_parse, but the value is not rounded to what knob_format shows of it. */
enum status knob_read(enum knob_id knob, const char *text, double *value, struct error *error);

/* Applies a change to a set of knobs, with what follows from it (another optimiser brings its own rate: `rates` holds
 * one per optimiser and remembers the old one's).  Writes the marker's text ("lr 0.2 → 5", "sgd 0.2 → adam 0.01"). */
void knobs_turn(struct knobs *knobs, double *rates, enum knob_id knob, double value, char *label, size_t size);

#endif
