/* Copies a bounded summary of a branch's curves and events out of a history, and back into one. */
#include "store/past.h"

#include "base/mem.h"
#include "metrics/series.h"

struct past *past_create(size_t buckets, size_t events)
{
    struct past *past = mem_alloc(1, sizeof *past);
    if (!past)
        return NULL;
    past->bucket = mem_alloc(buckets + 1, sizeof *past->bucket);
    past->event = mem_alloc(events + 1, sizeof *past->event);
    past->buckets = buckets;
    past->events = events;
    if (past->bucket && past->event)
        return past;
    past_free(past);
    return NULL;
}

void past_free(struct past *past)
{
    if (!past)
        return;
    mem_free(past->bucket);
    mem_free(past->event);
    mem_free(past);
}

bool past_keeps(unsigned series)
{
    return series == SERIES_LOSS || !series_table[series].every_step;
}

/* Behind those that are there, those of one more series; what is empty, or reaches beyond the step, is left out. */
static void take_series(struct past *past, const struct history *history, uint16_t branch, unsigned series,
                        uint64_t step)
{
    struct bucket *to = past->bucket + past->buckets;
    size_t kept = 0;
    history_read(history, branch, series, 0, (double)step + 1, PAST_BUCKETS, to);
    for (size_t i = 0; i < PAST_BUCKETS; i++)
        if (to[i].count + to[i].nonfinite > 0 && to[i].last_step <= step) {
            to[kept] = to[i];
            to[kept++].branch = 0;
        }
    past->buckets += kept;
}

static void take_events(struct past *past, const struct history *history, uint16_t branch, uint64_t step)
{
    const size_t all = history_events(history);
    size_t count = 0, skip;
    for (size_t i = 0; i < all; i++)
        count += history_event(history, i)->branch == branch && history_event(history, i)->step <= step;
    skip = count > PAST_EVENTS ? count - PAST_EVENTS : 0;
    for (size_t i = 0; i < all; i++) {
        const struct event *event = history_event(history, i);
        if (event->branch != branch || event->step > step || (skip > 0 && skip-- > 0))
            continue;
        past->event[past->events] = *event;
        past->event[past->events].token = 0;
        past->event[past->events++].branch = 0;
    }
}

struct past *past_take(const struct history *history, uint16_t branch, uint64_t step)
{
    struct past *past = past_create((size_t)SERIES_COUNT * PAST_BUCKETS, PAST_EVENTS);
    if (!past)
        return NULL;
    past->buckets = past->events = 0;
    for (unsigned series = 0; series < SERIES_COUNT; series++)
        if (past_keeps(series))
            take_series(past, history, branch, series, step);
    take_events(past, history, branch, step);
    return past;
}

bool past_give(const struct past *past, struct history *history, uint16_t branch)
{
    bool kept = true;
    for (size_t i = 0; i < past->buckets; i++) {
        struct bucket bucket = past->bucket[i];
        bucket.branch = branch;
        kept &= history_push(history, &bucket);
    }
    for (size_t i = 0; i < past->events; i++) {
        struct event event = past->event[i];
        event.branch = branch;
        kept &= history_push_event(history, &event);
    }
    return kept;
}
