#include "metrics/event.h"

const struct event_row event_table[EVENT_KINDS] = {
    [EVENT_START] = {.kept = true, .begins = EVENT_BEGINS_ANEW},
    [EVENT_KNOB] = {.kept = true, .marks = true, .tone = EVENT_TONE_CHANGE},
    [EVENT_EARLY_STOP] = {.kept = true, .marks = true, .tone = EVENT_TONE_STOP, .mark = "stopped"},
    [EVENT_DIVERGED] = {.kept = true, .marks = true, .tone = EVENT_TONE_ALARM, .mark = "not a number"},
    [EVENT_RESTART] = {.kept = true, .begins = EVENT_BEGINS_ANEW},
    [EVENT_SEED] = {.kept = true, .begins = EVENT_BEGINS_ANEW},
    [EVENT_REWIND] =
        {.kept = true, .marks = true, .begins = EVENT_BEGINS_OFFSHOOT, .tone = EVENT_TONE_MOVE, .mark = "back here"},
    [EVENT_FORK] =
        {.kept = true, .marks = true, .begins = EVENT_BEGINS_OFFSHOOT, .tone = EVENT_TONE_MOVE, .mark = "fork"},
    [EVENT_TWIN] = {.kept = true, .marks = true, .begins = EVENT_BEGINS_ANEW, .tone = EVENT_TONE_MOVE},
    [EVENT_LOAD] = {.kept = true, .marks = true, .begins = EVENT_BEGINS_ANEW, .tone = EVENT_TONE_MOVE},
    [EVENT_STAGE] = {.kept = true, .marks = true},
    [EVENT_DEPARTED] = {.kept = true, .marks = true, .tone = EVENT_TONE_ALARM, .mark = "other numbers"},
    [EVENT_END] = {.kept = true},
    [EVENT_BEST] = {.kept = true, .marks = true, .tone = EVENT_TONE_STOP, .mark = "best"},
    [EVENT_CUT] = {.kept = true, .tone = EVENT_TONE_STOP},
};
