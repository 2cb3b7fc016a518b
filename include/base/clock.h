/* Time for drawing, throttling and progress lines.  No step of training ever
 * depends on it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Nanoseconds of a monotonic clock with an arbitrary origin. */
uint64_t clock_now(void);

/* Nanoseconds of CPU time of the calling thread. */
uint64_t clock_thread_cpu(void);

#endif
