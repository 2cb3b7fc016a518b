/* What a step sees of the rows of a table that its walk (data/walk.h) has come to: inputs and answers, with the noise
 * that was asked for.
 *
 * A change of the share of the data starts a new epoch; a change of the batch size goes on walking the permutation. The
 * cursor is plain data: copying it is a snapshot. */
#ifndef DATA_BATCH_H
#define DATA_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "data/walk.h"

struct batch_settings {
    uint64_t seed;
    size_t size;           /* examples wanted; at most `rows` are given, never across the end of an epoch */
    double train_fraction; /* (0, 1]; at least one row per class or two rows are used */
    double label_noise;    /* 0..1 */
    double input_noise;    /* standard deviation, in standardised units */
};

struct batch;

struct batch *batch_create(const struct dataset *dataset, size_t largest);
void batch_free(struct batch *batch);

/* Number of training rows that a share stands for. */
size_t batch_rows(const struct dataset *dataset, double train_fraction);

/* Draws the next batch of the cursor and moves it on: behind the last batch of an epoch, which may be smaller, it
 * stands at position 0 of the next.  A pure function of cursor, settings and step: what the object remembers only saves
 * time.  Returns the batch's size. Results stay valid until the next call: x[size][x_stride] with zero padding,
 * label[size] or target[size]; up to the next multiple of 8 rows behind `size` may be read and hold anything finite.
 * `step` draws the input noise. */
size_t batch_next(struct batch *batch, struct batch_cursor *cursor, const struct batch_settings *settings,
                  uint64_t step);
/* to[count][stride] = the inputs of these rows; what lies beyond the inputs is left alone. */
void batch_gather(const struct dataset *dataset, const uint32_t *row, size_t count, float *restrict to, size_t stride);
const float *batch_x(const struct batch *batch);
size_t batch_x_stride(const struct batch *batch); /* inputs rounded up to 8 */
const int32_t *batch_label(const struct batch *batch);
const float *batch_target(const struct batch *batch);

#endif
