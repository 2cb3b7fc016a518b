/* What guessing is worth where answers are classes or tokens (struct guess). */
#ifndef LEARN_GUESS_H
#define LEARN_GUESS_H

#include <stddef.h>
#include <stdint.h>

#include "learn/objective.h"

/* When the rows of each class, or token, have been counted. */
struct guess guess_of_counts(const uint64_t *count, size_t classes);

#endif
