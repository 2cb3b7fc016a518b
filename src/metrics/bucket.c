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
