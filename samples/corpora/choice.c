/* Draws the choices of a line from random numbers that depend on the line alone. */
#include "corpora/choice.h"

static uint32_t draw(struct choice *choice)
{
    return random_bits(choice->key, choice->made++);
}

struct choice choice_start(uint64_t seed, uint64_t line)
{
    return (struct choice){.key = random_key(seed, RANDOM_TOY, line)};
}

size_t choice_below(struct choice *choice, size_t n)
{
    /* The high half of the product: a remainder would favour small numbers. */
    return (size_t)((uint64_t)draw(choice) * n >> 32);
}

size_t choice_early(struct choice *choice, size_t n)
{
    return choice_below(choice, choice_below(choice, n) + 1);
}

size_t choice_other(struct choice *choice, size_t n, size_t other_than)
{
    return (other_than + 1 + choice_below(choice, n - 1)) % n;
}

struct permutation choice_order(struct choice *choice, size_t n)
{
    struct permutation order;
    permutation_init(&order, draw(choice), (uint32_t)n);
    return order;
}
