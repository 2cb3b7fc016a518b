/* What each key does: text bindings, {"L", "set lr up"}, from one table and a file of the user.  Dispatch, help screen,
 * key bar, hints, `downhill list keys` and the man page are made from them.
 *
 * A binding belongs to a mode; those of the open mode come before the general ones.  The bindings of knobs are made from
 * knob_table, so that a new knob brings its keys.  A file of the user binds keys anew, a line each:
 *
 *     # comments, and blank lines
 *     KEY COMMAND ...        z set lr up
 *     KEY none               the key does nothing any more
 *
 * A command of a mode ("go-there") is bound in the modes that have it, every other one everywhere. */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/command.h"
#include "base/status.h"

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
    KEYS_PROMPT,   /* the line of an own prompt: its own bindings, then those of the `:` line */
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

/* How the help shows a binding. */
enum key_shown {
    KEY_BEGINS, /* begins a line */
    KEY_JOINS,  /* belongs to the line above: the other way, or another key for the same */
    KEY_HIDDEN, /* is not shown: a second key for the same, on the same key cap or known from other programs */
};

#define KEY_NAME_SIZE    16
#define KEY_COMMAND_SIZE 200

struct key_binding {
    enum key_mode mode;
    enum key_group group;
    enum key_shown shown;
    char key[KEY_NAME_SIZE]; /* "l", "PgUp" */
    uint32_t code;           /* of the key (ui/screen.h) */
    bool own;                /* from the user's file */
    char command[KEY_COMMAND_SIZE];
    char about[64];  /* of one that begins a line */
    const char *bar; /* one word for the key bar, or NULL */
};

/* The usual bindings and those of a user. */
struct keymap;

struct keymap *keymap_create(void); /* the usual ones; NULL: out of memory */
/* Takes a line of the user's file.  STATUS_USAGE with the reason where it is wrong. */
enum status keymap_bind(struct keymap *keymap, const struct command_lists *commands, const char *line,
                        struct error *error);
void keymap_free(struct keymap *keymap); /* NULL is fine */

/* All bindings that are in force, by number; NULL behind the last. */
const struct key_binding *keymap_at(const struct keymap *keymap, size_t index);
/* The binding of a key while `mode` is open; NULL: the key has none. */
const struct key_binding *keymap_find(const struct keymap *keymap, enum key_mode mode, uint32_t key);

/* The name of the first key of that mode, or else of the general ones, that does this; "(no key)": none does. */
const char *keymap_key(const struct keymap *keymap, enum key_mode mode, const char *command);
/* Those of several commands, which are parted by semicolons: "l r". */
const char *keymap_keys(const struct keymap *keymap, enum key_mode mode, const char *commands, char *out, size_t size);

const char *key_mode_name(enum key_mode mode); /* "general", "crosshair" */
const char *key_group_heading(enum key_group group);

/* A line of the help: the keys of a binding that begins one, and of those that join it. */
struct key_line {
    enum key_mode mode;
    enum key_group group;
    bool ways;     /* its keys do different things: the two ways of a pair */
    char keys[40]; /* as people read it: "l L", "PgUp PgDn" */
    char command[KEY_COMMAND_SIZE];
    char about[64];
    const char *bar;
};
/* The lines by number; NULL behind the last. */
const struct key_line *keymap_line(const struct keymap *keymap, size_t index);

#endif
