/* Counts the checks of early stopping, and lists its fields. */
#include "learn/early_stop.h"

#include <math.h>
#include <stddef.h>

static const struct state_field field_table[] = {
    {.name = "best", .offset = offsetof(struct early_stop, best), .type = STATE_DOUBLE},
    {.name = "best_step", .offset = offsetof(struct early_stop, best_step), .type = STATE_U64},
    {.name = "next_check", .offset = offsetof(struct early_stop, next_check), .type = STATE_U64},
    {.name = "misses", .offset = offsetof(struct early_stop, misses), .type = STATE_U32},
    {.name = "stopped", .offset = offsetof(struct early_stop, stopped), .type = STATE_U32},
};

const struct state_fields early_stop_fields = {
    .count = sizeof field_table / sizeof *field_table,
    .table = field_table,
};

void early_stop_reset(struct early_stop *stop)
{
    *stop = (struct early_stop){.best = INFINITY};
}

bool early_stop_improves(struct early_stop *stop, uint64_t step, uint64_t cadence, double loss)
{
    /* The second test is for the first loss, against infinity; a loss that is no number passes neither. */
    bool better = loss < stop->best - EARLY_STOP_MINIMUM_CHANGE * fabs(stop->best);
    if (!better && !(isinf(stop->best) && isfinite(loss)))
        return false;
    stop->best = loss;
    stop->best_step = step;
    stop->next_check = step + cadence;
    stop->misses = 0;
    return true;
}

uint64_t early_stop_after(uint64_t due, uint64_t step, uint64_t cadence)
{
    return due + ((step - due) / cadence + 1) * cadence;
}

bool early_stop_check(struct early_stop *stop, uint64_t step, uint64_t cadence, uint32_t patience)
{
    if (step < stop->next_check)
        return false;
    stop->next_check = early_stop_after(stop->next_check, step, cadence);
    stop->misses++;
    return stop->misses >= patience;
}

void early_stop_forgive(struct early_stop *stop, uint64_t step, uint64_t cadence)
{
    stop->misses = 0;
    stop->next_check = step + cadence;
}
