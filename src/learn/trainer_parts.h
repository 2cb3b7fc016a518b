/* A trainer's inside, shared by trainer.c (making, state, knobs), trainer_step.c (a step) and trainer_evaluation.c (when there is one, and
 * what it changes). */
#ifndef LEARN_TRAINER_PARTS_H
#define LEARN_TRAINER_PARTS_H

#include "data/batch.h"
#include "learn/counters.h"
#include "learn/evaluator.h"
#include "learn/trainer.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"

/* A set of blocks of which one is trained and one kept as the best. */
struct blocks {
    float *parameters;
    float *moments[OPTIMIZER_MOMENTS_MAX];
};

struct trainer {
    const struct dataset *dataset;
    const struct kernels *kernels;
    const struct objective *objective;
    const struct loss *loss;
    enum loss_id loss_id;
    struct net *net;
    struct params *params; /* of the net */
    double *start;         /* given start, or NULL */

    /* State. */
    struct blocks now, best; /* now.parameters is the net's own block */
    struct batch_cursor cursor;
    struct counters counters;
    struct knobs knobs;
    double rates[OPTIMIZER_COUNT];
    struct early_stop stop;
    struct schedule_plateau plateau;
    struct state state; /* lists all of the above */

    /* Tools: nothing that a step depends on. */
    struct batch *batch;
    struct workspace *workspace;
    size_t room; /* largest batch that the two are laid out for */
    struct evaluator *evaluator;
    bool evaluating; /* one is under way */
    bool extra;      /* one is wanted off the cadence */
};

static inline size_t trainer_knob_size(const struct trainer *trainer, enum knob_id knob)
{
    return (size_t)trainer->knobs.value[knob];
}

/* trainer.c */
void trainer_copy_blocks(const struct trainer *trainer, struct blocks *to, const struct blocks *from);
void trainer_clear_moments(struct trainer *trainer); /* of the optimiser that is at work, and their count */

/* trainer_evaluation.c */
uint64_t trainer_next_evaluation(const struct trainer *trainer); /* the step of it, as things stand */
/* It has not stopped any more, and what was missed before does not count. */
void trainer_resume_patience(struct trainer *trainer);

#endif
