/* A triple buffer hands the newest of something large from one thread to another; neither ever waits.
 *
 * DESIGN.  Of three slots the writer owns one (back), the reader one (front); the third (middle) changes hands with one
 * atomic exchange, which also says whether it holds something that the reader has not seen. */
#ifndef BASE_TRIPLE_H
#define BASE_TRIPLE_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>

struct triple {
    alignas(64) atomic_uint middle; /* slot, and TRIPLE_FRESH */
    alignas(64) unsigned back;      /* writer's */
    alignas(64) unsigned front;     /* reader's */
};

#define TRIPLE_SLOTS 3
#define TRIPLE_FRESH 4u

static inline void triple_init(struct triple *triple)
{
    triple->back = 0;
    triple->front = 1;
    atomic_init(&triple->middle, 2);
}

/* Writer: `back` is complete; the old middle is the next to fill. */
static inline void triple_publish(struct triple *triple)
{
    const unsigned old = atomic_exchange_explicit(&triple->middle, triple->back | TRIPLE_FRESH, memory_order_acq_rel);
    triple->back = old & ~TRIPLE_FRESH;
}

/* Reader: true when `front` is now something newer. */
static inline bool triple_take(struct triple *triple)
{
    if (!(atomic_load_explicit(&triple->middle, memory_order_relaxed) & TRIPLE_FRESH))
        return false;
    const unsigned old = atomic_exchange_explicit(&triple->middle, triple->front, memory_order_acq_rel);
    triple->front = old & ~TRIPLE_FRESH;
    return true;
}

#endif
