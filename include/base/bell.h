/* A bell wakes one sleeping thread, and tells a busy one that something waits for it.
 *
 * DESIGN.  The bits of what was rung for are one atomic word: a busy thread looks at it with a relaxed load
 * (bell_peek), which costs nothing while nobody rings.  Only who sleeps, and who rings, touches the mutex. */
#ifndef BASE_BELL_H
#define BASE_BELL_H

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct bell {
    alignas(64) atomic_uint rung;
    alignas(64) pthread_mutex_t mutex;
    pthread_cond_t wake;
};

#define BELL_FOREVER UINT64_MAX

bool bell_init(struct bell *bell);
void bell_free(struct bell *bell);

/* Any thread.  What was written before is seen by who takes the bits. */
void bell_ring(struct bell *bell, unsigned bits);

/* The listening thread. */
static inline bool bell_peek(struct bell *bell)
{
    return atomic_load_explicit(&bell->rung, memory_order_relaxed) != 0;
}
/* Whether one of these bits has been rung for since the last time. */
static inline bool bell_rung(struct bell *bell, unsigned bits)
{
    return (atomic_load_explicit(&bell->rung, memory_order_relaxed) & bits) != 0;
}
unsigned bell_take(struct bell *bell); /* the bits since the last time */
void bell_wait(struct bell *bell,
               uint64_t nanoseconds); /* sleeps until rung (at once when it already is), at most so long */

#endif
