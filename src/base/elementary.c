/* Computes exp, log, sin and cos in double precision with the same bits on every machine. */
#include "base/elementary.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* 2^n for -1022 <= n <= 1023. */
static double power_of_two(int n)
{
    uint64_t bits = (uint64_t)(n + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

/* x = n ln 2 + r with |r| <= ln(2)/2; e^r by its Taylor series, e^x = 2^n e^r. */
double elementary_exp(double x)
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
    return sum * power_of_two(n);
}

/* x = 2^n m with m in [sqrt(1/2), sqrt(2)); ln m = 2 artanh((m - 1) / (m + 1)) by its series. */
double elementary_log(double x)
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

/* Taylor coefficients of sin(r)/r and cos(r) in r^2.  On [-pi/4, pi/4] the first terms left out
 * (r^17/17! and r^18/18!) are below 5e-17. */
static const double sin_terms[] = {1.0,          -1.0 / 6,        1.0 / 120,          -1.0 / 5040,
                                   1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800.0, -1.0 / 1307674368000.0};
static const double cos_terms[] = {1.0,
                                   -1.0 / 2,
                                   1.0 / 24,
                                   -1.0 / 720,
                                   1.0 / 40320,
                                   -1.0 / 3628800,
                                   1.0 / 479001600.0,
                                   -1.0 / 87178291200.0,
                                   1.0 / 20922789888000.0};

static double polynomial(const double *terms, size_t count, double x)
{
    double sum = 0.0;
    while (count-- > 0)
        sum = sum * x + terms[count];
    return sum;
}

double elementary_sin(double angle)
{
    double quarters = floor(angle * (2.0 / ELEMENTARY_PI) + 0.5);
    double r = angle - quarters * (ELEMENTARY_PI / 2.0);
    double s = r * polynomial(sin_terms, sizeof sin_terms / sizeof *sin_terms, r * r);
    double c = polynomial(cos_terms, sizeof cos_terms / sizeof *cos_terms, r * r);
    switch ((int)(quarters - 4.0 * floor(quarters / 4.0))) {
    case 0:
        return s;
    case 1:
        return c;
    case 2:
        return -s;
    default:
        return -c;
    }
}

double elementary_cos(double angle)
{
    return elementary_sin(angle + ELEMENTARY_PI / 2.0);
}
