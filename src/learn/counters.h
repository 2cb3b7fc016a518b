/* The counting part of a trainer's state, and whether a state that was in a file is one that a trainer can go on from:
 * what counts, chooses or points must be within its bounds, and a best loss must be a number that another can beat.
 * Whether the weights are finite is asked where a file is read. */
#ifndef LEARN_COUNTERS_H
#define LEARN_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "data/batch.h"
#include "data/dataset.h"
#include "learn/early_stop.h"
#include "learn/knob.h"
#include "learn/state.h"
#include "nn/schedule.h"

#define COUNTERS_NEVER UINT64_MAX

/* A new member gets a row in the table of counters.c, with an absent value. */
struct counters {
    uint64_t seed;
    uint64_t step;
    uint64_t next_evaluation;
    uint64_t last_evaluation; /* step of the last one on the cadence, or COUNTERS_NEVER */
    uint64_t epoch_ended;     /* 1: the last step ended an epoch */
    uint64_t moments_t;       /* optimiser steps since the moments were zero */
    uint64_t schedule_origin; /* the schedule counts its steps from here */
    uint64_t next_plateau;    /* step from which the plateau schedule looks again */
    uint64_t best_optimizer;  /* that the best moments belong to */
    uint64_t best_moments_t;
    uint64_t runaway; /* 1: a weight is beyond WEIGHT_MAX, no step is taken from here */
    uint64_t stage;
    uint64_t stage_origin; /* step at which it began */
    uint64_t stage_epoch;  /* of the cursor then */
    uint64_t start_stage;  /* that the line of steps began in: above 0, as trainer_scratch has it */
    uint64_t start_step;
};

/* The fields of the counters, and of structs of the rooms below that a state holds besides. */
extern const struct state_fields counters_fields, cursor_fields, plateau_fields;

/* What else of the state is checked, and what it is held against. */
struct counters_about {
    const struct dataset *dataset;
    const struct knobs *knobs;
    const struct batch_cursor *cursor;
    const double *rates;             /* [OPTIMIZER_COUNT] */
    const struct knobs *first_knobs; /* of the first stage, and its rates: looked at in later ones */
    const double *first_rates;
    const struct early_stop *stop;
    const struct schedule_plateau *plateau;
    bool drops; /* the model has something for dropout to drop */
};

enum status counters_check(const struct counters *counters, const struct counters_about *about, struct error *error);

#endif
