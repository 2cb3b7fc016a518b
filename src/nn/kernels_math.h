/* exp, log, tanh and sigmoid of 16 floats, from exactly rounded operations only, so that all levels agree in every
 * bit.  NaN gives NaN.  The polynomials are least-maximum-error fits (weighted least squares with the
 * weights raised where the error is largest, Lawson's way) of this project. */
#ifndef NN_KERNELS_MATH_H
#define NN_KERNELS_MATH_H

#include "nn/simd.h"

/* 2^n for the integer n that is held in the low bits of `shifted`, -126 <= n <= 127. */
SIMD_INLINE vf math_power_of_two(vi n)
{
    return vf_float(vi_shl(vi_add(n, vi_set1(127)), 23));
}

/* e^x = 2^n e^r with x = n ln 2 + r, |r| <= ln(2)/2: e^r, and 1.5 * 2^23 + n in `shifted`, whose low bits hold n. */
SIMD_INLINE vf math_exp_parts(vf x, vf *shifted)
{
    const vf shift = vf_set1(0x1.8p23f);
    *shifted = vf_fma(x, vf_set1(0x1.715476p0f), shift);
    vf n = vf_sub(*shifted, shift);
    vf r = vf_fnma(n, vf_set1(0x1.62e4p-1f), x); /* ln 2 = high part of 15 bits (n times it is exact) + low part */
    r = vf_fnma(n, vf_set1(0x1.7f7d1cp-20f), r);
    vf p = vf_set1(0x1.6a23fp-10f);
    p = vf_fma(p, r, vf_set1(0x1.123a0ap-7f));
    p = vf_fma(p, r, vf_set1(0x1.5558f2p-5f));
    p = vf_fma(p, r, vf_set1(0x1.555492p-3f));
    p = vf_fma(p, r, vf_set1(0x1.fffffcp-2f));
    return vf_add(vf_fma(vf_mul(r, r), p, r), vf_set1(1.0f));
}

/* e^x within 1 ulp.  Overflows to infinity above 88.72, becomes denormal and then 0 below -87.33.  2^n is applied in
 * two halves, since n reaches from -150 to 128. */
SIMD_BULKY vf vf_exp(vf x)
{
    vf shifted, p = math_exp_parts(vf_max(vf_set1(-104.0f), vf_min(vf_set1(89.0f), x)), &shifted);
    /* The bits of 1.5 * 2^23 + n, made positive for the shift: n + 256 in the low bits. */
    vi biased = vi_add(vi_sub(vf_bits(shifted), vf_bits(vf_set1(0x1.8p23f))), vi_set1(256));
    vi half = vi_shr(biased, 1);
    vi rest = vi_sub(biased, half);
    p = vf_mul(p, math_power_of_two(vi_sub(half, vi_set1(128))));
    return vf_mul(p, math_power_of_two(vi_sub(rest, vi_set1(128))));
}

/* The same bits for -87 <= x <= 88, where 2^n is a number of its own. */
SIMD_BULKY vf vf_exp_within(vf x)
{
    vf shifted, p = math_exp_parts(x, &shifted);
    return vf_mul(p, math_power_of_two(vf_bits(shifted)));
}

/* e^x for x <= 0, and 0 below e^-64: machines take long over numbers that are not quite zero, and a share of a batch,
 * times a weight, of anything smaller would be one. */
SIMD_BULKY vf vf_exp_falling(vf x)
{
    const vf least = vf_set1(-64.0f);
    return vf_select(vf_lt(x, least), vf_zero(), vf_exp_within(vf_max(least, x)));
}

/* ln x within 1 ulp: x = 2^n m with m in [sqrt(1/2), sqrt(2)).  0 gives -inf, a negative x NaN. */
SIMD_BULKY vf vf_log(vf x)
{
    const vf least = vf_set1(0x1p-126f);
    vm tiny = vf_lt(x, least);
    vf scaled = vf_select(tiny, vf_mul(x, vf_set1(0x1p24f)), x);
    /* Bits above those of sqrt(1/2) count the exponent; what is left is m. */
    const vi root = vi_set1(0x3f3504f3u);
    vi above = vi_sub(vf_bits(scaled), root);
    vi whole = vi_and(above, vi_set1(0xff800000u));
    vf m = vf_float(vi_sub(vf_bits(scaled), whole));
    /* The exponent is signed: bias it before the unsigned shift. */
    vf n = vf_from_int(vi_sub(vi_shr(vi_add(whole, vi_set1(0x40000000u)), 23), vi_set1(128)));
    n = vf_sub(n, vf_select(tiny, vf_set1(24.0f), vf_zero()));
    vf f = vf_sub(m, vf_set1(1.0f));
    vf p = vf_set1(-0x1.38b5d4p-4f);
    p = vf_fma(p, f, vf_set1(0x1.055b32p-3f));
    p = vf_fma(p, f, vf_set1(-0x1.0d8506p-3f));
    p = vf_fma(p, f, vf_set1(0x1.22da1cp-3f));
    p = vf_fma(p, f, vf_set1(-0x1.54724cp-3f));
    p = vf_fma(p, f, vf_set1(0x1.99a008p-3f));
    p = vf_fma(p, f, vf_set1(-0x1.000226p-2f));
    p = vf_fma(p, f, vf_set1(0x1.555554p-2f));
    vf square = vf_mul(f, f);
    vf log_m = vf_mul(vf_mul(square, f), p);
    log_m = vf_fma(n, vf_set1(0x1.7f7d1cp-20f), log_m);
    log_m = vf_fnma(vf_set1(0.5f), square, log_m);
    vf result = vf_fma(n, vf_set1(0x1.62e4p-1f), vf_add(f, log_m));
    vf infinite = vf_set1(INFINITY);
    result = vf_select(vf_eq(x, infinite), infinite, result);
    result = vf_select(vf_eq(x, vf_zero()), vf_set1(-INFINITY), result);
    return vf_select(vf_le(vf_zero(), x), result, vf_set1(NAN));
}

/* tanh x within 6 ulp (3.1e-7) and never beyond 1: x P(x^2) / Q(x^2) on [-9, 9], further out tanh is 1 to half an
 * ulp. */
SIMD_BULKY vf vf_tanh(vf x)
{
    x = vf_max(vf_set1(-9.0f), vf_min(vf_set1(9.0f), x));
    vf u = vf_mul(x, x);
    vf p = vf_fma(u, vf_set1(0x1.cadac2p-27f), vf_set1(0x1.59c29ep-16f));
    vf q = vf_fma(u, vf_set1(0x1.a17ef6p-21f), vf_set1(0x1.5885a6p-12f));
    p = vf_fma(p, u, vf_set1(0x1.ca2c28p-9f));
    q = vf_fma(q, u, vf_set1(0x1.a7f7c6p-6f));
    p = vf_fma(p, u, vf_set1(0x1.120b1p-3f));
    q = vf_fma(q, u, vf_set1(0x1.de5ad2p-2f));
    p = vf_fma(p, u, vf_set1(1.0f));
    q = vf_fma(q, u, vf_set1(1.0f));
    vf y = vf_div(vf_mul(x, p), q);
    return vf_max(vf_set1(-1.0f), vf_min(vf_set1(1.0f), y));
}

/* The normal distribution: its density e^(-x^2/2) / sqrt(2 pi) in `density`, and the probability of more than |x|.
 * Both within 6e-7 of themselves for |x| <= 4, within 6e-6 up to 11.3, and 0 from 11.4 on.  The tail is e^(-x^2/2) t
 * P(t) with t = 1 / (1 + 0.23 |x|), the form of Hastings 1955, so that one exponential serves both. */
SIMD_BULKY vf vf_normal_tail(vf x, vf *density)
{
    const vf one = vf_set1(1.0f);
    vf e = vf_exp_falling(vf_mul(vf_mul(x, x), vf_set1(-0.5f)));
    vf t = vf_div(one, vf_fma(vf_abs(x), vf_set1(0x1.d70a3ep-3f), one));
    vf p = vf_set1(-0x1.3810dep-4f);
    p = vf_fma(p, t, vf_set1(0x1.1d7fb8p-2f));
    p = vf_fma(p, t, vf_set1(-0x1.02f2fap-2f));
    p = vf_fma(p, t, vf_set1(0x1.1564eap-2f));
    p = vf_fma(p, t, vf_set1(-0x1.553018p-7f));
    p = vf_fma(p, t, vf_set1(0x1.bf681cp-4f));
    p = vf_fma(p, t, vf_set1(0x1.6aec1ep-4f));
    p = vf_fma(p, t, vf_set1(0x1.789cp-4f));
    *density = vf_mul(e, vf_set1(0x1.988454p-2f));
    return vf_mul(vf_mul(t, p), e);
}

/* 1 / (1 + e^-x) */
SIMD_BULKY vf vf_sigmoid(vf x)
{
    vf one = vf_set1(1.0f);
    return vf_div(one, vf_add(one, vf_exp(vf_neg(x))));
}

#endif
