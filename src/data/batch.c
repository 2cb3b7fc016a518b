/* Gathers the next batch of a table's rows: inputs and answers, with input noise and wrong labels added. */
#include "data/batch.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/random.h"

/* Rows lie anywhere, so the machine cannot foresee them: long ones are called for so many rows before they are copied.
 * Of short ones it begins with several at once by itself. */
#define ROWS_AHEAD  6
#define LONG_FLOATS 128
#define LINE_FLOATS 16

struct batch {
    const struct dataset *dataset;
    size_t largest, stride;
    float *x; /* [largest][stride] */
    int32_t *label;
    float *target;
    struct walk *walk;
    double fraction; /* the share that `rows` was computed from */
    uint32_t rows;
};

struct batch *batch_create(const struct dataset *dataset, size_t largest)
{
    struct batch *batch = mem_alloc(1, sizeof *batch);
    if (!batch)
        return NULL;
    if (largest > dataset->train)
        largest = dataset->train;
    batch->dataset = dataset;
    batch->largest = largest;
    batch->stride = (dataset->inputs + 7) / 8 * 8;
    batch->walk = walk_create(largest);
    size_t room = (largest + 7) / 8 * 8; /* kernels read whole blocks of eight rows */
    batch->x = mem_alloc(room, batch->stride * sizeof *batch->x);
    if (dataset->kind == TASK_CLASSIFY)
        batch->label = mem_alloc(room, sizeof *batch->label);
    else
        batch->target = mem_alloc(room, sizeof *batch->target);
    if (!batch->walk || !batch->x || (!batch->label && !batch->target)) {
        batch_free(batch);
        return NULL;
    }
    return batch;
}

void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    walk_free(batch->walk);
    mem_free(batch->x);
    mem_free(batch->label);
    mem_free(batch->target);
    mem_free(batch);
}

size_t batch_rows(const struct dataset *dataset, double train_fraction)
{
    size_t least = dataset->kind == TASK_CLASSIFY ? dataset->classes : 2;
    double wanted = train_fraction * (double)dataset->train + 0.5;
    size_t rows = wanted < (double)least ? least : (size_t)wanted;
    return rows < dataset->train ? rows : dataset->train;
}

void batch_gather(const struct dataset *dataset, const uint32_t *row, size_t count, float *restrict to, size_t stride)
{
    const float *restrict from = dataset->x;
    const size_t inputs = dataset->inputs;
    if (inputs == 2 && stride == 8) { /* every toy: one 8-byte move a row */
        for (size_t i = 0; i < count; i++)
            memcpy(to + i * 8, from + (size_t)row[i] * 2, 2 * sizeof *to);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (inputs >= LONG_FLOATS && i + ROWS_AHEAD < count)
            for (size_t j = 0; j < inputs; j += LINE_FLOATS)
                __builtin_prefetch(from + row[i + ROWS_AHEAD] * inputs + j);
        memcpy(to + i * stride, from + row[i] * inputs, inputs * sizeof *to);
    }
}

static void add_input_noise(struct batch *batch, const struct batch_settings *settings, uint64_t step, size_t count)
{
    uint32_t key = random_key(settings->seed, RANDOM_INPUT_NOISE, step);
    float sd = (float)settings->input_noise;
    size_t inputs = batch->dataset->inputs;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < inputs; j++)
            batch->x[i * batch->stride + j] += sd * random_normal(key, (uint32_t)(i * inputs + j));
}

static void gather_answers(struct batch *batch, const struct batch_settings *settings, const uint32_t *row,
                           size_t count)
{
    const struct dataset *dataset = batch->dataset;
    bool clean = !(settings->label_noise > 0.0);
    if (batch->label) {
        for (size_t i = 0; i < count; i++)
            batch->label[i] =
                clean ? dataset->label[row[i]] : dataset_label(dataset, row[i], settings->label_noise, settings->seed);
    } else {
        for (size_t i = 0; i < count; i++)
            batch->target[i] = clean ? dataset->target[row[i]]
                                     : dataset_target(dataset, row[i], settings->label_noise, settings->seed);
    }
}

size_t batch_next(struct batch *batch, struct batch_cursor *cursor, const struct batch_settings *settings,
                  uint64_t step)
{
    if (batch->rows == 0 || batch->fraction != settings->train_fraction) {
        batch->rows = (uint32_t)batch_rows(batch->dataset, settings->train_fraction);
        batch->fraction = settings->train_fraction;
    }
    size_t count;
    const size_t size = settings->size < batch->largest ? settings->size : batch->largest;
    const uint32_t *row = walk_next(batch->walk, cursor, settings->seed, batch->rows, size, &count);
    batch_gather(batch->dataset, row, count, batch->x, batch->stride);
    gather_answers(batch, settings, row, count);
    if (settings->input_noise > 0.0)
        add_input_noise(batch, settings, step, count);
    return count;
}

const float *batch_x(const struct batch *batch)
{
    return batch->x;
}

size_t batch_x_stride(const struct batch *batch)
{
    return batch->stride;
}

const int32_t *batch_label(const struct batch *batch)
{
    return batch->label;
}

const float *batch_target(const struct batch *batch)
{
    return batch->target;
}
