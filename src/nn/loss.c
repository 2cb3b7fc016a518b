/* Holds the table of losses, and turns logits into probabilities and the likeliest class. */
#include "nn/loss.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/elementary.h"
#include "nn/kernels_table.h"

static float cross_entropy(const struct kernels *kernels, const float *logits, size_t stride, size_t outputs,
                           size_t batch, const struct loss_answers *answers, float *d_logits, float *per_row)
{
    return kernels->loss[LOSS_CROSS_ENTROPY](logits, stride, outputs, batch, answers, d_logits, per_row);
}

static float bce(const struct kernels *kernels, const float *logits, size_t stride, size_t outputs, size_t batch,
                 const struct loss_answers *answers, float *d_logits, float *per_row)
{
    return kernels->loss[LOSS_BCE](logits, stride, outputs, batch, answers, d_logits, per_row);
}

static float mse(const struct kernels *kernels, const float *logits, size_t stride, size_t outputs, size_t batch,
                 const struct loss_answers *answers, float *d_logits, float *per_row)
{
    return kernels->loss[LOSS_MSE](logits, stride, outputs, batch, answers, d_logits, per_row);
}

static float huber(const struct kernels *kernels, const float *logits, size_t stride, size_t outputs, size_t batch,
                   const struct loss_answers *answers, float *d_logits, float *per_row)
{
    return kernels->loss[LOSS_HUBER](logits, stride, outputs, batch, answers, d_logits, per_row);
}

const struct loss loss_table[] = {
    [LOSS_CROSS_ENTROPY] = {.name = "cross_entropy",
                            .about = "-ln of the softmax probability of the right class, in nats",
                            .classifies = true,
                            .compute = cross_entropy},
    [LOSS_BCE] = {.name = "bce",
                  .about =
                      "binary cross-entropy: -ln of the logistic probability of the right one of two classes, in nats",
                  .classifies = true,
                  .one_logit_binary = true,
                  .compute = bce},
    [LOSS_MSE] = {.name = "mse", .about = "mean squared error: (output - target)^2", .compute = mse},
    [LOSS_HUBER] = {.name = "huber",
                    .about = "e^2/2 within 1 of the target, |e| - 1/2 outside (Huber 1964)",
                    .compute = huber},
};
static_assert(sizeof loss_table / sizeof loss_table[0] == LOSS_COUNT, "one row per loss");

void loss_probabilities(enum loss_id loss, const float *logits, size_t classes, float *out)
{
    if (loss_table[loss].one_logit_binary) {
        double z = (double)logits[0];
        out[1] = (float)(1 / (1 + elementary_exp(-z)));
        out[0] = (float)(1 / (1 + elementary_exp(z)));
        return;
    }
    float largest = logits[0];
    for (size_t i = 1; i < classes; i++)
        largest = logits[i] > largest ? logits[i] : largest;
    double sum = 0;
    for (size_t i = 0; i < classes; i++)
        sum += elementary_exp((double)logits[i] - (double)largest);
    for (size_t i = 0; i < classes; i++)
        out[i] = (float)(elementary_exp((double)logits[i] - (double)largest) / sum);
}

/* LANES numbers as one, an extension of gcc and clang. */
enum { LANES = 8 };
typedef float floats __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t masks __attribute__((vector_size(LANES * sizeof(int32_t))));

/* NaN counts as minus infinity. */
static float largest_of(const float *row, size_t count)
{
    floats top = (floats){0} - INFINITY;
    float largest = -INFINITY;
    size_t i = 0;
    for (floats x; i + LANES <= count; i += LANES) {
        memcpy(&x, row + i, sizeof x);
        const masks above = x > top;
        top = (floats)(((masks)x & above) | ((masks)top & ~above));
    }
    for (size_t lane = 0; lane < LANES; lane++)
        largest = top[lane] > largest ? top[lane] : largest;
    for (; i < count; i++)
        largest = row[i] > largest ? row[i] : largest;
    return largest;
}

size_t loss_likeliest(const float *row, size_t classes)
{
    const float largest = largest_of(row, classes);
    for (size_t i = 0; i < classes; i++)
        if (row[i] == largest)
            return i;
    return 0; /* all are NaN */
}

/* Of few classes a row is too short for vectors of classes: there the kernels have a row in each lane. */
enum { FEW_CLASSES = 16 };

void loss_likeliest_rows(const struct kernels *kernels, const float *logits, size_t stride, size_t classes, size_t rows,
                         int32_t *out)
{
    if (stride <= FEW_CLASSES) {
        kernels->likeliest(logits, stride, classes, rows, out);
        return;
    }
    for (size_t i = 0; i < rows; i++)
        out[i] = (int32_t)loss_likeliest(logits + i * stride, classes);
}

size_t loss_outputs(enum loss_id loss, size_t classes)
{
    return loss_table[loss].classifies && !loss_table[loss].one_logit_binary ? classes : 1;
}
