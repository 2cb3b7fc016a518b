/* Measures a run's speed in steps a second from a short ring of time marks. */
#include "session/meter.h"

#define APART_NS 50000000u /* marks lie so far apart, so that a ring of them spans more than a second */
#define SPAN_NS  1000000000u

static const struct meter_mark *mark_at(const struct meter *meter, size_t index)
{
    return &meter->mark[(meter->first + index) % METER_MARKS];
}

void meter_reset(struct meter *meter)
{
    *meter = (struct meter){0};
}

void meter_add(struct meter *meter, uint64_t time, uint64_t step)
{
    /* The newest mark moves along until it is far enough from the one before it. */
    if (meter->count >= 2 && time - mark_at(meter, meter->count - 2)->time < APART_NS)
        meter->count--;
    while (meter->count == METER_MARKS || (meter->count > 2 && time - mark_at(meter, 1)->time > SPAN_NS)) {
        meter->first = (meter->first + 1) % METER_MARKS;
        meter->count--;
    }
    meter->mark[(meter->first + meter->count) % METER_MARKS] = (struct meter_mark){.time = time, .step = step};
    meter->count++;
}

uint64_t meter_last(const struct meter *meter)
{
    return meter->count > 0 ? mark_at(meter, meter->count - 1)->step : UINT64_MAX;
}

double meter_rate(const struct meter *meter)
{
    if (meter->count < 2)
        return 0;
    const struct meter_mark *old = mark_at(meter, 0), *new = mark_at(meter, meter->count - 1);
    return new->time > old->time ? (double)(new->step - old->step) * 1e9 / (double)(new->time - old->time) : 0;
}
