/* A run's speed, measured over about a second from where it was when. */
#ifndef SESSION_METER_H
#define SESSION_METER_H

#include <stddef.h>
#include <stdint.h>

#define METER_MARKS 32

struct meter {
    struct meter_mark {
        uint64_t time, step;
    } mark[METER_MARKS]; /* a ring, oldest at `first` */
    size_t first, count;
};

void meter_reset(struct meter *meter);
void meter_add(struct meter *meter, uint64_t time, uint64_t step);
uint64_t meter_last(const struct meter *meter); /* newest step added; UINT64_MAX before the first */
double meter_rate(const struct meter *meter);   /* a second; 0 while unknown */

#endif
