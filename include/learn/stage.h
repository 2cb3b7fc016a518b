/* A part of a run: what is asked of the model, and on which data. */
#ifndef LEARN_STAGE_H
#define LEARN_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "data/dataset.h"
#include "learn/knob.h"
#include "learn/objective.h"
#include "nn/language.h"

#define TRAINER_STAGES_MAX 16

/* Strings and data are borrowed, and must outlive the trainer that is given the stage. */
struct trainer_stage {
    const char *name; /* "fine-tune" */
    enum objective_id objective;
    const struct dataset *dataset; /* of the same inputs and outputs in all stages */
    enum loss_id loss;             /* must suit the data set: classes or numbers, two classes for one logit */
    enum language_part part;       /* what of a language model is trained ... */
    size_t blocks;                 /* ... LANGUAGE_LAST: so many blocks */
    bool turns[KNOB_COUNT];        /* knobs that are turned when it begins (not the first, which has the run's) ... */
    double value[KNOB_COUNT];      /* ... to these values */
    /* It is over after so many steps or epochs, or with a test loss that low; 0: not by that. */
    uint64_t steps;
    double epochs, test_loss;
    bool ends_with_best; /* the parameters of its least test loss come back when the next stage begins */
};

#endif
