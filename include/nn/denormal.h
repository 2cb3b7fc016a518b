/* Denormal numbers (below 1e-38) as zero, for the calling thread.  Processors take up to a hundred times as long over
 * one, and moments that fade away would stay denormal for ever: 0.9 of the smallest one rounds to itself.
 *
 *     const unsigned mode = denormal_flush();     ...     denormal_restore(mode);
 *
 * The arithmetic between the two calls must be in a function that the compiler cannot inline: it does not know that the
 * mode changes the result of an addition.  On x86 every instruction level flushes alike; elsewhere nothing changes. */
#ifndef NN_DENORMAL_H
#define NN_DENORMAL_H

#if defined(__SSE__)
#include <immintrin.h>

#define DENORMAL_RESULTS_ZERO  0x8000u
#define DENORMAL_OPERANDS_ZERO 0x0040u

static inline unsigned denormal_flush(void)
{
    const unsigned mode = _mm_getcsr();
    _mm_setcsr(mode | DENORMAL_RESULTS_ZERO | DENORMAL_OPERANDS_ZERO);
    return mode;
}

static inline void denormal_restore(unsigned mode)
{
    _mm_setcsr(mode);
}
#else
static inline unsigned denormal_flush(void)
{
    return 0;
}

static inline void denormal_restore(unsigned mode)
{
    (void)mode;
}
#endif

#endif
