/* exp, log, sin and cos in double precision from +, -, * and / alone.  The C library's differ in their last bits from
 * machine to machine, and what a step or a data set depends on must not.  For a handful of values: the vector kernels
 * have their own. */
#ifndef BASE_ELEMENTARY_H
#define BASE_ELEMENTARY_H

#define ELEMENTARY_PI 3.14159265358979323846

/* Relative error below 1e-14; 0 below the least normal number, infinite above the largest. */
double elementary_exp(double x);

/* x > 0; relative error below 1e-14. */
double elementary_log(double x);

/* Absolute error below 1e-15 within a few turns of 0; the angle's own rounding counts beyond. */
double elementary_sin(double angle);
double elementary_cos(double angle);

#endif
