/* Counts down to pauses, and knows the limits and planned changes of a run. */
#include "engine/stop.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void stop_plan(struct stop *stop)
{
    const struct spec *spec = stop->spec;
    stop->next = stop->until;
    if (stop->next_change < spec->turns)
        stop->next = least(stop->next, spec->turn[stop->next_change].step);
    if (spec->steps > 0 && !stop->limit_passed)
        stop->next = least(stop->next, spec->steps);
}

void stop_clear(struct stop *stop)
{
    stop->singles = stop->epochs = 0;
    stop->until = STOP_NEVER;
    stop->pause_due = false;
    stop_plan(stop);
}

void stop_pass_changes(struct stop *stop, uint64_t step)
{
    const struct spec *spec = stop->spec;
    stop->next_change = 0;
    while (stop->next_change < spec->turns && spec->turn[stop->next_change].step <= step)
        stop->next_change++;
}

const struct spec_turn *stop_take_change(struct stop *stop, uint64_t step)
{
    const struct spec *spec = stop->spec;
    if (stop->next_change >= spec->turns || spec->turn[stop->next_change].step > step)
        return NULL;
    return &spec->turn[stop->next_change++];
}

void stop_count(struct stop *stop, bool epoch_ended)
{
    if (stop->singles > 0 && --stop->singles == 0)
        stop->pause_due = true;
    if (stop->epochs > 0 && epoch_ended && --stop->epochs == 0)
        stop->pause_due = true;
}

bool stop_stages_are_over(const struct trainer *trainer)
{
    return trainer_stage_is_last(trainer) && trainer_stage_over(trainer);
}

bool stop_limit_is_behind(const struct stop *stop, const struct trainer *trainer)
{
    const struct spec *spec = stop->spec;
    return (spec->steps > 0 && trainer_step_count(trainer) >= spec->steps) ||
           (spec->epochs > 0 && trainer_epoch(trainer) >= spec->epochs) || stop_stages_are_over(trainer);
}

bool stop_limit_is_reached(const struct stop *stop, const struct trainer *trainer)
{
    return !stop->limit_passed && stop_limit_is_behind(stop, trainer);
}
