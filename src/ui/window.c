/* Computes which steps the curves show as the run goes on, and zooms and moves them. */
#include "ui/window.h"

#include <math.h>
#include <stddef.h>

#define NARROWEST    8.0
#define SHORTEST_RUN 20.0 /* the first window: shorter ones would flicker */
#define RECENT_LEAST 100.0
#define AHEAD        0.07 /* of the window kept free beyond the newest step, for the labels of the lines */

/* The least round number that is not below x. */
static double round_end(double x)
{
    static const double rung[] = {1,   1.1, 1.2, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2,
                                  3.6, 4,   4.5, 5,   5.5, 6,   7, 8,   9,   10};
    const double power = pow(10, floor(log10(x)));
    for (size_t i = 0; i < sizeof rung / sizeof rung[0]; i++)
        if (rung[i] * power >= x * (1 - 1e-12))
            return rung[i] * power;
    return 10 * power;
}

static struct span whole(struct reach reach)
{
    return (struct span){0, round_end(fmax(fmax(reach.newest * (1 + AHEAD), reach.behind), SHORTEST_RUN))};
}

struct span window_span(const struct window *window, struct reach reach)
{
    switch (window->mode) {
    case WINDOW_FOLLOW:
        if (reach.newest > window->width) {
            const double jump = window->width / 6;
            const double to = ceil((reach.newest + AHEAD * window->width) / jump) * jump;
            return (struct span){fmax(to - window->width, 0), to};
        }
        break;
    case WINDOW_FIXED:
        return (struct span){window->from, window->from + window->width};
    case WINDOW_WHOLE:
        break;
    }
    return whole(reach);
}

void window_zoom(struct window *window, struct reach reach, double centre, double factor)
{
    const struct span span = window_span(window, reach);
    const struct span all = whole(reach);
    const double width = fmax((span.to - span.from) * factor, NARROWEST);
    if (width >= all.to) {
        *window = (struct window){.mode = WINDOW_WHOLE};
        return;
    }
    if (window->mode != WINDOW_FIXED && centre >= reach.newest) {
        *window = (struct window){.mode = WINDOW_FOLLOW, .width = width};
        return;
    }
    const double position = (centre - span.from) / (span.to - span.from);
    const double from = fmin(fmax(centre - position * width, 0), all.to - width);
    *window = (struct window){.mode = WINDOW_FIXED, .from = from, .width = width};
}

void window_pan(struct window *window, struct reach reach, double share)
{
    const struct span span = window_span(window, reach);
    const double width = span.to - span.from;
    const double end = whole(reach).to;
    const double from = fmin(fmax(span.from + share * width, 0), fmax(end - width, 0));
    if (window->mode != WINDOW_WHOLE)
        *window = (struct window){.mode = WINDOW_FIXED, .from = from, .width = width};
}

void window_recent(struct window *window, struct reach reach)
{
    *window = (struct window){.mode = WINDOW_FOLLOW, .width = round_end(fmax(reach.newest / 5, RECENT_LEAST))};
}

void window_follow(struct window *window, struct reach reach)
{
    if (window->mode == WINDOW_WHOLE)
        return;
    const struct span span = window_span(window, reach);
    *window = (struct window){.mode = WINDOW_FOLLOW, .width = span.to - span.from};
}
