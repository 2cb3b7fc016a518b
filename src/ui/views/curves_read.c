/* Reads the history of a curve into one bucket for each column of a chart. */
#include <math.h>

#include "ui/curves.h"
#include "ui/views/curves_parts.h"

#define GHOST_LEAST 1000.0 /* steps of a ghost that are shown from the start */

struct reach view_reach(const struct view_data *data)
{
    uint16_t ghost[CURVES_GHOSTS];
    struct reach reach = {.newest = (double)view_last_step(data, view_branch(data))};
    const size_t ghosts = lineage_ghosts(&data->branches, view_branch(data), data->status->ghost, CURVES_GHOSTS, ghost);
    for (size_t i = 0; i < ghosts; i++)
        reach.behind = fmax(reach.behind, (double)view_last_step(data, ghost[i]));
    reach.behind = fmin(reach.behind, fmax(3 * reach.newest, GHOST_LEAST));
    return reach;
}

double curves_axis_of(const struct view_data *data, double step)
{
    return data->settings->epochs ? story_epoch_at(data->story, view_branch(data), step) : step;
}

double curves_step_of(const struct view_data *data, double at)
{
    return data->settings->epochs ? story_step_at(data->story, view_branch(data), at) : at;
}

struct scale curves_axis(const struct view_data *data)
{
    const struct span span = window_span(&data->settings->window, view_reach(data));
    const double low = curves_axis_of(data, span.from);
    const double high = curves_axis_of(data, span.to);
    return (struct scale){.low = low, .high = high > low ? high : low + 1};
}

double curves_step_at(const struct view_data *data, double position)
{
    const struct scale x = curves_axis(data);
    return curves_step_of(data, scale_value(&x, position));
}

double curves_position_of(const struct view_data *data, double step)
{
    const struct scale x = curves_axis(data);
    return scale_position(&x, curves_axis_of(data, step));
}

/* Summaries of `columns` equal parts of the axis.  In epochs the parts are not equally many steps where a knob changed
 * what an epoch is; each stretch of equal parts is one read. */
static void read_equal_parts(const struct view_data *data, const struct curve *curve, const struct scale *x,
                             size_t columns, struct bucket *out)
{
    if (!data->settings->epochs) {
        history_read(data->history, curve->branch, curve->series, x->low, x->high, columns, out);
        return;
    }
    const double part = (x->high - x->low) / (double)columns;
    size_t first = 0;
    double from = curves_step_of(data, x->low);
    while (first < columns) {
        double to = curves_step_of(data, x->low + part * (double)(first + 1));
        const double width = to - from;
        size_t count = 1;
        while (first + count < columns) {
            const double next = curves_step_of(data, x->low + part * (double)(first + count + 1));
            if (fabs(next - to - width) > 1e-6 * fabs(width))
                break;
            to = next;
            count++;
        }
        history_read(data->history, curve->branch, curve->series, from, fmax(to, from + 1e-9), count, out + first);
        first += count;
        from = to;
    }
}

/* Lets a line that began before the window enter at its left edge, at the height where it crosses it. */
static void enter_from_left(const struct view_data *data, const struct curve *curve, double from, size_t columns,
                            struct bucket *out)
{
    size_t first = 0;
    while (first < columns && out[first].count == 0)
        first++;
    struct bucket before;
    if (first == 0 || first == columns || !(from > 0) || out[0].nonfinite > 0)
        return;
    history_read(data->history, curve->branch, curve->series, 0, from, 1, &before);
    if (before.count == 0)
        return;
    const double gap = (double)out[first].first_step - (double)before.last_step;
    const double share = gap > 0 ? fmin(fmax((from - (double)before.last_step) / gap, 0), 1) : 1;
    const double crossing = (double)before.last + share * (bucket_mean(&out[first]) - (double)before.last);
    out[0] = bucket_of((uint8_t)curve->series, curve->branch, (uint64_t)from, (float)crossing);
}

/* Steps before its start are not the curve's, but for the last value: there it leaves the one out of which it grew. */
static void leave_to_parent(const struct curve *curve, size_t columns, struct bucket *out)
{
    size_t before = columns, first = 0;
    for (; first < columns && (out[first].count == 0 || (double)out[first].last_step <= curve->start); first++)
        before = out[first].count > 0 ? first : before;
    if (curve->start > 0 && first == columns) /* nothing of its own is in sight */
        before = columns;
    for (size_t i = 0; i < first && curve->start > 0; i++)
        if (i != before)
            out[i].count = out[i].nonfinite = 0;
}

void curves_read(const struct view_data *data, const struct curve *curve, const struct scale *x, size_t columns,
                 struct bucket *out)
{
    const double from = curves_step_of(data, x->low);
    read_equal_parts(data, curve, x, columns, out);
    if (curve->start <= from)
        enter_from_left(data, curve, from, columns, out);
    leave_to_parent(curve, columns, out);
}
