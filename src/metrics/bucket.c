#include "metrics/bucket.h"

#include <math.h>

struct bucket bucket_of(uint16_t series, uint16_t branch, uint64_t step, float value)
{
    struct bucket bucket = {.series = series, .branch = branch, .first_step = step, .last_step = step};
    if (isfinite(value)) {
        bucket.count = 1;
        bucket.min = bucket.max = bucket.last = value;
        bucket.sum = (double)value;
    } else {
        bucket.nonfinite = 1;
    }
    return bucket;
}

static uint32_t add_saturating(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

void bucket_merge(struct bucket *into, const struct bucket *later)
{
    if (later->count > 0) {
        if (into->count == 0) {
            into->min = later->min;
            into->max = later->max;
        } else {
            into->min = later->min < into->min ? later->min : into->min;
            into->max = later->max > into->max ? later->max : into->max;
        }
        into->last = later->last;
        into->sum += later->sum;
        uint32_t count = add_saturating(into->count, later->count);
        if (count == UINT32_MAX)
            into->sum *= (double)count / ((double)into->count + (double)later->count);
        into->count = count;
    }
    into->nonfinite = add_saturating(into->nonfinite, later->nonfinite);
    into->last_step = later->last_step;
}
