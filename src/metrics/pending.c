/* Collects what steps measure into buckets and pushes these into the ring.
 *
 * DESIGN.  The every-step series are the first of the table, the layers' gradient norms and the layers' update
 * ratios: three runs of neighbours in measures[].  Here they lie one after the other in lanes, each run padded
 * to a multiple of LANES, so that a step is added with loops of constant length and without a branch.  Padding
 * lanes read what lies behind their run (never behind the array) and are not sent.
 *
 * A value that is not finite is counted by its lane and leaves minimum, maximum, sum and last alone; `newest` has it
 * while it is the newest one.
 *
 * A flush folds the lanes into the buckets of `unsent`, which hold one span each, then offers those to the ring. */
#include "metrics/pending.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "metrics/lanes.h"

enum {
    LANES_MAX = SERIES_EVERY_STEP + 2 * LAYERS_MEASURED,
    EACH_SECOND = 8192, /* buckets of a series */
    FINEST = 512,       /* buckets of all steps so far, at least */
};
static_assert(SERIES_EVERY_STEP % LANES == 0 && LAYERS_MEASURED % LANES == 0, "padding stays inside measures[]");

#define STRIDE_MAX (UINT64_C(1) << 30)

struct pending {
    struct lanes group[LANES_MAX / LANES];
    uint32_t steps; /* added since the last flush */
    uint64_t first_step, last_step;
    uint64_t stride;
    unsigned layer_lanes; /* number of layers, padded */
    unsigned sent;        /* every-step series: the first ones of unsent[] */
    uint16_t branch;
    uint8_t series[LANES_MAX]; /* of unsent[i] for i < sent */
    uint16_t lane[LANES_MAX];
    struct bucket unsent[LANES_MAX];          /* by every-step series; empty: count and nonfinite are 0 */
    struct bucket now_and_then[SERIES_COUNT]; /* by series; likewise */
};

static void clear_lanes(struct pending *pending)
{
    for (unsigned i = 0; i < (SERIES_EVERY_STEP + 2 * pending->layer_lanes) / LANES; i++)
        pending->group[i] = lanes_empty();
    pending->steps = 0;
}

static void declare(struct pending *pending, unsigned series, unsigned lane)
{
    pending->series[pending->sent] = (uint8_t)series;
    pending->lane[pending->sent] = (uint16_t)lane;
    pending->sent++;
}

struct pending *pending_create(unsigned layers, uint16_t branch)
{
    struct pending *pending = mem_alloc(1, sizeof *pending);
    if (!pending)
        return NULL;
    layers = layers < LAYERS_MEASURED ? layers : LAYERS_MEASURED;
    pending->branch = branch;
    pending->stride = 1;
    pending->layer_lanes = (layers + LANES - 1) / LANES * LANES;
    for (unsigned s = 0; s < SERIES_EVERY_STEP; s++)
        declare(pending, s, s);
    for (unsigned l = 0; l < layers; l++)
        declare(pending, series_layer_grad(l), SERIES_EVERY_STEP + l);
    for (unsigned l = 0; l < layers; l++)
        declare(pending, series_layer_ratio(l), SERIES_EVERY_STEP + pending->layer_lanes + l);
    clear_lanes(pending);
    return pending;
}

void pending_free(struct pending *pending)
{
    mem_free(pending);
}

void pending_set_stride(struct pending *pending, uint64_t stride)
{
    pending->stride = 1;
    while (pending->stride < stride && pending->stride < STRIDE_MAX)
        pending->stride *= 2;
}

uint64_t pending_stride_for(double steps_per_second, uint64_t step)
{
    uint64_t stride = 1;
    while (stride < STRIDE_MAX && steps_per_second > (double)stride * EACH_SECOND && 2 * stride * FINEST <= step)
        stride *= 2;
    return stride;
}

bool pending_step(struct pending *pending, uint64_t step, const float *measures)
{
    if (pending->steps == 0)
        pending->first_step = step;
    pending->last_step = step;
    pending->steps++;
    struct lanes *group = pending->group;
    for (unsigned i = 0; i < SERIES_EVERY_STEP; i += LANES)
        lanes_add(group++, measures + i);
    for (unsigned i = 0; i < pending->layer_lanes; i += LANES)
        lanes_add(group++, measures + series_layer_grad(i));
    for (unsigned i = 0; i < pending->layer_lanes; i += LANES)
        lanes_add(group++, measures + series_layer_ratio(i));
    return (step & (pending->stride - 1)) == 0;
}

static bool is_empty(const struct bucket *bucket)
{
    return bucket->count == 0 && bucket->nonfinite == 0;
}

/* Inline, so that a new bucket is written in its place: a copy of one that was just built takes as long as the rest. */
static inline void append(struct bucket *to, const struct bucket *later)
{
    if (is_empty(to))
        *to = *later;
    else
        bucket_merge(to, later);
}

void pending_value(struct pending *pending, unsigned series, uint64_t step, float value)
{
    assert(series < SERIES_COUNT);
    struct bucket one = bucket_of((uint8_t)series, pending->branch, step, value);
    append(&pending->now_and_then[series], &one);
}

static void fold_lanes(struct pending *pending)
{
    for (unsigned i = 0; i < pending->sent; i++) {
        const struct lanes *group = &pending->group[pending->lane[i] / LANES];
        const unsigned lane = pending->lane[i] % LANES;
        struct bucket span = {
            .series = pending->series[i],
            .branch = pending->branch,
            .count = pending->steps - (uint32_t)group->nonfinite[lane],
            .nonfinite = (uint32_t)group->nonfinite[lane],
            .min = group->min[lane],
            .max = group->max[lane],
            .last = group->last[lane],
            .tail = (uint8_t)bucket_tail_of(group->newest[lane]),
            .first_step = pending->first_step,
            .last_step = pending->last_step,
            .sum = group->sum[lane],
        };
        append(&pending->unsent[i], &span);
    }
    clear_lanes(pending);
}

bool pending_flush(struct pending *pending, struct ring *ring)
{
    bool all = true;
    if (pending->steps > 0)
        fold_lanes(pending);
    if (!is_empty(&pending->unsent[0])) {
        if (ring_push_many(ring, pending->unsent, pending->sent))
            memset(pending->unsent, 0, pending->sent * sizeof pending->unsent[0]);
        else
            all = false;
    }
    for (unsigned s = 0; s < SERIES_COUNT; s++) {
        struct bucket *bucket = &pending->now_and_then[s];
        if (is_empty(bucket))
            continue;
        if (ring_push(ring, bucket))
            *bucket = (struct bucket){0};
        else
            all = false;
    }
    return all;
}

size_t pending_take(struct pending *pending, struct bucket *out)
{
    size_t count = 0;
    if (pending->steps > 0)
        fold_lanes(pending);
    if (!is_empty(&pending->unsent[0])) {
        memcpy(out, pending->unsent, pending->sent * sizeof *out);
        memset(pending->unsent, 0, pending->sent * sizeof pending->unsent[0]);
        count = pending->sent;
    }
    for (unsigned s = 0; s < SERIES_COUNT; s++) {
        struct bucket *bucket = &pending->now_and_then[s];
        if (is_empty(bucket))
            continue;
        out[count++] = *bucket;
        *bucket = (struct bucket){0};
    }
    return count;
}

bool pending_branch(struct pending *pending, uint16_t branch)
{
    bool empty = pending->steps == 0 && is_empty(&pending->unsent[0]);
    for (unsigned s = 0; s < SERIES_COUNT; s++)
        empty = empty && is_empty(&pending->now_and_then[s]);
    if (empty)
        pending->branch = branch;
    return empty;
}
