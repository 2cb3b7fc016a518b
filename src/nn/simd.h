/* Vectors of 16 floats, the same bits at every instruction level.
 *
 *   vf  16 floats      vi  16 unsigned 32-bit integers      vm  16 truth values      vh  8 floats
 *
 * KERNEL_LEVEL_v4 keeps them in one AVX-512 register, KERNEL_LEVEL_v3 in two AVX2 registers, anything else in
 * arrays.  Every operation is exactly rounded (IEEE 754), so that the levels can differ in nothing but speed:
 *  - vf_fma rounds once; without the instruction it is emulated exactly (simd_generic.h);
 *  - vf_min(a, b) is a < b ? a : b and vf_max(a, b) is a > b ? a : b, as x86 has it: when one of them is NaN or
 *    both are zero the result is b, so the value that may be NaN goes second;
 *  - sums of lanes are folded by halves: lane i + lane i+8, then +4, +2, +1; the largest lane (vf_largest) likewise.
 * Which NaN comes out of two is the only thing left open. Loads and stores need no alignment. */
#ifndef NN_SIMD_H
#define NN_SIMD_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VF_LANES    16
#define VH_LANES    8
#define SIMD_INLINE static inline __attribute__((always_inline, unused))

#if defined(KERNEL_LEVEL_v4)
#include "nn/simd_v4.h"
#elif defined(KERNEL_LEVEL_v3)
#include "nn/simd_v3.h"
#else
#include "nn/simd_generic.h"
#endif

/* For what is worth a call at the portable level, where vectors do not live in registers anyway. */
#ifndef SIMD_BULKY
#define SIMD_BULKY SIMD_INLINE
#endif

SIMD_INLINE vf vf_zero(void)
{
    return vf_set1(0.0f);
}
SIMD_INLINE vf vf_abs(vf a)
{
    return vf_float(vi_and(vf_bits(a), vi_set1(0x7fffffffu)));
}
SIMD_INLINE vf vf_neg(vf a)
{
    return vf_float(vi_xor(vf_bits(a), vi_set1(0x80000000u)));
}
/* |a| with the sign of b. */
SIMD_INLINE vf vf_copysign(vf a, vf b)
{
    vi sign = vi_set1(0x80000000u);
    return vf_float(vi_or(vi_and(vf_bits(b), sign), vi_andnot(sign, vf_bits(a))));
}
SIMD_INLINE vm vf_gt(vf a, vf b)
{
    return vf_lt(b, a);
}
SIMD_INLINE vm vf_ge(vf a, vf b)
{
    return vf_le(b, a);
}

/* Lanes 0 to n-1 of an array of n <= 16 elements; the other lanes are zero. */
SIMD_INLINE vf vf_load_n(const float *p, size_t n)
{
    float lane[VF_LANES] = {0};
    memcpy(lane, p, n * sizeof *lane);
    return vf_load(lane);
}
SIMD_INLINE void vf_store_n(float *p, vf a, size_t n)
{
    float lane[VF_LANES];
    vf_store(lane, a);
    memcpy(p, lane, n * sizeof *lane);
}

#endif
