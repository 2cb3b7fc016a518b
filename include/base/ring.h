/* A ring of fixed-size elements between one producer thread and one consumer thread.
 *
 * DESIGN.  `head` is written by the producer only, `tail` by the consumer only; each side
 * keeps a cached copy of the other's index on its own cache line, so that a push costs a copy and one
 * release store.  Neither side ever waits, allocates or makes a system call: a full
 * ring refuses (the caller coalesces), an empty one says so. */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* Capacity is rounded up to a power of two.  NULL when out of memory. */
struct ring *ring_create(size_t capacity, size_t element_size);
void ring_free(struct ring *ring);

/* Producer. */
bool ring_push(struct ring *ring, const void *element);
bool ring_push_many(struct ring *ring, const void *elements, size_t count); /* all or none */
size_t ring_room(struct ring *ring);                                        /* at least this many fit */
size_t ring_pushed(const struct ring *ring); /* elements since it was made; wraps with size_t */

/* Consumer. */
bool ring_pop(struct ring *ring, void *element);
size_t ring_pop_many(struct ring *ring, void *elements, size_t most);

#endif
