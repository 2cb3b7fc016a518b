/* The language model of the bench, nanoGPT's setting for a CPU, trained step by step, and its floor. */
#ifndef TESTS_BENCH_LANGUAGE_H
#define TESTS_BENCH_LANGUAGE_H

#include <stdint.h>

#include "nn/language.h"

#define LANGUAGE_SEQUENCES 12

extern const struct language_spec language_case;

struct language_training;
struct language_training *language_training_create(void); /* NULL: out of memory */
void language_training_free(struct language_training *training);
/* Steps: a batch drawn, forward, loss, backward, clipping, AdamW. */
void language_training_steps(void *training, uint64_t steps);

struct floor *language_floor(void); /* NULL: out of memory */

#endif
