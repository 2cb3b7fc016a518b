/* Holds the default set-up of each task: one row for each toy, and rows by size for tables and texts. */
#include "setup/defaults.h"

#include <stdint.h>
#include <string.h>

/* Toys: each is learnt within twenty seconds at its speed (measured over ten seeds).  Tables: tanh learns smoothly on
 * few rows; wide inputs and many rows want ReLU, more units and smaller steps. */
static const double line_start[] = {-2, 3}; /* slope, offset: far up on the slope of a long valley */

static const struct task_default table[] = {
    {.toy = "spiral",
     .hidden = {8, 8},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.2,
     .batch = 10,
     .speed = 200},
    {.toy = "moons",
     .hidden = {8},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.2,
     .batch = 10,
     .speed = 200},
    {.toy = "circles",
     .hidden = {8},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.1,
     .batch = 10,
     .speed = 200},
    {.toy = "xor",
     .hidden = {8},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.1,
     .batch = 10,
     .speed = 200},
    {.toy = "gauss",
     .hidden = {8},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.02,
     .batch = 10,
     .speed = 20},
    {.toy = "sine",
     .hidden = {16, 16},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.05,
     .batch = 10,
     .speed = 100},
    {.toy = "plane",
     .hidden = {0},
     .activation = ACTIVATION_LINEAR,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.01,
     .batch = 10,
     .speed = 20},
    {.toy = "line",
     .hidden = {0},
     .activation = ACTIVATION_LINEAR,
     .optimizer = OPTIMIZER_SGD,
     .lr = 0.1,
     .batch = 20,
     .speed = 20,
     .start = line_start,
     .start_count = 2},
    {.rows = 500,
     .inputs = SIZE_MAX,
     .hidden = {16},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_ADAM,
     .lr = 0.01,
     .batch = 32,
     .speed = 100},
    {.rows = 20000,
     .inputs = 24,
     .hidden = {32, 32},
     .activation = ACTIVATION_TANH,
     .optimizer = OPTIMIZER_ADAM,
     .lr = 0.005,
     .batch = 32,
     .speed = 200},
    {.rows = 20000,
     .inputs = SIZE_MAX,
     .hidden = {64, 64},
     .activation = ACTIVATION_RELU,
     .optimizer = OPTIMIZER_ADAM,
     .lr = 0.002,
     .batch = 32,
     .speed = 100},
    {.rows = SIZE_MAX,
     .inputs = 100,
     .hidden = {64, 64},
     .activation = ACTIVATION_RELU,
     .optimizer = OPTIMIZER_ADAM,
     .lr = 0.002,
     .batch = 128,
     .speed = 500},
    {.rows = SIZE_MAX,
     .inputs = SIZE_MAX,
     .hidden = {256, 128},
     .activation = ACTIVATION_RELU,
     .optimizer = OPTIMIZER_ADAM,
     .lr = 0.001,
     .batch = 128,
     .speed = 0},
};

const struct task_default *default_for(const char *toy, const struct dataset *dataset)
{
    const size_t last = sizeof table / sizeof table[0] - 1;
    for (size_t i = 0; i < last; i++) {
        const struct task_default *row = &table[i];
        if (toy ? row->toy && strcmp(row->toy, toy) == 0
                : !row->toy && dataset->train <= row->rows && dataset->inputs <= row->inputs)
            return row;
    }
    return &table[last];
}

/* Small enough to become legible within a minute on two cores; the largest has the shape of nanoGPT's setting for a CPU
 * (Karpathy 2022). */
static const struct language_default language_rows[] = {
    {.kind = LANGUAGE_BIGRAM, .tokens = SIZE_MAX, .lr = 0.02, .batch = 16},
    {.kind = LANGUAGE_MLP, .tokens = SIZE_MAX, .width = 64, .window = 8, .lr = 0.002, .batch = 16},
    {.kind = LANGUAGE_TRANSFORMER, .tokens = 100000, .layers = 2, .width = 64, .heads = 4, .lr = 0.003, .batch = 16},
    {.kind = LANGUAGE_TRANSFORMER, .tokens = 1000000, .layers = 3, .width = 96, .heads = 4, .lr = 0.002, .batch = 16},
    {.kind = LANGUAGE_TRANSFORMER, .tokens = SIZE_MAX, .layers = 4, .width = 128, .heads = 4, .lr = 0.001, .batch = 12},
};

const struct language_default *default_for_language(enum language_kind kind, size_t tokens)
{
    const struct language_default *row = language_rows;
    while (row->kind != kind || row->tokens < tokens)
        row++;
    return row;
}
