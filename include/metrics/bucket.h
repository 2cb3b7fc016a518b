/* A bucket summarises the values of one series over a span of steps.  A raw value is a bucket of
 * one; samples travel as buckets, the history's pyramid is made of buckets. */
#ifndef METRICS_BUCKET_H
#define METRICS_BUCKET_H

#include <math.h>
#include <stdint.h>

/* The kind of a bucket's newest value. */
enum bucket_tail { BUCKET_TAIL_FINITE, BUCKET_TAIL_NAN, BUCKET_TAIL_INFINITY, BUCKET_TAIL_MINUS_INFINITY };

struct bucket {
    uint8_t series;
    uint8_t tail; /* enum bucket_tail */
    uint16_t branch;
    uint32_t count;       /* finite values; the mean is sum / count */
    uint32_t nonfinite;   /* how many values are NaN or infinite; only `tail` says which the newest one is */
    float min, max, last; /* of the finite values; meaningless while count == 0 */
    uint64_t first_step, last_step;
    double sum;
};

struct bucket bucket_of(uint8_t series, uint16_t branch, uint64_t step, float value);

static inline uint32_t bucket_add_counts(uint32_t a, uint32_t b)
{
    return a > UINT32_MAX - b ? UINT32_MAX : a + b;
}

enum bucket_tail bucket_tail_of(float value);

/* The newest value, finite or not; NaN while there is none. */
float bucket_newest(const struct bucket *bucket);

/* The value that stands for the bucket in a table: the mean of its finite values, else the newest one. */
double bucket_figure(const struct bucket *bucket);

/* NaN while it has no finite value. */
static inline double bucket_mean(const struct bucket *bucket)
{
    return bucket->count > 0 ? bucket->sum / bucket->count : NAN;
}

/* `into` becomes the summary of both; `later` follows it in steps.  Counts, minimum, maximum and last are exact;
 * a count that no longer fits stays at its largest value, and the sum is scaled so that the mean remains right.
 * Inline, since a history merges for each sample that comes in. */
static inline void bucket_merge(struct bucket *into, const struct bucket *later)
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
        uint32_t count = bucket_add_counts(into->count, later->count);
        if (count == UINT32_MAX)
            into->sum *= (double)count / ((double)into->count + (double)later->count);
        into->count = count;
    }
    if (later->count > 0 || later->nonfinite > 0)
        into->tail = later->tail;
    into->nonfinite = bucket_add_counts(into->nonfinite, later->nonfinite);
    into->last_step = later->last_step;
}

#endif
