/* A bucket summarises the values of one series over a span of steps.  A raw value is a bucket of
 * one; samples travel as buckets, the history's pyramid is made of buckets. */
#ifndef METRICS_BUCKET_H
#define METRICS_BUCKET_H

#include <stdint.h>

struct bucket {
    uint16_t series;
    uint16_t branch;
    uint32_t count;     /* finite values; the mean is sum / count */
    uint32_t nonfinite; /* NaN and infinite values: they count nowhere else */
    float min, max, last; /* of the finite values; meaningless while count == 0 */
    uint64_t first_step, last_step;
    double sum;
};

struct bucket bucket_of(uint16_t series, uint16_t branch, uint64_t step, float value);

/* `into` becomes the summary of both; `later` follows it in steps.  Counts, minimum, maximum and last are exact; a count
 * that no longer fits stays at its largest value, and the sum is scaled so that the mean remains right. */
void bucket_merge(struct bucket *into, const struct bucket *later);

#endif
