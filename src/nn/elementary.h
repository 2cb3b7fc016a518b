/* exp, log and cos in double precision from +, -, * and / alone: the C library's differ in their last bits from machine to machine,
 * and what a step depends on must not.  Relative error below 1e-14 (cos: absolute).  For a handful of values a step: the
 * vector kernels have their own. */
#ifndef NN_ELEMENTARY_H
#define NN_ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* 2^n for -1022 <= n <= 1023. */
static inline double elementary_power_of_two(int n)
{
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* x = n ln 2 + r with |r| <= ln(2)/2; e^r by its Taylor series, e^x = 2^n e^r.  Below the least normal number: 0. */
static inline double elementary_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.0)
        return INFINITY;
    if (x < -708.0)
        return 0;
    int n = (int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    double sum = 1;
    for (int k = 14; k >= 1; k--)
        sum = 1 + sum * r / k;
    return sum * elementary_power_of_two(n);
}

/* x = 2^n m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m - 1) / (m + 1)) by its series. For x > 0. */
static inline double elementary_log(double x)
{
    int n;
    double m = frexp(x, &n);
    if (m < 0.70710678118654752) {
        m *= 2;
        n--;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int k = 21; k >= 1; k -= 2)
        sum = sum * square + 1.0 / k;
    return n * 0.693147180559945309417 + 2 * s * sum;
}

/* cos(pi x) for 0 <= x <= 1 by its Taylor series around the nearer of 0, 1/2 and 1. */
static inline double elementary_cos_pi(double x)
{
    if (x > 0.5)
        return -elementary_cos_pi(1 - x);
    const double pi = 3.141592653589793238;
    double square, term, sum;
    if (x <= 0.25) {
        square = pi * x * (pi * x);
        sum = term = 1;
        for (int k = 1; k <= 18; k += 2) {
            term *= -square / (k * (k + 1));
            sum += term;
        }
        return sum;
    }
    double angle = pi * (0.5 - x); /* cos(pi x) = sin(pi (1/2 - x)) */
    square = angle * angle;
    sum = term = angle;
    for (int k = 2; k <= 18; k += 2) {
        term *= -square / (k * (k + 1));
        sum += term;
    }
    return sum;
}

#endif
