/* Objectives: what a model is asked to do with a batch.  One table row each; further stages (rewards) are further
 * rows. */
#ifndef LEARN_OBJECTIVE_H
#define LEARN_OBJECTIVE_H

#include "data/dataset.h"
#include "nn/loss.h"

enum objective_id {
    OBJECTIVE_CLASSIFY,
    OBJECTIVE_REGRESS,
    OBJECTIVE_NEXT_TOKEN, /* a text: every token from those before it */
    OBJECTIVE_RESPOND,    /* pairs: the response from the prompt */
    OBJECTIVE_COUNT,
};

struct work_class;

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

struct objective {
    const char *name;
    const struct work_class *work; /* how it is done: learn's own */
    enum task_kind kind;
    enum loss_id default_loss;
    const char *accuracy_label; /* "accuracy", "R²" */
    bool accuracy_is_share;     /* percent axis with the level of guessing */
    /* False: out of memory. */
    bool (*guess)(const struct dataset *dataset, enum loss_id loss, struct guess *out);
};
extern const struct objective objective_table[OBJECTIVE_COUNT];
const struct objective *objective_for(enum task_kind kind);

#endif
