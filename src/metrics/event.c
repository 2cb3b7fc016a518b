/* Holds the tables of event kinds and ends: names, and how charts and branches treat each kind. */
#include "metrics/event.h"

const char *const event_end_name[EVENT_ENDS] = {
    [EVENT_END_ASKED] = "asked",
    [EVENT_END_OF_JOURNAL] = "journal",
    [EVENT_END_OF_STAGES] = "stages",
};

const struct event_row event_table[EVENT_KINDS] = {
    [EVENT_START] = {.name = "start", .kept = true, .begins = EVENT_BEGINS_ANEW},
    [EVENT_KNOB] = {.name = "knob", .kept = true, .marks = true, .tone = EVENT_TONE_CHANGE},
    [EVENT_EARLY_STOP] =
        {.name = "early-stop", .kept = true, .marks = true, .tone = EVENT_TONE_STOP, .mark = "stopped"},
    [EVENT_DIVERGED] =
        {.name = "diverged", .kept = true, .marks = true, .tone = EVENT_TONE_ALARM, .mark = "not a number"},
    [EVENT_RESTART] = {.name = "restart", .kept = true, .begins = EVENT_BEGINS_ANEW},
    [EVENT_SEED] = {.name = "seed", .kept = true, .begins = EVENT_BEGINS_ANEW},
    [EVENT_REWIND] = {.name = "rewind",
                      .kept = true,
                      .marks = true,
                      .begins = EVENT_BEGINS_OFFSHOOT,
                      .tone = EVENT_TONE_MOVE,
                      .mark = "back here"},
    [EVENT_FORK] = {.name = "fork",
                    .kept = true,
                    .marks = true,
                    .begins = EVENT_BEGINS_OFFSHOOT,
                    .tone = EVENT_TONE_MOVE,
                    .mark = "fork"},
    [EVENT_TWIN] = {.name = "twin", .kept = true, .marks = true, .begins = EVENT_BEGINS_ANEW, .tone = EVENT_TONE_MOVE},
    [EVENT_LOAD] = {.name = "load", .kept = true, .marks = true, .begins = EVENT_BEGINS_ANEW, .tone = EVENT_TONE_MOVE},
    [EVENT_STAGE] = {.name = "stage", .kept = true, .marks = true},
    [EVENT_DEPARTED] =
        {.name = "departed", .kept = true, .marks = true, .tone = EVENT_TONE_ALARM, .mark = "other numbers"},
    [EVENT_END] = {.name = "end", .kept = true},
    [EVENT_BEST] = {.name = "best", .kept = true, .marks = true, .tone = EVENT_TONE_STOP, .mark = "best"},
    [EVENT_CUT] = {.name = "cut", .kept = true, .tone = EVENT_TONE_STOP},
};
