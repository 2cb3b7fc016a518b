/* Makes a bucket of one value, and says what a bucket's newest value was. */
#include "metrics/bucket.h"

#include <math.h>

enum bucket_tail bucket_tail_of(float value)
{
    if (isfinite(value))
        return BUCKET_TAIL_FINITE;
    if (isnan(value))
        return BUCKET_TAIL_NAN;
    return value > 0 ? BUCKET_TAIL_INFINITY : BUCKET_TAIL_MINUS_INFINITY;
}

struct bucket bucket_of(uint8_t series, uint16_t branch, uint64_t step, float value)
{
    struct bucket bucket = {.series = series, .branch = branch, .first_step = step, .last_step = step};
    if (isfinite(value)) {
        bucket.count = 1;
        bucket.min = bucket.max = bucket.last = value;
        bucket.sum = (double)value;
    } else {
        bucket.nonfinite = 1;
        bucket.tail = (uint8_t)bucket_tail_of(value);
    }
    return bucket;
}

float bucket_newest(const struct bucket *bucket)
{
    switch ((enum bucket_tail)bucket->tail) {
    case BUCKET_TAIL_NAN:
        return NAN;
    case BUCKET_TAIL_INFINITY:
        return INFINITY;
    case BUCKET_TAIL_MINUS_INFINITY:
        return -INFINITY;
    case BUCKET_TAIL_FINITE:
        break;
    }
    return bucket->count > 0 ? bucket->last : NAN;
}

double bucket_figure(const struct bucket *bucket)
{
    return bucket->count > 0 ? bucket_mean(bucket) : (double)bucket_newest(bucket);
}
