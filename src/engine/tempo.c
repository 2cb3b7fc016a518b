/* Allows steps: so many a second, or so many that a look at the clock costs little. */
#include "engine/tempo.h"

#include "engine/slice.h"

void tempo_rest(struct tempo *tempo)
{
    tempo->begun = false;
    tempo->allowance = 0;
}

void tempo_skip(struct tempo *tempo, uint64_t nanoseconds)
{
    tempo->looked += nanoseconds;
}

static double look_unpaced(struct tempo *tempo, uint64_t now)
{
    const uint64_t took = now - tempo->looked;
    double rate = 0;
    if (!tempo->begun)
        tempo->slice = 1;
    else {
        rate = (double)tempo->slice * 1e9 / (double)(took > 0 ? took : 1);
        tempo->slice = slice_next(tempo->slice, took);
    }
    tempo->looked = now;
    tempo->allowance = tempo->slice;
    return rate;
}

static double look_paced(struct tempo *tempo, uint64_t now)
{
    const bool begins = !tempo->begun;
    if (begins)
        pace_start(&tempo->pace, tempo->speed, now);
    tempo->allowance = pace_take(&tempo->pace, now);
    return begins ? tempo->speed : 0;
}

double tempo_look(struct tempo *tempo, bool full, uint64_t now)
{
    const double rate = (full || !(tempo->speed > 0) ? look_unpaced : look_paced)(tempo, now);
    tempo->begun = true;
    return rate;
}

uint64_t tempo_wait(const struct tempo *tempo, uint64_t now)
{
    return pace_wait(&tempo->pace, now);
}
