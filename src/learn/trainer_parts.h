/* A trainer's inside, for the files trainer*.c.  They call downwards only: trainer_facts.c (questions) and
 * trainer_parts.c (what several of them do) are called by trainer_evaluation.c (when there is one, and what it changes),
 * all three by trainer_stage.c (the next stage), trainer_step.c (a step) and trainer.c (making, starts, knobs). */
#ifndef LEARN_TRAINER_PARTS_H
#define LEARN_TRAINER_PARTS_H

#include "data/batch.h"
#include "learn/counters.h"
#include "learn/owned_model.h"
#include "learn/trainer.h"
#include "learn/work.h"
#include "nn/schedule.h"

#define TRAINER_MODELS_MAX OBJECTIVE_MODELS_MAX

struct trainer {
    const struct kernels *kernels;
    /* Those that the objectives of the stages name.  The first is the one that is shown, saved and placed. */
    struct owned_model model[TRAINER_MODELS_MAX];
    size_t models;
    struct start_weights *start; /* held; NULL: drawn from the seed */
    struct trainer_stage stage[TRAINER_STAGES_MAX];
    size_t stages;

    /* State. */
    struct batch_cursor cursor;
    struct counters counters;
    struct knobs knobs;
    double rates[OPTIMIZER_COUNT];
    struct knobs first_knobs; /* as they were when the stage ended that the line of steps began in; clear before */
    double first_rates[OPTIMIZER_COUNT];
    struct early_stop stop;
    struct schedule_plateau plateau;
    struct state state; /* lists all of the above, and the blocks of the models */

    /* Tools: nothing that a step depends on. */
    struct owned_model *trained;     /* by the present stage */
    void *work[TRAINER_STAGES_MAX];  /* of each stage's objective */
    size_t room[TRAINER_STAGES_MAX]; /* largest batch that it is laid out for */
    struct work_step step;           /* under way */
    bool stepping;                   /* there is one, between two pieces */
    size_t parts; /* that have begun of an evaluation under way: the objective's, then the measures'; 0: none is */
    bool extra;   /* an evaluation is wanted off the cadence */
};

static inline size_t trainer_knob_size(const struct trainer *trainer, enum knob_id knob)
{
    return (size_t)trainer->knobs.value[knob];
}

static inline const struct trainer_stage *trainer_stage_now(const struct trainer *trainer)
{
    return &trainer->stage[trainer->counters.stage];
}

static inline const struct objective *trainer_objective_of(const struct trainer *trainer, size_t stage)
{
    return objective_table[trainer->stage[stage].objective];
}

/* trainer_facts.c */
double trainer_clamp_batch(const struct trainer *trainer, double value); /* the largest batch is all training rows */
uint32_t trainer_rows_in_use(const struct trainer *trainer);

/* trainer_parts.c */

/* Makes room for such batches in a stage; STATUS_FAILED, and nothing has changed, without memory. */
enum status trainer_room_for(struct trainer *trainer, size_t stage, size_t batch, struct error *error);
void trainer_begin_schedule(struct trainer *trainer);
void trainer_clear_moments(struct trainer *trainer); /* of the optimiser that is at work, and their count */
/* Begins an evaluation on the data of that stage, of training and test rows or of the latter alone. */
void trainer_begin_evaluation(struct trainer *trainer, size_t stage, bool test_only);
/* The model of that name, or a place behind the last one. */
struct owned_model *trainer_find_model(struct trainer *trainer, const char *name);
void trainer_take_up_stage(struct trainer *trainer); /* after the stage changed: what the model trains of itself */

/* trainer_evaluation.c */
uint64_t trainer_next_evaluation(const struct trainer *trainer); /* the step of it, as things stand */
/* It has not stopped any more, and what was missed before does not count. */
void trainer_resume_patience(struct trainer *trainer);

#endif
