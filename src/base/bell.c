/* Wakes a sleeping thread through a mutex and a condition variable, with an optional timeout. */
#include "base/bell.h"

#include <time.h>

/* Where timed waits cannot be told their clock (macOS), they count on the calendar's. */
#ifdef __APPLE__
#define WAIT_CLOCK CLOCK_REALTIME
#else
#define WAIT_CLOCK CLOCK_MONOTONIC
#endif

static bool condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0)
        return false;
#ifndef __APPLE__
    pthread_condattr_setclock(&attributes, WAIT_CLOCK);
#endif
    const bool made = pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return made;
}

bool bell_init(struct bell *bell)
{
    atomic_init(&bell->rung, 0);
    if (pthread_mutex_init(&bell->mutex, NULL) != 0)
        return false;
    if (condition_init(&bell->wake))
        return true;
    pthread_mutex_destroy(&bell->mutex);
    return false;
}

void bell_free(struct bell *bell)
{
    pthread_cond_destroy(&bell->wake);
    pthread_mutex_destroy(&bell->mutex);
}

void bell_ring(struct bell *bell, unsigned bits)
{
    atomic_fetch_or_explicit(&bell->rung, bits, memory_order_release);
    /* Empty, but not useless: a listener between its look at the bits and its sleep holds the mutex. */
    pthread_mutex_lock(&bell->mutex);
    pthread_mutex_unlock(&bell->mutex);
    pthread_cond_signal(&bell->wake);
}

unsigned bell_take(struct bell *bell)
{
    return atomic_exchange_explicit(&bell->rung, 0, memory_order_acquire);
}

void bell_wait(struct bell *bell, uint64_t nanoseconds)
{
    struct timespec until = {0};
    if (nanoseconds != BELL_FOREVER) {
        clock_gettime(WAIT_CLOCK, &until);
        const uint64_t sum = (uint64_t)until.tv_nsec + nanoseconds;
        until.tv_sec += (time_t)(sum / 1000000000u);
        until.tv_nsec = (long)(sum % 1000000000u);
    }
    int result = 0;
    pthread_mutex_lock(&bell->mutex);
    while (!bell_peek(bell) && result == 0)
        result = nanoseconds == BELL_FOREVER ? pthread_cond_wait(&bell->wake, &bell->mutex)
                                             : pthread_cond_timedwait(&bell->wake, &bell->mutex, &until);
    pthread_mutex_unlock(&bell->mutex);
}
