/* What a twin has otherwise: "lr=0.3 hidden=16,16". */
#ifndef SETUP_TWIN_H
#define SETUP_TWIN_H

#include <stdbool.h>

#include "base/status.h"
#include "learn/knob.h"
#include "learn/trainer.h"
#include "setup/spec.h"

#define TWIN_TEXT_SIZE 512

struct twin {
    bool changed[KNOB_COUNT];
    double value[KNOB_COUNT];
    bool scratch; /* the present stage from random weights, beside it */
    bool seed_changed;
    uint64_t seed;
    char model[TWIN_TEXT_SIZE]; /* the words that are about the model: "hidden=16,16"; "": the same model */
};

/* Words of the form NAME=VALUE, or `scratch`; names are those of knobs that affect the state, `seed`, and of the
 * model's options. */
enum status twin_parse(struct twin *twin, const char *text, struct error *error);

/* Sets knobs and seed of a start; another optimiser comes with its own rate unless the rate is given too. */
void twin_apply(const struct twin *twin, struct trainer_start *start);

/* Sets the model's words in a spec that is complete but for its data. */
enum status twin_model(const char *model, struct spec *spec, struct error *error);

#endif
