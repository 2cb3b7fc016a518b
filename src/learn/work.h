/* An objective at work: what a trainer asks of it, a table row a kind.  It owns what a step needs besides the state and
 * the model: the batch, the activations, the tools of an evaluation.  Nothing in it is part of the state: what it
 * remembers only saves time. */
#ifndef LEARN_WORK_H
#define LEARN_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/batch.h"
#include "data/dataset.h"
#include "nn/loss.h"
#include "nn/model.h"

/* Everything is borrowed. */
struct work_setup {
    const struct dataset *dataset;
    struct model *model;
    enum loss_id loss;
    const struct kernels *kernels;
};

/* What a step draws. */
struct work_draw {
    struct batch_settings batch;
    double dropout;
    uint64_t step;
};

enum work_part { WORK_TRAIN, WORK_TEST, WORK_PARTS };

/* What decides which rows an evaluation sees, and with which answers. */
struct work_key {
    uint64_t seed;
    size_t rows; /* training rows in use */
    double label_noise;
    bool test_only;
};

struct work_result {
    double loss;     /* mean */
    double accuracy; /* share right, or R^2 */
};

struct work_class {
    void *(*create)(const struct work_setup *setup); /* NULL: out of memory */
    void (*free)(void *work);                        /* NULL is fine */
    bool (*make_room)(void *work, size_t batch);     /* false: out of memory, what was there still is */
    size_t (*bytes)(const void *work);               /* of its workspaces: of a step, and of an evaluation */

    /* Draws the batch that `cursor` points at, moves it on, and leaves the gradient in the model's block.  Its loss;
     * where that is not finite the gradient means nothing. */
    float (*gradient)(void *work, struct batch_cursor *cursor, const struct work_draw *draw);

    /* An evaluation, in chunks: every row is measured in a block of the same size at the same place whatever the
     * chunks, with dropout off.  `run` works on about so many rows and is true when all are done. */
    size_t (*rows)(const struct dataset *dataset, size_t train_rows); /* that one with so many rows in use looks at */
    void (*begin)(void *work, const struct work_key *key);
    bool (*run)(void *work, size_t rows);
    struct work_result (*result)(const void *work, enum work_part part);
};

extern const struct work_class work_on_tables, work_on_texts;

#endif
