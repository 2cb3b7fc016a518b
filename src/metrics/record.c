/* Summarises what is measured on a branch into buckets whose width depends on the step alone.
 *
 * DESIGN.  The measures of a step are only copied; after GATHERED of them, or before anybody reads, they are folded into
 * the last bucket of each series, one after the other.  Folding takes the bucket's sum as its beginning, so the result
 * does not depend on where it is cut.  Each series has a list of its buckets without empty ones: in the order of steps,
 * the last of them still growing.
 *
 * record_reserve grows the lists of the series that are measured at every step, so that folding finds room; the lists of
 * the other series and the events grow when something comes in. */
#include "metrics/record.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "metrics/lanes.h"

enum { GATHERED = 16, ROOM_FIRST = 32, EVENTS_FIRST = 8, EVENTS_MOST = 2 * RECORD_EVENTS };
static_assert(SERIES_EVERY_STEP % LANES == 0, "a step's series fill all lanes");

struct record_list {
    struct bucket *bucket;
    size_t count, room;
};

struct record {
    uint64_t step;   /* the newest */
    unsigned shift;  /* the width is 1 << shift */
    size_t gathered; /* steps up to `step` that are not folded yet */
    float measures[GATHERED][SERIES_EVERY_STEP];
    struct record_list list[SERIES_COUNT];
    struct event *event; /* of which the newest RECORD_EVENTS count */
    size_t events, event_room;
};

struct record *record_create(uint64_t step)
{
    struct record *record = mem_alloc(1, sizeof *record);
    if (!record)
        return NULL;
    record->step = step;
    while (step >> record->shift >= RECORD_BUCKETS)
        record->shift++;
    return record;
}

struct record *record_like(const struct record *record)
{
    struct record *like = record_create(0);
    if (like)
        like->shift = record->shift;
    return like;
}

void record_free(struct record *record)
{
    if (!record)
        return;
    for (unsigned s = 0; s < SERIES_COUNT; s++)
        mem_free(record->list[s].bucket);
    mem_free(record->event);
    mem_free(record);
}

size_t record_bytes(const struct record *record)
{
    size_t bytes = sizeof *record + record->event_room * sizeof *record->event;
    for (unsigned s = 0; s < SERIES_COUNT; s++)
        bytes += record->list[s].room * sizeof *record->list[s].bucket;
    return bytes;
}

uint64_t record_width(const struct record *record)
{
    return UINT64_C(1) << record->shift;
}

uint64_t record_newest(const struct record *record)
{
    return record->step;
}

/* ---- buckets ---- */

static bool same_span(const struct record *record, uint64_t a, uint64_t b)
{
    return a >> record->shift == b >> record->shift;
}

/* Makes room for `more` buckets after those that are there, but for RECORD_BUCKETS at most. */
static bool grow(struct record_list *list, size_t more)
{
    size_t room = list->room > 0 ? list->room : ROOM_FIRST;
    while (room < list->count + more && room < RECORD_BUCKETS)
        room *= 2;
    if (room == list->room)
        return true;
    struct bucket *larger = mem_resize(list->bucket, list->room, room, sizeof *larger);
    if (!larger)
        return false;
    list->bucket = larger;
    list->room = room;
    return true;
}

static struct bucket *last_of(struct record_list *list)
{
    return list->count > 0 ? &list->bucket[list->count - 1] : NULL;
}

/* The bucket of the series that a value at `step` belongs to, a new one if need be; NULL: there is no room for one. */
static struct bucket *bucket_for(struct record *record, unsigned series, uint64_t step)
{
    struct record_list *list = &record->list[series];
    struct bucket *last = last_of(list);
    if (last && same_span(record, last->last_step, step))
        return last;
    if (list->count == list->room)
        return NULL;
    list->bucket[list->count] = (struct bucket){.series = (uint8_t)series, .first_step = step, .last_step = step};
    return &list->bucket[list->count++];
}

static void merge_neighbours(struct record *record, struct record_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct bucket *before = kept > 0 ? &list->bucket[kept - 1] : NULL;
        if (before && same_span(record, before->last_step, list->bucket[i].first_step))
            bucket_merge(before, &list->bucket[i]);
        else
            list->bucket[kept++] = list->bucket[i];
    }
    list->count = kept;
}

/* Widens the buckets until there is one for `step`.  All steps before it must be folded. */
static void widen_for(struct record *record, uint64_t step)
{
    while (step >> record->shift >= RECORD_BUCKETS) {
        record->shift++;
        for (unsigned s = 0; s < SERIES_COUNT; s++)
            merge_neighbours(record, &record->list[s]);
    }
}

/* ---- folding ---- */

static void into_lane(struct lanes *lanes, unsigned lane, const struct bucket *bucket)
{
    if (!bucket || bucket->count == 0)
        return;
    lanes->min[lane] = bucket->min;
    lanes->max[lane] = bucket->max;
    lanes->last[lane] = bucket->last;
    lanes->sum[lane] = bucket->sum;
}

/* `steps` values were added, the last of them at `step`.  A count that no longer fits stays at its largest value, and
 * the sum is scaled so that the mean remains right. */
static void out_of_lane(const struct lanes *lanes, unsigned lane, uint32_t steps, uint64_t step, struct bucket *bucket)
{
    const uint32_t nonfinite = (uint32_t)lanes->nonfinite[lane], more = steps - nonfinite;
    const uint32_t count = bucket_add_counts(bucket->count, more);
    bucket->sum = lanes->sum[lane];
    if (count == UINT32_MAX)
        bucket->sum *= (double)count / ((double)bucket->count + (double)more);
    if (count > 0) {
        bucket->min = lanes->min[lane];
        bucket->max = lanes->max[lane];
        bucket->last = lanes->last[lane];
    }
    bucket->count = count;
    bucket->nonfinite = bucket_add_counts(bucket->nonfinite, nonfinite);
    bucket->tail = (uint8_t)bucket_tail_of(lanes->newest[lane]);
    bucket->last_step = step;
}

/* Adds `steps` rows of measures from `step` on, all in one span, to the buckets of LANES series from `series` on. */
static void fold_span(struct record *record, unsigned series, uint64_t step, const float (*row)[SERIES_EVERY_STEP],
                      size_t steps)
{
    struct lanes lanes = lanes_empty();
    struct bucket *bucket[LANES];
    for (unsigned k = 0; k < LANES; k++) {
        bucket[k] = bucket_for(record, series + k, step);
        into_lane(&lanes, k, bucket[k]);
    }
    for (size_t i = 0; i < steps; i++)
        lanes_add(&lanes, row[i] + series);
    for (unsigned k = 0; k < LANES; k++)
        if (bucket[k])
            out_of_lane(&lanes, k, (uint32_t)steps, step + steps - 1, bucket[k]);
}

static void fold(struct record *record)
{
    const uint64_t first = record->step + 1 - record->gathered;
    for (size_t i = 0, steps; i < record->gathered; i += steps) {
        const uint64_t step = first + i;
        widen_for(record, step);
        const uint64_t left = record_width(record) - (step & (record_width(record) - 1));
        steps = record->gathered - i < left ? record->gathered - i : (size_t)left;
        for (unsigned s = 0; s < SERIES_EVERY_STEP; s += LANES)
            fold_span(record, s, step, (const float(*)[SERIES_EVERY_STEP])record->measures + i, steps);
    }
    record->gathered = 0;
}

/* ---- filling ---- */

bool record_reserve(struct record *record, uint64_t *until)
{
    bool whole = true;
    size_t room = RECORD_BUCKETS;
    fold(record);
    for (unsigned s = 0; s < SERIES_EVERY_STEP; s++) {
        struct record_list *list = &record->list[s];
        whole &= grow(list, ROOM_FIRST);
        if (list->room < RECORD_BUCKETS && list->room - list->count < room)
            room = list->room - list->count;
    }
    /* The next step may need a bucket, though its span has begun. */
    *until = room == RECORD_BUCKETS ? UINT64_MAX : (((record->step >> record->shift) + room) << record->shift) - 1;
    return whole;
}

void record_step(struct record *record, uint64_t step, const float *measures)
{
    assert(step == record->step + 1);
    memcpy(record->measures[record->gathered++], measures, sizeof record->measures[0]);
    record->step = step;
    if (record->gathered == GATHERED)
        fold(record);
}

bool record_push(struct record *record, const struct bucket *bucket)
{
    struct record_list *list = &record->list[bucket->series];
    fold(record);
    widen_for(record, bucket->last_step);
    struct bucket *last = last_of(list);
    if (last && same_span(record, last->last_step, bucket->first_step)) {
        bucket_merge(last, bucket);
    } else {
        if (!grow(list, 1) || list->count == list->room)
            return false;
        list->bucket[list->count] = *bucket;
        list->bucket[list->count++].branch = 0;
    }
    if (bucket->last_step > record->step)
        record->step = bucket->last_step;
    return true;
}

bool record_value(struct record *record, unsigned series, uint64_t step, float value)
{
    const struct bucket bucket = bucket_of((uint8_t)series, 0, step, value);
    return record_push(record, &bucket);
}

bool record_event(struct record *record, const struct event *event)
{
    if (record->events == EVENTS_MOST) {
        record->events = RECORD_EVENTS;
        memmove(record->event, record->event + EVENTS_MOST - RECORD_EVENTS, RECORD_EVENTS * sizeof *record->event);
    }
    if (record->events == record->event_room) {
        const size_t twice = record->event_room > 0 ? 2 * record->event_room : EVENTS_FIRST;
        const size_t room = twice < EVENTS_MOST ? twice : EVENTS_MOST;
        struct event *larger = mem_resize(record->event, record->event_room, room, sizeof *larger);
        if (!larger)
            return false;
        record->event = larger;
        record->event_room = room;
    }
    struct event *kept = &record->event[record->events++];
    *kept = *event;
    kept->token = 0;
    kept->branch = 0;
    return true;
}

/* ---- reading ---- */

const struct bucket *record_buckets(struct record *record, unsigned series, size_t *count)
{
    fold(record);
    *count = record->list[series].count;
    return record->list[series].bucket;
}

const struct event *record_events(const struct record *record, size_t *count)
{
    *count = record->events < RECORD_EVENTS ? record->events : RECORD_EVENTS;
    return *count > 0 ? record->event + record->events - *count : NULL;
}

bool record_append(struct record *to, struct record *from, uint64_t until)
{
    bool whole = true;
    for (unsigned s = 0; s < SERIES_COUNT; s++) {
        size_t count;
        const struct bucket *bucket = record_buckets(from, s, &count);
        for (size_t i = 0; i < count && whole; i++)
            if (bucket[i].last_step <= until)
                whole = record_push(to, &bucket[i]);
    }
    for (size_t i = 0; i < from->events && whole; i++)
        if (from->event[i].step <= until)
            whole = record_event(to, &from->event[i]);
    return whole;
}

bool record_show(struct record *record, struct history *history)
{
    bool kept = true;
    size_t count;
    for (unsigned s = 0; s < SERIES_COUNT; s++) {
        const struct bucket *bucket = record_buckets(record, s, &count);
        for (size_t i = 0; i < count; i++)
            kept &= history_push(history, &bucket[i]);
    }
    const struct event *event = record_events(record, &count);
    for (size_t i = 0; i < count; i++)
        kept &= history_push_event(history, &event[i]);
    return kept;
}
