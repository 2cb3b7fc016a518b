/* A trainer owns one state and one workspace and takes steps.  It knows no thread and no clock:
 * state(t+1) = step(state(t), knobs(t)), the same bits however it is driven.
 *
 *     while (trainer_settle(...) > PIECE_NONE)   (step 0)
 *     loop: trainer_set_knob…; trainer_step; while (trainer_settle(...) > PIECE_NONE)
 */
#ifndef LEARN_TRAINER_H
#define LEARN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "data/dataset.h"
#include "learn/early_stop.h"
#include "learn/knob.h"
#include "learn/objective.h"
#include "learn/stage.h"
#include "learn/start.h"
#include "learn/state.h"
#include "metrics/series.h"
#include "nn/model.h"
#include "nn/optimizer.h"

struct trainer_spec {
    const struct dataset *dataset; /* borrowed; must outlive the trainer */
    struct model_shape shape;      /* of a net inputs and outputs are filled in from the data set and the loss */
    enum loss_id loss;             /* must suit the data set, as in a stage */
    const struct trainer_stage
        *stage; /* copied.  NULL: one stage, of the data set and the loss above, for what they are usually asked */
    size_t stages;
    uint64_t seed;       /* weights, order, dropout and noise */
    const double *start; /* NULL: drawn from the seed; else all weights and biases in the order of the net's
                                      slices, PyTorch's orientation (models of a few parameters placed by hand);
                                      copied */
    size_t start_count;  /* must be the net's number of parameters */
    struct knobs knobs;  /* at step 0 */
};

struct trainer;

enum status trainer_create(struct trainer **out, const struct trainer_spec *spec, const struct kernels *kernels,
                           struct error *error);
void trainer_free(struct trainer *trainer);

/* A start that can be made again. */
struct trainer_start {
    uint64_t seed;
    struct start_weights *weights; /* of stage 0; NULL: drawn from the seed.  Borrowed: hold them to keep them */
    struct knobs knobs;
    double rates[OPTIMIZER_COUNT]; /* of each optimiser */
    size_t stage;  /* usually 0.  A later one: its data for drawn weights that have learnt nothing, ... */
    uint64_t step; /* ... as if so many steps had been taken */
};
/* The start that `again` makes, with that seed: knobs as they are, or in a later stage as they were when the one ended
 * that it begins with. */
struct trainer_start trainer_start_of(const struct trainer *trainer, uint64_t seed);
/* The present stage with the present knobs, as if it began now where it did, for a model that has learnt nothing. */
struct trainer_start trainer_scratch(const struct trainer *trainer);
/* To that start, whose weights the trainer holds from here on.  STATUS_USAGE when they are another model's: nothing has
 * changed.  STATUS_FAILED without memory for its batches: the trainer is then at the start, but no step may be taken. */
enum status trainer_begin(struct trainer *trainer, const struct trainer_start *start, struct error *error);
/* To the start that `again` makes. */
void trainer_restart(struct trainer *trainer, uint64_t seed);

/* Stages.  The next one begins between two steps: it turns its knobs, moments are zero, and the best parameters,
 * patience and schedule begin anew; an evaluation is due.  STATUS_USAGE when there is none, STATUS_FAILED (and nothing
 * changed) without memory. */
enum status trainer_next_stage(struct trainer *trainer, struct error *error);
/* The same question without an answer: makes room for it, after which it cannot fail. */
enum status trainer_prepare_stage(struct trainer *trainer, struct error *error);
size_t trainer_stage_number(const struct trainer *trainer);
const struct trainer_stage *trainer_stage(const struct trainer *trainer, size_t number);
bool trainer_stage_is_last(const struct trainer *trainer);
/* By its own end condition, as far as it was evaluated; one that is not the last also by early stopping. */
bool trainer_stage_over(const struct trainer *trainer);
/* The present stage has other data than the first: evaluations also measure SERIES_OLD_LOSS. */
bool trainer_looks_back(const struct trainer *trainer);

enum step_result {
    STEP_PART, /* a piece of a step: more are to come, and nothing of the state has changed */
    STEP_DONE,
    STEP_NONFINITE, /* loss or gradient was not finite, or weights are beyond 1e15: nothing was updated, the
                       step count and the cursor did not move; measures[SERIES_LOSS] and [SERIES_GRAD_NORM] (NaN where
                       it was not reached) are the offenders */
};

/* One optimiser update.  Fills measures[] for the series with every_step and the layers' (SERIES_TOTAL floats; others
 * are left alone). */
enum step_result trainer_step(struct trainer *trainer, float *measures);
/* The next piece of the step.  Pieces are as long as a pass of the model, so that the caller can listen between them.
 * A knob, another state and trainer_drop_pieces drop those that were done; the step is the same one then. */
enum step_result trainer_step_piece(struct trainer *trainer, float *measures);

uint64_t trainer_step_count(const struct trainer *trainer);
double trainer_epoch(const struct trainer *trainer);     /* passes over the rows in use, fractional */
bool trainer_epoch_ended(const struct trainer *trainer); /* the last step ended one */
uint64_t trainer_seed(const struct trainer *trainer);

/* Evaluation: due at step 0 and then every K(step) steps.  K(step) = clamp(step/20, 1, K_shape) for models whose
 * evaluation is cheap; where the early evaluations would cost more than 5e8 floating-point operations in all, they are
 * fewer: K(step) = clamp(u (step+1), 1, K_shape), with u chosen so that they cost no more.  So all evaluations after
 * that of step 0 cost at most a fifth of the arithmetic of the steps so far plus 5e8 operations.
 *
 * An evaluation sees the training rows in use, with the labels that training sees, and the test rows; of each at most
 * EVALUATION_ROWS_MAX: above that a subset drawn by counter from the seed, always the same one.
 *
 * trainer_evaluate works on about `rows` rows (whole blocks of EVALUATION_BLOCK, at least one) and returns true when
 * the evaluation is complete; then `measures` holds the series that trainer_measures is true for, and the best
 * parameters, early stopping, the plateau schedule and the next evaluation's step have been updated.  An evaluation
 * under way is no part of the state: a step or a knob drops it, and doing it again gives the same numbers, whatever the
 * chunks.
 *
 * trainer_evaluate_now asks for one at the present step unless that step has had its own (last step of a run, after the
 * best parameters came back).  Off the cadence it measures only: the state does not notice, so a run that ended
 * somewhere and one that went on are the same run. */
#define EVALUATION_ROWS_MAX 10000
#define EVALUATION_BLOCK    256
bool trainer_evaluation_due(const struct trainer *trainer);
bool trainer_evaluate(struct trainer *trainer, size_t rows, float *measures);
/* Whether an evaluation in the present stage has a value of the series: its objective's, and measures that apply. */
bool trainer_measures(const struct trainer *trainer, unsigned series);
void trainer_evaluate_now(struct trainer *trainer);
/* Drops an evaluation that is under way or wanted, and a step that is under way. */
void trainer_drop_pieces(struct trainer *trainer);
/* Whether all weights are finite and so are the losses in `measures`, which an evaluation of them has filled.  The test
 * loss counts where there are test rows. */
bool trainer_is_finite(const struct trainer *trainer, const float *measures);
/* K_shape: evaluating so often costs at most a fifth of the arithmetic of training; for the batch and rows in use. */
uint64_t trainer_cadence(const struct trainer *trainer);
/* Patience has run out, and since then neither was a step taken nor early stopping switched off. */
bool trainer_early_stopped(const struct trainer *trainer);
/* Copies the best parameters and moments back, if there has been an evaluation; the step count and the
 * knobs stay, and the count of misses begins again, so that going on does not stop at once. */
void trainer_restore_best(struct trainer *trainer);
/* Whether there is a best and `measures`, which an evaluation has filled, are not as good. */
bool trainer_is_past_best(const struct trainer *trainer, const float *measures);
const struct early_stop *trainer_early_stop(const struct trainer *trainer);

/* What belongs to the boundary after a step, in its one order: the evaluation that is due; after an early stop the
 * best parameters back; and where the stage is over, the next one with its first evaluation.  Runs, their twins and
 * every way back in time take these pieces, or they would not be at the same state.  Does one piece, of an evaluation
 * about `rows` rows, and says which it was; PIECE_NONE and PIECE_FAILED end it.  Doing it again does nothing. */
enum trainer_piece {
    PIECE_FAILED, /* no memory for the next stage, `error` says so: nothing has changed */
    PIECE_NONE,   /* nothing is left: a turn or a step may come */
    PIECE_OF_EVALUATION,
    PIECE_EVALUATION, /* it is complete, `measures` are filled */
    PIECE_EARLY_STOP, /* the same, and by it patience ran out: the best parameters are back */
    PIECE_STAGE,      /* the next stage has begun */
};
enum trainer_piece trainer_settle(struct trainer *trainer, size_t rows, float *measures, struct error *error);
/* Whether an evaluation is due or the stage is over.  Where it is false, trainer_settle would only return PIECE_NONE,
 * so the call can be saved. */
bool trainer_boundary_due(const struct trainer *trainer);

/* For a schedule that has an end: the step from which its factor stays the same. */
uint64_t trainer_schedule_end(const struct trainer *trainer);
const struct knobs *trainer_knobs(const struct trainer *trainer);
/* Applies a knob between two steps; `label` receives the marker's text. The value must have passed knob_check; a value
 * that this data set cannot have (batch above its rows) is clamped; an objective's refusal gives STATUS_USAGE and the
 * reason. */
enum status trainer_set_knob(struct trainer *trainer, enum knob_id knob, double value, char *label, size_t size,
                             struct error *error);

/* The same question without an answer: *value becomes the one that would be in force, and there is room for it, after
 * which it cannot fail. */
enum status trainer_prepare_knob(struct trainer *trainer, enum knob_id knob, double *value, struct error *error);

const struct model *trainer_model(const struct trainer *trainer);
/* Of the present stage. */
const struct dataset *trainer_dataset(const struct trainer *trainer);
enum loss_id trainer_loss(const struct trainer *trainer);
const struct objective *trainer_objective(const struct trainer *trainer);
unsigned trainer_layers(const struct trainer *trainer); /* that have parameters, at most LAYERS_MEASURED are measured */
struct state *trainer_state(struct trainer *trainer);
/* Bytes that it holds. */
struct trainer_memory {
    size_t parameters, gradients;
    size_t moments;     /* of the optimiser */
    size_t best;        /* parameters and their moments */
    size_t start;       /* weights that it was given to begin with, shared by all trainers of the run */
    size_t activations; /* workspaces of a step and of an evaluation, of all stages that have begun */
};
struct trainer_memory trainer_memory(const struct trainer *trainer);
/* Back to step 0 with the present seed, from these weights and biases, as trainer_spec's start; so do later restarts.
 * On failure nothing has changed. */
enum status trainer_place(struct trainer *trainer, const double *start, size_t count, struct error *error);
/* Makes room for the batch size of knobs that are to come with a state of that stage. */
enum status trainer_make_room(struct trainer *trainer, size_t stage, const struct knobs *knobs, struct error *error);
/* After state_copy_in: makes room for the batch size that came with the state.  STATUS_FAILED with the reason for a
 * state that no trainer of these data can be in, which is then to be replaced before anything else is done. */
enum status trainer_restored(struct trainer *trainer, struct error *error);

#endif
