/* Passes elements from one producer thread to one consumer thread without a lock.
 *
 * DESIGN.  Positions count elements for ever (they wrap with size_t); a slot is a position modulo the
 * capacity, a power of two.  The producer publishes elements with a release store of `head`, which the consumer
 * acquires; the consumer gives slots back with a release store of `tail`, which the producer acquires before it
 * overwrites them.  A side reads the other's position again only when its cached copy says
 * full (or empty), so that in the steady state no cache line travels. */
#include "base/ring.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

struct ring {
    /* The producer's line. */
    alignas(MEM_ALIGNMENT) atomic_size_t head; /* next position to be written */
    size_t tail_seen;

    /* The consumer's line. */
    alignas(MEM_ALIGNMENT) atomic_size_t tail; /* next position to be read */
    size_t head_seen;

    /* Constant. */
    alignas(MEM_ALIGNMENT) size_t capacity;
    size_t element_size;
    unsigned char *slots;
};

struct ring *ring_create(size_t capacity, size_t element_size)
{
    size_t rounded = 1;
    while (rounded < capacity) {
        if (rounded > SIZE_MAX / 2)
            return NULL;
        rounded *= 2;
    }
    struct ring *ring = mem_alloc(1, sizeof *ring);
    if (!ring)
        return NULL;
    ring->slots = mem_alloc(rounded, element_size);
    if (!ring->slots) {
        mem_free(ring);
        return NULL;
    }
    ring->capacity = rounded;
    ring->element_size = element_size;
    atomic_init(&ring->head, 0);
    atomic_init(&ring->tail, 0);
    return ring;
}

void ring_free(struct ring *ring)
{
    if (!ring)
        return;
    mem_free(ring->slots);
    mem_free(ring);
}

/* Room for at least `wanted` elements, looking at the consumer's position only if need be. */
static bool has_room(struct ring *ring, size_t head, size_t wanted)
{
    if (ring->capacity - (head - ring->tail_seen) >= wanted)
        return true;
    ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return ring->capacity - (head - ring->tail_seen) >= wanted;
}

bool ring_push_many(struct ring *ring, const void *elements, size_t count)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (!has_room(ring, head, count))
        return false;
    size_t slot = head & (ring->capacity - 1);
    size_t before_wrap = ring->capacity - slot < count ? ring->capacity - slot : count;
    size_t size = ring->element_size;
    const unsigned char *from = elements;
    memcpy(ring->slots + slot * size, from, before_wrap * size);
    memcpy(ring->slots, from + before_wrap * size, (count - before_wrap) * size);
    atomic_store_explicit(&ring->head, head + count, memory_order_release);
    return true;
}

bool ring_push(struct ring *ring, const void *element)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (!has_room(ring, head, 1))
        return false;
    size_t slot = head & (ring->capacity - 1);
    memcpy(ring->slots + slot * ring->element_size, element, ring->element_size);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

size_t ring_room(struct ring *ring)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire);
    return ring->capacity - (head - ring->tail_seen);
}

size_t ring_pushed(const struct ring *ring)
{
    return atomic_load_explicit(&ring->head, memory_order_relaxed);
}

size_t ring_pop_many(struct ring *ring, void *elements, size_t most)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (ring->head_seen - tail < most)
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire);
    size_t count = ring->head_seen - tail;
    if (count > most)
        count = most;
    if (count == 0)
        return 0;
    size_t slot = tail & (ring->capacity - 1);
    size_t before_wrap = ring->capacity - slot < count ? ring->capacity - slot : count;
    size_t size = ring->element_size;
    unsigned char *to = elements;
    memcpy(to, ring->slots + slot * size, before_wrap * size);
    memcpy(to + before_wrap * size, ring->slots, (count - before_wrap) * size);
    atomic_store_explicit(&ring->tail, tail + count, memory_order_release);
    return count;
}

bool ring_pop(struct ring *ring, void *element)
{
    return ring_pop_many(ring, element, 1) == 1;
}
