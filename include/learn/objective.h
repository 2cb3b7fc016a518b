/* Objectives: what a model is asked to do with a batch.  Each is a file in learn/objectives/ and a line of
 * OBJECTIVE_LIST.  The trainer owns the models, the state and the order of a step; an objective owns what else a step
 * and an evaluation need: batches, activations, answers.  Nothing of that is part of the state, but for the sections
 * that it declares: what an objective remembers otherwise only saves time. */
#ifndef LEARN_OBJECTIVE_H
#define LEARN_OBJECTIVE_H

#include "base/field.h"
#include "data/dataset.h"
#include "metrics/series.h"
#include "nn/loss.h"

/* Each objective: OBJECTIVE_NUMBER, and the name of its file and row.  The first one that takes some kind of data is
 * what such data are usually asked. */
#define OBJECTIVE_LIST(ROW)                                                                                            \
    ROW(CLASSIFY, classify)                                                                                            \
    ROW(REGRESS, regress)                                                                                              \
    ROW(NEXT_TOKEN, next_token)                                                                                        \
    ROW(RESPOND, respond)

#define OBJECTIVE_ENUMERATOR(number, name) OBJECTIVE_##number,
enum objective_id { OBJECTIVE_LIST(OBJECTIVE_ENUMERATOR) OBJECTIVE_COUNT };
#undef OBJECTIVE_ENUMERATOR

struct state;
struct work_key;
struct work_setup;
struct work_step;

/* Guessing: the best answer that looks at no input.
 *
 *     classes   the share p_k of each class:    loss = −Σ p_k ln p_k (the entropy, for one logit too),
 *                                               accuracy = max p_k (always the most frequent class)
 *     texts     the same with the share of each token that is asked for: the unigram entropy, in nats a token
 *     numbers   always the targets' mean m:     loss = the mean loss around m (MSE: the variance of the targets;
 *                                               Huber: the mean Huber loss, delta 1), R² = 0
 *
 * Shares and mean are those of all training rows of the stage's data, with their true answers: train-fraction, wrong
 * labels and other knobs do not move the level.  The level is the loss of that guess on the training rows; on the
 * test rows, whose shares differ a little, the same guess has a slightly higher or lower loss. */
struct guess {
    double loss, accuracy;
};

/* The series that stand for an objective as a whole.  Early stopping, the best parameters and the end of a stage follow
 * `test`, the plateau schedule `train`; whether lower is better is in the row of the series. */
struct headline {
    enum series_id train, test, train_score, test_score;
};

enum objective_piece {
    OBJECTIVE_MORE,     /* more pieces are to come */
    OBJECTIVE_GRADIENT, /* this was the last one */
};

/* A model of the trainer that an objective uses, by name; all objectives of a run that name it use the same one. */
struct used_model {
    const char *name;
    bool trains; /* its gradient is what a step leaves; else it is only read */
};
#define OBJECTIVE_MODELS_MAX 4

struct objective {
    const char *name;
    struct used_model models[OBJECTIVE_MODELS_MAX]; /* one of them is trained; the rest of the array is zero */
    enum task_kind takes;                           /* the data ... */
    bool pairs; /* ... and of texts: whether their rows are prompts with responses */
    enum loss_id usual_loss;
    struct headline headline;
    const enum series_id *series; /* all that an evaluation measures, those of the headline among them */
    size_t series_count;
    const char *accuracy_label; /* of the score: "accuracy", "R²" */
    bool accuracy_is_share;     /* percent axis with the level of guessing */
    /* False: out of memory. */
    bool (*guess)(const struct dataset *dataset, enum loss_id loss, struct guess *out);
    const struct refusal *refuses; /* knobs that mean nothing here; NULL: none */

    /* At work, for one stage of a trainer (learn/work.h). */
    void *(*create)(const struct work_setup *setup); /* NULL: out of memory */
    void (*free)(void *work);                        /* NULL is fine */
    bool (*reserve)(void *work, size_t batch);       /* false: out of memory, what was there still is */
    size_t (*bytes)(const void *work);               /* of its workspaces: of a step, and of an evaluation */

    /* State of its own, which steps depend on; NULL: it has none.  `declare` adds its sections, whose names begin with
     * the objective's name and the stage's number and whose sizes do not change; `start` sets them as they are when the
     * stage begins. */
    void (*declare)(void *work, struct state *state);
    void (*start)(void *work);

    /* The next piece of a step.  The pieces together draw the batch that step->cursor points at, move the cursor on,
     * and leave the loss in step->loss and the gradient in the block of the model that is trained; where the loss is
     * not finite the gradient means nothing.  A step may be left between two pieces; the next one begins anew. */
    enum objective_piece (*step)(void *work, struct work_step *step);

    /* An evaluation, in chunks: every row is measured in a block of the same size at the same place whatever the
     * chunks, with dropout off.  `evaluate` works on about so many rows and is true when all are done. */
    size_t (*rows)(const struct dataset *dataset, size_t train_rows); /* that one with so many rows in use looks at */
    void (*begin)(void *work, const struct work_key *key);
    bool (*evaluate)(void *work, size_t rows);
    void (*result)(const void *work, double *value); /* [SERIES_COUNT]: fills those of its series, NaN without rows */
};

/* Members of a row: what is measured where a loss is the headline, with a score beside it. */
#define MEASURED_BY_LOSS_AND_SCORE                                                                                     \
    .headline = {SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, SERIES_TRAIN_ACC, SERIES_TEST_ACC},                              \
    .series = (const enum series_id[]){SERIES_TRAIN_LOSS, SERIES_TEST_LOSS, SERIES_TRAIN_ACC, SERIES_TEST_ACC},        \
    .series_count = 4

extern const struct objective *const objective_table[OBJECTIVE_COUNT];

/* What data of that kind are usually asked, texts of pairs or not; OBJECTIVE_COUNT: there is no such objective. */
enum objective_id objective_usual(enum task_kind kind, bool pairs);
/* Its row, without pairs. */
const struct objective *objective_for(enum task_kind kind);

#endif
