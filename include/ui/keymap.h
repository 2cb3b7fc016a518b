/* Every key of the screen, in one table: dispatch, help screen, key bar, `downhill list keys` and the man page are made
 * from it.
 *
 * A binding belongs to a mode; the rows of the open mode come before the general ones.  Many bindings are pairs (turn
 * down, turn up): `down` and `up` hold their codes, and dispatch says which of the two it was as a direction, -1 or +1.
 * A single key has its codes in `up`.  The rows of knobs are made from knob_table, so that a new knob brings its
 * keys. */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "learn/knob.h"

enum key_mode {
    KEYS_GENERAL,   /* everywhere, unless the open mode has the key */
    KEYS_CROSSHAIR, /* reading exact values off the curves */
    KEYS_SCRUBBER,  /* looking at the model as it was at a step */
    KEYS_BRANCHES,  /* view 5 */
    KEYS_COMPARE,   /* two branches beside each other */
    KEYS_ATTENTION, /* view 4 of a text: where a head looks */
    KEYS_PASSAGE,   /* view 4 of a text: the loss of each token */
    KEYS_WALKING,   /* a walk through time is under way */
    KEYS_DIVERGED,  /* the loss is no longer a number */
    KEYS_HELP,
    KEYS_LINE,     /* the `:` line; characters that are not in the table are typed into it */
    KEYS_PROMPT,   /* the line of an own prompt: its own rows, then those of the `:` line */
    KEYS_QUITTING, /* q was pressed once */
    KEYS_MODES,
};

/* Heading under which help lists a binding. */
enum key_group {
    GROUP_RUN,
    GROUP_KNOBS,
    GROUP_PANEL,
    GROUP_VIEWS,
    GROUP_CURVES,
    GROUP_PROGRAM,
    GROUP_MODE,
    KEY_GROUPS
};

enum action {
    ACTION_PAUSE,
    ACTION_SEND, /* a command that is its kind alone: sends */
    ACTION_NEW_SEED,
    ACTION_SCRUB,
    ACTION_UNDO,
    ACTION_KEEP,
    ACTION_RESCUE,
    ACTION_KNOB, /* knob, direction */
    ACTION_SELECT,
    ACTION_TURN,
    ACTION_TYPE_VALUE,
    ACTION_NEXT_VIEW, /* direction */
    ACTION_VIEW,      /* number */
    ACTION_OTHER_PICTURE,
    ACTION_PROMPT,
    ACTION_HIDE_TEST,
    ACTION_BIG,
    ACTION_LOG,
    ACTION_RECENT,
    ACTION_EPOCHS,
    ACTION_SMOOTH,
    ACTION_CROSSHAIR,
    ACTION_ZOOM,
    ACTION_PAN,
    ACTION_WHOLE,
    ACTION_FOLLOW,
    ACTION_LINE,
    ACTION_HELP,
    ACTION_MOUSE,
    ACTION_QUIT,
    ACTION_SUSPEND,
    ACTION_REDRAW,
    ACTION_LEAVE,  /* the open mode */
    ACTION_CURSOR, /* crosshair: direction, `number` columns */
    ACTION_CURSOR_SERIES,
    ACTION_CURSOR_EVENT,
    ACTION_SCRUB_HERE,
    ACTION_CURSOR_STEP,  /* scrubber: direction */
    ACTION_CURSOR_SHARE, /* scrubber: direction, `number` hundredths of the run */
    ACTION_CURSOR_ENDS,
    ACTION_CURSOR_BRANCH,
    ACTION_REWIND, /* to where the scrubber is */
    ACTION_BRANCH, /* view 5: direction */
    ACTION_SWITCH,
    ACTION_COMPARE,
    ACTION_RACE,
    ACTION_BLOCK,   /* attention: direction */
    ACTION_HEAD,    /* attention: direction */
    ACTION_PASSAGE, /* direction */
    ACTION_PROMPT_ENTER,
    ACTION_SCROLL,     /* help: direction, `number` rows */
    ACTION_SCROLL_END, /* help: to the top or the bottom */
    ACTION_LINE_ENTER,
    ACTION_LINE_COMPLETE,
    ACTION_LINE_HISTORY,
    ACTION_LINE_CLEAR,
    ACTION_LINE_MOVE,
    ACTION_LINE_ENDS,
    ACTION_LINE_ERASE, /* -1 before the cursor, +1 under it */
    ACTION_QUIT_NOW,
    ACTION_COUNT,
};

#define KEY_CODES 4

struct key_binding {
    enum key_mode mode;
    enum key_group group;
    enum action action;
    int number;               /* what the action needs besides a direction */
    enum knob_id knob;        /* ACTION_KNOB */
    const char *sends;        /* ACTION_SEND: the name of a command of the run */
    uint32_t down[KEY_CODES]; /* 0 ends the list */
    uint32_t up[KEY_CODES];
    char keys[24];   /* as people read it: "l L", "PgUp PgDn" */
    char about[64];  /* "learning rate down / up" */
    const char *bar; /* one word for the key bar, or NULL */
};

size_t key_binding_count(void);
struct key_binding key_binding_at(size_t index);

/* The binding of a key while `mode` is open, and which of its two directions; false when the key has none. */
bool key_find(enum key_mode mode, uint32_t key, struct key_binding *out, int *direction);

const char *key_mode_name(enum key_mode mode); /* "general", "crosshair" */
const char *key_group_heading(enum key_group group);

/* A row as text, for `downhill list keys` and the man page; `keys` is the caller's memory for line.keys. */
struct key_line {
    const char *mode, *keys;
    char about[64];
};
struct key_line key_line(size_t index, char *keys, size_t size);

#endif
