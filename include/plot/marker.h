/* What an event is on a chart: a vertical line at its step with a label, the same on the screen and in figures. */
#ifndef PLOT_MARKER_H
#define PLOT_MARKER_H

#include <stdbool.h>
#include <stddef.h>

#include "metrics/event.h"
#include "plot/palette.h"

/* Whether it has a marker at all. */
bool marker_is_due(enum event_kind kind);
const char *marker_label(const struct event *event);
enum role marker_role(enum event_kind kind);
bool marker_is_strong(enum event_kind kind); /* a solid line rather than a dashed one */
/* Whether it tells of the test data, which may be hidden. */
bool marker_tells_test(enum event_kind kind);

/* "lr 0.2 → 1" from "lr 0.2 → 0.5" and "lr 0.5 → 1"; into the first. */
void marker_join(char label[EVENT_LABEL_SIZE], const char *last);

#endif
