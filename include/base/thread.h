/* Threads that leave signals to the thread that started the program (a resize must reach the screen, not a trainer),
 * but for those that a fault of their own brings: blocked, these would end the program without its handlers.
 * Their stacks do not depend on the limit of the main thread's (ulimit -s). */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

#include "base/status.h"

enum status thread_start(pthread_t *thread, void *(*run)(void *), void *argument, struct error *error);

/* The calling thread gives way to others, where the system can say so of a single thread. */
void thread_yield_to_others(void);

#endif
