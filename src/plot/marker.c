/* Says which events have a line on a chart, with which label and colour role. */
#include "plot/marker.h"

#include <stdio.h>
#include <string.h>

#define ARROW " → "

bool marker_is_due(enum event_kind kind)
{
    return event_table[kind].marks;
}

const char *marker_label(const struct event *event)
{
    const char *mark = event_table[event->kind].mark;
    return mark ? mark : event->label;
}

enum role marker_role(enum event_kind kind)
{
    static const enum role role[] = {
        [EVENT_TONE_PLAIN] = ROLE_TEXT,  [EVENT_TONE_MOVE] = ROLE_MARKER, [EVENT_TONE_CHANGE] = ROLE_MARKER,
        [EVENT_TONE_STOP] = ROLE_MARKER, [EVENT_TONE_ALARM] = ROLE_WARN,
    };
    return role[event_table[kind].tone];
}

bool marker_is_strong(enum event_kind kind)
{
    return event_table[kind].tone != EVENT_TONE_CHANGE;
}

bool marker_tells_test(enum event_kind kind)
{
    return event_table[kind].tone == EVENT_TONE_STOP;
}

void marker_join(char label[EVENT_LABEL_SIZE], const char *last)
{
    const char *left = strstr(label, ARROW);
    const char *right = strstr(last, ARROW);
    const size_t at = left && right ? (size_t)(left - label) : 0;
    snprintf(label + at, EVENT_LABEL_SIZE - at, "%s", at ? right : last);
}
