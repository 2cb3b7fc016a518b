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

struct objective {
    const char *name;
    const struct work_class *work; /* how it is done: learn's own */
    enum task_kind kind;
    enum loss_id default_loss;
    const char *accuracy_label; /* "accuracy", "R²" */
    bool accuracy_is_share;     /* percent axis with chance level */
    /* Loss of guessing (ln K; variance for MSE), for the chance line. */
    double (*chance_loss)(const struct dataset *dataset, enum loss_id loss);
    double (*chance_accuracy)(const struct dataset *dataset);
};
extern const struct objective objective_table[OBJECTIVE_COUNT];
const struct objective *objective_for(enum task_kind kind);

#endif
