/* Computes what guessing is worth from the counts of classes or tokens. */
#include "learn/guess.h"

#include <math.h>

struct guess guess_of_counts(const uint64_t *count, size_t classes)
{
    uint64_t total = 0, largest = 0;
    for (size_t k = 0; k < classes; k++) {
        total += count[k];
        largest = count[k] > largest ? count[k] : largest;
    }
    struct guess guess = {.loss = 0, .accuracy = (double)largest / (double)total};
    for (size_t k = 0; k < classes; k++) {
        const double share = (double)count[k] / (double)total;
        guess.loss -= share > 0 ? share * log(share) : 0;
    }
    return guess;
}
