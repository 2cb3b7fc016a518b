#include "plot/marker.h"

#include <stdio.h>
#include <string.h>

#define ARROW " → "

static const struct {
    bool due;
    const char *label; /* NULL: the event's own */
} kinds[EVENT_KINDS] = {
    [EVENT_KNOB] = {.due = true},
    [EVENT_EARLY_STOP] = {.due = true, .label = "stopped"},
    [EVENT_DIVERGED] = {.due = true, .label = "not a number"},
    [EVENT_REWIND] = {.due = true, .label = "back here"},
    [EVENT_FORK] = {.due = true, .label = "fork"},
    [EVENT_TWIN] = {.due = true},
    [EVENT_LOAD] = {.due = true},
    [EVENT_STAGE] = {.due = true},
    [EVENT_DEPARTED] = {.due = true, .label = "other numbers"},
};

bool marker_is_due(enum event_kind kind)
{
    return kinds[kind].due;
}

const char *marker_label(const struct event *event)
{
    return kinds[event->kind].label ? kinds[event->kind].label : event->label;
}

enum role marker_role(enum event_kind kind)
{
    return kind == EVENT_DIVERGED ? ROLE_WARN : kind == EVENT_STAGE ? ROLE_TEXT : ROLE_MARKER;
}

bool marker_is_strong(enum event_kind kind)
{
    return kind != EVENT_KNOB;
}

bool marker_tells_test(enum event_kind kind)
{
    return kind == EVENT_EARLY_STOP;
}

void marker_join(char label[EVENT_LABEL_SIZE], const char *last)
{
    const char *left = strstr(label, ARROW);
    const char *right = strstr(last, ARROW);
    const size_t at = left && right ? (size_t)(left - label) : 0;
    snprintf(label + at, EVENT_LABEL_SIZE - at, "%s", at ? right : last);
}
