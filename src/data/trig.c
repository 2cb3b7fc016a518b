#include "data/trig.h"

#include <math.h>
#include <stddef.h>

/* Taylor coefficients of sin(r)/r and cos(r) in r^2.  On [-pi/4, pi/4] the first terms left out
 * (r^15/15! and r^16/16!) are below 3e-14. */
static const double sin_terms[] = {1.0,          -1.0 / 6,        1.0 / 120,         -1.0 / 5040,
                                   1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800.0};
static const double cos_terms[] = {1.0,         -1.0 / 2,       1.0 / 24,          -1.0 / 720,
                                   1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600.0, -1.0 / 87178291200.0};

static double polynomial(const double *terms, size_t count, double x)
{
    double sum = 0.0;
    while (count-- > 0)
        sum = sum * x + terms[count];
    return sum;
}

double trig_sin(double angle)
{
    double quarters = floor(angle * (2.0 / TRIG_PI) + 0.5);
    double r = angle - quarters * (TRIG_PI / 2.0);
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

double trig_cos(double angle)
{
    return trig_sin(angle + TRIG_PI / 2.0);
}
