/* Sine and cosine with the same bits on every machine, which the C library does not promise.
 * Error below 1e-13 for angles of ordinary size. */
#ifndef DATA_TRIG_H
#define DATA_TRIG_H

#define TRIG_PI 3.14159265358979323846

double trig_sin(double angle);
double trig_cos(double angle);

#endif
