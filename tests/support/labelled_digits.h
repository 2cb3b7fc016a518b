/* The overfitting lesson's set-up: digits of which the training half has 40 % wrong labels. */
#ifndef TESTS_SUPPORT_LABELLED_DIGITS_H
#define TESTS_SUPPORT_LABELLED_DIGITS_H

#include "support/lab.h"

static inline void load_labelled_digits(struct lab *lab, uint64_t seed)
{
    lab_load(lab, "samples/digits.csv", seed);
    lab->spec.shape.net = (struct net_spec){.hidden_count = 2, .hidden = {64, 64}, .activation = ACTIVATION_RELU};
    double *knob = lab->spec.knobs.value;
    knob[KNOB_OPTIMIZER] = OPTIMIZER_ADAM;
    knob[KNOB_LR] = 0.002;
    knob[KNOB_BATCH] = 32;
    knob[KNOB_LABEL_NOISE] = 0.4;
    knob[KNOB_TRAIN_FRACTION] = 0.5;
}

static inline void lab_run_epochs(struct lab *lab, double epochs)
{
    while (trainer_epoch(lab->trainer) < epochs - 1e-9 && !lab->diverged)
        lab_run(lab, trainer_step_count(lab->trainer) + 1);
    lab_evaluate(lab);
}

#endif
